/**
 * What a name makes of the events that bear it, for the kernel (kernel/traits.ts has the same bits).
 * In: an event's name. Out: TRAIT_* bits.
 */
import { namesOf } from './event-names.ts';
import { interestOf } from './interests.ts';

const TRAIT_LOOK = 1;
const TRAIT_TELLS_NAME = 2;
const TRAIT_CHUNK = 4;
const TRAIT_UMA = 8;
const TRAIT_RUNS_JS = 16;
const TRAIT_STARTS_TASK = 32;
const TRAIT_COUNTERS = 64;
const TRAIT_LINK = 128;
const TRAIT_TASK = 512;

const JS_RUNNERS = new Set([
  'RunMicrotasks',
  'FunctionCall',
  'EvaluateScript',
  'v8.evaluateModule',
  'EventDispatch',
  'V8.Execute',
  'V8Console::runTask',
]);
const TASKS: ReadonlySet<string> = new Set(namesOf('task'));

export function traitsOfName(name: string): number {
  const interest = interestOf(name);
  const runsJs = JS_RUNNERS.has(name) || name.startsWith('v8') || name.startsWith('V8');
  return (
    (interest === 'none' ? 0 : TRAIT_LOOK) |
    (interest === 'thread-name' || interest === 'process-name' ? TRAIT_TELLS_NAME : 0) |
    (interest === 'profile-chunk' ? TRAIT_CHUNK : 0) |
    (interest === 'counters' ? TRAIT_COUNTERS : 0) |
    (interest === 'link' ? TRAIT_LINK : 0) |
    (name.endsWith('::UMA') ? TRAIT_UMA : 0) |
    (runsJs ? TRAIT_RUNS_JS : 0) |
    (TASKS.has(name) || name === 'RunMicrotasks' ? TRAIT_STARTS_TASK : 0) |
    (TASKS.has(name) ? TRAIT_TASK : 0)
  );
}

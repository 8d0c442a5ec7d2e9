/**
 * A recording of many small slices, denser and deeper than any real page: what drawing and searching are measured on.
 * In: how many slices. Out: a plain JSON trace in the cache: eight main threads, eight workers and 24 pool threads, of
 * equal share; stacks up to 60 deep; a page that is navigated at the beginning. The same for the same number.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './places.mjs';

const THREADS = 40;
const DEEPEST = 60;
/** Names that DevTools draws, so that ours draws them. */
const NAMES = [
  ...[
    'RunTask',
    'FunctionCall',
    'EvaluateScript',
    'v8.compile',
    'EventDispatch',
    'RunMicrotasks',
    'FireAnimationFrame',
  ],
  ...[
    'TimerFire',
    'TimerInstall',
    'UpdateLayoutTree',
    'Layout',
    'PrePaint',
    'Paint',
    'Layerize',
    'Commit',
    'HitTest',
  ],
  ...[
    'ParseHTML',
    'ParseAuthorStyleSheet',
    'MinorGC',
    'MajorGC',
    'RequestAnimationFrame',
    'XHRReadyStateChange',
  ],
];

/** @param {number} count */
export function generateSlices(count) {
  const path = join(CACHE, `slices-${count}.json`);
  if (existsSync(path)) return path;
  console.log(`bench: writing ${path}`);
  mkdirSync(CACHE, { recursive: true });
  const file = openSync(`${path}.part`, 'w');
  writeSync(file, `{"traceEvents":[\n${head().join(',\n')}`);
  const random = numbers(count);
  for (let thread = 0; thread < THREADS; thread++)
    for (const text of slicesOf(thread, Math.floor(count / THREADS), random)) writeSync(file, text);
  writeSync(file, '\n]}\n');
  closeSync(file);
  renameSync(`${path}.part`, path);
  return path;
}

const processOf = (/** @type {number} */ thread) => 100 + (thread % 8);

function head() {
  const kinds = ['CrRendererMain', 'DedicatedWorker thread', 'ThreadPoolForegroundWorker'];
  const threads = Array.from({ length: THREADS }, (_, thread) => ({
    ...{ ph: 'M', ts: 0, pid: processOf(thread), tid: 1000 + thread, cat: '__metadata', name: 'thread_name' },
    args: { name: kinds[Math.min(2, thread >> 3)] },
  }));
  const data = {
    documentLoaderURL: 'https://many.example/',
    isLoadingMainFrame: true,
    isOutermostMainFrame: true,
  };
  const navigation = {
    ...{ ph: 'R', ts: 1000, pid: 100, tid: 1000, cat: 'blink.user_timing', name: 'navigationStart' },
    args: { frame: 'A', data },
  };
  return [...threads, navigation].map((event) => JSON.stringify(event));
}

/**
 * One thread's slices, task by task: a walk up and down the stack, a step of time at each turn.
 * @param {number} thread
 * @param {number} count
 * @param {() => number} random
 */
function* slicesOf(thread, count, random) {
  const frame = `"pid":${processOf(thread)},"tid":${1000 + thread},"ph":"X","cat":"devtools.timeline"`;
  let time = 1000;
  let piece = '';
  /** @type {{ start: number, name: number }[]} */
  const open = [];
  for (let left = count; left > 0 || open.length > 0; ) {
    const goesIn = left > 0 && open.length < DEEPEST && (open.length === 0 || random() < 0.52);
    time += open.length === 0 ? Math.ceil(random() * 400) : Math.ceil(random() ** 4 * 60);
    if (goesIn) {
      open.push({ start: time, name: open.length === 0 ? 0 : Math.floor(random() * NAMES.length) });
      left--;
      continue;
    }
    const slice = open.pop();
    if (slice === undefined) continue;
    piece += `,\n{${frame},"name":"${NAMES[slice.name]}","ts":${slice.start},"dur":${time - slice.start}}`;
    if (piece.length > 1 << 20) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

/** @param {number} seed */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

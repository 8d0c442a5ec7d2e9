/**
 * Folded stacks (collapsed, flamegraph.pl): `root;caller;leaf 12`, one stack a line, written and read.
 * In: profiles, or a file's text. Out: text, or one profile.
 *
 * Kept: names and weights, as whole microseconds (or counts, or bytes) whose sum is right to one. Lost: files, lines,
 * order, categories; `;` in a name becomes `:`, and line breaks become spaces. With threads, a thread's name is the
 * first frame.
 */
import { ProfileBuilder } from '../profile-builder.ts';
import type { FrameKind, StackProfile } from '../stack-profile.ts';
import { namedThread, noDiagnostics, type ReadProfiles } from './read-profiles.ts';
import { roundWeights, sumSamples } from './sample-rows.ts';
import { nameThreads } from './thread-names.ts';

export interface FoldedOptions {
  /** The thread's name is the first frame. */
  readonly threads?: boolean;
}

const NO_STACK = '(no stack)';

export function writeFolded(
  profiles: readonly StackProfile[],
  { threads = false }: FoldedOptions = {},
): string {
  const weights = new Map<string, number>();
  const names = nameThreads(profiles);
  for (const [i, profile] of profiles.entries()) {
    const rows = sumSamples(profile, { byLine: false });
    const whole = roundWeights(rows, 1);
    const paths = pathsOf(profile, threads ? foldName(names[i]) : '');
    for (let row = 0; row < rows.length; row++) {
      if (whole[row] === 0) continue;
      const path = paths(rows.stack[row]);
      weights.set(path, (weights.get(path) ?? 0) + whole[row]);
    }
  }
  return Array.from(weights, ([path, weight]) => `${path} ${weight}\n`).join('');
}

/** The text of a stack, each asked for once. */
function pathsOf({ stacks, frames, strings }: StackProfile, first: string): (stack: number) => string {
  const known: string[] = [];
  const start = first === '' ? '' : `${first};`;
  return (stack) => {
    if (stack < 0) return start + NO_STACK;
    const missing: number[] = [];
    let at = stack;
    for (; at >= 0 && known[at] === undefined; at = stacks.prefix[at]) missing.push(at);
    for (const next of missing.reverse()) {
      const prefix = stacks.prefix[next];
      const before = prefix < 0 ? start : `${known[prefix]};`;
      known[next] = before + foldName(strings[frames.name[stacks.frame[next]]]);
    }
    return known[stack];
  };
}

const foldName = (name: string): string =>
  name.trim() === '' ? '(unnamed)' : name.replaceAll(';', ':').replace(/[\r\n\u2028\u2029]+/g, ' ');

/** Frame names may hold spaces; the last word is the weight. */
const LINE = /^(.*\S)\s+(\d+(?:\.\d+)?)\s*$/;
/** JavaScript's private methods begin with a hash, too: `#render`. */
const COMMENT = /^#(?:\s|!|$)/;
/** How async-profiler and perf's scripts mark what a frame is. */
const KIND = /_\[([jikp0-9])\]$/;

/** null where the text is no list of stacks: not one line in two is one. */
export function readFolded(text: string, name = ''): ReadProfiles | null {
  const diagnostics = noDiagnostics();
  const builder = new ProfileBuilder();
  /** By text: a name stands in millions of stacks. */
  const rows = new Map<string, number>();
  const rowOf = (frame: string): number => {
    let row = rows.get(frame);
    if (row === undefined) {
      row = builder.frame(unfold(frame));
      rows.set(frame, row);
    }
    return row;
  };
  let total = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || COMMENT.test(line)) continue;
    const [, path, digits] = LINE.exec(line) ?? [];
    if (path === undefined) {
      diagnostics.malformed++;
      continue;
    }
    const weight = Number(digits);
    let stack = -1;
    if (path !== NO_STACK) for (const frame of path.split(';')) stack = builder.stack(stack, rowOf(frame));
    builder.samples.add({ stack, weight });
    total += weight;
  }
  const count = builder.samples.length;
  if (count === 0 || diagnostics.malformed > count) return null;
  const profile = builder.settle({
    thread: namedThread(name),
    type: 'samples',
    unit: 'count',
    range: { start: 0, end: total },
    startUnixMillis: null,
    labels: {},
  });
  return { format: 'folded', profiles: [profile], diagnostics };
}

function unfold(frame: string): { name: string; kind: FrameKind } {
  const mark = KIND.exec(frame)?.[1];
  if (mark === undefined) return { name: frame, kind: 'other' };
  return { name: frame.slice(0, -4), kind: mark === 'j' || mark === 'i' || mark === '0' ? 'js' : 'native' };
}

/**
 * A thread's time over a range as a stack profile.
 * In: trace tables, their classes, a question. Out: a {@link StackProfile} whose samples are in order of time, one per
 * stretch of time in which one stack ran at one line; microseconds. Times outside the range are cut off.
 *
 *   slices    |----------- Task -----------|          stacks     Task                system     3 stretches
 *                |------ f1 ------|  |-GC-|                       Task;f1             scripting  2
 *                    |Layout|                                     Task;f1;Layout      rendering  1
 *   samples   [T][f1][Layout][f1 ][T][ GC ]                       Task;GC             scripting  1
 *
 * Which slices count, and for what, is as in analysis/breakdown.ts: the sums per category are that breakdown.
 * `samples` is V8's own samples, each of weight 1; their category is that of the slice they fell into.
 */
import { categoryNumber, type SliceClasses } from '../analysis/index.ts';
import { lowerBound, upperBound } from '../base/index.ts';
import { SLICE_END_INFERRED, THREAD_ROLES, type TraceTables } from '../trace/index.ts';
import { ProfileBuilder, type ProfileHead } from './profile-builder.ts';
import { PROGRAM, RangeFrames } from './range-frames.ts';
import type { ProfileQuestion, StackProfile, WeightedSamples } from './stack-profile.ts';
import { StretchWriter } from './stretches.ts';

export function profileOfRange(
  tables: TraceTables,
  classes: SliceClasses,
  question: ProfileQuestion,
): StackProfile {
  const builder = new ProfileBuilder();
  const frames = new RangeFrames(tables, builder);
  const walk: Walk = { tables, classes, question, builder, frames };
  const head = headOf(tables, question);
  if (question.type !== 'samples') return builder.settle(head, layStretches(walk));
  layV8Samples(walk);
  return builder.settle(head);
}

interface Walk {
  readonly tables: TraceTables;
  readonly classes: SliceClasses;
  readonly question: ProfileQuestion;
  readonly builder: ProfileBuilder;
  readonly frames: RangeFrames;
}

function headOf(tables: TraceTables, { thread, range, type }: ProfileQuestion): ProfileHead {
  const { threads, strings, unixMillisAtZero } = tables;
  return {
    thread: {
      name: strings.get(threads.name[thread]),
      pid: threads.pid[thread],
      tid: threads.tid[thread],
      role: THREAD_ROLES[threads.role[thread]],
    },
    type,
    unit: type === 'samples' ? 'count' : 'microseconds',
    range: { start: range.start, end: range.end },
    startUnixMillis: unixMillisAtZero === null ? null : unixMillisAtZero + range.start / 1000,
    labels: {},
  };
}

/** Walks the thread's slices depth-first and hands every stretch of time to its innermost counted slice. */
function layStretches(walk: Walk): WeightedSamples {
  const { tables, classes, question } = walk;
  // Looked up once: V8 does it again after every call, a million times a range.
  const { start, duration, flags, subtreeEnd } = tables.slices;
  const { visible } = classes;
  const { start: rangeStart, end: rangeEnd } = question.range;
  const out = new StretchWriter(walk, countSlices(tables, question));
  const { until } = out;
  /** Until which row each open slice reaches, and until when. */
  const openRows: number[] = [];
  const openEnd: number[] = [];
  let depth = 0;
  out.cursor[0] = rangeStart;
  const last = tables.threads.endSlice[question.thread];
  for (let i = firstInRange(tables, question); i < last; ) {
    const from = Math.max(start[i], rangeStart);
    const to = Math.min(start[i] + duration[i], rangeEnd);
    if (to <= from) {
      if (start[i] >= rangeEnd) break;
      i = subtreeEnd[i];
      continue;
    }
    if (visible[i] === 1 && (flags[i] & SLICE_END_INFERRED) === 0) {
      while (depth > 0 && openRows[depth - 1] <= i) {
        until[0] = openEnd[--depth];
        out.writeOpen(depth);
      }
      until[0] = from;
      out.writeOpen(depth - 1);
      out.open(i, depth);
      openRows[depth] = subtreeEnd[i];
      openEnd[depth++] = to;
    }
    i++;
  }
  while (depth > 0) {
    until[0] = openEnd[--depth];
    out.writeOpen(depth);
  }
  until[0] = rangeEnd;
  out.writeOpen(-1);
  return out.settle();
}

/**
 * How many slices of the thread begin in the range, and for `wall` how often it may be idle between them: about as many
 * samples will come. Columns that are too short grow, which takes longer than laying out all that is in them.
 */
function countSlices({ slices, threads }: TraceTables, { thread, range, type }: ProfileQuestion): number {
  const first = lowerBound(slices.start, range.start, threads.firstSlice[thread], threads.endSlice[thread]);
  const end = upperBound(slices.start, range.end, first, threads.endSlice[thread]);
  let count = 64 + end - first;
  if (type === 'wall') for (let row = first; row < end; row++) if (slices.parent[row] < 0) count++;
  return count;
}

/** The first root that may reach into the range. Roots of a thread neither cross nor nest. */
function firstInRange({ slices, threads }: TraceTables, { thread, range }: ProfileQuestion): number {
  // Starts of a thread's rows ascend: depth-first is by start. The slice before the range may reach into it.
  let row = lowerBound(slices.start, range.start, threads.firstSlice[thread], threads.endSlice[thread]);
  if (row > threads.firstSlice[thread]) row--;
  while (row > threads.firstSlice[thread] && slices.parent[row] >= 0) row = slices.parent[row];
  return row;
}

/** V8's samples in the range; both its ends belong to it. */
function layV8Samples(walk: Walk): void {
  const { tables, question, builder } = walk;
  const { samples } = tables;
  const { range } = question;
  const [first, end] = samplesOf(tables, question.thread);
  const from = lowerBound(samples.time, range.start, first, end);
  const to = upperBound(samples.time, range.end, from, end);
  const stackOf = stackTranslator(walk);
  const categories = new SampleCategories(walk);
  for (let row = from; row < to; row++) {
    builder.samples.add({
      stack: stackOf(samples.stack[row]),
      weight: 1,
      category: categories.at(samples.time[row]),
      time: samples.time[row],
      line: samples.line[row],
    });
  }
}

/** Rows [first, end) of a thread's samples: they are sorted by thread. */
export function samplesOf({ samples }: TraceTables, thread: number): [first: number, end: number] {
  const first = lowerBound(samples.thread, thread);
  return [first, upperBound(samples.thread, thread, first)];
}

/** Stacks of the trace → stacks of the profile; V8's root alone is `(program)`. */
function stackTranslator({ tables, builder, frames }: Walk): (stack: number) => number {
  const { stacks } = tables;
  const known = new Int32Array(stacks.length);
  const path: number[] = [];
  return (stack) => {
    if (stack < 0) return builder.stack(-1, frames.meta(PROGRAM));
    let at = stack;
    while (at >= 0 && known[at] === 0) {
      path.push(at);
      at = stacks.prefix[at];
    }
    let prefix = at < 0 ? -1 : known[at] - 1;
    for (let next = path.pop(); next !== undefined; next = path.pop()) {
      prefix = builder.stack(prefix, frames.ofFunction(stacks.frame[next]));
      known[next] = prefix + 1;
    }
    return prefix;
  };
}

/** The category of the innermost counted slice at ascending times; idle where there is none. */
class SampleCategories {
  readonly #walk: Walk;
  readonly #open: number[] = [];
  #next: number;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#next = firstInRange(walk.tables, walk.question);
  }

  at(time: number): number {
    const { tables, classes, question } = this.#walk;
    const { slices, threads } = tables;
    const open = this.#open;
    const last = threads.endSlice[question.thread];
    for (; this.#next < last && slices.start[this.#next] <= time; this.#next++) {
      const row = this.#next;
      if (classes.visible[row] === 0 || (slices.flags[row] & SLICE_END_INFERRED) !== 0) continue;
      while (open.length > 0 && slices.subtreeEnd[open[open.length - 1]] <= row) open.pop();
      open.push(row);
    }
    for (let depth = open.length - 1; depth >= 0; depth--) {
      const row = open[depth];
      if (slices.start[row] + slices.duration[row] > time) return classes.category[row];
      open.pop();
    }
    return categoryNumber('idle');
  }
}

/**
 * Profiles that tell when their samples were → boxes over time, as other profilers draw them: one track per thread, one
 * row per depth. Samples of one stack that follow each other are one call.
 * In: profiles in order of time, with what their threads are called. Out: a {@link Chart}; a box's `slice` is its number
 * among all calls, a caller before its callees. Idle time is left free. Refuses nothing: a profile without times has
 * no boxes.
 *
 *   samples   main;f  main;f  main;g  (idle)  main        |main              |    |main|
 *                                                         |f        |g       |
 */
import { CATEGORIES } from '../analysis/index.ts';
import { float64Column, int32Column, type ThreadIndex } from '../base/index.ts';
import { dropIdle, hasTimes, NO_CATEGORY, type StackProfile } from '../profile/index.ts';
import type { BoxColumns, BoxLabel, Chart, Track } from './chart.ts';
import { keyOfFrame, labelFrames } from './graph-layout.ts';
import { buildLongestForest } from './longest.ts';

export interface TimelineThread {
  readonly thread: ThreadIndex;
  readonly title: string;
  readonly profile: StackProfile;
}

export function layOutTimeline(threads: readonly TimelineThread[]): Chart {
  const calls = new Calls();
  const tracks: Track[] = [];
  const labels: BoxLabel[] = [];
  let firstRow = 0;
  for (const { thread, title, profile } of threads) {
    const firstSlice = calls.length;
    const rows = calls.add(profile, labels.length, firstRow);
    // Not all as arguments of one call: there may be more than a call takes.
    for (const label of labelFrames(profile)) labels.push(label);
    const { pid, tid } = profile.thread;
    const about = { kind: 'thread', thread, pid, tid, role: 'other', title, onMainFrame: false } as const;
    const key = `${pid}:${tid}:${tracks.length}`;
    tracks.push({ ...about, key, group: '', firstRow, rows, firstSlice, endSlice: calls.length });
    firstRow += rows;
  }
  const rowStart = calls.countRows(firstRow);
  const boxes = calls.fill(rowStart);
  return {
    bounds: boundsOfTimeline(threads),
    tracks,
    rowStart,
    boxes,
    longest: buildLongestForest(boxes),
    labels,
  };
}

/** From the first to the last moment of all that have times; nothing where none has. */
export function boundsOfTimeline(threads: readonly Pick<TimelineThread, 'profile'>[]): {
  start: number;
  end: number;
} {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { profile } of threads) {
    if (!hasTimes(profile)) continue;
    const { samples, range } = profile;
    const last = samples.length - 1;
    const lasts = profile.unit === 'microseconds' ? samples.weight[last] : 0;
    start = Math.min(start, range.start, samples.time[0]);
    end = Math.max(end, range.end, samples.time[last] + lasts);
  }
  return start <= end ? { start, end } : { start: 0, end: 0 };
}

/** All calls of all threads, in order of their beginning. */
class Calls {
  readonly #start = float64Column();
  readonly #end = float64Column();
  readonly #row = int32Column();
  readonly #colour = int32Column();
  readonly #label = int32Column();

  get length(): number {
    return this.#start.length;
  }

  /** Answers how many rows the profile takes. */
  add(whole: StackProfile, firstLabel: number, firstRow: number): number {
    if (!hasTimes(whole)) return 0;
    const profile = dropIdle(whole);
    const { samples, stacks } = profile;
    const colours = coloursOf(profile);
    /** Open calls by depth: their stack, and their number. */
    const openStack: number[] = [];
    const openCall: number[] = [];
    let until = Number.NEGATIVE_INFINITY;
    let deepest = 0;
    const close = (depth: number): void => {
      while (openStack.length > depth) {
        openStack.pop();
        this.#end.values[openCall.pop() ?? 0] = until;
      }
    };
    for (let i = 0; i < samples.length; i++) {
      const { [i]: time } = samples.time;
      const path = pathTo(stacks, samples.stack[i]);
      let shared = 0;
      if (follows(profile, i, until))
        while (shared < path.length && openStack[shared] === path[shared]) shared++;
      else close(0);
      if (openStack.length > shared) {
        until = Math.max(until, time);
        close(shared);
      }
      for (let depth = shared; depth < path.length; depth++) {
        const { [path[depth]]: frame } = stacks.frame;
        openStack.push(path[depth]);
        openCall.push(this.#start.push(time));
        this.#end.push(time);
        this.#row.push(firstRow + depth);
        this.#colour.push(colours(frame, samples.category[i], depth));
        this.#label.push(firstLabel + frame);
      }
      deepest = Math.max(deepest, path.length);
      until = endOf(profile, i);
    }
    close(0);
    return deepest;
  }

  countRows(rows: number): Int32Array<ArrayBuffer> {
    const rowStart = new Int32Array(rows + 1);
    for (let call = 0; call < this.length; call++) rowStart[this.#row.values[call] + 1]++;
    for (let row = 1; row <= rows; row++) rowStart[row] += rowStart[row - 1];
    return rowStart;
  }

  fill(rowStart: Int32Array): BoxColumns {
    const { length } = this;
    const boxes: BoxColumns = {
      length,
      start: new Float64Array(length),
      end: new Float64Array(length),
      colour: new Uint8Array(length),
      slice: new Int32Array(length),
      label: new Int32Array(length),
    };
    const next = rowStart.slice();
    for (let call = 0; call < length; call++) {
      const box = next[this.#row.values[call]]++;
      boxes.start[box] = this.#start.values[call];
      boxes.end[box] = this.#end.values[call];
      boxes.colour[box] = this.#colour.values[call];
      boxes.slice[box] = call;
      boxes.label[box] = this.#label.values[call];
    }
    return boxes;
  }
}

/** Stack rows from the outermost frame to the innermost. */
function pathTo({ prefix }: StackProfile['stacks'], stack: number): number[] {
  const path: number[] = [];
  for (let at = stack; at >= 0; at = prefix[at]) path.push(at);
  return path.reverse();
}

/** Whether a sample goes on where the one before it ended. Samplers tell of moments: those of one interval hang together. */
function follows({ samples, unit }: StackProfile, i: number, until: number): boolean {
  if (i === 0) return false;
  const gap = samples.time[i] - until;
  const isSampled = unit === 'microseconds' && samples.weight[i] === samples.weight[i - 1];
  return gap <= (isSampled ? samples.weight[i] / 2 : 0.001);
}

function endOf({ samples, unit, range }: StackProfile, i: number): number {
  const { [i]: time } = samples.time;
  const next = i + 1 < samples.length ? samples.time[i + 1] : Math.max(range.end, time);
  if (unit !== 'microseconds') return next;
  const own = time + samples.weight[i];
  return i + 1 < samples.length ? Math.min(own, Math.max(time, next)) : own;
}

/** By category where one is known, else by file. */
function coloursOf(profile: StackProfile): (frame: number, category: number, depth: number) => number {
  const byFrame = new Int32Array(profile.frames.length).fill(-1);
  return (frame, category, depth) => {
    if (category !== NO_CATEGORY && category < CATEGORIES.length) return category * 2 + (depth > 0 ? 1 : 0);
    if (byFrame[frame] < 0) byFrame[frame] = keyOfFrame(profile, frame);
    return byFrame[frame];
  };
}

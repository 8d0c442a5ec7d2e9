/**
 * How busy one thread was, by category, over equal parts of a range: what the overview strip stacks.
 * In: trace tables, classes, a thread, a range, how many parts. Out: microseconds per category and part; each moment
 * counts for the innermost visible slice that has an end, so that the parts of a range add up to its breakdown. One pass.
 */
import { CATEGORIES, type SliceClasses, type TimeRange } from '../analysis/index.ts';
import { SLICE_END_INFERRED, type TraceTables } from '../trace/index.ts';
import type { CpuOverview } from './chart.ts';

export interface OverviewRequest {
  readonly thread: number;
  readonly range: TimeRange;
  readonly buckets: number;
}

export function sumCpuOverTime(
  { slices, threads }: TraceTables,
  { category, visible }: SliceClasses,
  { thread, range, buckets }: OverviewRequest,
): CpuOverview {
  const overview = makeOverview(range, buckets);
  const open: number[] = [];
  let reached = range.start;
  const ends = (slice: number): number => slices.start[slice] + slices.duration[slice];
  const closeUntil = (time: number): void => {
    let top = open.at(-1);
    while (top !== undefined && ends(top) <= time) {
      reached = addBusy(overview, category[top], reached, ends(top));
      open.pop();
      top = open.at(-1);
    }
  };
  for (let slice = threads.firstSlice[thread]; slice < threads.endSlice[thread]; slice++) {
    if (visible[slice] === 0 || (slices.flags[slice] & SLICE_END_INFERRED) !== 0) continue;
    const start = slices.start[slice];
    if (start >= range.end) break;
    closeUntil(start);
    const parent = open.at(-1);
    if (parent !== undefined) reached = addBusy(overview, category[parent], reached, start);
    reached = Math.max(reached, start);
    open.push(slice);
  }
  closeUntil(Number.POSITIVE_INFINITY);
  return overview;
}

function makeOverview(range: TimeRange, buckets: number): CpuOverview {
  return { range, buckets, busy: new Float32Array(CATEGORIES.length * buckets) };
}

/** Adds [from, to) to `category`, cut at the range's and the buckets' edges. Returns how far time is accounted for. */
function addBusy({ range, buckets, busy }: CpuOverview, category: number, from: number, to: number): number {
  const start = Math.max(from, range.start);
  const end = Math.min(to, range.end);
  if (end <= start) return Math.max(from, to);
  const perMicro = buckets / (range.end - range.start);
  const row = category * buckets;
  const first = Math.min(buckets - 1, Math.floor((start - range.start) * perMicro));
  const last = Math.min(buckets - 1, Math.floor((end - range.start) * perMicro));
  for (let bucket = first; bucket <= last; bucket++) {
    const left = bucket === first ? start : range.start + bucket / perMicro;
    const right = bucket === last ? end : range.start + (bucket + 1) / perMicro;
    busy[row + bucket] += right - left;
  }
  return Math.max(from, to);
}

/**
 * When a process that ended during the trace was last heard of, and where its slices end. Its last task has no end: the
 * trace's end is none of it, and a task of such a length would be called a long one.
 * In: trace tables, the page. Out: by process id a moment in microseconds; of processes of the page itself nothing, for a
 * page that hangs says nothing more either, and lasts; nor of those whose last task has ended; the end of a slice. Refuses
 * nothing.
 */
import type { PageLoad } from '../analysis/index.ts';
import { SLICE_END_INFERRED, type TraceTables } from '../trace/index.ts';

export function findLastSigns(
  { threads, slices }: Pick<TraceTables, 'threads' | 'slices'>,
  { mainThread, onMainFrame }: Pick<PageLoad, 'mainThread' | 'onMainFrame'>,
): ReadonlyMap<number, number> {
  const signs = new Map<number, number>();
  if (mainThread < 0) return signs;
  const isEndless = (slice: number): boolean => (slices.flags[slice] & SLICE_END_INFERRED) !== 0;
  for (let thread = 0; thread < threads.length; thread++) {
    if (thread === mainThread || onMainFrame.has(thread)) continue;
    let last = threads.endSlice[thread] - 1;
    if (last < threads.firstSlice[thread]) continue;
    while (slices.parent[last] >= 0) last = slices.parent[last];
    if (isEndless(last)) signs.set(threads.pid[thread], Number.NEGATIVE_INFINITY);
  }
  for (let thread = 0; thread < threads.length; thread++) {
    let sign = signs.get(threads.pid[thread]);
    if (sign === undefined) continue;
    for (let slice = threads.firstSlice[thread]; slice < threads.endSlice[thread]; slice++)
      sign = Math.max(sign, slices.start[slice] + (isEndless(slice) ? 0 : slices.duration[slice]));
    signs.set(threads.pid[thread], sign);
  }
  return signs;
}

/** Where a slice of these flags ends: one without an end when its process was last heard of, at the latest. */
export const endWithin = (end: number, flags: number, lastSign: number): number =>
  (flags & SLICE_END_INFERRED) === 0 ? end : Math.min(end, lastSign);

/** Where the box of a slice ends, and so all that is told of it. */
export function endOfSlice(
  tables: Pick<TraceTables, 'threads' | 'slices'>,
  page: PageLoad,
  slice: number,
): number {
  const { threads, slices } = tables;
  const end = slices.start[slice] + slices.duration[slice];
  const flags = slices.flags[slice];
  if ((flags & SLICE_END_INFERRED) === 0) return end;
  const lastSign = findLastSigns(tables, page).get(threads.pid[slices.thread[slice]]);
  return endWithin(end, flags, lastSign ?? Number.POSITIVE_INFINITY);
}

/**
 * Long tasks, as the Long Tasks API has them (w3.org/TR/longtasks-1): tasks of a main thread that last longer than 50 ms.
 * In: a thread's slices. Out: their rows. A task inside a task (a nested message loop) is the outer one's.
 */
import { namesOf, SLICE_INSTANT, type TraceTables } from '../trace/index.ts';
import type { TimeRange } from './contract.ts';

/** Microseconds. */
export const LONG_TASK = 50_000;

/** Chrome's names for a task over the years. */
export const TASK_NAMES: ReadonlySet<string> = new Set(namesOf('task'));

/** Slice rows, ascending, of those that touch `window`. */
export function findLongTasks(
  { threads, slices, strings }: TraceTables,
  thread: number,
  window: TimeRange,
): number[] {
  const rows: number[] = [];
  let outer = Number.NEGATIVE_INFINITY;
  for (let row = threads.firstSlice[thread]; row < threads.endSlice[thread]; row++) {
    const start = slices.start[row];
    const duration = slices.duration[row];
    if (duration <= LONG_TASK || (slices.flags[row] & SLICE_INSTANT) !== 0) continue;
    if (start < outer || start > window.end || start + duration < window.start) continue;
    if (!TASK_NAMES.has(strings.get(slices.name[row]))) continue;
    outer = start + duration;
    rows.push(row);
  }
  return rows;
}

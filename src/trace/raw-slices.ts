/**
 * Slices as they were read: columns in file order, and the order in which a thread's tree is built of them.
 */
import { lowerBound } from '../base/index.ts';
import { SLICE_END_INFERRED, SLICE_INSTANT } from './tables.ts';

/** Flag beside the SLICE_* bits, while raw: V8 took a sample for the event. */
export const RAW_SAMPLED = 128;

export interface RawSlices {
  readonly start: Float64Array;
  /** Infinity for a slice that was never ended. */
  readonly duration: Float64Array;
  readonly name: Int32Array;
  readonly category: Int32Array;
  readonly flags: Uint8Array;
  readonly detail: Float64Array;
  /** Rows with {@link RAW_SAMPLED}, ascending, and the `sampleTraceId` of each. */
  readonly sampledRow: Int32Array;
  readonly sampledId: Float64Array;
}

/** The `sampleTraceId` of a row; 0 for none. */
export function traceIdOf(raw: RawSlices, row: number): number {
  if ((raw.flags[row] & RAW_SAMPLED) === 0) return 0;
  return raw.sampledId[lowerBound(raw.sampledRow, row)];
}

/**
 * Sorts `rows` in place: by start, the longer first where starts tie, file order where both do.
 * Chrome writes each thread in this order, so the check for it pays.
 */
export function sortRows(rows: Int32Array, raw: RawSlices): void {
  const { start, duration } = raw;
  const before = (a: number, b: number): number => {
    const byStart = start[a] - start[b];
    if (byStart !== 0) return byStart;
    if (duration[a] !== duration[b]) return duration[b] > duration[a] ? 1 : -1;
    return a - b;
  };
  for (let i = 1; i < rows.length; i++) {
    if (before(rows[i - 1], rows[i]) > 0) {
      rows.sort(before);
      return;
    }
  }
}

/**
 * A task whose end was lost (Chrome writes none for one that runs when tracing begins) ends where the next one begins at
 * the latest: without nested loops a thread runs one task at a time. Only where nothing in it is known to last longer.
 * `rows` are sorted.
 */
export function endLostTasks(rows: Int32Array, raw: RawSlices, taskName: number): void {
  const { start, duration, name, flags } = raw;
  const isLost = (row: number): boolean => (flags[row] & SLICE_END_INFERRED) !== 0;
  /** Rows that are open, outermost first, and their ends. */
  const open: number[] = [];
  const openEnd: number[] = [];
  for (const row of rows) {
    const now = start[row];
    while (open.length > 0 && openEnd[open.length - 1] <= now) {
      open.pop();
      openEnd.pop();
    }
    const isTask = name[row] === taskName && (flags[row] & SLICE_INSTANT) === 0;
    if (isTask && open.length > 0 && name[open[0]] === taskName && open.every(isLost)) {
      for (const lost of open.splice(0)) duration[lost] = now - start[lost];
      openEnd.length = 0;
    }
    const end = now + duration[row];
    openEnd.push(open.length === 0 ? end : Math.min(end, openEnd[open.length - 1]));
    open.push(row);
  }
}

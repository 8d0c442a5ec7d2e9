/**
 * Slices as they were read: columns in file order, and the order in which a thread's tree is built of them.
 */
import { lowerBound } from '../base/index.ts';

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

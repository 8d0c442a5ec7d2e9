/**
 * Slices as they were read: columns in file order, and the order in which a thread's tree is built of them.
 */

export interface RawSlices {
  readonly start: Float64Array;
  /** Infinity for a slice that was never ended. */
  readonly duration: Float64Array;
  readonly name: Int32Array;
  readonly category: Int32Array;
  readonly flags: Uint8Array;
  readonly detail: Float64Array;
  /** Row → `sampleTraceId`, where V8 took a sample for the event. */
  readonly traceIdOf: ReadonlyMap<number, number>;
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

/**
 * Marks on the slices of a chart: whose they are, and what was forced. Made in the engine, looked up by slice number.
 */
import { lowerBound } from '../base/index.ts';

/** The slice is of a script, or a request, of somebody else than the page. */
export const MARK_THIRD_PARTY = 1;
/** Style or layout that a script forced to run at once. */
export const MARK_FORCED = 2;

export interface SliceMarks {
  /** MARK_* bits by slice number, page items included. */
  readonly bits: Uint8Array<ArrayBuffer>;
  /** Slices with MARK_FORCED, ascending, and of each the slice of the script that forced it. */
  readonly forced: Int32Array<ArrayBuffer>;
  readonly forcedBy: Int32Array<ArrayBuffer>;
}

/** The slice of the script that forced `slice`; -1 where nobody did. */
export function forcerOf({ forced, forcedBy }: SliceMarks, slice: number): number {
  const at = lowerBound(forced, slice);
  return forced[at] === slice ? forcedBy[at] : -1;
}

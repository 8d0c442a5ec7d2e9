/**
 * The window that a command's --from and --to mean. In: both, either or none; the trace's bounds. Out: a range, and whether
 * anything of the trace lies in it.
 */
import type { TimeRange } from '../analysis/index.ts';
import { type Failure, type Micros, makeFailure } from '../base/index.ts';

/** A side that is not given is the trace's own, unless the other lies beyond it: then there is no time between them. */
export function windowOf(
  { from, to }: { readonly from: Micros | null; readonly to: Micros | null },
  bounds: TimeRange,
): TimeRange {
  const start = from ?? Math.min(bounds.start, to ?? bounds.start);
  return { start, end: to ?? Math.max(bounds.end, start) };
}

export const isOutside = (range: TimeRange, bounds: TimeRange): boolean =>
  range.end < bounds.start || range.start > bounds.end;

export const rangeOutside = (subject: string, { start, end }: TimeRange): Failure =>
  makeFailure('range-outside', {
    subject,
    detail: `it runs from ${Math.floor(start)} to ${Math.ceil(end)}`,
  });

/**
 * Which pictures of the filmstrip stand where. Pure.
 * In: the pictures' times (Unix ms, ascending), the clock that ties them to the trace, the range that the row covers.
 * Out: per slot the picture that was on screen in its middle, -1 before the first. Refuses nothing.
 */
import type { TimeRange } from '../../analysis/index.ts';
import { type Micros, type UnixMillis, upperBound } from '../../base/index.ts';

/** What ties wall clock and trace clock together. */
export interface ClockTie {
  readonly unixMillis: UnixMillis;
  readonly micros: Micros;
}

/** The trace's own tie where it knows one; else the recording's start, which is when its trace began. */
export function tieClocks(
  trace: { readonly unixMillisAtZero: number | null; readonly bounds: TimeRange },
  startedAt: UnixMillis,
): ClockTie {
  if (trace.unixMillisAtZero !== null) return { unixMillis: trace.unixMillisAtZero, micros: 0 };
  return { unixMillis: startedAt, micros: trace.bounds.start };
}

/** Unix ms → trace clock. */
export const toMicros = (time: UnixMillis, tie: ClockTie): Micros =>
  (time - tie.unixMillis) * 1_000 + tie.micros;

/** For each of `slots` equal parts of `range` the row in `times` (trace clock, ascending) of the picture to show. */
export function choosePictures(times: readonly Micros[], range: TimeRange, slots: number): readonly number[] {
  const width = (range.end - range.start) / slots;
  return Array.from(
    { length: slots },
    (_, slot) => upperBound(times, range.start + (slot + 0.5) * width) - 1,
  );
}

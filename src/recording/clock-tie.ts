/**
 * Wall clock ↔ trace clock: pictures bear Unix time, slices the trace's own.
 * In: what the trace knows of the wall clock, when the recording began. Out: what ties both together; times converted.
 */
import type { Micros, UnixMillis } from '../base/index.ts';

export interface ClockTie {
  readonly unixMillis: UnixMillis;
  readonly micros: Micros;
}

/** The trace's own tie where it knows one; else the recording's start, which is when its trace began. */
export function tieClocks(
  trace: { readonly unixMillisAtZero: number | null; readonly bounds: { readonly start: Micros } },
  startedAt: UnixMillis,
): ClockTie {
  if (trace.unixMillisAtZero !== null) return { unixMillis: trace.unixMillisAtZero, micros: 0 };
  return { unixMillis: startedAt, micros: trace.bounds.start };
}

/** Unix ms → trace clock. */
export const toMicros = (time: UnixMillis, tie: ClockTie): Micros =>
  (time - tie.unixMillis) * 1_000 + tie.micros;

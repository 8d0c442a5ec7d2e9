/**
 * What is visible of time, and how it moves. In: a range, its bounds, and a gesture. Out: a new range inside the
 * bounds, never narrower than {@link leastSpan}. Panning keeps the width to the last bit, so that the pixel grid stays.
 */
import type { TimeRange } from '../analysis/index.ts';
import type { Micros } from '../base/index.ts';

/** Microseconds. Chrome's clock has a resolution of 1 µs, fractions come from Perfetto only. */
export const MIN_SPAN = 1;
/** Of the largest time: narrower spans have no numbers between their ends to tell pixels apart. */
const LEAST_SHARE = 2 ** -48;

/** The narrowest span that can be looked at: {@link MIN_SPAN}, and more where times are larger than any clock's. */
export const leastSpan = ({ start, end }: TimeRange): number =>
  Math.max(MIN_SPAN, Math.max(Math.abs(start), Math.abs(end)) * LEAST_SHARE);

/** `range` moved and narrowed so that it lies inside `bounds`. */
export function clampViewport(range: TimeRange, bounds: TimeRange): TimeRange {
  const least = leastSpan(bounds);
  const whole = Math.max(bounds.end - bounds.start, least);
  const span = Math.min(Math.max(range.end - range.start, least), whole);
  if (span >= whole) return { start: bounds.start, end: bounds.start + whole };
  const latest = bounds.end - span;
  const start = Math.min(Math.max(range.start, bounds.start), latest);
  return { start, end: start + span };
}

/** Makes the visible span `factor` times as long (below 1 zooms in), `anchor` staying where it is on the screen. */
export function zoomViewport(
  viewport: TimeRange,
  bounds: TimeRange,
  anchor: Micros,
  factor: number,
): TimeRange {
  const least = leastSpan(bounds);
  const whole = Math.max(bounds.end - bounds.start, least);
  const old = Math.max(viewport.end - viewport.start, least);
  const span = Math.min(Math.max(old * factor, least), whole);
  const share = (anchor - viewport.start) / old;
  const start = anchor - share * span;
  return clampViewport({ start, end: start + span }, bounds);
}

/** Moves by `micros`; stops at the bounds without narrowing. */
export function panViewport(viewport: TimeRange, bounds: TimeRange, micros: number): TimeRange {
  const span = viewport.end - viewport.start;
  const start = viewport.start + micros;
  return clampViewport({ start, end: start + span }, bounds);
}

/** The range that shows `target` with a little room on both sides. */
export function fitViewport(target: TimeRange, bounds: TimeRange): TimeRange {
  const room = Math.max((target.end - target.start) * 0.05, MIN_SPAN / 2);
  const start = Math.max(bounds.start, target.start - room);
  return clampViewport({ start, end: Math.min(bounds.end, target.end + room) }, bounds);
}

/** The nearest range of the same width that shows `target` (its start, where it is wider); the same object if it does. */
export function revealInViewport(viewport: TimeRange, bounds: TimeRange, target: TimeRange): TimeRange {
  const span = viewport.end - viewport.start;
  const overlaps = target.start < viewport.end && target.end > viewport.start;
  const inside = target.start >= viewport.start && target.end <= viewport.end;
  if (inside || (overlaps && target.end - target.start > span)) return viewport;
  const margin = span * 0.1;
  const toRight = target.start >= viewport.start && target.end - target.start < span - margin;
  const start = toRight ? target.end + margin - span : target.start - margin;
  return clampViewport({ start, end: start + span }, bounds);
}

/** A step of a jump from `from` to `to`, `share` 0 to 1: centre and logarithm of the width move evenly, eased out. */
export function easeViewport(from: TimeRange, to: TimeRange, share: number): TimeRange {
  const fromSpan = from.end - from.start;
  const toSpan = to.end - to.start;
  // What lasts no time has no way of widening by shares.
  if (share >= 1 || !(fromSpan > 0) || !(toSpan > 0)) return to;
  const eased = 1 - (1 - share) ** 3;
  const span = fromSpan * (toSpan / fromSpan) ** eased;
  // The edges move in step with the width, so that what both ranges show never leaves the screen.
  const progress = fromSpan === toSpan ? eased : (span - fromSpan) / (toSpan - fromSpan);
  const start = from.start + (to.start - from.start) * progress;
  return { start, end: start + span };
}

export function sameRange(one: TimeRange, other: TimeRange): boolean {
  return one.start === other.start && one.end === other.end;
}

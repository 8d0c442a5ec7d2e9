/**
 * Which pictures of the filmstrip stand where. Pure.
 * In: the pictures' times (trace clock, ascending), the range that the row covers.
 * Out: per slot the picture that was on screen in its middle, -1 before the first. Refuses nothing.
 */
import type { TimeRange } from '../../../analysis/index.ts';
import { type Micros, upperBound } from '../../../base/index.ts';

/** For each of `slots` equal parts of `range` the row in `times` (trace clock, ascending) of the picture to show. */
export function choosePictures(times: readonly Micros[], range: TimeRange, slots: number): readonly number[] {
  const width = (range.end - range.start) / slots;
  return Array.from(
    { length: slots },
    (_, slot) => upperBound(times, range.start + (slot + 0.5) * width) - 1,
  );
}

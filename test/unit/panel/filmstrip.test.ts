/** Which picture stands where on the filmstrip. */
import { describe, expect, it } from 'vitest';
import { choosePictures } from '../../../src/panel/state/chart/filmstrip.ts';
import { tieClocks, toMicros } from '../../../src/recording/index.ts';

const BOUNDS = { start: 5_000_000, end: 6_000_000 };

describe('the filmstrip', () => {
  it('shows in each slot what was on screen in its middle', () => {
    const times = [5_200_000, 5_400_000, 5_900_000];
    expect(choosePictures(times, BOUNDS, 5)).toEqual([-1, 0, 1, 1, 2]);
    expect(choosePictures([], BOUNDS, 2)).toEqual([-1, -1]);
  });

  it('ties the clocks by the trace where it can, else by the start of the recording', () => {
    const exact = tieClocks({ unixMillisAtZero: 1_000, bounds: BOUNDS }, 0);
    expect(toMicros(6_200, exact)).toBe(5_200_000);
    const roughly = tieClocks({ unixMillisAtZero: null, bounds: BOUNDS }, 7_000);
    expect(toMicros(7_200, roughly)).toBe(5_200_000);
  });
});

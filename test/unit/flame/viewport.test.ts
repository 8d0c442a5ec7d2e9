import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TimeRange } from '../../../src/analysis/index.ts';
import {
  clampViewport,
  easeViewport,
  fitViewport,
  layOutTicks,
  leastSpan,
  MIN_SPAN,
  makeGrid,
  panViewport,
  revealInViewport,
  timeToX,
  xToTime,
  zoomViewport,
} from '../../../src/flame/index.ts';

const ORIGIN = 412_345_678_901;
const BOUNDS: TimeRange = { start: ORIGIN, end: ORIGIN + 8_000_000 };
const someRange = fc
  .tuple(fc.double({ min: -1e6, max: 9e6, noNaN: true }), fc.double({ min: 0, max: 9e6, noNaN: true }))
  .map(([start, span]): TimeRange => ({ start: ORIGIN + start, end: ORIGIN + start + span }));
const insideRange = someRange.map((range) => clampViewport(range, BOUNDS));

function expectInside({ start, end }: TimeRange): void {
  expect(start).toBeGreaterThanOrEqual(BOUNDS.start);
  expect(end).toBeLessThanOrEqual(BOUNDS.end);
  expect(end - start).toBeGreaterThanOrEqual(MIN_SPAN * 0.999);
}

describe('the viewport', () => {
  test('never leaves the bounds and never closes, whatever is done to it', () => {
    const factor = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
    const move = fc.double({ min: -1e8, max: 1e8, noNaN: true });
    fc.assert(
      fc.property(insideRange, someRange, factor, move, (viewport, target, by, micros) => {
        expectInside(viewport);
        expectInside(zoomViewport(viewport, BOUNDS, (viewport.start + viewport.end) / 2, by));
        expectInside(panViewport(viewport, BOUNDS, micros));
        expectInside(fitViewport(target, BOUNDS));
        expectInside(revealInViewport(viewport, BOUNDS, target));
      }),
    );
  });

  test('zooming keeps the time under the cursor where it is', () => {
    const viewport = { start: ORIGIN + 1_000_000, end: ORIGIN + 3_000_000 };
    const anchor = ORIGIN + 1_500_000;
    const zoomed = zoomViewport(viewport, BOUNDS, anchor, 0.5);
    expect(zoomed).toEqual({ start: ORIGIN + 1_250_000, end: ORIGIN + 2_250_000 });
  });

  test('panning keeps the width to the last bit, at the bounds too', () => {
    fc.assert(
      fc.property(insideRange, fc.double({ min: -1e7, max: 1e7, noNaN: true }), (viewport, micros) => {
        const panned = panViewport(viewport, BOUNDS, micros);
        expect(panned.end - panned.start).toBe(viewport.end - viewport.start);
      }),
    );
  });

  test('a trace that lasts no time can still be looked at', () => {
    const bounds = { start: 5, end: 5 };
    expect(clampViewport(bounds, bounds)).toEqual({ start: 5, end: 5 + MIN_SPAN });
    expect(zoomViewport({ start: 5, end: 6 }, bounds, 5, 0.5)).toEqual({ start: 5, end: 6 });
    expect(zoomViewport(bounds, bounds, 5, 2)).toEqual({ start: 5, end: 6 });
    expect(makeGrid(5, bounds, 100)).toEqual({ anchor: 5, scale: 100, firstColumn: 0, columns: 100 });
  });

  test('reveals what is outside without changing the width, and leaves alone what is seen', () => {
    const viewport = { start: ORIGIN + 1_000_000, end: ORIGIN + 2_000_000 };
    const seen = { start: ORIGIN + 1_200_000, end: ORIGIN + 1_300_000 };
    expect(revealInViewport(viewport, BOUNDS, seen)).toBe(viewport);
    const right = revealInViewport(viewport, BOUNDS, { start: ORIGIN + 4_000_000, end: ORIGIN + 4_100_000 });
    expect(right).toEqual({ start: ORIGIN + 3_200_000, end: ORIGIN + 4_200_000 });
    const left = revealInViewport(viewport, BOUNDS, { start: ORIGIN + 500_000, end: ORIGIN + 600_000 });
    expect(left).toEqual({ start: ORIGIN + 400_000, end: ORIGIN + 1_400_000 });
  });

  test('a jump starts and ends where it should, its width changing steadily', () => {
    const from = { start: ORIGIN, end: ORIGIN + 8_000_000 };
    const to = { start: ORIGIN + 4_000_000, end: ORIGIN + 4_000_800 };
    expect(easeViewport(from, to, 1)).toBe(to);
    expect(easeViewport(from, to, 0)).toEqual(from);
    let last = from.end - from.start;
    for (let share = 0.1; share < 1; share += 0.1) {
      const { start, end } = easeViewport(from, to, share);
      expect(end - start).toBeLessThan(last);
      expect(start <= to.start && end >= to.end).toBe(true);
      last = end - start;
    }
  });
});

describe('times beyond any clock', () => {
  const bounds = { start: -1e18, end: 1e18 };

  test('are looked at no closer than numbers tell them apart', () => {
    let seen: TimeRange = bounds;
    for (let step = 0; step < 200; step++) seen = zoomViewport(seen, bounds, 9.7e17, 0.5);
    expect(seen.end).toBeGreaterThan(seen.start);
    expect(seen.end - seen.start).toBeCloseTo(leastSpan(bounds), -3);
    const ticks = layOutTicks(makeGrid(bounds.start, seen, 4_000), 0, 90);
    expect(ticks.length).toBeLessThan(50);
  });

  test('a ruler at a number of steps that has no next one still ends', () => {
    const grid = { anchor: 0, scale: 1_400, firstColumn: 1e21, columns: 1_400 };
    expect(layOutTicks(grid, 0, 90).length).toBeLessThanOrEqual(grid.columns + 1);
  });

  test('a jump from a trace that lasts no time arrives', () => {
    const to = { start: 5, end: 6 };
    expect(easeViewport({ start: 5, end: 5 }, to, 0.3)).toEqual(to);
  });
});

describe('the pixel grid', () => {
  test('time and pixels convert into each other', () => {
    const grid = makeGrid(ORIGIN, { start: ORIGIN + 1_000_000, end: ORIGIN + 2_000_000 }, 1_000);
    expect(timeToX(grid, ORIGIN + 1_500_000)).toBe(500);
    expect(xToTime(grid, 250)).toBe(ORIGIN + 1_250_000);
  });
});

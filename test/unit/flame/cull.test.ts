import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boxNear,
  buildLongestForest,
  type Chart,
  cullRow,
  findLongest,
  makeGrid,
  makePieces,
  type PixelGrid,
  panViewport,
} from '../../../src/flame/index.ts';
import { chartOf } from '../../builders/charts.ts';
import { randomTables } from '../../builders/random-tables.ts';
import { thread, traceOf } from '../../builders/tables.ts';

/** Box per column, -1 for none, from the pieces that would be drawn. */
function drawRow(chart: Chart, row: number, grid: PixelGrid): number[] {
  const pieces = makePieces(grid.columns);
  cullRow(chart, row, grid, pieces);
  const columns = new Array<number>(grid.columns).fill(-1);
  let painted = 0;
  for (let piece = 0; piece < pieces.count; piece++) {
    const [from, to] = [pieces.from[piece], pieces.to[piece]];
    // Not `expect`: it is asked a hundred thousand times.
    if (from < painted || to <= from || to > grid.columns)
      throw new Error(`piece ${piece} is [${from}, ${to})`);
    columns.fill(pieces.box[piece], pieces.from[piece], pieces.to[piece]);
    painted = pieces.to[piece];
  }
  return columns;
}

/** As exact as lengths are compared. */
const durationOf = ({ start, end }: Chart['boxes'], box: number): number =>
  Math.fround(end[box] - start[box]);

/** The same by looking at every box for every column. */
function drawRowSlowly({ boxes, rowStart }: Chart, row: number, grid: PixelGrid): number[] {
  const columnOf = (time: number): number => Math.floor((time - grid.anchor) * grid.scale) - grid.firstColumn;
  return Array.from({ length: grid.columns }, (_, column) => {
    let best = -1;
    for (let box = rowStart[row]; box < rowStart[row + 1]; box++) {
      const from = columnOf(boxes.start[box]);
      const to = Math.max(columnOf(boxes.end[box]), from + 1);
      if (column < from || column >= to) continue;
      if (best < 0 || durationOf(boxes, box) > durationOf(boxes, best)) best = box;
    }
    return best;
  });
}

const someGrid = fc
  .record({
    start: fc.double({ min: -500, max: 9_000, noNaN: true }),
    span: fc.oneof(fc.constantFrom(10_000, 100, 1), fc.double({ min: 1, max: 12_000, noNaN: true })),
    columns: fc.integer({ min: 1, max: 300 }),
  })
  .map(({ start, span, columns }) => makeGrid(0, { start, end: start + span }, columns));

describe('cullRow', () => {
  test('draws what a slow look at every box and column draws', () => {
    fc.assert(
      fc.property(randomTables, someGrid, (tables, grid) => {
        const chart = chartOf(tables);
        for (let row = 0; row + 1 < chart.rowStart.length; row++) {
          expect(drawRow(chart, row, grid)).toEqual(drawRowSlowly(chart, row, grid));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('gives a column to the longest of its boxes, and the rest of a wide box to itself', () => {
    const chart = chartOf(
      traceOf(
        thread('Main')
          .slice('a', 0, 1)
          .slice('b', 1, 7)
          .slice('c', 7, 8)
          .slice('d', 8, 12)
          .slice('e', 12, 40),
      ),
    );
    const grid = makeGrid(0, { start: 0, end: 40 }, 4);
    // Ten microseconds to a column: a, b, c and d start in the first; d and e in time reach the next.
    expect(drawRow(chart, 0, grid)).toEqual([1, 4, 4, 4]);
  });

  test('never draws more pieces than columns, however many boxes there are', () => {
    const recipe = thread('Main');
    for (let time = 0; time < 5_000; time++) recipe.slice('RunTask', time, time + 0.5);
    const chart = chartOf(traceOf(recipe));
    const pieces = makePieces(100);
    cullRow(chart, 0, makeGrid(0, { start: 0, end: 5_000 }, 100), pieces);
    expect(pieces.count).toBe(100);
  });

  test('panning by whole pixels moves the picture and recolours nothing', () => {
    const origin = 512_345_678_901.25;
    const recipe = thread('Main');
    let seed = 7;
    for (let time = origin; time < origin + 60_000; ) {
      seed = (seed * 16_807) % 2_147_483_647;
      const length = (seed % 97) / 3;
      recipe.slice('RunTask', time, time + length);
      time += length + (seed % 13);
    }
    const chart = chartOf(traceOf(recipe));
    const columns = 200;
    let viewport = { start: origin + 10_000.3, end: origin + 21_000.7 };
    let before = drawRow(chart, 0, makeGrid(chart.bounds.start, viewport, columns));
    for (let step = 0; step < 60; step++) {
      const scale = columns / (viewport.end - viewport.start);
      viewport = panViewport(viewport, chart.bounds, 3 / scale);
      const after = drawRow(chart, 0, makeGrid(chart.bounds.start, viewport, columns));
      expect(after.slice(0, -4)).toEqual(before.slice(3, -1));
      before = after;
    }
  });
});

describe('boxNear', () => {
  test('points at what is drawn', () => {
    fc.assert(
      fc.property(randomTables, someGrid, (tables, grid) => {
        const chart = chartOf(tables);
        if (chart.rowStart.length < 2) return;
        const pointed = Array.from({ length: grid.columns }, (_, x) =>
          boxNear(chart, 0, grid, { x: x + 0.4, reach: 0 }),
        );
        expect(pointed).toEqual(drawRow(chart, 0, grid));
      }),
    );
  });

  test('meets a moment from beside it, the nearest first, and no wide box from outside', () => {
    const recipe = thread('CrRendererMain')
      .slice('moment', 100, 100)
      .slice('later', 105, 106)
      .slice('wide', 120, 160);
    const chart = chartOf(traceOf(recipe));
    const grid = makeGrid(0, { start: 0, end: 200 }, 200);
    const met = [95, 97, 100, 102, 103, 107, 108, 109, 118, 121, 162].map((x) =>
      boxNear(chart, 0, grid, { x, reach: 3 }),
    );
    expect(met).toEqual([-1, 0, 0, 0, 1, 1, 1, -1, -1, 2, -1]);
  });
});

describe('findLongest', () => {
  test('answers what a walk over the range answers', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 700 });
    fc.assert(
      fc.property(lengths, fc.nat(), fc.nat(), (durations, one, other) => {
        const boxes = {
          length: durations.length,
          start: new Float64Array(durations.length),
          end: Float64Array.from(durations),
        };
        const from = Math.min(one % durations.length, other % durations.length);
        const to = Math.max(one % durations.length, other % durations.length) + 1;
        const range = durations.slice(from, to);
        expect(findLongest(buildLongestForest(boxes), from, to)).toBe(
          from + range.indexOf(Math.max(...range)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

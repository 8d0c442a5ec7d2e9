/** Curves of counters: in blocks of CSS pixels where those are several of the device's, which panning moves. */
import { expect, test } from 'vitest';
import { type CounterSeries, seriesOfPage } from '../../../src/flame/index.ts';
import { measuresFor } from '../../../src/panel/canvas/measures.ts';
import { CurvePainter } from '../../../src/panel/canvas/paint/curve-painter.ts';
import { makePalette } from '../../../src/panel/canvas/paint/palette.ts';
import type { ChartScene } from '../../../src/panel/canvas/paint/scene.ts';
import { THEMES } from '../../../src/panel/canvas/paint/theme.ts';
import type { TrackRow } from '../../../src/panel/canvas/paint/track-painter.ts';
import { DrawLog } from '../../builders/draw-log.ts';

const palette = makePalette(THEMES.light);
const WIDTH = 100;
const ROW = 3;

function seriesOf(time: readonly number[], value: readonly number[]): CounterSeries {
  const counter = { name: 'nodes', pid: 1, thread: 0 };
  const columns = { time: Float64Array.from(time), value: Float64Array.from(value) };
  return seriesOfPage([{ ...counter, ...columns }], { thread: 0, pid: 1 })[0];
}

/** One microsecond is a device pixel. */
function paint(series: CounterSeries, { ratio, firstColumn = 0 }: { ratio: number; firstColumn?: number }) {
  const measures = measuresFor(ratio);
  const log = new DrawLog(WIDTH, 200);
  const grid = { anchor: 0, scale: 1, firstColumn, columns: WIDTH };
  const scene = { chart: { counters: new Map([[ROW, series]]) }, grid, palette, measures };
  const row = { row: ROW, line: 0, y: 10, height: measures.counter };
  new CurvePainter().paint(log, scene as unknown as ChartScene, [row as unknown as TrackRow]);
  return { log, height: measures.counter };
}

/** Colours of one column of pixels from the row's top, '' where nothing is. */
function columnAt({ log, height }: ReturnType<typeof paint>, x: number): string[] {
  const { heapLine, heapAreaCss } = palette;
  return Array.from({ length: height }, (_, at) => {
    const y = 10 + at;
    const covers = (from: number, size: number): boolean => y >= from && y < from + size;
    const filled = log.fills.some(
      ({ colour, area }) => colour === heapAreaCss && covers(area.y, area.height),
    );
    const line = log.lines.find((each) => covers(each.y, each.height));
    const run = line?.runs.find(([from, to]) => x >= from && x < to);
    return filled ? 'area' : run === undefined ? '' : run[2] === heapLine ? 'line' : 'area';
  });
}

const tops = (painted: ReturnType<typeof paint>): number[] =>
  Array.from({ length: WIDTH }, (_, x) => columnAt(painted, x).findIndex((each) => each !== ''));

for (const ratio of [1, 1.5, 2, 3])
  test(`at a pixel ratio of ${ratio} a full curve reaches the top, half a one the middle, and area lies below`, () => {
    const { counter, gap } = measuresFor(ratio);
    const painted = paint(seriesOf([-10, 60], [50, 100]), { ratio });
    const half = columnAt(painted, 20);
    const full = columnAt(painted, 90);
    expect(full.indexOf('line')).toBeLessThanOrEqual(2 * gap);
    expect(Math.abs(half.indexOf('line') - counter / 2)).toBeLessThanOrEqual(2 * gap);
    // A CSS pixel thick, and nothing below the area but the gap to the next row.
    expect(full.filter((each) => each === 'line')).toHaveLength(gap);
    expect(half.slice(half.indexOf('area')).filter((each) => each === 'area').length).toBeGreaterThan(
      counter / 3,
    );
    expect(full.at(-1)).toBe('');
  });

test('panning by a device pixel moves the curve by one, and makes no other of it', () => {
  const series = seriesOf([-10, 31, 33, 64, 77], [50, 100, 20, 80, 10]);
  const before = tops(paint(series, { ratio: 2 }));
  for (const firstColumn of [1, 2, 7]) {
    const after = tops(paint(series, { ratio: 2, firstColumn }));
    expect(after.slice(0, WIDTH - firstColumn)).toEqual(before.slice(firstColumn));
  }
  expect(tops(paint(series, { ratio: 2, firstColumn: -5 })).slice(5)).toEqual(before.slice(0, -5));
});

test('before the first value there is nothing', () => {
  const painted = paint(seriesOf([50], [10]), { ratio: 2 });
  expect(columnAt(painted, 49).every((each) => each === '')).toBe(true);
  expect(columnAt(painted, 51).some((each) => each === 'line')).toBe(true);
  expect(paint(seriesOf([500], [10]), { ratio: 2 }).log.fills).toEqual([]);
});

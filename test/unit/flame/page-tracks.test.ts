/** Tracks of what happened to the page: lanes, boxes, and that they are no stacks. */
import { expect, test } from 'vitest';
import type { PageItem } from '../../../src/analysis/index.ts';
import { boxOfSlice, childBoxes, layOutChart, parentBox } from '../../../src/flame/index.ts';
import { classesOf, NO_PAGE } from '../../builders/charts.ts';
import { trace } from '../../builders/trace.ts';

const item = (
  start: number,
  settled: number,
  end: number,
  track: PageItem['track'] = 'network',
): PageItem => ({
  track,
  start,
  settled,
  end,
  title: `${start}`,
  category: 'scripting',
  endInferred: false,
  source: { kind: 'timing', traceCategory: '' },
  initiator: -1,
});

async function chartWith(items: readonly PageItem[]) {
  const tables = await trace().thread('CrRendererMain').slice('RunTask', 0, 10).slice('Layout', 1, 2).read();
  return { tables, chart: layOutChart(tables, classesOf(tables), NO_PAGE, items) };
}

test('stand above the threads, one lane per overlap, free lanes used again', async () => {
  const items = [item(0, 0, 10), item(5, 5, 20), item(10, 10, 15), item(3, 3, 4, 'timings')];
  const { chart } = await chartWith(items);
  expect(chart.tracks.map(({ kind, title, firstRow, rows }) => [kind, title, firstRow, rows])).toEqual([
    ['network', 'Network', 0, 2],
    ['timings', 'Timings', 2, 1],
    ['thread', expect.stringContaining('Main'), 3, 2],
  ]);
  expect([...chart.rowStart]).toEqual([0, 2, 3, 4, 5, 6]);
});

test('a request that waited has two boxes of one number, the waiting one lighter', async () => {
  const { chart, tables } = await chartWith([item(0, 6, 10)]);
  const { boxes } = chart;
  expect([...boxes.start.slice(0, 2)]).toEqual([0, 6]);
  expect([...boxes.end.slice(0, 2)]).toEqual([6, 10]);
  expect([...boxes.slice.slice(0, 2)]).toEqual([tables.slices.length, tables.slices.length]);
  expect(boxes.colour[0]).toBe(boxes.colour[1] + 1);
  expect(boxOfSlice(chart, tables.slices.length)).toBe(0);
});

test('items of lower lanes are no children', async () => {
  const { chart } = await chartWith([item(0, 0, 10), item(5, 5, 8)]);
  expect(childBoxes(chart, 0)).toEqual({ from: 0, to: 0 });
  expect(parentBox(chart, 1)).toBe(-1);
});

test('more at once than fit are counted in the title', async () => {
  const items = Array.from({ length: 518 }, (_, start) => item(start, start, 1000));
  const { chart } = await chartWith(items);
  expect(chart.tracks[0].rows).toBe(512);
  expect(chart.tracks[0].title).toBe('Network (6 more at once than fit)');
});

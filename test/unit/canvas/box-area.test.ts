/** The frame around the box that is pointed at, where the part of the chart that it is in cuts it off. */
import { expect, test } from 'vitest';
import { makeGrid } from '../../../src/flame/index.ts';
import { hoveredArea } from '../../../src/panel/canvas/paint/box-area.ts';
import { chartOf } from '../../builders/charts.ts';
import { sceneOf } from '../../builders/scenes.ts';
import { thread, traceOf } from '../../builders/tables.ts';

/** One pixel is one microsecond; rows are 18 pixels high, the first begins under the axis (36) and the track's name (20). */
const chart = chartOf(traceOf(thread('CrRendererMain').slice('RunTask', 100, 500).slice('Layout', 200, 300)));
const frameOf = (box: number, changes: Parameters<typeof sceneOf>[1] = {}, height = 300) =>
  hoveredArea({ ...sceneOf(chart, changes), height }, box);

test('is a pixel around the box', () => {
  expect(frameOf(0)).toEqual({ x: 99, y: 55, width: 402, height: 19 });
  expect(frameOf(1)).toEqual({ x: 199, y: 73, width: 102, height: 19 });
});

test('ends where its part of the chart does, and where time does', () => {
  expect(frameOf(0, { scrollTop: 30 })).toEqual({ x: 99, y: 36, width: 402, height: 8 });
  expect(frameOf(0, {}, 60)).toEqual({ x: 99, y: 55, width: 402, height: 5 });
  const grid = makeGrid(0, { start: 200, end: 400 }, 1_000);
  expect(frameOf(0, { grid })).toMatchObject({ x: 0, width: 1_000 });
});

test('there is none around what is out of sight', () => {
  expect(frameOf(0, { scrollTop: 40 })).toBeNull();
  expect(frameOf(0, { grid: makeGrid(0, { start: 600, end: 900 }, 1_000) })).toBeNull();
});

/** The picture in CSS pixels: everything stands where it stands in the device's. */
import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { arrangeTracks, initialTrackChoices, makeGrid, timeToX } from '../../../src/flame/index.ts';
import { measuresFor } from '../../../src/panel/canvas/measures.ts';
import { coarsened, layOutCoarsely } from '../../../src/panel/canvas/paint/coarse-layout.ts';
import type { FlameChartProps } from '../../../src/panel/canvas/props.ts';
import { chartOf } from '../../builders/charts.ts';
import { sceneOf } from '../../builders/scenes.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const chart = chartOf(
  traceOf(
    thread('CrRendererMain').slice('RunTask', 0, 400).slice('Layout', 10, 300),
    thread('Compositor').slice('RunTask', 500, 1_000),
  ),
);
const tracks = signal(initialTrackChoices(chart));
const props = { chart, tracks } as unknown as FlameChartProps;

for (const ratio of [2, 3])
  test(`rows and times are where they are at a pixel ratio of ${ratio}`, () => {
    const measures = measuresFor(ratio);
    const arrangement = arrangeTracks(chart, tracks.value, measures);
    const width = 700 * ratio;
    const grid = makeGrid(0, { start: 100, end: 900 }, width);
    const scene = sceneOf(chart, { measures, arrangement, grid, scrollTop: 40 * ratio });
    const layout = layOutCoarsely(props, { width, height: 300 * ratio, ratio });
    expect(layout?.size).toEqual({ width: 700, height: 300, ratio: 1 });
    if (layout === null) return;
    const coarse = coarsened(scene, layout, ratio);
    expect(coarse.scrollTop).toBe(40);
    for (const [at, section] of coarse.arrangement.sections.entries())
      expect(section.rowsTop * ratio).toBe(arrangement.sections[at].rowsTop);
    for (const time of [100, 333, 900])
      expect(Math.abs(timeToX(coarse.grid, time) * ratio - timeToX(grid, time))).toBeLessThanOrEqual(ratio);
  });

test('there is none where a CSS pixel is one of the device, or no whole number of them', () => {
  for (const ratio of [1, 1.25, 1.5, 2.5])
    expect(layOutCoarsely(props, { width: 100, height: 100, ratio })).toBeNull();
});

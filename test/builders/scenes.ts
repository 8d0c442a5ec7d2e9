/** What the chart's painters are given, for tests: a chart at rest over its first millisecond, a pixel per microsecond. */
import { arrangeTracks, type Chart, initialTrackChoices, makeGrid } from '../../src/flame/index.ts';
import { measuresFor } from '../../src/panel/canvas/measures.ts';
import { makePalette } from '../../src/panel/canvas/paint/palette.ts';
import type { ChartScene } from '../../src/panel/canvas/paint/scene.ts';
import { THEMES } from '../../src/panel/canvas/paint/theme.ts';

export function sceneOf(chart: Chart, changes: Partial<ChartScene> = {}): ChartScene {
  const measures = measuresFor(1);
  return {
    chart,
    arrangement: arrangeTracks(chart, initialTrackChoices(chart), measures),
    scrollTop: 0,
    pinnedScrollTop: 0,
    grid: makeGrid(0, { start: 0, end: 1_000 }, 1_000),
    origin: 0,
    milestones: [],
    palette: makePalette(THEMES.light),
    measures,
    selected: -1,
    hovered: -1,
    measured: null,
    matches: null,
    marks: null,
    dims: false,
    overlay: null,
    pictures: null,
    fontFamily: 'sans-serif',
    mostLabels: Number.POSITIVE_INFINITY,
    ...changes,
  };
}

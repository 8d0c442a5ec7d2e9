/**
 * A chart's picture in CSS pixels, for machines that have no time for all the device's while it moves.
 * In: what is shown, the canvas' size. Out: size, measures and places as on a screen of ratio 1, each row exactly where it
 * stands otherwise; null where a CSS pixel is no whole number of the device's, or one.
 */
import { type Arrangement, arrangeTracks, makeGrid } from '../../../flame/index.ts';
import { graphMeasuresFor, type Measures, measuresFor } from '../measures.ts';
import type { FlameChartProps } from '../props.ts';
import type { CanvasSize } from './canvas-size.ts';
import type { ChartScene } from './scene.ts';

export interface CoarseLayout {
  readonly size: CanvasSize;
  readonly measures: Measures;
  readonly arrangement: Arrangement;
}

export function layOutCoarsely(
  { chart, tracks, graph }: FlameChartProps,
  { width, height, ratio }: CanvasSize,
): CoarseLayout | null {
  if (!Number.isInteger(ratio) || ratio < 2) return null;
  const measures = graph === undefined ? measuresFor(1) : graphMeasuresFor(1);
  return {
    size: { width: Math.ceil(width / ratio), height: Math.ceil(height / ratio), ratio: 1 },
    measures,
    arrangement: arrangeTracks(chart, tracks.value, measures, graph?.upward),
  };
}

/** The same scene in CSS pixels; `ratio`: how many device pixels one of them has. */
export function coarsened(
  scene: ChartScene,
  { size, measures, arrangement }: CoarseLayout,
  ratio: number,
): ChartScene {
  const { anchor, scale, firstColumn, columns } = scene.grid;
  const viewport = { start: anchor + firstColumn / scale, end: anchor + (firstColumn + columns) / scale };
  return {
    ...scene,
    measures,
    arrangement,
    grid: makeGrid(anchor, viewport, size.width),
    scrollTop: Math.round(scene.scrollTop / ratio),
    pinnedScrollTop: Math.round(scene.pinnedScrollTop / ratio),
  };
}

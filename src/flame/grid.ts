/**
 * Time ↔ pixel columns. The grid is anchored in absolute time: column 0 begins at the chart's own start, not at the
 * viewport's, so that panning moves pixels and never recolours them.
 * In: the visible range and a width in whole device pixels. Out: columns, absolute or counted from the left edge.
 */
import type { TimeRange } from '../analysis/index.ts';
import type { Micros } from '../base/index.ts';
import { MIN_SPAN } from './viewport.ts';

export interface PixelGrid {
  /** Time at which absolute column 0 begins. */
  readonly anchor: Micros;
  /** Device pixels per microsecond. */
  readonly scale: number;
  /** Absolute column at the left edge. */
  readonly firstColumn: number;
  /** Width in columns. */
  readonly columns: number;
}

/** A range that lasts no time (an empty trace) counts as the narrowest that can be looked at. */
export function makeGrid(anchor: Micros, viewport: TimeRange, columns: number): PixelGrid {
  const scale = columns / Math.max(viewport.end - viewport.start, MIN_SPAN);
  return { anchor, scale, firstColumn: Math.round((viewport.start - anchor) * scale), columns };
}

/** The same range in fewer columns, anchored as the others are. */
export function narrowGrid(grid: PixelGrid, columns: number): PixelGrid {
  const share = columns / grid.columns;
  const firstColumn = Math.round(grid.firstColumn * share);
  return { anchor: grid.anchor, scale: grid.scale * share, firstColumn, columns };
}

/** Pixels from the left edge to `time`, fractions kept. */
export function timeToX(grid: PixelGrid, time: Micros): number {
  return (time - grid.anchor) * grid.scale - grid.firstColumn;
}

/** Time at `x` pixels from the left edge. */
export function xToTime(grid: PixelGrid, x: number): Micros {
  return grid.anchor + (grid.firstColumn + x) / grid.scale;
}

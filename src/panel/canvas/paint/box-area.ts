/**
 * Where a box is seen on the canvas. In: a chart, what is visible of it, one of its parts. Out: device pixels; null where it
 * is not drawn or out of sight.
 */
import {
  type Chart,
  type PixelGrid,
  placeOfRow,
  rowOfBox,
  spanOfBox,
  timeToX,
} from '../../../flame/index.ts';
import { type Pane, type PaneFacts, panesOf } from '../panes.ts';
import type { Area } from './draw-target.ts';

interface BoxFacts extends Pick<PaneFacts, 'arrangement' | 'measures'> {
  readonly chart: Chart;
  readonly grid: PixelGrid;
}

/** A frame of `thickness` pixels around a box, where the part of the chart does not cut it off. */
export function areaAround(
  { chart, grid, arrangement, measures }: BoxFacts,
  { pane, box, thickness }: { readonly pane: Pane; readonly box: number; readonly thickness: number },
): Area | null {
  const place = placeOfRow(arrangement, rowOfBox(chart, box));
  if (place === null || place.pinned !== pane.pinned) return null;
  const { start, end } = spanOfBox(chart, box);
  const from = Math.floor(timeToX(grid, start));
  const to = Math.floor(timeToX(grid, end));
  if (to < 0 || from >= grid.columns) return null;
  // Around the box, not inside: a narrow one would vanish under its own outline.
  const left = Math.max(from, 0) - (from < 0 ? 0 : thickness);
  const right = Math.min(Math.max(to, from + 1), grid.columns) + (to > grid.columns ? 0 : thickness);
  return {
    x: left,
    y: place.top + pane.shift - thickness,
    width: right - left,
    height: place.height - measures.gap + 2 * thickness,
  };
}

/** The frame around the box that is pointed at: what of it is seen in its part of the chart. */
export function hoveredArea(facts: BoxFacts & PaneFacts, box: number): Area | null {
  const thickness = facts.measures.gap;
  for (const pane of panesOf(facts)) {
    const area = areaAround(facts, { pane, box, thickness });
    if (area === null) continue;
    const top = Math.max(area.y, pane.top);
    const bottom = Math.min(area.y + area.height, pane.bottom);
    return bottom > top ? { ...area, y: top, height: bottom - top } : null;
  }
  return null;
}

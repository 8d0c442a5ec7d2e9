/**
 * Arrows between requests: from the one that brought what asked, to the one that was asked for; of the request that is
 * pointed at or selected, both ways. In: a scene. Out: strokes on a target. Nothing where no request is marked.
 */
import { boxOfSlice, type Chart, placeOfRow, rowOfBox, spanOfBox, timeToX } from '../../../flame/index.ts';
import { panesOf } from '../panes.ts';
import type { DrawTarget } from './draw-target.ts';
import type { ChartScene } from './scene.ts';

/** More would be a thicket. */
const MOST_ASKED = 40;

/** By page item 1 where it asked for another, or was asked for: arrows are painted for it. Of all of a chart's at once. */
export function findArrowEnds({ items }: Chart): Uint8Array {
  const ends = new Uint8Array(items?.initiator.length ?? 0);
  if (items === undefined) return ends;
  for (let item = 0; item < ends.length; item++) {
    const asker = items.initiator[item] - items.first;
    if (asker < 0) continue;
    ends[item] = 1;
    ends[asker] = 1;
  }
  return ends;
}

/** Something is painted for a box that is pointed at. `ends`: of the chart. */
export const hasArrows = ({ items, boxes }: Chart, ends: Uint8Array, box: number): boolean =>
  items !== undefined && box >= 0 && ends[boxes.slice[box] - items.first] === 1;

export function paintArrows(target: DrawTarget, scene: ChartScene): void {
  const { chart, hovered, selected } = scene;
  const { items, boxes } = chart;
  if (items === undefined) return;
  for (const box of new Set([hovered, selected])) {
    const item = box < 0 ? -1 : boxes.slice[box] - items.first;
    if (item < 0 || item >= items.initiator.length) continue;
    const asker = items.initiator[item];
    if (asker >= 0) paintArrow(target, scene, asker, items.first + item);
    let drawn = 0;
    for (let other = item + 1; other < items.initiator.length && drawn < MOST_ASKED; other++) {
      if (items.initiator[other] !== items.first + item) continue;
      paintArrow(target, scene, items.first + item, items.first + other);
      drawn++;
    }
  }
}

/** Slice numbers. Down or up at the asker's end, then across to where the asked one begins. */
function paintArrow(target: DrawTarget, scene: ChartScene, asker: number, asked: number): void {
  const from = placeOf(target, scene, asker);
  const to = placeOf(target, scene, asked);
  if (from === null || to === null) return;
  const { measures, palette } = scene;
  const thick = Math.max(1, Math.round(measures.outline * 0.75));
  const clamp = (x: number): number => Math.min(Math.max(x, -8), target.width + 8);
  const tip = clamp(to.start);
  // As far to the right as it may stand: the asker is known by where it ends, the asked one by where it begins.
  const x = clamp(Math.min(from.end, to.start - 3 * thick));
  const down = { x, y: Math.min(from.y, to.y), width: thick, height: Math.abs(to.y - from.y) + thick };
  target.fill(palette.accent, down);
  target.fill(palette.accent, { x, y: to.y, width: Math.max(thick, tip - x), height: thick });
  for (let step = 0; step < 3 * thick; step++) {
    const tall = thick + 2 * step;
    target.fill(palette.accent, {
      x: tip - step,
      y: to.y - step,
      width: 1,
      height: tall,
    });
  }
}

interface Ends {
  readonly start: number;
  readonly end: number;
  readonly y: number;
}

/** null where its row is out of sight. */
function placeOf(target: DrawTarget, scene: ChartScene, slice: number): Ends | null {
  const { chart, arrangement, grid } = scene;
  const box = boxOfSlice(chart, slice);
  const place =
    box < 0 ? null : (placeOfRow(arrangement, rowOfBox(chart, box)) ?? headerOf(scene, chart, box));
  if (place === null) return null;
  const pane = panesOf({ ...scene, height: target.height }).find(({ pinned }) => pinned === place.pinned);
  if (pane === undefined) return null;
  const y = place.top + pane.shift + Math.round(place.height / 2);
  if (y < pane.top || y >= pane.bottom) return null;
  const { start, end } = spanOfBox(chart, box);
  return { start: Math.floor(timeToX(grid, start)), end: Math.floor(timeToX(grid, end)), y };
}

/** A collapsed track is one line: its arrows are all on it. */
function headerOf({ arrangement }: ChartScene, chart: Chart, box: number) {
  const row = rowOfBox(chart, box);
  const section = arrangement.sections.find(
    ({ track }) => row >= track.firstRow && row < track.firstRow + track.rows,
  );
  if (section === undefined) return null;
  return { top: section.top, height: arrangement.heights.header, pinned: section.pinned };
}

/**
 * Notes over the chart: a plate above its slice, a band with a plate for a range, an elbow from slice to slice for a link.
 * In: notes with the boxes they are on, a scene. Out: strokes, and what of them stands where, for clicks. A note on a row
 * of a collapsed track points at the track's header. Notes out of sight are left out; the widest text is cut.
 */
import type { TimeRange } from '../../../analysis/index.ts';
import { placeOfRow, rowOfBox, spanOfBox, timeToX } from '../../../flame/index.ts';
import { panesOf } from '../panes.ts';
import type { Area, DrawTarget } from './draw-target.ts';
import type { ChartScene, Point } from './scene.ts';

/** Box rows, -1 where the chart does not draw them. */
export type DrawnNote =
  | { readonly id: string; readonly kind: 'label'; readonly text: string; readonly box: number }
  | { readonly id: string; readonly kind: 'range'; readonly text: string; readonly range: TimeRange }
  | {
      readonly id: string;
      readonly kind: 'link';
      readonly text: string;
      readonly from: number;
      readonly to: number;
    };

/** Where a note's plate stands. */
export interface NotePlate extends Area {
  readonly id: string;
}

/** Characters of a text that stand on its plate. */
const MOST_CHARACTERS = 48;

/** Plates in the order of painting. */
export function paintNotes(target: DrawTarget, scene: ChartScene, notes: readonly DrawnNote[]): NotePlate[] {
  const plates: NotePlate[] = [];
  const keep = (plate: NotePlate | null): void => {
    if (plate !== null) plates.push(plate);
  };
  for (const note of notes) if (note.kind === 'range') keep(paintRange(target, scene, note));
  for (const note of notes) if (note.kind === 'link') keep(paintLink(target, scene, note));
  for (const note of notes) if (note.kind === 'label') keep(paintLabel(target, scene, note));
  return plates;
}

/** The plate at a point; of several the one painted last. */
export const plateAt = (plates: readonly NotePlate[], { x, y }: Point): NotePlate | null =>
  plates.findLast(
    (plate) => x >= plate.x && x < plate.x + plate.width && y >= plate.y && y < plate.y + plate.height,
  ) ?? null;

type Kind<Name extends DrawnNote['kind']> = DrawnNote & { readonly kind: Name };

function paintLabel(target: DrawTarget, scene: ChartScene, note: Kind<'label'>): NotePlate | null {
  const { measures, palette } = scene;
  const at = areaOfBox(target, scene, note.box);
  if (at === null) return null;
  target.outline(palette.accent, at, measures.gap);
  const x = Math.max(0, at.x);
  const above = at.y - measures.row - measures.outline;
  const top = measures.ruler + measures.flags;
  // Under the box where the axis is in the way.
  const y = above < top ? at.y + at.height + measures.outline : above;
  const stem = above < top ? at.y + at.height : y + measures.row;
  target.fill(palette.accent, { x, y: stem, width: measures.outline, height: measures.outline });
  return paintPlate(target, scene, note, { x, y });
}

function paintRange(target: DrawTarget, scene: ChartScene, note: Kind<'range'>): NotePlate | null {
  const { measures, palette, grid } = scene;
  const from = Math.round(timeToX(grid, note.range.start));
  const to = Math.max(from + measures.gap, Math.round(timeToX(grid, note.range.end)));
  if (to < 0 || from > target.width) return null;
  const top = measures.ruler + measures.flags;
  const left = Math.max(from, -measures.gap);
  const width = Math.min(to, target.width + measures.gap) - left;
  target.fill(palette.veil, { x: left, y: top, width, height: target.height - top });
  for (const x of [from, to - measures.gap])
    if (x >= 0 && x < target.width)
      target.fill(palette.accent, { x, y: top, width: measures.gap, height: target.height - top });
  return paintPlate(target, scene, note, {
    x: Math.max(0, left),
    y: target.height - measures.row - measures.outline,
  });
}

function paintLink(target: DrawTarget, scene: ChartScene, note: Kind<'link'>): NotePlate | null {
  const { measures, palette } = scene;
  const from = areaOfBox(target, scene, note.from, true);
  const to = areaOfBox(target, scene, note.to, true);
  if (from === null || to === null) return null;
  const thick = measures.outline;
  const [x1, x2] = [clampX(target, from.x + from.width), clampX(target, to.x)];
  const [y1, y2] = [from.y + Math.round(from.height / 2), to.y + Math.round(to.height / 2)];
  const middle = Math.round((x1 + x2) / 2);
  const across = (one: number, other: number, y: number): void =>
    target.fill(palette.accent, {
      x: Math.min(one, other),
      y,
      width: Math.abs(one - other) + thick,
      height: thick,
    });
  across(x1, middle, y1);
  target.fill(palette.accent, {
    x: middle,
    y: Math.min(y1, y2),
    width: thick,
    height: Math.abs(y1 - y2) + thick,
  });
  across(middle, x2, y2);
  // Which end it leads to: a block.
  target.fill(palette.accent, { x: x2 - thick, y: y2 - 2 * thick, width: 2 * thick, height: 5 * thick });
  return paintPlate(target, scene, note, { x: middle + thick, y: Math.round((y1 + y2) / 2) - measures.row });
}

const clampX = ({ width }: DrawTarget, x: number): number => Math.min(Math.max(x, -4), width + 4);

function paintPlate(
  target: DrawTarget,
  { measures, palette }: ChartScene,
  note: DrawnNote,
  at: Point,
): NotePlate {
  const text = shorten(note.text === '' ? EMPTY[note.kind] : note.text);
  const width = Math.ceil(target.measure(text)) + 2 * measures.padding;
  const x = Math.max(0, Math.min(at.x, target.width - width));
  const area = { x, y: at.y, width, height: measures.row };
  target.fill(palette.accent, area);
  target.text(
    palette.ground,
    text,
    x + measures.padding,
    at.y + Math.round(measures.row * 0.5 + measures.font * 0.3),
  );
  return { id: note.id, ...area };
}

const EMPTY: Readonly<Record<DrawnNote['kind'], string>> = { label: '…', range: 'Range', link: '→' };

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`;
}

/** Where a box stands on the canvas; the header of its track where that is collapsed. `anywhere`: out of sight, too. */
function areaOfBox(target: DrawTarget, scene: ChartScene, box: number, anywhere = false): Area | null {
  if (box < 0) return null;
  const { chart, grid, arrangement, measures } = scene;
  const row = rowOfBox(chart, box);
  const section = arrangement.sections.find(
    ({ track }) => row >= track.firstRow && row < track.firstRow + track.rows,
  );
  if (section === undefined) return null;
  const { pinned } = section;
  const place = placeOfRow(arrangement, row) ?? { top: section.top, height: measures.header, pinned };
  const span = spanOfBox(chart, box);
  const x = Math.floor(timeToX(grid, span.start));
  const end = Math.max(x + 1, Math.floor(timeToX(grid, span.end)));
  const pane = panesOf({ ...scene, height: target.height }).find((each) => each.pinned === pinned);
  const y = place.top + (pane?.shift ?? 0);
  const isOut =
    end < 0 || x >= target.width || pane === undefined || y + place.height <= pane.top || y >= pane.bottom;
  if (isOut && !anywhere) return null;
  const left = Math.max(x, -measures.outline);
  return { x: left, y, width: Math.min(end, target.width + measures.outline) - left, height: place.height };
}

/**
 * Paints one frame of the flame chart. In: a scene (chart, where its tracks stand, what is visible, what is marked) and
 * a target. Out: strokes; and whether labels were left out because the picture was moving.
 *
 * Every visible row is one line of pixels: culled boxes are filled into it, the lines are put on the canvas together
 * and stretched to the rows' height. Labels, marks and the axis go on top. Keeps buffers between frames, nothing else.
 */
import type { TimeRange } from '../../../analysis/index.ts';
import { runThrough, type Steps } from '../../../base/index.ts';
import {
  type Chart,
  changeSign,
  cullMatches,
  cullRow,
  formatDuration,
  hasLongTasks,
  LabelFitter,
  LONG_TASK,
  MARK_FORCED,
  MARK_THIRD_PARTY,
  type MatchRun,
  makePieces,
  matchesOfRow,
  narrowGrid,
  overtimeOfTask,
  type Pieces,
  type PixelGrid,
  rowsOfLine,
  type Track,
  timeToX,
} from '../../../flame/index.ts';
import type { Measures } from '../measures.ts';
import { type Pane, panesOf } from '../panes.ts';
import { paintArrows } from './arrow-painter.ts';
import { groundOf, paintAxis, ticksOf } from './axis-painter.ts';
import { BandTarget } from './band-target.ts';
import { areaAround } from './box-area.ts';
import { CurvePainter } from './curve-painter.ts';
import type { Corner, DrawTarget, Ground, LineBand } from './draw-target.ts';
import { LabelQueue } from './label-queue.ts';
import type { ChartScene } from './scene.ts';
import { paintTrackRows, type TrackRow } from './track-painter.ts';

export class ChartPainter {
  #pieces: Pieces = makePieces(1);
  #fitter: LabelFitter | null = null;
  /** Of a line's pixels, and how wide each of them is. */
  #lineGrid: PixelGrid | null = null;
  #wide = 1;
  /** What the fitter's memory is of. */
  #chart: Chart | null = null;
  #font = '';
  readonly #labels = new LabelQueue();
  readonly #corners: Corner[] = [];
  readonly #curves = new CurvePainter();

  /** True where labels are missing that a frame at rest would have. */
  paint(target: DrawTarget, scene: ChartScene): boolean {
    return runThrough(this.paintInSteps(target, scene));
  }

  /** The same in two parts: which pixels the rows have that scroll, most of them, then all strokes together, so that no frame shows half of them. */
  *paintInSteps(target: DrawTarget, scene: ChartScene): Steps<boolean> {
    const { measures } = scene;
    const font = `${measures.font}px ${scene.fontFamily}`;
    target.setFont(font);
    this.#prepare(target, scene, font);
    // A flame graph has no axis.
    const hasAxis = measures.ruler > 0;
    const ticks = hasAxis ? ticksOf(scene) : [];
    const ground = groundOf(scene, ticks);
    let isPartial = false;
    for (const pane of panesOf({ ...scene, height: target.height })) {
      const part = pane.pinned ? new BandTarget(target, { ...pane, shift: 0 }) : target;
      const isPaneWhole = !(yield* this.#paintPane(part, scene, { pane, ground }));
      isPartial ||= !isPaneWhole;
    }
    if (scene.measured !== null) paintMeasured(target, scene, scene.measured);
    paintArrows(target, scene);
    scene.overlay?.paint(target, scene);
    if (hasAxis) paintAxis(target, scene, ticks);
    return isPartial;
  }

  *#paintPane(
    target: DrawTarget,
    scene: ChartScene,
    { pane, ground }: { readonly pane: Pane; readonly ground: Ground },
  ): Steps<boolean> {
    const { palette, measures } = scene;
    const rows = seenRows(target, scene, pane);
    const bands = this.#paintRows(target, scene, { rows, ground });
    // The lines are of one part at a time: what is pinned comes second, in the task of the strokes.
    if (!pane.pinned) yield;
    target.showBands(bands, ground, pane);
    this.#paintLongTasks(target, scene, rows);
    if (this.#corners.length > 0) target.corners(palette.error, this.#corners, measures.corner);
    paintTrackRows(target, scene, rows, this.#pieces);
    this.#curves.paint(target, scene, rows);
    const isPartial = this.#paintLabels(target, scene);
    paintSectionLines(target, scene, pane);
    paintMarks(target, scene, pane);
    return isPartial;
  }

  #prepare(target: DrawTarget, { chart, grid }: ChartScene, font: string): void {
    this.#wide = target.width / Math.max(1, target.columns);
    this.#lineGrid = this.#wide === 1 ? grid : narrowGrid(grid, target.columns);
    if (this.#pieces.box.length !== target.width + 1) this.#pieces = makePieces(target.width + 1);
    if (this.#fitter === null || this.#chart !== chart || this.#font !== font) {
      this.#fitter = new LabelFitter((text) => target.measure(text));
      this.#chart = chart;
      this.#font = font;
    }
  }

  /** Into lines, which are still to be shown: the answer says where. */
  #paintRows(
    target: DrawTarget,
    scene: ChartScene,
    { rows, ground }: { readonly rows: readonly TrackRow[]; readonly ground: Ground },
  ): readonly LineBand[] {
    const { chart, measures, matches } = scene;
    const lines = rows.length === 0 ? 0 : rows[rows.length - 1].line + 1;
    const pixels = target.takeLines(lines, ground);
    this.#labels.clear();
    this.#corners.length = 0;
    for (const seen of rows) this.#paintRow(pixels, seen.line * target.width, seen, scene);
    if (matches !== null)
      for (const { row, line } of rows) {
        const found = matchesOfRow(chart, matches.boxes, row);
        this.#paintFound(pixels, line * target.width, found, scene);
      }
    const bands: LineBand[] = [];
    for (const { line, y, height } of rows)
      if (bands.length <= line) bands.push({ line, y, height: height - measures.gap });
    return bands;
  }

  #paintRow(pixels: Uint32Array, offset: number, seen: TrackRow, scene: ChartScene): void {
    const { row, y, isLabelled, titled } = seen;
    const { chart, palette, measures, matches } = scene;
    const { colour, slice } = chart.boxes;
    const bits = scene.marks?.bits ?? null;
    const dimmed = matches !== null ? ALL_DIMMED : scene.dims ? MARK_THIRD_PARTY : 0;
    const pieces = this.#pieces;
    const grid = this.#lineGrid ?? scene.grid;
    const wide = this.#wide;
    const gap = Math.max(1, Math.round(measures.gap / wide));
    const separated = 4 * gap;
    const leastLabelled = isLabelled ? measures.leastLabelled : Number.POSITIVE_INFINITY;
    cullRow(chart, row, grid, pieces);
    for (let piece = 0; piece < pieces.count; piece++) {
      const from = pieces.from[piece];
      const to = pieces.to[piece];
      const box = pieces.box[piece];
      // A gap to the next box where there is room for one; none at the edge of the picture.
      const end = to - from >= separated && to < grid.columns ? to - gap : to;
      const mark = bits === null ? 0 : bits[slice[box]];
      const colours = (mark & dimmed) !== 0 || dimmed === ALL_DIMMED ? palette.dimmed : palette.pixels;
      fillRun(pixels, colours[colour[box]], offset + from, offset + end);
      if ((mark & MARK_FORCED) !== 0 && (to - from) * wide >= measures.leastCornered)
        this.#corners.push({ x: Math.round(end * wide), y });
      const left = Math.max(from * wide, titled);
      if (to * wide - left >= leastLabelled) this.#labels.push(box, left, to * wide, y);
    }
  }

  /** Over the dimmed row, so that no find hides under a longer neighbour in its pixel. */
  #paintFound(pixels: Uint32Array, offset: number, found: MatchRun, scene: ChartScene): void {
    const { chart, palette, measures, matches } = scene;
    const pieces = this.#pieces;
    const grid = this.#lineGrid ?? scene.grid;
    const gap = Math.max(1, Math.round(measures.gap / this.#wide));
    const separated = 4 * gap;
    if (matches === null) return;
    cullMatches(chart, found, grid, { pieces, found: matches.labels });
    for (let piece = 0; piece < pieces.count; piece++) {
      const from = pieces.from[piece];
      const to = pieces.to[piece];
      const end = to - from >= separated && to < grid.columns ? to - gap : to;
      fillRun(pixels, palette.pixels[chart.boxes.colour[pieces.box[piece]]], offset + from, offset + end);
    }
  }

  /** A line along the top of what a long task takes too long. */
  #paintLongTasks(target: DrawTarget, scene: ChartScene, rows: readonly TrackRow[]): void {
    const { chart, grid, palette, measures } = scene;
    const pieces = this.#pieces;
    for (const { row, y, track } of rows) {
      if (row !== track.firstRow || !hasLongTasks(track)) continue;
      cullRow(chart, row, grid, pieces);
      for (let piece = 0; piece < pieces.count; piece++) {
        const box = pieces.box[piece];
        if (overtimeOfTask(chart, box) === 0) continue;
        const late = Math.floor(timeToX(grid, chart.boxes.start[box] + LONG_TASK));
        const from = Math.max(pieces.from[piece], Math.min(late, pieces.to[piece] - 1));
        target.fill(palette.error, { x: from, y, width: pieces.to[piece] - from, height: measures.outline });
      }
    }
  }

  #paintLabels(target: DrawTarget, scene: ChartScene): boolean {
    const { chart, palette, measures, mostLabels, matches, marks, dims } = scene;
    const fitter = this.#fitter;
    if (fitter === null) return false;
    const labels = this.#labels;
    const baseline = baselineIn(measures);
    const shown = labels.choose(mostLabels);
    const dimBits = dims && matches === null ? (marks?.bits ?? null) : null;
    const colourOf = (box: number, label: number): number => {
      if (matches !== null && matches.labels[label] === 0) return QUIET;
      if (dimBits !== null && ((dimBits[chart.boxes.slice[box]] ?? 0) & MARK_THIRD_PARTY) !== 0) return QUIET;
      return palette.whiteText[chart.boxes.colour[box]] ? WHITE : BLACK;
    };
    for (const [colour, css] of ['#000', '#fff', palette.quietText].entries()) {
      if (colour === QUIET && matches === null && dimBits === null) continue;
      for (let place = 0; place < shown; place++) {
        const box = labels.boxAt(place);
        const label = chart.boxes.label[box];
        if (colourOf(box, label) !== colour) continue;
        const room = labels.widthAt(place) - 2 * measures.padding;
        const name = chart.labels[label].text;
        const sign = changeSign(chart.boxes.colour[box]);
        const text = sign === '' ? fitter.fit(label, name, room) : fitter.fitSigned(sign, label, name, room);
        if (text === '') continue;
        target.text(css, text, labels.xAt(place) + measures.padding, labels.yAt(place) + baseline);
      }
    }
    return shown < labels.length;
  }
}

/** Instead of a mark: everything stands back but what was found. */
const ALL_DIMMED = -1;

/** Text on boxes: black or white by the box's colour, quiet where it is dimmed. */
const BLACK = 0;
const WHITE = 1;
const QUIET = 2;

/** Most runs are one pixel: a call of `fill` for each would cost more than all the rest. */
function fillRun(pixels: Uint32Array, colour: number, from: number, to: number): void {
  if (to - from > 16) pixels.fill(colour, from, to);
  else for (let pixel = from; pixel < to; pixel++) pixels[pixel] = colour;
}

/** Pixels from a row's top to its text's baseline. */
const baselineIn = ({ row, font }: Measures): number => Math.round(row * 0.5 + font * 0.3);

/** One line of them says all that there is. */
const HAVE_TEXTS_COLLAPSED: ReadonlySet<Track['kind']> = new Set([
  'network',
  'servers',
  'frames',
  'interactions',
  'timings',
  'custom',
]);

/** CSS pixels around a track's title: its arrow, its padding, and the sign of what is pinned. */
const AROUND_TITLE = 40;

/** Rows that are seen in one part of the chart, from top to bottom; of one line the uppermost last. */
function seenRows(
  target: DrawTarget,
  { arrangement, measures }: ChartScene,
  { pinned, top, bottom, shift }: Pane,
): TrackRow[] {
  const seen: TrackRow[] = [];
  let line = 0;
  for (const section of arrangement.sections) {
    const { track, collapsed, lines, rowsTop, rowHeight } = section;
    if (section.pinned !== pinned || section.bottom + shift <= top || section.top + shift >= bottom) continue;
    const first = Math.max(0, Math.floor((top - shift - rowsTop) / rowHeight));
    const end = Math.min(lines, Math.ceil((bottom - shift - rowsTop) / rowHeight));
    const isSqueezed = rowHeight < measures.row;
    const isLabelled = collapsed
      ? !isSqueezed && HAVE_TEXTS_COLLAPSED.has(track.kind)
      : track.kind !== 'screenshots';
    const titled =
      collapsed && isLabelled ? Math.ceil(target.measure(track.title) + AROUND_TITLE * measures.ratio) : 0;
    for (let place = first; place < end; place++, line++) {
      const y = rowsTop + place * rowHeight + shift;
      for (const row of rowsOfLine(arrangement, section, place).toReversed())
        seen.push({ row, line, y, height: rowHeight, track, isLabelled, titled, isSqueezed });
    }
  }
  return seen;
}

/** A thin line between tracks, a thick one under those that are pinned. */
function paintSectionLines(
  target: DrawTarget,
  { arrangement, measures, palette }: ChartScene,
  { pinned, top, bottom, shift }: Pane,
): void {
  const { width } = target;
  for (const section of arrangement.sections) {
    const y = section.bottom + shift - measures.gap;
    if (section.pinned !== pinned || y < top - measures.gap || y >= bottom) continue;
    target.fill(palette.grid, { x: 0, y, width, height: measures.gap });
  }
  if (pinned)
    target.fill(palette.divider, { x: 0, y: bottom - measures.outline, width, height: measures.outline });
}

function paintMarks(target: DrawTarget, scene: ChartScene, pane: Pane): void {
  const { measures, palette, selected } = scene;
  const thickness = measures.outline;
  const area = selected < 0 ? null : areaAround(scene, { pane, box: selected, thickness });
  if (area !== null) target.outline(palette.accent, area, thickness);
}

/** A see-through band over the measured range, its length written on it near the bottom. */
function paintMeasured(
  target: DrawTarget,
  { grid, measures, palette }: ChartScene,
  { start, end }: TimeRange,
): void {
  const from = Math.max(-measures.gap, Math.round(timeToX(grid, start)));
  const to = Math.min(target.width + measures.gap, Math.round(timeToX(grid, end)));
  if (to < 0 || from > target.width) return;
  const width = Math.max(measures.gap, to - from);
  target.fill(palette.veil, { x: from, y: 0, width, height: target.height });
  target.outline(palette.accent, { x: from, y: 0, width, height: target.height }, measures.gap);
  const text = formatDuration(end - start);
  const plate = Math.ceil(target.measure(text)) + 2 * measures.padding;
  const x = Math.max(0, Math.min(target.width - plate, Math.round(from + (width - plate) / 2)));
  const y = target.height - 2 * measures.row;
  target.fill(palette.accent, { x, y, width: plate, height: measures.row });
  target.text(palette.ground, text, x + measures.padding, y + baselineIn(measures));
}

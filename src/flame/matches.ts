/**
 * What a search found, over a chart: which columns of a row show it, and the way from one find to the next in time.
 * In: a chart, box rows ascending (so that those of one row of the chart are a run, by start). Out: pieces of a row,
 * counted places, boxes. A find that shares its pixel with longer boxes is shown all the same: no column hides one.
 */
import { lowerBound, upperBound } from '../base/index.ts';
import type { Chart } from './chart.ts';
import { firstFromColumn, type Pieces, skipColumn } from './cull.ts';
import type { PixelGrid } from './grid.ts';

export interface MatchRun {
  readonly boxes: Int32Array;
  /** Finds of one row of the chart are [from, to) of `boxes`. */
  readonly from: number;
  readonly to: number;
}

export function matchesOfRow(chart: Chart, boxes: Int32Array, row: number): MatchRun {
  const from = lowerBound(boxes, chart.rowStart[row]);
  return { boxes, from, to: lowerBound(boxes, chart.rowStart[row + 1], from) };
}

/** Where less than one box of so many in a row is a find, the finds are walked, not the row. */
const SPARSE = 64;

/**
 * The columns in which `run` has a box, as pieces from left to right: at most one per column. `found`: per label row 1
 * where it is a find.
 */
export function cullMatches(
  chart: Chart,
  run: MatchRun,
  grid: PixelGrid,
  { pieces, found }: { readonly pieces: Pieces; readonly found: Uint8Array },
): void {
  pieces.count = 0;
  if (run.from === run.to) return;
  const row = upperBound(chart.rowStart, run.boxes[run.from]) - 1;
  const [first, end] = [chart.rowStart[row], chart.rowStart[row + 1]];
  if ((run.to - run.from) * SPARSE < end - first) cullSparse(chart, run, grid, pieces);
  else cullDense(chart, { first, end }, grid, { pieces, found });
}

/** By the row's own columns: its starts lie side by side in memory, where a find's lie anywhere. */
function cullDense(
  { boxes: { start, end: ends, label } }: Chart,
  { first, end }: { readonly first: number; readonly end: number },
  grid: PixelGrid,
  { pieces, found }: { readonly pieces: Pieces; readonly found: Uint8Array },
): void {
  const { anchor, scale, firstColumn, columns } = grid;
  const columnOf = (time: number): number => Math.floor((time - anchor) * scale) - firstColumn;
  let box = firstFromColumn(start, grid, first, end);
  if (box > first && found[label[box - 1]] === 1) {
    const to = columnOf(ends[box - 1]);
    if (to > 0) addPiece(pieces, 0, Math.min(to, columns), box - 1);
  }
  while (box < end) {
    const column = columnOf(start[box]);
    if (column >= columns) break;
    const nextColumn = anchor + (column + firstColumn + 1) / scale;
    const next = skipColumn(start, grid, nextColumn, {
      column: column + firstColumn,
      from: box + 1,
      to: end,
    });
    let last = next - 1;
    while (last >= box && found[label[last]] === 0) last--;
    if (last >= box)
      addPiece(pieces, column, Math.max(column + 1, Math.min(columns, columnOf(ends[last]))), last);
    box = next;
  }
}

function cullSparse(chart: Chart, run: MatchRun, grid: PixelGrid, pieces: Pieces): void {
  const { start, end } = chart.boxes;
  const { boxes, to } = run;
  const { anchor, scale, firstColumn, columns } = grid;
  const columnOf = (time: number): number => Math.floor((time - anchor) * scale) - firstColumn;
  let at = firstMatch(run, (box) => columnOf(start[box]) >= 0);
  const reaches = at > run.from ? Math.min(columnOf(end[boxes[at - 1]]), columns) : 0;
  if (reaches > 0) addPiece(pieces, 0, reaches, boxes[at - 1]);
  while (at < to) {
    const column = columnOf(start[boxes[at]]);
    if (column >= columns) break;
    const next = firstMatch({ boxes, from: at + 1, to }, (box) => columnOf(start[box]) > column);
    const last = boxes[next - 1];
    addPiece(pieces, column, Math.max(column + 1, Math.min(columns, columnOf(end[last]))), last);
    at = next;
  }
}

/** How many finds lie before `box` in time, ties by their rows from top to bottom: the place of `box` among them all. */
export function countBefore(chart: Chart, boxes: Int32Array, box: number): number {
  const { start } = chart.boxes;
  let count = 0;
  eachRun(chart, boxes, (run) => {
    count += firstMatch(run, (other) => isAtOrAfter(start, other, box)) - run.from;
  });
  return count;
}

/**
 * The find after (1) or before (-1) `box` in time; round the end it goes on at the other. `box` need not be one of
 * them. -1 where nothing was found.
 */
export function neighbourMatch(chart: Chart, boxes: Int32Array, box: number, step: 1 | -1): number {
  const { start } = chart.boxes;
  let best = -1;
  eachRun(chart, boxes, (run) => {
    const at = firstMatch(run, (other) => isAtOrAfter(start, other, box));
    const own = at < run.to && boxes[at] === box ? 1 : 0;
    const near = step === 1 ? at + own : at - 1;
    if (near < run.from || near >= run.to) return;
    const found = boxes[near];
    if (best < 0 || isAtOrAfter(start, best, found) === (step === 1)) best = found;
  });
  if (best >= 0 || boxes.length === 0) return best;
  return farthestMatch(chart, boxes, step);
}

/** The first find whose box starts at or after `time`, else the first of all; -1 for none. */
export function firstMatchFrom(chart: Chart, boxes: Int32Array, time: number): number {
  const { start } = chart.boxes;
  let best = -1;
  eachRun(chart, boxes, (run) => {
    const at = firstMatch(run, (other) => start[other] >= time);
    if (at < run.to && (best < 0 || isAtOrAfter(start, best, boxes[at]))) best = boxes[at];
  });
  return best >= 0 || boxes.length === 0 ? best : farthestMatch(chart, boxes, 1);
}

/** The very first (1) or last (-1) find. */
function farthestMatch(chart: Chart, boxes: Int32Array, step: 1 | -1): number {
  const { start } = chart.boxes;
  let best = -1;
  eachRun(chart, boxes, (run) => {
    const found = boxes[step === 1 ? run.from : run.to - 1];
    if (best < 0 || isAtOrAfter(start, best, found) === (step === 1)) best = found;
  });
  return best;
}

/** In order of time; of two that start together the upper row (the smaller box row) is first. */
const isAtOrAfter = (start: Float64Array, one: number, other: number): boolean =>
  start[one] > start[other] || (start[one] === start[other] && one >= other);

function eachRun({ rowStart }: Chart, boxes: Int32Array, visit: (run: MatchRun) => void): void {
  let from = 0;
  for (let row = 0; row + 1 < rowStart.length && from < boxes.length; row++) {
    const to = lowerBound(boxes, rowStart[row + 1], from);
    if (to > from) visit({ boxes, from, to });
    from = to;
  }
}

/** First find of `run` of which `isFar` holds; it holds of all that follow. Gallops: neighbours are asked for most. */
function firstMatch({ boxes, from, to }: MatchRun, isFar: (box: number) => boolean): number {
  let low = from;
  let step = 1;
  while (low + step < to && !isFar(boxes[low + step])) {
    low += step;
    step *= 2;
  }
  let high = Math.min(to, low + step);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isFar(boxes[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

function addPiece(pieces: Pieces, from: number, to: number, box: number): void {
  if (to <= from) return;
  const piece = pieces.count++;
  pieces.from[piece] = from;
  pieces.to[piece] = to;
  pieces.box[piece] = box;
}

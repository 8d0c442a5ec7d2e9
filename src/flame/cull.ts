/**
 * Boxes → what one frame draws of one row: never more pieces than pixel columns.
 * A box covers the columns from that of its start to that of its end, and at least one. Where several fall into one
 * column, the longest of them has it; a box that loses its first column keeps the rest.
 * In: a chart, a row, a grid. Out: pieces from left to right, in columns counted from the left edge, clipped to it.
 */
import type { Micros } from '../base/index.ts';
import type { Chart } from './chart.ts';
import type { PixelGrid } from './grid.ts';
import { namedBox } from './item-span.ts';
import { findLongest } from './longest.ts';

/** No 32-bit duration times this is less than the duration was. */
const ROUNDED_UP = 1 + 2 ** -23;
/** Microseconds: more than sums and products of trace times are off by. */
const HAIR = 1e-3;

/** Filled anew by every `cullRow`; room for one piece per column. */
export interface Pieces {
  count: number;
  /** First column, and one past the last. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly box: Int32Array;
}

export function makePieces(columns: number): Pieces {
  return {
    count: 0,
    from: new Int32Array(columns),
    to: new Int32Array(columns),
    box: new Int32Array(columns),
  };
}

export function cullRow(chart: Chart, row: number, grid: PixelGrid, pieces: Pieces): void {
  const { start, end } = chart.boxes;
  const { duration } = chart.longest;
  const { anchor, scale, firstColumn, columns } = grid;
  const endRow = chart.rowStart[row + 1];
  let box = firstFromColumn(start, grid, chart.rowStart[row], endRow);
  pieces.count = 0;
  if (box > chart.rowStart[row]) {
    // The box before may reach in from the left.
    const to = Math.floor((end[box - 1] - anchor) * scale) - firstColumn;
    if (to > 0) addPiece(pieces, 0, Math.min(to, columns), box - 1);
  }
  while (box < endRow) {
    const column = Math.floor((start[box] - anchor) * scale) - firstColumn;
    if (column >= columns) break;
    const nextColumn = anchor + (column + firstColumn + 1) / scale;
    const next = skipColumn(start, grid, nextColumn, {
      column: column + firstColumn,
      from: box + 1,
      to: endRow,
    });
    const last = next - 1;
    const longest = last === box ? box : findLongest(chart.longest, box, next);
    // Only the last box that starts in a column can reach beyond it. Most do not, as the durations just compared tell
    // to within a hair: reading every column's `end` from all over the memory would take as long as all the rest.
    let to = column;
    if (start[last] + duration[last] * ROUNDED_UP + HAIR >= nextColumn) {
      to = Math.min(columns, Math.floor((end[last] - anchor) * scale) - firstColumn);
    }
    if (longest === last) addPiece(pieces, column, to > column ? to : column + 1, last);
    else {
      addPiece(pieces, column, column + 1, longest);
      if (to > column + 1) addPiece(pieces, column + 1, to, last);
    }
    box = next;
  }
}

/** The box that is drawn in column `x` of `row` (of an item's parts the one with its text), -1 for none. */
export function boxAt(chart: Chart, row: number, grid: PixelGrid, x: number): number {
  const pieces = makePieces(2);
  cullRow(chart, row, { ...grid, firstColumn: grid.firstColumn + Math.floor(x), columns: 1 }, pieces);
  return pieces.count === 0 ? -1 : namedBox(chart, pieces.box[0]);
}

/**
 * As {@link boxAt}; where nothing is drawn there, the nearest that is drawn within `reach` columns and is no wider itself:
 * a moment is one pixel wide, and no hand meets that.
 */
export function boxNear(
  chart: Chart,
  row: number,
  grid: PixelGrid,
  at: { x: number; reach: number },
): number {
  const { x, reach } = at;
  const met = boxAt(chart, row, grid, x);
  if (met >= 0 || reach < 1) return met;
  const columns = 2 * reach + 1;
  const firstColumn = grid.firstColumn + Math.floor(x) - reach;
  const pieces = makePieces(columns + 1);
  cullRow(chart, row, { ...grid, firstColumn, columns }, pieces);
  const { start, end } = chart.boxes;
  let nearest = -1;
  let least = reach + 1;
  for (let piece = 0; piece < pieces.count; piece++) {
    const box = pieces.box[piece];
    const away = Math.max(pieces.from[piece] - reach, reach - pieces.to[piece] + 1);
    if (away >= least || (end[box] - start[box]) * grid.scale > reach) continue;
    least = away;
    nearest = namedBox(chart, box);
  }
  return nearest;
}

function addPiece(pieces: Pieces, from: number, to: number, box: number): void {
  const piece = pieces.count++;
  pieces.from[piece] = from;
  pieces.to[piece] = to;
  pieces.box[piece] = box;
}

/** First box of [from, to) that starts at or right of the left edge. */
export function firstFromColumn(start: Float64Array, grid: PixelGrid, from: number, to: number): number {
  const { anchor, scale, firstColumn } = grid;
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Math.floor((start[middle] - anchor) * scale) < firstColumn) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * First box of [from, to) that starts right of absolute column `column`, which ends at `time`. Gallops, because a column
 * may hold thousands. Compares times, which is quicker than reckoning columns, and sets right at the end where rounding
 * made a difference.
 */
export function skipColumn(
  start: Float64Array,
  { anchor, scale }: PixelGrid,
  time: Micros,
  { column, from, to }: { readonly column: number; readonly from: number; readonly to: number },
): number {
  let next = from;
  let step = 8;
  while (next + step < to && start[next + step] < time) {
    next += step;
    step *= 2;
  }
  while (step > 8) {
    step >>>= 1;
    if (next + step < to && start[next + step] < time) next += step;
  }
  while (next < to && start[next] < time) next++;
  while (next > from && Math.floor((start[next - 1] - anchor) * scale) > column) next--;
  while (next < to && Math.floor((start[next] - anchor) * scale) <= column) next++;
  return next;
}

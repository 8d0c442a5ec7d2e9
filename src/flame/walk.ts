/**
 * From box to box: the keys' parent, child and siblings, and the box of a slice. Slice rows ascend within a row and a
 * subtree is a run of slice rows, so every step is one binary search.
 * In: a chart and a row of its boxes. Out: a row of its boxes, -1 for none.
 */
import { lowerBound, upperBound } from '../base/index.ts';
import type { Chart, Track } from './chart.ts';
import { namedBox, spanOfBox } from './item-span.ts';

/** The row of `chart.rowStart` that holds `box`. */
export function rowOfBox(chart: Chart, box: number): number {
  return upperBound(chart.rowStart, box) - 1;
}

export function trackOfRow(chart: Chart, row: number): Track | null {
  return chart.tracks.find((track) => row >= track.firstRow && row < track.firstRow + track.rows) ?? null;
}

/** The box of slice row `slice`; -1 where the chart does not draw it. */
export function boxOfSlice(chart: Chart, slice: number): number {
  const track = chart.tracks.find((each) => slice >= each.firstSlice && slice < each.endSlice);
  if (track === undefined) return -1;
  const { rowStart, boxes } = chart;
  for (let row = track.firstRow; row < track.firstRow + track.rows; row++) {
    const box = lowerBound(boxes.slice, slice, rowStart[row], rowStart[row + 1]);
    if (box < rowStart[row + 1] && boxes.slice[box] === slice) return namedBox(chart, box);
  }
  return -1;
}

export function parentBox(chart: Chart, box: number): number {
  const row = rowOfBox(chart, box);
  const track = trackOfRow(chart, row);
  if (track?.kind !== 'thread' || row === track.firstRow) return -1;
  const { rowStart, boxes } = chart;
  return upperBound(boxes.slice, boxes.slice[box], rowStart[row - 1], rowStart[row]) - 1;
}

/** The rows [from, to) of the box's children; empty where it has none. */
export function childBoxes(chart: Chart, box: number): { readonly from: number; readonly to: number } {
  const row = rowOfBox(chart, box);
  const track = trackOfRow(chart, row);
  if (track?.kind !== 'thread' || row + 1 >= track.firstRow + track.rows) return { from: 0, to: 0 };
  const { rowStart, boxes } = chart;
  const from = upperBound(boxes.slice, boxes.slice[box], rowStart[row + 1], rowStart[row + 2]);
  const next = box + 1;
  if (next >= rowStart[row + 1]) return { from, to: rowStart[row + 2] };
  return { from, to: lowerBound(boxes.slice, boxes.slice[next], from, rowStart[row + 2]) };
}

/** The box to the left (-1) or right (+1) in the same row, whoever its parent is. */
export function siblingBox(chart: Chart, box: number, step: -1 | 1): number {
  const row = rowOfBox(chart, box);
  const { slice } = chart.boxes;
  const isInRow = (at: number): boolean => at >= chart.rowStart[row] && at < chart.rowStart[row + 1];
  let next = box + step;
  while (isInRow(next) && slice[next] === slice[box]) next += step;
  return isInRow(next) ? namedBox(chart, next) : -1;
}

/** Microseconds of the box less its children's. */
export function selfTimeOfBox(chart: Chart, box: number): number {
  const { start, end } = chart.boxes;
  const children = childBoxes(chart, box);
  const whole = spanOfBox(chart, box);
  let self = whole.end - whole.start;
  for (let child = children.from; child < children.to; child++) self -= end[child] - start[child];
  // Rounding of sums may leave a hair below zero.
  return Math.max(0, self);
}

/**
 * A slice that is drawn as several boxes side by side (a request that was queued, waits and comes) is one thing to point
 * at, to select and to walk to. In: a chart and any of its boxes. Out: the box that has the text, and the time of all.
 */
import type { TimeRange } from '../analysis/index.ts';
import type { Chart } from './chart.ts';

/** The box of the same slice that has its text; the box itself where it is the only one. */
export function namedBox({ boxes, labels }: Chart, box: number): number {
  const { slice, label } = boxes;
  if (labels[label[box]].text !== '') return box;
  for (let at = box + 1; at < boxes.length && slice[at] === slice[box]; at++)
    if (labels[label[at]].text !== '') return at;
  for (let at = box - 1; at >= 0 && slice[at] === slice[box]; at--)
    if (labels[label[at]].text !== '') return at;
  return box;
}

/** From the first to the last box of the same slice. */
export function spanOfBox({ boxes }: Pick<Chart, 'boxes'>, box: number): TimeRange {
  const { slice, start, end } = boxes;
  let first = box;
  let last = box;
  while (first > 0 && slice[first - 1] === slice[box]) first--;
  while (last + 1 < boxes.length && slice[last + 1] === slice[box]) last++;
  return { start: start[first], end: end[last] };
}

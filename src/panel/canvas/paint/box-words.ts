/**
 * A box in words, for the hover card and for screen readers. In: a chart and a box. Out: text.
 */
import { CATEGORIES, type Category } from '../../../analysis/index.ts';
import {
  type Chart,
  childBoxes,
  formatDuration,
  type ItemNote,
  overtimeOfBox,
  selfTimeOfBox,
  spanOfBox,
} from '../../../flame/index.ts';
import { CATEGORY_NAMES } from '../../words/categories.ts';
import { formatShare } from '../../words/format.ts';
import type { GraphLook } from '../props.ts';

/** null where the box is coloured by something else. */
export const categoryOfBox = ({ boxes }: Chart, box: number): Category | null =>
  CATEGORIES[boxes.colour[box] >> 1] ?? null;

/** `Task, 34.1 ms, Scripting, 3 children`. */
export function describeBox(chart: Chart, box: number): string {
  const { boxes, labels } = chart;
  const { from, to } = childBoxes(chart, box);
  const count = to - from;
  const category = categoryOfBox(chart, box);
  const note = noteOfBox(chart, box);
  const span = spanOfBox(chart, box);
  if (note !== null) return describeItem(labels[boxes.label[box]].text, span.end - span.start, note);
  return [
    labels[boxes.label[box]].text,
    formatDuration(span.end - span.start),
    ...(category === null ? [] : [CATEGORY_NAMES[category]]),
    count === 0 ? 'no children' : `${count} ${count === 1 ? 'child' : 'children'}`,
    ...(overtimeOfBox(chart, box) > 0 ? ['long task'] : []),
  ].join(', ');
}

/** What is known of what happened to the page; null for a slice of a thread. */
export const noteOfBox = ({ boxes, items }: Chart, box: number): ItemNote | null =>
  items?.notes[boxes.slice[box] - items.first] ?? null;

/** `app.js, Script, 34.1 ms, Queued 2 ms, Waiting 20 ms, Download 12.1 ms, priority High, blocks rendering`. */
function describeItem(title: string, duration: number, note: ItemNote): string {
  const { what, parts, priority, blocksRendering, words } = note;
  return [
    title,
    what,
    duration > 0 ? formatDuration(duration) : '',
    ...parts.map((part) => `${part.name} ${formatDuration(part.duration)}`),
    priority === '' ? '' : `priority ${priority}`,
    blocksRendering ? 'blocks rendering' : '',
    ...(parts.length === 0 ? words : []),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** `render, 34.1 ms, 12 %, itself 3 ms, 3 children`: a box of a flame graph. */
export function describeNode(chart: Chart, box: number, { tell, tellBox, whole }: GraphLook): string {
  const { boxes, labels } = chart;
  const { from, to } = childBoxes(chart, box);
  const total = boxes.end[box] - boxes.start[box];
  return [
    labels[boxes.label[box]].text,
    ...(tellBox === undefined
      ? [tell(total), formatShare(total, whole), `itself ${tell(selfTimeOfBox(chart, box))}`]
      : tellBox(box).map(([name, figure]) => `${name} ${figure}`)),
    to === from ? 'no children' : `${to - from} ${to - from === 1 ? 'child' : 'children'}`,
  ].join(', ');
}

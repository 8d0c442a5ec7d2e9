/**
 * Takes slices out of the chart, and brings all of them back. In: a view, what of its selected slice is to go. Out: the
 * rules of the view's owner, changed, and what a screen reader is told; whether there was anything to do.
 */
import { sliceIndex } from '../../../base/index.ts';
import { type HideRule, parentBox } from '../../../flame/index.ts';
import type { ChartHandle } from '../props.ts';

const WORDS: Readonly<Record<HideRule['what'], string>> = {
  slice: 'Slice',
  children: 'What is inside',
  repeats: 'Repeats of',
};

/** null shows all again. */
export function hideInChart(view: ChartHandle, what: HideRule['what'] | null): boolean {
  const { chart, hidden } = view.props.peek();
  if (hidden === undefined) return false;
  if (what === null) {
    if (hidden.peek().length === 0) return false;
    hidden.value = [];
    view.announcement.value = 'All slices are shown again';
    return true;
  }
  const box = view.selectedBox;
  if (box < 0) return false;
  const { text } = chart.labels[chart.boxes.label[box]];
  const rule = { what, slice: sliceIndex(chart.boxes.slice[box]) };
  // What is hidden cannot stay selected: what is around it is the next to look at.
  if (what === 'slice') view.select(parentBox(chart, box));
  hidden.value = [...hidden.peek(), rule];
  view.announcement.value = `${WORDS[what]} ${text} hidden`;
  return true;
}

/**
 * Why something that happened to the page took its time, where the chart tells: which part of it is the most, and what the
 * page's main thread did meanwhile.
 * In: a chart, a slice number beyond the slices. Out: a sentence, and the boxes that it speaks of, the longest first; null
 * for what is quick, and where nothing is known: of what never ended, how long it took is not.
 */
import { lowerBound, type Micros } from '../base/index.ts';
import type { Chart } from './chart.ts';
import { formatDuration } from './format.ts';
import type { ItemNote } from './item-parts.ts';
import { spanOfBox } from './item-span.ts';
import { overtimeOfTask, taskBoxesOf } from './long-tasks.ts';
import { boxOfSlice, rowOfBox, trackOfRow } from './walk.ts';

interface ItemReason {
  readonly words: string;
  readonly boxes: readonly number[];
}

/** Interactions that take longer are no longer good (web.dev's bound of INP), and so long a request is looked into. */
const SLOW: Micros = 200_000;
const MOST_TASKS = 3;

/** By the name of the part that is the most. */
const PART_REASONS: Readonly<Record<string, string>> = {
  'Input delay': 'the main thread was busy with something else',
  Processing: 'its handlers ran',
  'Presentation delay': 'style, layout and paint went on, until a frame was shown',
  Queued: 'it stood in line, was connected or redirected',
  Waiting: 'its server had not answered',
  Download: 'it came over the network',
};

export function whyItem(chart: Chart, slice: number): ItemReason | null {
  const note = chart.items?.notes[slice - chart.items.first];
  const box = note === undefined ? -1 : boxOfSlice(chart, slice);
  if (note === undefined || box < 0) return null;
  const span = spanOfBox(chart, box);
  const track = trackOfRow(chart, rowOfBox(chart, box));
  switch (track?.kind) {
    case 'interactions':
      return whyParts(note, span.end - span.start, longTasksWithin(chart, span));
    case 'network':
      return whyParts(note, span.end - span.start, []);
    case 'frames': {
      const boxes = note.what === 'Drawn' ? [] : longTasksWithin(chart, span);
      return boxes.length === 0 ? null : { words: 'The main thread was busy meanwhile', boxes };
    }
    default:
      return null;
  }
}

function whyParts(
  { parts, endInferred }: ItemNote,
  total: Micros,
  boxes: readonly number[],
): ItemReason | null {
  if (total <= SLOW || parts.length === 0 || endInferred) return null;
  const most = parts.reduce((one, other) => (other.duration > one.duration ? other : one));
  const reason = PART_REASONS[most.name];
  if (reason === undefined) return null;
  const share = `${formatDuration(most.duration)} of ${formatDuration(total)}`;
  return { words: `${most.name} is the most of it: for ${share} ${reason}`, boxes };
}

/** The long tasks of the page's main thread that lie in that time, or reach into it. */
function longTasksWithin(
  chart: Chart,
  { start, end }: { readonly start: Micros; readonly end: Micros },
): number[] {
  const { boxes } = chart;
  const [first, last] = taskBoxesOf(chart) ?? [0, 0];
  const from = Math.max(first, lowerBound(boxes.start, start, first, last) - 1);
  const found: number[] = [];
  for (let box = from; box < last && boxes.start[box] < end; box++)
    if (boxes.end[box] > start && overtimeOfTask(chart, box) > 0) found.push(box);
  const length = (box: number): Micros => boxes.end[box] - boxes.start[box];
  return found.sort((one, other) => length(other) - length(one)).slice(0, MOST_TASKS);
}

/**
 * Long tasks, as the Long Tasks API has them: tasks of a page's main thread that last longer than 50 ms. Nobody's click is
 * answered meanwhile.
 * In: a chart and a box. Out: by how much it is too long; of the page's own main thread all that there are.
 */
import { LONG_TASK, TASK_NAMES } from '../analysis/index.ts';
import type { Chart, Track } from './chart.ts';
import { rowOfBox, trackOfRow } from './walk.ts';

/** Microseconds beyond {@link LONG_TASK}; 0 for what is no long task. */
export function overtimeOfBox(chart: Chart, box: number): number {
  const track = trackOfRow(chart, rowOfBox(chart, box));
  return track === null || !hasLongTasks(track) ? 0 : overtimeOfTask(chart, box);
}

export const hasLongTasks = ({ role }: Track): boolean => role === 'main';

/** The same for a box that is known to be of a main thread. */
export function overtimeOfTask({ boxes, labels }: Chart, box: number): number {
  const overtime = boxes.end[box] - boxes.start[box] - LONG_TASK;
  return overtime > 0 && TASK_NAMES.has(labels[boxes.label[box]].eventName) ? overtime : 0;
}

/** First box and the one behind the last that may be a long task of the page's own main thread, which stands first; null: it has none. */
export function taskBoxesOf({ tracks, rowStart }: Chart): readonly [first: number, end: number] | null {
  const main = tracks.find(({ kind }) => kind === 'thread');
  if (main === undefined || main.rows === 0 || !hasLongTasks(main)) return null;
  return [rowStart[main.firstRow], rowStart[main.firstRow + 1]];
}

/** Start and end of each, by time: of the page's own main thread. */
export function longTasksOf(chart: Chart): Float64Array {
  const { start, end } = chart.boxes;
  const edges: number[] = [];
  const [first, last] = taskBoxesOf(chart) ?? [0, 0];
  for (let box = first; box < last; box++)
    if (overtimeOfTask(chart, box) > 0) edges.push(start[box], end[box]);
  return Float64Array.from(edges);
}

/**
 * Tasks of the page's main thread over 50 ms (w3.org/TR/longtasks-1), and what filled each: the visible slice inside it
 * with the most time of its own. In: the page's slices. Out: an insight, null where no task is that long.
 */
import { findLongTasks, LONG_TASK } from '../long-tasks.ts';
import { type Evidence, type Insight, type InsightInput, listEvidence, windowOf } from './contract.ts';
import { countOf, nameSlice, tellMillis } from './words.ts';

export function tellLongTasks(input: InsightInput): Insight | null {
  const { tables, page } = input;
  const { slices } = tables;
  if (page.mainThread < 0) return null;
  const found: Evidence[] = [];
  let blocking = 0;
  for (const row of findLongTasks(tables, page.mainThread, windowOf(input))) {
    const duration = slices.duration[row];
    const start = slices.start[row];
    blocking += duration - LONG_TASK;
    const worst = worstInside(input, row);
    found.push({
      text: worst < 0 ? nameSlice(tables, row) : `mostly ${nameSlice(tables, worst)}`,
      millis: duration / 1000,
      note: worst < 0 ? '' : `${tellMillis(input.classes.self[worst])} of it in one piece`,
      range: { start, end: start + duration },
      slice: row,
    });
  }
  if (found.length === 0) return null;
  return {
    kind: 'long-tasks',
    title: `${countOf(found.length, 'long task')}, ${tellMillis(blocking)} beyond 50 ms each`,
    explanation:
      'While a task runs, the page answers no input. Each is named by the slice inside it that took most time of its own.',
    ...listEvidence(found),
  };
}

/** The visible slice inside `root` with the most self time; -1 where nothing inside it has any. */
function worstInside({ tables: { slices }, classes }: InsightInput, root: number): number {
  let worst = -1;
  for (let row = root + 1; row < slices.subtreeEnd[root]; row++) {
    if (
      classes.visible[row] === 1 &&
      classes.self[row] > 0 &&
      (worst < 0 || classes.self[row] > classes.self[worst])
    )
      worst = row;
  }
  return worst;
}

/**
 * Tasks of the page's main thread over 50 ms (w3.org/TR/longtasks-1), and what filled each: the functions and browser work
 * inside it with the most time of their own, added up by name. In: the page's slices. Out: an insight, null where no task
 * is that long.
 */
import { SLICE_JS_CALL } from '../../trace/index.ts';
import { findLongTasks, LONG_TASK } from '../long-tasks.ts';
import { type Evidence, type Insight, type InsightInput, listEvidence, windowOf } from './contract.ts';
import { countOf, nameSlice, tellMillis } from './words.ts';

/** Names that are told beside the first. */
const MORE_NAMES = 2;

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
    const [first, ...others] = fillersOf(input, row);
    found.push({
      text: nameTask(first, duration, nameSlice(tables, row)),
      millis: duration / 1000,
      note: [first, ...others.slice(0, MORE_NAMES)]
        .map((filler, index) =>
          filler === undefined
            ? ''
            : index === 0
              ? `${tellMillis(filler.micros)} of it`
              : `${tellMillis(filler.micros)} ${filler.name}`,
        )
        .filter((words) => words !== '')
        .join(', '),
      range: { start, end: start + duration },
      slice: row,
    });
  }
  if (found.length === 0) return null;
  return {
    kind: 'long-tasks',
    title: `${countOf(found.length, 'long task')}, ${tellMillis(blocking)} beyond 50 ms each`,
    explanation:
      'While a task runs, the page answers no input. Each is named by what inside it took most time of its own, all calls of it together.',
    ...listEvidence(found),
  };
}

/** "Mostly" is more than half. */
function nameTask(first: Filler | undefined, duration: number, task: string): string {
  if (first === undefined) return task;
  if (first.isTask && first.micros * 2 > duration) return `${task}, mostly work that the trace does not name`;
  return first.micros * 2 > duration ? `mostly ${first.name}` : `${first.name} and others`;
}

interface Filler {
  readonly name: string;
  /** The task itself: nothing inside it was told. */
  readonly isTask: boolean;
  micros: number;
}

/** What ran in `root`, itself first, by name, the most self time first; less than 1 ms is not told. */
function fillersOf({ tables, classes }: InsightInput, root: number): Filler[] {
  const { slices, stacks } = tables;
  /** A function by its frame, an event by its name below zero. */
  const byName = new Map<number, Filler>();
  for (let row = root; row < slices.subtreeEnd[root]; row++) {
    if (classes.visible[row] === 0 || classes.self[row] <= 0) continue;
    const isCall = (slices.flags[row] & SLICE_JS_CALL) !== 0;
    const key = isCall ? stacks.frame[slices.detail[row]] : -1 - slices.name[row];
    const known = byName.get(key);
    if (known === undefined)
      byName.set(key, { name: nameSlice(tables, row), isTask: row === root, micros: classes.self[row] });
    else known.micros += classes.self[row];
  }
  return [...byName.values()]
    .sort((a, b) => b.micros - a.micros)
    .filter(({ micros }, index) => index === 0 || micros >= 1_000);
}

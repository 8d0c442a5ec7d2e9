/**
 * Time that collecting garbage took on the page's main thread, where it is more than {@link NOTABLE_SHARE} of its work.
 * In: the main thread's slices. Out: an insight with what ran when garbage was collected: the innermost JavaScript call
 * around each collection; else null. Who made the garbage, the trace does not tell.
 */
import { lowerBound } from '../../base/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../../trace/index.ts';
import { nearestAround } from '../nearest.ts';
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  listEvidence,
  windowOf,
} from './contract.ts';
import { countOf, nameSlice, rowsOfNames, SCRIPT_EVENTS, tellMillis } from './words.ts';

const COLLECTIONS = ['MinorGC', 'MajorGC', 'BlinkGC.AtomicPhase'];
const NOTABLE_SHARE = 0.03;

interface Collected {
  readonly text: string;
  count: number;
  total: number;
  /** The longest. */
  slice: number;
}

export function findGarbageCollection(input: InsightInput): Insight | null {
  const { tables, page } = input;
  const { slices, threads } = tables;
  if (page.mainThread < 0) return null;
  const window = windowOf(input);
  const names = rowsOfNames(tables, COLLECTIONS);
  const collectionAround = nearestAround(slices, (row) => names.has(slices.name[row]));
  const nameRunning = runningNamer(tables);
  const found = new Map<string, Collected>();
  let total = 0;
  let count = 0;
  let busy = 0;
  for (let row = threads.firstSlice[page.mainThread]; row < threads.endSlice[page.mainThread]; row++) {
    const duration = slices.duration[row];
    if (!isInside(slices.start[row], window)) continue;
    if (slices.parent[row] < 0) busy += duration;
    // A collection inside another is counted with it.
    if (!names.has(slices.name[row]) || collectionAround(row) >= 0) continue;
    total += duration;
    count++;
    const text = nameRunning(row);
    const known = found.get(text) ?? { text, count: 0, total: 0, slice: row };
    known.count++;
    known.total += duration;
    if (duration > slices.duration[known.slice]) known.slice = row;
    found.set(text, known);
  }
  if (count === 0 || total < busy * NOTABLE_SHARE) return null;
  const evidence = [...found.values()].map(
    ({ text, count: times, total: micros, slice }): Evidence => ({
      text,
      millis: micros / 1000,
      note: countOf(times, 'collection'),
      range: { start: slices.start[slice], end: slices.start[slice] + slices.duration[slice] },
      slice,
    }),
  );
  return {
    kind: 'garbage-collection',
    title: `${tellMillis(total)} of garbage collection, ${Math.round((100 * total) / busy)} % of the work`,
    explanation: `${countOf(count, 'collection')} stopped the main thread. Fewer short-lived objects make fewer of them. Listed by what ran then, which is often who made the garbage; each leads to its longest.`,
    ...listEvidence(evidence),
  };
}

/** V8 takes no samples while it collects: a call may end at the collection and go on behind it. */
function runningNamer(tables: TraceTables): (row: number) => string {
  const { slices } = tables;
  const scripts = rowsOfNames(tables, SCRIPT_EVENTS);
  const callAcross = callsAcross(tables);
  const isCall = (row: number): boolean => (slices.flags[row] & SLICE_JS_CALL) !== 0;
  const scriptAround = nearestAround(slices, (row) => isCall(row) || scripts.has(slices.name[row]));
  return (row) => {
    const at = scriptAround(row);
    if (at < 0) return 'between scripts';
    return `in ${(isCall(at) ? null : callAcross(at, row)) ?? nameSlice(tables, at)}`;
  };
}

/** The function that ran in an event both before and after a row in it; null where those are two. */
function callsAcross(tables: TraceTables): (event: number, row: number) => string | null {
  const { slices, stacks } = tables;
  /** By event: the calls that it made itself. */
  const known = new Map<number, readonly number[]>();
  const callsOf = (event: number): readonly number[] => {
    let calls = known.get(event);
    if (calls === undefined) {
      const found: number[] = [];
      for (let at = event + 1; at < slices.subtreeEnd[event]; at = slices.subtreeEnd[at])
        if ((slices.flags[at] & SLICE_JS_CALL) !== 0) found.push(at);
      known.set(event, found);
      calls = found;
    }
    return calls;
  };
  return (event, row) => {
    const calls = callsOf(event);
    const next = lowerBound(calls, row);
    if (next === 0 || next === calls.length) return null;
    const frameOf = (at: number): number => stacks.frame[slices.detail[calls[at]]];
    return frameOf(next - 1) === frameOf(next) ? nameSlice(tables, calls[next]) : null;
  };
}

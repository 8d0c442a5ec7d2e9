/**
 * Style and layout that JavaScript forced: they ran inside a call instead of at the end of the frame.
 * In: the main thread's slices. Out: an insight with the time per function that asked for it, null where there is none.
 * The function is the innermost JavaScript call around the layout; without samples that of the event's own stack, where it
 * has one and somebody read it, else the event that ran the script.
 */
import { namesOf, SLICE_JS_CALL, type TraceTables } from '../../trace/index.ts';
import { nearestAround } from '../nearest.ts';
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  listEvidence,
  windowOf,
} from './contract.ts';
import { countOf, nameCall, nameSlice, rowsOfNames, SCRIPT_EVENTS, tellMillis } from './words.ts';

const FORCEABLE = ['Layout', ...namesOf('style')];

/** Between style and the layout of the same asking; a script does little within it. */
const AT_ONCE_MICROS = 50;

interface Culprit {
  readonly text: string;
  /** Who called it, where its event tells. */
  readonly callers: readonly string[] | null;
  count: number;
  total: number;
  /** The longest single one. */
  slice: number;
}

export function findForcedLayouts(input: InsightInput): Insight | null {
  const { tables, page } = input;
  const { slices, threads } = tables;
  if (page.mainThread < 0) return null;
  const window = windowOf(input);
  const callerOf = forcedCallers(tables);
  const culprits = new Map<string, Culprit>();
  const culpritOf = (row: number, caller: number): Culprit => {
    const [asked, ...callers] = isJsCall(tables, caller) ? [] : (input.stackOf?.(row) ?? []);
    const text = asked === undefined ? nameSlice(tables, caller) : nameCall(asked);
    const known = culprits.get(text);
    if (known !== undefined) return known;
    const told = asked === undefined ? null : callers.slice(0, MOST_CALLERS).map(nameCall);
    const culprit = { text, callers: told, count: 0, total: 0, slice: row };
    culprits.set(text, culprit);
    return culprit;
  };
  let total = 0;
  let count = 0;
  let lastForced = -1;
  let last: Culprit | null = null;
  const layout = tables.strings.find('Layout');
  const isLayout = (row: number): boolean => slices.name[row] === layout;
  const isStyleRightBefore = (row: number, before: number): boolean =>
    before >= 0 &&
    !isLayout(before) &&
    slices.parent[before] === slices.parent[row] &&
    slices.start[row] - slices.start[before] - slices.duration[before] <= AT_ONCE_MICROS;
  for (let row = threads.firstSlice[page.mainThread]; row < threads.endSlice[page.mainThread]; row++) {
    if (!isInside(slices.start[row], window)) continue;
    const caller = callerOf(row);
    if (caller < 0) continue;
    total += slices.duration[row];
    // Style and the layout that follows at once are one asking.
    const goesOn = isLayout(row) && isStyleRightBefore(row, lastForced);
    lastForced = row;
    if (!goesOn) count++;
    const culprit: Culprit = goesOn && last !== null ? last : culpritOf(row, caller);
    last = culprit;
    if (!goesOn) culprit.count++;
    culprit.total += slices.duration[row];
    if (slices.duration[row] > slices.duration[culprit.slice]) culprit.slice = row;
  }
  if (count === 0) return null;
  const evidence = [...culprits.values()].map(
    ({ text, callers, count: times, total: micros, slice }): Evidence => ({
      text,
      millis: micros / 1000,
      note: countOf(times, 'time'),
      callers: callers ?? callersOf(tables, slice),
      range: { start: slices.start[slice], end: slices.start[slice] + slices.duration[slice] },
      slice,
    }),
  );
  return {
    kind: 'forced-layouts',
    title: `${tellMillis(total)} of style and layout forced by scripts`,
    explanation: `A script read a size or position after changing the page, ${countOf(count, 'time')}: layout ran at once instead of once per frame. Listed by the function that asked; each leads to its longest.`,
    ...listEvidence(evidence),
  };
}

/**
 * Tells of style and layout slices who forced them: the innermost JavaScript call around, else the event that runs a
 * script; -1 where no script is around, and for all other slices.
 */
export function forcedCallers(tables: TraceTables): (row: number) => number {
  const { slices } = tables;
  const forceable = rowsOfNames(tables, FORCEABLE);
  const scripts = rowsOfNames(tables, SCRIPT_EVENTS);
  const scriptAround = nearestAround(slices, (row) => isJsCall(tables, row) || scripts.has(slices.name[row]));
  return (row) => (forceable.has(slices.name[row]) && !isJsCall(tables, row) ? scriptAround(row) : -1);
}

/** The slices that a script forced of which no sample tells the function, the longest first: their events may. */
export function forcedWithoutCall(input: InsightInput): number[] {
  const { tables, page } = input;
  const { slices, threads } = tables;
  if (page.mainThread < 0) return [];
  const window = windowOf(input);
  const callerOf = forcedCallers(tables);
  const rows: number[] = [];
  for (let row = threads.firstSlice[page.mainThread]; row < threads.endSlice[page.mainThread]; row++) {
    if (!isInside(slices.start[row], window)) continue;
    const caller = callerOf(row);
    if (caller >= 0 && !isJsCall(tables, caller)) rows.push(row);
  }
  return rows.sort((one, other) => slices.duration[other] - slices.duration[one]);
}

const isJsCall = ({ slices }: TraceTables, row: number): boolean => (slices.flags[row] & SLICE_JS_CALL) !== 0;

/** Functions that are told. */
const MOST_CALLERS = 5;

/** Who called the function that forced the slice, the nearest first. */
function callersOf(tables: TraceTables, slice: number): string[] {
  const { slices } = tables;
  const names: string[] = [];
  let seen = 0;
  for (let row = slices.parent[slice]; row >= 0 && names.length < MOST_CALLERS; row = slices.parent[row]) {
    if (!isJsCall(tables, row)) continue;
    // The first is the function itself.
    if (seen++ > 0) names.push(nameSlice(tables, row));
  }
  return names;
}

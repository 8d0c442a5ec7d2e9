/**
 * Slices → categories, visibility and self time.
 * In: trace tables. Out: {@link SliceClasses}, one entry per slice row.
 *
 * DevTools shows only events that it has a style for; time of all others falls to the nearest visible ancestor. In a
 * trace that no Chrome page wrote ("generic": Node, a build tool, Perfetto's own), everything is shown. Instants are
 * never timed, so they are not visible here.
 */
import { runThrough, type Steps } from '../base/index.ts';
import { SLICE_INSTANT, SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import { categoryNumber, classOfName } from './categories.ts';
import type { SliceClasses } from './contract.ts';

/** Trace events that only Chrome's recordings of pages hold. */
const PAGE_TRACE_MARKS = new Set([
  'TracingStartedInBrowser',
  'TracingStartedInPage',
  'TracingSessionIdForWorker',
  'CpuProfile',
  // A recording of an extension's session holds none of the above (chromium-facts.md), but always one of these.
  'navigationStart',
  'CommitLoad',
  'markAsMainFrame',
]);

/** True for traces that no page wrote: nothing is hidden there. */
export function isGenericTrace(tables: TraceTables): boolean {
  return !tables.marks.some((mark) => PAGE_TRACE_MARKS.has(mark.name));
}

export const classifySlices = (tables: TraceTables): SliceClasses => runThrough(classifyInSteps(tables));

/** Rows of one step: some milliseconds. */
const STEP_ROWS = 1 << 18;

/** Loops stand in functions of their own: V8 leaves those of a generator as slow as they are cold. */
export function* classifyInSteps(tables: TraceTables): Steps<SliceClasses> {
  const { length } = tables.slices;
  const ofName = classifyNames(tables);
  const category = new Uint8Array(length);
  const visible = new Uint8Array(length);
  const self = new Float64Array(length);
  /** Visible slices that contain the one at hand, outermost first. */
  const above: number[] = [];
  for (let from = 0; from < length; from += STEP_ROWS) {
    yield;
    const to = Math.min(from + STEP_ROWS, length);
    classifyRows(tables, { category, visible }, ofName, [from, to]);
    takeSelf(tables, { visible, self }, above, [from, to]);
  }
  yield;
  dropHairs(self);
  return { category, visible, self };
}

/** By string row. */
interface NameClasses {
  readonly categoryOfName: Uint8Array;
  readonly visibleName: Uint8Array;
}

function classifyNames(tables: TraceTables): NameClasses {
  const { strings } = tables;
  const generic = isGenericTrace(tables);
  const categoryOfName = new Uint8Array(strings.length).fill(categoryNumber('system'));
  const visibleName = new Uint8Array(strings.length).fill(generic ? 1 : 0);
  for (let row = 0; row < strings.length; row++) {
    const known = classOfName(strings.get(row));
    if (known === undefined) continue;
    categoryOfName[row] = known.category;
    visibleName[row] = generic || !known.hidden ? 1 : 0;
  }
  return { categoryOfName, visibleName };
}

/** Sums of fractions may end a hair below nothing. */
function dropHairs(self: Float64Array): void {
  for (let i = 0; i < self.length; i++) if (self[i] < 0) self[i] = 0;
}

function classifyRows(
  { slices }: TraceTables,
  { category, visible }: Omit<SliceClasses, 'self'>,
  { categoryOfName, visibleName }: NameClasses,
  [from, to]: readonly [number, number],
): void {
  const { flags, name } = slices;
  const scripting = categoryNumber('scripting');
  for (let i = from; i < to; i++) {
    const isCall = (flags[i] & SLICE_JS_CALL) !== 0;
    category[i] = isCall ? scripting : categoryOfName[name[i]];
    visible[i] = isCall ? 1 : (flags[i] & SLICE_INSTANT) !== 0 ? 0 : visibleName[name[i]];
  }
}

/** Each visible slice's duration less that of its nearest visible descendants. */
function takeSelf(
  { slices }: TraceTables,
  { visible, self }: Omit<SliceClasses, 'category'>,
  above: number[],
  [from, to]: readonly [number, number],
): void {
  const { duration, subtreeEnd } = slices;
  for (let i = from; i < to; i++) {
    if (visible[i] === 0) continue;
    while (above.length > 0 && subtreeEnd[above[above.length - 1]] <= i) above.pop();
    self[i] += duration[i];
    if (above.length > 0) self[above[above.length - 1]] -= duration[i];
    above.push(i);
  }
}

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
    const rows = [from, Math.min(from + STEP_ROWS, length)] as const;
    classifyRows(tables, { category, visible, self }, ofName, { above, rows });
  }
  yield;
  for (const row of above) dropHair(self, row);
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

/**
 * Category and visibility of each slice, and its duration less that of its nearest visible descendants. All in one pass: most
 * of what a small trace takes here, V8 takes to compile it.
 */
function classifyRows(
  { slices }: TraceTables,
  { category, visible, self }: SliceClasses,
  { categoryOfName, visibleName }: NameClasses,
  { above, rows: [from, to] }: { readonly above: number[]; readonly rows: readonly [number, number] },
): void {
  const { flags, name, duration, subtreeEnd } = slices;
  const scripting = categoryNumber('scripting');
  let depth = above.length;
  for (let i = from; i < to; i++) {
    const isCall = (flags[i] & SLICE_JS_CALL) !== 0;
    category[i] = isCall ? scripting : categoryOfName[name[i]];
    const isVisible = isCall || ((flags[i] & SLICE_INSTANT) === 0 && visibleName[name[i]] !== 0);
    if (!isVisible) continue;
    visible[i] = 1;
    while (depth > 0 && subtreeEnd[above[depth - 1]] <= i) dropHair(self, above[--depth]);
    self[i] = duration[i];
    if (depth > 0) self[above[depth - 1]] -= duration[i];
    above[depth++] = i;
  }
  above.length = depth;
}

/** Sums of fractions may end a hair below nothing. */
function dropHair(self: Float64Array, row: number): void {
  if (self[row] < 0) self[row] = 0;
}

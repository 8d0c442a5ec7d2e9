/**
 * Where one thread's time went over a range.
 * In: tables, classes, a thread row and a range. Out: milliseconds per category; `idle` is what is left of the range,
 * so that all categories add up to it exactly.
 *
 * Each microsecond goes to the innermost visible slice that covers it:
 *
 *   range        |................|
 *   slices    |---- Task ----|                 system     what Layout leaves of Task, from the range's start
 *                 |Layout|                     rendering  all of Layout
 *                                              idle       from Task's end to the range's end
 */
import { SLICE_END_INFERRED, SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import { CATEGORIES, type Category, categoryNumber } from './categories.ts';
import type { Breakdown, SliceClasses, TimeRange } from './contract.ts';

export interface BreakdownQuery {
  /** Row in the thread table. */
  readonly thread: number;
  readonly range: TimeRange;
  /** False leaves the JS calls out that samples tell of: events only. */
  readonly jsCalls: boolean;
}

export function computeBreakdown(
  tables: TraceTables,
  classes: SliceClasses,
  query: BreakdownQuery,
): Breakdown {
  const { slices, threads } = tables;
  const { range, jsCalls } = query;
  const micros = new Float64Array(CATEGORIES.length);
  /** Counted slices that contain the one at hand, outermost first. */
  const above: number[] = [];
  const end = threads.endSlice[query.thread];
  for (let i = threads.firstSlice[query.thread]; i < end; ) {
    const from = Math.max(slices.start[i], range.start);
    const to = Math.min(slices.start[i] + slices.duration[i], range.end);
    if (to <= from) {
      i = slices.subtreeEnd[i];
      continue;
    }
    if (isCounted(slices.flags[i], classes.visible[i], jsCalls)) {
      while (above.length > 0 && slices.subtreeEnd[above[above.length - 1]] <= i) above.pop();
      micros[classes.category[i]] += to - from;
      if (above.length > 0) micros[classes.category[above[above.length - 1]]] -= to - from;
      above.push(i);
    }
    i++;
  }
  return toMillis(micros, range);
}

/**
 * A slice whose end was never written is drawn, but takes no time of its own: how long it really lasted is not in the
 * trace. DevTools does the same; `diagnostics.beginsWithoutEnd` tells how many there are.
 */
function isCounted(flags: number, visible: number, jsCalls: boolean): boolean {
  if (visible === 0 || (flags & SLICE_END_INFERRED) !== 0) return false;
  return jsCalls || (flags & SLICE_JS_CALL) === 0;
}

/** `idle` is the range less everything else, whatever slices of category idle say. */
function toMillis(micros: Float64Array, range: TimeRange): Breakdown {
  const idle = categoryNumber('idle');
  let busy = 0;
  for (let c = 0; c < micros.length; c++) if (c !== idle) busy += micros[c];
  micros[idle] = Math.max(0, range.end - range.start - busy);
  const entries = CATEGORIES.map((category, c): [Category, number] => [
    category,
    Math.max(0, micros[c]) / 1000,
  ]);
  return Object.fromEntries(entries) as Record<Category, number>;
}

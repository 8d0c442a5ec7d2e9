/**
 * Slices that the user took out of the chart. What is hidden takes neither box nor row; what is inside it stands in its
 * place. Only the picture changes: no number does.
 * In: trace tables, their classes, rules. Out: classes for the layout. Refuses: slices that are not there (left out).
 */
import type { SliceClasses } from '../analysis/index.ts';
import type { SliceIndex } from '../base/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';

export interface HideRule {
  /** The slice itself; all that is inside it; or what inside it is of its own function or name again. */
  readonly what: 'slice' | 'children' | 'repeats';
  readonly slice: SliceIndex;
}

export function hideSlices(
  tables: TraceTables,
  classes: SliceClasses,
  rules: readonly HideRule[],
): SliceClasses {
  if (rules.length === 0) return classes;
  const { slices } = tables;
  const visible = classes.visible.slice();
  for (const { what, slice } of rules) {
    if (slice < 0 || slice >= slices.length) continue;
    if (what === 'slice') visible[slice] = 0;
    else if (what === 'children') visible.fill(0, slice + 1, slices.subtreeEnd[slice]);
    else
      for (let inside = slice + 1; inside < slices.subtreeEnd[slice]; inside++)
        if (isSame(tables, inside, slice)) visible[inside] = 0;
  }
  return { ...classes, visible };
}

function isSame({ slices, stacks }: TraceTables, one: number, other: number): boolean {
  const isCall = (slice: number): boolean => (slices.flags[slice] & SLICE_JS_CALL) !== 0;
  if (isCall(one) !== isCall(other)) return false;
  if (!isCall(one)) return slices.name[one] === slices.name[other];
  return stacks.frame[slices.detail[one]] === stacks.frame[slices.detail[other]];
}

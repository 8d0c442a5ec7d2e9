/**
 * Slices that the user took out of the chart, one by one or by the ignore list. What is hidden takes neither box nor row;
 * what is inside it stands in its place. Only the picture changes: no number does.
 * In: trace tables, their classes, rules, patterns. Out: classes for the layout. Refuses: slices that are not there (left
 * out).
 */
import type { SliceClasses } from '../analysis/index.ts';
import type { SliceIndex } from '../base/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import { ignoreTest } from './ignored.ts';

export interface HideRule {
  /** The slice itself; all that is inside it; or what inside it is of its own function or name again. */
  readonly what: 'slice' | 'children' | 'repeats';
  readonly slice: SliceIndex;
}

export function hideSlices(
  tables: TraceTables,
  classes: SliceClasses,
  rules: readonly HideRule[],
  ignored: readonly string[] = [],
): SliceClasses {
  if (rules.length === 0 && ignored.length === 0) return classes;
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
  if (ignored.length > 0) hideIgnored(tables, visible, ignoreTest(ignored));
  return { ...classes, visible };
}

/** JavaScript calls of ignored scripts; the browser's own work in them stays. */
function hideIgnored(
  { slices, stacks, frames, strings }: TraceTables,
  visible: Uint8Array,
  isIgnored: (url: string) => boolean,
): void {
  const hides = new Uint8Array(frames.length);
  for (let frame = 0; frame < frames.length; frame++)
    if (isIgnored(strings.get(frames.url[frame]))) hides[frame] = 1;
  for (let slice = 0; slice < slices.length; slice++)
    if ((slices.flags[slice] & SLICE_JS_CALL) !== 0 && hides[stacks.frame[slices.detail[slice]]] === 1)
      visible[slice] = 0;
}

function isSame({ slices, stacks }: TraceTables, one: number, other: number): boolean {
  const isCall = (slice: number): boolean => (slices.flags[slice] & SLICE_JS_CALL) !== 0;
  if (isCall(one) !== isCall(other)) return false;
  if (!isCall(one)) return slices.name[one] === slices.name[other];
  return stacks.frame[slices.detail[one]] === stacks.frame[slices.detail[other]];
}

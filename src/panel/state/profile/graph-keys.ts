/**
 * Keys of the flame graph, Firefox's own where it has them: which transform a key means. Pure. The help lists them
 * from here (keys.ts), the pane's buttons name them.
 */
import type { BoxTransform } from './graph-view.ts';

export interface TransformKey {
  readonly kind: BoxTransform;
  /** `KeyboardEvent.code`. */
  readonly code: string;
  readonly shift: boolean;
  /** As people read it. */
  readonly keys: string;
  /** On a button. */
  readonly name: string;
  readonly does: string;
}

export const TRANSFORM_KEYS: readonly TransformKey[] = [
  {
    kind: 'focus-subtree',
    code: 'KeyF',
    shift: true,
    keys: 'Shift+F',
    name: 'Focus here',
    does: 'Only this box and what is below it',
  },
  {
    kind: 'focus-function',
    code: 'KeyF',
    shift: false,
    keys: 'F',
    name: 'Focus function',
    does: 'Only what runs in this function, wherever it is called',
  },
  {
    kind: 'merge',
    code: 'KeyM',
    shift: false,
    keys: 'M',
    name: 'Merge',
    does: 'Take the function out: its time is its callers’',
  },
  {
    kind: 'collapse-function',
    code: 'KeyC',
    shift: false,
    keys: 'C',
    name: 'Collapse',
    does: 'Take out what the function calls: its time is the function’s',
  },
  {
    kind: 'collapse-source',
    code: 'KeyC',
    shift: true,
    keys: 'Shift+C',
    name: 'Collapse file',
    does: 'Calls within this file become one box',
  },
  {
    kind: 'collapse-recursion',
    code: 'KeyR',
    shift: false,
    keys: 'R',
    name: 'Collapse recursion',
    does: 'Calls of the function by itself become one box',
  },
  {
    kind: 'collapse-all-recursion',
    code: 'KeyR',
    shift: true,
    keys: 'Shift+R',
    name: 'All recursion',
    does: 'Calls of any function by itself become one box',
  },
  {
    kind: 'drop',
    code: 'Delete',
    shift: false,
    keys: 'Delete',
    name: 'Drop',
    does: 'Leave out the time in the function',
  },
];

export function transformOfKey(code: string, shift: boolean): BoxTransform | null {
  return TRANSFORM_KEYS.find((each) => each.code === code && each.shift === shift)?.kind ?? null;
}

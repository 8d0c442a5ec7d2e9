/**
 * Roles of a grid's parts. Tables of the page cannot be these: a row in sight stands by itself at its place, and laid
 * out so a table is none to a screen reader any more. The grid keeps the focus; of its parts the heads' buttons alone take
 * it by keys.
 */

export const GRID_ROLES = {
  grid: { role: 'grid', tabIndex: 0 },
  treegrid: { role: 'treegrid', tabIndex: 0 },
  rows: { role: 'rowgroup' },
  sizer: { role: 'presentation' },
  row: { role: 'row', tabIndex: -1 },
  head: { role: 'columnheader', tabIndex: -1 },
  cell: { role: 'gridcell', tabIndex: -1 },
} as const;

/** A press on a part would move the focus to it, off the grid. */
export function keepGridFocus(event: MouseEvent & { readonly currentTarget: HTMLElement }): void {
  if (event.target instanceof Element && event.target.closest('input, select') !== null) return;
  event.preventDefault();
  event.currentTarget.focus({ preventScroll: true });
}

/** A key that the grid's rows are meant by: on the heads, buttons have keys of their own. */
export function isForRows({ ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  return !(target instanceof Element && target.closest('.grid-head') !== null);
}

/**
 * The head of a column that sorts: a button, reached with Tab from its grid. In: whether and which way the table is sorted
 * by it. Out: a column header; the press goes to `onSort`.
 */
import { GRID_ROLES } from './grid-roles.ts';

interface SortHeadProps {
  readonly name: string;
  readonly kind: string;
  /** null: the table is sorted by another one. */
  readonly direction: 'ascending' | 'descending' | null;
  readonly onSort: () => void;
}

export function SortHead({ name, kind, direction, onSort }: SortHeadProps) {
  return (
    <span {...{ ...GRID_ROLES.head, 'aria-sort': direction ?? 'none' }} class={kind}>
      <button type="button" onClick={onSort}>
        {name}
        {direction !== null && <span aria-hidden="true">{direction === 'descending' ? ' ▾' : ' ▴'}</span>}
      </button>
    </span>
  );
}

/**
 * The innermost slice around another that is of a kind.
 * In: who is whose parent, and a test of slices. Out: a function of a slice: the row around it, -1 for none. Each slice is
 * looked at once, however many lie in it: a recursion is as deep as it likes.
 */
import type { SliceTable } from '../trace/index.ts';

export function nearestAround(
  { parent }: Pick<SliceTable, 'parent'>,
  fits: (row: number) => boolean,
): (row: number) => number {
  /** Of slices that are not of the kind: what is around them. */
  const known = new Map<number, number>();
  return (row) => {
    const passed: number[] = [];
    let at = parent[row];
    while (at >= 0 && !known.has(at) && !fits(at)) {
      passed.push(at);
      at = parent[at];
    }
    const found = at < 0 ? -1 : (known.get(at) ?? at);
    for (const each of passed) known.set(each, found);
    return found;
  };
}

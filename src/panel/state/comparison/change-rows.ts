/**
 * What changed between two profiles → the rows of a table. Pure.
 * In: functions before and after as measured, what is compared, what sorts, what is looked for. Out: rows from top to
 * bottom, in steps; the largest change first, unless told otherwise. Shares are of what each side holds in all.
 */
import { type Steps, sortInSteps } from '../../../base/index.ts';
import type { FunctionChanges } from '../../../engine/client.ts';
import type { CompareBy, FunctionRef } from '../../../profile/index.ts';
import { sortKeyOf } from '../profile/sort-key.ts';

/** `self`, `total`: by the change; `before` and `after` are of what each took itself. */
export type ChangeSort =
  | 'self'
  | 'total'
  | 'before'
  | 'after'
  | 'total-before'
  | 'total-after'
  | 'name'
  | 'source';
export type ChangeKind = 'all' | 'more' | 'less' | 'new' | 'gone';

export interface ChangeRow {
  /** Row of the answer. */
  readonly row: number;
  readonly name: string;
  readonly kind: 'new' | 'gone' | 'both';
  /** After less before: weights, or shares of 1. */
  readonly self: number;
  readonly total: number;
}

export interface ChangeOptions {
  readonly by: CompareBy;
  readonly sort: ChangeSort;
  readonly reversed: boolean;
  readonly kind: ChangeKind;
  /** Part of a name or address, in any case. */
  readonly text: string;
}

/** Steps of long loops. */
const AT_ONCE = 2048;

export function* listChanges(answer: FunctionChanges, options: ChangeOptions): Steps<readonly ChangeRow[]> {
  const scales = scalesOf(answer, options.by);
  const deltaOf = ({ before, after }: FunctionChanges['self'], row: number): number =>
    after[row] * scales.after - before[row] * scales.before;
  const wanted = options.text.trim().toLowerCase();
  const rows: ChangeRow[] = [];
  for (let row = 0; row < answer.length; row++) {
    if (row % AT_ONCE === AT_ONCE - 1) yield;
    const { name, url } = functionOfChange(answer, row);
    if (wanted !== '' && !name.toLowerCase().includes(wanted) && !url.toLowerCase().includes(wanted))
      continue;
    const { before, after } = answer.total;
    const kind = before[row] === 0 ? 'new' : after[row] === 0 ? 'gone' : 'both';
    const change: ChangeRow = {
      row,
      name,
      kind,
      self: deltaOf(answer.self, row),
      total: deltaOf(answer.total, row),
    };
    if (isOfKind(change, options.kind)) rows.push(change);
  }
  const sorted = yield* sortInSteps(rows, comparison(answer, options));
  return options.reversed ? [...sorted].reverse() : sorted;
}

export function functionOfChange({ strings, frames, frame }: FunctionChanges, row: number): FunctionRef {
  const at = frame[row];
  return {
    name: strings[frames.name[at]],
    url: strings[frames.url[at]],
    line: frames.line[at],
    column: frames.column[at],
  };
}

/** What weights are multiplied with to be compared: 1, or so that each side adds up to 1. */
export function scalesOf(
  { weights }: Pick<FunctionChanges, 'weights'>,
  by: CompareBy,
): { readonly before: number; readonly after: number } {
  if (by === 'weight') return { before: 1, after: 1 };
  const perWhole = (whole: number): number => (whole > 0 ? 1 / whole : 0);
  return { before: perWhole(weights.before), after: perWhole(weights.after) };
}

function isOfKind({ kind, self, total }: ChangeRow, wanted: ChangeKind): boolean {
  switch (wanted) {
    case 'all':
      return true;
    case 'new':
    case 'gone':
      return kind === wanted;
    case 'more':
      return (self === 0 ? total : self) > 0;
    case 'less':
      return (self === 0 ? total : self) < 0;
  }
}

function comparison(
  answer: FunctionChanges,
  { sort }: ChangeOptions,
): (one: ChangeRow, other: ChangeRow) => number {
  const bySelf = (one: ChangeRow, other: ChangeRow): number => Math.abs(other.self) - Math.abs(one.self);
  const byTotal = (one: ChangeRow, other: ChangeRow): number => Math.abs(other.total) - Math.abs(one.total);
  const keys = new Map<string, string>();
  const keyOf = (name: string): string => {
    const key = keys.get(name) ?? sortKeyOf(name);
    keys.set(name, key);
    return key;
  };
  const last = (one: ChangeRow, other: ChangeRow): number => {
    const [first, second] = [keyOf(one.name), keyOf(other.name)];
    return first < second ? -1 : first > second ? 1 : one.row - other.row;
  };
  const byColumn =
    (column: Float64Array) =>
    (one: ChangeRow, other: ChangeRow): number =>
      column[other.row] - column[one.row] || last(one, other);
  switch (sort) {
    case 'self':
      return (one, other) => bySelf(one, other) || byTotal(one, other) || last(one, other);
    case 'total':
      return (one, other) => byTotal(one, other) || bySelf(one, other) || last(one, other);
    case 'before':
    case 'after':
      return byColumn(answer.self[sort]);
    case 'total-before':
      return byColumn(answer.total.before);
    case 'total-after':
      return byColumn(answer.total.after);
    case 'name':
      return last;
    case 'source':
      return (one, other) => bySource(answer, one, other) || last(one, other);
  }
}

/** By address, line and column; what has no address goes last. */
function bySource(answer: FunctionChanges, one: ChangeRow, other: ChangeRow): number {
  const [first, second] = [functionOfChange(answer, one.row), functionOfChange(answer, other.row)];
  if (first.url !== second.url) {
    if (first.url === '' || second.url === '') return first.url === '' ? 1 : -1;
    return first.url < second.url ? -1 : 1;
  }
  return first.line - second.line || first.column - second.column;
}

/**
 * Which slices and instants begin at a moment of a thread.
 * In: trace tables; then thread and time, and what is looked for. Out: a row of the slice table, -1 for none. JavaScript
 * calls are no events. Where very many begin at one moment they are looked through once.
 */
import { lowerBound, upperBound } from '../base/index.ts';
import { SLICE_INSTANT, SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';

/** So many are looked through each time. */
export const FEW = 16;

type Tables = Pick<TraceTables, 'slices' | 'threads'>;

export class EventRows {
  readonly #tables: Tables;
  /** By the first row of a moment at which many begin. */
  readonly #crowds = new Map<number, Crowd>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** The event that stands at `detail` in the source. */
  find(thread: number, time: number, detail: number): number {
    const { slices } = this.#tables;
    const [first, end] = this.at(thread, time);
    if (end - first > FEW) return this.#crowd(first, end).byDetail.get(detail) ?? -1;
    for (let row = first; row < end; row++)
      if (slices.detail[row] === detail && isEvent(this.#tables, row)) return row;
    return -1;
  }

  /** The outermost of a name. */
  named(thread: number, time: number, name: number): number {
    const { slices } = this.#tables;
    const [first, end] = this.at(thread, time);
    if (end - first > FEW) return this.#crowd(first, end).byName.get(name) ?? -1;
    for (let row = first; row < end; row++)
      if (slices.name[row] === name && isEvent(this.#tables, row)) return row;
    return -1;
  }

  /** The outermost of a category that is not `but`. */
  outermost(thread: number, time: number, { category, but }: { category: number; but: number }): number {
    const { slices } = this.#tables;
    const [first, end] = this.at(thread, time);
    if (end - first > FEW) {
      const alike = this.#crowd(first, end).byCategory.get(category);
      return (alike?.first === but ? alike.second : alike?.first) ?? -1;
    }
    for (let row = first; row < end; row++)
      if (row !== but && slices.traceCategory[row] === category && isEvent(this.#tables, row)) return row;
    return -1;
  }

  /** The innermost of a category, of the name if there is one. */
  innermost(thread: number, time: number, { category, name }: { category: number; name: number }): number {
    const { slices } = this.#tables;
    const [first, end] = this.at(thread, time);
    if (end - first > FEW) {
      const alike = this.#crowd(first, end).byCategory.get(category);
      return alike?.lastOfName.get(name) ?? alike?.last ?? -1;
    }
    let found = -1;
    for (let row = end - 1; row >= first; row--) {
      if (slices.traceCategory[row] !== category || !isEvent(this.#tables, row)) continue;
      if (slices.name[row] === name) return row;
      if (found < 0) found = row;
    }
    return found;
  }

  /** The innermost slice: no instant. */
  innermostSlice(thread: number, time: number): number {
    const [first, end] = this.at(thread, time);
    if (end - first > FEW) return this.#crowd(first, end).lastSlice;
    for (let row = end - 1; row >= first; row--) if (isSlice(this.#tables, row)) return row;
    return -1;
  }

  /** Rows that begin then, calls among them: [first, end). */
  at(thread: number, time: number): [number, number] {
    const { slices, threads } = this.#tables;
    const last = threads.endSlice[thread];
    const first = lowerBound(slices.start, time, threads.firstSlice[thread], last);
    return [first, slices.start[first] === time ? upperBound(slices.start, time, first, last) : first];
  }

  #crowd(first: number, end: number): Crowd {
    const known = this.#crowds.get(first);
    if (known !== undefined) return known;
    const crowd = gather(this.#tables, first, end);
    this.#crowds.set(first, crowd);
    return crowd;
  }
}

export const isEvent = ({ slices }: Tables, row: number): boolean =>
  (slices.flags[row] & SLICE_JS_CALL) === 0;
export const isSlice = ({ slices }: Tables, row: number): boolean =>
  (slices.flags[row] & (SLICE_JS_CALL | SLICE_INSTANT)) === 0;

/** Many events of one moment. */
interface Crowd {
  readonly byDetail: ReadonlyMap<number, number>;
  readonly byName: ReadonlyMap<number, number>;
  readonly byCategory: ReadonlyMap<number, Alike>;
  readonly lastSlice: number;
}

/** Those of one category. */
interface Alike {
  readonly first: number;
  second: number | undefined;
  last: number;
  readonly lastOfName: Map<number, number>;
}

function gather(tables: Tables, first: number, end: number): Crowd {
  const { detail, name, traceCategory } = tables.slices;
  const byDetail = new Map<number, number>();
  const byName = new Map<number, number>();
  const byCategory = new Map<number, Alike>();
  let lastSlice = -1;
  for (let row = first; row < end; row++) {
    if (!isEvent(tables, row)) continue;
    if (isSlice(tables, row)) lastSlice = row;
    byDetail.set(detail[row], row);
    if (!byName.has(name[row])) byName.set(name[row], row);
    const alike = byCategory.get(traceCategory[row]);
    if (alike === undefined) {
      const lastOfName = new Map([[name[row], row]]);
      byCategory.set(traceCategory[row], { first: row, second: undefined, last: row, lastOfName });
      continue;
    }
    alike.second ??= row;
    alike.last = row;
    alike.lastOfName.set(name[row], row);
  }
  return { byDetail, byName, byCategory, lastSlice };
}

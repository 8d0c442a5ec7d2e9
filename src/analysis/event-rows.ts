/**
 * Which slice an event became.
 * In: trace tables; then thread, time and place in the source of an event. Out: its row in the slice table, -1 where it is
 * no slice. Where very many begin at one moment they are looked through once.
 */
import { lowerBound } from '../base/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';

/** So many are looked through each time. */
const FEW = 16;

export class EventRows {
  readonly #tables: Pick<TraceTables, 'slices' | 'threads'>;
  /** By the first row of a moment: place in the source → row. */
  readonly #moments = new Map<number, ReadonlyMap<number, number>>();

  constructor(tables: Pick<TraceTables, 'slices' | 'threads'>) {
    this.#tables = tables;
  }

  find(thread: number, time: number, detail: number): number {
    const { slices, threads } = this.#tables;
    const end = threads.endSlice[thread];
    const first = lowerBound(slices.start, time, threads.firstSlice[thread], end);
    for (let row = first; row < end && slices.start[row] === time; row++) {
      if (row - first === FEW) return this.#momentAt(first, end).get(detail) ?? -1;
      if (slices.detail[row] === detail && this.#isEvent(row)) return row;
    }
    return -1;
  }

  #momentAt(first: number, end: number): ReadonlyMap<number, number> {
    const { start, detail } = this.#tables.slices;
    const known = this.#moments.get(first);
    if (known !== undefined) return known;
    const rows = new Map<number, number>();
    for (let row = first; row < end && start[row] === start[first]; row++)
      if (this.#isEvent(row)) rows.set(detail[row], row);
    this.#moments.set(first, rows);
    return rows;
  }

  /** A call's detail is its stack. */
  #isEvent(row: number): boolean {
    return (this.#tables.slices.flags[row] & SLICE_JS_CALL) === 0;
  }
}

/**
 * Flows: which slice leads to which, as the trace says itself.
 * In: trace tables. Out: pairs of slice rows, by flow and time. Refuses: flows of async events, which are no slices.
 *
 * A step is of the slice or instant that tells it. A flow event by itself (JSON's s, t, f) is of a slice or instant of
 * its trace category that begins at that very moment: so Chrome writes the flows of a slice, a start by the slice's own
 * name. Of several a start is of the innermost of its name, a step or end of the outermost that it does not come from.
 * Where there is none, it is of the slice around that moment; an `f` without `bp: "e"` is of the slice that begins next.
 *
 *   s        t          f
 *   A ─────► B ───────► C        two pairs: A → B, B → C; a start begins anew, an end ends
 */
import { lowerBound } from '../base/index.ts';
import { FLOW_END, FLOW_OF_ITSELF, FLOW_OF_NEXT, FLOW_START, type TraceTables } from '../trace/index.ts';
import { EventRows, FEW, isSlice } from './event-rows.ts';

export function findFlows(tables: TraceTables, onPair: (cause: number, effect: number) => void): void {
  const { key, step } = tables.flows;
  const ownerOf = new StepOwners(tables);
  /** By flow: the slice that its next step comes from; -1 for none. */
  const last: number[] = [];
  for (const at of inOrder(tables)) {
    const flow = key[at];
    const from = (step[at] & FLOW_START) !== 0 ? -1 : (last[flow] ?? -1);
    const row = ownerOf.find(at, from);
    if (row >= 0 && from >= 0 && from !== row) onPair(from, row);
    if ((step[at] & FLOW_END) !== 0) last[flow] = -1;
    else if (row >= 0) last[flow] = row;
  }
}

/** Steps by time, as in the file where they are of one moment. */
function inOrder({ flows: { length, time } }: TraceTables): Uint32Array {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  return order.sort((a, b) => time[a] - time[b] || a - b);
}

/** Steps are asked for in the order of time. However many are of one moment, and however deep they lie, each costs the same. */
class StepOwners {
  readonly #tables: TraceTables;
  readonly #rows: EventRows;
  /** Of slices that have ended, where the way out was long: what was open around them. */
  readonly #outer = new Map<number, number>();
  /** By thread: rows without a slice among them, and the slice behind them. */
  readonly #nextSlice = new Map<number, { readonly from: number; readonly slice: number }>();
  /** Processes and categories of the async events of one moment at which many begin. */
  #asyncCrowd: { readonly time: number; readonly places: ReadonlySet<string> } | null = null;

  constructor(tables: TraceTables) {
    this.#tables = tables;
    this.#rows = new EventRows(tables);
  }

  /** The slice that the step is of, where it comes from `from`; -1 for none. */
  find(at: number, from: number): number {
    const { step, thread, time, detail } = this.#tables.flows;
    if ((step[at] & FLOW_OF_ITSELF) !== 0) return this.#rows.find(thread[at], time[at], detail[at]);
    const beginning = this.#beginning(at, from);
    if (beginning >= 0) return beginning;
    if (this.#isOfAsync(at)) return -1;
    return (step[at] & FLOW_OF_NEXT) !== 0 ? this.#next(at) : this.#around(at);
  }

  /** Of its category, beginning then: the innermost for a start, the outermost that it does not come from for others. */
  #beginning(at: number, from: number): number {
    const { step, thread, time, name, traceCategory } = this.#tables.flows;
    const category = traceCategory[at];
    return (step[at] & FLOW_START) !== 0
      ? this.#rows.innermost(thread[at], time[at], { category, name: name[at] })
      : this.#rows.outermost(thread[at], time[at], { category, but: from });
  }

  #isOfAsync(at: number): boolean {
    const { asyncSlices, flows, threads } = this.#tables;
    const time = flows.time[at];
    const pid = threads.pid[flows.thread[at]];
    const category = flows.traceCategory[at];
    if (this.#asyncCrowd?.time === time) return this.#asyncCrowd.places.has(`${pid} ${category}`);
    const first = lowerBound(asyncSlices.start, time);
    for (let row = first; asyncSlices.start[row] === time; row++) {
      if (asyncSlices.pid[row] === pid && asyncSlices.traceCategory[row] === category) return true;
      if (row - first < FEW) continue;
      this.#asyncCrowd = { time, places: this.#asyncPlaces(first) };
      return this.#asyncCrowd.places.has(`${pid} ${category}`);
    }
    return false;
  }

  #asyncPlaces(first: number): ReadonlySet<string> {
    const { start, pid, traceCategory } = this.#tables.asyncSlices;
    const places = new Set<string>();
    for (let row = first; start[row] === start[first]; row++) places.add(`${pid[row]} ${traceCategory[row]}`);
    return places;
  }

  #around(at: number): number {
    const { slices, flows, threads } = this.#tables;
    const time = flows.time[at];
    const thread = flows.thread[at];
    const beginning = this.#rows.innermostSlice(thread, time);
    if (beginning >= 0) return beginning;
    const [first] = this.#rows.at(thread, time);
    const passed: number[] = [];
    let row = first > threads.firstSlice[thread] ? first - 1 : -1;
    while (row >= 0 && !(isSlice(this.#tables, row) && slices.start[row] + slices.duration[row] > time)) {
      passed.push(row);
      row = this.#outer.get(row) ?? slices.parent[row];
    }
    if (passed.length > FEW) for (const each of passed) this.#outer.set(each, row);
    return row;
  }

  #next(at: number): number {
    const { threads, flows } = this.#tables;
    const thread = flows.thread[at];
    const end = threads.endSlice[thread];
    const [first] = this.#rows.at(thread, flows.time[at]);
    const known = this.#nextSlice.get(thread);
    let row = first;
    if (known !== undefined && first >= known.from && first <= known.slice) row = known.slice;
    else while (row < end && !isSlice(this.#tables, row)) row++;
    if (row - first > FEW) this.#nextSlice.set(thread, { from: first, slice: row });
    return row < end ? row : -1;
  }
}

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
import { lowerBound, upperBound } from '../base/index.ts';
import {
  FLOW_END,
  FLOW_OF_ITSELF,
  FLOW_OF_NEXT,
  FLOW_START,
  SLICE_INSTANT,
  SLICE_JS_CALL,
  type TraceTables,
} from '../trace/index.ts';

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

class StepOwners {
  readonly #tables: TraceTables;

  constructor(tables: TraceTables) {
    this.#tables = tables;
  }

  /** The slice that the step is of, where it comes from `from`; -1 for none. */
  find(at: number, from: number): number {
    const { step } = this.#tables.flows;
    if ((step[at] & FLOW_OF_ITSELF) !== 0) return this.#itself(at);
    const beginning = (step[at] & FLOW_START) !== 0 ? this.#beginningOf(at) : this.#beginning(at, from);
    if (beginning >= 0) return beginning;
    if (this.#isOfAsync(at)) return -1;
    return (step[at] & FLOW_OF_NEXT) !== 0 ? this.#next(at) : this.#around(at);
  }

  #itself(at: number): number {
    const { slices, flows } = this.#tables;
    const [first, end] = this.#atTime(at);
    for (let row = first; row < end; row++)
      if (this.#isEvent(row) && slices.detail[row] === flows.detail[at]) return row;
    return -1;
  }

  /** Of a start: the innermost of its category that begins then, of its name if there is one. */
  #beginningOf(at: number): number {
    const { slices, flows } = this.#tables;
    const [first, end] = this.#atTime(at);
    let found = -1;
    for (let row = end - 1; row >= first; row--) {
      if (!this.#isAlike(row, at)) continue;
      if (slices.name[row] === flows.name[at]) return row;
      if (found < 0) found = row;
    }
    return found;
  }

  /** Of a step or end: the outermost of its category that begins then, but for the one that it comes from. */
  #beginning(at: number, from: number): number {
    const [first, end] = this.#atTime(at);
    for (let row = first; row < end; row++) if (row !== from && this.#isAlike(row, at)) return row;
    return -1;
  }

  #isAlike(row: number, at: number): boolean {
    const { slices, flows } = this.#tables;
    return this.#isEvent(row) && slices.traceCategory[row] === flows.traceCategory[at];
  }

  #isOfAsync(at: number): boolean {
    const { asyncSlices, flows, threads } = this.#tables;
    const time = flows.time[at];
    const pid = threads.pid[flows.thread[at]];
    for (let row = lowerBound(asyncSlices.start, time); asyncSlices.start[row] === time; row++) {
      if (asyncSlices.pid[row] === pid && asyncSlices.traceCategory[row] === flows.traceCategory[at])
        return true;
    }
    return false;
  }

  #around(at: number): number {
    const { slices, flows, threads } = this.#tables;
    const time = flows.time[at];
    const [first, end] = this.#atTime(at);
    for (let row = end - 1; row >= first; row--) if (this.#isSlice(row)) return row;
    let row = first > threads.firstSlice[flows.thread[at]] ? first - 1 : -1;
    while (row >= 0 && !(this.#isSlice(row) && slices.start[row] + slices.duration[row] > time))
      row = slices.parent[row];
    return row;
  }

  #next(at: number): number {
    const { threads, flows } = this.#tables;
    const end = threads.endSlice[flows.thread[at]];
    let row = this.#atTime(at)[0];
    while (row < end && !this.#isSlice(row)) row++;
    return row < end ? row : -1;
  }

  /** Rows that begin at the moment of the step: [first, end). */
  #atTime(at: number): [number, number] {
    const { slices, threads, flows } = this.#tables;
    const thread = flows.thread[at];
    const first = lowerBound(
      slices.start,
      flows.time[at],
      threads.firstSlice[thread],
      threads.endSlice[thread],
    );
    return [first, upperBound(slices.start, flows.time[at], first, threads.endSlice[thread])];
  }

  #isEvent(row: number): boolean {
    return (this.#tables.slices.flags[row] & SLICE_JS_CALL) === 0;
  }

  #isSlice(row: number): boolean {
    return (this.#tables.slices.flags[row] & (SLICE_JS_CALL | SLICE_INSTANT)) === 0;
  }
}

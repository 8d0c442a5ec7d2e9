/**
 * Intervals of async events and async tracks: begin and end are tied by id and trace category, innermost first.
 * In: async begin and end events in file order. Out: the async slice table, sorted by start.
 * An end without a name (Perfetto) ends the innermost; one with a name ends the innermost of that name.
 */
import { type Column, float64Column, int32Column, type StringTable, uint8Column } from '../base/index.ts';
import type { EventRecord } from './event.ts';
import { type AsyncSliceTable, type Diagnostics, SLICE_END_INFERRED } from './tables.ts';

type Doubles = Column<Float64Array<ArrayBuffer>>;
type Ints = Column<Int32Array<ArrayBuffer>>;

export class AsyncCollector {
  readonly #strings: StringTable;
  readonly #diagnostics: Diagnostics;
  readonly #start: Doubles = float64Column();
  readonly #duration: Doubles = float64Column();
  readonly #pid: Ints = int32Column();
  readonly #name: Ints = int32Column();
  readonly #category: Ints = int32Column();
  readonly #id: Ints = int32Column();
  readonly #flags = uint8Column();
  readonly #detail: Doubles = float64Column();
  /** Trace category → id → open rows, outermost first. */
  readonly #open = new Map<number, Map<number, number[]>>();

  constructor(strings: StringTable, diagnostics: Diagnostics) {
    this.#strings = strings;
    this.#diagnostics = diagnostics;
  }

  begin(event: EventRecord): void {
    const row = this.#start.push(event.time);
    this.#duration.push(-1);
    this.#pid.push(event.pid);
    this.#name.push(event.name);
    this.#category.push(event.category);
    this.#id.push(event.id);
    this.#flags.push(0);
    this.#detail.push(event.offset);
    let byId = this.#open.get(event.category);
    if (byId === undefined) {
      byId = new Map();
      this.#open.set(event.category, byId);
    }
    const key = this.#keyOf(event);
    const stack = byId.get(key);
    if (stack === undefined) byId.set(key, [row]);
    else stack.push(row);
  }

  end(event: EventRecord): void {
    const byId = this.#open.get(event.category);
    const key = this.#keyOf(event);
    const stack = byId?.get(key);
    if (byId === undefined || stack === undefined) {
      this.#diagnostics.unmatchedAsync++;
      return;
    }
    let at = stack.length - 1;
    while (event.name !== 0 && at >= 0 && this.#name.values[stack[at]] !== event.name) at--;
    if (at < 0) {
      this.#diagnostics.unmatchedAsync++;
      return;
    }
    const row = stack[at];
    stack.splice(at, 1);
    if (stack.length === 0) byId.delete(key);
    const duration = event.time - this.#start.values[row];
    if (duration < 0) this.#diagnostics.negativeDurations++;
    this.#duration.values[row] = Math.max(0, duration);
  }

  /** Slices still open end at `traceEnd`. */
  settle(traceEnd: number): AsyncSliceTable {
    const length = this.#start.length;
    const start = this.#start.settle();
    const duration = this.#duration.settle();
    const flags = this.#flags.settle();
    for (let i = 0; i < length; i++) {
      if (duration[i] >= 0) continue;
      this.#diagnostics.unmatchedAsync++;
      duration[i] = Math.max(0, traceEnd - start[i]);
      flags[i] = SLICE_END_INFERRED;
    }
    const order = Int32Array.from(start.keys()).sort((a, b) => start[a] - start[b] || a - b);
    return {
      length,
      start: start.map((_, i) => start[order[i]]),
      duration: duration.map((_, i) => duration[order[i]]),
      pid: reorder(this.#pid, order),
      name: reorder(this.#name, order),
      traceCategory: reorder(this.#category, order),
      id: reorder(this.#id, order),
      flags: flags.map((_, i) => flags[order[i]]),
      detail: this.#detail.settle().map((_, i) => this.#detail.values[order[i]]),
    };
  }

  /** The id's string row; one of its own per process where the id counts within its process only. */
  #keyOf(event: EventRecord): number {
    if (!event.idIsLocal) return event.id;
    return this.#strings.intern(`${event.pid}/${this.#strings.get(event.id)}`);
  }
}

function reorder(column: Ints, order: Int32Array): Int32Array {
  const sorted = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[i] = column.values[order[i]];
  return sorted;
}

/**
 * Intervals of async events and async tracks: begin and end are tied by id and trace category, innermost first.
 * In: async begin and end events in file order. Out: the async slice table, sorted by start.
 * An end without a name (Perfetto) ends the innermost; one with a name ends the innermost of that name. Begin and end
 * may be written by different threads, so that the end stands before its begin in the file: they are tied in time order.
 */
import { type Column, float64Column, int32Column, type StringTable, uint8Column } from '../base/index.ts';
import type { EventRecord } from './event.ts';
import { type AsyncSliceTable, type Diagnostics, SLICE_END_INFERRED } from './tables.ts';

type Doubles = Column<Float64Array<ArrayBuffer>>;
type Ints = Column<Int32Array<ArrayBuffer>>;

/** Duration of a begin whose end has not come yet. */
const OPEN = -1;

export class AsyncCollector {
  readonly #strings: StringTable;
  readonly #diagnostics: Diagnostics;
  readonly #start: Doubles = float64Column();
  readonly #duration: Doubles = float64Column();
  readonly #pid: Doubles = float64Column();
  readonly #name: Ints = int32Column();
  readonly #category: Ints = int32Column();
  readonly #id: Ints = int32Column();
  /** String row that ties begin and end: the id's, or one of its own per process. */
  readonly #key: Ints = int32Column();
  readonly #detail: Doubles = float64Column();
  readonly #endTime: Doubles = float64Column();
  readonly #endName: Ints = int32Column();
  readonly #endCategory: Ints = int32Column();
  readonly #endKey: Ints = int32Column();
  /** Begins as their rows, ends as -1 - their rows, in file order. */
  readonly #tokens: Ints = int32Column();

  constructor(strings: StringTable, diagnostics: Diagnostics) {
    this.#strings = strings;
    this.#diagnostics = diagnostics;
  }

  begin(event: EventRecord): void {
    this.#tokens.push(this.#start.push(event.time));
    this.#duration.push(OPEN);
    this.#pid.push(event.pid);
    this.#name.push(event.name);
    this.#category.push(event.category);
    this.#id.push(event.id);
    this.#key.push(this.#keyOf(event));
    this.#detail.push(event.offset);
  }

  end(event: EventRecord): void {
    this.#tokens.push(-1 - this.#endTime.push(event.time));
    this.#endName.push(event.name);
    this.#endCategory.push(event.category);
    this.#endKey.push(this.#keyOf(event));
  }

  /** Slices still open end at `traceEnd`. */
  settle(traceEnd: number): AsyncSliceTable {
    this.#pair();
    const length = this.#start.length;
    const start = this.#start.values;
    const duration = this.#duration.values;
    const flags = uint8Column(length);
    for (let i = 0; i < length; i++) {
      const isOpen = duration[i] === OPEN;
      flags.push(isOpen ? SLICE_END_INFERRED : 0);
      if (!isOpen) continue;
      this.#diagnostics.unmatchedAsync++;
      duration[i] = Math.max(0, traceEnd - start[i]);
    }
    const order = Int32Array.from({ length }, (_, i) => i).sort((a, b) => start[a] - start[b] || a - b);
    const sorted = <A extends Float64Array | Int32Array | Uint8Array>(column: { settle(): A }): A => {
      const values = column.settle();
      return values.map((_, i) => values[order[i]]) as A;
    };
    return {
      length,
      start: sorted(this.#start),
      duration: sorted(this.#duration),
      pid: sorted(this.#pid),
      name: sorted(this.#name),
      traceCategory: sorted(this.#category),
      id: sorted(this.#id),
      flags: sorted(flags),
      detail: sorted(this.#detail),
    };
  }

  #pair(): void {
    /** Trace category → key → what is open there. */
    const open = new Map<number, Map<number, OpenRows>>();
    for (const token of this.#tokensByTime()) {
      const isBegin = token >= 0;
      const row = isBegin ? token : -1 - token;
      const category = isBegin ? this.#category.values[row] : this.#endCategory.values[row];
      const key = isBegin ? this.#key.values[row] : this.#endKey.values[row];
      let byKey = open.get(category);
      if (byKey === undefined) {
        byKey = new Map();
        open.set(category, byKey);
      }
      let rows = byKey.get(key);
      if (rows === undefined) {
        rows = new OpenRows(this.#name.values, this.#duration.values);
        byKey.set(key, rows);
      }
      if (isBegin) {
        rows.add(row);
        continue;
      }
      const begun = rows.take(this.#endName.values[row]);
      if (begun < 0) this.#diagnostics.unmatchedAsync++;
      else this.#duration.values[begun] = this.#endTime.values[row] - this.#start.values[begun];
      if (rows.isEmpty()) byKey.delete(key);
    }
  }

  /** File order where times tie. */
  #tokensByTime(): Int32Array {
    const tokens = this.#tokens.settle();
    const timeOf = (token: number): number =>
      token >= 0 ? this.#start.values[token] : this.#endTime.values[-1 - token];
    for (let i = 1; i < tokens.length; i++) {
      if (timeOf(tokens[i]) < timeOf(tokens[i - 1])) return tokens.sort((a, b) => timeOf(a) - timeOf(b));
    }
    return tokens;
  }

  /** The id's string row; one of its own per process where the id counts within its process only. */
  #keyOf(event: EventRecord): number {
    if (!event.idIsLocal) return event.id;
    return this.#strings.intern(`${event.pid}/${this.#strings.get(event.id)}`);
  }
}

/** What is open under one id, outermost first. Rows that were ended from the middle are dropped when they come up. */
class OpenRows {
  readonly #name: Int32Array;
  readonly #duration: Float64Array;
  readonly #rows: number[] = [];
  /** Only once an end was not of the innermost: until then nobody asks. */
  #byName: Map<number, number[]> | null = null;

  constructor(name: Int32Array, duration: Float64Array) {
    this.#name = name;
    this.#duration = duration;
  }

  add(row: number): void {
    this.#rows.push(row);
    if (this.#byName !== null) this.#addByName(this.#byName, row);
  }

  /** Takes the innermost row, of that name if it is not 0, out; -1 where there is none. Its duration is set next. */
  take(name: number): number {
    this.#dropEnded(this.#rows);
    const top = this.#rows.at(-1) ?? -1;
    if (top < 0 || name === 0 || this.#name[top] === name) return this.#rows.pop() ?? -1;
    if (this.#byName === null) {
      this.#byName = new Map();
      for (const row of this.#rows) if (this.#duration[row] === OPEN) this.#addByName(this.#byName, row);
    }
    const alike = this.#byName.get(name) ?? [];
    this.#dropEnded(alike);
    return alike.pop() ?? -1;
  }

  isEmpty(): boolean {
    this.#dropEnded(this.#rows);
    return this.#rows.length === 0;
  }

  #addByName(byName: Map<number, number[]>, row: number): void {
    const alike = byName.get(this.#name[row]);
    if (alike === undefined) byName.set(this.#name[row], [row]);
    else alike.push(row);
  }

  #dropEnded(rows: number[]): void {
    while (rows.length > 0 && this.#duration[rows[rows.length - 1]] !== OPEN) rows.pop();
  }
}

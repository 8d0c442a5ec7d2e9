/**
 * Values over time: one row per number in a counter event's arguments (`UpdateCounters` keeps them in `data`).
 * In: counter events. Out: the counter table, in file order. Refuses: values that are no finite number.
 */
import { float64Column, int32Column, type StringTable } from '../base/index.ts';
import type { Args, EventRecord } from './event.ts';
import type { CounterTable } from './tables.ts';

export class CounterCollector {
  readonly #strings: StringTable;
  readonly #time = float64Column(256);
  readonly #pid = float64Column(256);
  readonly #name = int32Column(256);
  readonly #value = float64Column(256);

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  add(event: EventRecord, args: Args): void {
    const data = args.data;
    const values = typeof data === 'object' && data !== null ? data : args;
    for (const [key, value] of Object.entries(values)) {
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      this.push(event.time, event.pid, this.#strings.intern(key), value);
    }
  }

  /** `name` is a string row. */
  push(time: number, pid: number, name: number, value: number): void {
    this.#time.push(time);
    this.#pid.push(pid);
    this.#name.push(name);
    this.#value.push(value);
  }

  settle(): CounterTable {
    return {
      length: this.#time.length,
      time: this.#time.settle(),
      pid: this.#pid.settle(),
      name: this.#name.settle(),
      value: this.#value.settle(),
    };
  }
}

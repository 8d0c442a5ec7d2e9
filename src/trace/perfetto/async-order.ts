/**
 * Async events in order of time. A stream holds one packet sequence after the other (its writers are read one by one),
 * and an async event may begin on one thread and end on another: its end may come first. So they are kept until all
 * are there, and handed over by time.
 * In: async events, their arguments where the tables need them. Out: the same events, sorted; an end without name and
 * trace category (Chrome writes none) has the category of the begin that it ends.
 */
import { type Column, float64Column, int32Column, uint8Column } from '../../base/index.ts';
import { type Args, type EventRecord, makeEventRecord, PHASE } from '../event.ts';
import type { EventSink } from '../event-sink.ts';
import type { Kernel } from '../kernel.ts';
import type { KernelValue } from '../kernel-calls.ts';

type Doubles = Column<Float64Array<ArrayBuffer>>;
type Ints = Column<Int32Array<ArrayBuffer>>;

const NO_ARGS: Args = {};

export class AsyncOrder {
  readonly #time: Doubles = float64Column();
  readonly #offset: Doubles = float64Column();
  readonly #phase = uint8Column();
  readonly #isLocal = uint8Column();
  readonly #name: Ints = int32Column();
  readonly #category: Ints = int32Column();
  readonly #id: Ints = int32Column();
  readonly #pid: Ints = int32Column();
  readonly #tid: Ints = int32Column();
  readonly #args = new Map<number, Args>();

  add(event: EventRecord, args: Args | undefined): void {
    const row = this.#time.push(event.time);
    this.#offset.push(event.offset);
    this.#phase.push(event.phase);
    this.#isLocal.push(event.idIsLocal ? 1 : 0);
    this.#name.push(event.name);
    this.#category.push(event.category);
    this.#id.push(event.id);
    this.#pid.push(event.pid);
    this.#tid.push(event.tid);
    if (args !== undefined) this.#args.set(row, args);
  }

  /** The kernel's, which the tables need no arguments of; their ids count within no process. */
  addStaged({ calls }: Kernel): void {
    const { buffer } = calls.memory;
    const count = calls.stagedCount.value;
    if (count === 0) return;
    const doubles = (at: KernelValue): Float64Array => new Float64Array(buffer, at.value >>> 0, count);
    const ints = (at: KernelValue): Int32Array => new Int32Array(buffer, at.value >>> 0, count);
    this.#time.append(doubles(calls.stagedTime));
    this.#offset.append(doubles(calls.stagedOffset));
    this.#phase.append(ints(calls.stagedPhase));
    this.#isLocal.append(new Uint8Array(count));
    this.#name.append(ints(calls.stagedName));
    this.#category.append(ints(calls.stagedCategory));
    this.#id.append(ints(calls.stagedId));
    this.#pid.append(doubles(calls.stagedPid));
    this.#tid.append(doubles(calls.stagedTid));
    calls.clearStaged();
  }

  handOver(builder: EventSink): void {
    const time = this.#time.values;
    const order = Int32Array.from({ length: this.#time.length }, (_, row) => row);
    order.sort((a, b) => time[a] - time[b] || a - b);
    /** Id → trace categories of what is open, outermost first. */
    const open = new Map<number, number[]>();
    const event = makeEventRecord();
    for (const row of order) {
      this.#load(event, row);
      if (event.phase === PHASE.asyncBegin) {
        const stack = open.get(event.id);
        if (stack === undefined) open.set(event.id, [event.category]);
        else stack.push(event.category);
      } else if (event.phase === PHASE.asyncEnd) {
        const category = open.get(event.id)?.pop() ?? 0;
        if (event.category === 0 && event.name === 0) event.category = category;
      }
      builder.add(event, () => this.#args.get(row) ?? NO_ARGS);
    }
  }

  #load(event: EventRecord, row: number): void {
    event.time = this.#time.values[row];
    event.offset = this.#offset.values[row];
    event.phase = this.#phase.values[row];
    event.idIsLocal = this.#isLocal.values[row] === 1;
    event.name = this.#name.values[row];
    event.category = this.#category.values[row];
    event.id = this.#id.values[row];
    event.pid = this.#pid.values[row];
    event.tid = this.#tid.values[row];
  }
}

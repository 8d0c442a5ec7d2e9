/**
 * Events that name what they belong together with: a timer's install and its firing bear one id, a layout and what made
 * it necessary one frame.
 * In: events whose name is of interest as `link`, with their arguments. Out: the link table, in file order; what belongs
 * to what is decided in analysis/initiators.ts. Refuses: ends, and phases that are no slice or instant.
 */
import { Column, float64Column, int32Column, type StringTable } from '../base/index.ts';
import { type Args, type EventRecord, PHASE } from './event.ts';
import type { LinkTable } from './tables.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Where Chrome's events keep their number, by what they are of. */
const ID_KEYS = ['timerId', 'traceId', 'taskId', 'identifier', 'id'];

export class LinkCollector {
  readonly #strings: StringTable;
  readonly #time = float64Column(256);
  readonly #detail = float64Column(256);
  readonly #thread = new Column(Uint16Array, 256);
  readonly #name = int32Column(256);
  readonly #frame = int32Column(256);
  readonly #id = int32Column(256);

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  add(event: EventRecord, thread: number, args: Args): void {
    if (!isSlice(event.phase)) return;
    const fields = asFields(args.data ?? args.beginData);
    this.#time.push(event.time);
    this.#detail.push(event.offset);
    this.#thread.push(thread);
    this.#name.push(event.name);
    this.#frame.push(this.#rowOf(fields.frame));
    const key = ID_KEYS.find((each) => Object.hasOwn(fields, each));
    this.#id.push(key === undefined ? 0 : this.#rowOf(fields[key]));
  }

  #rowOf(value: unknown): number {
    return typeof value === 'string' || typeof value === 'number' ? this.#strings.intern(String(value)) : 0;
  }

  settle(): LinkTable {
    return {
      length: this.#time.length,
      time: this.#time.settle(),
      thread: this.#thread.settle(),
      name: this.#name.settle(),
      detail: this.#detail.settle(),
      frame: this.#frame.settle(),
      id: this.#id.settle(),
    };
  }
}

const isSlice = (phase: number): boolean =>
  phase === PHASE.complete || phase === PHASE.begin || phase === PHASE.instant || phase === PHASE.instantOld;

const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

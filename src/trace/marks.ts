/**
 * Marks: events whose arguments say something about the page, kept in columns until somebody asks. There are tens of
 * thousands in a long trace, most of layout shifts and requests; as objects with parsed arguments they take ten times the
 * memory, and nobody asks for them before the chart is painted.
 * In: events with their arguments: bytes that are known to be JSON, a function that reads them, or what they are.
 * Out: marks by time, in file order where it ties.
 */
import { float64Column, int32Column, type StringTable, uint8Column } from '../base/index.ts';
import type { Args, EventRecord, ReadArgs } from './event.ts';
import type { Mark } from './tables.ts';

const BLOCK_BYTES = 1 << 18;

/** Bytes that are kept, many pieces to a block. */
class KeptBytes {
  readonly #blocks: Uint8Array[] = [];
  readonly #block = int32Column(256);
  readonly #from = int32Column(256);
  readonly #length = int32Column(256);
  #filled = BLOCK_BYTES;

  /** Keeps a copy of the bytes, and returns its number. */
  keep(bytes: Uint8Array): number {
    const last = this.#blocks.at(-1);
    if (last !== undefined && this.#filled + bytes.length <= last.length) last.set(bytes, this.#filled);
    else {
      const block = new Uint8Array(Math.max(BLOCK_BYTES, bytes.length));
      block.set(bytes);
      this.#blocks.push(block);
      this.#filled = 0;
    }
    this.#from.push(this.#filled);
    this.#length.push(bytes.length);
    this.#filled += bytes.length;
    return this.#block.push(this.#blocks.length - 1);
  }

  at(number: number): Uint8Array {
    const from = this.#from.values[number];
    return this.#blocks[this.#block.values[number]].subarray(from, from + this.#length.values[number]);
  }
}

export class MarkCollector {
  readonly strings: StringTable;
  /** String rows. */
  readonly name = int32Column(256);
  readonly category = int32Column(256);
  readonly id = int32Column(256);
  readonly phase = uint8Column(256);
  readonly time = float64Column(256);
  readonly duration = float64Column(256);
  readonly pid = float64Column(256);
  readonly tid = float64Column(256);
  /** Number of its arguments' bytes; -1 where they are read otherwise. */
  readonly #json = int32Column(256);
  readonly #bytes = new KeptBytes();
  readonly #readers = new Map<number, ReadArgs>();
  #settled: readonly Mark[] | null = null;

  constructor(strings: StringTable) {
    this.strings = strings;
  }

  add(event: EventRecord, args: Uint8Array | ReadArgs): void {
    const row = this.time.push(event.time);
    this.name.push(event.name);
    this.category.push(event.category);
    this.id.push(event.id);
    this.phase.push(event.phase);
    this.duration.push(Number.isNaN(event.duration) ? 0 : Math.max(0, event.duration));
    this.pid.push(event.pid);
    this.tid.push(event.tid);
    this.#json.push(args instanceof Uint8Array ? this.#bytes.keep(args) : -1);
    if (!(args instanceof Uint8Array)) this.#readers.set(row, args);
  }

  /** They are made when somebody asks: as objects they take more room than their columns. */
  settle(): readonly Mark[] {
    this.#settled ??= this.#make();
    return this.#settled;
  }

  #make(): readonly Mark[] {
    const time = this.time.values;
    // Readers hand events over in file order, which is a thread's after another's in Perfetto's: a few long runs, which a
    // list's sort merges (and leaves in file order where times tie), and a column's does not see.
    const rows = Array.from({ length: this.time.length }, (_, row) => row);
    rows.sort((a, b) => time[a] - time[b]);
    return rows.map((row) => new KeptMark(this, row));
  }

  readArgs(row: number): Args {
    const json = this.#json.values[row];
    return json < 0 ? (this.#readers.get(row)?.() ?? {}) : parse(this.#bytes.at(json));
  }
}

/** A row that looks like an object. */
class KeptMark implements Mark {
  readonly #marks: MarkCollector;
  readonly #row: number;
  #args: Args | null = null;

  constructor(marks: MarkCollector, row: number) {
    this.#marks = marks;
    this.#row = row;
  }

  get name(): string {
    return this.#marks.strings.get(this.#marks.name.values[this.#row]);
  }

  get traceCategory(): string {
    return this.#marks.strings.get(this.#marks.category.values[this.#row]);
  }

  get phase(): string {
    return String.fromCharCode(this.#marks.phase.values[this.#row]);
  }

  get time(): number {
    return this.#marks.time.values[this.#row];
  }

  get duration(): number {
    return this.#marks.duration.values[this.#row];
  }

  get pid(): number {
    return this.#marks.pid.values[this.#row];
  }

  get tid(): number {
    return this.#marks.tid.values[this.#row];
  }

  get id(): string {
    return this.#marks.strings.get(this.#marks.id.values[this.#row]);
  }

  get args(): Args {
    this.#args ??= this.#marks.readArgs(this.#row);
    return this.#args;
  }

  toJSON(): Mark {
    const { name, traceCategory, phase, time, duration, pid, tid, id, args } = this;
    return { name, traceCategory, phase, time, duration, pid, tid, id, args };
  }
}

const decoder = new TextDecoder();

function parse(json: Uint8Array): Args {
  const value: unknown = JSON.parse(decoder.decode(json));
  return typeof value === 'object' && value !== null ? (value as Args) : {};
}

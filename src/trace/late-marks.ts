/**
 * Marks whose arguments are parsed when somebody asks for them. Most are of layout shifts and requests: as objects they
 * take three times their bytes, and nobody asks for them before the chart is painted.
 * In: an event and the bytes of its arguments, known to be JSON. Out: a mark like any other.
 */
import type { Args } from './event.ts';
import type { Mark } from './tables.ts';

const BLOCK_BYTES = 1 << 18;

/** Bytes that are kept, many pieces to a block. */
export class KeptBytes {
  #block = new Uint8Array(0);
  #length = 0;

  /** A copy of the bytes. */
  keep(bytes: Uint8Array): Uint8Array {
    if (this.#length + bytes.length > this.#block.length) {
      this.#block = new Uint8Array(Math.max(BLOCK_BYTES, bytes.length));
      this.#length = 0;
    }
    const from = this.#length;
    this.#length += bytes.length;
    this.#block.set(bytes, from);
    return this.#block.subarray(from, this.#length);
  }
}

const decoder = new TextDecoder();

export class LateMark implements Mark {
  readonly name: string;
  readonly traceCategory: string;
  readonly phase: string;
  readonly time: number;
  readonly duration: number;
  readonly pid: number;
  readonly tid: number;
  readonly id: string;
  /** The bytes, then what they say. */
  #args: Uint8Array | Args;

  constructor(told: Omit<Mark, 'args'>, json: Uint8Array) {
    this.name = told.name;
    this.traceCategory = told.traceCategory;
    this.phase = told.phase;
    this.time = told.time;
    this.duration = told.duration;
    this.pid = told.pid;
    this.tid = told.tid;
    this.id = told.id;
    this.#args = json;
  }

  get args(): Args {
    if (this.#args instanceof Uint8Array) this.#args = parse(this.#args);
    return this.#args;
  }

  toJSON(): Mark {
    return { ...this, args: this.args };
  }
}

function parse(json: Uint8Array): Args {
  const value: unknown = JSON.parse(decoder.decode(json));
  return typeof value === 'object' && value !== null ? (value as Args) : {};
}

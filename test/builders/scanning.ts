/**
 * The kernel's scanner on its own: one event, or one value, out of a text.
 * In: text or bytes. Out: what the scanner says of it. Positions are counted from the text's first byte.
 */
import type { StringTable } from '../../src/base/index.ts';
import { type EventRecord, makeEventRecord } from '../../src/trace/event.ts';
import { StringsAlone } from '../../src/trace/json/strings-alone.ts';
import { type Kernel, openKernel } from '../../src/trace/kernel.ts';
import { utf8 } from './trace.ts';

/** The text ended inside the value; the text is no JSON. */
export const OUT = -1;
export const BAD = -2;

const ROOM = 1 << 21;

export interface Scanned {
  readonly after: number;
  readonly event: EventRecord;
  /** Undefined where they are no JSON, null where there are none. */
  readonly args: unknown;
}

export class Scanning {
  readonly strings: StringTable;
  readonly #kernel: Kernel;
  readonly #start: number;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#start = kernel.calls.allocate(ROOM) >>> 0;
    const answers = new StringsAlone();
    this.strings = answers.strings;
    kernel.listen(answers);
  }

  static async open(): Promise<Scanning> {
    return new Scanning(await openKernel());
  }

  /** Position after the value that begins the text; of its first `length` bytes, where that is given. */
  skipValue(text: string, length?: number): number {
    this.#put(utf8(text), length);
    return this.#position(this.#kernel.calls.skipValue(this.#start));
  }

  skipSpace(text: string): number {
    this.#put(utf8(text));
    return this.#position(this.#kernel.calls.skipSpace(this.#start));
  }

  isJson(text: string): boolean {
    const bytes = utf8(text);
    this.#put(bytes);
    return this.#kernel.calls.isJson(this.#start, this.#start + bytes.length) !== 0;
  }

  scan(text: string | Uint8Array, length?: number): Scanned {
    this.#put(typeof text === 'string' ? utf8(text) : text, length);
    const { calls } = this.#kernel;
    const after = this.#position(calls.scanEvent(this.#start));
    const from = calls.argsFrom.value;
    return {
      after,
      args: after < 0 || from === 0 ? null : this.#kernel.parse(from, calls.argsTo.value),
      event: {
        ...makeEventRecord(),
        phase: calls.phase.value,
        name: calls.name.value,
        category: calls.category.value,
        time: calls.time.value,
        duration: calls.duration.value,
        pid: calls.pid.value,
        tid: calls.tid.value,
        id: calls.id.value,
        idIsLocal: calls.idIsLocal.value !== 0,
        sampleTraceId: calls.traceId.value,
      },
    };
  }

  /** The row of a text, as the name of an event. */
  nameRow(text: string | Uint8Array): number {
    const inside = typeof text === 'string' ? utf8(text) : text;
    const bytes = new Uint8Array(inside.length + 11);
    bytes.set(utf8('{"name":"'));
    bytes.set(inside, 9);
    bytes.set(utf8('"}'), 9 + inside.length);
    return this.scan(bytes).event.name;
  }

  #put(bytes: Uint8Array, length = bytes.length): void {
    this.#kernel.bytes.set(bytes, this.#start);
    this.#kernel.calls.setInputEnd(this.#start + length);
  }

  #position(address: number): number {
    const at = address >>> 0;
    return at < 2 ? -1 - at : at - this.#start;
  }
}

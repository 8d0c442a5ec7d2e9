/**
 * One event out of trace-event JSON, whole.
 * In: inflated bytes from the event's `{` on, in chunks of any size. Out: its arguments, those of its end event (phase
 * E) among them, and its other fields; null where there is no such event.
 * Holds no more than one event and one chunk. Data that is no event ends the search for the end.
 */
import { StringTable } from '../../base/index.ts';
import { ByteStrings } from '../byte-strings.ts';
import { type Args, makeEventRecord, PHASE } from '../event.ts';
import { EndSearch, type EventArguments, mergeArgs, type SoughtEvent } from '../event-search.ts';
import { Cursor, OUT } from './cursor.ts';
import { EventScanner } from './event-scanner.ts';

/** As in reader.ts: a longer event has lost its end. */
const EVENT_LIMIT = 128 << 20;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
/** What the tables tell already. */
const TOLD = ['args', 'name', 'cat', 'ph', 'pid', 'tid', 'ts', 'dur'];

export async function findJsonEvent(
  chunks: AsyncIterable<Uint8Array>,
  sought: SoughtEvent,
): Promise<EventArguments | null> {
  const finder = new JsonEventFinder(sought);
  for await (const chunk of chunks) if (!finder.push(chunk)) break;
  return finder.finish();
}

class JsonEventFinder {
  readonly #sought: SoughtEvent;
  readonly #cursor = new Cursor();
  readonly #scanner: EventScanner;
  readonly #event = makeEventRecord();
  readonly #strings = new StringTable();
  #at = 0;
  /** Unread bytes there must be before it is worth scanning again. */
  #enough = 1;
  #found: EventArguments | null = null;
  #search: EndSearch | null = null;
  #pid = 0;
  #tid = 0;
  #isDone = false;

  constructor(sought: SoughtEvent) {
    this.#sought = sought;
    const texts = new ByteStrings(this.#strings);
    this.#scanner = new EventScanner(this.#cursor, texts, this.#strings, this.#event);
  }

  /** Takes the next bytes. False: no more are wanted. */
  push(chunk: Uint8Array): boolean {
    this.#append(chunk);
    if (this.#cursor.end - this.#at < this.#enough) return true;
    this.#read();
    const rest = this.#cursor.end - this.#at;
    this.#enough = 2 * rest;
    return !this.#isDone && rest <= EVENT_LIMIT;
  }

  finish(): EventArguments | null {
    if (!this.#isDone) this.#read();
    return this.#found;
  }

  #append(chunk: Uint8Array): void {
    const cursor = this.#cursor;
    const rest = cursor.end - this.#at;
    if (cursor.bytes.length - cursor.end < chunk.length) {
      const needed = rest + chunk.length;
      const target = needed > cursor.bytes.length ? new Uint8Array(2 * needed) : cursor.bytes;
      target.set(cursor.bytes.subarray(this.#at, cursor.end));
      cursor.bytes = target;
      cursor.end = rest;
      this.#at = 0;
    }
    cursor.bytes.set(chunk, cursor.end);
    cursor.end += chunk.length;
  }

  /** As many events as are whole in the buffer. */
  #read(): void {
    const cursor = this.#cursor;
    while (!this.#isDone) {
      let at = cursor.skipSpace(this.#at);
      if (at >= 0 && this.#found !== null && cursor.bytes[at] === COMMA) at = cursor.skipSpace(at + 1);
      if (at < 0) return;
      const after = cursor.bytes[at] === OPEN_BRACE ? this.#scanner.scan(at) : -2;
      if (after === OUT) return;
      if (after < 0) {
        this.#isDone = true;
        return;
      }
      this.#at = after;
      if (this.#found === null) this.#takeFirst(at, after);
      else this.#takeNext();
    }
  }

  #takeFirst(at: number, after: number): void {
    const event = this.#event;
    this.#isDone = true;
    if (this.#strings.get(event.name) !== this.#sought.name) return;
    const whole = this.#cursor.parse(at, after);
    if (typeof whole !== 'object' || whole === null) return;
    const others = Object.entries(whole).filter(([key]) => !TOLD.includes(key));
    this.#found = { args: this.#scanner.readArgs() ?? {}, fields: Object.fromEntries(others) };
    if (event.phase !== PHASE.begin || !this.#sought.hasEnd) return;
    this.#isDone = false;
    this.#search = new EndSearch(event.name);
    this.#pid = event.pid;
    this.#tid = event.tid;
  }

  #takeNext(): void {
    const { phase, pid, tid, name } = this.#event;
    if (pid !== this.#pid || tid !== this.#tid || this.#search === null || this.#found === null) return;
    if (phase === PHASE.begin) this.#search.begin(name);
    if (phase !== PHASE.end || !this.#search.end(name)) return;
    const end: Args = this.#scanner.readArgs() ?? {};
    this.#found = { ...this.#found, args: mergeArgs(this.#found.args, end) };
    this.#isDone = true;
  }
}

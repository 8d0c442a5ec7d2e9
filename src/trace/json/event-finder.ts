/**
 * One event out of trace-event JSON, whole.
 * In: inflated bytes from the event's `{` on, in chunks of any size. Out: its arguments, those of its end event (phase
 * E) among them, and its other fields; null where there is no such event.
 * Holds no more than one event and one chunk. Data that is no event ends the search for the end.
 */
import { type Args, PHASE } from '../event.ts';
import { EndSearch, type EventArguments, mergeArgs, type SoughtEvent } from '../event-search.ts';
import { type Kernel, openKernel } from '../kernel.ts';
import { StringsAlone } from './strings-alone.ts';

/** As in reader.ts: a longer event has lost its end. */
const EVENT_LIMIT = 128 << 20;
/** What the kernel says instead of an address: the input ended inside the value, or it is no JSON. */
const OUT = 0;
const BAD = 1;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
/** What the tables tell already. */
const TOLD = ['args', 'name', 'cat', 'ph', 'pid', 'tid', 'ts', 'dur'];

export async function findJsonEvent(
  chunks: AsyncIterable<Uint8Array>,
  sought: SoughtEvent,
): Promise<EventArguments | null> {
  const finder = new JsonEventFinder(await openKernel(), sought);
  for await (const chunk of chunks) if (!finder.push(chunk)) break;
  return finder.finish();
}

class JsonEventFinder {
  readonly #sought: SoughtEvent;
  readonly #kernel: Kernel;
  readonly #answers = new StringsAlone();
  /** Unread bytes there must be before it is worth scanning again. */
  #enough = 1;
  #found: EventArguments | null = null;
  #search: EndSearch | null = null;
  #pid = 0;
  #tid = 0;
  #isDone = false;

  constructor(kernel: Kernel, sought: SoughtEvent) {
    this.#sought = sought;
    this.#kernel = kernel;
    kernel.listen(this.#answers);
  }

  /** Takes the next bytes. False: no more are wanted. */
  push(chunk: Uint8Array): boolean {
    const { calls } = this.#kernel;
    const to = calls.reserve(chunk.length) >>> 0;
    this.#kernel.bytes.set(chunk, to);
    calls.received(chunk.length);
    if (calls.unread() < this.#enough) return true;
    this.#read();
    this.#enough = 2 * calls.unread();
    return !this.#isDone && calls.unread() <= EVENT_LIMIT;
  }

  finish(): EventArguments | null {
    if (!this.#isDone) this.#read();
    return this.#found;
  }

  /** As many events as are whole in the buffer. */
  #read(): void {
    const { calls } = this.#kernel;
    while (!this.#isDone) {
      let at = calls.skipSpace(calls.position()) >>> 0;
      const isComma = at !== OUT && this.#kernel.bytes[at] === COMMA;
      if (isComma && this.#found !== null) at = calls.skipSpace(at + 1) >>> 0;
      if (at === OUT) return;
      const after = this.#kernel.bytes[at] === OPEN_BRACE ? calls.scanEvent(at) >>> 0 : BAD;
      if (after === OUT) return;
      if (after === BAD) {
        this.#isDone = true;
        return;
      }
      calls.moveTo(after);
      if (this.#found === null) this.#takeFirst(at, after);
      else this.#takeNext();
    }
  }

  #takeFirst(at: number, after: number): void {
    const { calls } = this.#kernel;
    this.#isDone = true;
    if (this.#answers.textOf(calls.name.value) !== this.#sought.name) return;
    const whole = this.#kernel.parse(at, after);
    if (typeof whole !== 'object' || whole === null) return;
    const others = Object.entries(whole).filter(([key]) => !TOLD.includes(key));
    this.#found = { args: this.#readArgs(), fields: Object.fromEntries(others) };
    if (calls.phase.value !== PHASE.begin || !this.#sought.hasEnd) return;
    this.#isDone = false;
    this.#search = new EndSearch(calls.name.value);
    this.#pid = calls.pid.value;
    this.#tid = calls.tid.value;
  }

  #takeNext(): void {
    const { phase, pid, tid, name } = this.#kernel.calls;
    if (this.#search === null || this.#found === null) return;
    if (pid.value !== this.#pid || tid.value !== this.#tid) return;
    if (phase.value === PHASE.begin) this.#search.begin(name.value);
    if (phase.value !== PHASE.end || !this.#search.end(name.value)) return;
    this.#found = { ...this.#found, args: mergeArgs(this.#found.args, this.#readArgs()) };
    this.#isDone = true;
  }

  /** {} where there are none, or they are no JSON. */
  #readArgs(): Args {
    const { argsFrom, argsTo } = this.#kernel.calls;
    const args = argsFrom.value === 0 ? undefined : this.#kernel.parse(argsFrom.value, argsTo.value);
    return typeof args === 'object' && args !== null ? (args as Args) : {};
  }
}

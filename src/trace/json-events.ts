/**
 * A Perfetto stream → the same events as Chrome's trace-event JSON.
 * In: the stream's plain bytes. Out: texts of events, several at a time, joined by commas; microseconds with the
 * nanosecond kept. A slice is one complete event (`X`) with the arguments of its begin and its end, written when it ends;
 * one that never ends is a lone `B`. Names of threads and processes are not in it: the tables have them.
 * A `TracingStartedInBrowser` without its list of frames is left out, and a same-document navigation has a frame's host
 * at least in name: DevTools' engine (and Lighthouse) fail without.
 * Flows are events of their own there (`s`, `f`), written last.
 * Lost: thread time (`tts`), flows of async events.
 */
import { StringTable } from '../base/index.ts';
import { noDiagnostics } from './diagnostics.ts';
import { type Args, type EventRecord, PHASE, type ReadArgs } from './event.ts';
import { mergeArgs } from './event-search.ts';
import type { EventSink } from './event-sink.ts';
import { JsonFlows } from './json-flows.ts';
import { PerfettoReader } from './perfetto/reader.ts';
import { ThreadCollector } from './threads.ts';

export async function* writeJsonEvents(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const sink = new JsonSink();
  const reader = new PerfettoReader(sink);
  for await (const block of blocks) {
    const goesOn = reader.push(block);
    yield* sink.take();
    if (!goesOn) break;
  }
  reader.finish();
  sink.closeAll();
  yield* sink.take();
  yield* sink.takeFlows();
}

const SAME_DOCUMENT = 'RenderFrameHostImpl::DidCommitSameDocumentNavigation';

interface OpenSlice {
  readonly name: number;
  readonly time: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly args: Args;
}

class JsonSink implements EventSink {
  readonly strings = new StringTable();
  readonly diagnostics = noDiagnostics();
  readonly threads = new ThreadCollector(this.strings);
  readonly wantsAllArguments = true;
  readonly #flows = new JsonFlows(this.strings);
  #texts: string[] = [];
  /** By thread row, innermost last. */
  readonly #open: OpenSlice[][] = [];
  /** By id: name and trace category of async slices that are open, innermost last. */
  readonly #openAsync = new Map<number, { readonly name: number; readonly category: number }[]>();

  addMalformed(): void {
    this.diagnostics.malformedEvents++;
  }

  addSkipped(): void {
    this.diagnostics.packetsWithoutState++;
  }

  add(event: EventRecord, readArgs: ReadArgs): void {
    this.#flows.add(event);
    if (event.phase === PHASE.begin || event.phase === PHASE.end) {
      const row = this.threads.rowOf(event.pid, event.tid);
      this.#open[row] ??= [];
      if (event.phase === PHASE.begin) this.#begin(event, readArgs, this.#open[row]);
      else this.#end(event, readArgs, this.#open[row]);
      return;
    }
    if (event.phase === PHASE.asyncBegin) this.#beginAsync(event);
    else if (event.phase === PHASE.asyncEnd) this.#endAsync(event);
    const args = readArgs();
    if (this.strings.get(event.name) === 'TracingStartedInBrowser' && !tellsFrames(args)) return;
    this.#write({ ...this.#fieldsOf(event), args });
  }

  /** What is still open was never ended. */
  closeAll(): void {
    for (const open of this.#open) for (const slice of open ?? []) this.#writeBegin(slice);
    this.#open.length = 0;
  }

  /** Some thousand at a time. */
  *takeFlows(): Generator<string> {
    for (const event of this.#flows.events()) {
      this.#write(event);
      if (this.#texts.length >= 4096) yield* this.take();
    }
    yield* this.take();
  }

  *take(): Generator<string> {
    if (this.#texts.length > 0) yield this.#texts.join(',\n');
    this.#texts = [];
  }

  #begin(event: EventRecord, readArgs: ReadArgs, open: OpenSlice[]): void {
    open.push({ name: event.name, time: event.time, fields: this.#fieldsOf(event), args: readArgs() });
  }

  /** As the tables pair them: an end with a name ends the innermost of that name, and what is inside never ended. */
  #end(event: EventRecord, readArgs: ReadArgs, open: OpenSlice[]): void {
    const at = event.name === 0 ? open.length - 1 : open.findLastIndex(({ name }) => name === event.name);
    if (at < 0) {
      this.#write({ ...this.#fieldsOf(event), args: readArgs() });
      return;
    }
    for (const slice of open.splice(at + 1)) this.#writeBegin(slice);
    const slice = open.pop();
    if (slice === undefined) return;
    const dur = micros(Math.max(0, event.time - slice.time));
    const args = mergeArgs(slice.args, readArgs());
    const isSameDocument = this.strings.get(slice.name) === SAME_DOCUMENT;
    this.#write({
      ...slice.fields,
      ph: 'X',
      dur,
      args: isSameDocument ? { render_frame_host: {}, ...args } : args,
    });
  }

  #beginAsync({ id, name, category }: EventRecord): void {
    const open = this.#openAsync.get(id);
    if (open === undefined) this.#openAsync.set(id, [{ name, category }]);
    else open.push({ name, category });
  }

  /** An end in Perfetto's form names nothing; in JSON it is found by name and trace category. */
  #endAsync(event: EventRecord): void {
    const begin = this.#openAsync.get(event.id)?.pop();
    if (begin === undefined) return;
    if (event.name === 0) event.name = begin.name;
    if (event.category === 0) event.category = begin.category;
  }

  #writeBegin({ fields, args }: OpenSlice): void {
    this.#write({ ...fields, args });
  }

  #fieldsOf(event: EventRecord): Record<string, unknown> {
    const { strings } = this;
    const isInstant = event.phase === PHASE.instant || event.phase === PHASE.instantOld;
    return {
      name: strings.get(event.name),
      cat: strings.get(event.category),
      ph: String.fromCharCode(event.phase || PHASE.instant),
      pid: event.pid,
      tid: event.tid,
      ...(Number.isNaN(event.time) ? {} : { ts: micros(event.time) }),
      ...(Number.isNaN(event.duration) ? {} : { dur: micros(event.duration) }),
      ...(isInstant ? { s: 't' } : {}),
      ...this.#idOf(event),
    };
  }

  #idOf({ id, idIsLocal }: EventRecord): Record<string, unknown> {
    if (id === 0) return {};
    const text = this.strings.get(id).replace(/^track:(?=0x)/, '');
    return idIsLocal ? { id2: { local: text } } : { id: text };
  }

  #write(event: Readonly<Record<string, unknown>>): void {
    this.#texts.push(JSON.stringify(event));
  }
}

function tellsFrames({ data }: Args): boolean {
  return typeof data === 'object' && data !== null && 'frames' in data && Array.isArray(data.frames);
}

/** Doubles near 10^11 are 1.5e-5 apart: more digits than three are noise. */
const micros = (value: number): number => Math.round(value * 1000) / 1000;

/**
 * Trace-event JSON → builder, as a stream: `{"traceEvents": [...], "metadata": {...}}` or a bare `[...]`.
 * In: inflated byte chunks of any size. Out: every event taken by the builder's kernel, which scans the list of events
 * (kernel/read-events.ts); the metadata; samples and stack frames that stand beside the events.
 * Never holds more than one event and one chunk; a cut-off tail is counted. Entries that are no events are counted. An
 * event that never ends is passed over to the next line that begins one.
 * Format: "Trace Event Format", Google, 2016; `]` and `}` at the end are optional there, so their absence is counted
 * as cut off, not refused.
 */

import type { Kernel } from '../kernel.ts';
import { profilesOfSamples, type SampledThread } from '../stack-samples.ts';
import type { Diagnostics } from '../tables.ts';

/** Fresh bytes are gathered to at least this much before scanning, so that few events are begun twice. */
const BLOCK_BYTES = 1 << 20;
/** A metadata object beyond this is skipped, not kept: DevTools may store whole scripts in it. */
const METADATA_LIMIT = 8 << 20;
/** Nor is a list of samples or stack frames: their samples are counted as lost. */
const BESIDE_LIMIT = 128 << 20;
/** No event is longer (script texts are some MB): a longer one has lost its end. */
const EVENT_LIMIT = 128 << 20;
/** Nor is anything beside them: what never ends would fill all memory. */
const VALUE_LIMIT = 512 << 20;

/** What the kernel says instead of an address: the input ended inside the value, or it is no JSON. */
const OUT = 0;
const BAD = 1;

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;

export interface JsonFacts {
  readonly byteLength: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The table of frames that events' own stacks name. */
  readonly stackFrames: Readonly<Record<string, unknown>>;
  /** False where no list of events was found: the file is JSON perhaps, but no trace. */
  readonly isTrace: boolean;
}

/** Who takes the events: the builder of the tables, or a writer of another form. */
export interface JsonSink {
  /** Holds the bytes. */
  readonly kernel: Kernel;
  readonly diagnostics: Diagnostics;
  /** Takes the events that are whole in the kernel's buffer; true when their list is over. */
  readEvents(): boolean;
  /** Takes the samples of a thread that stand beside the events. */
  addProfile(thread: SampledThread): void;
}

export async function readJson(
  chunks: AsyncIterable<Uint8Array>,
  builder: JsonSink,
  eventLimit = EVENT_LIMIT,
): Promise<JsonFacts> {
  const reader = new JsonReader(builder, eventLimit);
  for await (const chunk of chunks) if (!reader.push(chunk)) break;
  return reader.finish();
}

/** Where in the file the reader stands. */
enum Place {
  Start,
  /** Inside the outer object, before a key or `}`. */
  Object,
  /** Inside the list of events. */
  Events,
  /** After the end. */
  Done,
}

/** The same, fed chunk by chunk. */
export class JsonReader {
  readonly #builder: JsonSink;
  readonly #kernel: Kernel;
  readonly #eventLimit: number;
  /** Unread bytes there must be before it is worth scanning again: twice what was not enough the last time. */
  #enough = BLOCK_BYTES;
  #place = Place.Start;
  #inObject = false;
  #foundEvents = false;
  #isBroken = false;
  #metadata: Record<string, unknown> = {};
  #stackFrames: Record<string, unknown> = {};
  #samples: unknown = null;

  constructor(builder: JsonSink, eventLimit = EVENT_LIMIT) {
    this.#builder = builder;
    this.#kernel = builder.kernel;
    this.#eventLimit = eventLimit;
  }

  /** Takes the next bytes. False: no more are wanted. */
  push(chunk: Uint8Array): boolean {
    const { calls } = this.#kernel;
    const to = calls.reserve(chunk.length) >>> 0;
    this.#kernel.bytes.set(chunk, to);
    calls.received(chunk.length);
    if (calls.unread() < this.#enough) return true;
    this.#read();
    this.#passSpace();
    const limit = this.#place === Place.Events ? this.#eventLimit : VALUE_LIMIT;
    if (calls.unread() > limit) this.#giveUp();
    this.#enough = Math.max(BLOCK_BYTES, Math.min(2 * calls.unread(), limit + 1));
    return !this.#isBroken && this.#place !== Place.Done;
  }

  /** What is at hand has no end. */
  #giveUp(): void {
    const { calls } = this.#kernel;
    if (this.#place !== Place.Events) this.#isBroken = true;
    else if (calls.dropUnended() === 0) calls.dropUnread();
  }

  /** White space without an end is not kept; its last byte may begin the line of an event. */
  #passSpace(): void {
    const { calls } = this.#kernel;
    const unread = calls.unread();
    if (unread > 1 && this.#skipSpace(this.#at) === OUT) this.#at += unread - 1;
  }

  finish(): JsonFacts {
    const { calls } = this.#kernel;
    this.#read();
    while (this.#place === Place.Events && !this.#isBroken && calls.dropUnended() !== 0) this.#read();
    if (this.#place !== Place.Done) this.#builder.diagnostics.cutOff = 1;
    const onlyRubbish =
      calls.foundPhase.value === 0 && (calls.foundEntry.value !== 0 || calls.malformedEvents.value > 0);
    this.#addSamples();
    return {
      stackFrames: this.#stackFrames,
      byteLength: calls.sourceLength(),
      metadata: this.#metadata,
      isTrace: this.#foundEvents && !onlyRubbish,
    };
  }

  #read(): void {
    for (;;) {
      const before = this.#at;
      const place = this.#place;
      switch (place) {
        case Place.Start:
          this.#readStart();
          break;
        case Place.Object:
          this.#readKey();
          break;
        case Place.Events:
          if (!this.#builder.readEvents()) return;
          this.#place = this.#inObject ? Place.Object : Place.Done;
          break;
        case Place.Done:
          return;
      }
      if (this.#isBroken) return;
      if (this.#at === before && this.#place === place) return;
    }
  }

  /** Address of what is not yet read. */
  get #at(): number {
    return this.#kernel.calls.position() >>> 0;
  }

  set #at(at: number) {
    this.#kernel.calls.moveTo(at);
  }

  #byte(at: number): number {
    return this.#kernel.bytes[at];
  }

  #skipSpace(at: number): number {
    return this.#kernel.calls.skipSpace(at) >>> 0;
  }

  #readStart(): void {
    let at = this.#skipSpace(this.#at);
    if (at === OUT) return;
    // Byte order mark
    if (this.#byte(at) === 0xef) {
      at = this.#kernel.calls.unread() < 4 ? OUT : this.#skipSpace(at + 3);
      if (at === OUT) return;
    }
    const first = this.#byte(at);
    this.#at = at + 1;
    if (first === OPEN_BRACKET) {
      this.#foundEvents = true;
      this.#place = Place.Events;
    } else if (first === OPEN_BRACE) {
      this.#inObject = true;
      this.#place = Place.Object;
    } else this.#isBroken = true;
  }

  /** One `"key": value` of the outer object, or its end. */
  #readKey(): void {
    let at = this.#skipSpace(this.#at);
    if (at !== OUT && this.#byte(at) === COMMA) at = this.#skipSpace(at + 1);
    if (at === OUT) return;
    if (this.#byte(at) === CLOSE_BRACE) {
      this.#at = at + 1;
      this.#place = Place.Done;
      return;
    }
    if (this.#byte(at) !== QUOTE) {
      this.#isBroken = true;
      return;
    }
    let after = this.#kernel.calls.skipString(at) >>> 0;
    if (after === OUT) return;
    const key = this.#kernel.parse(at, after);
    after = this.#skipSpace(after);
    if (after === OUT) return;
    if (this.#byte(after) !== COLON) {
      this.#isBroken = true;
      return;
    }
    after = this.#skipSpace(after + 1);
    if (after === OUT) return;
    if (key === 'traceEvents' && this.#byte(after) === OPEN_BRACKET) {
      this.#foundEvents = true;
      this.#at = after + 1;
      this.#place = Place.Events;
      return;
    }
    this.#readOther(String(key), after);
  }

  #keepBeside(key: 'samples' | 'stackFrames', at: number, after: number): void {
    const value = after - at <= BESIDE_LIMIT ? this.#kernel.parse(at, after) : undefined;
    if (typeof value !== 'object' || value === null) this.#builder.diagnostics.malformedProfileChunks++;
    else if (key === 'samples') this.#samples = value;
    else this.#stackFrames = value as Record<string, unknown>;
  }

  #addSamples(): void {
    for (const thread of profilesOfSamples(this.#samples, this.#stackFrames))
      this.#builder.addProfile(thread);
    this.#samples = null;
  }

  #readOther(key: string, at: number): void {
    const after = this.#kernel.calls.skipValue(at) >>> 0;
    if (after === BAD) this.#isBroken = true;
    if (after <= BAD) return;
    if (key === 'metadata' && after - at <= METADATA_LIMIT) {
      const value = this.#kernel.parse(at, after);
      if (typeof value === 'object' && value !== null) this.#metadata = value as Record<string, unknown>;
    } else if (key === 'samples' || key === 'stackFrames') this.#keepBeside(key, at, after);
    this.#at = after;
  }
}

/**
 * Trace-event JSON → builder, as a stream: `{"traceEvents": [...], "metadata": {...}}` or a bare `[...]`.
 * In: inflated byte chunks of any size. Out: every event handed to the builder; the metadata.
 * Never holds more than one event and one chunk; a cut-off tail is counted. Entries that are no events are counted. An
 * event that never ends is passed over to the next line that begins one.
 * Format: "Trace Event Format", Google, 2016; `]` and `}` at the end are optional there, so their absence is counted
 * as cut off, not refused.
 */

import type { TraceBuilder } from '../builder.ts';
import { ByteStrings } from '../byte-strings.ts';
import { type Args, makeEventRecord } from '../event.ts';
import { BAD, Cursor, OUT } from './cursor.ts';
import { EventScanner } from './event-scanner.ts';

/** Fresh bytes are gathered to at least this much before scanning, so that few events are begun twice. */
const BLOCK_BYTES = 1 << 20;
/** A metadata object beyond this is skipped, not kept: DevTools may store whole scripts in it. */
const METADATA_LIMIT = 8 << 20;
/** No event is longer (script texts are some MB): a longer one has lost its end. */
const EVENT_LIMIT = 128 << 20;
const NO_ARGS: Args = {};

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

export interface JsonFacts {
  readonly byteLength: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** False where no list of events was found: the file is JSON perhaps, but no trace. */
  readonly isTrace: boolean;
}

export async function readJson(chunks: AsyncIterable<Uint8Array>, builder: TraceBuilder): Promise<JsonFacts> {
  const reader = new JsonReader(builder);
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

class JsonReader {
  readonly #builder: TraceBuilder;
  readonly #cursor = new Cursor();
  readonly #scanner: EventScanner;
  readonly #event = makeEventRecord();
  readonly #readArgs = (): Args => this.#decodeArgs();
  /** Position in the buffer of what is not yet read. */
  #at = 0;
  /** Offset in the source of the buffer's first byte. */
  #base = 0;
  /** Unread bytes there must be before it is worth scanning again: twice what was not enough the last time. */
  #enough = BLOCK_BYTES;
  /** An event without an end was met: lines, not brackets, tell from now on where events begin. */
  #byLine = false;
  #place = Place.Start;
  #inObject = false;
  #foundEvents = false;
  #isBroken = false;
  #metadata: Record<string, unknown> = {};
  #foundEntry = false;
  /** An entry of the list says what kind of event it is: what no other list of objects does. */
  #foundPhase = false;

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
    this.#scanner = new EventScanner(
      this.#cursor,
      new ByteStrings(builder.strings),
      builder.strings,
      this.#event,
    );
  }

  /** Takes the next bytes. False: no more are wanted. */
  push(chunk: Uint8Array): boolean {
    this.#append(chunk);
    if (this.#cursor.end - this.#at < this.#enough) return true;
    this.#read();
    const rest = this.#cursor.end - this.#at;
    if (rest > EVENT_LIMIT && this.#place === Place.Events) this.#dropUnended();
    this.#enough = Math.max(BLOCK_BYTES, 2 * (this.#cursor.end - this.#at));
    return !this.#isBroken && this.#place !== Place.Done;
  }

  finish(): JsonFacts {
    this.#read();
    while (this.#place === Place.Events && !this.#isBroken && this.#dropUnended()) this.#read();
    if (this.#place !== Place.Done) this.#builder.diagnostics.cutOff = 1;
    const onlyRubbish =
      !this.#foundPhase && (this.#foundEntry || this.#builder.diagnostics.malformedEvents > 0);
    return {
      byteLength: this.#base + this.#cursor.end,
      metadata: this.#metadata,
      isTrace: this.#foundEvents && !onlyRubbish,
    };
  }

  /** Adds bytes behind those not yet read; what is read is dropped. */
  #append(chunk: Uint8Array): void {
    const cursor = this.#cursor;
    const rest = cursor.end - this.#at;
    if (cursor.bytes.length - cursor.end < chunk.length) {
      const needed = rest + chunk.length;
      const target =
        needed > cursor.bytes.length ? new Uint8Array(Math.max(2 * BLOCK_BYTES, needed * 2)) : cursor.bytes;
      target.set(cursor.bytes.subarray(this.#at, cursor.end));
      cursor.bytes = target;
      cursor.end = rest;
      this.#base += this.#at;
      this.#at = 0;
    }
    cursor.bytes.set(chunk, cursor.end);
    cursor.end += chunk.length;
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
          this.#readEvents();
          break;
        case Place.Done:
          return;
      }
      if (this.#isBroken) return;
      if (this.#at === before && this.#place === place) return;
    }
  }

  #readStart(): void {
    const cursor = this.#cursor;
    let at = cursor.skipSpace(this.#at);
    if (at < 0) return;
    // Byte order mark
    if (cursor.bytes[at] === 0xef) {
      if (cursor.end - at < 4) return;
      at = cursor.skipSpace(at + 3);
      if (at < 0) return;
    }
    const first = cursor.bytes[at];
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
    const cursor = this.#cursor;
    let at = cursor.skipSpace(this.#at);
    if (at >= 0 && cursor.bytes[at] === COMMA) at = cursor.skipSpace(at + 1);
    if (at < 0) return;
    if (cursor.bytes[at] === CLOSE_BRACE) {
      this.#at = at + 1;
      this.#place = Place.Done;
      return;
    }
    if (cursor.bytes[at] !== QUOTE) {
      this.#isBroken = true;
      return;
    }
    let after = cursor.skipString(at);
    if (after < 0) return;
    const key = cursor.parse(at, after);
    after = cursor.skipSpace(after);
    if (after < 0) return;
    if (cursor.bytes[after] !== COLON) {
      this.#isBroken = true;
      return;
    }
    after = cursor.skipSpace(after + 1);
    if (after < 0) return;
    if (key === 'traceEvents' && cursor.bytes[after] === OPEN_BRACKET) {
      this.#foundEvents = true;
      this.#at = after + 1;
      this.#place = Place.Events;
      return;
    }
    this.#readOther(String(key), after);
  }

  #readOther(key: string, at: number): void {
    const after = this.#cursor.skipValue(at);
    if (after === BAD) this.#isBroken = true;
    if (after < 0) return;
    if (key === 'metadata' && after - at <= METADATA_LIMIT) {
      const value = this.#cursor.parse(at, after);
      if (typeof value === 'object' && value !== null) this.#metadata = value as Record<string, unknown>;
    }
    this.#at = after;
  }

  /** As many events as are whole in the buffer. */
  #readEvents(): void {
    const cursor = this.#cursor;
    for (;;) {
      let at = cursor.skipSpace(this.#at);
      if (at >= 0 && cursor.bytes[at] === COMMA) at = cursor.skipSpace(at + 1);
      if (at < 0) return;
      const first = cursor.bytes[at];
      if (first === OPEN_BRACE) {
        const after = this.#byLine ? this.#scanLine(at) : this.#scanner.scan(at);
        if (after === OUT) return;
        if (after === BAD) {
          if (!this.#skipMalformed(at)) return;
          continue;
        }
        this.#event.offset = this.#base + at;
        this.#at = after;
        this.#foundEntry = true;
        if (this.#event.phase !== 0) this.#foundPhase = true;
        this.#builder.add(this.#event, this.#readArgs);
      } else if (first === CLOSE_BRACKET) {
        this.#at = at + 1;
        this.#place = this.#inObject ? Place.Object : Place.Done;
        return;
      } else if (!this.#skipMalformed(at)) return;
    }
  }

  /** Passes over one entry that is no event. False where it cannot be told where it ends yet. */
  #skipMalformed(at: number): boolean {
    if (this.#byLine) {
      this.#builder.addMalformed();
      this.#at = this.#nextLine(at + 1);
      return true;
    }
    const after = this.#cursor.skipValue(at);
    if (after === OUT) return false;
    this.#builder.addMalformed();
    this.#at = after === BAD ? at + 1 : after;
    return true;
  }

  /**
   * Gives up the event at hand, which has no end, and begins again at the next line that opens one. From then on no
   * event may reach into the next such line, so that each broken one costs its own length only. False: no such line.
   */
  #dropUnended(): boolean {
    const cursor = this.#cursor;
    let at = cursor.skipSpace(this.#at);
    if (at >= 0 && cursor.bytes[at] === COMMA) at = cursor.skipSpace(at + 1);
    if (at < 0) return false;
    const next = this.#nextLine(at + 1);
    if (next === cursor.end) return false;
    this.#builder.addMalformed();
    this.#at = next;
    this.#byLine = true;
    return true;
  }

  /** Scans the event at `at`, which has to end before the next line that opens one. */
  #scanLine(at: number): number {
    const cursor = this.#cursor;
    const { end } = cursor;
    const next = this.#nextLine(at + 1);
    cursor.end = next;
    const after = this.#scanner.scan(at);
    cursor.end = end;
    return after === OUT && next < end ? BAD : after;
  }

  /** Position of the next `{` that begins a line; the end of the buffer where there is none. */
  #nextLine(from: number): number {
    const { bytes, end } = this.#cursor;
    let i = Math.max(1, from);
    while (i < end && (bytes[i] !== OPEN_BRACE || bytes[i - 1] !== LINE_FEED)) i++;
    return Math.min(i, end);
  }

  #decodeArgs(): Args {
    const args = this.#scanner.readArgs();
    if (args !== null) return args;
    this.#builder.diagnostics.malformedEvents++;
    return NO_ARGS;
  }
}

/**
 * Perfetto's protobuf stream, as Chromium writes it for `Tracing.start {streamFormat: 'proto'}` → events for the builder.
 * In: plain (inflated) bytes in blocks of any size. Out: one `builder.add` for each TrackEvent packet that can be read,
 * names of threads and processes, counts of what was lost; the link to Unix time.
 * Refuses: nothing aloud. A packet that is malformed is counted and skipped; a stream that is no longer packets, or ends
 * in the middle of one, is counted as cut off.
 */
import type { TraceBuilder } from '../builder.ts';
import { Clocks } from './clocks.ts';
import { EventPlacer, type EventSource } from './event-placer.ts';
import { PacketStream } from './packet-stream.ts';
import { Sequence } from './sequence.ts';
import { Tracks } from './tracks.ts';
import { Wire } from './wire.ts';

export interface PerfettoFacts {
  readonly byteLength: number;
  readonly unixMillisAtZero: number | null;
}

export async function readPerfetto(
  blocks: AsyncIterable<Uint8Array>,
  builder: TraceBuilder,
): Promise<PerfettoFacts> {
  const reader = new PacketReader(builder);
  const stream = new PacketStream((bytes, start, end, offset) => reader.read(bytes, start, end, offset));
  for await (const block of blocks) {
    stream.push(block);
    if (stream.broken) break;
  }
  reader.finish();
  if (stream.broken) builder.diagnostics.malformedEvents++;
  if (stream.unfinished) builder.diagnostics.cutOff = 1;
  return { byteLength: stream.byteLength, unixMillisAtZero: reader.unixMillisAtZero };
}

/** `TracePacket.sequence_flags`. */
const STATE_CLEARED = 1;
const NEEDS_STATE = 2;

/** No such field in the packet. */
const NONE = -1;

class PacketReader {
  readonly #builder: TraceBuilder;
  readonly #wire = new Wire();
  readonly #clocks = new Clocks();
  readonly #tracks: Tracks;
  readonly #placer: EventPlacer;
  readonly #sequences = new Map<number, Sequence>();
  /** Filled for each event and handed over again and again. */
  readonly #source: EventSource;
  // The fields of the packet at hand.
  #sequenceId = 0;
  #flags = 0;
  #dropped = false;
  #clock = 0;
  #hasTime = false;
  #timeHigh = 0;
  #timeLow = 0;
  #event = NONE;
  #eventEnd = 0;
  #interned = NONE;
  #internedEnd = 0;
  #defaults = NONE;
  #defaultsEnd = 0;
  #descriptor = NONE;
  #descriptorEnd = 0;
  #snapshot = NONE;
  #snapshotEnd = 0;

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
    this.#tracks = new Tracks(builder.threads);
    this.#placer = new EventPlacer(builder, this.#tracks, this.#wire);
    const sequence = new Sequence(builder.strings);
    this.#source = { sequence, start: 0, end: 0, time: Number.NaN, offset: 0 };
  }

  get unixMillisAtZero(): number | null {
    return this.#clocks.unixMillisAtZero;
  }

  finish(): void {
    this.#placer.finish();
  }

  read(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const wire = this.#wire;
    wire.bytes = bytes;
    wire.at = start;
    this.#clear();
    while (wire.at < end) this.#readField(wire, wire.varint(), end);
    if (wire.at !== end) {
      if (this.#event === NONE) this.#builder.diagnostics.malformedEvents++;
      else this.#builder.addMalformed();
      return;
    }
    const sequence = this.#sequence();
    if (!this.#takeState(sequence)) {
      this.#builder.diagnostics.packetsWithoutState++;
      if (this.#event !== NONE) this.#builder.addSkipped();
      return;
    }
    // Also where the packet holds no event: an incremental clock counts from packet to packet.
    const time = this.#readTime(sequence);
    if (this.#event === NONE) return;
    const source = this.#source;
    source.sequence = sequence;
    source.start = this.#event;
    source.end = this.#eventEnd;
    source.time = time;
    source.offset = offset;
    this.#placer.place(source);
  }

  #clear(): void {
    this.#sequenceId = 0;
    this.#flags = 0;
    this.#dropped = false;
    this.#clock = 0;
    this.#hasTime = false;
    this.#event = NONE;
    this.#interned = NONE;
    this.#defaults = NONE;
    this.#descriptor = NONE;
    this.#snapshot = NONE;
  }

  #readField(wire: Wire, tag: number, end: number): void {
    switch (tag) {
      case 0x40: // 8 timestamp
        wire.varint64();
        this.#hasTime = true;
        this.#timeHigh = wire.high;
        this.#timeLow = wire.low;
        return;
      case 0x5a: // 11 track_event
        this.#eventEnd = wire.fieldEnd(end);
        this.#event = wire.at;
        wire.at = this.#eventEnd;
        return;
      case 0x50: // 10 trusted_packet_sequence_id
        this.#sequenceId = wire.varint();
        return;
      case 0x68: // 13 sequence_flags
        this.#flags |= wire.varint();
        return;
      case 0x62: // 12 interned_data
        this.#internedEnd = wire.fieldEnd(end);
        this.#interned = wire.at;
        wire.at = this.#internedEnd;
        return;
      default:
        this.#readRareField(wire, tag, end);
    }
  }

  #readRareField(wire: Wire, tag: number, end: number): void {
    switch (tag) {
      case 0x1d0: // 58 timestamp_clock_id
        this.#clock = wire.varint();
        return;
      case 0x1e2: // 60 track_descriptor
        this.#descriptorEnd = wire.fieldEnd(end);
        this.#descriptor = wire.at;
        wire.at = this.#descriptorEnd;
        return;
      case 0x1da: // 59 trace_packet_defaults
        this.#defaultsEnd = wire.fieldEnd(end);
        this.#defaults = wire.at;
        wire.at = this.#defaultsEnd;
        return;
      case 0x32: // 6 clock_snapshot
        this.#snapshotEnd = wire.fieldEnd(end);
        this.#snapshot = wire.at;
        wire.at = this.#snapshotEnd;
        return;
      case 0x150: // 42 previous_packet_dropped
        this.#dropped = wire.varint() !== 0;
        return;
      case 0x148: // 41 incremental_state_cleared, before sequence_flags said it
        if (wire.varint() !== 0) this.#flags |= STATE_CLEARED;
        return;
      default:
        wire.skip(tag, end);
    }
  }

  #sequence(): Sequence {
    let sequence = this.#sequences.get(this.#sequenceId);
    if (sequence === undefined) {
      sequence = new Sequence(this.#builder.strings);
      this.#sequences.set(this.#sequenceId, sequence);
      // Nothing was lost before a sequence's first packet, which has the mark all the same.
      this.#dropped = false;
    }
    return sequence;
  }

  /** Brings the sequence's state up to this packet; false where the packet needs a state that was lost. */
  #takeState(sequence: Sequence): boolean {
    const wire = this.#wire;
    if (this.#dropped) {
      this.#builder.diagnostics.droppedPackets++;
      sequence.valid = false;
    }
    if ((this.#flags & STATE_CLEARED) !== 0) sequence.clear();
    if (this.#defaults !== NONE) {
      wire.at = this.#defaults;
      sequence.setDefaults(wire, this.#defaultsEnd);
    }
    if (this.#interned !== NONE && sequence.valid) {
      wire.at = this.#interned;
      sequence.interned.add(wire, this.#internedEnd);
    }
    if (this.#snapshot !== NONE) {
      wire.at = this.#snapshot;
      this.#clocks.addSnapshot(wire, this.#snapshotEnd, sequence.clocks);
    }
    if ((this.#flags & NEEDS_STATE) !== 0 && !sequence.valid) return false;
    if (this.#descriptor !== NONE) {
      wire.at = this.#descriptor;
      const track = this.#tracks.describe(wire, this.#descriptorEnd);
      if (track?.kind === 'thread' && sequence.valid) sequence.thread = track;
    }
    return true;
  }

  /** Microseconds of the trace clock; NaN where the packet has no time or its clock is unknown. */
  #readTime(sequence: Sequence): number {
    if (!this.#hasTime) return Number.NaN;
    const clock = this.#clock || sequence.defaultClock;
    const own = sequence.clocks.get(clock);
    if (own !== undefined) return own.read(this.#timeHigh, this.#timeLow);
    return this.#clocks.read(clock, this.#timeHigh, this.#timeLow);
  }
}

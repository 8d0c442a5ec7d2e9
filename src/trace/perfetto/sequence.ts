/**
 * A packet sequence: packets of one writer (a thread, as a rule), in order. Packets say only what has changed since the
 * last one, so each sequence has a state: interned texts, defaults, clocks, its thread.
 * In: TracePacketDefaults messages and what the packets' flags say. Out: the state for the packet at hand.
 * After lost packets the state is unknown until the writer clears it and starts anew.
 */
import type { StringTable } from '../../base/index.ts';
import type { SequenceClock } from './clocks.ts';
import { Interned } from './interned.ts';
import { NONE, type Packet, STATE_CLEARED } from './packet.ts';
import type { Track, Tracks } from './tracks.ts';
import type { Wire } from './wire.ts';

export class Sequence {
  readonly id: number;
  /** The state is known: it was cleared, and no packet was lost since. */
  valid = false;
  readonly interned: Interned;
  readonly clocks = new Map<number, SequenceClock>();
  /** The thread that writes the sequence, once it has described itself. */
  thread: Track | undefined;
  defaultClock = 0;
  /** Uuid of the track of events that name none; 0 and 0 for none. */
  defaultTrackHigh = 0;
  defaultTrackLow = 0;
  /** Uuid of the track of its events' first extra counter. */
  counterTrackHigh = 0;
  counterTrackLow = 0;
  /** The kernel's row of it, -1 for none, and the clock that the kernel moves on, too. */
  kernelRow = -1;
  kernelClock: SequenceClock | undefined;
  // Looked up once, not for each packet.
  #usualClock: SequenceClock | undefined;
  #usualTrack: Track | undefined;

  constructor(id: number, strings: StringTable) {
    this.id = id;
    this.interned = new Interned(strings);
  }

  /** Brings the state up to `packet`, which `wire` holds; its clocks are the reader's to take. */
  take(packet: Packet, wire: Wire): void {
    if (packet.previousDropped) this.valid = false;
    if ((packet.flags & STATE_CLEARED) !== 0) this.clear();
    if (packet.defaults !== NONE) {
      wire.at = packet.defaults;
      this.setDefaults(wire, packet.defaultsEnd);
    }
    if (packet.interned !== NONE && this.valid) {
      wire.at = packet.interned;
      this.interned.add(wire, packet.internedEnd);
    }
  }

  /** The writer starts anew. */
  clear(): void {
    this.valid = true;
    this.interned.clear();
    this.clocks.clear();
    this.thread = undefined;
    this.#setDefaultClock(0);
    this.#setDefaultTrack(0, 0);
    this.counterTrackHigh = 0;
    this.counterTrackLow = 0;
  }

  /** The clock of packets that name none; undefined where that is no clock of the sequence's own. */
  usualClock(): SequenceClock | undefined {
    this.#usualClock ??= this.clocks.get(this.defaultClock);
    return this.#usualClock;
  }

  /** A snapshot has replaced clocks. */
  forgetClock(): void {
    this.#usualClock = undefined;
  }

  /** The track of events that name none; undefined where there is none, or nobody has described it. */
  usualTrack(tracks: Tracks): Track | undefined {
    this.#usualTrack ??= tracks.find(this.defaultTrackHigh, this.defaultTrackLow);
    return this.#usualTrack;
  }

  /** Takes a TracePacketDefaults message up to `end`. */
  setDefaults(wire: Wire, end: number): void {
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x5a) this.#setEventDefaults(wire, wire.fieldEnd(end));
      else if (tag === 0x1d0) this.#setDefaultClock(wire.varint());
      else wire.skip(tag, end);
    }
  }

  #setEventDefaults(wire: Wire, end: number): void {
    let hasCounter = false;
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x58) {
        wire.varint64();
        this.#setDefaultTrack(wire.high, wire.low);
      } else if (tag === 0xf8 && !hasCounter) {
        // 31 extra_counter_track_uuids
        wire.varint64();
        this.counterTrackHigh = wire.high;
        this.counterTrackLow = wire.low;
        hasCounter = true;
      } else wire.skip(tag, end);
    }
    wire.close(end);
  }

  #setDefaultClock(clock: number): void {
    this.defaultClock = clock;
    this.#usualClock = undefined;
  }

  #setDefaultTrack(high: number, low: number): void {
    this.defaultTrackHigh = high;
    this.defaultTrackLow = low;
    this.#usualTrack = undefined;
  }
}

/** Chromium has some dozens, one for each thread that writes; a hostile stream must not make us keep any number. */
const MOST_SEQUENCES = 0x1_0000;

/** All sequences of a stream by their number. */
export class Sequences {
  /** The sequence of the last packet. */
  #current: Sequence;
  readonly #byId = new Map<number, Sequence>();
  readonly #strings: StringTable;

  constructor(strings: StringTable) {
    this.#strings = strings;
    this.#current = new Sequence(NONE, strings);
  }

  /** The packet's sequence; null where there are too many. */
  enter(packet: Packet): Sequence | null {
    const id = packet.sequenceId;
    if (id === this.#current.id) return this.#current;
    let sequence = this.#byId.get(id);
    if (sequence === undefined) {
      if (this.#byId.size >= MOST_SEQUENCES) return null;
      sequence = new Sequence(id, this.#strings);
      this.#byId.set(id, sequence);
      // Nothing was lost before a sequence's first packet, which has the mark all the same.
      packet.previousDropped = false;
    }
    this.#current = sequence;
    return sequence;
  }
}

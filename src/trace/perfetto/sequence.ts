/**
 * A packet sequence: packets of one writer (a thread, as a rule), in order. Packets say only what has changed since the
 * last one, so each sequence has a state: interned texts, defaults, clocks, its thread.
 * In: TracePacketDefaults messages and what the packets' flags say. Out: the state for the packet at hand.
 * After lost packets the state is unknown until the writer clears it and starts anew.
 */
import type { StringTable } from '../../base/index.ts';
import type { SequenceClock } from './clocks.ts';
import { Interned } from './interned.ts';
import type { Track } from './tracks.ts';
import type { Wire } from './wire.ts';

export class Sequence {
  /** The state is known: it was cleared, and no packet was lost since. */
  valid = false;
  readonly interned: Interned;
  readonly clocks = new Map<number, SequenceClock>();
  /** The thread that writes the sequence, once it has described itself. */
  thread: Track | undefined;
  defaultClock = 0;
  /** Track of events that name none; 0 and 0 for none. */
  defaultTrackHigh = 0;
  defaultTrackLow = 0;
  /** That track, once it was looked up. */
  defaultTrack: Track | undefined;

  constructor(strings: StringTable) {
    this.interned = new Interned(strings);
  }

  /** The writer starts anew. */
  clear(): void {
    this.valid = true;
    this.interned.clear();
    this.clocks.clear();
    this.thread = undefined;
    this.defaultClock = 0;
    this.defaultTrackHigh = 0;
    this.defaultTrackLow = 0;
    this.defaultTrack = undefined;
  }

  /** Takes a TracePacketDefaults message up to `end`. */
  setDefaults(wire: Wire, end: number): void {
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x5a) this.#setEventDefaults(wire, wire.fieldEnd(end));
      else if (tag === 0x1d0) this.defaultClock = wire.varint();
      else wire.skip(tag, end);
    }
  }

  #setEventDefaults(wire: Wire, end: number): void {
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x58) {
        wire.varint64();
        this.defaultTrackHigh = wire.high;
        this.defaultTrackLow = wire.low;
        this.defaultTrack = undefined;
      } else wire.skip(tag, end);
    }
    wire.close(end);
  }
}

/**
 * The fields of one TracePacket: numbers as they are, messages by where they lie.
 * In: a packet's bytes. Out: the fields, by `read()`; used again for each packet.
 * Refuses: malformed packets: `read()` answers false, and the fields are then those before the fault.
 */
import type { Wire } from './wire.ts';

/** `TracePacket.sequence_flags`. */
export const STATE_CLEARED = 1;
export const NEEDS_STATE = 2;

/** Where a message lies that the packet does not have. */
export const NONE = -1;

export class Packet {
  sequenceId = 0;
  flags = 0;
  hasTime = false;
  /** Halves of the timestamp. */
  timeHigh = 0;
  timeLow = 0;
  /** The TrackEvent lies at [event, eventEnd). */
  event = NONE;
  eventEnd = 0;
  /** 0 for the sequence's own. */
  clock = 0;
  /** Whether any of the fields below is given; few packets have one. */
  hasMore = false;
  previousDropped = false;
  interned = NONE;
  internedEnd = 0;
  defaults = NONE;
  defaultsEnd = 0;
  descriptor = NONE;
  descriptorEnd = 0;
  snapshot = NONE;
  snapshotEnd = 0;
  stats = NONE;
  statsEnd = 0;
  /** What Chrome says of the trace as a whole. */
  bundle = NONE;
  bundleEnd = 0;

  /** Reads the packet from the cursor to `end`. */
  read(wire: Wire, end: number): boolean {
    this.#clear();
    const { bytes } = wire;
    let { at } = wire;
    while (at < end) {
      const value = bytes[at + 1];
      // Most tags, values and lengths take one byte each: these here, the rest field by field.
      if (value < 0x80) {
        switch (bytes[at]) {
          case 0x40: // 8 timestamp
            this.hasTime = true;
            this.timeHigh = 0;
            this.timeLow = value;
            at += 2;
            continue;
          case 0x68: // 13 sequence_flags
            this.flags |= value;
            at += 2;
            continue;
          case 0x5a: // 11 track_event
            this.event = at + 2;
            at += 2 + value;
            this.eventEnd = at;
            continue;
          case 0x18: // 3 trusted_uid
            at += 2;
            continue;
          case 0x50: // 10 trusted_packet_sequence_id
            this.sequenceId = value;
            at += 2;
            continue;
        }
      }
      wire.at = at;
      this.#readField(wire, wire.varint(), end);
      at = wire.at;
    }
    return at === end;
  }

  #clear(): void {
    this.sequenceId = 0;
    this.flags = 0;
    this.hasTime = false;
    this.event = NONE;
    this.clock = 0;
    if (!this.hasMore) return;
    this.hasMore = false;
    this.previousDropped = false;
    this.interned = NONE;
    this.defaults = NONE;
    this.descriptor = NONE;
    this.snapshot = NONE;
    this.stats = NONE;
    this.bundle = NONE;
  }

  #readField(wire: Wire, tag: number, end: number): void {
    switch (tag) {
      case 0x40: // 8 timestamp
        wire.varint64();
        this.hasTime = true;
        this.timeHigh = wire.high;
        this.timeLow = wire.low;
        return;
      case 0x5a: // 11 track_event
        this.eventEnd = wire.fieldEnd(end);
        this.event = wire.at;
        wire.at = this.eventEnd;
        return;
      case 0x50: // 10 trusted_packet_sequence_id
        this.sequenceId = wire.varint();
        return;
      case 0x68: // 13 sequence_flags
        this.flags |= wire.varint();
        return;
      default:
        this.#readRareField(wire, tag, end);
    }
  }

  #readRareField(wire: Wire, tag: number, end: number): void {
    switch (tag) {
      case 0x1d0: // 58 timestamp_clock_id
        this.clock = wire.varint();
        return;
      case 0x62: // 12 interned_data
        this.internedEnd = wire.fieldEnd(end);
        this.interned = wire.at;
        wire.at = this.internedEnd;
        break;
      case 0x1da: // 59 trace_packet_defaults
        this.defaultsEnd = wire.fieldEnd(end);
        this.defaults = wire.at;
        wire.at = this.defaultsEnd;
        break;
      case 0x1e2: // 60 track_descriptor
        this.descriptorEnd = wire.fieldEnd(end);
        this.descriptor = wire.at;
        wire.at = this.descriptorEnd;
        break;
      case 0x32: // 6 clock_snapshot
        this.snapshotEnd = wire.fieldEnd(end);
        this.snapshot = wire.at;
        wire.at = this.snapshotEnd;
        break;
      case 0x11a: // 35 trace_stats
        this.statsEnd = wire.fieldEnd(end);
        this.stats = wire.at;
        wire.at = this.statsEnd;
        break;
      case 0x2a: // 5 chrome_events
        this.bundleEnd = wire.fieldEnd(end);
        this.bundle = wire.at;
        wire.at = this.bundleEnd;
        break;
      case 0x150: // 42 previous_packet_dropped
        this.previousDropped = wire.varint() !== 0;
        break;
      case 0x148: // 41 incremental_state_cleared, before sequence_flags said it
        if (wire.varint() !== 0) this.flags |= STATE_CLEARED;
        return;
      default:
        wire.skip(tag, end);
        return;
    }
    this.hasMore = true;
  }
}

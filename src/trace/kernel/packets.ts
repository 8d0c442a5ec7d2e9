/**
 * Perfetto packets → events: slices and instants of threads, which are nearly all there is. Everything else (packets that
 * change a sequence's state, async tracks, legacy events, counters, arguments that the tables need, whatever is malformed)
 * is JavaScript's (src/trace/perfetto/reader.ts), which the kernel stops for, with nothing of that packet done.
 * In: the input buffer (read-events.ts). Out: events, taken; where and why it stopped.
 */
import { inputEnd } from './bytes.ts';
import {
  clearEvent,
  PHASE_ASYNC_BEGIN,
  PHASE_ASYNC_END,
  PHASE_ASYNC_INSTANT,
  PHASE_BEGIN,
  PHASE_COMPLETE,
  PHASE_END,
  PHASE_INSTANT,
  setCategory,
  setDuration,
  setId,
  setName,
  setOffset,
  setPhase,
  setPid,
  setTid,
  setTime,
  setTraceId,
} from './event.ts';
import { dropFlows, stageFlow } from './flows.ts';
import { dropLink } from './links.ts';
import { stageAsync } from './packet-async.ts';
import { dropCounters, readCounters } from './packet-counters.ts';
import { readPacketLink } from './packet-links.ts';
import { moveTo, position, sourceLength, unread } from './read-events.ts';
import {
  COUNTING,
  findSequence,
  findTrack,
  joinedCategory,
  KNOWN,
  Sequence,
  TRACK_OF_PROCESS,
  TRACK_THREAD,
  Track,
  traceClock,
} from './sequences.ts';
import { takeEvent } from './take-event.ts';
import { foundTraceId, lookForTraceId } from './trace-id.ts';
import { TRAIT_COUNTERS, TRAIT_LINK, TRAIT_LOOK, traitsOf } from './traits.ts';
import { after, isBroken, readVarint } from './varint.ts';

/**
 * Why reading stopped: the bytes end here or within the packet; the packet is JavaScript's; this is no packet; it has read
 * enough for one call. src/trace/perfetto/kernel-packets.ts has the same.
 */
const STOP_OUT: i32 = 0;
const STOP_PACKET: i32 = 1;
const STOP_BROKEN: i32 = 2;
const STOP_PAUSE: i32 = 3;

const PACKET_TAG: u32 = 0x0a;
/** Perfetto itself accepts no larger one. */
const LARGEST_PACKET: u64 = 0x10000000;
/** Bytes of the longest tag and length of such a packet. */
const LONGEST_HEADER: usize = 6;
/** Packets read in one call at most: V8 takes a function's optimised form only when it is called anew. */
const MOST_PACKETS: i32 = 2048;

const STATE_CLEARED: u64 = 1;
/** As src/trace/perfetto/track-event.ts takes. */
const MOST_CATEGORIES: i32 = 16;

/** The packet that is JavaScript's lies at [packetFrom, packetTo); its offset in the stream. */
export let packetFrom: usize = 0;
export let packetTo: usize = 0;
export let packetOffset: f64 = 0;

/** The event that was read last is on an async track. */
let isAsync: bool = false;

/** Reads packets until it has to stop, and returns why (STOP_*). A packet that is JavaScript's is passed over. */
export function readPackets(): i32 {
  const from = position();
  const to = inputEnd;
  const offset = sourceLength() - <f64>unread();
  let at = from;
  for (let count = 0; count < MOST_PACKETS && at < to; count++) {
    const stop = readHeader(at, to);
    if (stop !== STOP_PACKET) {
      moveTo(at);
      return stop;
    }
    packetOffset = offset + <f64>(at - from);
    setOffset(packetOffset);
    const wasRead = readPacket(packetFrom, packetTo);
    at = packetTo;
    if (!wasRead) {
      moveTo(at);
      return STOP_PACKET;
    }
  }
  moveTo(at);
  return at < to ? STOP_PAUSE : STOP_OUT;
}

/** Finds the packet at `at`: STOP_PACKET where all of it is there. */
function readHeader(at: usize, to: usize): i32 {
  if (<u32>load<u8>(at) !== PACKET_TAG) return STOP_BROKEN;
  const length = readVarint(at + 1, to);
  if (isBroken()) return to - at > LONGEST_HEADER ? STOP_BROKEN : STOP_OUT;
  if (length > LARGEST_PACKET || after - at > LONGEST_HEADER) return STOP_BROKEN;
  packetFrom = after;
  packetTo = after + <usize>length;
  return packetTo > to ? STOP_OUT : STOP_PACKET;
}

function readPacket(from: usize, to: usize): bool {
  let at = from;
  let time: u64 = 0;
  let hasTime = false;
  let number: u64 = 0;
  let eventFrom: usize = 0;
  let eventTo: usize = 0;
  let clock: u64 = 0;
  while (at < to) {
    const tag: u32 = load<u8>(at);
    if (tag === 0xd0 && <u32>load<u8>(at + 1) === 0x03) {
      // 58 timestamp_clock_id
      clock = readVarint(at + 2, to);
      if (isBroken() || clock !== traceClock) return false;
      at = after;
      continue;
    }
    const value = readVarint(at + 1, to);
    if (isBroken()) return false;
    at = after;
    switch (tag) {
      case 0x40: // 8 timestamp
        time = value;
        hasTime = true;
        break;
      case 0x68: // 13 sequence_flags
        if ((value & STATE_CLEARED) !== 0) return false;
        break;
      case 0x5a: // 11 track_event
        if (value > <u64>(to - at)) return false;
        eventFrom = at;
        at += <usize>value;
        eventTo = at;
        break;
      case 0x18: // 3 trusted_uid
        break;
      case 0x50: // 10 trusted_packet_sequence_id
        number = value;
        break;
      default:
        return false;
    }
  }
  if (eventFrom === 0 || !hasTime) return false;
  const sequence = findSequence(number);
  if (sequence === null || sequence.state < (clock === 0 ? COUNTING : KNOWN)) return false;
  if (!readEvent(eventFrom, eventTo, sequence)) {
    dropFlows();
    return false;
  }
  if (clock === 0) {
    sequence.micros += <f64>(<i64>time);
    setTime(sequence.micros + sequence.fraction);
  } else setTime(microsOf(<i64>time));
  if (isAsync) {
    stageAsync();
    dropFlows();
  } else takeEvent();
  dropCounters();
  dropLink();
  return true;
}

/** As clocks.ts joins them: whole microseconds, and 0 … 999 nanoseconds, also before 0. */
function microsOf(nanos: i64): f64 {
  let micros = nanos / 1000;
  let rest = nanos % 1000;
  if (rest < 0) {
    rest += 1000;
    micros--;
  }
  return <f64>micros + <f64>rest / 1000;
}

/** Reads a TrackEvent into the event at hand (event.ts), all but its time. */
function readEvent(from: usize, to: usize, sequence: Sequence): bool {
  let at = from;
  let type: u64 = 0;
  let name: i32 = 0;
  let category: i32 = 0;
  let categories = 0;
  let uuid = sequence.track;
  let argsFrom: usize = 0;
  let argsTo: usize = 0;
  let argsCount = 0;
  let isLegacy = false;
  clearEvent();
  lookForTraceId(0, 0, sequence);
  while (at < to) {
    const tag: u32 = load<u8>(at);
    if (tag >= 0x80) {
      at = passLongTag(at, to);
      if (at === 0) return false;
      continue;
    }
    const value = readVarint(at + 1, to);
    if (isBroken()) return false;
    at = after;
    switch (tag) {
      case 0x48: // 9 type
        type = value;
        break;
      case 0x60: // 12 extra_counter_values: thread time
        break;
      case 0x18: // 3 category_iids
        if (value >= sequence.categories.count) return false;
        category = addCategory(category, sequence.categories.at(value));
        if (category < 0 || ++categories > MOST_CATEGORIES) return false;
        break;
      case 0x50: // 10 name_iid
        if (value >= sequence.names.count) return false;
        name = sequence.names.at(value);
        break;
      case 0x58: // 11 track_uuid
        uuid = value;
        break;
      case 0x32: // 6 legacy_event
        if (value > <u64>(to - at) || !readLegacy(at, at + <usize>value)) return false;
        isLegacy = true;
        at += <usize>value;
        break;
      case 0x22: // 4 debug_annotations
        if (value > <u64>(to - at)) return false;
        argsFrom = at;
        at += <usize>value;
        argsTo = at;
        argsCount++;
        if (!lookForTraceId(argsFrom, argsTo, sequence)) return false;
        break;
      default:
        return false;
    }
  }
  if (isLegacy ? type !== 0 : type < 1 || type > 3) return false;
  const track = findTrack(uuid);
  if (track === null) return false;
  const traits = traitsOf(name);
  isAsync = track.kind !== TRACK_THREAD;
  if (isLegacy && isAsync) return false;
  if ((traits & TRAIT_LOOK) !== 0) {
    if (argsCount !== 1 || isAsync) return false;
    if ((traits & TRAIT_LINK) !== 0) {
      if (type === 2 || !readPacketLink(argsFrom, argsTo, sequence)) return false;
    } else if ((traits & TRAIT_COUNTERS) === 0 || !readCounters(argsFrom, argsTo, sequence)) return false;
  } else if ((traitsOf(category) & TRAIT_LOOK) !== 0 && type !== 2) return false;
  if (isAsync) setAsync(<i32>type, track, sequence);
  else {
    if (isLegacy) {
      setPhase(PHASE_COMPLETE);
      setDuration(legacyDuration);
    } else setPhase(type === 1 ? PHASE_BEGIN : type === 2 ? PHASE_END : PHASE_INSTANT);
    setPid(track.pid);
    setTid(track.tid);
  }
  setName(name);
  setCategory(category);
  setTraceId(foundTraceId);
  return true;
}

/** Microseconds; NaN where the legacy event has none. */
let legacyDuration: f64 = NaN;

/** Whether the legacy event is a slice with its duration (`X`), and nothing else. */
function readLegacy(from: usize, to: usize): bool {
  let at = from;
  let code: u64 = 0;
  legacyDuration = NaN;
  while (at < to) {
    const tag: u32 = load<u8>(at);
    const value = readVarint(at + 1, to);
    if (isBroken()) return false;
    at = after;
    if (tag === 0x10)
      code = value; // 2 phase
    else if (tag === 0x18)
      legacyDuration = <f64>(<i64>value); // 3 duration_us
    else if (tag !== 0x20) return false; // 4 thread_duration_us
  }
  return code === <u64>PHASE_COMPLETE;
}

/** An event of an async track that hangs under a process has the thread that wrote it, if that is of the process. */
function setAsync(type: i32, track: Track, sequence: Sequence): void {
  const isTracks = track.kind !== TRACK_OF_PROCESS || track.pid !== sequence.pid;
  setPhase(type === 1 ? PHASE_ASYNC_BEGIN : type === 2 ? PHASE_ASYNC_END : PHASE_ASYNC_INSTANT);
  setPid(track.pid);
  setTid(isTracks ? track.tid : sequence.tid);
  setId(track.id, false);
}

/** Chromium's own fields of an event are arguments of it (src/trace/perfetto/typed-arguments.ts). */
const FIRST_EXTENSION: u64 = 1000;

function passExtension(at: usize, to: usize): usize {
  const tag = readVarint(at, to);
  // Messages alone: 2 is the wire type of what has a length.
  if (isBroken() || tag >> 3 < FIRST_EXTENSION || (tag & 7) !== 2) return 0;
  const length = readVarint(after, to);
  return isBroken() || length > <u64>(to - after) ? 0 : after + <usize>length;
}

/** Address after a field whose tag has two bytes; 0 where it is none that may be passed over. */
function passLongTag(at: usize, to: usize): usize {
  const second: u32 = load<u8>(at + 1);
  if (<u32>load<u8>(at) === 0x88 && second === 0x01) {
    // 17 thread_time_absolute_us
    readVarint(at + 2, to);
    return after;
  }
  const isFlow =
    (<u32>load<u8>(at) === 0xf9 && second === 0x02) || (<u32>load<u8>(at) === 0x81 && second === 0x03);
  // 47 flow_ids, 48 terminating_flow_ids
  if (!isFlow) return passExtension(at, to);
  if (to - at < 10) return 0;
  stageFlow(load<u64>(at + 2), second === 0x03);
  return at + 10;
}

/** `category` with another one; -1 where JavaScript has not joined these two yet. */
function addCategory(category: i32, row: i32): i32 {
  if (category === 0 || row === 0) return category | row;
  return joinedCategory(category, row);
}

/**
 * The input buffer, and the list of events in it.
 * In: bytes of the source, piece by piece. Out: every event taken (take-event.ts), or one at a time for whoever writes
 * another form; entries that are no events are counted. Never holds more than one event and one piece. An event that never ends is passed over to the next line that
 * begins one.
 */
import {
  BAD,
  brokenAt,
  CLOSE_BRACKET,
  COMMA,
  inputEnd,
  OPEN_BRACE,
  OUT,
  setInputEnd,
  skipSpace,
  skipValue,
} from './bytes.ts';
import { countMalformedEvent } from './counts.ts';
import { phase, setOffset } from './event.ts';
import { allocate } from './memory.ts';
import { scanEvent } from './scan-event.ts';
import { countEvent, takeEvent } from './take-event.ts';

const SMALLEST_BUFFER: usize = 1 << 18;
/** Bytes behind the input that may be read over. */
const PADDING: usize = 32;
const LINE_FEED: u32 = 0x0a;

/**
 * What came next in the list: not all of it is there yet; an event, which is the event at hand now; something that is no
 * event, passed over; the list's end, passed. src/trace/packet-events.ts has the same.
 */
const NEXT_OUT: i32 = 0;
const NEXT_EVENT: i32 = 1;
const NEXT_NONE: i32 = 2;
const NEXT_OVER: i32 = 3;

let buffer: usize = 0;
let room: usize = 0;
/** Address of what is not yet read. */
let at: usize = 0;
/** Offset in the source of the buffer's first byte. */
let base: f64 = 0;
/** An event without an end was met: lines, not brackets, tell from now on where events begin. */
let byLine: bool = false;
/** `at` lies in what was given up: nothing of it begins an entry before the next line that opens an event. */
let isLost: bool = false;
/** Address of the event at hand, which ends before `at`. */
export let eventFrom: usize = 0;
/** An entry was an event in form; one of them says of what kind it is. */
export let foundEntry: bool = false;
export let foundPhase: bool = false;

/** Where the next `bytes` bytes of the source are to be put; what is read is dropped. */
export function reserve(bytes: usize): usize {
  const rest = inputEnd - at;
  if (buffer + room - inputEnd < bytes + PADDING) {
    const needed = rest + bytes + PADDING;
    let target = buffer;
    if (needed > room) {
      room = max(SMALLEST_BUFFER, needed * 2);
      target = allocate(room);
    }
    memory.copy(target, at, rest);
    base += <f64>(at - buffer);
    buffer = target;
    at = target;
    setInputEnd(target + rest);
  }
  return inputEnd;
}

/** So many bytes have been put there. */
export function received(bytes: usize): void {
  setInputEnd(inputEnd + bytes);
}

export function position(): usize {
  return at;
}

export function moveTo(address: usize): void {
  at = address;
}

export function unread(): usize {
  return inputEnd - at;
}

/** Bytes of the source until the end of the input. */
export function sourceLength(): f64 {
  return base + <f64>(inputEnd - buffer);
}

/** Reads as many events as are whole in the buffer. True when the list is over, and passed. */
export function readEvents(): bool {
  while (true) {
    const next = nextEvent();
    if (next === NEXT_EVENT) takeEvent();
    else if (next !== NEXT_NONE) return next === NEXT_OVER;
  }
}

export function nextEvent(): i32 {
  if (isLost && !findLine()) return NEXT_OUT;
  const entry = skipComma();
  if (entry === OUT) return NEXT_OUT;
  const first: u32 = load<u8>(entry);
  if (first === CLOSE_BRACKET) {
    at = entry + 1;
    return NEXT_OVER;
  }
  return first === OPEN_BRACE ? readEvent(entry) : skipMalformed(entry);
}

/** Address of the next entry. */
function skipComma(): usize {
  const entry = skipSpace(at);
  return entry !== OUT && <u32>load<u8>(entry) === COMMA ? skipSpace(entry + 1) : entry;
}

function readEvent(entry: usize): i32 {
  const after = byLine ? scanLine(entry) : scanEvent(entry);
  if (after === OUT) return NEXT_OUT;
  if (after === BAD) return skipMalformed(entry);
  setOffset(base + <f64>(entry - buffer));
  at = after;
  eventFrom = entry;
  foundEntry = true;
  if (phase !== 0) foundPhase = true;
  return NEXT_EVENT;
}

/** Passes over one entry that is no event, where it can be told where it ends. */
function skipMalformed(entry: usize): i32 {
  if (byLine) {
    countNoEvent();
    at = entry + 1;
    isLost = true;
    return NEXT_NONE;
  }
  const after = skipValue(entry);
  if (after === OUT) return NEXT_OUT;
  countNoEvent();
  at = after === BAD ? max(entry + 1, brokenAt) : after;
  return NEXT_NONE;
}

function countNoEvent(): void {
  countEvent();
  countMalformedEvent();
}

/**
 * Gives up the event at hand, which has no end, and begins again at the next line that opens one. From then on no
 * event may reach into the next such line, so that each broken one costs its own length only. False: no such line.
 */
export function dropUnended(): bool {
  const entry = skipComma();
  if (entry === OUT) return false;
  const next = nextLine(entry + 1);
  if (next === inputEnd) return false;
  countNoEvent();
  at = next;
  byLine = true;
  return true;
}

/** Gives up the event at hand with all that has come of it: the next line that opens one is still to come. */
export function dropUnread(): void {
  countNoEvent();
  passAll();
  byLine = true;
  isLost = true;
}

/** Goes to the next line that opens an event. False: it is still to come, and all before it is passed. */
function findLine(): bool {
  const next = nextLine(at);
  isLost = next === inputEnd;
  if (isLost) passAll();
  else at = next;
  return !isLost;
}

/** But for the last byte, which may end the line before an event's. */
function passAll(): void {
  at = max(at, inputEnd - 1);
}

/** Scans the event at `entry`, which has to end before the next line that opens one. */
function scanLine(entry: usize): usize {
  const end = inputEnd;
  const next = nextLine(entry + 1);
  setInputEnd(next);
  const after = scanEvent(entry);
  setInputEnd(end);
  return after === OUT && next < end ? BAD : after;
}

/** Address of the next `{` that begins a line; the end of the input where there is none. */
function nextLine(from: usize): usize {
  let i = max(buffer + 1, from);
  while (i < inputEnd && (<u32>load<u8>(i) !== OPEN_BRACE || <u32>load<u8>(i - 1) !== LINE_FEED)) i++;
  return min(i, inputEnd);
}

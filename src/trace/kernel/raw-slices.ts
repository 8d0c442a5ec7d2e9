/**
 * Slices as they are read: begin, complete and instant events in file order, and ends beside them.
 * In: the event at hand and its thread. Out: rows, grouped by thread once all are there.
 */
import { countNegativeDuration } from './counts.ts';
import { category, duration, name, offset, time, traceId } from './event.ts';
import { allocate, Double, makeRows } from './memory.ts';
import { joinRows, makePairMap } from './pair-map.ts';
import { reserveSpare } from './sort.ts';
import { beginTurn, goesOn } from './turns.ts';

/** As SLICE_* of src/trace/tables.ts. */
export const SLICE_END_INFERRED: u32 = 1;
export const SLICE_CLIPPED: u32 = 2;
export const SLICE_JS_CALL: u32 = 4;
export const SLICE_INSTANT: u32 = 8;
/** Of raw slices alone: V8 took a sample for the event. */
const SLICE_SAMPLED: u32 = 16;

/** Duration of a begin whose end has not come yet. */
export const OPEN: f64 = -1;

@unmanaged
export class RawSlice {
  start: f64;
  /** See `durationOf`. */
  length: u32;
  /** Offset in the source: its low 32 bits, and `offsetHigh` those above. */
  offsetLow: u32;
  /** Row in `kinds`. */
  kind: u32;
  thread: u16;
  offsetHigh: u8;
  flags: u8;
}

/** Name and category: there are few pairs of them. */
@unmanaged
class Kind {
  name: i32;
  category: i32;
}

/** The `sampleTraceId` of a raw slice, by its row. */
@unmanaged
class TraceIdOf {
  row: u32;
  value: f64;
}

@unmanaged
export class RawEnd {
  time: f64;
  name: i32;
  thread: i32;
  /** It comes after the raw slices below this row. */
  after: u32;
}

export const slices = makeRows<RawSlice>();
export const ends = makeRows<RawEnd>();
const traceIds = makeRows<TraceIdOf>();
/** Durations that are no small number of nanoseconds. */
const oddDurations = makeRows<Double>();
const kinds = makeRows<Kind>();
/** Name and category → row in `kinds`. */
const kindRows = makePairMap(1024);
/** By name, in 256 places: the kind that an event of such a name had last. */
const lastKinds: usize = allocate(256 << 2);

export function nameOf(slice: RawSlice): i32 {
  return kinds.at(slice.kind).name;
}

export function categoryOf(slice: RawSlice): i32 {
  return kinds.at(slice.kind).category;
}

export function offsetOf(slice: RawSlice): f64 {
  return <f64>slice.offsetHigh * 4294967296 + <f64>slice.offsetLow;
}

/** Lengths that stand for OPEN and Infinity. */
const LENGTH_OPEN: u32 = u32.MAX_VALUE;
const LENGTH_INFINITE: u32 = u32.MAX_VALUE - 1;
/** Marks rows of `oddDurations`; lengths without it are nanoseconds. */
const LENGTH_ODD: u32 = 1 << 31;

/** Microseconds; OPEN where the end has not come yet, Infinity for a slice that was never ended. */
export function durationOf(slice: RawSlice): f64 {
  const length = slice.length;
  if ((length & LENGTH_ODD) === 0) return <f64>length / 1000;
  if (length === LENGTH_OPEN) return OPEN;
  if (length === LENGTH_INFINITE) return Infinity;
  return oddDurations.at(length ^ LENGTH_ODD).value;
}

/** Kept as nanoseconds where those give back the very same number. */
export function setDuration(slice: RawSlice, duration: f64): void {
  if (duration >= 0 && duration < 2147483) {
    const nanos = <u32>nearest<f64>(duration * 1000);
    if (<f64>nanos / 1000 === duration) {
      slice.length = nanos;
      return;
    }
  }
  if (duration === OPEN) slice.length = LENGTH_OPEN;
  else if (duration === Infinity) slice.length = LENGTH_INFINITE;
  else {
    slice.length = oddDurations.length | LENGTH_ODD;
    oddDurations.push().value = duration;
  }
}

export function isOpen(slice: RawSlice): bool {
  return slice.length === LENGTH_OPEN;
}

function kindOfEvent(): u32 {
  const last = lastKinds + ((<usize>name & 0xff) << 2);
  const guess = load<u32>(last);
  if (guess < kinds.length && isKind(guess)) return guess;
  const row = kindOf();
  store<u32>(last, row);
  return row;
}

function kindOf(): u32 {
  const known = kindRows.find(joinRows(name, category), 0);
  if (known >= 0) return <u32>known;
  kindRows.add(<i32>kinds.length);
  const kind = kinds.push();
  kind.name = name;
  kind.category = category;
  return kinds.length - 1;
}

function isKind(row: u32): bool {
  const kind = kinds.at(row);
  return kind.name === name && kind.category === category;
}

export function addComplete(thread: i32): void {
  let length = duration;
  if (!(length >= 0)) {
    if (length < 0) countNegativeDuration();
    length = 0;
  }
  add(thread, length, 0);
}

export function addBegin(thread: i32): void {
  add(thread, OPEN, 0);
}

export function addInstant(thread: i32): void {
  add(thread, 0, SLICE_INSTANT);
}

export function addEnd(thread: i32): void {
  const end = ends.push();
  end.time = time;
  end.name = name;
  end.thread = thread;
  end.after = slices.length;
}

function add(thread: i32, length: f64, flags: u32): void {
  const slice = slices.push();
  slice.start = time;
  setDuration(slice, length);
  const whole = <u64>offset;
  slice.offsetLow = <u32>whole;
  slice.offsetHigh = <u8>(whole >> 32);
  slice.kind = kindOfEvent();
  slice.thread = <u16>thread;
  slice.flags = <u8>flags;
  if (traceId === 0) return;
  slice.flags |= <u8>SLICE_SAMPLED;
  const sampled = traceIds.push();
  sampled.row = slices.length - 1;
  sampled.value = traceId;
}

export function isSampled(slice: RawSlice): bool {
  return (slice.flags & SLICE_SAMPLED) !== 0;
}

/** The `sampleTraceId` of the slice in a row; 0 for none. */
export function traceIdOf(row: u32): f64 {
  if (!isSampled(slices.at(row))) return 0;
  let from: u32 = 0;
  let to = traceIds.length - 1;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (traceIds.at(middle).row < row) from = middle + 1;
    else to = middle;
  }
  return traceIds.at(from).value;
}

/** SLICE_* as the table has them. */
export function flagsOf(slice: RawSlice): u32 {
  return slice.flags & ~SLICE_SAMPLED;
}

/** Thread t's slices are order[firstOf[t] .. firstOf[t + 1]), in file order; its ends likewise. */
export let sliceOrder: usize = 0;
export let sliceFirst: usize = 0;
export let endOrder: usize = 0;
export let endFirst: usize = 0;

/** How many slices `sliceOrder` has room for; its memory is free when all are handed out. */
export function slicesInOrder(): u32 {
  return sliceOrder === 0 ? 0 : slices.length;
}

const COUNTING: i32 = 0;
const PLACING: i32 = 1;
let stage: i32 = COUNTING;
/** Of the stage at hand: the rows before are done. */
let nextSlice: u32 = 0;
let nextEnd: u32 = 0;
let threads: u32 = 0;

/** Begins to group everything by thread. */
export function startGrouping(threadCount: u32): void {
  threads = threadCount;
  sliceFirst = allocate((threadCount + 2) << 2);
  endFirst = allocate((threadCount + 2) << 2);
  stage = COUNTING;
  nextSlice = 0;
  nextEnd = 0;
}

/** Counting sorts by thread; false when all is grouped. */
export function groupSome(): bool {
  beginTurn();
  if (stage === COUNTING) {
    for (; nextSlice < slices.length; nextSlice++) {
      if (!goesOn()) return true;
      countOne(sliceFirst, slices.at(nextSlice).thread);
    }
    for (; nextEnd < ends.length; nextEnd++) {
      if (!goesOn()) return true;
      countOne(endFirst, ends.at(nextEnd).thread);
    }
    reserveSpare(max(largestOf(sliceFirst), largestOf(endFirst)));
    addUp(sliceFirst);
    addUp(endFirst);
    sliceOrder = allocate(slices.length << 2);
    endOrder = allocate(ends.length << 2);
    stage = PLACING;
    nextSlice = 0;
    nextEnd = 0;
  }
  for (; nextSlice < slices.length; nextSlice++) {
    if (!goesOn()) return true;
    placeOne(sliceFirst, sliceOrder, slices.at(nextSlice).thread, nextSlice);
  }
  for (; nextEnd < ends.length; nextEnd++) {
    if (!goesOn()) return true;
    placeOne(endFirst, endOrder, ends.at(nextEnd).thread, nextEnd);
  }
  return false;
}

/** Counts are kept two places on, so that placing rows leaves each thread's first row in its own place. */
function countOne(first: usize, thread: u32): void {
  const at = first + ((thread + 2) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function largestOf(first: usize): u32 {
  let largest: u32 = 0;
  for (let t: u32 = 2; t < threads + 2; t++) largest = max(largest, load<u32>(first + (t << 2)));
  return largest;
}

function addUp(first: usize): void {
  for (let t: u32 = 2; t < threads + 2; t++) {
    store<u32>(first + (t << 2), load<u32>(first + (t << 2)) + load<u32>(first + ((t - 1) << 2)));
  }
}

function placeOne(first: usize, order: usize, thread: u32, row: u32): void {
  const at = first + ((thread + 1) << 2);
  const place = load<u32>(at);
  store<u32>(at, place + 1);
  store<u32>(order + (place << 2), row);
}

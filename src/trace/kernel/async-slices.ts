/**
 * Intervals of async events and async tracks: begin and end are tied by id and trace category, innermost first.
 * In: async begin and end events in file order. Out: rows by start, in batches; JavaScript copies each out of the stage.
 * An end without a name (Perfetto) ends the innermost; one with a name ends the innermost of that name. Begin and end
 * may be written by different threads, so that the end stands before its begin in the file: they are tied in time order.
 */
import { countUnmatchedAsync } from './counts.ts';
import { category, id, idIsLocal, name, offset, pid, time } from './event.ts';
import { allocate, Int, makeRows } from './memory.ts';
import { takeAsyncSlices } from './outside.ts';
import { joinRows, makePairMap, numberKey } from './pair-map.ts';
import { SLICE_END_INFERRED, SLICE_INSTANT, sliceOrder, slicesInOrder } from './raw-slices.ts';
import { sortSome, startSort } from './sort.ts';
import { beginTurn, goesOn } from './turns.ts';

/** Duration of a begin whose end has not come yet. */
const OPEN: f64 = -1;
/** Duration of a moment: it is never open. */
const MOMENT: f64 = -2;
/** Stands for every process: no process id is as large. */
const ANY_PROCESS: u64 = u64.MAX_VALUE;

@unmanaged
class AsyncSlice {
  start: f64;
  duration: f64;
  /** Offset in the source: its low 32 bits, and `offsetHigh` those above. */
  offsetLow: u32;
  offsetHigh: u32;
  /** Row in `kinds`. */
  kind: u32;
  /** What ties begin and end: number of its id, category and, where the id is local, process. */
  key: i32;
  /** The slice under it on its key's stack, and on the stack of its key and name; -1 is none. */
  below: i32;
  belowOfName: i32;
}

/** Name and process: there are few pairs of them. */
@unmanaged
class Kind {
  name: i32;
  pid: f64;
}

@unmanaged
class AsyncEnd {
  time: f64;
  name: i32;
  key: i32;
}

const slices = makeRows<AsyncSlice>();
const ends = makeRows<AsyncEnd>();
/** Begins as their rows, ends as -1 - their rows, in file order. */
const tokens = makeRows<Int>();
/** Category and id, process → key. */
const keys = makePairMap(1024);
const kinds = makeRows<Kind>();
/** Name, process → row in `kinds`. */
const kindRows = makePairMap(256);

export function addAsyncBegin(): void {
  add(OPEN);
}

/** A moment on an async track, or a step of an async event of old. */
export function addAsyncInstant(): void {
  add(MOMENT);
}

function add(duration: f64): void {
  tokens.push().value = slices.length;
  const slice = slices.push();
  slice.start = time;
  slice.duration = duration;
  const whole = <u64>offset;
  slice.offsetLow = <u32>whole;
  slice.offsetHigh = <u32>(whole >> 32);
  slice.kind = kindOfEvent();
  slice.key = keyOfEvent();
}

export function addAsyncEnd(): void {
  tokens.push().value = -1 - ends.length;
  const end = ends.push();
  end.time = time;
  end.name = name;
  end.key = keyOfEvent();
}

function kindOfEvent(): u32 {
  const known = kindRows.find(<u64>name, numberKey(pid));
  if (known >= 0) return known;
  kindRows.add(<i32>kinds.length);
  const kind = kinds.push();
  kind.name = name;
  kind.pid = pid;
  return kinds.length - 1;
}

function nameOf(slice: AsyncSlice): i32 {
  return kinds.at(slice.kind).name;
}

function keyOfEvent(): i32 {
  const first = joinRows(category, id);
  const second = idIsLocal ? numberKey(pid) : ANY_PROCESS;
  const known = keys.find(first, second);
  if (known >= 0) return known;
  const made = <i32>keys.pairs.length;
  keys.add(made);
  return made;
}

export function asyncCount(): u32 {
  return slices.length;
}

/** By key: the top of its stack. Slices ended from the middle are dropped when they come up. */
let tops: usize = 0;
/** Key and name → number of their own stack, and by that number its top. */
const namedStacks = makePairMap(1024);
const namedTops = makeRows<Int>();

/** Places of `tokens`, in the order in which they happened. */
let places: usize = 0;
let lastTime: f64 = 0;

/** Tokens before are in their order, or taken. */
let gathered: u32 = 0;
let taken: u32 = 0;
let isSorted: bool = false;

/** Begins to pair begins and ends, in the order in which they happened. What is open then lasts to `traceEnd`. */
export function startAsync(traceEnd: f64): void {
  lastTime = traceEnd;
  const keyCount = keys.pairs.length;
  tops = allocate(keyCount << 2);
  memory.fill(tops, 0xff, keyCount << 2);
  const count = tokens.length;
  // The slices are handed out by now.
  places = count <= slicesInOrder() ? sliceOrder : allocate(count << 2);
  startSort(places, count, isEarlierToken);
}

/** Pairs some more; false when all are paired. */
export function pairAsync(): bool {
  beginTurn();
  for (; gathered < tokens.length; gathered++) {
    if (!goesOn()) return true;
    store<u32>(places + (gathered << 2), gathered);
  }
  if (!isSorted && sortSome()) return true;
  isSorted = true;
  for (; taken < tokens.length; taken++) {
    if (!goesOn()) return true;
    takeToken(tokenAt(taken));
  }
  return false;
}

function tokenAt(index: u32): i32 {
  return tokens.at(load<u32>(places + (index << 2))).value;
}

function isEarlierToken(a: u32, b: u32): bool {
  return timeOfToken(a) < timeOfToken(b);
}

function timeOfToken(place: u32): f64 {
  const token = tokens.at(place).value;
  return token >= 0 ? slices.at(token).start : ends.at(-1 - token).time;
}

function takeToken(token: i32): void {
  if (token >= 0) {
    if (slices.at(token).duration === OPEN) openSlice(token);
    return;
  }
  const end = ends.at(-1 - token);
  const begun = takeOpen(end.key, end.name);
  if (begun < 0) countUnmatchedAsync();
  else slices.at(begun).duration = end.time - slices.at(begun).start;
}

function openSlice(row: i32): void {
  const slice = slices.at(row);
  const top = tops + ((<usize>slice.key) << 2);
  slice.below = load<i32>(top);
  store<i32>(top, row);
  let stack = namedStacks.find(joinRows(slice.key, nameOf(slice)), 0);
  if (stack < 0) {
    stack = <i32>namedTops.length;
    namedStacks.add(stack);
    namedTops.push().value = -1;
  }
  slice.belowOfName = namedTops.at(stack).value;
  namedTops.at(stack).value = row;
}

/** Takes the innermost row, of that name if it is not 0, out; -1 where there is none. Its duration is set next. */
function takeOpen(key: i32, endName: i32): i32 {
  const top = tops + ((<usize>key) << 2);
  let row = load<i32>(top);
  while (row >= 0 && slices.at(row).duration !== OPEN) row = slices.at(row).below;
  if (row < 0 || endName === 0 || nameOf(slices.at(row)) === endName) {
    store<i32>(top, row < 0 ? -1 : slices.at(row).below);
    return row;
  }
  store<i32>(top, row);
  const stack = namedStacks.find(joinRows(key, endName), 0);
  if (stack < 0) return -1;
  let alike = namedTops.at(stack).value;
  while (alike >= 0 && slices.at(alike).duration !== OPEN) alike = slices.at(alike).belowOfName;
  namedTops.at(stack).value = alike < 0 ? -1 : slices.at(alike).belowOfName;
  return alike;
}

/** Rows of the stage. */
export const ASYNC_STAGE_ROWS: u32 = 4096;

/** The stage: columns as in AsyncSliceTable, one behind the other. */
export const asyncStart: usize = allocate(ASYNC_STAGE_ROWS * 8);
export const asyncDuration: usize = allocate(ASYNC_STAGE_ROWS * 8);
export const asyncPid: usize = allocate(ASYNC_STAGE_ROWS * 8);
export const asyncDetail: usize = allocate(ASYNC_STAGE_ROWS * 8);
export const asyncName: usize = allocate(ASYNC_STAGE_ROWS * 4);
export const asyncCategory: usize = allocate(ASYNC_STAGE_ROWS * 4);
export const asyncId: usize = allocate(ASYNC_STAGE_ROWS * 4);
export const asyncFlags: usize = allocate(ASYNC_STAGE_ROWS);

let written: u32 = 0;
let nextToken: u32 = 0;

/** Writes some more rows, by start, and hands them over; false when all are written. */
export function writeAsync(): bool {
  let count: u32 = 0;
  while (nextToken < tokens.length && count < ASYNC_STAGE_ROWS) {
    const token = tokenAt(nextToken++);
    if (token >= 0) writeRow(count++, slices.at(token));
  }
  if (count > 0) takeAsyncSlices(written, count);
  written += count;
  return nextToken < tokens.length;
}

function writeRow(stage: u32, slice: AsyncSlice): void {
  const isOpen = slice.duration === OPEN;
  if (isOpen) countUnmatchedAsync();
  const isMoment = slice.duration === MOMENT;
  const duration = isOpen ? max<f64>(0, lastTime - slice.start) : isMoment ? 0 : slice.duration;
  store<f64>(asyncStart + (stage << 3), slice.start);
  store<f64>(asyncDuration + (stage << 3), duration);
  const tie = keys.pairs.at(slice.key);
  store<f64>(asyncPid + (stage << 3), kinds.at(slice.kind).pid);
  store<f64>(asyncDetail + (stage << 3), <f64>slice.offsetHigh * 4294967296 + <f64>slice.offsetLow);
  store<i32>(asyncName + (stage << 2), nameOf(slice));
  store<i32>(asyncCategory + (stage << 2), <i32>(tie.first >> 32));
  store<i32>(asyncId + (stage << 2), <i32>tie.first);
  store<u8>(asyncFlags + stage, <u8>(isOpen ? SLICE_END_INFERRED : isMoment ? SLICE_INSTANT : 0));
}

/**
 * Begins and ends of one thread → durations, and its slices sorted.
 * In: raw slices and ends, grouped by thread. Out: durations filled in, the thread's rows of `sliceOrder` sorted.
 *
 * Each thread keeps its own open slices (DevTools' engine keeps one stack for all threads and mixes them up).
 *  - An end with a name ends the innermost open slice of that name; slices inside it end with it.
 *  - An end without a name (Perfetto) ends the innermost.
 *  - A begin without an end lasts to its parent's end, or to the end of the trace; a task to the next task.
 */
import { countBeginWithoutEnd, countEndOfOtherSlice, countEndWithoutBegin } from './counts.ts';
import { allocate, Double, Int, makeRows } from './memory.ts';
import {
  durationOf,
  endFirst,
  endOrder,
  ends,
  isOpen,
  nameOf,
  SLICE_END_INFERRED,
  SLICE_INSTANT,
  setDuration,
  sliceFirst,
  sliceOrder,
  slices,
} from './raw-slices.ts';
import { sortRows } from './sort.ts';
import { taskName } from './words.ts';

/** By string row: how many slices of that name are open while a thread's ends are paired. */
let openOfName: usize = 0;
/** A task of the thread at hand was never ended. */
let lostTask: bool = false;
/** Begins as their rows, ends as -1 - their rows, in the order in which they happened. */
const tokens = makeRows<Int>();
const open = makeRows<Int>();
const openEnd = makeRows<Double>();
let tokensAreSorted: bool = true;
let lastTokenTime: f64 = -Infinity;

/** Once, when all strings are known. */
export function startPairing(stringCount: u32): void {
  openOfName = allocate(stringCount << 2);
}

export function orderOf(index: u32): i32 {
  return load<i32>(sliceOrder + (index << 2));
}

/** Ends what the thread's ends end, and sorts its slices: by start, the longer first, then as in the file. */
export function settleThread(thread: u32): void {
  const first = load<u32>(sliceFirst + (thread << 2));
  const last = load<u32>(sliceFirst + ((thread + 1) << 2));
  lostTask = false;
  mergeTokens(thread, first, last);
  pair();
  sortRows(sliceOrder + (first << 2), last - first, isSliceBefore);
  if (lostTask) endLostTasks(first, last);
}

function mergeTokens(thread: u32, first: u32, last: u32): void {
  tokens.length = 0;
  tokensAreSorted = true;
  lastTokenTime = -Infinity;
  let nextEnd = load<u32>(endFirst + (thread << 2));
  const lastEnd = load<u32>(endFirst + ((thread + 1) << 2));
  for (let i = first; i < last; i++) {
    const row = orderOf(i);
    if (!isOpen(slices.at(row))) continue;
    while (nextEnd < lastEnd && ends.at(endAt(nextEnd)).after <= <u32>row) addEndToken(endAt(nextEnd++));
    addToken(row, slices.at(row).start);
  }
  while (nextEnd < lastEnd) addEndToken(endAt(nextEnd++));
  if (!tokensAreSorted) sortTokens();
}

function endAt(index: u32): u32 {
  return load<u32>(endOrder + (index << 2));
}

function addEndToken(end: u32): void {
  addToken(-1 - <i32>end, ends.at(end).time);
}

function addToken(token: i32, time: f64): void {
  if (time < lastTokenTime) tokensAreSorted = false;
  lastTokenTime = time;
  tokens.push().value = token;
}

/** By time; as in the file where times tie. */
function sortTokens(): void {
  const count = tokens.length;
  const places = allocate(count << 3);
  for (let i: u32 = 0; i < count; i++) store<u32>(places + (i << 2), i);
  sortRows(places, count, isEarlierToken);
  const sorted = places + (count << 2);
  for (let i: u32 = 0; i < count; i++) {
    store<i32>(sorted + (i << 2), tokens.at(load<u32>(places + (i << 2))).value);
  }
  for (let i: u32 = 0; i < count; i++) tokens.at(i).value = load<i32>(sorted + (i << 2));
}

function isEarlierToken(a: u32, b: u32): bool {
  return timeOfToken(a) < timeOfToken(b);
}

function timeOfToken(place: u32): f64 {
  const token = tokens.at(place).value;
  return token >= 0 ? slices.at(token).start : ends.at(-1 - token).time;
}

function pair(): void {
  open.length = 0;
  for (let i: u32 = 0; i < tokens.length; i++) takeToken(tokens.at(i).value);
  for (let i: u32 = 0; i < open.length; i++) leaveOpen(open.at(i).value);
}

function takeToken(token: i32): void {
  if (token >= 0) {
    open.push().value = token;
    countOpen(nameOf(slices.at(token)), 1);
    return;
  }
  const end = ends.at(-1 - token);
  const at = findOpen(end.name);
  if (at < 0) return;
  // Slices inside the ended one never got their own end: they end with it, where the tree cuts them.
  for (let i = <u32>at + 1; i < open.length; i++) leaveOpen(open.at(i).value);
  const slice = slices.at(open.at(at).value);
  countOpen(nameOf(slice), -1);
  setDuration(slice, max<f64>(0, end.time - slice.start));
  open.length = at;
}

function countOpen(name: i32, change: i32): void {
  const at = openOfName + ((<usize>name) << 2);
  store<i32>(at, load<i32>(at) + change);
}

/** Position in `open` of the slice that an end of this name ends; -1 (counted) where there is none. */
function findOpen(name: i32): i32 {
  const top = <i32>open.length - 1;
  if (top < 0) {
    countEndWithoutBegin();
    return -1;
  }
  if (name === 0 || nameOf(slices.at(open.at(top).value)) === name) return top;
  countEndOfOtherSlice();
  if (load<u32>(openOfName + ((<usize>name) << 2)) === 0) return -1;
  for (let i = top - 1; i >= 0; i--) if (nameOf(slices.at(open.at(i).value)) === name) return i;
  return -1;
}

function leaveOpen(row: i32): void {
  countBeginWithoutEnd();
  const slice = slices.at(row);
  countOpen(nameOf(slice), -1);
  if (nameOf(slice) === taskName) lostTask = true;
  slice.flags |= <u8>SLICE_END_INFERRED;
  setDuration(slice, Infinity);
}

/** By start, the longer first. */
function isSliceBefore(a: u32, b: u32): bool {
  const first = slices.at(a);
  const second = slices.at(b);
  return first.start === second.start ? durationOf(first) > durationOf(second) : first.start < second.start;
}

/**
 * A task whose end was lost (Chrome writes none for one that runs when tracing begins) ends where the next one begins at
 * the latest: without nested loops a thread runs one task at a time. Only where nothing in it is known to last longer.
 */
function endLostTasks(first: u32, last: u32): void {
  open.length = 0;
  openEnd.length = 0;
  for (let i = first; i < last; i++) {
    const row = orderOf(i);
    const slice = slices.at(row);
    const now = slice.start;
    while (open.length > 0 && openEnd.at(open.length - 1).value <= now) {
      open.length--;
      openEnd.length--;
    }
    const isTask = nameOf(slice) === taskName && (slice.flags & SLICE_INSTANT) === 0;
    if (isTask && open.length > 0 && nameOf(slices.at(open.at(0).value)) === taskName && areOpenLost()) {
      for (let o: u32 = 0; o < open.length; o++) {
        const lost = slices.at(open.at(o).value);
        setDuration(lost, now - lost.start);
      }
      open.length = 0;
      openEnd.length = 0;
    }
    const end = now + durationOf(slice);
    const limit: f64 = open.length === 0 ? Infinity : openEnd.at(open.length - 1).value;
    openEnd.push().value = min(end, limit);
    open.push().value = row;
  }
}

function areOpenLost(): bool {
  for (let i: u32 = 0; i < open.length; i++) {
    if ((slices.at(open.at(i).value).flags & SLICE_END_INFERRED) === 0) return false;
  }
  return true;
}

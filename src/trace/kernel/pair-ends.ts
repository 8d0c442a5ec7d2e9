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
  RawSlice,
  SLICE_END_INFERRED,
  SLICE_INSTANT,
  setDuration,
  sliceFirst,
  sliceOrder,
  slices,
} from './raw-slices.ts';
import { sortSome, startSort } from './sort.ts';
import { TRAIT_TASK, traitsOf } from './traits.ts';
import { beginTurn, goesOn, passRows } from './turns.ts';

/** By string row: how many slices of that name are open while a thread's ends are paired. */
let openOfName: usize = 0;
/** A task of the thread at hand was never ended. */
let lostTask: bool = false;
/** Begins as their rows, ends as -1 - their rows, in the order in which they happened. */
const tokens = makeRows<Int>();
const open = makeRows<Int>();
const openEnd = makeRows<Double>();
/** How many of the open slices have an end of their own. */
let openKnown: u32 = 0;
let tokensAreSorted: bool = true;
let lastTokenTime: f64 = -Infinity;

/** Once, when all strings are known. */
export function startPairing(stringCount: u32): void {
  openOfName = allocate(stringCount << 2);
}

export function orderOf(index: u32): i32 {
  return load<i32>(sliceOrder + (index << 2));
}

const MERGING: i32 = 0;
const SORTING_TOKENS: i32 = 1;
const PAIRING: i32 = 2;
const SORTING: i32 = 3;
const ENDING_TASKS: i32 = 4;
let stage: i32 = MERGING;
/** The thread's slices and ends in `sliceOrder` and `endOrder`. */
let first: u32 = 0;
let last: u32 = 0;
let nextEnd: u32 = 0;
let lastEnd: u32 = 0;
/** Of the stage at hand: the slices, or tokens, before are done. */
let next: u32 = 0;

/** Begins to end what the thread's ends end, and to sort its slices: by start, the longer first, then as in the file. */
export function startThread(thread: u32): void {
  first = load<u32>(sliceFirst + (thread << 2));
  last = load<u32>(sliceFirst + ((thread + 1) << 2));
  nextEnd = load<u32>(endFirst + (thread << 2));
  lastEnd = load<u32>(endFirst + ((thread + 1) << 2));
  next = first;
  lostTask = false;
  tokens.length = 0;
  tokensAreSorted = true;
  lastTokenTime = -Infinity;
  stage = MERGING;
}

/** Settles some more of the thread; false when it is done. */
export function settleSome(): bool {
  beginTurn();
  if (stage === MERGING) {
    if (mergeTokens()) return true;
    if (!tokensAreSorted) startTokens();
    stage = SORTING_TOKENS;
  }
  if (stage === SORTING_TOKENS) {
    if (!tokensAreSorted && (sortSome() || applyTokens())) return true;
    stage = PAIRING;
    next = 0;
    open.length = 0;
  }
  if (stage === PAIRING) {
    for (; next < tokens.length; next++) {
      if (!goesOn() || !takeToken(tokens.at(next).value)) return true;
    }
    if (!leaveOpenAbove(0)) return true;
    startSort(sliceOrder + (first << 2), last - first, isSliceBefore);
    stage = SORTING;
  }
  if (stage === SORTING) {
    if (sortSome()) return true;
    if (!lostTask) return false;
    open.length = 0;
    openEnd.length = 0;
    openKnown = 0;
    next = first;
    stage = ENDING_TASKS;
  }
  return endLostTasks();
}

/** Begins and ends of the thread in file order; true where the turn is over. */
function mergeTokens(): bool {
  while (next < last) {
    if (!goesOn()) return true;
    const row = orderOf(next);
    const isBegin = isOpen(slices.at(row));
    if (isBegin && nextEnd < lastEnd && ends.at(endAt(nextEnd)).after <= <u32>row)
      addEndToken(endAt(nextEnd++));
    else {
      if (isBegin) addToken(row, slices.at(row).start);
      next++;
    }
  }
  for (; nextEnd < lastEnd; nextEnd++) {
    if (!goesOn()) return true;
    addEndToken(endAt(nextEnd));
  }
  return false;
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

/** Places of the tokens, to be sorted by time (as in the file where times tie); behind them room for what lies there. */
let places: usize = 0;
let placeRoom: u32 = 0;
/** How many tokens lie in order there. */
let gathered: u32 = 0;
let applied: u32 = 0;

function startTokens(): void {
  const count = tokens.length;
  if (count > placeRoom) {
    placeRoom = max(count, placeRoom * 2);
    places = allocate(placeRoom << 3);
  }
  for (let i: u32 = 0; i < count; i++) store<u32>(places + (i << 2), i);
  passRows(count >>> 3);
  gathered = 0;
  applied = 0;
  startSort(places, count, isEarlierToken);
}

/** Puts the tokens where they belong; true where the turn is over. */
function applyTokens(): bool {
  const count = tokens.length;
  const sorted = places + (count << 2);
  for (; gathered < count; gathered++) {
    if (!goesOn()) return true;
    store<i32>(sorted + (gathered << 2), tokens.at(load<u32>(places + (gathered << 2))).value);
  }
  for (; applied < count; applied++) {
    if (!goesOn()) return true;
    tokens.at(applied).value = load<i32>(sorted + (applied << 2));
  }
  return false;
}

function isEarlierToken(a: u32, b: u32): bool {
  return timeOfToken(a) < timeOfToken(b);
}

function timeOfToken(place: u32): f64 {
  const token = tokens.at(place).value;
  return token >= 0 ? slices.at(token).start : ends.at(-1 - token).time;
}

/** Position in `open` of the slice that the end at hand ends; -1 while it is not known. */
let endingAt: i32 = -1;

/** False where the turn is over: the same token comes again. */
function takeToken(token: i32): bool {
  if (token >= 0) {
    open.push().value = token;
    countOpen(nameOf(slices.at(token)), 1);
    return true;
  }
  const end = ends.at(-1 - token);
  if (endingAt < 0) endingAt = findOpen(end.name);
  if (endingAt < 0) return true;
  // Slices inside the ended one never got their own end: they end with it, where the tree cuts them.
  if (!leaveOpenAbove(endingAt + 1)) return false;
  const slice = slices.at(open.at(endingAt).value);
  countOpen(nameOf(slice), -1);
  setDuration(slice, max<f64>(0, end.time - slice.start));
  open.length = endingAt;
  endingAt = -1;
  return true;
}

/** Slices that get no end of their own, down to a position in `open`; false where the turn is over. */
function leaveOpenAbove(position: u32): bool {
  while (open.length > position) {
    if (!goesOn()) return false;
    leaveOpen(open.at(open.length - 1).value);
    open.length--;
  }
  return true;
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
  let at = top - 1;
  while (nameOf(slices.at(open.at(at).value)) !== name) at--;
  // All that was looked through ends now, one by one.
  passRows(<u32>(top - at) >>> 3);
  return at;
}

function leaveOpen(row: i32): void {
  countBeginWithoutEnd();
  const slice = slices.at(row);
  countOpen(nameOf(slice), -1);
  if (isTask(slice)) lostTask = true;
  slice.flags |= <u8>SLICE_END_INFERRED;
  setDuration(slice, Infinity);
}

function isTask(slice: RawSlice): bool {
  return (traitsOf(nameOf(slice)) & TRAIT_TASK) !== 0;
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
 * True where the turn is over.
 */
function endLostTasks(): bool {
  for (; next < last; next++) {
    if (!goesOn()) return true;
    const row = orderOf(next);
    const slice = slices.at(row);
    const now = slice.start;
    while (open.length > 0 && openEnd.at(open.length - 1).value <= now) closeTop();
    const beginsTask = isTask(slice) && (slice.flags & SLICE_INSTANT) === 0;
    if (beginsTask && openKnown === 0 && open.length > 0 && isTask(slices.at(open.at(0).value))) {
      for (let o: u32 = 0; o < open.length; o++) {
        const lost = slices.at(open.at(o).value);
        setDuration(lost, now - lost.start);
      }
      passRows(open.length);
      open.length = 0;
      openEnd.length = 0;
    }
    const end = now + durationOf(slice);
    const limit: f64 = open.length === 0 ? Infinity : openEnd.at(open.length - 1).value;
    openEnd.push().value = min(end, limit);
    open.push().value = row;
    if (!isLost(slice)) openKnown++;
  }
  return false;
}

function closeTop(): void {
  if (!isLost(slices.at(open.at(open.length - 1).value))) openKnown--;
  open.length--;
  openEnd.length--;
}

function isLost(slice: RawSlice): bool {
  return (slice.flags & SLICE_END_INFERRED) !== 0;
}

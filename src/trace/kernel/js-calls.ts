/**
 * JavaScript calls, laid from V8's samples inside the slices that ran them.
 * In: one thread's slices in order, its samples in order, and the stacks that V8 tied to single events (trace ids).
 * Out: calls with start and end, outer before inner. See docs/attribution.md for drawings, error and limits.
 *
 * A sample is a moment, a call a span. The stack that was last seen is kept open and grows until something says
 * otherwise: a sample with another stack, the end of the slice inside which it was opened, or a new task.
 *
 *   slices    |--------- FunctionCall ---------|
 *   samples      ab   ab   ac    a    (program)
 *   calls        |--------- a ---------|
 *                |--- b ---|-- c -|
 *
 *  - Calls opened before a slice begins are locked while it lasts: they contain it and cannot end inside it.
 *  - Calls opened inside a slice end with it at the latest, so that none crosses a slice's border.
 *  - A sample counts only inside a slice that runs JavaScript, or where no slice at all tells what runs (tracing began
 *    in the middle of it).
 *  - V8's own runtime functions among the frames are left out.
 *  - (program) and (idle) close what is open; (garbage collector) has no stack of its own and keeps the last.
 *  - A lone (program) between two samples of one outermost function is V8 failing to walk the stack: it is bridged.
 *
 * The method is that of DevTools' SamplesIntegrator (crbug.com/1417439 tells of its faults), so that figures can be
 * compared.
 */
import { Double, Int, makeRows } from './memory.ts';
import { orderOf } from './pair-ends.ts';
import { sampleAt, stackOfTraceId } from './profiles.ts';
import {
  durationOf,
  isSampled,
  nameOf,
  RawSlice,
  SLICE_INSTANT,
  sliceFirst,
  slices,
  traceIdOf,
} from './raw-slices.ts';
import { codes, frames, stacks } from './stacks.ts';
import { TRAIT_RUNS_JS, TRAIT_STARTS_TASK, traitsOf } from './traits.ts';
import { beginTurn, goesOn, passRows } from './turns.ts';
import { collectorName, idleName, programName } from './words.ts';

@unmanaged
export class Call {
  start: f64;
  end: f64;
  /** Row in the stack table. */
  stack: i32;
  /** Place among the slices in order: those before had begun when the call did. */
  place: u32;
}

/** All threads' calls, thread after thread. */
export const calls = makeRows<Call>();

/** What V8 was doing where it had no JavaScript stack. */
const META_NONE: i32 = 0;
const META_PROGRAM: i32 = 1;
const META_IDLE: i32 = 2;
const META_COLLECTOR: i32 = 3;

const NO_STACK: i32 = -2;

const BRIDGING: i32 = 0;
const BRIDGING_COLLECTOR: i32 = 1;
const LAYING: i32 = 2;
const DROPPING: i32 = 3;
let stage: i32 = BRIDGING;
/** Of the stage at hand: the samples, or calls, before are done. */
let next: u32 = 0;
/** Stack of the last sample; -1 for none. */
let previous: i32 = -1;
/** Calls before are kept. */
let kept: u32 = 0;

let thread: i32 = 0;
/** The thread's first call. */
let firstCall: u32 = 0;
let row: u32 = 0;
let lastRow: u32 = 0;
let sample: u32 = 0;
let firstSample: u32 = 0;
let lastSample: u32 = 0;
/** Calls that are open now, outermost first: rows of `calls`. */
const openCalls = makeRows<Int>();
/** By slice that is open now: how many calls were open when it began. */
const locked = makeRows<Int>();
/** Open slices: their raw rows and ends. */
const openSlices = makeRows<Int>();
const sliceEnds = makeRows<Double>();
/** The last sample, or begin or end of a slice. */
let seenUntil: f64 = 0;
/** Samples count although no slice runs JavaScript, because none is known to. */
let unexplained: bool = false;
/** Places in `openCalls` whose call was not made by the one before it: what is around a slice was never compared. */
const seams = makeRows<Int>();
/** What of the stack in hand is not open yet: rows of `codes`, innermost first. */
const path = makeRows<Int>();

/** Begins a thread whose samples are the rows [from, to). */
export function startCalls(ofThread: u32, from: u32, to: u32): void {
  thread = <i32>ofThread;
  row = load<u32>(sliceFirst + (ofThread << 2));
  lastRow = load<u32>(sliceFirst + ((ofThread + 1) << 2));
  sample = from;
  firstSample = from;
  lastSample = to;
  firstCall = calls.length;
  openCalls.length = 0;
  locked.length = 0;
  openSlices.length = 0;
  sliceEnds.length = 0;
  seenUntil = 0;
  unexplained = false;
  seams.length = 0;
  stage = BRIDGING;
  next = 1;
  previous = lastSample > firstSample ? bridgedStack(0) : -1;
}

/** Lays some more calls; false when the thread is done. */
export function layCalls(): bool {
  beginTurn();
  if (stage === BRIDGING) {
    if (bridgeLonePrograms()) return true;
    stage = BRIDGING_COLLECTOR;
    next = 0;
    previous = -1;
  }
  if (stage === BRIDGING_COLLECTOR) {
    if (bridgeCollector()) return true;
    stage = LAYING;
  }
  if (stage === LAYING) {
    if (passSlices()) return true;
    while (sample < lastSample) {
      if (!goesOn()) return true;
      passSample();
    }
    closeUntil(Infinity);
    for (let i: u32 = 0; i < openCalls.length; i++) endCall(openCalls.at(i).value, seenUntil);
    stage = DROPPING;
    next = firstCall;
    kept = firstCall;
  }
  return dropEmptyCalls();
}

/** Slices and the samples before each; true where the turn is over. */
function passSlices(): bool {
  while (row < lastRow) {
    if (!goesOn()) return true;
    const raw = orderOf(row);
    const slice = slices.at(raw);
    if ((slice.flags & SLICE_INSTANT) !== 0 && !isSampled(slice)) row++;
    // At one moment a sample comes before an event without length, and after one with length.
    else if (sample < lastSample && comesBefore(sampleAt(sample).time, slice.start, durationOf(slice)))
      passSample();
    else {
      passSlice(raw, slice);
      row++;
    }
  }
  return false;
}

function passSlice(raw: i32, slice: RawSlice): void {
  const start = slice.start;
  closeUntil(start);
  beginSlice(nameOf(slice), start, traceIdOf(raw));
  const end = start + durationOf(slice);
  const limit: f64 = openSlices.length === 0 ? Infinity : sliceEnds.at(sliceEnds.length - 1).value;
  sliceEnds.push().value = min(end, limit);
  openSlices.push().value = raw;
}

function comesBefore(time: f64, start: f64, duration: f64): bool {
  return time < start || (time === start && duration === 0);
}

function passSample(): void {
  const time = sampleAt(sample).time;
  closeUntil(time);
  takeSample(time, bridgedStack(sample - firstSample));
  sample++;
}

function closeUntil(time: f64): void {
  while (openSlices.length > 0 && sliceEnds.at(sliceEnds.length - 1).value <= time) {
    const end = sliceEnds.at(sliceEnds.length - 1).value;
    openSlices.length--;
    sliceEnds.length--;
    cutTo(popLock(), end);
  }
}

function takeSample(time: f64, stack: i32): void {
  const parent = openSlices.length === 0 ? -1 : openSlices.at(openSlices.length - 1).value;
  const inJs = parent >= 0 && (traitsOf(nameOf(slices.at(parent))) & TRAIT_RUNS_JS) !== 0;
  if (inJs || unexplained) switchTo(stack, time);
  else if (openCalls.length === 0) {
    unexplained = true;
    switchTo(stack, time);
    locked.push().value = 0;
  }
}

function beginSlice(name: i32, start: f64, traceId: f64): void {
  if (unexplained) {
    cutTo(popLock(), start);
    unexplained = false;
  }
  if ((traitsOf(name) & TRAIT_STARTS_TASK) !== 0) cutTo(0, start);
  const stack = traceId === 0 ? NO_STACK : stackOfTraceId(traceId, thread);
  if (stack > NO_STACK) switchTo(stack, start);
  else cutTo(openCalls.length, start);
  locked.push().value = openCalls.length;
}

function popLock(): u32 {
  if (locked.length === 0) return 0;
  return locked.at(--locked.length).value;
}

function lockedNow(): u32 {
  return locked.length === 0 ? 0 : locked.at(locked.length - 1).value;
}

/**
 * Makes `stack` the open one at `time`: common callers go on, others end, new ones begin. Goes from the innermost call
 * outwards until both are the same: a recursion takes no longer the deeper it is.
 */
function switchTo(stack: i32, time: f64): void {
  const code = stack < 0 ? -1 : stacks.at(stack).code;
  const depth: u32 = code < 0 ? 0 : codes.at(code).depth;
  const common = findCommon(code, depth);
  passRows(path.length >>> 4);
  cutTo(common, time);
  for (let i = openCalls.length; i < depth; i++) {
    const own = path.at(depth - 1 - i).value;
    if (i > 0 && i === common && codeOfOpen(i - 1) !== codes.at(own).prefix) seams.push().value = i;
    openCalls.push().value = calls.length;
    const call = calls.push();
    call.start = time;
    call.end = time;
    call.stack = codes.at(own).stack;
    call.place = row;
  }
}

/** How many of the open calls go on; the others of the `depth` calls of `code` are the `path` then. */
function findCommon(code: i32, depth: u32): u32 {
  const least = lockedNow();
  const isSeamless = seams.length === 0 || <u32>seams.at(seams.length - 1).value <= least;
  path.length = 0;
  let at = code;
  let common = depth;
  while (common > least) {
    if (isSeamless && common <= openCalls.length && codeOfOpen(common - 1) === at) return common;
    path.push().value = at;
    at = codes.at(at).prefix;
    common--;
  }
  // Under another caller that is kept open they may have the same name all the same.
  common = least;
  const limit = min(depth, openCalls.length);
  while (common < limit && codes.at(path.at(depth - 1 - common).value).frame === frameOfOpen(common))
    common++;
  return common;
}

function codeOfOpen(index: u32): i32 {
  return stacks.at(calls.at(openCalls.at(index).value).stack).code;
}

function frameOfOpen(index: u32): i32 {
  return stacks.at(calls.at(openCalls.at(index).value).stack).frame;
}

function endCall(call: i32, time: f64): void {
  calls.at(call).end = max(calls.at(call).start, time);
}

/** Ends the calls above `depth` at `time`; the others are seen to last until then. */
function cutTo(depth: u32, time: f64): void {
  const kept = min(max(depth, lockedNow()), openCalls.length);
  // A slice that was never ended: its calls were last seen at the last thing that happened.
  const until = isFinite(time) ? time : seenUntil;
  for (let i = kept; i < openCalls.length; i++) endCall(openCalls.at(i).value, until);
  openCalls.length = kept;
  while (seams.length > 0 && <u32>seams.at(seams.length - 1).value >= kept) seams.length--;
  seenUntil = until;
}

function metaOf(stack: i32): i32 {
  if (stack < 0) return META_PROGRAM;
  const own = stacks.at(stack);
  if (own.prefix >= 0) return META_NONE;
  const name = frames.at(own.frame).functionName;
  if (name === programName) return META_PROGRAM;
  if (name === idleName) return META_IDLE;
  return name === collectorName ? META_COLLECTOR : META_NONE;
}

function bridgedStack(index: u32): i32 {
  return sampleAt(firstSample + index).node;
}

function setBridged(index: u32, stack: i32): void {
  sampleAt(firstSample + index).node = stack;
}

/**
 * Lone (program) samples are bridged. The samples themselves are changed: they have been handed out by now. True where the
 * turn is over.
 */
function bridgeLonePrograms(): bool {
  const count = lastSample - firstSample;
  for (; next + 1 < count; next++) {
    if (!goesOn()) return true;
    const current = bridgedStack(next);
    if (isLoneProgram(previous, current, bridgedStack(next + 1))) setBridged(next, previous);
    previous = current;
  }
  return false;
}

/** The collector's samples get the stack before them; true where the turn is over. */
function bridgeCollector(): bool {
  const count = lastSample - firstSample;
  for (; next < count; next++) {
    if (!goesOn()) return true;
    if (metaOf(bridgedStack(next)) === META_COLLECTOR) setBridged(next, previous);
    else previous = bridgedStack(next);
  }
  return false;
}

function isLoneProgram(previous: i32, current: i32, next: i32): bool {
  if (metaOf(current) !== META_PROGRAM) return false;
  if (metaOf(previous) !== META_NONE || metaOf(next) !== META_NONE) return false;
  return bottomOf(previous) === bottomOf(next);
}

function bottomOf(stack: i32): i32 {
  return stack < 0 ? stack : stacks.at(stack).bottom;
}

/** Calls that were seen in passing only, with no time of their own, are left to the sample table. */
function dropEmptyCalls(): bool {
  for (; next < calls.length; next++) {
    if (!goesOn()) return true;
    const call = calls.at(next);
    if (call.end <= call.start) continue;
    const target = calls.at(kept++);
    target.start = call.start;
    target.end = call.end;
    target.stack = call.stack;
    target.place = call.place;
  }
  calls.length = kept;
  return false;
}

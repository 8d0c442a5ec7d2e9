/**
 * Sorted raw slices and JS calls of each thread → the depth-first slice table.
 * In: one thread after the other. Out: rows in batches; JavaScript copies each out of the stage (outside.ts), and is told
 * of the ends of slices that were not over when their batch went.
 *
 *   |-------- A --------|            row  name  depth parent subtreeEnd
 *     |-- B --| |-- C ----|           0   A      0    -1     4
 *       |x|                           1   B      1     0     3
 *                                     2   x      2     1     3
 *                                     3   C      1     0     4     (cut at A's end)
 */
import { countOverlappingSlice } from './counts.ts';
import { Call, calls } from './js-calls.ts';
import { makeRows } from './memory.ts';
import { endTakenSlice, takeSlices } from './outside.ts';
import { orderOf } from './pair-ends.ts';
import {
  categoryOf,
  durationOf,
  flagsOf,
  nameOf,
  offsetOf,
  RawSlice,
  SLICE_CLIPPED,
  SLICE_END_INFERRED,
  SLICE_JS_CALL,
  sliceFirst,
  slices,
} from './raw-slices.ts';
import { frames, stacks } from './stacks.ts';
import {
  STAGE_ROWS,
  stageCategory,
  stageDepth,
  stageDetail,
  stageDuration,
  stageFlags,
  stageName,
  stageParent,
  stageStart,
  stageSubtreeEnd,
  stageThread,
} from './stage.ts';

const DEEPEST: u32 = 0xffff;
/**
 * Microseconds by which the sum of a start and a duration may be off (both are rounded decimals, and doubles near 10^11
 * are 1.5e-5 apart): an end that is late by no more is on time.
 */
const ROUNDING: f64 = 0.0005;

/** A slice that is open. */
@unmanaged
class OpenSlice {
  start: f64;
  end: f64;
  row: u32;
}

const open = makeRows<OpenSlice>();
/** Next row to write, and the first that is still on the stage. */
let nextRow: u32 = 0;
let stageFrom: u32 = 0;

let thread: u32 = 0;
let traceEnd: f64 = 0;
let at: u32 = 0;
let last: u32 = 0;
let call: u32 = 0;
let lastCall: u32 = 0;

export function sliceCount(): u32 {
  return nextRow;
}

/** Begins a thread whose calls are the rows [fromCall, toCall). */
export function startTree(ofThread: u32, end: f64, fromCall: u32, toCall: u32): void {
  thread = ofThread;
  traceEnd = end;
  at = load<u32>(sliceFirst + (ofThread << 2));
  last = load<u32>(sliceFirst + ((ofThread + 1) << 2));
  call = fromCall;
  lastCall = toCall;
}

/** Writes some more rows; false when the thread is done. A call comes before a slice that it contains. */
export function writeSlices(): bool {
  const stop = nextRow + (STAGE_ROWS >>> 1);
  while (at < last && nextRow < stop) {
    const slice = slices.at(orderOf(at));
    if (call < lastCall && isBefore(calls.at(call), slice)) writeCall(calls.at(call++));
    else {
      writeSlice(slice);
      at++;
    }
  }
  if (at < last) return true;
  while (call < lastCall && nextRow < stop) writeCall(calls.at(call++));
  if (call < lastCall) return true;
  closeUntil(Infinity);
  return false;
}

/** Hands over what is still on the stage. */
export function flushSlices(): void {
  if (nextRow > stageFrom) takeSlices(stageFrom, nextRow - stageFrom);
  stageFrom = nextRow;
}

function isBefore(own: Call, slice: RawSlice): bool {
  if (own.start !== slice.start) return own.start < slice.start;
  // What had begun already is around the call, not in it.
  return own.end >= slice.start + durationOf(slice) && (own.place <= at || durationOf(slice) === 0);
}

function writeSlice(slice: RawSlice): void {
  const end = slice.start + durationOf(slice);
  const stage = place(slice.start, end, durationOf(slice));
  const flags = flagsOf(slice);
  const clipped = (flags & SLICE_END_INFERRED) === 0 && end - open.at(open.length - 1).end > ROUNDING;
  if (clipped) countOverlappingSlice();
  store<f64>(stageDetail + (stage << 3), offsetOf(slice));
  store<i32>(stageName + (stage << 2), nameOf(slice));
  store<i32>(stageCategory + (stage << 2), categoryOf(slice));
  store<u8>(stageFlags + stage, <u8>(flags | (clipped ? SLICE_CLIPPED : 0)));
}

function writeCall(own: Call): void {
  const stage = place(own.start, own.end, own.end - own.start);
  store<f64>(stageDetail + (stage << 3), <f64>own.stack);
  store<i32>(stageName + (stage << 2), frames.at(stacks.at(own.stack).frame).functionName);
  store<i32>(stageCategory + (stage << 2), 0);
  store<u8>(stageFlags + stage, <u8>SLICE_JS_CALL);
}

/** Opens a row at `start` under what is open there, cut at the parent's end; returns its place on the stage. */
function place(start: f64, end: f64, duration: f64): u32 {
  closeUntil(start);
  if (nextRow - stageFrom === STAGE_ROWS) flushSlices();
  const depth = open.length;
  const row = nextRow++;
  const stage = row - stageFrom;
  const limit = depth > 0 ? open.at(depth - 1).end : traceEnd;
  const cut = depth > 0 || end === Infinity ? min(end, max(limit, start)) : end;
  store<f64>(stageStart + (stage << 3), start);
  store<f64>(stageDuration + (stage << 3), cut === end ? duration : cut - start);
  store<i32>(stageParent + (stage << 2), depth > 0 ? <i32>open.at(depth - 1).row : -1);
  store<u16>(stageThread + (stage << 1), <u16>thread);
  store<u16>(stageDepth + (stage << 1), <u16>min(depth, DEEPEST));
  const opened = open.push();
  opened.start = start;
  opened.end = cut;
  opened.row = row;
  return stage;
}

/** Ends what has ended by `time`; what is late by rounding only ends there. */
function closeUntil(time: f64): void {
  while (open.length > 0) {
    const top = open.at(open.length - 1);
    if (top.end > time + ROUNDING) return;
    open.length--;
    const isLate = top.end > time;
    if (top.row < stageFrom) endTakenSlice(top.row, nextRow, isLate ? time - top.start : NaN);
    else {
      const stage = top.row - stageFrom;
      store<u32>(stageSubtreeEnd + (stage << 2), nextRow);
      if (isLate) store<f64>(stageDuration + (stage << 3), time - top.start);
    }
  }
}

/**
 * Sorting rows of the raw tables by their times, in turns (turns.ts); what ties stays in the order in which it was.
 * In: an array of rows and by what they are to be ordered. Out: the same array, sorted. Traces are sorted in long
 * stretches as they come: two that already follow each other are not merged, and short ones are sorted by insertion.
 */
import { allocate } from './memory.ts';
import { goesOn, passRows } from './turns.ts';

/** Whether one row comes before another; false where they tie. */
export type IsBefore = (a: u32, b: u32) => bool;

const RUN: u32 = 8;

const CHECKING: i32 = 0;
const INSERTING: i32 = 1;
const MERGING: i32 = 2;

let spare: usize = 0;
let spareRoom: u32 = 0;

/** What is sorted, and how far. */
let rows: usize = 0;
let count: u32 = 0;
let isBefore: IsBefore = neverBefore;
let stage: i32 = CHECKING;
/** Of the stage at hand: everything before it is done. */
let place: u32 = 0;
/** Runs of so many rows are sorted, and merged by two. */
let width: u32 = 0;
/** The merge at hand, of [place, place + width) and the rows from there to `mergeEnd`. */
let isMerging: bool = false;
let mergeEnd: u32 = 0;
/** Next of the left part, which lies in the spare, and of the right one, and where the lesser goes. */
let left: u32 = 0;
let right: u32 = 0;
let out: u32 = 0;

function neverBefore(_a: u32, _b: u32): bool {
  return false;
}

/** Room for sorting so many rows: taken once for the most, it is not taken again and again for more. */
export function reserveSpare(most: u32): void {
  let needed = RUN;
  while (needed * 2 < most) needed *= 2;
  if (needed <= spareRoom) return;
  spareRoom = needed;
  spare = allocate(needed << 2);
}

/** Begins to sort the `length` rows at `array`. */
export function startSort(array: usize, length: u32, by: IsBefore): void {
  rows = array;
  count = length;
  isBefore = by;
  stage = CHECKING;
  place = 1;
  isMerging = false;
}

/** Sorts some more; false when all is sorted. */
export function sortSome(): bool {
  if (stage === CHECKING) {
    while (place < count && !isBefore(rowAt(rows, place), rowAt(rows, place - 1))) {
      if (!goesOn()) return true;
      place++;
    }
    if (place >= count) return false;
    reserveSpare(count);
    stage = INSERTING;
    place = 0;
  }
  if (stage === INSERTING) {
    for (; place < count; place += RUN) {
      if (!goesOn()) return true;
      insertRun(place, min(place + RUN, count));
    }
    stage = MERGING;
    place = 0;
    width = RUN;
  }
  while (width < count) if (!mergeSome()) return true;
  return false;
}

function rowAt(array: usize, index: u32): u32 {
  return load<u32>(array + (index << 2));
}

function setRow(index: u32, row: u32): void {
  store<u32>(rows + (index << 2), row);
}

function insertRun(from: u32, to: u32): void {
  for (let i = from + 1; i < to; i++) {
    const row = rowAt(rows, i);
    let hole = i;
    while (hole > from && isBefore(row, rowAt(rows, hole - 1))) {
      setRow(hole, rowAt(rows, hole - 1));
      hole--;
    }
    setRow(hole, row);
  }
  passRows(to - from);
}

/** Merges two runs, or what a turn has time for; false where the turn is over. */
function mergeSome(): bool {
  if (!isMerging && !findMerge()) return false;
  if (!isMerging) return true;
  while (left < width && right < mergeEnd) {
    if (!goesOn()) return false;
    const first = rowAt(spare, left);
    const second = rowAt(rows, right);
    if (isBefore(second, first)) {
      setRow(out++, second);
      right++;
    } else {
      setRow(out++, first);
      left++;
    }
  }
  memory.copy(rows + (out << 2), spare + (left << 2), (width - left) << 2);
  isMerging = false;
  place = mergeEnd;
  return true;
}

/** The next two runs, if they are not in order already; false where the turn is over. */
function findMerge(): bool {
  if (!goesOn()) return false;
  const middle = place + width;
  if (middle >= count) {
    width *= 2;
    place = 0;
    return true;
  }
  mergeEnd = min(middle + width, count);
  if (!isBefore(rowAt(rows, middle), rowAt(rows, middle - 1))) {
    place = mergeEnd;
    return true;
  }
  memory.copy(spare, rows + (place << 2), width << 2);
  left = 0;
  right = middle;
  out = place;
  isMerging = true;
  return true;
}

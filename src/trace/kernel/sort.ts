/**
 * Sorting rows of the raw tables by their times; what ties stays in the order in which it was.
 * In: an array of rows and by what they are to be ordered. Out: the same array, sorted. Traces are sorted in long
 * stretches as they come: two that already follow each other are not merged, and short ones are sorted by insertion.
 */
import { allocate } from './memory.ts';

/** Whether one row comes before another; false where they tie. */
export type IsBefore = (a: u32, b: u32) => bool;

const RUN: u32 = 8;

let spare: usize = 0;
let spareRoom: u32 = 0;

/** Sorts the `count` rows at `rows`. */
export function sortRows(rows: usize, count: u32, isBefore: IsBefore): void {
  if (isSorted(rows, count, isBefore)) return;
  if (count > spareRoom) {
    spareRoom = max(count, spareRoom * 2);
    spare = allocate(spareRoom << 2);
  }
  for (let from: u32 = 0; from < count; from += RUN) insertRun(rows, from, min(from + RUN, count), isBefore);
  for (let width = RUN; width < count; width *= 2) {
    for (let from: u32 = 0; from + width < count; from += 2 * width) {
      merge(rows + (from << 2), width, min(2 * width, count - from), isBefore);
    }
  }
}

function rowAt(rows: usize, index: u32): u32 {
  return load<u32>(rows + (index << 2));
}

function setRow(rows: usize, index: u32, row: u32): void {
  store<u32>(rows + (index << 2), row);
}

function isSorted(rows: usize, count: u32, isBefore: IsBefore): bool {
  for (let i: u32 = 1; i < count; i++) if (isBefore(rowAt(rows, i), rowAt(rows, i - 1))) return false;
  return true;
}

function insertRun(rows: usize, from: u32, to: u32, isBefore: IsBefore): void {
  for (let i = from + 1; i < to; i++) {
    const row = rowAt(rows, i);
    let hole = i;
    while (hole > from && isBefore(row, rowAt(rows, hole - 1))) {
      setRow(rows, hole, rowAt(rows, hole - 1));
      hole--;
    }
    setRow(rows, hole, row);
  }
}

/** Merges the sorted first `count` rows at `rows` with those from there to `end`. */
function merge(rows: usize, count: u32, end: u32, isBefore: IsBefore): void {
  if (!isBefore(rowAt(rows, count), rowAt(rows, count - 1))) return;
  memory.copy(spare, rows, count << 2);
  let left: u32 = 0;
  let right = count;
  let out: u32 = 0;
  while (left < count && right < end) {
    const first = rowAt(spare, left);
    const second = rowAt(rows, right);
    if (isBefore(second, first)) {
      setRow(rows, out++, second);
      right++;
    } else {
      setRow(rows, out++, first);
      left++;
    }
  }
  memory.copy(rows + (out << 2), spare + (left << 2), (count - left) << 2);
}

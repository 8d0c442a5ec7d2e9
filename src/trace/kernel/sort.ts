/**
 * Sorting rows of the raw tables by their times, and by row where all else ties: so the order is one and the same
 * however it is found.
 * In: an array of rows and by what they are to be ordered. Out: the same array, sorted. Traces are sorted in long
 * stretches as they come: two that already follow each other are not merged, and short ones are sorted by insertion.
 */
import { timeOfToken as timeOfAsync } from './async-slices.ts';
import { allocate } from './memory.ts';
import { timeOfToken } from './pair-ends.ts';
import { chunks, samples } from './raw-profiles.ts';
import { slices } from './raw-slices.ts';

/** Slices by start, the longer first. */
export const BY_SLICE: i32 = 0;
/** Begins and ends of a thread by time, then by place: the array holds places. */
export const BY_TOKEN: i32 = 1;
/** Async begins and ends likewise. */
export const BY_ASYNC_TOKEN: i32 = 2;
export const BY_SAMPLE: i32 = 3;
export const BY_CHUNK: i32 = 4;

const RUN: u32 = 8;

let order: i32 = 0;
let spare: usize = 0;
let spareRoom: u32 = 0;

/** Sorts the `count` rows at `rows`. */
export function sortRows(rows: usize, count: u32, by: i32): void {
  order = by;
  if (isSorted(rows, count)) return;
  if (count > spareRoom) {
    spareRoom = max(count, spareRoom * 2);
    spare = allocate(spareRoom << 2);
  }
  for (let from: u32 = 0; from < count; from += RUN) insertRun(rows, from, min(from + RUN, count));
  for (let width = RUN; width < count; width *= 2) {
    for (let from: u32 = 0; from + width < count; from += 2 * width) {
      merge(rows, from, from + width, min(from + 2 * width, count));
    }
  }
}

function rowAt(rows: usize, index: u32): u32 {
  return load<u32>(rows + (index << 2));
}

function setRow(rows: usize, index: u32, row: u32): void {
  store<u32>(rows + (index << 2), row);
}

function isSorted(rows: usize, count: u32): bool {
  for (let i: u32 = 1; i < count; i++) if (isBefore(rowAt(rows, i), rowAt(rows, i - 1))) return false;
  return true;
}

function isBefore(a: u32, b: u32): bool {
  if (order === BY_SLICE) {
    const first = slices.at(a);
    const second = slices.at(b);
    if (first.start !== second.start) return first.start < second.start;
    if (first.duration !== second.duration) return first.duration > second.duration;
    return a < b;
  }
  const first = timeOf(a);
  const second = timeOf(b);
  return first !== second ? first < second : a < b;
}

function timeOf(row: u32): f64 {
  switch (order) {
    case BY_TOKEN:
      return timeOfToken(row);
    case BY_ASYNC_TOKEN:
      return timeOfAsync(row);
    case BY_SAMPLE:
      return samples.at(row).time;
    default:
      return chunks.at(row).time;
  }
}

function insertRun(rows: usize, from: u32, to: u32): void {
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

/** Merges the sorted runs [from, middle) and [middle, to). */
function merge(rows: usize, from: u32, middle: u32, to: u32): void {
  if (!isBefore(rowAt(rows, middle), rowAt(rows, middle - 1))) return;
  const count = middle - from;
  memory.copy(spare, rows + (from << 2), count << 2);
  let left: u32 = 0;
  let right = middle;
  let out = from;
  while (left < count && right < to) {
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

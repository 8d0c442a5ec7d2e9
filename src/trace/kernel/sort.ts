/**
 * Sorting rows by two numbers, and by row where both tie: so the order is one and the same however it is found.
 * In: records to fill. Out: the same, sorted. Traces are nearly sorted as they come: short runs are sorted by insertion,
 * and two runs that already follow each other are not merged.
 */
import { allocate } from './memory.ts';

const RUN: u32 = 16;

@unmanaged
export class Sortable {
  major: f64;
  minor: f64;
  row: u32;
}

const BYTES: u32 = 24;

let records: usize = 0;
let spare: usize = 0;
let room: u32 = 0;

/** Room for `count` records, to be filled and then sorted. It is the same room every time. */
export function startSort(count: u32): void {
  if (count <= room) return;
  room = max(count, room * 2);
  records = allocate(room * BYTES);
  spare = allocate(room * BYTES);
}

export function sortable(index: u32): Sortable {
  return changetype<Sortable>(records + index * BYTES);
}

/** Sorts the first `count` records. */
export function sortRecords(count: u32): void {
  for (let from: u32 = 0; from < count; from += RUN) insertRun(from, min(from + RUN, count));
  for (let width = RUN; width < count; width *= 2) {
    for (let from: u32 = 0; from + width < count; from += 2 * width) {
      merge(from, from + width, min(from + 2 * width, count));
    }
  }
}

function isBefore(a: Sortable, b: Sortable): bool {
  if (a.major !== b.major) return a.major < b.major;
  if (a.minor !== b.minor) return a.minor < b.minor;
  return a.row < b.row;
}

function insertRun(from: u32, to: u32): void {
  for (let i = from + 1; i < to; i++) {
    if (!isBefore(sortable(i), sortable(i - 1))) continue;
    const major = sortable(i).major;
    const minor = sortable(i).minor;
    const row = sortable(i).row;
    let hole = i;
    do {
      copy(hole, records, hole - 1, records);
      hole--;
    } while (hole > from && isLess(major, minor, row, sortable(hole - 1)));
    const place = sortable(hole);
    place.major = major;
    place.minor = minor;
    place.row = row;
  }
}

function isLess(major: f64, minor: f64, row: u32, than: Sortable): bool {
  if (major !== than.major) return major < than.major;
  if (minor !== than.minor) return minor < than.minor;
  return row < than.row;
}

function copy(to: u32, target: usize, from: u32, source: usize): void {
  const place = target + to * BYTES;
  const found = source + from * BYTES;
  v128.store(place, v128.load(found));
  store<u64>(place, load<u64>(found, 16), 16);
}

/** Merges the sorted runs [from, middle) and [middle, to). */
function merge(from: u32, middle: u32, to: u32): void {
  if (isBefore(sortable(middle - 1), sortable(middle))) return;
  memory.copy(spare, records + from * BYTES, (middle - from) * BYTES);
  const count = middle - from;
  let left: u32 = 0;
  let right = middle;
  let out = from;
  while (left < count && right < to) {
    const first = changetype<Sortable>(spare + left * BYTES);
    if (isBefore(sortable(right), first)) copy(out++, records, right++, records);
    else copy(out++, records, left++, spare);
  }
  memory.copy(records + out * BYTES, spare + left * BYTES, (count - left) * BYTES);
}

/**
 * The numbers of a counter event (`UpdateCounters`) in a Perfetto stream: a dictionary `data` of numbers, and nothing else.
 * In: the one debug annotation that the event has. Out: true, and the numbers are kept until the event is taken; false for
 * every other shape, which JavaScript reads.
 */
import { addCounter } from './counters.ts';
import { allocate } from './memory.ts';
import { dataKey, keyOf, Sequence } from './sequences.ts';
import { internText } from './texts.ts';
import { after, isBroken, passTo, readVarint } from './varint.ts';

const MOST: u32 = 16;

/** String rows of their names, and values. */
const keys: usize = allocate(MOST << 2);
const values: usize = allocate(MOST << 3);
let count: u32 = 0;

export function hasCounters(): bool {
  return count !== 0;
}

/** Files the numbers as those of the event at hand. */
export function tellCounters(): void {
  for (let i: u32 = 0; i < count; i++) {
    addCounter(load<i32>(keys + (i << 2)), load<f64>(values + (i << 3)));
  }
  count = 0;
}

/** The event was not taken. */
export function dropCounters(): void {
  count = 0;
}

export function readCounters(from: usize, to: usize, sequence: Sequence): bool {
  count = 0;
  const isRead = readDict(from, to, sequence);
  if (!isRead) count = 0;
  return isRead && count !== 0;
}

function readDict(from: usize, to: usize, sequence: Sequence): bool {
  if (from >= to || <u32>load<u8>(from) !== 0x08 || keyOf(from + 1, to, sequence) !== dataKey) return false;
  let at = after;
  while (at < to) {
    // 11 dict_entries
    if (<u32>load<u8>(at) !== 0x5a) return false;
    const length = readVarint(at + 1, to);
    if (isBroken() || length > <u64>(to - after)) return false;
    const entry = after;
    at = entry + <usize>length;
    if (!readEntry(entry, at, sequence)) return false;
  }
  return true;
}

/** A name, and one number. */
function readEntry(from: usize, to: usize, sequence: Sequence): bool {
  if (count === MOST || from >= to) return false;
  const nameTag: u32 = load<u8>(from);
  const key = nameTag === 0x08 ? keyOf(from + 1, to, sequence) : nameTag === 0x52 ? textRow(from + 1, to) : 0;
  if (key <= 0 || isBroken() || after >= to) return false;
  const value = readNumber(after, to);
  // NaN and infinite values are no numbers of a counter; JavaScript sees to them.
  if (isBroken() || after !== to || !isFinite(value)) return false;
  for (let i: u32 = 0; i < count; i++) if (load<i32>(keys + (i << 2)) === key) return false;
  store<i32>(keys + (count << 2), key);
  store<f64>(values + (count << 3), value);
  count++;
  return true;
}

function readNumber(at: usize, to: usize): f64 {
  const tag: u32 = load<u8>(at);
  // 5 double_value
  if (tag === 0x29 && at + 9 <= to) {
    passTo(at + 9);
    return load<f64>(at + 1);
  }
  const value = readVarint(at + 1, to);
  // 3 uint_value, 4 int_value
  if (tag === 0x18) return <f64>value;
  return tag === 0x20 ? <f64>(<i64>value) : NaN;
}

/** The string row of the text whose length stands at `at`; `after` is behind it. 0 for none. */
function textRow(at: usize, to: usize): i32 {
  const length = readVarint(at, to);
  if (isBroken() || length > <u64>(to - after)) return 0;
  const row = internText(after, <u32>length, false);
  passTo(after + <usize>length);
  return row;
}

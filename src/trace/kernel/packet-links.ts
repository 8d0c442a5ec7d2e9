/**
 * What a link's arguments say in a Perfetto stream: a dictionary `data` or `beginData` of plain values.
 * In: the one debug annotation that the event has. Out: true, and it is kept until the event is taken (links.ts); false for
 * every other shape, which JavaScript reads.
 */
import { beginLink, endLink, keyOfLink, takeLinkKey } from './links.ts';
import { allocate } from './memory.ts';
import { beginDataKey, dataKey, keyOf, Sequence } from './sequences.ts';
import { internText } from './texts.ts';
import { after, isBroken, readVarint } from './varint.ts';

/** 2^53: whole numbers up to here are exact in JavaScript. */
const LARGEST: i64 = 9007199254740992;
/** Room for the digits of a number and its sign, and for what may be read behind them. */
const DIGITS: usize = 20;
const digits: usize = allocate(DIGITS + 16);

export function readPacketLink(from: usize, to: usize, sequence: Sequence): bool {
  beginLink();
  if (from >= to || <u32>load<u8>(from) !== 0x08) return false;
  const key = keyOf(from + 1, to, sequence);
  if (isBroken() || (key !== dataKey && key !== beginDataKey)) return false;
  let at = after;
  while (at < to) {
    // 11 dict_entries
    if (<u32>load<u8>(at) !== 0x5a) return false;
    const length = readVarint(at + 1, to);
    if (isBroken() || length > <u64>(to - after)) return false;
    const entry = after;
    at = entry + <usize>length;
    if (!readEntry(entry, at)) return false;
  }
  endLink();
  return true;
}

/** A name, and a value of any kind where the name is none of ours. */
function readEntry(from: usize, to: usize): bool {
  // 10 name
  if (from >= to || <u32>load<u8>(from) !== 0x52) return false;
  const length = readVarint(from + 1, to);
  if (isBroken() || length > <u64>(to - after)) return false;
  const value = after + <usize>length;
  const key = keyOfLink(after, <u32>length);
  if (key === 0) return true;
  if (value >= to) return false;
  const tag: u32 = load<u8>(value);
  const number = readVarint(value + 1, to);
  if (isBroken()) return false;
  // 6 string_value
  if (tag === 0x32) {
    if (number !== <u64>(to - after)) return false;
    return takeLinkKey(key, internText(after, <u32>number, false));
  }
  // 3 uint_value, 4 int_value
  if (after !== to || (tag !== 0x18 && tag !== 0x20)) return false;
  const whole = <i64>number;
  if (whole > LARGEST || whole < (tag === 0x18 ? 0 : -LARGEST)) return false;
  return takeLinkKey(key, rowOfNumber(whole));
}

/** The string row of a number's digits. */
function rowOfNumber(value: i64): i32 {
  let rest = value < 0 ? -value : value;
  let at = digits + DIGITS;
  do {
    at--;
    store<u8>(at, <u8>(0x30 + (rest % 10)));
    rest /= 10;
  } while (rest > 0);
  if (value < 0) store<u8>(--at, 0x2d);
  return internText(at, <u32>(digits + DIGITS - at), false);
}

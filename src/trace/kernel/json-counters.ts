/**
 * The numbers of a counter event, straight from the bytes of its arguments.
 * In: `{"data":{"nodes":4,…}}` or `{"used":1,…}`, as Chrome writes them. Out: true, and each number filed;
 * false, and nothing done, for every other shape, which JavaScript reads (src/trace/counters.ts).
 */
import {
  CLOSE_BRACE,
  COLON,
  COMMA,
  OPEN_BRACE,
  OUT,
  QUOTE,
  skipString,
  textEnd,
  textIsEscaped,
  textStart,
} from './bytes.ts';
import { addCounter } from './counters.ts';
import { isJson } from './json-check.ts';
import { allocate } from './memory.ts';
import { number, readNumber } from './numbers.ts';
import { internText } from './texts.ts';

const MOST: u32 = 32;
const MINUS: u32 = 0x2d;
/** `data` with its first quote's successor: the letters. */
const DATA: u32 = 0x61746164;

/** String rows of their names, and values. */
const keys: usize = allocate(MOST << 2);
const values: usize = allocate(MOST << 3);
let count: u32 = 0;

export function readJsonCounters(from: usize, to: usize): bool {
  count = 0;
  const inner = dataOf(from, to);
  const isRead = inner === 0 ? readNumbers(from) === to : readNumbers(inner) === to - 1;
  if (!isRead || !isJson(from, to)) return false;
  for (let i: u32 = 0; i < count; i++) {
    const value = load<f64>(values + (i << 3));
    if (isFinite(value)) addCounter(load<i32>(keys + (i << 2)), value);
  }
  return true;
}

/** Address of the value of `data` where that is all that the arguments hold; 0 where they hold something else. */
function dataOf(from: usize, to: usize): usize {
  if (to - from < 11 || load<u32>(from + 2) !== DATA) return 0;
  // {"data":{ and } at the end
  const opens = <u32>load<u8>(from + 1) === QUOTE && <u32>load<u8>(from + 6) === QUOTE;
  const isObject = <u32>load<u8>(from + 7) === COLON && <u32>load<u8>(from + 8) === OPEN_BRACE;
  return opens && isObject && <u32>load<u8>(to - 1) === CLOSE_BRACE ? from + 8 : 0;
}

/** Keeps the numbers of an object that holds nothing else; the address behind it, 0 where it holds something else. */
function readNumbers(from: usize): usize {
  if (<u32>load<u8>(from) !== OPEN_BRACE) return 0;
  let at = from + 1;
  while (count < MOST) {
    if (<u32>load<u8>(at) !== QUOTE) return 0;
    at = skipString(at);
    // Keys that are numbers come first in JavaScript, whatever their place.
    if (at === OUT || textIsEscaped || <u32>load<u8>(textStart) - 0x30 <= 9) return 0;
    const key = internText(textStart, <u32>(textEnd - textStart), false);
    if (isKept(key) || <u32>load<u8>(at) !== COLON) return 0;
    const first: u32 = load<u8>(at + 1);
    if (first !== MINUS && first - 0x30 > 9) return 0;
    at = readNumber(at + 1);
    if (at <= 1) return 0;
    store<i32>(keys + (count << 2), key);
    store<f64>(values + (count++ << 3), number);
    const c: u32 = load<u8>(at++);
    if (c === CLOSE_BRACE) return at;
    if (c !== COMMA) return 0;
  }
  return 0;
}

/** Of two equal keys the last counts, at the place of the first: that is JavaScript's to do. */
function isKept(key: i32): bool {
  for (let i: u32 = 0; i < count; i++) if (load<i32>(keys + (i << 2)) === key) return true;
  return false;
}

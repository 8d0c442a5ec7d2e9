/**
 * What a link's arguments say, straight from their bytes.
 * In: `{"data":{"frame":"…","timerId":4,…}}` or `{"beginData":{…}}`, as Chrome writes them. Out: true, and it is kept
 * (links.ts); false, and nothing kept, for every other shape, which JavaScript reads (src/trace/links.ts).
 */
import {
  BAD,
  CLOSE_BRACE,
  COLON,
  COMMA,
  OPEN_BRACE,
  OUT,
  QUOTE,
  skipString,
  skipValue,
  textEnd,
  textIsEscaped,
  textStart,
} from './bytes.ts';
import { isJson } from './json-check.ts';
import { beginLink, endLink, keyOfLink, takeLinkKey } from './links.ts';
import { internText } from './texts.ts';

const MINUS: u32 = 0x2d;
/** Whole numbers up to here are written by JavaScript as they stand. */
const MOST_DIGITS: u32 = 15;

/** Address of the value that the key at hand has. */
let value: usize = 0;

export function readJsonLink(from: usize, to: usize): bool {
  if (!isJson(from, to)) return false;
  const data = findData(from, to);
  if (data === 0) return false;
  beginLink();
  let at = data + 1;
  if (<u32>load<u8>(at) !== CLOSE_BRACE) {
    do {
      at = toValue(at);
      if (at === 0 || !takeMember()) return false;
      at = skipValue(value);
      if (at <= BAD) return false;
    } while (<u32>load<u8>(at++) === COMMA);
    if (<u32>load<u8>(at - 1) !== CLOSE_BRACE) return false;
  }
  endLink();
  return true;
}

/** Address of the object that is `data`, or else `beginData`, of the arguments; 0 for another shape. */
function findData(from: usize, to: usize): usize {
  let data: usize = 0;
  let beginData: usize = 0;
  if (<u32>load<u8>(from) !== OPEN_BRACE) return 0;
  let at = from;
  do {
    at = toValue(at + 1);
    if (at === 0) return 0;
    const letters = load<u32>(textStart);
    const isObject = <u32>load<u8>(value) === OPEN_BRACE;
    if (textEnd - textStart === 4 && letters === 0x61746164) {
      if (data !== 0 || !isObject) return 0;
      data = value;
    } else if (textEnd - textStart === 9 && letters === 0x69676562) {
      // begi
      const isKey = load<u8>(textStart + 4) === 0x6e && load<u32>(textStart + 5) === 0x61746144;
      if (!isKey || beginData !== 0 || !isObject) return 0;
      beginData = value;
    }
    at = skipValue(value);
    if (at <= BAD) return 0;
  } while (<u32>load<u8>(at) === COMMA);
  if (<u32>load<u8>(at) !== CLOSE_BRACE || at + 1 !== to) return 0;
  return data !== 0 ? data : beginData;
}

/** Passes `"key":` up to the value; 0 for a key that is written otherwise. */
function toValue(at: usize): usize {
  if (<u32>load<u8>(at) !== QUOTE) return 0;
  const after = skipString(at);
  if (after === OUT || textIsEscaped || <u32>load<u8>(after) !== COLON) return 0;
  value = after + 1;
  return value;
}

/** False for a value that JavaScript has to put into words. */
function takeMember(): bool {
  const key = keyOfLink(textStart, <u32>(textEnd - textStart));
  if (key === 0) return true;
  const first: u32 = load<u8>(value);
  if (first === QUOTE) {
    if (skipString(value) === OUT || textIsEscaped) return false;
    return takeLinkKey(key, internText(textStart, <u32>(textEnd - textStart), false));
  }
  if (first !== MINUS && first - 0x30 > 9) return takeLinkKey(key, 0);
  const length = lengthOfWhole(value);
  return length !== 0 && takeLinkKey(key, internText(value, length, false));
}

/** Letters of a whole number that JavaScript would write the same; 0 for any other. */
function lengthOfWhole(from: usize): u32 {
  let at = <u32>load<u8>(from) === MINUS ? from + 1 : from;
  const first = at;
  while (<u32>load<u8>(at) - 0x30 <= 9) at++;
  const digits = <u32>(at - first);
  const last: u32 = load<u8>(at);
  const hasZero = <u32>load<u8>(first) === 0x30 && at - from > 1;
  return digits > MOST_DIGITS || hasZero || (last !== COMMA && last !== CLOSE_BRACE) ? 0 : <u32>(at - from);
}

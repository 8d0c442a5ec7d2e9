/**
 * A cursor over JSON bytes that may end before the value does.
 * In: addresses in the input buffer, whose last 16 bytes before its room's end are never input (they may be read over).
 * Out: addresses behind values. Running out of bytes is OUT (the caller gets more and begins the value again); bytes that
 * are no JSON are BAD; both are below every address.
 */

export const OUT: usize = 0;
export const BAD: usize = 1;

export const QUOTE: u32 = 0x22;
export const BACKSLASH: u32 = 0x5c;
export const COMMA: u32 = 0x2c;
export const COLON: u32 = 0x3a;
export const OPEN_BRACE: u32 = 0x7b;
export const CLOSE_BRACE: u32 = 0x7d;
export const OPEN_BRACKET: u32 = 0x5b;
export const CLOSE_BRACKET: u32 = 0x5d;
/** What tells an opening from other bytes when `|`ed in: `[` and `{`, `]` and `}` differ in this bit. */
const BRACKET_BIT: u32 = 0x20;

/** One past the last byte of input. */
export let inputEnd: usize = 0;
/** The string that `skipString` passed last, quotes left out, and whether it has a backslash. */
export let textStart: usize = 0;
export let textEnd: usize = 0;
export let textIsEscaped: bool = false;
/** The value of the last `"sampleTraceId"` that `skipValue` came by; 0 for none. */
export let sampleTraceId: f64 = 0;

export function setInputEnd(end: usize): void {
  inputEnd = end;
}

export function clearTraceId(): void {
  sampleTraceId = 0;
}

/** First address at or after `at` that is no white space. */
export function skipSpace(at: usize): usize {
  const end = inputEnd;
  let i = at;
  while (i < end && load<u8>(i) <= 0x20) i++;
  return i < end ? i : OUT;
}

/** Address after the string that opens at `at`. */
export function skipString(at: usize): usize {
  const end = inputEnd;
  const quote = i8x16.splat(<i8>QUOTE);
  const backslash = i8x16.splat(<i8>BACKSLASH);
  let escaped = false;
  let i = at + 1;
  while (i < end) {
    const block = v128.load(i);
    const hits = i8x16.bitmask(v128.or(i8x16.eq(block, quote), i8x16.eq(block, backslash)));
    if (hits === 0) {
      i += 16;
      continue;
    }
    i += ctz(hits);
    if (i >= end) return OUT;
    if (load<u8>(i) === QUOTE) {
      textStart = at + 1;
      textEnd = i;
      textIsEscaped = escaped;
      return i + 1;
    }
    escaped = true;
    i += 2;
  }
  return OUT;
}

/** Address after the value at `at`, whatever it is. */
export function skipValue(at: usize): usize {
  const first: u32 = load<u8>(at);
  if (first === QUOTE) return skipString(at);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(at);
  return skipPlain(at);
}

/** Where `skipPlain` met what belongs to no plain value: nothing before it is worth another look. */
export let brokenAt: usize = 0;

/** Address after a number, true, false or null. */
export function skipPlain(at: usize): usize {
  const end = inputEnd;
  let i = at;
  while (i < end) {
    const c: u32 = load<u8>(i);
    if (c <= 0x20 || c === COMMA || c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      brokenAt = i;
      return i > at ? i : BAD;
    }
    if (c === QUOTE || c === OPEN_BRACE || c === OPEN_BRACKET) {
      brokenAt = i;
      return BAD;
    }
    i++;
  }
  return OUT;
}

/** Depth of brackets and state of strings while `skipNested` goes on. */
let depth: i32 = 0;
let inString: bool = false;

/**
 * Address after the object or array that opens at `at`. Counts brackets; its inside is not checked. Sixteen bytes at a
 * time: a running exclusive-or over the bits of its quotes tells which bytes are inside strings. Blocks with a backslash
 * are taken byte by byte.
 */
export function skipNested(at: usize): usize {
  const end = inputEnd;
  depth = 0;
  inString = false;
  let i = at;
  while (i < end) {
    const block = v128.load(i);
    const rest = end - i;
    const kept: i32 = rest < 16 ? (1 << (<i32>rest)) - 1 : 0xffff;
    if ((i8x16.bitmask(i8x16.eq(block, i8x16.splat(<i8>BACKSLASH))) & kept) !== 0) {
      const after = skipEscapedBlock(i);
      if (depth === 0) return after;
      i = after;
      continue;
    }
    const quotes = i8x16.bitmask(i8x16.eq(block, i8x16.splat(<i8>QUOTE))) & kept;
    const folded = v128.or(block, i8x16.splat(<i8>BRACKET_BIT));
    let strings = quotes ^ (quotes << 1);
    strings ^= strings << 2;
    strings ^= strings << 4;
    strings ^= strings << 8;
    if (inString) strings = ~strings;
    const opening = i8x16.bitmask(i8x16.eq(folded, i8x16.splat(<i8>OPEN_BRACE))) & kept & ~strings;
    const closing = i8x16.bitmask(i8x16.eq(folded, i8x16.splat(<i8>CLOSE_BRACE))) & kept & ~strings;
    inString = (strings & 0x8000) !== 0;
    const after = countBrackets(i, opening, closing);
    const firstLetter = i8x16.bitmask(i8x16.eq(v128.load(i, 1), i8x16.splat(0x73)));
    const keys = quotes & strings & firstLetter;
    if (keys !== 0) noteTraceIds(i, keys, after);
    if (after !== 0) return after;
    i += 16;
  }
  return OUT;
}

/** Address after the bracket that closes the value; 0 where none of the block does. */
function countBrackets(block: usize, opening: i32, closing: i32): usize {
  if ((opening | closing) === 0) return 0;
  const closed = popcnt(closing);
  if (closed < depth) {
    depth += popcnt(opening) - closed;
    return 0;
  }
  for (let bits = opening | closing; bits !== 0; bits &= bits - 1) {
    const bit = ctz(bits);
    if ((opening & (1 << bit)) !== 0) depth++;
    else if (--depth === 0) return block + bit + 1;
  }
  return 0;
}

/** As one block of `skipNested`. Returns where to go on: after the value where `depth` is 0 then. */
function skipEscapedBlock(from: usize): usize {
  const end = inputEnd;
  const stop = min(from + 16, end);
  let i = from;
  while (i < stop) {
    const c: u32 = load<u8>(i);
    if (inString) {
      if (c === BACKSLASH) i++;
      else if (c === QUOTE) inString = false;
    } else if (c === QUOTE) {
      inString = true;
      if (load<u8>(i + 1) === 0x73) noteTraceId(i);
    } else {
      const folded = c | BRACKET_BIT;
      if (folded === OPEN_BRACE) depth++;
      else if (folded === CLOSE_BRACE && --depth === 0) return i + 1;
    }
    i++;
  }
  return i;
}

function noteTraceIds(block: usize, keys: i32, after: usize): void {
  for (let bits = keys; bits !== 0; bits &= bits - 1) {
    const at = block + ctz(bits);
    if (after === 0 || at < after) noteTraceId(at);
  }
}

/** Keeps the number behind the string at `at` if that is `"sampleTraceId"` and a key. */
function noteTraceId(at: usize): void {
  if (at + 15 > inputEnd) return;
  // "samp", "leTr", "aceI", d and the closing quote
  if (load<u32>(at + 1) !== 0x706d6173 || load<u32>(at + 5) !== 0x7254656c) return;
  if (load<u32>(at + 9) !== 0x49656361 || load<u16>(at + 13) !== 0x2264) return;
  let i = skipSpace(at + 15);
  if (i === OUT || load<u8>(i) !== COLON) return;
  i = skipSpace(i + 1);
  if (i === OUT) return;
  let value: u64 = 0;
  while (i < inputEnd) {
    const digit = <u32>load<u8>(i) - 0x30;
    if (digit > 9) break;
    value = value * 10 + digit;
    i++;
  }
  sampleTraceId = <f64>value;
}

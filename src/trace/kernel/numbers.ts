/**
 * Numbers out of JSON bytes, exactly as JavaScript reads them.
 * In: the address of a value. Out: the address behind it, and the number; NaN where it is none. A quoted number is one.
 */
import { CLOSE_BRACE, COMMA, inputEnd, OUT, QUOTE, skipValue } from './bytes.ts';
import { parseNumber } from './outside.ts';

const POINT: u32 = 0x2e;
const MINUS: u32 = 0x2d;
/** So many digits are exact in a double, and so is the power of ten behind as many decimals. */
const EXACT_DIGITS: i32 = 15;

/** What `readNumber` read. */
export let number: f64 = NaN;

/** Reads the number at `at` into `number`. */
export function readNumber(at: usize): usize {
  const end = inputEnd;
  const negative = <u32>load<u8>(at) === MINUS;
  let i = negative ? at + 1 : at;
  let value: u64 = 0;
  let digits: i32 = 0;
  let decimals: i32 = 0;
  let point: usize = 0;
  let c: u32 = 0;
  while (i < end) {
    c = load<u8>(i);
    const digit = c - 0x30;
    if (digit <= 9) {
      value = value * 10 + digit;
      digits++;
    } else if (c === POINT && point === 0 && digits > 0) point = i;
    else break;
    i++;
  }
  if (i >= end) return OUT;
  if (point !== 0) decimals = <i32>(i - point - 1);
  const isPlain = digits > 0 && digits <= EXACT_DIGITS && (point === 0 || decimals > 0);
  if (isPlain && (c === COMMA || c === CLOSE_BRACE || c <= 0x20)) {
    let result = <f64>value;
    // Both are exact, so the quotient is the double nearest to the decimal number.
    if (decimals > 0) result /= powerOfTen(decimals);
    number = negative ? -result : result;
    return i;
  }
  return readOtherNumber(at);
}

/** Exponents, long numbers, quoted numbers; everything else is NaN. */
function readOtherNumber(at: usize): usize {
  const after = skipValue(at);
  if (after <= 1) return after;
  const quoted: usize = <u32>load<u8>(at) === QUOTE ? 1 : 0;
  number = parseNumber(at + quoted, <u32>(after - at - 2 * quoted));
  return after;
}

function powerOfTen(exponent: i32): f64 {
  let power: f64 = 1;
  for (let i = 0; i < exponent; i++) power *= 10;
  return power;
}

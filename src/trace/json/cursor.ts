/**
 * A cursor over JSON bytes that may end before the value does.
 * In: a byte buffer and a position in it. Out: positions of values, numbers, interned strings. Never builds an object.
 * Running out of bytes is OUT (the caller fetches more and begins the value again); bytes that are no JSON are BAD.
 */
import type { ByteStrings } from '../byte-strings.ts';

/** The buffer ended inside the value. */
export const OUT = -1;
/** The bytes are no JSON. */
export const BAD = -2;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** The key inside arguments that is found while they are skipped. */
const TRACE_ID_KEY = Uint8Array.from('sampleTraceId', (letter) => letter.charCodeAt(0));

const decoder = new TextDecoder();

export class Cursor {
  bytes = new Uint8Array(0);
  /** Bytes in the buffer. */
  end = 0;
  /** The string that `skipString` or `internString` passed last, quotes left out. */
  textStart = 0;
  textEnd = 0;
  /** What `readNumber` read; NaN where the value is no number. */
  number = Number.NaN;
  /** The value of the last `"sampleTraceId"` that `skipValue` came by; 0 for none. The caller resets it. */
  sampleTraceId = 0;

  /** First position at or after `at` that is no white space; OUT at the end. */
  skipSpace(at: number): number {
    const { bytes, end } = this;
    let i = at;
    while (i < end && bytes[i] <= 0x20) i++;
    return i < end ? i : OUT;
  }

  /** Position after the string that opens at `at`. */
  skipString(at: number): number {
    const { bytes, end } = this;
    let i = at + 1;
    for (;;) {
      while (i < end && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH) i++;
      if (i >= end) return OUT;
      if (bytes[i] === QUOTE) break;
      i += 2;
    }
    this.textStart = at + 1;
    this.textEnd = i;
    return i + 1;
  }

  /** Position after the value at `at`, whatever it is. */
  skipValue(at: number): number {
    const first = this.bytes[at];
    if (first === QUOTE) return this.skipString(at);
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.skipNested(at);
    return this.skipPlain(at);
  }

  /** Position after a number, true, false or null. */
  skipPlain(at: number): number {
    const { bytes, end } = this;
    let i = at;
    while (i < end) {
      const c = bytes[i];
      if (c <= 0x20 || c === COMMA || c === CLOSE_BRACE || c === CLOSE_BRACKET) return i > at ? i : BAD;
      if (c === QUOTE || c === OPEN_BRACE || c === OPEN_BRACKET) return BAD;
      i++;
    }
    return OUT;
  }

  /** Position after the object or array that opens at `at`. Counts brackets; its inside is not checked. */
  skipNested(at: number): number {
    const { bytes, end } = this;
    let depth = 0;
    let i = at;
    while (i < end) {
      const c = bytes[i];
      if (c === QUOTE) {
        const start = ++i;
        for (;;) {
          while (i < end && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH) i++;
          if (i >= end) return OUT;
          if (bytes[i] === QUOTE) break;
          i += 2;
        }
        if (i - start === TRACE_ID_KEY.length && isTraceIdKey(bytes, start)) this.#noteTraceId(i + 1);
        i++;
      } else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
        depth++;
        i++;
      } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
        i++;
        if (--depth === 0) return i;
      } else {
        i++;
      }
    }
    return OUT;
  }

  /** Reads the number at `at` into `number`; a quoted number is read too. Returns the position after the value. */
  readNumber(at: number): number {
    const { bytes, end } = this;
    let i = at;
    const negative = bytes[i] === 0x2d;
    if (negative) i++;
    const digitsFrom = i;
    let value = 0;
    let c = 0;
    while (i < end) {
      c = bytes[i];
      if (c < 0x30 || c > 0x39) break;
      value = value * 10 + (c - 0x30);
      i++;
    }
    if (i >= end) return OUT;
    if (i > digitsFrom && i - digitsFrom <= 15 && (c === COMMA || c === CLOSE_BRACE || c <= 0x20)) {
      this.number = negative ? -value : value;
      return i;
    }
    return this.#readOtherNumber(at);
  }

  /** The value at `at` as plain JavaScript; undefined where it is no JSON. */
  parse(from: number, to: number): unknown {
    try {
      return JSON.parse(decoder.decode(this.bytes.subarray(from, to)));
    } catch {
      // Dirty data, told by the undefined: the caller counts it.
      return undefined;
    }
  }

  /** The string row of the text last skipped. */
  internText(strings: ByteStrings, intern: (text: string) => number): number {
    const { bytes, textStart, textEnd } = this;
    for (let i = textStart; i < textEnd; i++) {
      if (bytes[i] === BACKSLASH) {
        const text = this.parse(textStart - 1, textEnd + 1);
        return intern(typeof text === 'string' ? text : decoder.decode(bytes.subarray(textStart, textEnd)));
      }
    }
    return strings.intern(bytes, textStart, textEnd);
  }

  #noteTraceId(afterKey: number): void {
    let at = this.skipSpace(afterKey);
    if (at < 0 || this.bytes[at] !== 0x3a) return;
    at = this.skipSpace(at + 1);
    if (at < 0) return;
    let value = 0;
    for (let i = at; i < this.end; i++) {
      const c = this.bytes[i];
      if (c < 0x30 || c > 0x39) break;
      value = value * 10 + (c - 0x30);
    }
    this.sampleTraceId = value;
  }

  /** Decimals, exponents, long numbers, quoted numbers; everything else is NaN. */
  #readOtherNumber(at: number): number {
    const after = this.skipValue(at);
    if (after < 0) return after;
    const quoted = this.bytes[at] === QUOTE;
    const text = decoder.decode(this.bytes.subarray(quoted ? at + 1 : at, quoted ? after - 1 : after));
    this.number = text.trim() === '' ? Number.NaN : Number(text);
    return after;
  }
}

function isTraceIdKey(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < TRACE_ID_KEY.length; i++) if (bytes[at + i] !== TRACE_ID_KEY[i]) return false;
  return true;
}

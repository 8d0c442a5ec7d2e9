/**
 * A cursor over protobuf's wire format: varints, lengths, fixed numbers, text.
 * In: bytes and a place in them. Out: numbers and strings. A 64-bit value is handed out in halves (`high`, `low`),
 * because a double holds 53 bits.
 * Refuses: nothing aloud. A field that is broken puts the cursor past the end of its message, so that every loop of
 * the form `while (wire.at < end)` ends, and `wire.at !== end` after it tells that the message is malformed.
 */

/** Wire types: the low three bits of a tag. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** Past the end of every message. */
const BROKEN = Number.MAX_SAFE_INTEGER;
const TWO_32 = 0x1_0000_0000;
/** Below this, characters one by one are faster than TextDecoder. */
const SHORT_TEXT = 24;

export class Wire {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  /** Halves of the last 64-bit value, each 0 … 2^32 - 1. */
  high = 0;
  low = 0;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** An unsigned varint: exact up to 2^53, rounded above. */
  varint(): number {
    const bytes = this.bytes;
    let byte = bytes[this.at++];
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    byte = bytes[this.at++];
    value |= (byte & 0x7f) << 7;
    if (byte < 0x80) return value;
    byte = bytes[this.at++];
    value |= (byte & 0x7f) << 14;
    if (byte < 0x80) return value;
    byte = bytes[this.at++];
    value |= (byte & 0x7f) << 21;
    if (byte < 0x80) return value;
    this.#finishVarint(value);
    return this.high * TWO_32 + this.low;
  }

  /** Any varint, into `high` and `low`. */
  varint64(): void {
    const bytes = this.bytes;
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[this.at++];
      value |= (byte & 0x7f) << shift;
      // `undefined < 0x80` is false past the end of the bytes, and the cursor then goes past every end.
      if (byte < 0x80) {
        this.high = 0;
        this.low = value;
        return;
      }
    }
    this.#finishVarint(value);
  }

  /** A varint of the types int32, int64 and enum, which write negative numbers as 64-bit two's complement. */
  signedVarint(): number {
    this.varint64();
    return (this.high | 0) * TWO_32 + this.low;
  }

  /** Eight bytes, little end first, into `high` and `low`. */
  fixed64(): void {
    this.low = this.#fixed32();
    this.high = this.#fixed32();
  }

  fixed32(): number {
    const { bytes, at } = this;
    this.at = at + 4;
    return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
  }

  double(): number {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    const at = this.at;
    this.at += 8;
    return at + 8 <= view.byteLength ? view.getFloat64(at, true) : Number.NaN;
  }

  /**
   * Reads a length and answers where the field that follows ends. The cursor stands at its first byte then, or past
   * `end` where the field would reach over it; the answer is then the cursor, so that nobody reads it.
   */
  fieldEnd(end: number): number {
    const length = this.varint();
    if (length <= end - this.at) return this.at + length;
    this.at = BROKEN;
    return BROKEN;
  }

  /** Ends a message within a message: where it was malformed, so is the outer one. */
  close(end: number): void {
    if (this.at !== end) this.at = BROKEN;
  }

  /** The text up to `end`; the cursor is there then. */
  textTo(end: number): string {
    const { bytes, at } = this;
    this.at = end;
    if (end - at <= SHORT_TEXT) {
      let text = '';
      let i = at;
      for (; i < end && bytes[i] < 0x80; i++) text += String.fromCharCode(bytes[i]);
      if (i === end) return text;
    }
    return end > bytes.length ? '' : this.#decoder.decode(bytes.subarray(at, end));
  }

  /** Skips the value of the field whose tag was just read. */
  skip(tag: number, end: number): void {
    switch (tag & 7) {
      case VARINT: {
        const bytes = this.bytes;
        let at = this.at;
        while (bytes[at] >= 0x80) at++;
        this.at = at + 1;
        return;
      }
      case LENGTH:
        this.at = this.fieldEnd(end);
        return;
      case FIXED64:
        this.at += 8;
        return;
      case FIXED32:
        this.at += 4;
        return;
      default:
        this.at = BROKEN;
    }
  }

  /** Reads the rest of a varint whose first four bytes gave the 28 low bits in `value`. */
  #finishVarint(value: number): void {
    const bytes = this.bytes;
    let byte = bytes[this.at++];
    this.low = (value | ((byte & 0x0f) << 28)) >>> 0;
    let high = (byte & 0x7f) >>> 4;
    for (let shift = 3; byte >= 0x80 && shift < 32; shift += 7) {
      byte = bytes[this.at++];
      high |= (byte & 0x7f) << shift;
    }
    this.high = high >>> 0;
    if (!(byte < 0x80)) this.at = BROKEN;
  }

  #fixed32(): number {
    const { bytes, at } = this;
    this.at = at + 4;
    return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
  }
}

/** An unsigned 64-bit number as Chrome's JSON writes ids and pointers: `0x1f`. */
export function hexOf(high: number, low: number): string {
  const text = low.toString(16);
  return high === 0 ? `0x${text}` : `0x${high.toString(16)}${text.padStart(8, '0')}`;
}

/**
 * Protobuf's wire format, read, for the profile formats that are made of it (pprof, OTLP); base/wire-writer.ts writes it.
 * In: a message's bytes. Out: fields. Numbers are whole; above 2^53 gives bigints.
 * It never throws: what is broken or cut off ends its message, and `isBroken` tells.
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Reads one message: `for (const m = …; m.next(); ) switch (m.field) { … }`. */
export class WireReader {
  field = 0;
  isBroken = false;
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;
  #type = VARINT;
  #tagStart = 0;
  /** Where the value of the field at hand begins and ends. */
  #start = 0;
  #stop = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Goes to the next field; false at the end of the message, and where it is broken. */
  next(): boolean {
    if (this.isBroken || this.#at >= this.#end) return false;
    this.#tagStart = this.#at;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.#type = tag % 8;
    this.#start = this.#at;
    if (this.#type === VARINT) this.#varint();
    else if (this.#type === FIXED64) this.#at += 8;
    else if (this.#type === FIXED32) this.#at += 4;
    else if (this.#type === BYTES) {
      const length = this.#varint();
      this.#start = this.#at;
      this.#at += length;
    } else this.isBroken = true;
    this.#stop = this.#at;
    if (this.field === 0 || !(this.#at <= this.#end)) this.isBroken = true;
    return !this.isBroken;
  }

  /** Of the wire: 0 number, 1 and 5 fixed, 2 bytes. */
  get type(): number {
    return this.#type;
  }

  /** The field as a number, signed, rounded above 2^53; 0 where it is no number. */
  number(): number {
    if (this.#type !== VARINT) return Number(this.bigint());
    const small = this.#small(this.#start, this.#stop);
    return small >= 0 ? small : Number(this.#big(this.#start, this.#stop));
  }

  bigint(): bigint {
    if (this.#type === FIXED64) return BigInt.asIntN(64, this.#fixed(this.#start));
    if (this.#type !== VARINT) return 0n;
    const small = this.#small(this.#start, this.#stop);
    return small >= 0 ? BigInt(small) : this.#big(this.#start, this.#stop);
  }

  /** An id, an index or a count: 0 for what is none. */
  index(): number {
    return this.#type === VARINT ? Math.max(0, this.#small(this.#start, this.#stop)) : 0;
  }

  bytes(): Uint8Array {
    return this.#type === BYTES ? this.#bytes.subarray(this.#start, this.#stop) : new Uint8Array(0);
  }

  /** The field as it stands there, tag and all. */
  raw(): Uint8Array {
    return this.#bytes.subarray(this.#tagStart, this.#stop);
  }

  /** The field as a message of its own; an empty one where it is none. */
  message(): WireReader {
    return this.#type === BYTES
      ? new WireReader(this.#bytes, this.#start, this.#stop)
      : new WireReader(this.#bytes, this.#end, this.#end);
  }

  text(decoder: { decode(bytes: Uint8Array): string }): string {
    return decoder.decode(this.bytes());
  }

  /** Appends the numbers of a repeated field, packed or not; signed. */
  numbers(into: number[]): void {
    if (this.#type === VARINT) {
      into.push(this.number());
      return;
    }
    if (this.#type !== BYTES) return;
    for (let at = this.#start; at < this.#stop; ) {
      let end = at;
      while (end < this.#stop && this.#bytes[end] > 127) end++;
      if (end >= this.#stop) {
        this.isBroken = true;
        return;
      }
      const small = this.#small(at, end + 1);
      into.push(small >= 0 ? small : Number(this.#big(at, end + 1)));
      at = end + 1;
    }
  }

  /** Appends the numbers of a repeated fixed64 field, packed or not. */
  fixed64s(into: bigint[]): void {
    if (this.#type === FIXED64) into.push(this.#fixed(this.#start));
    else if (this.#type === BYTES)
      for (let at = this.#start; at + 8 <= this.#stop; at += 8) into.push(this.#fixed(at));
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || this.#at > this.#end) break;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    this.isBroken = true;
    return 0;
  }

  /** The varint there, where it is below 2^53; -1 otherwise. */
  #small(start: number, stop: number): number {
    if (stop - start > 8) return -1;
    let value = 0;
    let scale = 1;
    for (let at = start; at < stop; at++, scale *= 128) value += (this.#bytes[at] & 127) * scale;
    return value <= Number.MAX_SAFE_INTEGER ? value : -1;
  }

  #big(start: number, stop: number): bigint {
    let value = 0n;
    for (let at = stop - 1; at >= start; at--) value = (value << 7n) | BigInt(this.#bytes[at] & 127);
    return BigInt.asIntN(64, value);
  }

  #fixed(start: number): bigint {
    let value = 0n;
    for (let i = 7; i >= 0; i--) value = (value << 8n) | BigInt(this.#bytes[start + i] ?? 0);
    return value;
  }
}

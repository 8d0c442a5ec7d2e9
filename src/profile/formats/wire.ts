/**
 * Protobuf's wire format, both ways, for the profile formats that are made of it (pprof, OTLP).
 * In: fields, or a message's bytes. Out: bytes, or fields. Numbers are whole; above 2^53 give and take bigints.
 * The reader never throws: what is broken or cut off ends its message, and `isBroken` tells.
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const TWO_32 = 0x1_0000_0000;

/** Rows that lead to each other, what each is of, and the id of that. */
export interface Chain {
  readonly next: Int32Array;
  readonly key: Int32Array;
  /** By key; 0 not known yet. */
  readonly ids: Int32Array;
  /** Finds one out, and puts it there. */
  readonly resolve: (key: number) => number;
}

export class WireWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #at = 0;
  /** Bytes of the chain before: the next one is likely as long. */
  #lastChain = 0;
  readonly #encoder = new TextEncoder();

  constructor(capacity = 1 << 16) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** What was written. A copy: the writer may go on. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }

  /** An integer field; 0 is the default and is not written. */
  number(field: number, value: number): void {
    if (value === 0) return;
    this.#reserve(16);
    this.#put(field * 8 + VARINT);
    this.#putSigned(value);
  }

  /** A 64-bit field that a number cannot hold. */
  bigint(field: number, value: bigint): void {
    if (value === 0n) return;
    this.#reserve(16);
    this.#put(field * 8 + VARINT);
    this.#putBig(BigInt.asUintN(64, value));
  }

  fixed64(field: number, value: bigint): void {
    if (value === 0n) return;
    this.#reserve(16);
    this.#put(field * 8 + FIXED64);
    this.#putFixed(value);
  }

  text(field: number, value: string): void {
    const { length } = value;
    this.#reserve(length + 16);
    this.#put(field * 8 + BYTES);
    const start = this.#at + lengthOfVarint(length);
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        this.#putBytes(this.#encoder.encode(value));
        return;
      }
      bytes[start + i] = code;
    }
    this.#put(length);
    this.#at = start + length;
  }

  bytes(field: number, value: Uint8Array): void {
    this.#reserve(16);
    this.#put(field * 8 + BYTES);
    this.#putBytes(value);
  }

  /** Fields that are written already. */
  raw(fields: Uint8Array): void {
    this.#reserve(fields.length);
    this.#bytes.set(fields, this.#at);
    this.#at += fields.length;
  }

  /** Whole numbers of any sign, packed. */
  packed(field: number, values: ArrayLike<number>): void {
    const at = this.open(field);
    this.#reserve(values.length * 10);
    for (let i = 0; i < values.length; i++) this.#putSigned(values[i]);
    this.close(at);
  }

  /**
   * Ids packed: `first`, then those of the chain from `from` on, to a row below 0. None is negative. The hot loop of every
   * profile.
   */
  packedChain(field: number, first: number, from: number, { next, key, ids, resolve }: Chain): void {
    const start = this.open(field, this.#lastChain);
    let at = this.#putId(first, this.#at);
    let room = this.#bytes.length - 8;
    for (let row = from; row >= 0; row = next[row]) {
      if (at > room) {
        this.#at = at;
        this.#reserve(1 << 16);
        room = this.#bytes.length - 8;
      }
      at = this.#putId(ids[key[row]] || resolve(key[row]), at);
    }
    this.#at = at;
    this.#lastChain = this.close(start, this.#lastChain);
  }

  /** Returns where the next byte goes. */
  #putId(id: number, at: number): number {
    const bytes = this.#bytes;
    if (id < 0x80) {
      bytes[at] = id;
      return at + 1;
    }
    if (id < 0x4000) {
      bytes[at] = (id & 127) | 128;
      bytes[at + 1] = id >>> 7;
      return at + 2;
    }
    let rest = id;
    let to = at;
    for (; rest > 127; rest >>>= 7) bytes[to++] = (rest & 127) | 128;
    bytes[to] = rest;
    return to + 1;
  }

  packedFixed64(field: number, values: readonly bigint[]): void {
    this.#reserve(values.length * 8 + 16);
    this.#put(field * 8 + BYTES);
    this.#put(values.length * 8);
    for (const value of values) this.#putFixed(value);
  }

  /**
   * Begins a field that holds a message or a packed list, likely `length` bytes long; hand what it answers, and the same
   * length, to {@link close}. Where it was guessed wrong, what was written is moved.
   */
  open(field: number, length = 0): number {
    this.#reserve(16);
    this.#put(field * 8 + BYTES);
    this.#at += lengthOfVarint(length);
    return this.#at;
  }

  /** Returns its length. */
  close(start: number, likely = 0): number {
    const length = this.#at - start;
    const kept = lengthOfVarint(likely);
    const more = lengthOfVarint(length) - kept;
    if (more !== 0) {
      this.#reserve(Math.max(0, more));
      this.#bytes.copyWithin(start + more, start, this.#at);
    }
    const end = this.#at + more;
    this.#at = start - kept;
    this.#put(length);
    this.#at = end;
    return length;
  }

  /** A packed number by itself, between open and close. */
  signedItem(value: number): void {
    this.#reserve(16);
    this.#putSigned(value);
  }

  #put(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest % 128) | 128;
      rest = rest < TWO_32 ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.#bytes[this.#at++] = rest;
  }

  #putSigned(value: number): void {
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) this.#put(value);
    else this.#putBig(BigInt.asUintN(64, BigInt(Math.round(value))));
  }

  #putBig(value: bigint): void {
    let rest = value;
    for (; rest > 127n; rest >>= 7n) this.#bytes[this.#at++] = Number(rest & 127n) | 128;
    this.#bytes[this.#at++] = Number(rest);
  }

  #putFixed(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (let i = 0; i < 8; i++, rest >>= 8n) this.#bytes[this.#at++] = Number(rest & 255n);
  }

  #putBytes(value: Uint8Array): void {
    this.#reserve(value.length + 16);
    this.#put(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + count));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

function lengthOfVarint(value: number): number {
  let length = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length++;
  return length;
}

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

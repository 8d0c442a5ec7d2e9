/**
 * Protobuf's wire format, written: for traces (Perfetto) and the profile formats that are made of it (pprof, OTLP).
 * In: fields. Out: bytes. Numbers are whole; above 2^53 takes bigints.
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
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
  readonly #eight = new DataView(new ArrayBuffer(8));

  constructor(capacity = 1 << 16) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written. */
  get length(): number {
    return this.#at;
  }

  /** What was written. A copy: the writer may go on. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }

  /** Begins anew, in the same room. */
  clear(): void {
    this.#at = 0;
  }

  /** An integer field; 0 is the default and is not written. */
  number(field: number, value: number): void {
    if (value !== 0) this.choice(field, value);
  }

  /** An integer field whose being there says something: one of several, of which one is given. */
  choice(field: number, value: number): void {
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

  double(field: number, value: number): void {
    this.#reserve(16);
    this.#put(field * 8 + FIXED64);
    this.#eight.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.#bytes[this.#at++] = this.#eight.getUint8(i);
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
    // Shifting a bigint byte by byte costs several times as much.
    this.#eight.setBigUint64(0, value, true);
    for (let i = 0; i < 8; i++) this.#bytes[this.#at++] = this.#eight.getUint8(i);
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

/**
 * Cuts a Perfetto stream into packets as its bytes arrive. `Trace { repeated TracePacket packet = 1 }`: each packet is
 * a tag, a length and that many bytes, and there is nothing else.
 * In: plain (inflated) bytes in blocks of any size. Out: each whole packet once, where its bytes lie, and its offset in
 * the stream. A packet that crosses blocks is put together in a carry-over buffer; all others are read in place.
 * Refuses: anything but packets, and packets above {@link LARGEST_PACKET}: it is `broken` and reads no further then.
 */

/** Perfetto itself accepts no larger one. */
const LARGEST_PACKET = 0x1000_0000;
const PACKET_TAG = 0x0a;

/** The packet lies at [start, end) of `bytes`, which is valid during the call only. */
export type TakePacket = (bytes: Uint8Array, start: number, end: number, offset: number) => void;

export class PacketStream {
  /** Bytes taken so far. */
  byteLength = 0;
  broken = false;
  readonly #take: TakePacket;
  #carry = new Uint8Array(0);
  #carryLength = 0;
  // Set by #readHeader: where the packet lies.
  #bodyStart = 0;
  #bodyEnd = 0;

  constructor(take: TakePacket) {
    this.#take = take;
  }

  /** The stream has ended in the middle of a packet, if it ends here. */
  get unfinished(): boolean {
    return this.broken || this.#carryLength > 0;
  }

  push(block: Uint8Array): void {
    const blockOffset = this.byteLength;
    this.byteLength += block.length;
    let at = this.#finishCarried(block, blockOffset);
    while (at < block.length && !this.broken) {
      if (!this.#readHeader(block, at, block.length) || this.#bodyEnd > block.length) break;
      const start = at;
      at = this.#bodyEnd;
      this.#take(block, this.#bodyStart, at, blockOffset + start);
    }
    if (!this.broken && at < block.length) this.#keep(block, at, block.length);
  }

  /** Completes the packet that earlier blocks began; answers where in `block` the next one starts. */
  #finishCarried(block: Uint8Array, blockOffset: number): number {
    let at = 0;
    while (this.#carryLength > 0 && at < block.length && !this.broken) {
      // Until the header is whole the packet's length is not known: a byte at a time.
      const whole = this.#readHeader(this.#carry, 0, this.#carryLength);
      const missing = whole ? this.#bodyEnd - this.#carryLength : 1;
      const taken = Math.min(missing, block.length - at);
      this.#keep(block, at, at + taken);
      at += taken;
      if (!this.#readHeader(this.#carry, 0, this.#carryLength) || this.#bodyEnd > this.#carryLength) continue;
      const offset = blockOffset + at - this.#carryLength;
      this.#carryLength = 0;
      this.#take(this.#carry, this.#bodyStart, this.#bodyEnd, offset);
    }
    return at;
  }

  /** Reads tag and length at `start`; false where they are broken, or not all there yet. */
  #readHeader(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes[start] !== PACKET_TAG) {
      this.broken = true;
      return false;
    }
    const first = bytes[start + 1];
    if (start + 1 < end && first < 0x80) {
      this.#bodyStart = start + 2;
      this.#bodyEnd = start + 2 + first;
      return true;
    }
    let length = 0;
    let shift = 0;
    for (let at = start + 1; at < end; shift += 7) {
      const byte = bytes[at++];
      length += (byte & 0x7f) * 2 ** shift;
      if (length > LARGEST_PACKET || shift > 28) {
        this.broken = true;
        return false;
      }
      if (byte < 0x80) {
        this.#bodyStart = at;
        this.#bodyEnd = at + length;
        return true;
      }
    }
    return false;
  }

  #keep(block: Uint8Array, from: number, to: number): void {
    const needed = this.#carryLength + to - from;
    if (needed > this.#carry.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#carry.length, 4096));
      larger.set(this.#carry.subarray(0, this.#carryLength));
      this.#carry = larger;
    }
    this.#carry.set(block.subarray(from, to), this.#carryLength);
    this.#carryLength = needed;
  }
}

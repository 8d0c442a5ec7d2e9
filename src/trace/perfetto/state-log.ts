/**
 * The packets of a stream that say what later ones mean (names by number, defaults, a state that was cleared), so that any
 * event can be read without those before it.
 * In: the inflated stream, once, in blocks of any size. Out: those packets up to an offset, again and again.
 * Holds a copy of them: in Chrome's recordings some percent of the stream. Beyond {@link MOST_BYTES} it holds no more and
 * says so; then events are found by reading everything again.
 */
import { Packet, STATE_CLEARED } from './packet.ts';
import { PacketStream, type TakePacket } from './packet-stream.ts';
import { Wire } from './wire.ts';

const MOST_BYTES = 64 << 20;
const PIECE_BYTES = 1 << 20;

interface Piece {
  readonly bytes: Uint8Array;
  length: number;
  /** Of each packet: its offset in the stream, and where it begins in `bytes`. */
  readonly offsets: number[];
  readonly starts: number[];
}

export class StateLog {
  readonly #wire = new Wire();
  readonly #packet = new Packet();
  readonly #stream: PacketStream;
  readonly #pieces: Piece[] = [];
  #byteLength = 0;
  /** Packets behind this offset are not held. */
  #coveredUntil = Number.POSITIVE_INFINITY;

  constructor() {
    this.#stream = new PacketStream((bytes, start, end, offset) => this.#take(bytes, start, end, offset));
  }

  /** Bytes held. */
  get byteLength(): number {
    return this.#byteLength;
  }

  push(block: Uint8Array): void {
    if (!this.#stream.broken) this.#stream.push(block);
  }

  /** Whether all that an event at this offset needs is held. */
  covers(offset: number): boolean {
    return offset <= this.#coveredUntil;
  }

  /** Hands over the packets before `offset`, in their order. */
  replay(offset: number, take: TakePacket): void {
    for (const { bytes, length, offsets, starts } of this.#pieces) {
      for (let at = 0; at < offsets.length; at++) {
        if (offsets[at] >= offset) return;
        take(bytes, starts[at], starts[at + 1] ?? length, offsets[at]);
      }
    }
  }

  #take(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const packet = this.#packet;
    this.#wire.bytes = bytes;
    this.#wire.at = start;
    packet.read(this.#wire, end);
    if (!changesState(packet) || offset >= this.#coveredUntil) return;
    const length = end - start;
    if (this.#byteLength + length > MOST_BYTES) {
      this.#coveredUntil = offset;
      return;
    }
    this.#byteLength += length;
    const piece = this.#pieceFor(length);
    piece.bytes.set(bytes.subarray(start, end), piece.length);
    piece.offsets.push(offset);
    piece.starts.push(piece.length);
    piece.length += length;
  }

  #pieceFor(length: number): Piece {
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.length + length <= last.bytes.length) return last;
    const bytes = new Uint8Array(Math.max(PIECE_BYTES, length));
    const piece = { bytes, length: 0, offsets: [], starts: [] };
    this.#pieces.push(piece);
    return piece;
  }
}

/** Whether packets behind this one of its sequence may mean something else for it. */
export const changesState = ({ hasMore, flags }: Packet): boolean => hasMore || (flags & STATE_CLEARED) !== 0;

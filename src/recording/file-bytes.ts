/**
 * The bytes of a file, from front to back, piece by piece, one piece ahead of whoever reads.
 * In: a Blob. Out: its bytes, each piece valid until the next is asked for; the system's own error where it cannot be
 * read (on). A Blob that fills buffers by itself is asked to.
 * Others are read by their own stream, into two buffers in turn: three times as quick as the pieces which that stream
 * makes itself, twice as quick as slices, and no garbage (measured; docs/benchmarks.md). In Chromium 156 one of its reads
 * may never be answered (seen once in thirty openings of a file that was not in memory); then the rest is read by slices.
 */
import { inTime, type Millis } from '../base/index.ts';
import { type ByteSource, streamFrom } from './streams.ts';

/** So that progress and cancel come through between pieces: a reader takes 2 to 4 ms for one. */
const PIECE_BYTES = 1 << 20;
/** Whoever looks for one event is content with little. */
const FIRST_BYTES = 1 << 16;
/** A disk answers a hundred times sooner. One that is slow is read by slices, and waited for. */
const LATE_MILLIS: Millis = 2_000;

type Bytes = Uint8Array<ArrayBuffer>;

/** What is needed of a Blob. */
export interface FileBytes {
  readonly size: number;
  stream(): ReadableStream<Bytes>;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
  /** The bytes from there on, as many as the buffer holds; less only at the end. */
  fill?(buffer: Bytes, from: number): Promise<Bytes>;
}

export async function* piecesOfFile(file: FileBytes): AsyncGenerator<Bytes, void> {
  const pieces = new Pieces(file);
  try {
    for (;;) {
      const piece = await pieces.next();
      if (piece.length === 0) return;
      yield piece;
    }
  } finally {
    await pieces.end();
  }
}

/**
 * The same bytes, told how many have come. It asks for a piece only when one is asked of it: a TransformStream asks ahead,
 * and then a file's piece is gone before its reader has it.
 */
export function countBytes(
  source: ByteSource,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = (source instanceof ReadableStream ? source : streamFrom(source)).getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const giveUp = (): void => {
          controller.error(signal?.reason);
          // Its own failure is of no interest any more.
          reader.cancel(signal?.reason).catch(() => undefined);
        };
        if (signal?.aborted === true) giveUp();
        else signal?.addEventListener('abort', giveUp, { once: true });
      },
      async pull(controller) {
        const { value, done } = await reader.read();
        if (signal?.aborted === true) return;
        if (done) return controller.close();
        bytes += value.length;
        onBytes(bytes);
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

class Pieces {
  readonly #file: FileBytes;
  /** null where its stream is not read (any more). */
  #filler: Filler | null;
  /** Of the next piece. */
  #at = 0;
  #length = FIRST_BYTES;
  #ahead: Promise<Bytes> | null = null;
  /** Whoever reads has done with it when he asks for more. */
  #handedOut: Bytes = new Uint8Array(0);

  constructor(file: FileBytes) {
    this.#file = file;
    this.#filler = file.fill === undefined ? Filler.of(file) : null;
  }

  /** Empty at the end of the file. */
  async next(): Promise<Bytes> {
    const piece = await (this.#ahead ?? this.#readAhead());
    if (piece.length > 0) this.#ahead = this.#readAhead();
    this.#handedOut = piece;
    return piece;
  }

  async end(): Promise<void> {
    await this.#filler?.end();
  }

  #readAhead(): Promise<Bytes> {
    const from = this.#at;
    const length = this.#length;
    const { buffer } = this.#handedOut;
    this.#at += length;
    this.#length = Math.min(PIECE_BYTES, 4 * length);
    const piece = this.#read(
      from,
      buffer.byteLength >= length ? new Uint8Array(buffer) : new Uint8Array(length),
    );
    // Where it fails and nobody asks any more, nobody is to be told.
    piece.catch(() => undefined);
    return piece;
  }

  async #read(from: number, buffer: Bytes): Promise<Bytes> {
    const { length } = buffer;
    if (this.#file.fill !== undefined) return this.#file.fill(buffer, from);
    if (this.#filler !== null) {
      const filled = await inTime(this.#filler.fill(buffer), LATE_MILLIS);
      if (filled !== null) return filled;
      void this.#filler.end();
      this.#filler = null;
    }
    return new Uint8Array(await this.#file.slice(from, from + length).arrayBuffer());
  }
}

/** A `ReadableStreamBYOBReader` whose types know how much a read brings at least. */
interface BufferReader {
  read(
    view: Bytes,
    options: { readonly min: number },
  ): Promise<{ readonly done: boolean; readonly value?: Bytes | undefined }>;
  cancel(): Promise<void>;
}

/** Fills buffers from a stream of bytes. */
class Filler {
  readonly #reader: BufferReader;
  #isEnd = false;

  private constructor(reader: BufferReader) {
    this.#reader = reader;
  }

  /** null where its stream brings buffers of its own. */
  static of(file: FileBytes): Filler | null {
    try {
      return new Filler(file.stream().getReader({ mode: 'byob' }));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return null;
    }
  }

  /** Less than the buffer holds, or nothing, only at the end. */
  async fill(buffer: Bytes): Promise<Bytes> {
    let piece = buffer;
    let filled = 0;
    while (filled < piece.length && !this.#isEnd) {
      const rest = piece.subarray(filled);
      // The buffer goes there and comes back as another; by one read, not by one for each of the few bytes that are there.
      const { value, done } = await this.#reader.read(rest, { min: rest.length });
      if (value !== undefined) piece = new Uint8Array(value.buffer);
      filled += value?.length ?? 0;
      this.#isEnd = done;
    }
    return piece.subarray(0, filled);
  }

  /** Whoever stops early lets go of the file; a stream that has ended or failed cannot be cancelled any more. */
  async end(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }
}

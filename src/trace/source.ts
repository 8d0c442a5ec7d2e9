/**
 * Bytes of a file → inflated chunks, whatever the file is.
 * In: bytes from front to back, plain, gzip or zlib. Out: its first bytes for sniffing, and inflated chunks one by one.
 */

import { type Millis, nextTurn } from '../base/index.ts';
import { unpack } from './gunzip.ts';

/** What a file is packed with: gzip and zlib are unpacked here, the others only told by name. */
export type Packing = 'gzip' | 'zlib' | 'zip' | 'zstd' | 'bzip2' | 'xz' | '7z';

const PACKING_BYTES = 6;
/** How files of other packers begin. */
const MAGICS: readonly (readonly [Packing, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
];

function packingOf(first: Uint8Array): Packing | null {
  const known = MAGICS.find(([, magic]) => magic.every((byte, at) => first[at] === byte));
  if (known !== undefined) return known[0];
  // RFC 1950: deflate with a window of 32 KB, and both bytes together a multiple of 31. `x` begins no JSON.
  const [method = 0, flags = 0] = first;
  return method === 0x78 && (method * 256 + flags) % 31 === 0 ? 'zlib' : null;
}

/** What is known of a source only when it has been read. */
export interface SourceState {
  /** Compressed bytes read so far. */
  readBytes: number;
  /** null for plain files. */
  packing: Packing | null;
  /** The packed stream ended too early, or is damaged from here on. */
  isCutOff: boolean;
  /** What is packed with gzip is one member, with nothing behind it. */
  readonly isPackedOnce?: boolean;
}

/** So long nobody else has the thread at most, and one chunk more. */
const PAUSE_MILLIS: Millis = 30;

/**
 * All chunks of a source; each is valid until the next is asked for. Throws {@link AbortedError} when `signal` is aborted,
 * {@link SourceError} when the source fails.
 */
export async function* chunksOf(
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  let since = performance.now();
  try {
    for (;;) {
      // Bytes that are there already come without a pause, and a cancel would wait until they are used up.
      if (performance.now() - since >= PAUSE_MILLIS) {
        await nextTurn();
        since = performance.now();
      }
      if (signal?.aborted) throw new AbortedError();
      const piece = await pieces.next().catch((error: unknown) => {
        throw new SourceError(String(error));
      });
      if (piece.done) return;
      if (piece.value.length > 0) yield piece.value;
    }
  } finally {
    // Whoever stops early lets go of the source; one that has ended or failed cannot be cancelled any more.
    await pieces.return?.().catch(() => undefined);
  }
}

/** Thrown through the pipeline when the user cancels; the door turns it into a Failure. */
export class AbortedError extends Error {}

/** The source could not be read on (a disk, a network, a closed file). */
export class SourceError extends Error {}

/** Inflated chunks of a source; `state` is filled on the way. */
export async function* inflate(
  chunks: AsyncGenerator<Uint8Array>,
  state: SourceState,
): AsyncGenerator<Uint8Array> {
  const first = await gatherFirst(chunks, PACKING_BYTES);
  const counted = countBytes(prepend(first, chunks), state);
  state.packing = packingOf(first);
  if (state.packing === 'gzip') yield* unpack(counted, state.isPackedOnce ? 'one-gzip' : 'gzip', state);
  else if (state.packing === 'zlib') yield* unpack(counted, 'deflate', state);
  else yield* counted;
}

/** At least `count` bytes from the front of the chunks, less where the source is shorter. */
export async function gatherFirst(chunks: AsyncGenerator<Uint8Array>, count: number): Promise<Uint8Array> {
  let gathered = new Uint8Array(0);
  while (gathered.length < count) {
    const next = await chunks.next();
    if (next.done) break;
    const longer = new Uint8Array(gathered.length + next.value.length);
    longer.set(gathered);
    longer.set(next.value, gathered.length);
    gathered = longer;
  }
  return gathered;
}

export async function* prepend(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  yield* rest;
}

async function* countBytes(
  chunks: AsyncGenerator<Uint8Array>,
  state: SourceState,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    state.readBytes += chunk.length;
    yield chunk;
  }
}

/**
 * Bytes of a file → inflated chunks, whatever the file is.
 * In: a byte stream, plain or gzip. Out: its first bytes for sniffing, and inflated chunks one by one.
 * A cut-off gzip stream gives all that can be unpacked, a damaged one all up to the piece that is damaged; both tell so.
 */

const GZIP_MAGIC = [0x1f, 0x8b];

/** What is known of a source only when it has been read. */
export interface SourceState {
  /** Compressed bytes read so far. */
  readBytes: number;
  isGzip: boolean;
  /** The gzip stream ended too early, or is damaged from here on. */
  isCutOff: boolean;
}

/** All chunks of a stream. Throws {@link AbortedError} when `signal` is aborted, {@link SourceError} when the stream fails. */
export async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      if (signal?.aborted) throw new AbortedError();
      const next = await reader.read().catch((error: unknown) => {
        throw new SourceError(String(error));
      });
      if (next.done) return;
      if (next.value.length > 0) yield next.value;
    }
  } finally {
    // Whoever stops early lets go of the source; one that has ended or failed cannot be cancelled any more.
    await reader.cancel().catch(() => undefined);
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
  const first = await gatherFirst(chunks, GZIP_MAGIC.length);
  const counted = countBytes(prepend(first, chunks), state);
  state.isGzip = first[0] === GZIP_MAGIC[0] && first[1] === GZIP_MAGIC[1];
  if (state.isGzip) yield* gunzip(counted, state);
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

/**
 * Native gunzip that loses nothing of a cut-off stream. A DecompressionStream drops what it has unpacked but not yet
 * handed over when it learns that its input ended too early: so the input is closed only after everything was read.
 */
async function* gunzip(chunks: AsyncGenerator<Uint8Array>, state: SourceState): AsyncGenerator<Uint8Array> {
  const unpacker = new DecompressionStream('gzip');
  const writer = unpacker.writable.getWriter();
  const reader = unpacker.readable.getReader();
  const feeding = { failure: null as unknown, reads: 0 };
  const fed = feed(chunks, writer, feeding);
  try {
    for (;;) {
      const next = await reader.read().catch(() => null);
      if (next === null) {
        state.isCutOff = true;
        break;
      }
      feeding.reads++;
      if (next.done) break;
      yield next.value;
    }
    await fed;
    if (feeding.failure !== null) throw feeding.failure;
  } finally {
    // The unpacker may have failed already; then there is nothing left to let go of.
    await reader.cancel().catch(() => undefined);
    await writer.abort().catch(() => undefined);
  }
}

async function feed(
  chunks: AsyncGenerator<Uint8Array>,
  writer: ReturnType<DecompressionStream['writable']['getWriter']>,
  feeding: { failure: unknown; reads: number },
): Promise<void> {
  try {
    for await (const chunk of chunks) {
      // A damaged stream rejects here and in the reader alike; the reader tells it.
      const accepted = await writer.write(ownBytes(chunk)).then(
        () => true,
        () => false,
      );
      if (!accepted) return;
    }
  } catch (error) {
    feeding.failure = error;
  }
  for (let before = -1; before !== feeding.reads; ) {
    before = feeding.reads;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
  await writer.close().catch(() => undefined);
}

/** Streams type their chunks as possibly shared with another thread, which a decompressor does not take; none is. */
function ownBytes(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  return chunk as Uint8Array<ArrayBuffer>;
}

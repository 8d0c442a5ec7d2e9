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
 * handed over when it learns that its input ended too early: so its input is closed only after everything was read.
 */
async function* gunzip(chunks: AsyncGenerator<Uint8Array>, state: SourceState): AsyncGenerator<Uint8Array> {
  const unpacker = new DecompressionStream('gzip');
  const writer = unpacker.writable.getWriter();
  const reader = unpacker.readable.getReader();
  const flow = new Flow();
  const fed = feed(chunks, writer, flow);
  try {
    for (;;) {
      flow.isWaiting = true;
      const next = await reader.read().catch(() => null);
      flow.isWaiting = false;
      if (next === null) {
        state.isCutOff = true;
        break;
      }
      if (next.done) break;
      flow.unpackedBytes += next.value.length;
      yield next.value;
    }
    flow.isOver = true;
    await fed;
    if (flow.failure !== null) throw flow.failure;
  } finally {
    flow.isOver = true;
    // The unpacker may have failed already; then there is nothing left to let go of.
    await reader.cancel().catch(() => undefined);
    await writer.abort().catch(() => undefined);
  }
}

/** So long without another byte, although one is asked for, means that the unpacker has handed over all it can. */
const DRAINED_MILLIS = 200;

/** What went into the unpacker and came out of it. */
class Flow {
  failure: unknown = null;
  unpackedBytes = 0;
  /** A read is under way. */
  isWaiting = false;
  /** Nothing more will be read. */
  isOver = false;
  /** The last bytes that went in: a whole gzip file ends with its unpacked size. */
  #tail = new Uint8Array(0);

  noteInput(chunk: Uint8Array): void {
    const last = new Uint8Array([...this.#tail, ...chunk.subarray(-4)]);
    this.#tail = last.subarray(-4);
  }

  /** All that the file's end promises has been read (RFC 1952: ISIZE, the size modulo 2^32, least byte first). */
  isWhole(): boolean {
    const [a = 0, b = 0, c = 0, d = 0] = this.#tail;
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0 === this.unpackedBytes % 2 ** 32;
  }
}

async function feed(
  chunks: AsyncGenerator<Uint8Array>,
  writer: ReturnType<DecompressionStream['writable']['getWriter']>,
  flow: Flow,
): Promise<void> {
  try {
    for await (const chunk of chunks) {
      flow.noteInput(chunk);
      // A damaged stream rejects here and in the reader alike; the reader tells it.
      const accepted = await writer.write(ownBytes(chunk)).then(
        () => true,
        () => false,
      );
      if (!accepted) return;
    }
  } catch (error) {
    flow.failure = error;
  }
  await drain(flow);
  await writer.close().catch(() => undefined);
}

/** Waits until everything has been read: at once after a whole file, after a moment of silence after one that is not. */
async function drain(flow: Flow): Promise<void> {
  let unpacked = -1;
  let since = 0;
  while (!flow.isOver && !flow.isWhole()) {
    if (!flow.isWaiting || flow.unpackedBytes !== unpacked) {
      unpacked = flow.unpackedBytes;
      since = performance.now();
    } else if (performance.now() - since > DRAINED_MILLIS) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
}

/** Streams type their chunks as possibly shared with another thread, which a decompressor does not take; none is. */
function ownBytes(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  return chunk as Uint8Array<ArrayBuffer>;
}

/**
 * Writes a recording as a `.pageflame` file (a ZIP; docs/format.md).
 * In: the recording, its trace as stored (gzip) and its pictures, each read once, in order; source maps and texts that it was given.
 * Out: the file's bytes as a stream that holds one chunk at a time; it errors where a source errors.
 * The trace, the pictures and the sources are compressed already, so they are stored as they are.
 */
import { Zip, ZipDeflate, type ZipInputFile, ZipPassThrough } from 'fflate';
import { assert } from '../base/index.ts';
import { frameEntry, RECORDING_ENTRY, traceEntry } from './file-layout.ts';
import { type KeptSource, listSources, SOURCES_ENTRY, sourceEntry } from './kept-sources.ts';
import type { Recording } from './recording.ts';
import { chunksOf, streamFrom } from './streams.ts';

export interface RecordingContent {
  readonly recording: Recording;
  /** null where `recording.trace` is null. */
  readonly trace: ReadableStream<Uint8Array> | null;
  /** As many as `recording.frames`. */
  readonly frames: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** None unless told. */
  readonly sources?: readonly KeptSource[];
}

export function packRecording(content: RecordingContent): ReadableStream<Uint8Array> {
  return streamFrom(packedChunks(content));
}

async function* packedChunks({
  recording,
  trace,
  frames,
  sources = [],
}: RecordingContent): AsyncGenerator<Uint8Array, void> {
  assert((trace === null) === (recording.trace === null), 'a recording and its trace disagree');
  const zip = new ZipChunks(recording.startedAt);
  yield* zip.write(new ZipDeflate(RECORDING_ENTRY), [encodeJson(recording)]);
  if (recording.trace !== null && trace !== null)
    yield* zip.write(new ZipPassThrough(traceEntry(recording.trace.format)), chunksOf(trace));
  let index = 0;
  for await (const jpeg of frames) {
    yield* zip.write(new ZipPassThrough(frameEntry(index)), [jpeg]);
    index++;
  }
  assert(index === recording.frames.length, 'a recording and its pictures disagree');
  if (sources.length > 0) yield* zip.write(new ZipDeflate(SOURCES_ENTRY), [encodeJson(listSources(sources))]);
  for (const [at, { packed }] of sources.entries())
    yield* zip.write(new ZipPassThrough(sourceEntry(at)), [packed]);
  yield* zip.end();
}

const encodeJson = (value: unknown): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

/** fflate's ZIP writer, which pushes, as generators, which are pulled. */
class ZipChunks {
  readonly #zip: Zip;
  readonly #mtime: number;
  #ready: Uint8Array[] = [];

  constructor(mtime: number) {
    this.#mtime = mtime;
    this.#zip = new Zip((error, chunk) => {
      if (error) throw error;
      this.#ready.push(chunk);
    });
  }

  async *write(
    entry: (ZipDeflate | ZipPassThrough) & ZipInputFile,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array, void> {
    entry.mtime = this.#mtime;
    this.#zip.add(entry);
    for await (const chunk of chunks) {
      entry.push(chunk, false);
      yield* this.#take();
    }
    entry.push(new Uint8Array(0), true);
    yield* this.#take();
  }

  *end(): Generator<Uint8Array, void> {
    this.#zip.end();
    yield* this.#take();
  }

  #take(): Uint8Array[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}

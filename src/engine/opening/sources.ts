/**
 * Where the bytes of a recording come from: the library, or a file that the user gave.
 * In: a source. Out: trace bytes as stored, what is known of the recording, and its size. A recording that
 * is still being made gives its bytes as they come, and ends with it.
 * Refuses: what cannot be read, and recordings without a trace, as failures.
 */
import { type Failure, fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import {
  type ByteSource,
  isZip,
  type KeptSource,
  piecesOfFile,
  type Recording,
  type RecordingId,
  unpackRecording,
} from '../../recording/index.ts';
import type { Source } from '../contract.ts';
import type { SourceShelf } from '../scripts/kept-sources.ts';

const GZIP_MAGIC = [0x1f, 0x8b];

/** What the engine needs of the library; `Library` has it. */
export interface LibraryReader extends SourceShelf {
  get(id: RecordingId): Promise<Result<Recording>>;
  /** Newest first. */
  list(): Promise<Result<readonly Recording[]>>;
  readTrace(id: RecordingId): Promise<Result<ReadableStream<Uint8Array>>>;
  followTrace(id: RecordingId): Promise<Result<ReadableStream<Uint8Array>>>;
  /** The JPEG of one picture of the filmstrip. */
  readFrame(id: RecordingId, index: number): Promise<Result<Uint8Array>>;
}

export interface TraceSource {
  /** What failures call it. */
  readonly subject: string;
  /** null for a bare trace. To be asked for when the bytes have been read: until then it may grow with them. */
  entry(): Promise<Result<Recording | null>>;
  /** Source maps and texts that were given to its scripts before. */
  sources(): Promise<Result<readonly KeptSource[]>>;
  readonly bytes: ByteSource;
  /** What the bytes broke off with; null where they did not, or only the system knows why. */
  readonly failure: () => Failure | null;
  /** null where it is not known beforehand. */
  readonly totalBytes: number | null;
  /** One writer's gzip, from begin to end. */
  readonly isPackedOnce: boolean;
  /** The bytes once more, where they lie as plain as they are read: from any place. */
  readonly plain: Blob | null;
}

export async function openSource(
  source: Source,
  library: LibraryReader | null,
  signal?: AbortSignal,
): Promise<Result<TraceSource>> {
  if (source.kind === 'file') return openFile(source.file, source.name);
  if (library === null) return fail(makeFailure('recording-not-found', { subject: source.id }));
  const found = await library.get(source.id);
  if (!found.ok) return found;
  const { name, state, trace } = found.value;
  const isGrowing = state === 'recording';
  const bytes = await (isGrowing ? library.followTrace(source.id) : library.readTrace(source.id));
  if (!bytes.ok) return bytes;
  // Asked for while what came before is worked on: the library answers only when it has written what it was given.
  let entry: Promise<Result<Recording>> | null = isGrowing ? null : Promise.resolve(found);
  const askEntry = (): Promise<Result<Recording>> => {
    entry ??= library.get(source.id);
    return entry;
  };
  const sources = isGrowing ? NO_SOURCES : library.readSources(source.id);
  return succeed({
    subject: name,
    entry: askEntry,
    sources: () => sources,
    // What has ended may have come in a file, and that may hold anything.
    isPackedOnce: isGrowing,
    // Bytes that nobody knows when they come must not keep who no longer wants them.
    ...rememberFailure(
      isGrowing && signal !== undefined ? untilAborted(bytes.value, signal) : bytes.value,
      askEntry,
    ),
    totalBytes: isGrowing ? null : (trace?.bytes ?? null),
    plain: null,
  });
}

/** Nobody has given any to what is being recorded. */
const NO_SOURCES: Promise<Result<readonly KeptSource[]>> = Promise.resolve(succeed([]));

function untilAborted(stream: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const ended = new TransformStream<Uint8Array, Uint8Array>();
  // Its failure is that of the readable end, too, where it is heard.
  void stream.pipeTo(ended.writable, { signal }).catch(() => undefined);
  return ended.readable;
}

async function openFile(file: Blob, name: string): Promise<Result<TraceSource>> {
  try {
    const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    if (!isZip(head)) {
      const plain = head[0] === GZIP_MAGIC[0] && head[1] === GZIP_MAGIC[1] ? null : file;
      const entry = async () => succeed(null);
      return succeed({
        subject: name,
        entry,
        sources: () => NO_SOURCES,
        bytes: piecesOfFile(file),
        totalBytes: file.size,
        plain,
        isPackedOnce: false,
        failure: noFailure,
      });
    }
    return openPacked(new Uint8Array(await file.arrayBuffer()), name);
  } catch (error) {
    // A folder, a file that was moved or changed, or one that the system keeps from us.
    return fail(makeFailure('file-unreadable', { subject: name, detail: String(error) }));
  }
}

function openPacked(packed: Uint8Array, name: string): Result<TraceSource> {
  const unpacked = unpackRecording(packed, name);
  if (!unpacked.ok) return unpacked;
  const { recording, trace, sources: kept } = unpacked.value;
  if (trace === null) return fail(makeFailure('trace-gone', { subject: name }));
  const entry = async () => succeed(recording);
  const sources = async () => succeed(kept);
  const bytes = streamOf(trace);
  return succeed({
    subject: name,
    entry,
    sources,
    bytes,
    totalBytes: trace.length,
    plain: null,
    isPackedOnce: false,
    failure: noFailure,
  });
}

/** So that progress and cancel come through between pieces. */
const PIECE_BYTES = 1 << 20;

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (offset >= bytes.length) {
        controller.close();
        return;
      }
      controller.enqueue(bytes.subarray(offset, offset + PIECE_BYTES));
      offset += PIECE_BYTES;
    },
  });
}

/**
 * Bytes of the library, and the {@link Failure} they ended with, if the library was it who failed: the reader knows only
 * that the stream broke.
 */
function rememberFailure(
  stream: ReadableStream<Uint8Array>,
  onEnd: () => void,
): Pick<TraceSource, 'bytes' | 'failure'> {
  let failure: Failure | null = null;
  const reader = stream.getReader();
  const bytes = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await reader.read();
        if (next.done) {
          onEnd();
          controller.close();
        } else controller.enqueue(next.value);
      } catch (error) {
        if (isFailure(error)) failure = error;
        controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { bytes, failure: () => failure };
}

/** A file fails with what the system says. */
const noFailure = (): null => null;

function isFailure(error: unknown): error is Failure {
  return (
    typeof error === 'object' && error !== null && 'code' in error && 'message' in error && 'detail' in error
  );
}

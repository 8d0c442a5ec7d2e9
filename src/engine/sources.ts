/**
 * Where the bytes of a recording come from: the library, or a file that the user gave.
 * In: a source. Out: a stream of trace bytes as stored, what is known of the recording, and its size.
 * Refuses: what cannot be read, and recordings without a trace, as failures.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { isZip, type Recording, type RecordingId, unpackRecording } from '../recording/index.ts';
import type { Source } from './contract.ts';

const GZIP_MAGIC = [0x1f, 0x8b];

/** What the engine needs of the library; `Library` has it. */
export interface LibraryReader {
  get(id: RecordingId): Promise<Result<Recording>>;
  readTrace(id: RecordingId): Promise<Result<ReadableStream<Uint8Array>>>;
}

export interface TraceSource {
  /** What failures call it. */
  readonly subject: string;
  /** null for a bare trace. */
  readonly recording: Recording | null;
  readonly bytes: ReadableStream<Uint8Array>;
  readonly totalBytes: number | null;
  /** The bytes once more, where they lie as plain as they are read: from any place. */
  readonly plain: Blob | null;
}

export async function openSource(
  source: Source,
  library: LibraryReader | null,
): Promise<Result<TraceSource>> {
  if (source.kind === 'file') return openFile(source.file, source.name);
  if (library === null) return fail(makeFailure('recording-not-found', { subject: source.id }));
  const found = await library.get(source.id);
  if (!found.ok) return found;
  const recording = found.value;
  const bytes = await library.readTrace(source.id);
  if (!bytes.ok) return bytes;
  const totalBytes = recording.trace?.bytes ?? null;
  return succeed({ subject: recording.name, recording, bytes: bytes.value, totalBytes, plain: null });
}

async function openFile(file: Blob, name: string): Promise<Result<TraceSource>> {
  try {
    const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    if (!isZip(head)) {
      const plain = head[0] === GZIP_MAGIC[0] && head[1] === GZIP_MAGIC[1] ? null : file;
      return succeed({ subject: name, recording: null, bytes: file.stream(), totalBytes: file.size, plain });
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
  const { recording, trace } = unpacked.value;
  if (trace === null) return fail(makeFailure('trace-gone', { subject: name }));
  return succeed({ subject: name, recording, bytes: streamOf(trace), totalBytes: trace.length, plain: null });
}

const PIECE_BYTES = 1 << 20;

/** In pieces, so that progress and cancel come through between them. */
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

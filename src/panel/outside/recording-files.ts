/**
 * Recordings in and out as `.pageflame` files. Loads with the first of them.
 * In: recording/'s library, a file or a recording's id. Out: the library's entry, or the file. Refuses: files that are no
 * recordings, with recording/'s own failures; what is cancelled leaves no trace.
 */
import { type Failure, fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import type { OpenOptions } from '../../engine/client.ts';
import {
  countBytes,
  packRecording,
  piecesOfFile,
  type Recording,
  type RecordingId,
  recordingFileName,
  unpackRecording,
} from '../../recording/index.ts';
import type { Library } from '../../recording/library.ts';

export async function importFile(
  library: Library,
  file: { readonly name: string; readonly content: Blob },
  options: OpenOptions,
): Promise<Result<Recording>> {
  const isCancelled = (): boolean => options.signal?.aborted === true;
  const cancelled = fail(makeFailure('cancelled', { subject: `Adding ${file.name}` }));
  const read = await readWhole(file.name, file.content, options);
  if (isCancelled()) return cancelled;
  if (!read.ok) return read;
  const unpacked = unpackRecording(read.value, file.name);
  if (!unpacked.ok) return unpacked;
  const { id } = unpacked.value.recording;
  const wasThere = (await library.get(id)).ok;
  if (isCancelled()) return cancelled;
  const added = await library.add(unpacked.value);
  if (!isCancelled()) return added;
  if (!wasThere) await library.remove(id);
  return cancelled;
}

export async function exportFile(
  library: Library,
  id: RecordingId,
  { signal, onProgress }: OpenOptions,
): Promise<Result<{ readonly name: string; readonly file: Blob }>> {
  const content = await library.open(id);
  if (!content.ok) return content;
  const { recording } = content.value;
  try {
    const tell = (readBytes: number): void => onProgress?.({ readBytes, totalBytes: null });
    const packed = countBytes(packRecording(content.value), tell, signal);
    const file = await new Response(packed).blob();
    return succeed({ name: recordingFileName(recording), file });
  } catch (error) {
    if (signal?.aborted === true)
      return fail(makeFailure('cancelled', { subject: `Saving ${recording.name}` }));
    // The stream's own error is the Failure of the library that it reads from.
    if (isFailure(error)) return fail(error);
    throw error;
  }
}

async function readWhole(
  name: string,
  file: Blob,
  { signal, onProgress }: OpenOptions,
): Promise<Result<Uint8Array>> {
  const tell = (readBytes: number): void => onProgress?.({ readBytes, totalBytes: file.size });
  try {
    const whole = new Uint8Array(file.size);
    let at = 0;
    for await (const piece of countBytes(piecesOfFile(file), tell, signal)) {
      whole.set(piece, at);
      at += piece.length;
    }
    return succeed(whole.subarray(0, at));
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    const detail = `${error.name}: ${error.message}`;
    return fail(makeFailure('file-unreadable', { subject: name, detail }));
  }
}

function isFailure(error: unknown): error is Failure {
  return (
    typeof error === 'object' && error !== null && 'code' in error && 'message' in error && 'detail' in error
  );
}

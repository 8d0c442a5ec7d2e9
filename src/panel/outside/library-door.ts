/**
 * The library as the app needs it: recordings in and out as files. In: recording/'s library. Out: a LibraryDoor.
 * Refuses: files that are no recordings, with recording/'s own failures.
 */
import { type Failure, fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import { packRecording, recordingFileName, unpackRecording } from '../../recording/index.ts';
import type { Library } from '../../recording/library.ts';
import type { LibraryDoor } from '../state/doors.ts';

export function createLibraryDoor(library: Library): LibraryDoor {
  return {
    list: () => library.list(),
    get: (id) => library.get(id),
    edit: (id, changes) => library.edit(id, changes),
    remove: (id) => library.remove(id),
    readFrame: (id, frame) => library.readFrame(id, frame),
    async importFile(name, file) {
      const read = await readWhole(name, file);
      if (!read.ok) return read;
      const unpacked = unpackRecording(read.value, name);
      return unpacked.ok ? library.add(unpacked.value) : unpacked;
    },
    async exportFile(id, { signal, onProgress }) {
      const content = await library.open(id);
      if (!content.ok) return content;
      const { recording } = content.value;
      try {
        const counted = countBytes((readBytes) => onProgress?.({ readBytes, totalBytes: null }));
        const packed = packRecording(content.value).pipeThrough(
          counted,
          signal === undefined ? {} : { signal },
        );
        const file = await new Response(packed).blob();
        return succeed({ name: recordingFileName(recording), file });
      } catch (error) {
        if (signal?.aborted === true)
          return fail(makeFailure('cancelled', { subject: `Saving ${recording.name}` }));
        // The stream's own error is the Failure of the library that it reads from.
        if (isFailure(error)) return fail(error);
        throw error;
      }
    },
  };
}

function countBytes(tell: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(piece, controller) {
      bytes += piece.length;
      tell(bytes);
      controller.enqueue(piece);
    },
  });
}

async function readWhole(name: string, file: Blob): Promise<Result<Uint8Array>> {
  try {
    return succeed(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    const detail = `${error.name}: ${error.message}`;
    return fail(makeFailure('file-unreadable', { subject: name, detail }));
  }
}

function isFailure(error: unknown): error is Failure {
  return (
    typeof error === 'object' && error !== null && 'code' in error && 'message' in error && 'detail' in error
  );
}

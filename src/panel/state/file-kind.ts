/**
 * Whether a file is one of our recordings (which go into the library) or something that the engine reads as it is.
 * In: a file of any kind. Out: true for a ZIP file. Refuses nothing: what cannot be read is left to the engine, whose
 * failure says why.
 */
import { isZip } from '../../recording/index.ts';

export async function isRecordingFile(file: Blob): Promise<boolean> {
  const head = file.slice(0, 4).arrayBuffer();
  // A file that went away or may not be read: the engine meets the same, and says so.
  return head.then(
    (bytes) => isZip(new Uint8Array(bytes)),
    () => false,
  );
}

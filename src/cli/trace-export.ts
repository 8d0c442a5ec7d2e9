/**
 * The whole trace of a file, for other tools: as JSON that DevTools loads, or as Perfetto's own form.
 * In: an opened trace. Out: its bytes from front to back, inflated.
 */
import { ensure } from '../base/index.ts';
import { streamTrace as streamOpenTrace } from '../engine/index.ts';
import { isZip, piecesOfFile, unpackRecording } from '../recording/index.ts';
import type { OpenedFile } from './open-profiles.ts';

export async function streamTrace(
  { trace, file, subject }: OpenedFile & { kind: 'trace' },
  format: 'trace' | 'pftrace',
): Promise<AsyncIterable<Uint8Array>> {
  const stored = await storedBytes(file, subject);
  return streamOpenTrace(trace, stored, format === 'trace' ? 'json' : 'pftrace');
}

async function storedBytes(file: Blob, subject: string): Promise<AsyncIterable<Uint8Array>> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (!isZip(head)) return piecesOfFile(file);
  const unpacked = unpackRecording(new Uint8Array(await file.arrayBuffer()), subject);
  const packed = ensure(unpacked.ok ? unpacked.value.trace : null, 'what was opened just now has a trace');
  return new Blob([new Uint8Array(packed)]).stream();
}

/**
 * The whole trace of a file, for other tools: as JSON that DevTools loads, or as Perfetto's own form.
 * In: an opened trace. Out: its bytes as a stream, inflated; a Failure where it has no such form.
 */
import { ensure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { writeChromeTrace } from '../profile/index.ts';
import { isZip, type Recording, unpackRecording } from '../recording/index.ts';
import { inflatedChunks } from '../trace/index.ts';
import type { OpenedFile } from './open-profiles.ts';

export async function streamTrace(
  { trace, file, subject }: OpenedFile & { kind: 'trace' },
  format: 'trace' | 'pftrace',
): Promise<Result<AsyncIterable<Uint8Array>>> {
  const { tables, page, recording } = trace;
  if (format === 'pftrace' && tables.format !== 'perfetto')
    return fail(makeFailure('trace-not-perfetto', { subject }));
  const bytes = inflatedChunks(await storedBytes(file, subject));
  if (format === 'pftrace') return succeed(bytes);
  return succeed(writeChromeTrace({ tables, page, metadata: metadataOf(recording), bytes }));
}

async function storedBytes(file: Blob, subject: string): Promise<ReadableStream<Uint8Array>> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (!isZip(head)) return file.stream();
  const unpacked = unpackRecording(new Uint8Array(await file.arrayBuffer()), subject);
  const packed = ensure(unpacked.ok ? unpacked.value.trace : null, 'what was opened just now has a trace');
  return new Blob([new Uint8Array(packed)]).stream();
}

/** In DevTools' own words, which it shows beside the trace. */
function metadataOf(recording: Recording | null): Record<string, unknown> {
  if (recording === null) return { source: 'Pageflame' };
  const { options, startedAt, devicePixelRatio } = recording;
  return {
    source: 'Pageflame',
    startTime: new Date(startedAt).toISOString(),
    cpuThrottling: options.cpuThrottling,
    networkThrottling: options.networkThrottling ?? 'No throttling',
    ...(devicePixelRatio === null ? {} : { hostDPR: devicePixelRatio }),
  };
}

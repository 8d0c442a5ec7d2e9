/** Recordings for tests. In: what the test cares about. Out: a whole recording, all else plausible. */
import { succeed } from '../../src/base/index.ts';
import type { LibraryReader } from '../../src/engine/index.ts';
import {
  createRecording,
  DEFAULT_CAPTURE_OPTIONS,
  type Recording,
  recordingId,
} from '../../src/recording/index.ts';

export const STARTED_AT = Date.UTC(2026, 2, 1, 14, 2, 33, 250);

/** Nothing is kept beside any recording. */
export const NO_SOURCES: Pick<LibraryReader, 'readSources' | 'keepSource' | 'dropSource'> = {
  readSources: async () => succeed([]),
  keepSource: () => Promise.reject(new Error('no source is given')),
  dropSource: () => Promise.reject(new Error('no source is taken away')),
};

/** A recording in progress of http://shop.example/cart, with `changes`. */
export function buildRecording(changes: Partial<Recording> = {}): Recording {
  const recording = createRecording(recordingId('test-recording'), {
    url: 'http://shop.example:8080/cart?q=1',
    startedAt: STARTED_AT,
    browser: 'Chrome/156.0.8078.79',
    recorder: 'pageflame test',
    options: DEFAULT_CAPTURE_OPTIONS,
    bufferSizeKb: 1_200_000,
  });
  return { ...recording, ...changes };
}

/** `length` bytes that do not compress and do not repeat; the same for the same `seed`. */
export function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let index = 0; index < length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state;
  }
  return bytes;
}

export function streamOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

export async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of stream) parts.push(new Uint8Array(chunk));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

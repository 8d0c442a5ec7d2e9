/** A file's bytes come whole and in order, a piece ahead, also where the file's own stream stops answering. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countBytes, type FileBytes, piecesOfFile } from '../../../src/recording/file-bytes.ts';

const bytesOf = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 251);

interface FakeFile extends FileBytes {
  /** Bytes that each read of its stream asked for. */
  readonly reads: number[];
  /** Where each slice begins. */
  readonly slices: number[];
}

/** `most`: so many bytes come with one read at the most. `silentAt`: a read from there is never answered. */
function fileOf(
  bytes: Uint8Array<ArrayBuffer>,
  { most = 50_000, silentAt = Number.POSITIVE_INFINITY } = {},
): FakeFile {
  const reads: number[] = [];
  const slices: number[] = [];
  return {
    reads,
    slices,
    size: bytes.length,
    slice(from, to) {
      slices.push(from);
      return new Blob([bytes.subarray(from, to)]);
    },
    stream() {
      let at = 0;
      return new ReadableStream({
        type: 'bytes',
        async pull(controller) {
          const request = controller.byobRequest;
          if (!request?.view) throw new Error('it is read into buffers of the reader');
          if (at >= silentAt) await new Promise(() => undefined);
          const { buffer, byteOffset, byteLength } = request.view;
          reads.push(byteLength);
          const piece = bytes.subarray(at, at + Math.min(byteLength, most));
          new Uint8Array(buffer, byteOffset).set(piece);
          at += piece.length;
          if (piece.length === 0) controller.close();
          request.respond(piece.length);
        },
      });
    },
  };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

async function readAll(file: FileBytes): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  // A piece is the reader's own only until the next is asked for.
  for await (const piece of piecesOfFile(file)) pieces.push(piece.slice());
  return Buffer.concat(pieces);
}

const LENGTHS = [0, 1, 65_535, 65_536, 65_537, 327_680, 3_000_001];

test.each(LENGTHS)('all %d bytes of its stream', async (length) => {
  const bytes = bytesOf(length);
  const file = fileOf(bytes, { most: 300_000 });
  expect(Buffer.compare(await readAll(file), bytes)).toBe(0);
  expect(file.slices).toEqual([]);
});

test.each(LENGTHS)('all %d bytes of a file whose stream brings buffers of its own', async (length) => {
  const bytes = bytesOf(length);
  const file = { ...fileOf(bytes), stream: () => new ReadableStream<Uint8Array<ArrayBuffer>>() };
  expect(Buffer.compare(await readAll(file), bytes)).toBe(0);
  expect(file.reads).toEqual([]);
});

test.each(LENGTHS)(
  'all %d bytes of a file that fills buffers, two in turn, and no stream is asked for',
  async (length) => {
    const bytes = bytesOf(length);
    const buffers = new Set<ArrayBuffer>();
    const fill: FileBytes['fill'] = async (buffer, from) => {
      if (buffer.length === 1 << 20) buffers.add(buffer.buffer);
      const piece = bytes.subarray(from, from + buffer.length);
      buffer.set(piece);
      return buffer.subarray(0, piece.length);
    };
    const file = fileOf(bytes);
    expect(Buffer.compare(await readAll({ ...file, fill }), bytes)).toBe(0);
    expect([file.reads, file.slices]).toEqual([[], []]);
    expect(buffers.size).toBeLessThanOrEqual(2);
  },
);

test.each([0, 10_000, 70_000, 1_000_000])(
  'all bytes where its stream does not answer from byte %d on',
  async (silentAt) => {
    const bytes = bytesOf(3_000_001);
    const file = fileOf(bytes, { silentAt });
    const read = readAll(file);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(Buffer.compare(await read, bytes)).toBe(0);
    expect(file.slices[0]).toBeLessThanOrEqual(silentAt);
  },
);

test('no more than one piece is read ahead of who reads', async () => {
  const file = fileOf(bytesOf(5_000_000), { most: 1 << 20 });
  const pieces = piecesOfFile(file);
  await pieces.next();
  await vi.advanceTimersByTimeAsync(100);
  expect(file.reads).toEqual([65_536, 262_144]);
  await pieces.return();
  expect(file.reads).toEqual([65_536, 262_144]);
});

test('what the system says of a file that has gone is said', async () => {
  const gone = new DOMException('it has gone', 'NotReadableError');
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const { byobRequest } = controller;
      if (byobRequest?.view?.byteLength === 65_536) byobRequest.respond(65_536);
      else controller.error(gone);
    },
  });
  const file = { ...fileOf(bytesOf(200_000)), stream: () => stream };
  const pieces = piecesOfFile(file);
  expect((await pieces.next()).value).toHaveLength(65_536);
  await expect(pieces.next()).rejects.toBe(gone);
});

test('are counted, each piece still there when its reader, however slow, has done with it', async () => {
  const bytes = bytesOf(9_000_000);
  const told: number[] = [];
  const pieces: Uint8Array[] = [];
  const counted = countBytes(piecesOfFile(fileOf(bytes)), (count) => told.push(count));
  for await (const piece of counted) {
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    pieces.push(piece.slice());
  }
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  expect(told.at(-1)).toBe(bytes.length);
});

test('that are counted end at once where they are given up, and let go of the file', async () => {
  const abort = new AbortController();
  let isLetGo = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel() {
      isLetGo = true;
    },
  });
  const reader = countBytes(endless, () => undefined, abort.signal).getReader();
  expect((await reader.read()).value?.length).toBe(10);
  abort.abort();
  await expect(reader.read()).rejects.toMatchObject({ name: 'AbortError' });
  expect(isLetGo).toBe(true);
});

test('a piece is asked for once, however few bytes come with each answer of the system', async () => {
  const asked = vi.spyOn(ReadableStreamBYOBReader.prototype, 'read');
  const bytes = bytesOf(3_000_000);
  expect(Buffer.compare(await readAll(fileOf(bytes, { most: 9_000 })), bytes)).toBe(0);
  expect(asked.mock.calls.length).toBeLessThan(12);
  asked.mockRestore();
});

/**
 * Packed files, in Node's own unpacker and in one that is as strict as Chromium's: it fails on whatever lies behind a
 * member, and what it has unpacked but not handed over is gone then (seen on Chromium 156).
 */
import { constants, deflateSync, gzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { inflatedChunks } from '../../../src/trace/event-arguments.ts';
import { readTrace } from '../../../src/trace/index.ts';
import { read, streamOf, tablesOf, trace } from '../../builders/trace.ts';

/** Chromium's way with gzip without optional header fields. */
class StrictDecompressionStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;

  constructor(kind: string) {
    if (kind !== 'gzip') throw new TypeError(kind);
    let all = Buffer.alloc(0);
    let given = 0;
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        all = Buffer.concat([all, chunk]);
        const options = { info: true, finishFlush: constants.Z_SYNC_FLUSH };
        // Node's types do not know `info`.
        const { buffer, engine } = inflateRawSync(all.subarray(10), options) as never as {
          buffer: Buffer;
          engine: { bytesWritten: number };
        };
        for (; given < buffer.length; given += 65_536)
          controller.enqueue(new Uint8Array(buffer.subarray(given, given + 65_536)));
        given = buffer.length;
        if (all.length > 10 + engine.bytesWritten + 8)
          controller.error(new TypeError('Junk found after end of compressed data.'));
      },
    });
    this.readable = readable;
    this.writable = writable;
  }
}

/** `text` unpacked, and whether it was all. */
async function unpack(bytes: Uint8Array, sizes: readonly number[]): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of inflatedChunks(streamOf(bytes, sizes))) parts.push(part);
  return Buffer.concat(parts).toString();
}

afterEach(() => vi.unstubAllGlobals());

describe.each(['Node', 'Chromium'])('as %s unpacks', (runtime) => {
  const useRuntime = (): void => {
    if (runtime === 'Chromium') vi.stubGlobal('DecompressionStream', StrictDecompressionStream);
  };
  const noise = (length: number, seed: number): string =>
    Array.from({ length }, (_, i) =>
      String.fromCharCode(33 + ((Math.imul(i + seed, 2_654_435_761) >>> 13) % 90)),
    ).join('');

  test('members one behind the other, garbage behind the last, in pieces of any size', async () => {
    useRuntime();
    const member = fc.tuple(fc.constantFrom(0, 1, 900, 70_000), fc.nat(99));
    const garbage = fc.oneof(
      fc.constant(new Uint8Array(0)),
      fc.constant(new Uint8Array(600)),
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(member, { minLength: 1, maxLength: 4 }),
        garbage,
        fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 5 }),
        async (recipes, behind, sizes) => {
          const members = recipes.map(([length, seed]) => noise(length, seed));
          const file = Buffer.concat([...members.map((text) => gzipSync(text)), behind]);
          const unpacked = await unpack(file, sizes);
          const [got, whole] = [unpacked, members.join('')];
          expect({ length: got.length, isSame: got === whole }).toEqual({
            length: whole.length,
            isSame: true,
          });
        },
      ),
      {
        numRuns: 25,
        // Garbage that makes a possible size of the last four bytes.
        examples: [
          [
            [
              [900, 0],
              [1, 0],
            ],
            new Uint8Array([1, 0]),
            [],
          ],
        ],
      },
    );
  }, 60_000);

  test('garbage behind the end is nothing lost', async () => {
    useRuntime();
    const recipe = trace().thread('CrRendererMain').slice('RunTask', 0, 5);
    for (let i = 0; i < 3000; i++) recipe.slice(noise(12, i), 10 + i, 10.5 + i);
    const packed = gzipSync(recipe.text());
    for (const behind of [Buffer.alloc(512), Buffer.from('<!-- served in 3 ms -->')]) {
      const tables = await tablesOf(Buffer.concat([packed, behind]));
      expect([tables.slices.length, tables.diagnostics.cutOff]).toEqual([3001, 0]);
    }
  });

  test('one member with nothing behind it is unpacked without waiting for more', async () => {
    useRuntime();
    const recipe = trace().thread('CrRendererMain');
    for (let i = 0; i < 3000; i++) recipe.slice(noise(12, i), 10 + i, 10.5 + i);
    const packed = gzipSync(recipe.text());
    const waits: number[] = [];
    const timer = globalThis.setTimeout;
    vi.stubGlobal('setTimeout', (work: () => void, wait = 0) => {
      waits.push(wait);
      return timer(work, wait);
    });
    // The last piece alone is long in coming: nothing is held back for it.
    const read = await readTrace(streamOf(packed, [packed.length - 4000, 4000]), { isPackedOnce: true });
    expect(read.ok && [read.value.slices.length, read.value.diagnostics.cutOff]).toEqual([3000, 0]);
    // Turns of the loop until the unpacker has handed over the last, and no more than that.
    expect(waits.length).toBeLessThan(12);
    const cut = await readTrace(streamOf(packed.subarray(0, packed.length - 4000)), { isPackedOnce: true });
    expect(cut.ok && cut.value.diagnostics.cutOff).toBe(1);
    expect(cut.ok && cut.value.slices.length).toBeGreaterThan(1000);
  });

  test('what is cut off tells so', async () => {
    useRuntime();
    const recipe = trace().thread('CrRendererMain');
    for (let i = 0; i < 3000; i++) recipe.slice(noise(12, i), 10 + i, 10.5 + i);
    const packed = gzipSync(recipe.text());
    const tables = await tablesOf(packed.subarray(0, packed.length / 2));
    expect(tables.slices.length).toBeGreaterThan(1000);
    expect(tables.diagnostics.cutOff).toBe(1);
  });
});

test('zlib is unpacked as well', async () => {
  const tables = await tablesOf(deflateSync(trace().thread('CrRendererMain').slice('RunTask', 0, 5).text()));
  expect(tables.slices.length).toBe(1);
});

test.each([
  ['a.zst', [0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3], 'a.zst is packed with zstd. Unpack it first'],
  ['a.bz2', [0x42, 0x5a, 0x68, 0x39, 1, 2], 'a.bz2 is packed with bzip2. '],
  ['a.xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1], 'a.xz is packed with xz. '],
  ['a.7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'a.7z is packed with 7z. '],
  ['a.json.br', [0x1b, 0x30, 0, 0, 1], 'a.json.br is packed with brotli. '],
  ['a.zip', [0x50, 0x4b, 3, 4, 20, 0], 'a.zip is packed with zip. '],
])('%s is told by name', async (subject, bytes, message) => {
  expect(await read(Uint8Array.from(bytes), { subject })).toMatchObject({
    ok: false,
    failure: { code: 'packed-otherwise', message: expect.stringContaining(message) },
  });
});

test('a source that breaks off says so, packed or not', async () => {
  const packed = gzipSync(trace().slice('RunTask', 0, 5).text());
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(packed.subarray(0, 30))),
    pull: (controller) => controller.error('the disk is gone'),
  });
  expect(await readTrace(broken)).toMatchObject({ ok: false, failure: { code: 'file-unreadable' } });
});

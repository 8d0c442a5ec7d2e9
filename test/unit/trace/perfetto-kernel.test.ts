/**
 * What the kernel reads of a Perfetto stream by itself is what JavaScript reads of it, packet by packet: the same tables,
 * whatever is wrong with the stream and wherever its blocks end.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ensure } from '../../../src/base/index.ts';
import { openBuilder } from '../../../src/trace/builder.ts';
import { readPerfetto } from '../../../src/trace/perfetto/reader.ts';
import type { TraceTables } from '../../../src/trace/tables.ts';
import {
  annotation,
  asyncTrack,
  begin,
  blocksOf,
  double,
  type EventRecipe,
  end,
  entry,
  type Field,
  fixed64,
  instant,
  interned,
  opening,
  openKeepingBuilder,
  packet,
  processTrack,
  readEach,
  text,
  threadTrack,
  varint,
} from '../../builders/perfetto.ts';
import { digestTables } from '../../builders/table-digest.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(gunzipSync(readFileSync(new URL(`../../fixtures/traces/${name}`, import.meta.url))));

async function read(bytes: Uint8Array, by: typeof readEach, blockBytes = 65_536): Promise<TraceTables> {
  const builder = await openBuilder();
  const { isTrace: _, ...facts } = await by(
    blocksOf(bytes, () => blockBytes),
    builder,
  );
  return builder.settle({ format: 'perfetto', ...facts });
}

async function expectSame(bytes: Uint8Array, blockBytes?: number): Promise<TraceTables> {
  const tables = await read(bytes, readPerfetto, blockBytes);
  expect(digestTables(tables)).toEqual(digestTables(await read(bytes, readEach)));
  return tables;
}

const TWINS = fixture('twins.pftrace.gz');
const KNOWN_COSTS = fixture('known-costs.pftrace.gz');

it('the kernel reads most of a recording by itself', async () => {
  const builder = await openKeepingBuilder();
  const { isTrace: _, ...facts } = await readPerfetto(
    blocksOf(TWINS, () => 65_536),
    builder,
  );
  const { eventCount } = builder.settle({ format: 'perfetto', ...facts });
  expect(builder.events.length).toBeLessThan(0.2 * eventCount);
});

describe('the kernel and JavaScript read the same', () => {
  it.each(['twins.pftrace.gz', 'known-costs.pftrace.gz', 'buffer-full.pftrace.gz'])('of %s', async (name) => {
    const { slices, samples, counters } = await expectSame(fixture(name));
    for (const { length } of [slices, samples, counters]) expect(length).toBeGreaterThan(0);
  });

  it('in blocks of any size', async () => {
    for (const blockBytes of [1, 7, 4096, KNOWN_COSTS.length]) await expectSame(KNOWN_COSTS, blockBytes);
  });

  it("whenever the kernel's memory grows, which takes the bytes that JavaScript reads away", async () => {
    const growing: typeof readPerfetto = (blocks, builder) => {
      const kernel = ensure(builder.kernel, 'the builder has a kernel');
      async function* full(): AsyncGenerator<Uint8Array> {
        for await (const block of blocks) {
          // The next row of any table needs memory of its own.
          const { calls } = kernel;
          calls.allocate(calls.memory.buffer.byteLength - (calls.allocate(0) >>> 0));
          yield block;
        }
      }
      return readPerfetto(full(), builder);
    };
    for (const bytes of [KNOWN_COSTS, fixture('buffer-full.pftrace.gz')]) {
      expect(digestTables(await read(bytes, growing, 2048))).toEqual(
        digestTables(await read(bytes, readEach)),
      );
    }
  });

  it('a chunk of samples whose text is longer than its packet', async () => {
    const wrong = TWINS.slice();
    const key = new TextEncoder().encode('{"source"');
    const isKey = (start: number): boolean => key.every((byte, offset) => wrong[start + offset] === byte);
    for (let at = 0; at < wrong.length; at++) {
      // The last byte of its length: the text's first letter becomes a digit of it.
      if (isKey(at)) wrong[at - 1] |= 0x80;
    }
    await expectSame(wrong);
  });

  it('whatever bytes are wrong', async () => {
    const change = fc.tuple(fc.nat(TWINS.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 200 }), async (changes) => {
        const wrong = TWINS.slice();
        for (const [at, value] of changes) wrong[at] = value;
        await expectSame(wrong);
      }),
      { numRuns: 30 },
    );
  });

  it('wherever it is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(KNOWN_COSTS.length), async (length) => {
        await expectSame(KNOWN_COSTS.subarray(0, length));
      }),
      { numRuns: 20 },
    );
  });
});

/** A packet of the state that `STATE` gives, right and wrong. */
const STATE = interned({
  names: { 1: 'Layout', 2: 'UpdateCounters', 3: 'Some::UMA', 4: 'MarkLoad' },
  categories: { 1: 'a', 2: 'b', 3: 'c' },
  annotationNames: { 1: 'data', 2: 'beginData', 3: 'sampleTraceId', 4: 'nodes' },
});

const number = fc.constantFrom(0, 1, 2, 3, 4, 5, 200, 70_000, 2n ** 63n, 2n ** 64n - 1n);
const value: fc.Arbitrary<Field> = fc.oneof(
  number.map((of) => varint(3, of)),
  number.map((of) => varint(4, of)),
  fc.constantFrom(0.5, -1, Number.NaN, Number.POSITIVE_INFINITY).map((of) => double(5, of)),
  fc.constantFrom('', 'x', '{"sampleTraceId":5}').map((of) => text(9, of)),
  fc.constant([]),
);
const name = fc.constantFrom<number | string>(1, 2, 3, 4, 9, 'sampleTraceId', 'documents', '__proto__', '7');
const dict = fc.array(fc.tuple(name, value)).map((pairs) => pairs.flatMap(([key, of]) => entry(key, of)));
const args = fc
  .array(fc.tuple(name, fc.oneof(value, dict)), { maxLength: 3 })
  .map((pairs) => pairs.flatMap(([key, of]) => annotation(key, of)));
const categories = fc.array(fc.constantFrom<number | string>(1, 2, 3, 9, 'inline'), { maxLength: 20 });
const more = fc.constantFrom<Field>(
  [],
  varint(12, 5),
  fixed64(47, 7n),
  fixed64(48, 2n ** 64n - 1n),
  varint(99, 1),
  [0x60],
  [0xf9, 2, 1],
);
type Write = (label: number | string, recipe: EventRecipe) => Field;
const event = fc
  .record({
    kind: fc.constantFrom<Write>(begin, instant, (_, recipe) => end(recipe)),
    label: fc.constantFrom<number | string>(1, 2, 3, 4, 0, 8, 'Inline'),
    categories,
    track: fc.constantFrom(undefined, undefined, 1, 2, 3, 0, 77, 2n ** 63n + 1n, 4, 4, 5, 6, 7),
    args,
    more,
  })
  .map(({ kind, label, ...recipe }) => kind(label, recipe));
const anyPacket = fc
  .record({
    sequence: fc.constantFrom(1, 1, 1, 2, 300),
    flags: fc.constantFrom(0, 2, 2, 2, 1, 3),
    time: fc.constantFrom(0, 1, 5, -3, 1_000_000, 2n ** 62n, undefined),
    clock: fc.constantFrom(undefined, undefined, undefined, 3, 64, 65),
    event: fc.oneof({ weight: 9, arbitrary: event }, { weight: 1, arbitrary: fc.constant(undefined) }),
    dropped: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, true),
    interned: fc.constantFrom(undefined, undefined, undefined, STATE),
    defaults: fc.constantFrom(
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      { track: 1, clock: 64 },
      { track: 4, clock: 64 },
      { track: 3, clock: 3 },
    ),
    descriptor: fc.constantFrom(
      undefined,
      undefined,
      undefined,
      threadTrack({ uuid: 3 }, { pid: 10, tid: 12, name: 'CompositorTileWorker1' }),
      threadTrack({ uuid: 2n ** 63n + 1n }, { pid: 10, tid: 13 }),
      threadTrack({ uuid: 3 }, { pid: 20, tid: 12 }),
      processTrack({ uuid: 2 }, { pid: 10 }),
      processTrack({ uuid: 9 }, { pid: 30 }),
      asyncTrack({ uuid: 4, parent: 1 }),
      asyncTrack({ uuid: 4, parent: 3 }),
      asyncTrack({ uuid: 5, parent: 2 }),
      asyncTrack({ uuid: 6, parent: 9 }),
      asyncTrack({ uuid: 7, parent: 6 }),
    ),
  })
  .map((recipe) => packet(recipe));

it('random packets are read alike', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyPacket, { maxLength: 60 }), async (packets) => {
      const stream = [
        ...opening(1, { interned: STATE }),
        ...opening(2, { interned: STATE }),
        ...packets.flat(),
      ];
      await expectSame(Uint8Array.from(stream));
    }),
    { numRuns: 150 },
  );
});

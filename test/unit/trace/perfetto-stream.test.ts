/** Streams as they may arrive: in blocks of any size, cut off, corrupted, no trace at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  annotation,
  asyncTrack,
  begin,
  blocksOf,
  counterTrack,
  end,
  entry,
  event,
  instant,
  interned,
  legacy,
  opening,
  openKeepingBuilder,
  packet,
  readEach,
  readStream,
  text,
  varint,
} from '../../builders/perfetto.ts';

/** Something of everything: two sequences, all kinds of events, long and short packets. */
const STREAM = [
  ...opening(1, {
    interned: interned({ names: { 1: 'Layout' }, categories: { 1: 'c' }, annotationNames: { 1: 'data' } }),
  }),
  ...packet({ flags: 2, time: 0, descriptor: asyncTrack({ uuid: 2n ** 64n - 1n, parent: 1 }) }),
  ...packet({ flags: 2, time: 0, descriptor: counterTrack({ uuid: 9, parent: 2, name: 'n' }) }),
  ...packet({
    flags: 2,
    time: 3,
    event: begin(1, { categories: [1], args: annotation(1, text(6, 'x'.repeat(500))) }),
  }),
  ...packet({ flags: 2, time: 300, event: begin('EventTiming', { track: 2n ** 64n - 1n }) }),
  ...packet({ flags: 2, time: 3, event: end({ track: 2n ** 64n - 1n }) }),
  ...packet({ flags: 2, time: 70000, event: end() }),
  ...packet({ flags: 2, time: 1, event: event(4, { track: 9, more: varint(30, 5) }) }),
  ...opening(2),
  ...packet({
    sequence: 2,
    flags: 2,
    time: 1,
    event: legacy(
      'P',
      { name: 'ProfileChunk', args: annotation('data', text(9, '{"timeDeltas":[1]}')) },
      varint(6, 7),
    ),
  }),
  ...packet({
    sequence: 2,
    flags: 2,
    time: 1,
    event: instant('navigationStart', { args: annotation('data', entry('documentLoaderURL', text(6, 'u'))) }),
  }),
];
const BYTES = Uint8Array.from(STREAM);
const FACTS = { format: 'perfetto', byteLength: 0, unixMillisAtZero: null, metadata: {} } as const;

async function readBlocks(bytes: Uint8Array, next: () => number) {
  const builder = await openKeepingBuilder();
  const facts = await readEach(blocksOf(bytes, next), builder);
  return { events: builder.events, facts, tables: builder.settle(FACTS) };
}

describe('blocks', () => {
  it('of any size give the same tables', async () => {
    const whole = await readBlocks(BYTES, () => BYTES.length);
    expect(whole.events.length).toBe(7);
    expect(whole.facts.byteLength).toBe(BYTES.length);
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.nat(900))),
        async (sizes) => {
          const parts = await readBlocks(BYTES, () => sizes.next().value);
          expect(parts).toEqual(whole);
        },
      ),
    );
  });

  it('may be empty', async () => {
    const builder = await openKeepingBuilder();
    async function* blocks(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < BYTES.length; i += 100) {
        yield new Uint8Array(0);
        yield BYTES.subarray(i, i + 100);
      }
    }
    const facts = await readEach(blocks(), builder);
    expect(builder.events.length).toBe(7);
    expect(facts).toEqual({ byteLength: BYTES.length, metadata: {}, unixMillisAtZero: null, isTrace: true });
  });
});

describe('a cut-off tail', () => {
  it('is counted, wherever it is cut; all before it is read', async () => {
    const whole = await readStream(STREAM);
    const borders = new Set([0]);
    for (let at = 0; at < STREAM.length; ) {
      const long = STREAM[at + 1] >= 0x80;
      at += 2 + (long ? 1 : 0) + (STREAM[at + 1] & 0x7f) + (long ? STREAM[at + 2] * 128 : 0);
      borders.add(at);
    }
    for (let cut = 0; cut < STREAM.length; cut += 3) {
      const { events, builder } = await readStream(STREAM.slice(0, cut), 50);
      expect(builder.diagnostics.cutOff).toBe(borders.has(cut) ? 0 : 1);
      expect(builder.diagnostics.malformedEvents).toBe(0);
      const offsets = events.map(({ offset }) => offset);
      expect(
        whole.events.map(({ offset }) => offset).filter((offset) => offsets.includes(offset)).length,
      ).toBe(offsets.length);
    }
  });
});

describe('corruption', () => {
  it('never throws, and every event is counted once at most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(BYTES.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4000 }),
        async (changes, blockBytes) => {
          const bytes = BYTES.slice();
          for (const [at, value] of changes) bytes[at] = value;
          const { tables, events } = await readBlocks(bytes, () => blockBytes);
          const { malformedEvents, packetsWithoutState } = tables.diagnostics;
          expect(tables.eventCount).toBeLessThanOrEqual(
            events.length + malformedEvents + packetsWithoutState,
          );
          for (const { pid, tid } of events) expect(Number.isFinite(pid + tid)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('of random bytes never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, framed) => {
        // Framed, the bytes get past the outer layer into the messages.
        const stream = framed
          ? [...packet({ flags: 1, more: [...bytes] }), ...packet({ event: [...bytes] })]
          : [...bytes];
        const { builder } = await readStream(stream, 64);
        builder.settle(FACTS);
      }),
      { numRuns: 400 },
    );
  });

  it('of one packet leaves the others', async () => {
    const broken = [0x0a, 5, 0x40, 1, 0x5a, 90, 0];
    const brokenEvent = packet({ flags: 2, time: 1, event: [0x48, 1, 0x22, 50] });
    const { events, builder } = await readStream([
      ...opening(),
      ...packet({ flags: 2, time: 1, event: begin('a') }),
      ...broken,
      ...brokenEvent,
      ...packet({ flags: 2, time: 1, event: begin('b') }),
    ]);
    expect(events.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(builder.diagnostics).toMatchObject({ malformedEvents: 2, cutOff: 0 });
    expect(builder.settle(FACTS).eventCount).toBe(4);
  });

  it('between packets ends the reading, counted as cut off', async () => {
    for (const rubbish of [
      [0x12, 1, 1],
      [0x0b],
      [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f],
      [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
    ]) {
      const { events, builder } = await readStream([
        ...opening(),
        ...packet({ flags: 2, time: 1, event: begin('a') }),
        ...rubbish,
        ...packet({ flags: 2, time: 1, event: begin('b') }),
      ]);
      expect(events.map(({ name }) => name)).toEqual(['a']);
      expect(builder.diagnostics).toMatchObject({ malformedEvents: 1, cutOff: 1 });
    }
  });

  it('reads no further than it must: the rest of a broken stream is left', async () => {
    let taken = 0;
    async function* blocks(): AsyncGenerator<Uint8Array> {
      for (;;) {
        taken++;
        yield Uint8Array.of(0x77, 0x77);
      }
    }
    const facts = await readEach(blocks(), await openKeepingBuilder());
    expect(taken).toBe(1);
    expect(facts.isTrace).toBe(false);
  });
});

describe('what is no trace', () => {
  it('says so', async () => {
    expect((await readStream([])).facts.isTrace).toBe(false);
    expect((await readStream([0x0a, 0])).facts.isTrace).toBe(false);
    expect((await readStream(new TextEncoder().encode('\n{"name": "not a trace"}'))).facts.isTrace).toBe(
      false,
    );
    expect((await readStream(packet({}))).facts.isTrace).toBe(true);
  });
});

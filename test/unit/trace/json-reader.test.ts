/** Whole files of trace-event JSON: containers, pieces of any size, cuts at any byte, entries that are no events. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openBuilder, type TraceBuilder } from '../../../src/trace/builder.ts';
import { type JsonFacts, readJson } from '../../../src/trace/json/reader.ts';
import { SLICE_JS_CALL, type TraceTables } from '../../../src/trace/tables.ts';
import { plainTables } from '../../builders/plain-tables.ts';
import { trace, utf8 } from '../../builders/trace.ts';

async function* piecesOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    if (at < bytes.length) yield bytes.subarray(at, at + size);
    at += size;
  }
}

interface Reading {
  readonly facts: JsonFacts;
  readonly tables: TraceTables;
}

async function readText(text: string | Uint8Array, sizes: readonly number[] = []): Promise<Reading> {
  const builder = await openBuilder();
  const bytes = typeof text === 'string' ? utf8(text) : text;
  const facts = await readJson(piecesOf(bytes, sizes), builder);
  return { facts, tables: settle(builder, facts) };
}

const settle = (builder: TraceBuilder, { byteLength, metadata }: JsonFacts): TraceTables =>
  builder.settle({ format: 'json', byteLength, unixMillisAtZero: null, metadata });

/** How much memory it takes to read pieces, and what is read of them. */
async function readLarge(pieces: Iterable<Uint8Array>, eventLimit?: number) {
  const builder = await openBuilder();
  const facts = await readJson(
    (async function* give() {
      yield* pieces;
    })(),
    builder,
    eventLimit,
  );
  const memory = builder.kernel.bytes.length;
  return { facts, memory, tables: settle(builder, facts) };
}

const MEGABYTE = 1 << 20;
const bytesOf = (text: string): Uint8Array => utf8(text);
const times = (count: number, piece: Uint8Array): Uint8Array[] => Array.from({ length: count }, () => piece);

describe('what never ends', () => {
  const zeros = new Uint8Array(MEGABYTE);

  test.each(['', '[', '{', '{"traceEvents":[', '{"traceEvents":[]'])(
    'zeros after “%s” fill no memory',
    async (head) => {
      const { facts, memory } = await readLarge([bytesOf(head), ...times(96, zeros)]);
      expect(memory).toBeLessThan(64 * MEGABYTE);
      expect(facts.byteLength).toBe(head.length + 96 * MEGABYTE);
    },
  );

  test.each(['a', ']', '{'])(
    'an event of “%s” without an end is given up, and those behind it are read',
    async (letter) => {
      const rubbish = zeros.slice().fill(letter.charCodeAt(0));
      const events = ['a', 'b'].map(
        (name, at) => `{"ph":"X","pid":1,"tid":1,"name":"${name}","ts":${at},"dur":1}`,
      );
      const pieces = [
        bytesOf('[\n{"ph":"X","name":"'),
        ...times(96, rubbish),
        bytesOf(`\n${events.join(',\n')}\n]`),
      ];
      const { facts, memory, tables } = await readLarge(pieces, 8 * MEGABYTE);
      expect(memory).toBeLessThan(128 * MEGABYTE);
      expect(facts.isTrace).toBe(true);
      expect(Array.from(tables.slices.start)).toEqual([0, 1]);
      const { cutOff, malformedEvents } = tables.diagnostics;
      expect({ cutOff, malformedEvents }).toEqual({ cutOff: 0, malformedEvents: 1 });
    },
  );
});

const SMALL = trace()
  .thread('CrRendererMain')
  .slice('RunTask', 0, 5, { args: { data: { text: 'a "quoted" {brace} ä€😀' } } })
  .begin('Läyout', 1)
  .end('Läyout', 2)
  .asyncBegin('Load', '0x1', 1)
  .asyncEnd('Load', '0x1', 4)
  .counter('Heap', 3, { bytes: 12.5 })
  .samples('ab');

/** How many events end before `length` bytes of the text. */
function wholeEvents(text: string, length: number): number {
  return SMALL.events.filter((event) => {
    const json = JSON.stringify(event);
    return utf8(text.slice(0, text.indexOf(json) + json.length)).length <= length;
  }).length;
}

describe('containers', () => {
  const events = SMALL.events.map((event) => JSON.stringify(event));
  const bare = `[${events.join(',\n')}]`;

  test.each([
    ['an object', `{"traceEvents":${bare}}`],
    ['a bare array', bare],
    ['a byte order mark', `\ufeff${bare}`],
    ['white space around', ` \r\n\t{ "traceEvents" : ${bare} } \n`],
    ['one event a line', `[\n${events.join('\n,\n')}\n]\n`],
    ['pretty printing', JSON.stringify({ traceEvents: SMALL.events }, null, 2)],
    ['metadata and others before', `{"otherData":{"a":[1,"]"]},"metadata":{"a":1},"traceEvents":${bare}}`],
    ['metadata and others after', `{"traceEvents":${bare},"metadata":{"a":1},"stackFrames":{}}`],
    ['an escaped key', `{"trace\\u0045vents":${bare}}`],
    ['a trailing comma in the list', `[${events.join(',')},]`],
    ['a trailing comma in the object', `{"traceEvents":${bare},}`],
  ])('%s: the same tables', async (_, text) => {
    const { facts, tables } = await readText(text);
    const usual = await readText(SMALL.text());
    const plain = (tables: TraceTables): object => {
      const { slices, asyncSlices } = tables;
      // Offsets differ with what stands around the events; the tests of details look at them.
      const places = { slices: { ...slices, detail: null }, asyncSlices: { ...asyncSlices, detail: null } };
      return plainTables({ ...tables, ...places, byteLength: 0, metadata: {} } as never);
    };
    expect(plain(tables)).toEqual(plain(usual.tables));
    expect(facts.isTrace).toBe(true);
    expect(facts.byteLength).toBeLessThanOrEqual(utf8(text).length);
  });

  test('metadata is kept, wherever it stands', async () => {
    expect((await readText('{"metadata":{"a":[1]},"traceEvents":[]}')).facts.metadata).toEqual({ a: [1] });
    expect((await readText('{"traceEvents":[],"metadata":{"a":[1]}}')).facts.metadata).toEqual({ a: [1] });
    expect((await readText('{"metadata":7,"traceEvents":[]}')).facts.metadata).toEqual({});
  });

  test('two lists of events are read both', async () => {
    const { tables } = await readText(
      '{"traceEvents":[{"ph":"I","ts":1}],"traceEvents":[{"ph":"I","ts":2}]}',
    );
    expect(tables.eventCount).toBe(2);
  });

  test('an event lies where its offset says', async () => {
    const text = `[\n${SMALL.events.map((event) => JSON.stringify(event)).join(',\n')}\n]`;
    const { tables } = await readText(text);
    const bytes = utf8(text);
    for (let row = 0; row < tables.slices.length; row++) {
      if ((tables.slices.flags[row] & SLICE_JS_CALL) !== 0) continue;
      const [line] = new TextDecoder().decode(bytes.subarray(tables.slices.detail[row])).split('\n');
      expect(JSON.parse(line.replace(/,$/, '')).name).toBe(tables.strings.get(tables.slices.name[row]));
    }
  });
});

describe('no traces', () => {
  test.each([
    '',
    ' ',
    '{}',
    '{"a":1}',
    '{"traceEvents":{}}',
    '[1,2]',
    '["a"]',
    '[{"id":1,"name":"x"},{"id":2}]',
    'hello',
    '"text"',
    '7',
    '{"traceEv',
    '{a:1}',
    '\ufeff',
    '\ufeff ',
  ])('%s', async (text) => {
    expect((await readText(text)).facts.isTrace).toBe(false);
  });

  test.each(['[]', '{"traceEvents":[]}', '[', '[{"ph":"M"}]'])('%s is one without events', async (text) => {
    expect((await readText(text)).facts.isTrace).toBe(true);
  });
});

describe('cut off', () => {
  test.each([
    ['an object', SMALL.text({ 'clock-domain': 'LINUX' })],
    ['a bare array', `[${SMALL.events.map((event) => JSON.stringify(event)).join(',\n')}]`],
  ])('%s at every byte: all whole events, and told', async (_, text) => {
    const bytes = utf8(text);
    for (let length = 1; length <= bytes.length; length++) {
      const { tables } = await readText(bytes.subarray(0, length));
      expect(tables.eventCount).toBe(wholeEvents(text, length));
      expect(tables.diagnostics.cutOff).toBe(length === bytes.length ? 0 : 1);
    }
  });
});

describe('pieces', () => {
  /** So much that the reader begins to scan before it has all. */
  const FILLER = 1 << 20;
  const head = `{"filler":"${'x'.repeat(FILLER - 100)}","traceEvents":`;

  test('of any size give the same tables', async () => {
    const { text } = { text: SMALL.text() };
    const whole = plainTables((await readText(text)).tables);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 })), async (sizes) => {
        expect(plainTables((await readText(text, sizes)).tables)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  test('that end inside any byte of an event, key or bracket give the same tables', async () => {
    const events = SMALL.events.slice(1, 4).map((event) => JSON.stringify(event));
    const tail = `[${events.join(',\n')}],"metadata":{"a":1}}`;
    const bytes = utf8(head + tail);
    const whole = plainTables((await readText(bytes)).tables);
    for (let at = head.length - 15; at < bytes.length; at++) {
      expect(plainTables((await readText(bytes, [at])).tables)).toEqual(whole);
    }
  });

  test('an event longer than all pieces is read', async () => {
    const text = JSON.stringify([{ ph: 'X', name: 'long', ts: 1, args: { text: 'y'.repeat(3 * FILLER) } }]);
    const { tables } = await readText(text, new Array(60).fill(60_000));
    expect([tables.eventCount, tables.slices.length, tables.diagnostics.cutOff]).toEqual([1, 1, 0]);
  });
});

describe('entries that are no events', () => {
  test.each([
    ['[{"ph":"I","ts":1},null,{"ph":"I","ts":2}]', 1],
    ['[{"ph":"I","ts":1},7,"x",[{"ph":"I"}],{"ph":"I","ts":2}]', 3],
    ['[{"ph":"I","ts":1},,{"ph":"I","ts":2}]', 1],
    ['[{"ph":"I","ts":1},{"ph" "I"},{"ph":"I","ts":2}]', 1],
    ['[{"ph":"I","ts":1}{"ph":"I","ts":2}]', 0],
    ['[{"ph":"I","ts":1},{"ph":"I","ts":3,"args":{"a":{"b":nope}}},{"ph":"I","ts":2}]', 0],
  ])('%s: counted, the others read', async (text, malformed) => {
    const { tables } = await readText(text);
    expect(tables.diagnostics.malformedEvents).toBe(malformed);
    expect(Array.from(tables.slices.start)).toEqual(expect.arrayContaining([1, 2]));
    expect(tables.diagnostics.cutOff).toBe(0);
  });

  test('an event without an end is passed over to the next line', async () => {
    const text =
      '[{"ph":"I","ts":1},\n{"ph":"I","name":"open,"ts":5,\n{"ph":"I","ts":2},\n{"ph":"I","ts":3}]';
    const { tables } = await readText(text);
    expect(Array.from(tables.slices.start)).toEqual([1, 2, 3]);
    expect(tables.diagnostics.malformedEvents).toBe(1);
  });

  test('any rubbish between events is survived', async () => {
    const rubbish = fc.string({ unit: fc.constantFrom(...'{}[]",:\\ \n1ax') });
    await fc.assert(
      fc.asyncProperty(rubbish, rubbish, async (a, b) => {
        const { tables } = await readText(`[{"ph":"I","ts":1},${a}\n{"ph":"I","ts":2},${b}]`);
        expect(tables.slices.start[0]).toBe(1);
      }),
    );
  });

  test.each([
    ['open braces', '{\n'],
    ['open strings', '{"a\n'],
    ['open events', '{"ph":"X","args":{\n'],
    ['open brackets', '[\n'],
    ['commas', ',\n'],
    ['quotes', '"\n'],
  ])('a megabyte of %s is passed over in linear time', async (_, line) => {
    const { tables } = await readText(`[{"ph":"I","ts":1},\n${line.repeat((1 << 20) / line.length)}`);
    expect(tables.slices.length).toBe(1);
  });

  test('deep arguments are passed over', async () => {
    const deep = 100_000;
    const args = `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`;
    const { tables } = await readText(
      `[{"ph":"R","name":"navigationStart","ts":1,"args":${args}},{"ph":"I","ts":2}]`,
    );
    expect([tables.eventCount, tables.slices.length]).toEqual([2, 2]);
  });
});

test('what is broken is passed over up to where it broke, not letter by letter', async () => {
  const event = '{"ph":"X","name":"a","pid":1,"tid":1,"ts":5,"dur":1}';
  const { tables } = await readText(`[${event},${'A'.repeat(50_000)}"${event}]`);
  expect(tables.diagnostics.malformedEvents).toBeLessThan(20);
  expect(tables.slices.length).toBeGreaterThan(0);
});

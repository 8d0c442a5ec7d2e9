/**
 * A JSON trace written as a Perfetto stream: our reader has the same tables of both, event by event and argument by
 * argument, whatever the trace (src/trace/packet-events.ts says what differs).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifySlices, computeBreakdown, findFlows, findPageLoad } from '../../../src/analysis/index.ts';
import { ensure, StringTable, sliceIndex } from '../../../src/base/index.ts';
import { noDiagnostics } from '../../../src/trace/diagnostics.ts';
import type { EventRecord, ReadArgs } from '../../../src/trace/event.ts';
import {
  readEventArguments,
  readTrace,
  SLICE_JS_CALL,
  type TraceTables,
  writeJsonEvents,
  writePacketEvents,
} from '../../../src/trace/index.ts';
import { readPerfetto } from '../../../src/trace/perfetto/reader.ts';
import { ThreadCollector } from '../../../src/trace/threads.ts';
import { blocksOf } from '../../builders/perfetto.ts';
import {
  crossingEvents,
  hostileEvents,
  nestedEvents,
  profileEvents,
  wholePage,
} from '../../builders/random-traces.ts';
import { SHARED } from '../../builders/shared-traces.ts';
import { digestTables } from '../../builders/table-digest.ts';
import { type RawEvent, streamOf } from '../../builders/trace.ts';

const FOLDERS = ['traces', 'traces/odd', 'traces/odd/trace-event'];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(join(SHARED, folder))
    .filter((name) => /\.json(\.gz)?$/.test(name))
    .map((name) => join(folder, name)),
);

/** Whose JSON is whole, and read by `JSON.parse` in no time. */
const SMALL = FILES.filter((name) => !/partial/.test(name) && statSync(join(SHARED, name)).size < 800_000);

async function read(bytes: Uint8Array): Promise<TraceTables> {
  const result = await readTrace(streamOf(bytes));
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

async function toPackets(json: Uint8Array, blockBytes = 1 << 16): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of writePacketEvents(blocksOf(json, () => blockBytes))) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

const bytesOf = (name: string): Uint8Array => {
  const stored = readFileSync(join(SHARED, name));
  return new Uint8Array(name.endsWith('.gz') ? gunzipSync(stored) : stored);
};
const textOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** By what is the same in both forms: places in the file are not, nor how an id is spelled. */
function said(tables: TraceTables): Readonly<Record<string, string>> {
  const { threads, slices, asyncSlices, links, flows, pictures, diagnostics, marks } = tables;
  const nowhere = (table: { readonly length: number }): Uint32Array => new Uint32Array(table.length);
  const isCall = (row: number): boolean => (slices.flags[row] & SLICE_JS_CALL) !== 0;
  const digest = digestTables({
    ...tables,
    format: 'json',
    byteLength: 0,
    slices: { ...slices, detail: Float64Array.from(slices.detail, (at, row) => (isCall(row) ? at : 0)) },
    asyncSlices: { ...asyncSlices, detail: nowhere(asyncSlices), id: new Int32Array(asyncSlices.length) },
    links: { ...links, detail: nowhere(links) },
    flows: { ...flows, detail: nowhere(flows) },
    pictures: { ...pictures, offset: new Float64Array(pictures.length) },
    marks: marks.map((mark) => ({ ...JSON.parse(JSON.stringify(mark)), id: '', args: { ...mark.args } })),
    // A stream that is whole is one, also if its source was cut off.
    diagnostics: { ...diagnostics, cutOff: 0 },
    threads: { ...threads, pid: threads.pid.map((pid) => pid + 0), tid: threads.tid.map((tid) => tid + 0) },
  });
  const pairs: string[] = [];
  findFlows(tables, (cause, effect) => pairs.push(`${cause} ${effect}`));
  return { ...digest, flowPairs: pairs.join() };
}

interface Said {
  readonly ph?: unknown;
  readonly name?: unknown;
  readonly cat?: unknown;
  readonly ts?: unknown;
  readonly dur?: unknown;
  readonly pid?: unknown;
  readonly tid?: unknown;
  readonly args?: unknown;
}

const line = ({ ph, name, cat, ts, dur, pid, tid, args }: Said): string =>
  JSON.stringify([ph, name ?? '', cat ?? '', ts ?? null, dur ?? null, pid, tid, args ?? {}]);

/** Every event of a stream with all of its arguments, as one line each. */
async function eventsOf(packets: Uint8Array): Promise<string[]> {
  const strings = new StringTable();
  const lines: string[] = [];
  const add = (event: EventRecord, readArgs: ReadArgs): void => {
    const { time, duration, pid, tid, phase } = event;
    lines.push(
      line({
        ph: String.fromCharCode(phase),
        name: strings.get(event.name),
        cat: strings.get(event.category),
        ts: Number.isNaN(time) ? null : time,
        dur: Number.isNaN(duration) ? null : duration,
        pid,
        tid,
        args: readArgs(),
      }),
    );
  };
  await readPerfetto(
    blocksOf(packets, () => 1 << 16),
    {
      strings,
      threads: new ThreadCollector(strings),
      diagnostics: noDiagnostics(),
      wantsAllArguments: true,
      add,
      addMalformed: () => lines.push('malformed'),
      addSkipped: () => lines.push('skipped'),
    },
  );
  return lines.sort();
}

/** What everything that is computed has to be computed alike from, and some of what is. */
function figures(tables: TraceTables): object {
  const page = findPageLoad(tables);
  const classes = classifySlices(tables);
  const thread = page.mainThread;
  const breakdown =
    thread < 0 ? null : computeBreakdown(tables, classes, { thread, range: tables.bounds, jsCalls: true });
  return { page, breakdown };
}

/** Events of JSON that the stream tells in other words. */
const isToldOtherwise = ({ ph }: Said): boolean => ph === 'C';

describe('every shared trace', () => {
  test.each(FILES)('%s', async (name) => {
    const json = bytesOf(name);
    const packets = await toPackets(json);
    const [before, after] = [await read(json), await read(packets)];
    const [one, other] = [said(before), said(after)];
    // Samples that stand beside the events are events of the stream, and Chrome's counter `value` has its event's name.
    const allowed = new Set<string>();
    if (Object.keys(before.stackFrames).length > 0) for (const key of ['file', 'phases']) allowed.add(key);
    if (before.phaseCounts.C !== undefined) allowed.add('counters');
    expect(Object.keys(one).filter((key) => one[key] !== other[key] && !allowed.has(key))).toEqual([]);
    expect(after.counters.value).toEqual(before.counters.value);
    expect(after.metadata).toEqual(before.metadata);
    expect(figures(after)).toEqual(figures(before));
  });
});

describe('every argument of every event', () => {
  test.each(SMALL)('%s', async (name) => {
    const json = bytesOf(name);
    const value = JSON.parse(Buffer.from(json).toString());
    const events: Said[] = Array.isArray(value) ? value : value.traceEvents;
    const told = events.filter((event) => !isToldOtherwise(event) && event.ph !== undefined);
    const number = (at: unknown): unknown =>
      typeof at !== 'number' && typeof at !== 'string' ? undefined : Math.round(Number(at) * 1000) / 1000;
    const lines = told.map((event) => line({ ...event, ts: number(event.ts), tid: Number(event.tid) }));
    const back = await eventsOf(await toPackets(json));
    const missing = new Map<string, number>();
    for (const text of lines) missing.set(text, (missing.get(text) ?? 0) + 1);
    for (const text of back) missing.set(text, (missing.get(text) ?? 0) - 1);
    const isOfSamples = (text: string): boolean => text.startsWith('["P"') && value.stackFrames !== undefined;
    const isAside = (text: string): boolean => /^\["(C|\\u0000)"/.test(text) || isOfSamples(text);
    const odd = [...missing].filter(([text, count]) => count !== 0 && !isAside(text));
    expect(odd.slice(0, 4)).toEqual([]);
  });
});

const traceOf = (events: readonly unknown[]): Uint8Array =>
  textOf({ traceEvents: events, metadata: { source: 'a test' } });

/** Of hostile events, some have no place in a stream: they are counted in JSON, and are not there. */
async function expectSame(events: readonly RawEvent[], blockBytes: number): Promise<void> {
  const json = traceOf(events);
  // Halves of characters in names are lost, as the writer says.
  if (/\\ud[89a-f]/.test(Buffer.from(json).toString())) return;
  const before = await read(json);
  const after = await read(await toPackets(json, blockBytes));
  const [one, other] = [said(before), said(after)];
  const { malformedEvents } = before.diagnostics;
  const aside = malformedEvents > 0 ? ['file', 'diagnostics'] : [];
  expect(Object.keys(one).filter((key) => one[key] !== other[key] && !aside.includes(key))).toEqual([]);
  expect(after.eventCount).toBe(
    before.eventCount - (after.diagnostics.malformedEvents === malformedEvents ? 0 : malformedEvents),
  );
}

/**
 * Not among them: a process that is a text, which has another number in each reading, or needs more than 53 bits; times
 * finer than a stream's nanoseconds; counters, which are another test's.
 */
const isComparable = ({ ph, pid, tid, ts, dur }: RawEvent): boolean =>
  ph !== 'C' && [pid, tid].every(isSmall) && [ts, dur].every(isCoarse);
const isSmall = (id: unknown): boolean =>
  typeof id === 'string' ? Number.isFinite(Number(id)) : typeof id !== 'number' || Math.abs(id) < 2 ** 53;
const isCoarse = (time: unknown): boolean => typeof time !== 'number' || Number.isInteger(time);

describe('random traces', () => {
  test.each([
    ['crossing', crossingEvents],
    ['nested', nestedEvents],
    ['with samples', profileEvents],
    ['hostile', hostileEvents],
  ])('%s', async (_, events) => {
    await fc.assert(
      fc.asyncProperty(events, fc.integer({ min: 1, max: 5000 }), (list, block) =>
        expectSame(list.filter(isComparable), block),
      ),
      { numRuns: 25 },
    );
  });

  test('any arguments', async () => {
    const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
    const args = fc.dictionary(fc.string({ unit: 'binary' }), value, { maxKeys: 6, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(fc.array(args, { maxLength: 6 }), async (list) => {
        const events = list.map((args, at) => ({
          ph: 'X',
          name: `e${at}`,
          ts: at,
          dur: 1,
          pid: 1,
          tid: 1,
          args,
        }));
        const back = await eventsOf(await toPackets(traceOf(events)));
        expect(back).toEqual(
          events.map((event) => line({ ...event, args: JSON.parse(wellFormedKeys(event.args)) })).sort(),
        );
      }),
      { numRuns: 100 },
    );
  });
});

/** Keys are names, and halves of characters in names are lost. */
function wellFormedKeys(args: object): string {
  return JSON.stringify(args, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [Buffer.from(key).toString(), each]))
      : value,
  );
}

describe('what TrackEvent cannot say as JSON does', () => {
  const X = { ph: 'X', pid: 1, tid: 1, cat: 'c' };
  const slicesOf = ({ slices, strings }: TraceTables): unknown[] =>
    Array.from(slices.name, (name, row) => [
      strings.get(name),
      slices.start[row],
      Math.round(slices.duration[row] * 1000) / 1000,
    ]);
  const back = async (...events: RawEvent[]): Promise<TraceTables> => read(await toPackets(traceOf(events)));

  test('durations with fractions are begins and ends, to the nanosecond', async () => {
    const tables = await back(
      { ...X, name: 'outer', ts: 10.25, dur: 100.5 },
      { ...X, name: 'inner', ts: 10.25, dur: 3.125 },
      { ...X, name: 'next', ts: 13.375, dur: 97.375 },
      { ...X, name: 'whole', ts: 120.5, dur: 5 },
    );
    expect(slicesOf(tables)).toEqual([
      ['outer', 10.25, 100.5],
      ['inner', 10.25, 3.125],
      ['next', 13.375, 97.375],
      ['whole', 120.5, 5],
    ]);
    expect(tables.diagnostics.endsWithoutBegin).toBe(0);
  });

  test('rounded where slices come in another order, or overlap', async () => {
    const tables = await back(
      { ...X, name: 'inner', ts: 12, dur: 3.4 },
      { ...X, name: 'outer', ts: 10, dur: 9.6 },
      { ...X, name: 'over', ts: 14, dur: 3.3 },
    );
    expect(slicesOf(tables)).toEqual([
      ['outer', 10, 10],
      ['inner', 12, 3.4],
      ['over', 14, 1.4],
    ]);
  });

  test('times before 0, and of a clock since 1970', async () => {
    const tables = await back(
      { ...X, name: 'before', ts: -5_000_000.25, dur: 2 },
      { ...X, name: 'now', ts: 1_790_000_000_123_456, dur: 7 },
    );
    expect(slicesOf(tables)).toEqual([
      ['before', -5_000_000.25, 2],
      ['now', 1_790_000_000_123_456, 7],
    ]);
  });

  test('ids of every spelling keep their events apart', async () => {
    const pair = (id: RawEvent, name: string, ts: number): RawEvent[] =>
      ['b', 'e'].map((ph, at) => ({ ph, pid: 1, tid: 1, cat: 'c', name, ts: ts + at * 50, ...id }));
    const events = [
      ...pair({ id: '0x1f' }, 'hex', 1),
      ...pair({ id: 'frame 7' }, 'text', 2),
      ...pair({ id: 'frame 8' }, 'text', 3),
      ...pair({ id: '0x1f', scope: 's' }, 'scoped', 4),
      ...pair({ id: 'frame 7', scope: 's' }, 'scoped text', 5),
      ...pair({ id2: { local: '0x1f' } }, 'local', 6),
      ...pair({ id2: { global: '0x20' } }, 'global', 7),
      ...pair({ id: 12.5 }, 'fraction', 8),
    ];
    const tables = await back(...events);
    expect(tables.diagnostics.unmatchedAsync).toBe(0);
    expect([...tables.asyncSlices.duration]).toEqual(new Array(8).fill(50));
    expect(new Set(tables.asyncSlices.id).size).toBe(8 - 1);
  });

  test('steps of old async events keep their names', async () => {
    const old = { pid: 1, tid: 1, cat: 'c', name: 'load', id: '0x1' };
    const tables = await back(
      { ...old, ph: 'S', ts: 1 },
      { ...old, ph: 'T', ts: 2, args: { step: 'half' } },
      { ...old, ph: 'F', ts: 3 },
    );
    expect(Array.from(tables.asyncSlices.name, (row) => tables.strings.get(row))).toEqual(['load', 'half']);
  });

  test('counters are counters, by the name that says what is counted', async () => {
    const tables = await back(
      { ph: 'C', pid: 1, tid: 1, ts: 5, name: 'Memory', args: { used: 4, left: 0.5 } },
      { ph: 'C', pid: 1, tid: 1, ts: 6, name: 'Queue', args: { value: -3 } },
    );
    const { counters, strings } = tables;
    expect(
      Array.from(counters.name, (row, at) => [strings.get(row), counters.time[at], counters.value[at]]),
    ).toEqual([
      ['used', 5, 4],
      ['left', 5, 0.5],
      ['Queue', 6, -3],
    ]);
    expect([...counters.pid]).toEqual([1, 1, 1]);
  });

  test('a million different names: the sequence begins anew', async () => {
    const events = Array.from({ length: 70_000 }, (_, at) => ({
      ...X,
      name: `call ${at}`,
      ts: at * 10,
      dur: 5,
      args: { data: { sampleTraceId: at } },
    }));
    const { slices, strings } = await back(...events);
    expect(slices.length).toBe(70_000);
    expect([0, 40_000, 69_999].map((row) => strings.get(slices.name[row]))).toEqual([
      'call 0',
      'call 40000',
      'call 69999',
    ]);
  });

  test('details: arguments, processor time', async () => {
    const json = traceOf([
      { ...X, name: 'RunTask', ts: 5, dur: 9, tts: 100, tdur: 7, args: { a: [1, { b: null }] } },
    ]);
    const packets = await toPackets(json);
    const tables = await read(packets);
    const bytes = { stream: async () => ({ ok: true as const, value: streamOf(packets) }) };
    const found = await readEventArguments(bytes, tables, sliceIndex(0));
    expect(ensure(found.ok ? found.value : null, 'found')).toEqual({
      args: { a: [1, { b: null }] },
      fields: { tts: 100, tdur: 7 },
    });
  });

  test('a whole page, and back to JSON', async () => {
    const json = traceOf(wholePage().events);
    let text = '';
    for await (const part of writeJsonEvents(blocksOf(await toPackets(json), () => 4096)))
      text += `${text && ','}${part}`;
    const again = await read(textOf({ traceEvents: JSON.parse(`[${text}]`) }));
    const tables = await read(json);
    expect(figures(again)).toEqual(figures(tables));
    expect(again.phaseCounts.X).toBe((tables.phaseCounts.X ?? 0) + (tables.phaseCounts.B ?? 0));
  });
});

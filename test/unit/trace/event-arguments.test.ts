import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Result, sliceIndex, succeed } from '../../../src/base/index.ts';
import {
  type EventArguments,
  readEventArguments,
  readTrace,
  SLICE_CLIPPED,
  SLICE_END_INFERRED,
  SLICE_INSTANT,
  SLICE_JS_CALL,
  type TraceBytes,
  type TraceTables,
} from '../../../src/trace/index.ts';
import {
  annotation,
  begin,
  end,
  entry,
  type Field,
  instant,
  interned,
  legacy,
  opening,
  packet,
  readStream,
  text,
  threadTrack,
  varint,
} from '../../builders/perfetto.ts';
import { SHARED } from '../../builders/shared-traces.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/traces', import.meta.url));

/** A source as the engine gives it. */
function bytesOf(content: Uint8Array, isPlain: boolean): TraceBytes {
  const blob = new Blob([new Uint8Array(content)]);
  const stream = async () => succeed(blob.stream());
  return isPlain ? { stream, streamFrom: (offset) => blob.slice(offset).stream() } : { stream };
}

async function tablesOf(content: Uint8Array): Promise<TraceTables> {
  const read = await readTrace(new Blob([new Uint8Array(content)]).stream());
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
}

function rowOf({ slices, strings }: TraceTables, name: string): number {
  const row = slices.name.findIndex((one) => strings.get(one) === name);
  if (row < 0) throw new Error(`no slice ${name}`);
  return row;
}

/** The arguments of the first slice of that name, read from the source plain and as gzip: both must be the same. */
async function argumentsOf(plain: Uint8Array, name: string): Promise<EventArguments> {
  const tables = await tablesOf(plain);
  const slice = sliceIndex(rowOf(tables, name));
  const answers: Result<EventArguments>[] = [];
  for (const bytes of [bytesOf(plain, true), bytesOf(plain, false), bytesOf(gzipSync(plain), false)]) {
    answers.push(await readEventArguments(bytes, tables, slice));
  }
  const [first, ...others] = answers;
  for (const other of others) expect(other).toEqual(first);
  if (!first.ok) throw new Error(first.failure.message);
  return first.value;
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code);
const json = (events: readonly object[]): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ traceEvents: events }));
const MAIN = { pid: 1, tid: 2, cat: 'c' };

describe('JSON', () => {
  test('the whole arguments of a complete event, its ids and thread time', async () => {
    const args = { data: { type: 'click', deep: [{ a: [1, 'zwölf', null] }] }, __proto: 1 };
    const source = json([
      { ...MAIN, ph: 'X', name: 'RunTask', ts: 1, dur: 90 },
      { ...MAIN, ph: 'X', name: 'EventDispatch', ts: 10, dur: 20, tts: 7, tdur: 5, id: '0x1', args },
      { ...MAIN, ph: 'X', name: 'Layout', ts: 40, dur: 20 },
    ]);
    expect(await argumentsOf(source, 'EventDispatch')).toEqual({
      args,
      fields: { tts: 7, tdur: 5, id: '0x1' },
    });
    expect(await argumentsOf(source, 'RunTask')).toEqual({ args: {}, fields: {} });
  });

  test('the last event of a file that is cut off right behind it', async () => {
    const whole = json([
      { ...MAIN, ph: 'X', name: 'A', ts: 1, dur: 90 },
      { ...MAIN, ph: 'I', name: 'Last', ts: 10, args: { at: 'the end' } },
    ]);
    expect((await argumentsOf(whole.subarray(0, -2), 'Last')).args).toEqual({ at: 'the end' });
  });

  test('an end event adds its arguments, and its own go before those of the begin', async () => {
    const source = json([
      { ...MAIN, ph: 'B', name: 'GC', ts: 1, args: { before: 5, both: 'begin' } },
      { ...MAIN, ph: 'B', name: 'GC', ts: 2, args: {} },
      { ...MAIN, tid: 3, ph: 'E', name: 'GC', ts: 2, args: { other: 'thread' } },
      { ...MAIN, ph: 'B', name: 'Inner', ts: 2, args: {} },
      { ...MAIN, ph: 'E', name: 'GC', ts: 3, args: { inner: true } },
      { ...MAIN, ph: 'E', name: 'GC', ts: 9, args: { after: 2, both: 'end' } },
    ]);
    expect((await argumentsOf(source, 'GC')).args).toEqual({ before: 5, after: 2, both: 'end' });
    expect((await argumentsOf(source, 'Inner')).args).toEqual({});
  });

  test('arguments larger than any chunk', async () => {
    const long = 'ü'.repeat(3_000_000);
    const source = json([{ ...MAIN, ph: 'X', name: 'Big', ts: 1, dur: 2, args: { long } }]);
    expect((await argumentsOf(source, 'Big')).args).toEqual({ long });
  });

  test('one slice in 97 of a real trace: what JSON.parse says', async () => {
    const plain = gunzipSync(readFileSync(join(SHARED, 'traces/lh-artifacts-render-blocking-trace.json.gz')));
    const tables = await tablesOf(plain);
    const { slices, strings } = tables;
    const events = new Map<string, { args?: object }[]>();
    for (const event of JSON.parse(plain.toString()).traceEvents) {
      const key = `${event.name} ${event.ts} ${event.pid} ${event.tid}`;
      events.set(key, [...(events.get(key) ?? []), event]);
    }
    const bytes = bytesOf(plain, true);
    let compared = 0;
    for (let row = 0; row < slices.length; row += 97) {
      if ((slices.flags[row] & SLICE_JS_CALL) !== 0) continue;
      const thread = slices.thread[row];
      const { pid, tid } = tables.threads;
      const key = `${strings.get(slices.name[row])} ${slices.start[row]} ${pid[thread]} ${tid[thread]}`;
      const said = await readEventArguments(bytes, tables, sliceIndex(row));
      expect(events.get(key)?.map(({ args }) => args ?? {})).toContainEqual(said.ok ? said.value.args : said);
      compared++;
    }
    expect(compared).toBeGreaterThan(30);
  });
});

/** Names as numbers, then: RunTask ⊃ Layout, whose end says more; then a state that was cleared, and `Late`. */
function stream(): Uint8Array {
  const names = interned({
    names: { 1: 'RunTask', 2: 'Layout' },
    annotationNames: { 1: 'beginData', 2: 'dirty' },
  });
  const fresh = interned({ names: { 1: 'Late' }, annotationNames: { 1: 'said' }, texts: { 4: 'by number' } });
  const fields: Field[] = [
    opening(1),
    packet({ sequence: 1, flags: 2, time: 1, interned: names, event: begin(1) }),
    opening(2, { defaults: { track: 7, clock: 64 } }),
    packet({ sequence: 2, flags: 2, time: 0, descriptor: threadTrack({ uuid: 7 }, { pid: 10, tid: 12 }) }),
    packet({
      sequence: 1,
      flags: 2,
      time: 5,
      event: begin(2, { args: annotation(1, entry(2, varint(3, 8))) }),
    }),
    packet({ sequence: 2, flags: 2, time: 9, event: begin('Layout') }),
    packet({ sequence: 2, flags: 2, time: 1, event: end({ args: annotation('not', text(6, 'mine')) }) }),
    packet({ sequence: 1, flags: 2, time: 1, event: begin(2) }),
    packet({ sequence: 1, flags: 2, time: 1, event: end({ args: annotation('inner', varint(2, true)) }) }),
    packet({ sequence: 1, flags: 2, time: 2, event: end({ args: annotation('endData', varint(3, 3)) }) }),
    packet({ sequence: 1, flags: 2, time: 2, event: instant('Mark', { args: annotation(2, varint(3, 1)) }) }),
    packet({ sequence: 1, flags: 2, time: 2, event: end({ args: annotation('task', text(6, 'done')) }) }),
    opening(1, { interned: fresh }),
    packet({
      sequence: 1,
      flags: 2,
      time: 99,
      event: legacy('X', { name: 1, args: annotation(1, varint(17, 4)) }, varint(3, 6)),
    }),
  ];
  return Uint8Array.from(fields.flat());
}

describe('Perfetto', () => {
  test('begin and end packet as one, told by the sequence and its names', async () => {
    expect((await argumentsOf(stream(), 'Layout')).args).toEqual({ beginData: { dirty: 8 }, endData: 3 });
    expect((await argumentsOf(stream(), 'RunTask')).args).toEqual({ task: 'done' });
    expect((await argumentsOf(stream(), 'Mark')).args).toEqual({ dirty: 1 });
  });

  test('the last packet, after its sequence began anew', async () => {
    expect((await argumentsOf(stream(), 'Late')).args).toEqual({ said: 'by number' });
  });

  test('a real recording: what Chrome says at the end of a slice', async () => {
    const plain = gunzipSync(readFileSync(join(FIXTURES, 'known-costs.pftrace.gz')));
    expect((await argumentsOf(plain, 'Layout')).args).toEqual({
      beginData: expect.objectContaining({
        dirtyObjects: expect.any(Number),
        totalObjects: expect.any(Number),
      }),
      endData: expect.objectContaining({ layoutRoots: expect.any(Array) }),
    });
    expect((await argumentsOf(plain, 'UpdateLayoutTree')).args).toMatchObject({
      elementCount: expect.any(Number),
    });
  });
});

test('one slice in seven of a real recording: the arguments of its begin and of an end at its end', async () => {
  const plain = gunzipSync(readFileSync(join(FIXTURES, 'known-costs.pftrace.gz')));
  const tables = await tablesOf(plain);
  const { slices, threads } = tables;
  const { events } = await readStream(plain);
  const begins = new Map(events.map((event) => [event.offset, event]));
  const bytes = bytesOf(plain, false);
  const notSought = SLICE_JS_CALL | SLICE_INSTANT | SLICE_END_INFERRED | SLICE_CLIPPED;
  let compared = 0;
  for (let row = 0; row < slices.length; row += 7) {
    const begin = begins.get(slices.detail[row]);
    if ((slices.flags[row] & notSought) !== 0 || begin?.phase !== 'B') continue;
    const time = slices.start[row] + slices.duration[row];
    const thread = slices.thread[row];
    const ends = events.filter(
      (event) =>
        event.phase === 'E' &&
        Math.abs(event.time - time) < 0.001 &&
        event.pid === threads.pid[thread] &&
        event.tid === threads.tid[thread],
    );
    const said = await readEventArguments(bytes, tables, sliceIndex(row));
    expect(ends.map(({ args }) => ({ ...begin.args, ...args }))).toContainEqual(said.ok && said.value.args);
    compared++;
  }
  expect(compared).toBeGreaterThan(30);
});

describe('what can go wrong', () => {
  const events = [
    { ...MAIN, ph: 'X', name: 'A', ts: 1, dur: 2 },
    { ...MAIN, ph: 'X', name: 'B', ts: 5, dur: 2, args: { a: 1 } },
  ];
  const askB = async (bytes: TraceBytes, signal?: AbortSignal) => {
    const tables = await tablesOf(json(events));
    const options = signal === undefined ? {} : { signal };
    return codeOf(await readEventArguments(bytes, tables, sliceIndex(rowOf(tables, 'B')), options));
  };

  test('the source is another one by now', async () => {
    expect(await askB(bytesOf(json(events), true))).toBe('ok');
    expect(await askB(bytesOf(json([...events].reverse()), true))).toBe('event-changed');
    expect(await askB(bytesOf(json([]), false))).toBe('event-changed');
    expect(await askB(bytesOf(json([]), true))).toBe('event-changed');
  });

  test('the same with Perfetto, and with garbage', async () => {
    const tables = await tablesOf(stream());
    const slice = sliceIndex(rowOf(tables, 'Layout'));
    for (let at = 0; at < stream().length; at += 7) {
      const broken = stream();
      broken.fill(0xff, at, at + 3);
      const answer = await readEventArguments(bytesOf(broken, false), tables, slice);
      if (!answer.ok) expect(answer.failure.code).toBe('event-changed');
    }
    const cut = await readEventArguments(bytesOf(stream().subarray(0, 40), false), tables, slice);
    expect(codeOf(cut)).toBe('event-changed');
  });

  test('cancelled, and a stream that breaks', async () => {
    expect(await askB(bytesOf(json(events), false), AbortSignal.abort())).toBe('cancelled');
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error('gone') });
    expect(await askB({ stream: async () => succeed(broken) })).toBe('file-unreadable');
  });
});

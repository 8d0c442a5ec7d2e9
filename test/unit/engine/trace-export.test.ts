/** An open trace as a file, with and without what can be left out. */
import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DEFAULT_REDACTION, makeRedactor } from '../../../src/backends/index.ts';
import { succeed } from '../../../src/base/index.ts';
import { Engine, NOTHING_LEFT_OUT, type OpenedRecording, type Source } from '../../../src/engine/index.ts';
import { packRecording, unpackRecording } from '../../../src/recording/index.ts';
import { buildRecording, NO_SOURCES } from '../../builders/recording.ts';
import { SHARED } from '../../builders/shared-traces.ts';

const EVENTS = [
  { ph: 'M', pid: 1, tid: 1, ts: 0, name: 'process_labels', args: { labels: 'My account' } },
  { ph: 'M', pid: 1, tid: 1, ts: 0, name: 'thread_name', args: { name: 'CrRendererMain' } },
  {
    ph: 'X',
    pid: 1,
    tid: 1,
    ts: 1_000,
    dur: 12.5,
    name: 'ResourceReceiveResponse',
    cat: 'devtools.timeline',
    args: {
      data: {
        url: 'https://me@shop.example/cart?token=t0p#pay',
        headers: [{ name: 'set-cookie', value: 'session=s3cret' }],
      },
    },
  },
  {
    ph: 'I',
    pid: 1,
    tid: 1,
    ts: 1_010,
    name: 'ScriptCatchup',
    cat: 'disabled-by-default-devtools.v8-source-rundown-sources',
    args: { data: { sourceText: 'const key = "s0urce";' } },
  },
  { ph: 'O', pid: 1, tid: 1, ts: 1_020, name: 'Screenshot', args: { snapshot: '/9j/4AAQSkZJRg' } },
  {
    ph: 'I',
    pid: 1,
    tid: 1,
    ts: 1_030,
    name: 'paid',
    cat: 'blink.user_timing',
    args: { data: { detail: '{"card":"4929"}' } },
  },
];
const JSON_TRACE = JSON.stringify({ traceEvents: EVENTS, metadata: { source: 'DevTools' } });
const ALL_LEFT_OUT = {
  addresses: true,
  titles: true,
  headers: true,
  scripts: true,
  details: true,
  pictures: true,
};
const FIXTURE = join(import.meta.dirname, '../../fixtures/traces/known-costs.pftrace.gz');

const fileOf = (content: BlobPart, name = 'page.json'): Source => ({
  kind: 'file',
  name,
  file: new Blob([content]),
});

async function open(source: Source): Promise<{ engine: Engine; opened: OpenedRecording }> {
  const engine = new Engine({ library: null });
  const opened = await engine.open(source);
  if (!opened.ok) throw new Error(opened.failure.message);
  return { engine, opened: opened.value };
}

async function write(
  source: Source,
  leaveOut: typeof NOTHING_LEFT_OUT,
  form: 'json' | 'pftrace' = 'json',
): Promise<Uint8Array> {
  const { engine, opened } = await open(source);
  const made = await engine.traceFile(opened.open, { form, leaveOut });
  if (!made.ok) throw new Error(made.failure.message);
  return new Uint8Array(await made.value.arrayBuffer());
}

describe('traceFile', () => {
  test('a JSON trace stays as it is, packed or not', async () => {
    expect(Buffer.from(await write(fileOf(JSON_TRACE), NOTHING_LEFT_OUT)).toString()).toBe(JSON_TRACE);
    const packed = fileOf(new Uint8Array(gzipSync(JSON_TRACE)), 'page.json.gz');
    expect(Buffer.from(await write(packed, NOTHING_LEFT_OUT)).toString()).toBe(JSON_TRACE);
  });

  test('a recording file gives its trace', async () => {
    const trace = gzipSync(JSON_TRACE);
    const recording = buildRecording({ trace: { format: 'json', bytes: trace.length, chunks: 1 } });
    const stream = new Blob([new Uint8Array(trace)]).stream();
    const file = await new Response(packRecording({ recording, trace: stream, frames: [] })).blob();
    const made = await write({ kind: 'file', name: 'a.pageflame', file }, NOTHING_LEFT_OUT);
    expect(JSON.parse(Buffer.from(made).toString()).traceEvents).toEqual(EVENTS);
  });

  test('nothing of what is left out is in the file; numbers and all else are', async () => {
    const text = Buffer.from(await write(fileOf(JSON_TRACE), ALL_LEFT_OUT)).toString();
    for (const secret of ['My account', 't0p', 'pay', 'me@', 's3cret', 's0urce', '4929'])
      expect(text).not.toContain(secret);
    const { traceEvents, metadata } = JSON.parse(text);
    expect(metadata).toEqual({ source: 'DevTools' });
    expect(traceEvents[2]).toMatchObject({ ts: 1_000, dur: 12.5 });
    expect(traceEvents[2].args.data).toEqual({
      url: 'https://shop.example/cart',
      headers: [{ name: 'set-cookie', value: '' }],
    });
    expect(traceEvents[4]).toEqual({ ...EVENTS[4], args: { snapshot: '' } });
  });

  test('each is left out by itself', async () => {
    const text = Buffer.from(
      await write(fileOf(JSON_TRACE), { ...NOTHING_LEFT_OUT, titles: true }),
    ).toString();
    expect(text).toBe(JSON_TRACE.replace('My account', ''));
  });

  test('a Perfetto trace as it was recorded, and as JSON', async () => {
    const source: Source = { kind: 'file', name: 'known.pftrace.gz', file: await openAsBlob(FIXTURE) };
    const plain = await write(source, NOTHING_LEFT_OUT, 'pftrace');
    expect(Buffer.from(plain).equals(gunzipSync(readFileSync(FIXTURE)))).toBe(true);
    const json = JSON.parse(Buffer.from(await write(source, ALL_LEFT_OUT)).toString());
    expect(json.traceEvents.length).toBeGreaterThan(100);
    expect(JSON.stringify(json)).not.toMatch(/https?:\/\/[^"\s]*\?/);
  });

  test('a Perfetto trace without what is left out has the same events, and holds nothing more to leave out', async () => {
    const source: Source = { kind: 'file', name: 'known.pftrace.gz', file: await openAsBlob(FIXTURE) };
    const redacted = new Uint8Array(await write(source, ALL_LEFT_OUT, 'pftrace'));
    const json = JSON.parse(Buffer.from(await write(source, NOTHING_LEFT_OUT)).toString());
    const after = JSON.parse(
      Buffer.from(await write(fileOf(redacted, 'redacted.pftrace'), NOTHING_LEFT_OUT)).toString(),
    );
    const redact = makeRedactor(DEFAULT_REDACTION);
    const changed = compare(eventsOf(json), eventsOf(after));
    expect(changed.length).toBeGreaterThan(0);
    for (const [was, is] of changed) expect(['', redact(was)]).toContain(is);
    const { engine, opened } = await open(fileOf(redacted, 'redacted.pftrace'));
    const left = await engine.previewTraceFile(opened.open);
    if (!left.ok) throw new Error(left.failure.message);
    expect(Object.values(left.value).flatMap(({ examples }) => examples)).toEqual([]);
  });

  test('a recording without what is left out is a recording of its own', async () => {
    const trace = gzipSync(JSON_TRACE);
    const recording = buildRecording({
      state: 'whole',
      url: 'https://shop.example/cart?token=t0p',
      title: 'My account',
      trace: { format: 'json', bytes: trace.length, chunks: 1 },
      frames: [{ time: 1_790_000_000_000, bytes: 3 }],
    });
    const asked: number[] = [];
    const engine = new Engine({
      library: {
        ...NO_SOURCES,
        list: async () => succeed([recording]),
        get: async () => succeed(recording),
        readTrace: async () => succeed(new Blob([new Uint8Array(trace)]).stream()),
        followTrace: () => Promise.reject(new Error('what has ended is not followed')),
        readFrame: async (_id, index) => {
          asked.push(index);
          return succeed(new Uint8Array([0xff, 0xd8, 0xff]));
        },
      },
    });
    const opened = await engine.open({ kind: 'library', id: recording.id });
    if (!opened.ok) throw new Error(opened.failure.message);
    const pack = async (leaveOut: typeof NOTHING_LEFT_OUT) => {
      const made = await engine.traceFile(opened.value.open, { form: 'pageflame', leaveOut });
      if (!made.ok) throw new Error(made.failure.message);
      const unpacked = unpackRecording(new Uint8Array(await made.value.arrayBuffer()), 'a.pageflame');
      if (!unpacked.ok) throw new Error(unpacked.failure.detail);
      return unpacked.value;
    };
    const all = await pack(ALL_LEFT_OUT);
    expect(all.recording).toMatchObject({ url: 'https://shop.example/cart', title: '', frames: [] });
    expect(all.recording.id).not.toBe(recording.id);
    expect(asked).toEqual([]);
    const text = gunzipSync(all.trace ?? new Uint8Array(0)).toString();
    for (const secret of ['My account', 't0p', 's3cret', 's0urce', '9j/4AAQ'])
      expect(text).not.toContain(secret);
    const some = await pack({ ...NOTHING_LEFT_OUT, titles: true });
    expect(some.recording).toMatchObject({ url: recording.url, title: '', frames: recording.frames });
    expect(some.frames.map((frame) => [...frame])).toEqual([[0xff, 0xd8, 0xff]]);
  });

  test('a JSON trace in the form of Perfetto, whole or without what is left out', async () => {
    const whole = Buffer.from(await write(fileOf(JSON_TRACE), NOTHING_LEFT_OUT, 'pftrace'));
    const some = Buffer.from(await write(fileOf(JSON_TRACE), ALL_LEFT_OUT, 'pftrace'));
    for (const secret of ['My account', 't0p', '#pay', 'me@', 's3cret', 's0urce', '4929']) {
      expect(whole.toString('latin1')).toContain(secret);
      expect(some.toString('latin1')).not.toContain(secret);
    }
    for (const made of [whole, some]) {
      const { opened } = await open(fileOf(new Uint8Array(made), 'page.pftrace'));
      expect([opened.format, opened.events]).toEqual(['perfetto', EVENTS.length + 1]);
    }
  });

  test('tells how far it is, and can be cancelled', async () => {
    const { engine, opened } = await open(fileOf(JSON_TRACE));
    const question = { form: 'json', leaveOut: NOTHING_LEFT_OUT } as const;
    const told: number[] = [];
    await engine.traceFile(opened.open, question, {
      onProgress: ({ readBytes, totalBytes }) => told.push(readBytes, totalBytes ?? -1),
    });
    expect(told.slice(-2)).toEqual([JSON_TRACE.length, JSON_TRACE.length]);
    const ending = new AbortController();
    const made = await engine.traceFile(opened.open, question, {
      signal: ending.signal,
      onProgress: () => ending.abort(),
    });
    expect(made.ok ? null : made.failure.code).toBe('cancelled');
  });
});

test('previewTraceFile counts what could be left out, with examples', async () => {
  const { engine, opened } = await open(fileOf(JSON_TRACE));
  const preview = await engine.previewTraceFile(opened.open);
  expect(preview.ok ? preview.value : null).toEqual({
    addresses: {
      count: 1,
      examples: [
        { before: 'https://me@shop.example/cart?token=t0p#pay', after: 'https://shop.example/cart' },
      ],
    },
    titles: { count: 1, examples: [{ before: 'My account', after: '' }] },
    headers: { count: 1, examples: [{ before: 'session=s3cret', after: '' }] },
    scripts: { count: 1, examples: [{ before: 'const key = "s0urce";', after: '' }] },
    details: { count: 1, examples: [{ before: '{"card":"4929"}', after: '' }] },
    pictures: { count: 1, examples: [] },
  });
});

describe.each([
  'lh-artifacts-blocking-time-trace.json.gz',
  'lh-artifacts-iframe-trace.json.gz',
  'lh-traces-timespan-responsiveness-m103.json.gz',
])('%s without all that can be left out', (name) => {
  const path = join(SHARED, 'traces', name);

  test('differs in texts alone, and holds nothing more to leave out', async () => {
    const text = gunzipSync(readFileSync(path)).toString();
    const source: Source = { kind: 'file', name, file: await openAsBlob(path) };
    const written = Buffer.from(await write(source, ALL_LEFT_OUT)).toString();
    const before: unknown[] = eventsOf(JSON.parse(text));
    // What is added for DevTools stands in front.
    const after = eventsOf(JSON.parse(written)).slice(-before.length);
    const redact = makeRedactor(DEFAULT_REDACTION);
    const changed = compare(before, after);
    expect(changed.length).toBeGreaterThan(0);
    for (const [was, is] of changed) expect(['', redact(was)]).toContain(is);
    expect(textsOf(after).filter((one) => redact(one) !== one)).toEqual([]);
  });
});

const eventsOf = (trace: { traceEvents: unknown[] } | unknown[]): unknown[] =>
  Array.isArray(trace) ? trace : trace.traceEvents;

/** Texts that differ; all else has to be the same. */
function compare(before: unknown, after: unknown): [string, string][] {
  if (typeof before === 'string' && typeof after === 'string')
    return before === after ? [] : [[before, after]];
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) {
    expect(after).toBe(before);
    return [];
  }
  const values = Object.values(after);
  expect(values.length).toBe(Object.values(before).length);
  return Object.values(before).flatMap((value, index) => compare(value, values[index]));
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}

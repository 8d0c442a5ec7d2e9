import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fail, makeFailure, type Result, sliceIndex, succeed, threadIndex } from '../../../src/base/index.ts';
import { Engine, type LibraryReader, type OpenedRecording, type Source } from '../../../src/engine/index.ts';
import { packRecording, type Recording, recordingId } from '../../../src/recording/index.ts';
import { listRows } from '../../builders/charts.ts';
import { SMALL_TRACE } from '../../builders/json-trace.ts';
import { NO_LINKS } from '../../builders/opened.ts';
import { buildRecording, NO_SOURCES } from '../../builders/recording.ts';
import { SHARED } from '../../builders/shared-traces.ts';
import { micros, trace } from '../../builders/trace.ts';

const GZIPPED = new Uint8Array(gzipSync(SMALL_TRACE));
const WHOLE = buildRecording({
  name: 'small',
  state: 'whole',
  trace: { format: 'json', bytes: GZIPPED.length, chunks: 1 },
});

const fileOf = (content: BlobPart, name = 'small.json'): Source => ({
  kind: 'file',
  name,
  file: new Blob([content]),
});

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new Blob([new Uint8Array(bytes)]).stream();
}

async function pack(recording: Recording): Promise<Uint8Array<ArrayBuffer>> {
  const trace = recording.trace === null ? null : streamOf(GZIPPED);
  return new Uint8Array(await new Response(packRecording({ recording, trace, frames: [] })).arrayBuffer());
}

async function openOrThrow(engine: Engine, source: Source): Promise<OpenedRecording> {
  const opened = await engine.open(source);
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

const NOT_FOLLOWED: Omit<LibraryReader, 'get' | 'readTrace'> = {
  ...NO_SOURCES,
  list: async () => succeed([]),
  followTrace: () => Promise.reject(new Error('what has ended is not followed')),
  readFrame: () => Promise.reject(new Error('no picture is asked for')),
};

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code);

describe('searching', () => {
  const query = { text: 'task', regex: false, matchCase: false, wholeWord: false };

  test('answers boxes of the chart that was asked for, and a sentence for a broken pattern', async () => {
    const engine = new Engine({ library: null });
    const { open } = await openOrThrow(engine, fileOf(SMALL_TRACE));
    expect(codeOf(await engine.search(open, query))).toBe('cancelled');
    const chart = await engine.chart(open);
    const found = await engine.search(open, query);
    if (!chart.ok || !found.ok) throw new Error('no chart or no finds');
    const { boxes, labels } = chart.value;
    const texts = [...found.value.boxes].map((box) => labels[boxes.label[box]].text);
    expect(texts.length).toBeGreaterThan(0);
    expect(new Set(texts)).toEqual(new Set(['Task']));
    expect(texts.length).toBe(
      Array.from(boxes.label).filter((label) => labels[label].text === 'Task').length,
    );
    expect(codeOf(await engine.search(open, { ...query, text: '(', regex: true }))).toBe('pattern-broken');
    await engine.close(open);
    expect(codeOf(await engine.search(open, query))).toBe('cancelled');
  });
});

describe('opening', () => {
  test('a plain trace tells its threads, its page and its window', async () => {
    const opened = await openOrThrow(new Engine({ library: null }), fileOf(SMALL_TRACE));
    expect(opened).toMatchObject({
      recording: null,
      format: 'json',
      events: 8,
      url: 'https://page.test/',
      bounds: { start: 900, end: 7_000 },
      pageWindow: { start: 1_000, end: 7_000 },
    });
    expect(opened.milestones).toContainEqual({ name: 'navigationStart', time: 1_000 });
    const titles = opened.threads
      .filter(({ role }) => role !== 'other')
      .map(({ title, role }) => [title, role]);
    expect(titles).toEqual([
      ['Main — https://page.test/', 'main'],
      ['Compositor', 'compositor'],
    ]);
    expect(opened.mainThread).toBe(opened.threads[0].thread);
  });

  test('gzip, a recording file and the library tell the same', async () => {
    const library: LibraryReader = {
      ...NOT_FOLLOWED,
      get: async () => succeed(WHOLE),
      readTrace: async () => succeed(streamOf(GZIPPED)),
    };
    const engine = new Engine({ library });
    const plain = await openOrThrow(engine, fileOf(SMALL_TRACE));
    const gzip = await openOrThrow(engine, fileOf(GZIPPED));
    const packed = await openOrThrow(engine, fileOf(await pack(WHOLE), 'small.pageflame'));
    const kept = await openOrThrow(engine, { kind: 'library', id: WHOLE.id });
    expect(gzip).toEqual({ ...plain, open: gzip.open });
    expect(packed).toEqual({ ...plain, open: packed.open, recording: WHOLE });
    expect(kept).toEqual({ ...plain, open: kept.open, recording: WHOLE });
    expect(new Set([plain.open, gzip.open, packed.open, kept.open]).size).toBe(4);
  });

  test('progress counts stored bytes up to the whole', async () => {
    const seen: unknown[] = [];
    await new Engine({ library: null }).open(fileOf(GZIPPED), {
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen.at(-1)).toEqual({ readBytes: GZIPPED.length, totalBytes: GZIPPED.length });
  });

  test.each<[string, BlobPart, string]>([
    ['an empty file', '', 'file-empty'],
    ['text', 'hello', 'not-a-trace'],
    ['gzip of garbage', new Uint8Array(gzipSync('hello')), 'not-a-trace'],
    ['broken gzip', new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'gzip-broken'],
    ['half a ZIP', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'recording-broken'],
  ])('%s is refused', async (_what, content, code) => {
    const result = await new Engine({ library: null }).open(fileOf(content, 'odd.file'));
    expect(codeOf(result)).toBe(code);
    expect(result.ok ? '' : result.failure.message).toContain('odd.file');
  });

  test('a recording whose trace is gone says so', async () => {
    const gone = { ...WHOLE, trace: null };
    const result = await new Engine({ library: null }).open(fileOf(await pack(gone), 'gone.pageflame'));
    expect(codeOf(result)).toBe('trace-gone');
  });

  test('a file that cannot be read is a failure, not a throw', async () => {
    const file = new Blob(['[]']);
    file.slice = () => {
      throw new DOMException('The file was moved', 'NotReadableError');
    };
    const result = await new Engine({ library: null }).open({ kind: 'file', name: 'moved.json', file });
    expect(codeOf(result)).toBe('file-unreadable');
  });

  test("the library's own failures come through, also in the middle of the bytes", async () => {
    const failure = makeFailure('storage-failed', { subject: 'small' });
    const broken: LibraryReader = {
      ...NOT_FOLLOWED,
      get: async () => succeed(WHOLE),
      readTrace: async () =>
        succeed(
          new ReadableStream<Uint8Array>({
            start(controller) {
              controller.enqueue(GZIPPED.subarray(0, 20));
            },
            pull(controller) {
              controller.error(failure);
            },
          }),
        ),
    };
    const source: Source = { kind: 'library', id: WHOLE.id };
    expect(await new Engine({ library: broken }).open(source)).toEqual(fail(failure));
    const missing = await new Engine({ library: null }).open({ kind: 'library', id: recordingId('nope') });
    expect(codeOf(missing)).toBe('recording-not-found');
  });

  test('can be cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    const result = await new Engine({ library: null }).open(fileOf(SMALL_TRACE), {
      signal: controller.signal,
    });
    expect(codeOf(result)).toBe('cancelled');
  });
});

describe('asking', () => {
  test('the chart has a row per depth', async () => {
    const engine = new Engine({ library: null });
    const { open } = await openOrThrow(engine, fileOf(SMALL_TRACE));
    const chart = await engine.chart(open);
    expect(chart.ok && listRows(chart.value)).toEqual([
      ['Task 1000–5000', 'Task 6000–7000'],
      ['Layout 2000–3000'],
      ['Commit 2500–2510'],
    ]);
  });

  test('breakdown and overview of a range agree and add up to it', async () => {
    const engine = new Engine({ library: null });
    const { open, mainThread, bounds } = await openOrThrow(engine, fileOf(SMALL_TRACE));
    const thread = mainThread ?? threadIndex(-1);
    const breakdown = await engine.breakdown(open, { thread, range: bounds });
    expect(breakdown.ok && breakdown.value).toMatchObject({
      system: 4,
      rendering: 1,
      idle: 1.1,
      scripting: 0,
    });
    const overview = await engine.overview(open, { thread, range: bounds, buckets: 61 });
    const busy = overview.ok ? overview.value.busy.reduce((sum, micros) => sum + micros, 0) : 0;
    expect(busy).toBeCloseTo(5_000, 1);
  });

  test('details name the path, the times and the children', async () => {
    const engine = new Engine({ library: null });
    const { open, mainThread } = await openOrThrow(engine, fileOf(SMALL_TRACE));
    const chart = await engine.chart(open);
    const slices = chart.ok ? [...chart.value.boxes.slice] : [];
    const task = await engine.details(open, sliceIndex(slices[0]));
    const layout = await engine.details(open, sliceIndex(slices[2]));
    expect(task.ok && task.value).toMatchObject({
      text: 'Task',
      total: 4_000,
      self: 3_000,
      children: 1,
      path: [],
    });
    expect(layout.ok && layout.value).toEqual({
      slice: slices[2],
      text: 'Layout',
      category: 'rendering',
      thread: mainThread,
      eventName: 'Layout',
      traceCategory: 'devtools.timeline',
      start: 2_000,
      total: 1_000,
      self: 1_000,
      source: null,
      path: [{ slice: slices[0], text: 'Task', category: 'system' }],
      children: 0,
      jsCall: false,
      endInferred: false,
      clipped: false,
      onThread: true,
      ...NO_LINKS,
    });
  });

  test('details of a task of a process that ended are as long as its box', async () => {
    const engine = new Engine({ library: null });
    const recipe = trace()
      .thread('CrRendererMain')
      .navigate('https://shop.test/', 0)
      .commit('https://shop.test/', 1)
      .slice('RunTask', 0, 900)
      .thread('CrRendererMain', { pid: 2 })
      .begin('RunTask', 10)
      .begin('Layout', 20)
      .slice('UpdateLayoutTree', 22, 30)
      .thread('Compositor', { pid: 2 })
      .slice('Commit', 20, 35);
    const { open } = await openOrThrow(engine, fileOf(recipe.text()));
    const chart = await engine.chart(open);
    if (!chart.ok) throw new Error(chart.failure.message);
    const { boxes, labels } = chart.value;
    const ofEnded = Array.from({ length: boxes.length }, (_, box) => box).filter(
      (box) => boxes.start[box] === micros(10) || labels[boxes.label[box]].eventName === 'Layout',
    );
    const told = await Promise.all(
      ofEnded.map(async (box) => {
        const details = await engine.details(open, sliceIndex(boxes.slice[box]));
        if (!details.ok) throw new Error(details.failure.message);
        const { text, total, self, endInferred } = details.value;
        expect(total).toBe(boxes.end[box] - boxes.start[box]);
        return [text, total, self, endInferred];
      }),
    );
    expect(told).toEqual([
      ['Task', 25_000, 10_000, true],
      ['Layout', 15_000, 7_000, true],
    ]);
  });

  test('a request begins with its network wherever it is told of', async () => {
    const engine = new Engine({ library: null });
    const request = (facts: object) => ({ args: { data: { requestId: '1', ...facts } } });
    const recipe = trace()
      .thread('CrRendererMain')
      .navigate('https://shop.test/', 0)
      .instant('ResourceSendRequest', 60, request({ url: 'https://shop.test/', resourceType: 'Document' }))
      // Chrome's clock is at 1 s at 0 ms.
      .instant('ResourceReceiveResponse', 61, request({ timing: { requestTime: 1.02, sendStart: 1 } }))
      .instant('ResourceFinish', 70, request({}));
    const opened = await openOrThrow(engine, fileOf(recipe.text()));
    const { slices } = engine.traceOf(opened.open)?.tables ?? { slices: { length: 0 } };
    const details = await engine.details(opened.open, sliceIndex(slices.length));
    expect(opened.requests.map(({ start }) => Math.round(start))).toEqual([micros(20)]);
    expect(details.ok && details.value.start).toBe(opened.requests[0].start);
  });

  test('a JavaScript call of a real trace names its place and the calls it came by', async () => {
    const engine = new Engine({ library: null });
    const file = await openAsBlob(join(SHARED, 'traces', 'ss-69-simple.json.gz'));
    const { open, sampleCount } = await openOrThrow(engine, {
      kind: 'file',
      name: 'ss-69-simple.json.gz',
      file,
    });
    expect(sampleCount).toBeGreaterThan(0);
    const chart = await engine.chart(open);
    if (!chart.ok) throw new Error(chart.failure.message);
    const { boxes, labels } = chart.value;
    const box = boxes.label.findIndex(
      (label) => labels[label].source !== null && labels[label].text === 'gamma',
    );
    const details = await engine.details(open, sliceIndex(boxes.slice[box]));
    expect(details.ok && details.value).toMatchObject({ text: 'gamma', jsCall: true, category: 'scripting' });
    expect(details.ok && details.value.source?.url).toContain('simple');
    expect(details.ok && details.value.path.map(({ text }) => text)).toContain('alpha');
  });

  test('a closed recording answers nothing more', async () => {
    const engine = new Engine({ library: null });
    const { open } = await openOrThrow(engine, fileOf(SMALL_TRACE));
    await engine.close(open);
    expect(codeOf(await engine.chart(open))).toBe('cancelled');
    expect(engine.traceOf(open)).toBeNull();
  });
});

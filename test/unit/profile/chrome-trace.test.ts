/**
 * The JSON export: what DevTools' own engine makes of it, what our reader makes of it, and broken sources.
 */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  CATEGORIES,
  type Category,
  classifySlices,
  computeBreakdown,
  findPageLoad,
} from '../../../src/analysis/index.ts';
import { writeChromeTrace } from '../../../src/profile/index.ts';
import { inflatedChunks, readTrace, type TraceTables } from '../../../src/trace/index.ts';
import { askDevTools, sumCategories } from '../../builders/devtools-engine.ts';
import { readTraceFile, SHARED } from '../../builders/shared-traces.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/traces', import.meta.url));
const fixture = (name: string): string => join(FIXTURES, name);

async function exportFile(path: string, tables: TraceTables): Promise<Uint8Array<ArrayBuffer>> {
  const stream = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  return exportBytes(inflatedChunks(stream), tables);
}

async function exportBytes(
  bytes: AsyncIterable<Uint8Array>,
  tables: TraceTables,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const page = findPageLoad(tables);
  for await (const piece of writeChromeTrace({ tables, page, metadata: { source: 'Pageflame' }, bytes }))
    pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

async function readBytes(bytes: Uint8Array<ArrayBuffer>): Promise<TraceTables> {
  const read = await readTrace(new Blob([bytes]).stream(), { subject: 'export' });
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
}

function mainBreakdown(tables: TraceTables, jsCalls: boolean): Record<Category, number> {
  const { mainThread } = findPageLoad(tables);
  return computeBreakdown(tables, classifySlices(tables), {
    thread: mainThread,
    range: tables.bounds,
    jsCalls,
  });
}

describe('DevTools loads it', () => {
  test.each([
    'single-page.pftrace.gz',
    'known-costs.pftrace.gz',
    'workers.pftrace.gz',
    'several-navigations.pftrace.gz',
    'cross-process.pftrace.gz',
    'frame-of-other-site.pftrace.gz',
    'twins.pftrace.gz',
    'twins.json.gz',
  ])('%s: it finds the page and the same breakdown', { timeout: 60_000 }, async (name) => {
    const tables = await readTraceFile(fixture(name));
    const page = findPageLoad(tables);
    const { pid, tid } = tables.threads;
    const ids = [pid[page.mainThread], tid[page.mainThread]] as const;
    const json = new TextDecoder().decode(await exportFile(fixture(name), tables));
    const { mainFrame, onMainFrame, entriesOf } = await askDevTools(json);
    const sums = await sumCategories(entriesOf(...ids));
    expect(mainFrame).toMatch(/^[0-9A-F]{32}$/);
    expect(onMainFrame).toContain(ids[0]);
    const ours = mainBreakdown(tables, false);
    for (const category of ['loading', 'scripting', 'rendering', 'painting'] as const)
      expect(Math.abs((sums[category] ?? 0) - ours[category]), category).toBeLessThan(0.01);
    expect(Math.abs((sums.other ?? 0) - ours.system), 'system').toBeLessThan(0.01);
  });
});

test('user timings of a Perfetto trace: begin and end have one name and one id', async () => {
  const tables = await readTraceFile(fixture('twins.pftrace.gz'));
  const { traceEvents } = JSON.parse(
    new TextDecoder().decode(await exportFile(fixture('twins.pftrace.gz'), tables)),
  );
  interface AsyncEvent {
    readonly name: string;
    readonly ph: string;
    readonly id: string;
    readonly cat: string;
  }
  const events: AsyncEvent[] = traceEvents.filter(({ ph }: AsyncEvent) => ph === 'b' || ph === 'e');
  const [begin, end] = events.filter(({ cat }) => cat === 'blink.user_timing');
  expect(begin).toMatchObject({ name: 'measured', ph: 'b', id: expect.stringMatching(/^0x[0-9a-f]+$/) });
  expect(end).toMatchObject({ name: 'measured', ph: 'e', id: begin.id, cat: begin.cat });
  expect(events.filter(({ name }) => name === '')).toEqual([]);
});

describe('our reader finds in it what it found in the source', () => {
  test.each([
    'single-page.pftrace.gz',
    'workers.pftrace.gz',
    'cross-process.pftrace.gz',
    'buffer-full.pftrace.gz',
  ])('%s', async (name) => {
    const before = await readTraceFile(fixture(name));
    const after = await readBytes(await exportFile(fixture(name), before));
    expect(after.format).toBe('json');
    expect(after.samples.length).toBe(before.samples.length);
    expect(after.bounds.start).toBeCloseTo(before.bounds.start, 2);
    expect(findPageLoad(after).url).toBe(findPageLoad(before).url);
    for (const jsCalls of [false, true]) {
      const [one, other] = [mainBreakdown(before, jsCalls), mainBreakdown(after, jsCalls)];
      for (const category of CATEGORIES)
        expect(Math.abs(one[category] - other[category]), category).toBeLessThan(0.02);
    }
    const named = ({ threads, strings }: TraceTables): string[] =>
      Array.from(
        threads.pid,
        (pid, row) => `${pid}:${threads.tid[row]} ${strings.get(threads.name[row])}`,
      ).filter((text) => !text.startsWith('0:0 ') && !text.endsWith(' '));
    expect(named(after).sort()).toEqual(expect.arrayContaining(named(before).sort()));
  });
});

describe('JSON sources', () => {
  const REACT = join(SHARED, 'traces/react.json.gz');
  let tables: TraceTables;
  let plain: Buffer;
  beforeAll(async () => {
    tables = await readTraceFile(REACT);
    plain = gunzipSync(readFileSync(REACT));
  });

  test('with all that DevTools needs: byte for byte', async () => {
    expect(existsSync(REACT)).toBe(true);
    expect(Buffer.from(await exportFile(REACT, tables)).equals(plain)).toBe(true);
  });

  async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  /** One page in a process without a browser, as an extension records it. */
  const events = [
    {
      name: 'thread_name',
      ph: 'M',
      pid: 5,
      tid: 5,
      ts: 0,
      cat: '__metadata',
      args: { name: 'CrRendererMain' },
    },
    {
      name: 'navigationStart',
      ph: 'R',
      pid: 5,
      tid: 5,
      ts: 100,
      cat: 'blink.user_timing',
      args: {
        frame: 'F1',
        data: {
          documentLoaderURL: 'https://a.test/',
          isOutermostMainFrame: true,
          isLoadingMainFrame: true,
          navigationId: 'N',
        },
      },
    },
    {
      name: 'CommitLoad',
      ph: 'X',
      pid: 5,
      tid: 5,
      ts: 110,
      dur: 3,
      cat: 'devtools.timeline',
      args: {
        data: {
          frame: 'F1',
          url: 'https://a.test/',
          isMainFrame: true,
          isOutermostMainFrame: true,
          name: 'a "]}" \\',
        },
      },
    },
    { name: 'RunTask', ph: 'X', pid: 5, tid: 5, ts: 120, dur: 50, cat: 'toplevel', args: {} },
  ];
  const forms: [string, string][] = [
    ['a list', JSON.stringify(events)],
    ['metadata behind', JSON.stringify({ traceEvents: events, metadata: { x: '[{' } })],
    [
      'metadata before',
      JSON.stringify({ metadata: { traceEvents: [1, '"'] }, otherData: 'traceEvents', traceEvents: events }),
    ],
    ['much white space', JSON.stringify({ traceEvents: events, metadata: {} }, null, 4)],
  ];

  test.each(forms)('%s: what names the page is put in front, wherever pieces are cut', async (_, text) => {
    const bytes = new TextEncoder().encode(text);
    const own = await readBytes(bytes);
    for (let size = 1; size < bytes.length + 7; size += 13) {
      const file = JSON.parse(new TextDecoder().decode(await exportBytes(inPieces(bytes, size), own)));
      const list: { name: string; ts: number }[] = file.traceEvents ?? file;
      expect(list.map(({ name }) => name)).toEqual([
        'TracingStartedInBrowser',
        'FrameCommittedInBrowser',
        ...events.map(({ name }) => name),
      ]);
      expect(list[0].ts).toBe(own.bounds.start);
      expect({ ...file, traceEvents: [] }).toMatchObject(
        Array.isArray(file)
          ? {}
          : JSON.parse(text).metadata === undefined
            ? {}
            : { metadata: JSON.parse(text).metadata },
      );
    }
  });

  const bare = {
    name: 'TracingStartedInBrowser',
    ph: 'I',
    pid: 1,
    tid: 1,
    ts: 50,
    args: { frameTreeNodeId: 5 },
  };

  test.each([
    ['no data at all', bare],
    ['data without frames', { ...bare, args: { data: { sessionId: 's' } } }],
    ['no frames in its list', { ...bare, args: { data: { frames: [] } } }],
  ])('a start of the browser that tells %s is told them, in its place', async (_, started) => {
    const text = JSON.stringify({ traceEvents: [events[0], started, ...events.slice(1), {}] }, null, 1);
    const bytes = new TextEncoder().encode(text);
    const own = await readBytes(bytes);
    for (const size of [1, 13, 1 << 20]) {
      const json = new TextDecoder().decode(await exportBytes(inPieces(bytes, size), own));
      const list: { name: string; args: Record<string, unknown> }[] = JSON.parse(json).traceEvents;
      expect(list.map(({ name }) => name)).toEqual([
        'FrameCommittedInBrowser',
        events[0].name,
        'TracingStartedInBrowser',
        ...events.slice(1).map(({ name }) => name),
        '',
      ]);
      expect(list[2].args).toMatchObject({
        ...started.args,
        data: { frames: [{ frame: 'F1', processId: 5 }] },
      });
      expect(await askDevTools(json)).toMatchObject({ mainFrame: 'F1', onMainFrame: [5] });
    }
  });

  test.each(['ss-65-simple-timeline', 'ss-66-worker'])(
    '%s: DevTools finds the page that ours finds',
    async (name) => {
      const path = join(SHARED, `traces/odd/${name}.json.gz`);
      await expect(askDevTools(gunzipSync(readFileSync(path)).toString())).rejects.toThrow('No frames found');
      const own = await readTraceFile(path);
      const { mainThread } = findPageLoad(own);
      const answer = await askDevTools(new TextDecoder().decode(await exportFile(path, own)));
      expect(answer.mainThread).toMatchObject({
        pid: own.threads.pid[mainThread],
        tid: own.threads.tid[mainThread],
      });
    },
  );

  test.each(forms)('%s: a byte order mark in front and garbage behind are left out', async (_, text) => {
    const dirty = new TextEncoder().encode(`\ufeff${text}\n}garbage[`);
    const own = await readBytes(dirty);
    for (const size of [64, 1 << 20]) {
      const file = JSON.parse(
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(await exportBytes(inPieces(dirty, size), own)),
      );
      expect((file.traceEvents ?? file).length).toBe(2 + events.length);
    }
  });

  test.each(forms)('%s: cut off anywhere, it still is JSON, with every whole event', async (_, text) => {
    const bytes = new TextEncoder().encode(text);
    const own = await readBytes(bytes);
    const opened = text.lastIndexOf('thread_name');
    for (let length = opened; length < bytes.length; length += 7) {
      const cut = bytes.subarray(0, length);
      const file = JSON.parse(new TextDecoder().decode(await exportBytes(inPieces(cut, 64), own)));
      const list: { name: string }[] = file.traceEvents ?? file;
      expect(list.length).toBeGreaterThanOrEqual(2);
    }
  });
});

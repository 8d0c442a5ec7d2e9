/**
 * Real recordings of Chromium 156, made by an extension over chrome.debugger with Pageflame's categories:
 *  known-costs: a page whose script is busy for 10 ms in f1, which calls f2 (20 ms), which calls f3 (30 ms); a forced
 *    layout loop, a worker (15 ms), a fetch, `performance.measure` and `console.time` around them.
 *  buffer-full: the same page with a trace buffer of 64 KB, which overflowed.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceTables } from '../../../src/trace/tables.ts';
import { blocksOf, openKeepingBuilder, readEach, type SeenEvent } from '../../builders/perfetto.ts';

interface Recording {
  readonly bytes: Uint8Array;
  readonly events: readonly SeenEvent[];
  readonly tables: TraceTables;
}

async function open(name: string): Promise<Recording> {
  const bytes = new Uint8Array(
    gunzipSync(readFileSync(new URL(`../../fixtures/traces/${name}`, import.meta.url))),
  );
  const builder = await openKeepingBuilder();
  const { isTrace, ...facts } = await readEach(
    blocksOf(bytes, () => 4096),
    builder,
  );
  expect(isTrace).toBe(true);
  return {
    bytes,
    events: builder.events,
    tables: builder.settle({ format: 'perfetto', ...facts }),
  };
}

const knownCosts = await open('known-costs.pftrace.gz');

describe('a recording of known costs', () => {
  const { events, tables, bytes } = knownCosts;
  const threadNames = Array.from(tables.threads.name, (row) => tables.strings.get(row));

  it('is read whole', () => {
    expect(tables.eventCount).toBe(2429);
    expect(events.length).toBe(2429);
    expect(tables.byteLength).toBe(bytes.length);
    const { endsWithoutBegin, beginsWithoutEnd, ...faults } = tables.diagnostics;
    // The task during which tracing began, and the one during which it ended.
    expect([endsWithoutBegin, beginsWithoutEnd]).toEqual([1, 1]);
    expect(Object.values(faults).every((count) => count === 0)).toBe(true);
    expect(events.every(({ offset }) => bytes[offset] === 0x0a)).toBe(true);
  });

  it('has the threads of one renderer', () => {
    expect(threadNames.toSorted()).toEqual([
      'Chrome_ChildIOThread',
      'Compositor',
      'CrRendererMain',
      'DedicatedWorker thread',
      'DedicatedWorker thread',
      'PerfettoTrace',
      'ThreadPoolForegroundWorker',
      'ThreadPoolForegroundWorker',
      'ThreadPoolServiceThread',
      'v8:ProfEvntProc',
      'v8:ProfEvntProc',
    ]);
    expect(new Set(tables.threads.pid)).toEqual(new Set([8467]));
    expect(new Set(Array.from(tables.threads.processName, (row) => tables.strings.get(row)))).toEqual(
      new Set(['Renderer']),
    );
  });

  it('keeps time on the clock of Chrome’s JSON, and knows the wall clock', () => {
    // V8 writes the profile's start into its arguments, as microseconds of the clock that JSON's `ts` is of.
    for (const { time, args } of events.filter(({ name }) => name === 'Profile')) {
      const { startTime } = Object(args.data);
      expect(Math.abs(time - startTime)).toBeLessThan(100);
    }
    expect(tables.bounds).toEqual({ start: 3503357046.483, end: 3503936641.786 });
    const startedAt = (tables.unixMillisAtZero ?? 0) + tables.bounds.start / 1000;
    expect(new Date(startedAt).toISOString()).toBe('2026-11-21T11:08:38.280Z');
  });

  it('has V8’s samples, of the page and of its worker', () => {
    expect(tables.samples.length).toBe(4477);
    const byThread = threadNames.map((name, row) => [name, tables.threads.samples[row]] as const);
    expect(byThread.filter(([, samples]) => samples > 0)).toEqual([
      ['CrRendererMain', 2477],
      ['DedicatedWorker thread', 2000],
    ]);
  });

  it('finds sampleTraceId where the arguments have it', () => {
    let found = 0;
    for (const { args, sampleTraceId } of events) {
      const inDict = (name: string): unknown => Object(args[name]).sampleTraceId;
      const right = inDict('beginData') ?? args.sampleTraceId ?? inDict('data') ?? 0;
      expect(sampleTraceId).toBe(right);
      if (right !== 0) found++;
    }
    expect(found).toBeGreaterThan(50);
  });

  it('has every end on the thread of its begin: nothing is left open but the last task', () => {
    const open = new Map<string, number>();
    let strayEnds = 0;
    for (const { phase, pid, tid } of events) {
      const thread = `${pid}/${tid}`;
      const depth = open.get(thread) ?? 0;
      if (phase === 'B') open.set(thread, depth + 1);
      if (phase !== 'E') continue;
      if (depth === 0) strayEnds++;
      else open.set(thread, depth - 1);
    }
    expect(strayEnds).toBe(1);
    expect([...open.values()].reduce((sum, depth) => sum + depth, 0)).toBe(1);
  });

  it('times what the page itself measured', () => {
    const durationOf = (name: string): number => {
      const row = tables.strings.find(name);
      return tables.asyncSlices.duration[tables.asyncSlices.name.indexOf(row)] / 1000;
    };
    expect(durationOf('known cost')).toBeCloseTo(62.1, 1);
    expect(durationOf('fetching')).toBeCloseTo(21.5, 1);
    expect(durationOf('AnimationFrame::Script::Execute')).toBeCloseTo(67.5, 1);
  });

  it('has the marks that the page’s load is read from, with their arguments', () => {
    const times = tables.marks.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const marks = new Map(tables.marks.map((mark) => [mark.name, mark.args]));
    const navigations = tables.marks.filter(({ name }) => name === 'navigationStart');
    // The page's, and the empty document's that stands in its frame before it.
    expect(navigations.map(({ args }) => Object(args.data).documentLoaderURL)).toEqual([
      'http://localhost:8123/',
      '',
    ]);
    expect(navigations[0].args).toMatchObject({
      data: { isOutermostMainFrame: true, isLoadingMainFrame: true },
    });
    expect(marks.get('CommitLoad')).toMatchObject({
      data: { isMainFrame: true, isOutermostMainFrame: true, name: '', url: 'http://localhost:8123/' },
    });
    expect(marks.get('ResourceSendRequest')).toMatchObject({ data: { requestMethod: 'GET' } });
    expect([...marks.keys()]).toEqual(
      expect.arrayContaining([
        'firstContentfulPaint',
        'largestContentfulPaint::Candidate',
        'MarkLoad',
        'MarkDOMContent',
      ]),
    );
  });
});

describe('a real recording, mistreated', () => {
  const read = async (bytes: Uint8Array, blockBytes: number): Promise<TraceTables> => {
    const builder = await openKeepingBuilder();
    await readEach(
      blocksOf(bytes, () => blockBytes),
      builder,
    );
    return builder.settle({ format: 'perfetto', byteLength: 0, unixMillisAtZero: null, metadata: {} });
  };

  it('gives the same tables in one block as in many', async () => {
    const whole = await read(knownCosts.bytes, knownCosts.bytes.length);
    expect(await read(knownCosts.bytes, 61)).toEqual(whole);
  });

  it('never throws, whatever bytes of it are wrong', async () => {
    const { bytes } = knownCosts;
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 60 }), async (changes) => {
        const wrong = bytes.slice();
        for (const [at, value] of changes) wrong[at] = value;
        expect((await read(wrong, 65536)).eventCount).toBeLessThanOrEqual(3000);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a recording whose buffer was full', () => {
  it('says how many chunks were lost; the rest is whole', async () => {
    const { tables } = await open('buffer-full.pftrace.gz');
    expect(tables.diagnostics.droppedPackets).toBeGreaterThan(0);
    expect(tables.diagnostics).toMatchObject({ cutOff: 0, malformedEvents: 0, packetsWithoutState: 0 });
  });
});

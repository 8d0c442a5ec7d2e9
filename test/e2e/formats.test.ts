/**
 * The same page recorded three times over the protobuf path and three times over JSON, by the same recorder: what the
 * two formats say must be the same but for the noise between runs, which the test measures itself.
 * JSON is got as users get it: from a session that refuses the protobuf stream.
 */
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATEGORIES, computeBreakdown } from '../../src/analysis/index.ts';
import { type CdpParams, type CdpSession, NO_MEMORY, Recorder } from '../../src/capture/index.ts';
import { findChromium } from '../../src/cli/find-chromium.mjs';
import { Engine, type OpenTrace } from '../../src/engine/index.ts';
import { FileStore } from '../../src/recording/file-store.node.ts';
import { DEFAULT_CAPTURE_OPTIONS, newRecordingId } from '../../src/recording/index.ts';
import { SLICE_JS_CALL, THREAD_ROLES } from '../../src/trace/index.ts';
import { openSite, type Site } from './harness/site.ts';

type Format = 'perfetto' | 'json';

const RUNS = 3;
/** A name may be missing from three runs by chance (a garbage collection); it is looked for in this many more. */
const FURTHER_RUNS = 3;
/** A machine that is busy with other things makes Chrome lose packets; such a recording is made again. */
const TRIES = 4;

let site: Site;
let browser: Browser;
let folder: string;
const runs: Record<Format, OpenTrace[]> = { perfetto: [], json: [] };

beforeAll(async () => {
  const found = findChromium();
  if (found === null) throw new Error('no Chromium: run `npm run setup`');
  site = await openSite();
  folder = await mkdtemp(join(tmpdir(), 'pageflame-formats-'));
  browser = await chromium.launch({ executablePath: found.path });
  // The first trace of a browser's life is another one: it starts what the later ones find running.
  await record('perfetto');
  for (let run = 0; run < RUNS; run++) {
    runs.perfetto.push(await record('perfetto'));
    runs.json.push(await record('json'));
  }
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

class PageSession implements CdpSession {
  readonly #page: Page;
  readonly #format: Format;
  #session: CDPSession | null = null;
  recorder: Recorder | null = null;

  constructor(page: Page, format: Format) {
    this.#page = page;
    this.#format = format;
  }

  async open(): Promise<void> {
    const session = await this.#page.context().newCDPSession(this.#page);
    session.on('event', ({ method, params }) => this.recorder?.handleEvent(method, { ...params }));
    this.#session = session;
  }

  async send(method: string, params?: CdpParams): Promise<CdpParams> {
    if (this.#session === null) throw new Error('Not attached to an active page');
    if (method === 'Tracing.start' && params?.streamFormat === 'proto' && this.#format === 'json')
      throw new Error('Invalid parameters: streamFormat');
    const session: { send(method: string, params?: CdpParams): Promise<CdpParams> } = this.#session;
    return session.send(method, params);
  }

  async close(): Promise<void> {
    await this.#session?.detach();
  }
}

async function record(format: Format): Promise<OpenTrace> {
  for (let left = TRIES; left > 1; left--) {
    const trace = await recordOnce(format);
    if (!hasLost(trace)) return trace;
  }
  return recordOnce(format);
}

function hasLost({ tables, recording }: OpenTrace): boolean {
  const { droppedPackets, packetsWithoutState } = tables.diagnostics;
  // What Chrome's own conversion to JSON had to skip.
  const stats = Object(tables.metadata.trace_processor_stats);
  const skipped = Number(stats.packet_skipped_seq_needs_incremental_state_invalid ?? 0);
  return recording?.dataLoss === true || droppedPackets + packetsWithoutState + skipped > 0;
}

async function recordOnce(format: Format): Promise<OpenTrace> {
  const page = await browser.newPage();
  const url = `${site.origin}/varied.html`;
  const store = expectValue(await FileStore.open());
  try {
    const session = new PageSession(page, format);
    const recorder = Recorder.begin(
      { session, store, memory: NO_MEMORY },
      {
        id: newRecordingId(),
        url,
        title: '',
        load: { kind: 'navigate', url },
        options: DEFAULT_CAPTURE_OPTIONS,
        browser: `Chrome/${browser.version()}`,
        recorder: 'test',
        devtoolsOpen: false,
      },
    );
    session.recorder = recorder;
    const recording = expectValue(await recorder.ended);
    expect(recording.trace?.format).toBe(format);
    const path = join(folder, `${recording.id}.pageflame`);
    await writeFile(path, expectValue(await store.pack(recording.id)).file);
    const engine = new Engine({ library: null });
    const file = await openAsBlob(path);
    const opened = expectValue(await engine.open({ kind: 'file', name: 'formats', file }));
    const trace = engine.traceOf(opened.open);
    if (trace === null) throw new Error('the recording is not open');
    expect(trace.tables.format).toBe(format);
    return trace;
  } finally {
    await store.close();
    await page.close();
  }
}

function expectValue<T>(result: { ok: true; value: T } | { ok: false; failure: { message: string } }): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const otherOf = (format: Format): Format => (format === 'json' ? 'perfetto' : 'json');

function sliceNames({ tables }: OpenTrace): Set<string> {
  const { slices, asyncSlices, strings } = tables;
  const names = new Set<string>();
  // What samples say is another matter: a short function is met or missed.
  for (let row = 0; row < slices.length; row++)
    if ((slices.flags[row] & SLICE_JS_CALL) === 0) names.add(strings.get(slices.name[row]));
  // Chrome's JSON makes an async instant of a slice that took no time.
  for (let row = 0; row < asyncSlices.length; row++)
    if (asyncSlices.duration[row] > 0) names.add(strings.get(asyncSlices.name[row]));
  return names;
}

/** Threads of the page's own process that did anything, counted by role. */
function threadsByRole({ tables, page }: OpenTrace): Map<string, number> {
  const { threads } = tables;
  const counts = new Map<string, number>();
  for (let row = 0; row < threads.length; row++) {
    if (threads.pid[row] !== threads.pid[page.mainThread]) continue;
    if (threads.firstSlice[row] === threads.endSlice[row] && threads.samples[row] === 0) continue;
    const role = THREAD_ROLES[threads.role[row]];
    counts.set(role, (counts.get(role) ?? 0) + 1);
  }
  return counts;
}

/** Smallest and largest value over the runs of one format. */
function rangeOf(format: Format, measure: (trace: OpenTrace) => number): { low: number; high: number } {
  const values = runs[format].map(measure);
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** The formats differ by no more than the runs of one of them do among themselves, and `slack`. */
function expectSame(what: string, measure: (trace: OpenTrace) => number, slack: number): void {
  const perfetto = rangeOf('perfetto', measure);
  const json = rangeOf('json', measure);
  const noise = Math.max(perfetto.high - perfetto.low, json.high - json.low) + slack;
  const gap = Math.max(perfetto.low - json.high, json.low - perfetto.high);
  expect(gap, `${what}: ${JSON.stringify({ perfetto, json })}`).toBeLessThanOrEqual(noise);
}

describe('both formats', () => {
  it('have a main thread, and the same threads by role beside it', () => {
    const roles = new Set(
      [...runs.perfetto, ...runs.json].flatMap((trace) => [...threadsByRole(trace).keys()]),
    );
    expect(roles).toContain('main');
    expect(roles).toContain('worker');
    expect(roles).toContain('compositor');
    for (const role of roles) {
      // A pool starts threads as it needs them; the runs of one format differ in them, too.
      expectSame(role, (trace) => threadsByRole(trace).get(role) ?? 0, 0);
    }
    for (const trace of [...runs.perfetto, ...runs.json]) expect(threadsByRole(trace).get('main')).toBe(1);
  });

  it.each(['perfetto', 'json'] as const)(
    'have every slice name that is in all runs of %s',
    async (format) => {
      const [first, ...others] = runs[format].map(sliceNames);
      const steady = [...first].filter((name) => others.every((names) => names.has(name)));
      expect(steady.length).toBeGreaterThan(100);
      const seen = runs[otherOf(format)].map(sliceNames);
      const missing = (): string[] => steady.filter((name) => !seen.some((names) => names.has(name)));
      for (let run = 0; run < FURTHER_RUNS && missing().length > 0; run++)
        seen.push(sliceNames(await record(otherOf(format))));
      expect(missing()).toEqual([]);
    },
  );

  it('break the page window down alike', () => {
    const breakdownOf = ({ tables, classes, page }: OpenTrace) => {
      if (page.window === null) throw new Error('the page has no window');
      return computeBreakdown(tables, classes, {
        thread: page.mainThread,
        range: page.window,
        jsCalls: true,
      });
    };
    for (const category of CATEGORIES) expectSame(category, (trace) => breakdownOf(trace)[category], 1);
    // Known: 60 ms in f1, f2 and f3.
    expect(rangeOf('perfetto', (trace) => breakdownOf(trace).scripting).low).toBeGreaterThan(60);
  });

  it.each([
    ['f1', 60],
    ['f2', 50],
    ['f3', 30],
  ])('time %s alike', (name, millis) => {
    const totalOf = ({ tables }: OpenTrace): number => {
      const { slices, strings } = tables;
      const row = strings.find(name);
      let micros = 0;
      for (let i = 0; i < slices.length; i++)
        if (slices.name[i] === row && (slices.flags[i] & SLICE_JS_CALL) !== 0) micros += slices.duration[i];
      return micros / 1000;
    };
    expectSame(name, totalOf, 2);
    for (const format of ['perfetto', 'json'] as const) {
      const best = Math.min(...runs[format].map((trace) => Math.abs(totalOf(trace) - millis)));
      expect(best, `${name} in ${format}`).toBeLessThan(millis * 0.2);
    }
  });

  it('have the same marks, with arguments of the same shape', () => {
    // Of the page's own process: a browser's other pages (its address bar is one) load when they like.
    const shapesOf = ({ tables, page }: OpenTrace): Map<string, Set<string>> => {
      const shapes = new Map<string, Set<string>>();
      for (const { name, args, pid } of tables.marks) {
        if (pid !== tables.threads.pid[page.mainThread]) continue;
        const set = shapes.get(name) ?? new Set();
        shapes.set(name, set.add(shapeOf(args)));
      }
      return shapes;
    };
    const [perfetto, json] = (['perfetto', 'json'] as const).map((format) =>
      mergeShapes(runs[format].map(shapesOf)),
    );
    const steady = [...perfetto.keys()].filter((name) => json.has(name));
    expect(steady).toEqual(
      expect.arrayContaining(['navigationStart', 'CommitLoad', 'ResourceSendRequest', 'MarkLoad']),
    );
    // Not every load has every shape: a response out of the cache has no timing.
    for (const name of steady) {
      const shared = perfetto.get(name)?.filter((shape) => json.get(name)?.includes(shape));
      expect([name, shared]).not.toEqual([name, []]);
    }
  });

  it('take samples as often, and lose none', () => {
    const perMilli = ({ tables }: OpenTrace): number =>
      tables.samples.length / ((tables.bounds.end - tables.bounds.start) / 1000);
    expectSame('samples per ms', perMilli, 1);
    for (const { tables } of [...runs.perfetto, ...runs.json]) {
      const { orphanSamples, malformedEvents, cutOff, droppedPackets, packetsWithoutState, badTimes } =
        tables.diagnostics;
      expect([orphanSamples, malformedEvents, cutOff, droppedPackets, packetsWithoutState, badTimes]).toEqual(
        new Array(6).fill(0),
      );
      expect(tables.samples.length).toBeGreaterThan(100);
    }
  });
});

/** Keys and types of a value, sorted; lists by their first item. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length > 0 ? shapeOf(value[0]) : ''}]`;
  if (typeof value !== 'object' || value === null) return typeof value;
  const entries = Object.entries(value).map(([key, item]) => `${key}:${shapeOf(item)}`);
  return `{${entries.sort().join(',')}}`;
}

function mergeShapes(maps: readonly ReadonlyMap<string, ReadonlySet<string>>[]): Map<string, string[]> {
  const merged = new Map<string, Set<string>>();
  for (const map of maps)
    for (const [name, shapes] of map) merged.set(name, new Set([...(merged.get(name) ?? []), ...shapes]));
  return new Map([...merged].map(([name, shapes]) => [name, [...shapes].sort()]));
}

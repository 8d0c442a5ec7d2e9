/**
 * Loads of every kind, as Chromium 156 recorded them: which thread is the page's, and when its load begins and ends.
 * The pages call functions that say where they run (`workInner`); docs/page-load.md has the rules, and how the files were
 * made.
 */
import { describe, expect, test } from 'vitest';
import {
  classifySlices,
  computeTraceVitals,
  findPageLoad,
  type PageLoad,
} from '../../../src/analysis/index.ts';
import { SLICE_INSTANT, SLICE_JS_CALL, type TraceTables } from '../../../src/trace/index.ts';
import { findBrokenRules } from '../../builders/invariants.ts';
import { readFixture } from '../../builders/shared-traces.ts';

interface Load {
  readonly tables: TraceTables;
  readonly page: PageLoad;
  /** Path of the page's URL. */
  readonly path: string;
  /** Milliseconds from the trace's begin. */
  readonly start: number;
  readonly end: number;
  readonly traceEnd: number;
  /** Milestone → milliseconds from navigation start. */
  readonly milestones: Readonly<Record<string, number>>;
}

async function load(name: string): Promise<Load> {
  const tables = await readFixture(name);
  expect(findBrokenRules(tables)).toEqual([]);
  const page = findPageLoad(tables);
  const { window, milestones } = page;
  if (window === null) throw new Error('no page window');
  const zero = milestones.find((milestone) => milestone.name === 'navigationStart')?.time ?? Number.NaN;
  const since = (time: number): number => (time - tables.bounds.start) / 1000;
  return {
    tables,
    page,
    path: new URL(page.url).pathname,
    start: since(window.start),
    end: since(window.end),
    traceEnd: since(tables.bounds.end),
    milestones: Object.fromEntries(milestones.map(({ name: key, time }) => [key, (time - zero) / 1000])),
  };
}

/** Function → names of the threads that called it, `*` behind the page's own main thread. */
function placesOf({ tables, page }: Load): Record<string, string> {
  const { slices, strings, threads } = tables;
  const places: Record<string, string> = {};
  for (let row = 0; row < slices.length; row++) {
    const name = strings.get(slices.name[row]);
    if ((slices.flags[row] & SLICE_JS_CALL) === 0 || !name.startsWith('work')) continue;
    const thread = slices.thread[row];
    const mark = thread === page.mainThread ? '*' : page.onMainFrame.has(thread) ? '' : ' of another process';
    places[name] = `${strings.get(threads.name[thread])}${mark}`;
  }
  return places;
}

test('several navigations: the last', async () => {
  const found = await load('several-navigations.pftrace.gz');
  expect(found.path).toBe('/three.html');
  expect(found.end).toBe(found.traceEnd);
  // The three documents share a process: each ran on the page's main thread, the last one inside the window.
  expect(placesOf(found)).toEqual({
    workOne: 'CrRendererMain*',
    workTwo: 'CrRendererMain*',
    workThree: 'CrRendererMain*',
  });
  expect(found.milestones.firstContentfulPaint).toBeGreaterThan(found.milestones.domInteractive ?? 0);
});

test('a navigation to another site: the new process, whose navigationStart came before it was traced', async () => {
  const found = await load('cross-process.pftrace.gz');
  expect(found.path).toBe('/there.html');
  // Both processes rendered the main frame, one after the other; the page's is the last.
  expect(placesOf(found)).toEqual({
    workHere: 'CrRendererMain',
    workThere: 'CrRendererMain*',
  });
  expect(
    found.tables.marks.some((mark) => mark.name === 'navigationStart' && mark.pid === pidOf(found)),
  ).toBe(false);
  // The web-vitals library, inside the page, measured 176 ms.
  expect(found.milestones.firstContentfulPaint).toBeGreaterThan(174);
  expect(found.milestones.firstContentfulPaint).toBeLessThan(177);
});

const pidOf = ({ tables, page }: Load): number => tables.threads.pid[page.mainThread];

test('a frame of another site: its process is not the page’s, and the load event waits for it', async () => {
  const found = await load('frame-of-other-site.pftrace.gz');
  expect(found.path).toBe('/frames.html');
  expect(placesOf(found)).toEqual({
    workOuter: 'CrRendererMain*',
    workInner: 'CrRendererMain of another process',
  });
  expect(found.milestones.load).toBeGreaterThan((found.milestones.domContentLoaded ?? 0) + 80);
});

test('workers of three kinds are threads beside the main thread, each with its own calls', async () => {
  const found = await load('workers.pftrace.gz');
  expect(placesOf(found)).toEqual({
    workPage: 'CrRendererMain*',
    workDedicated: 'DedicatedWorker thread',
    workShared: 'SharedWorker thread',
    workService: 'ServiceWorker thread',
    workFetch: 'ServiceWorker thread',
  });
});

test('a navigation inside the document is no load', async () => {
  const found = await load('single-page.pftrace.gz');
  expect(found.path).toBe('/app.html');
  expect(found.start).toBeLessThan(50);
  expect(found.end).toBe(found.traceEnd);
  expect(placesOf(found)).toEqual({ workApp: 'CrRendererMain*', workRoute: 'CrRendererMain*' });
});

describe('a prerendered page', () => {
  test('that was shown: its process, and the load begins when it is shown', async () => {
    const found = await load('prerender-shown.pftrace.gz');
    expect(found.path).toBe('/target.html');
    expect(found.page.urlOfProcess.get(pidOf(found))).toContain('/target.html');
    const { prerenderStart, domContentLoaded, load: loaded, firstContentfulPaint } = found.milestones;
    expect(prerenderStart).toBeLessThan(-1400);
    // It had been loaded before anybody saw it.
    expect([domContentLoaded, loaded]).toEqual([0, 0]);
    expect(firstContentfulPaint).toBeGreaterThan(20);
    expect(firstContentfulPaint).toBeLessThan(200);
    expect(computeTraceVitals(found.tables, found.page)).toMatchObject({ fcp: firstContentfulPaint });
  });

  test('that was never shown is not the page', async () => {
    const found = await load('prerender-unused.pftrace.gz');
    expect(found.path).toBe('/unused.html');
    const urls = [...found.page.urlOfProcess.values()].map((url) => new URL(url).pathname);
    expect(urls.sort()).toEqual(['/target.html', '/unused.html']);
    expect(found.end).toBe(found.traceEnd);
  });
});

test('a page that comes back from the back/forward cache ends the load of the one before, and is none itself', async () => {
  const found = await load('back-forward-cache.pftrace.gz');
  expect(found.path).toBe('/second.html');
  expect(found.end).toBeLessThan(found.traceEnd - 1000);
  // The page itself noted when it was back.
  const { tables } = found;
  const { strings, slices } = tables;
  const shown = slices.start[slices.name.findIndex((name) => strings.get(name) === 'pageshow true')];
  expect(found.end).toBeLessThan((shown - tables.bounds.start) / 1000);
  expect(found.end).toBeGreaterThan((shown - tables.bounds.start) / 1000 - 50);
});

test("Node's own trace: no page, its main thread with V8's samples, nothing hidden", async () => {
  const tables = await readFixture('node.json.gz');
  expect(findBrokenRules(tables)).toEqual([]);
  const { mainThread, window } = findPageLoad(tables);
  expect([mainThread, window]).toEqual([-1, null]);
  const { threads, slices, strings, samples } = tables;
  const main = Array.from(threads.name, (row) => strings.get(row)).indexOf('JavaScriptMainThread');
  expect(threads.samples[main]).toBe(samples.length);
  const calls = Array.from(slices.name, (name, row) => ({ name: strings.get(name), row })).filter(
    ({ row }) => (slices.flags[row] & SLICE_JS_CALL) !== 0,
  );
  expect(calls.map(({ name }) => name)).toContain('processTicksAndRejections');
  expect(calls.every(({ row }) => slices.thread[row] === main)).toBe(true);
  expect(
    classifySlices(tables).visible.every(
      (each, row) => each === 1 || (slices.flags[row] & SLICE_INSTANT) !== 0,
    ),
  ).toBe(true);
});

/**
 * Pages whose cost is known, recorded by the real toolbar button: what the flame chart's data says of them is what they
 * did. One browser records them one after the other, as its user would.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Breakdown, computeBreakdown } from '../../src/analysis/index.ts';
import { ensure, lowerBound } from '../../src/base/index.ts';
import { Engine, type OpenTrace } from '../../src/engine/index.ts';
import type { Recording } from '../../src/recording/index.ts';
import { SLICE_JS_CALL, THREAD_ROLES } from '../../src/trace/index.ts';
import { TestBrowser } from './harness/browser.ts';
import { openSite, type Site } from './harness/site.ts';

let site: Site;
let browser: TestBrowser;
let recorded = 0;

beforeAll(async () => {
  site = await openSite();
  // With a panel open the results show there, and the page's tab stays in front.
  browser = await TestBrowser.launch({ url: `${site.origin}/plain.html`, devtools: { dock: 'bottom' } });
  await browser.openPanel();
});
afterAll(async () => {
  await browser?.running.close();
  await site?.close();
});

interface Recorded {
  readonly recording: Recording;
  readonly trace: OpenTrace;
  /** What the page says that its functions really took, ms. On a busy machine that is more than they wanted. */
  readonly took: Readonly<Record<string, number>>;
}

/** Opens `path`, presses the button, and reads what was recorded. */
async function record(path: string): Promise<Recorded> {
  await browser.page.goto(`${site.origin}${path}`);
  await browser.press(site.origin);
  recorded++;
  const recording = await browser.recorded(recorded);
  const engine = new Engine({ library: null });
  const file = new Blob([new Uint8Array(await browser.traceOf(recording))]);
  const opened = await engine.open({ kind: 'file', name: path, file });
  if (!opened.ok) throw new Error(opened.failure.message);
  return {
    recording,
    trace: ensure(engine.traceOf(opened.value.open), 'an open trace'),
    took: await readTook(),
  };
}

/** `took` of the page or of a frame in it; {} where neither has one. */
async function readTook(): Promise<Record<string, number>> {
  const found = await Promise.all(
    browser.page
      .frames()
      .map((frame) => frame.evaluate<Record<string, number>>('typeof took === "object" ? took : {}')),
  );
  return Object.assign({}, ...found);
}

/** Rows of the slices called `name`; `js` tells calls that samples show from events of the same name. */
function slicesOf({ tables }: OpenTrace, name: string, js: boolean): number[] {
  const { slices, strings } = tables;
  const row = strings.find(name);
  const rows: number[] = [];
  for (let slice = 0; slice < slices.length; slice++) {
    if (slices.name[slice] === row && ((slices.flags[slice] & SLICE_JS_CALL) !== 0) === js) rows.push(slice);
  }
  return rows;
}

interface Self {
  /** ms of their own that the calls took. */
  readonly millis: number;
  /** ms in which V8 looked at nothing while they began, ended, or called another: the trace cannot tell more exactly. */
  readonly blind: number;
  readonly threads: readonly number[];
}

/** What the trace says of the calls of function `name`. */
function selfOf(trace: OpenTrace, name: string): Self {
  const { slices } = trace.tables;
  const rows = slicesOf(trace, name, true);
  const micros = rows.reduce((sum, row) => sum + trace.classes.self[row], 0);
  const isCalled = (row: number): boolean =>
    rows.includes(slices.parent[row]) && (slices.flags[row] & SLICE_JS_CALL) !== 0;
  const called = [...slices.parent.keys()].filter(isCalled);
  const edges = [...rows, ...called].flatMap((row) => {
    const { start, duration, thread } = slices;
    return [start[row], start[row] + duration[row]].map((at) => blindBefore(trace, thread[row], at));
  });
  return {
    millis: micros / 1000,
    blind: edges.reduce((sum, each) => sum + each, 0) / 1000,
    threads: [...new Set(rows.map((row) => slices.thread[row]))],
  };
}

/** Microseconds from V8's last look at the thread to `at`. On a machine that is busy it may go without for long. */
function blindBefore({ tables: { samples } }: OpenTrace, thread: number, at: number): number {
  const first = lowerBound(samples.thread, thread);
  const before = lowerBound(samples.time, at, first, lowerBound(samples.thread, thread + 1)) - 1;
  return before < first ? 0 : at - samples.time[before];
}

/** Whether `row` lies inside a call of function `name`. */
function isInside({ tables }: OpenTrace, row: number, name: string): boolean {
  const { slices, strings } = tables;
  for (let parent = slices.parent[row]; parent >= 0; parent = slices.parent[parent])
    if (strings.get(slices.name[parent]) === name) return true;
  return false;
}

function breakdownOf({ tables, classes, page }: OpenTrace): Breakdown {
  const range = ensure(page.window, 'a page window');
  return computeBreakdown(tables, classes, { thread: page.mainThread, range, jsCalls: true });
}

const roleOf = ({ tables }: OpenTrace, thread: number): string => THREAD_ROLES[tables.threads.role[thread]];

/** To a tenth, or to what V8 did not look at. */
function expectToTake({ millis, blind }: Self, took: number): void {
  expect(millis, 'V8 has looked at it').toBeGreaterThan(0);
  const off = Math.abs(millis - took);
  expect(off, `${millis} ms instead of ${took} ms, ${blind} ms unseen`).toBeLessThan(
    Math.max(took * 0.1, blind),
  );
}

describe('f1 10 ms ⊃ f2 20 ms ⊃ f3 30 ms', () => {
  test('each has its own time within 10 %, nested as they called', async () => {
    const { trace, recording, took } = await record('/busy.html');
    expect(recording).toMatchObject({
      state: 'whole',
      loadFinished: true,
      loadError: null,
      stopReason: 'quiet',
    });
    for (const [name, wanted] of [
      ['f1', 10],
      ['f2', 20],
      ['f3', 30],
    ] as const) {
      expect(took[name]).toBeGreaterThanOrEqual(wanted);
      expectToTake(selfOf(trace, name), took[name]);
    }
    for (const row of slicesOf(trace, 'f3', true)) expect(isInside(trace, row, 'f2')).toBe(true);
    for (const row of slicesOf(trace, 'f2', true)) expect(isInside(trace, row, 'f1')).toBe(true);
    expect(selfOf(trace, 'f1').threads).toStrictEqual([trace.page.mainThread]);
    const breakdown = breakdownOf(trace);
    expect(breakdown.scripting).toBeGreaterThan(took.f1 + took.f2 + took.f3);
  });
});

describe('other work', () => {
  test('50 forced layouts stand inside the function that forced them', async () => {
    const { trace } = await record('/layout.html');
    const forced = slicesOf(trace, 'Layout', false).filter((row) => isInside(trace, row, 'forceLayout'));
    expect(forced.length).toBe(50);
  });

  test('a big image is decoded and painted', async () => {
    const { trace } = await record('/paint.html');
    const decoded = slicesOf(trace, 'Decode Image', false);
    // 6 million pixels of noise.
    expect(Math.max(...decoded.map((row) => trace.tables.slices.duration[row]))).toBeGreaterThan(10_000);
    expect(decoded.every((row) => roleOf(trace, trace.tables.slices.thread[row]) !== 'main')).toBe(true);
    expect(slicesOf(trace, 'Paint', false).length).toBeGreaterThan(0);
  });

  test('a worker is busy for 40 ms on a thread of its own', async () => {
    const { trace, took } = await record('/worker.html');
    const work = selfOf(trace, 'workInWorker');
    expectToTake(work, took.workInWorker);
    expect(work.threads.map((thread) => roleOf(trace, thread))).toStrictEqual(['worker']);
  });
});

describe('pages and their processes', () => {
  test('after a cross-site navigation the page that counts is the second', async () => {
    const { trace, recording, took } = await record('/away.html');
    expect(recording.url).toBe(`${site.otherOrigin}/busy.html`);
    expect(trace.page.url).toBe(`${site.otherOrigin}/busy.html`);
    const f3 = selfOf(trace, 'f3');
    expectToTake(f3, took.f3);
    expect(f3.threads).toStrictEqual([trace.page.mainThread]);
    const { threads: table } = trace.tables;
    const mainThreads = [...table.role.keys()].filter((thread) => roleOf(trace, thread) === 'main');
    expect(new Set(mainThreads.map((thread) => table.pid[thread])).size).toBeGreaterThan(1);
  });

  test('a cross-site frame runs in a process of its own, and does not count as the page', async () => {
    const { trace, took } = await record('/frame.html');
    expect(trace.page.url).toBe(`${site.origin}/frame.html`);
    const f3 = selfOf(trace, 'f3');
    expectToTake(f3, took.f3);
    const { threads } = f3;
    expect(threads).not.toContain(trace.page.mainThread);
    const { pid } = trace.tables.threads;
    expect(pid[threads[0]]).not.toBe(pid[trace.page.mainThread]);
  });

  test('a single-page navigation stays one page load', async () => {
    const { trace, recording, took } = await record('/single-page.html');
    expect(recording.url).toBe(`${site.origin}/single-page/two`);
    expect(recording.title).toBe('Single page, two');
    const showTwo = selfOf(trace, 'showTwo');
    expectToTake(showTwo, took.showTwo);
    expect(showTwo.threads).toStrictEqual([trace.page.mainThread]);
    expect(trace.page.window?.start).toBeLessThan(
      Math.min(...slicesOf(trace, 'showTwo', true).map((row) => trace.tables.slices.start[row])),
    );
  });

  test('a 404 is recorded, and says so', async () => {
    const { recording } = await record('/nowhere.html');
    expect(recording).toMatchObject({ state: 'whole', loadFinished: true, loadError: 'HTTP 404' });
  });
});

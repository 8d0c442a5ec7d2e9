/** One trace in numbers: every key always there, sums that add up, windows that mean what they say. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classifySlices,
  findPageLoad,
  type Summary,
  type SummaryInput,
  summarize,
} from '../../../src/analysis/index.ts';
import type { TraceTables } from '../../../src/trace/index.ts';
import { nestedEvents, profileEvents, wholePage } from '../../builders/random-traces.ts';
import { micros, type TraceRecipe, tablesOf, trace } from '../../builders/trace.ts';

function summaryOf(tables: TraceTables, changes: Partial<SummaryInput> = {}): Summary {
  const classes = classifySlices(tables);
  const page = findPageLoad(tables);
  const input = { tables, classes, page, window: tables.bounds, jsCalls: true, measuredVitals: null };
  return summarize({ ...input, ...changes });
}

const sum = (figures: object): number => Object.values(figures).reduce((total, value) => total + value, 0);

describe('keys', () => {
  const KEYS = [
    'format',
    'events',
    'durationMs',
    'mainThread',
    'window',
    'pageWindow',
    'categories',
    'threads',
    'milestones',
    'vitals',
    'requests',
    'samples',
    'diagnostics',
  ];
  const MILESTONES = [
    'navigationStart',
    'firstPaint',
    'firstContentfulPaint',
    'largestContentfulPaint',
    'domInteractive',
    'domContentLoaded',
    'domComplete',
    'load',
  ];

  test.each([
    ['a whole page', wholePage()],
    ['a trace without a page', trace().thread('main').slice('RunTask', 0, 9)],
    ['an empty trace', trace()],
  ])('of %s are all there', async (_, recipe) => {
    const summary = summaryOf(await recipe.read());
    expect(Object.keys(summary)).toEqual(KEYS);
    expect(Object.keys(summary.window)).toEqual(['startMicros', 'endMicros']);
    expect(Object.keys(summary.milestones)).toEqual(MILESTONES);
    expect(Object.keys(summary.vitals)).toEqual(['lcp', 'cls', 'inp', 'fcp', 'ttfb']);
    expect(Object.keys(summary.requests)).toEqual(['count', 'bytes']);
    expect(Object.keys(summary.diagnostics)).toHaveLength(14);
    const six = ['loading', 'scripting', 'rendering', 'painting', 'system', 'idle'];
    for (const thread of summary.threads) {
      expect(Object.keys(thread)).toEqual(['pid', 'tid', 'name', 'role', 'url', 'onMainFrame', 'categories']);
      expect(Object.keys(thread.categories)).toEqual(six);
    }
    expect(JSON.stringify(summary)).toBe(JSON.stringify(JSON.parse(JSON.stringify(summary))));
  });

  test('other categories appear when they are not 0', async () => {
    const recipe = trace()
      .thread('main')
      .navigate('https://a.test/', 0)
      .slice('GPUTask', 0, 2)
      .slice('EventTiming', 3, 4);
    const [thread] = summaryOf(await recipe.read()).threads;
    expect(thread.categories).toMatchObject({ gpu: 2, experience: 1, idle: 1 });
    expect(thread.categories).not.toHaveProperty('messaging');
  });
});

test('a whole page, figure by figure', async () => {
  const summary = summaryOf(await wholePage().read());
  expect(summary).toMatchObject({
    format: 'json',
    durationMs: 10,
    mainThread: { pid: 1, tid: 2, url: 'https://a.test/' },
    window: { startMicros: micros(0), endMicros: micros(10) },
    pageWindow: { startMicros: micros(1), endMicros: micros(10) },
    milestones: {
      navigationStart: 0,
      firstContentfulPaint: 6,
      largestContentfulPaint: 7,
      load: 8,
      firstPaint: null,
    },
    vitals: { lcp: 7, cls: 0.1, inp: 40, fcp: 6, ttfb: 2 },
    requests: { count: 1, bytes: 100 },
    samples: 4,
  });
  expect(summary.events).toBe(wholePage().events.length);
  expect(summary.categories).toEqual(summary.threads.find(({ role }) => role === 'main')?.categories);
});

describe('sums', () => {
  test('each thread’s categories add up to the window, after rounding', async () => {
    await fc.assert(
      fc.asyncProperty(
        nestedEvents,
        profileEvents,
        fc.double({ min: -50, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        async (slices, profile, from, length) => {
          const tables = await tablesOf(JSON.stringify([...slices, ...profile]));
          const window = { start: micros(0) + from, end: micros(0) + from + length };
          for (const thread of summaryOf(tables, { window }).threads) {
            expect(Math.abs(sum(thread.categories) - (window.end - window.start) / 1000)).toBeLessThanOrEqual(
              0.005,
            );
          }
        },
      ),
    );
  });
});

describe('threads', () => {
  const list = async (recipe: TraceRecipe): Promise<string[]> =>
    summaryOf(await recipe.read()).threads.map(({ pid, tid, name, role }) => `${pid}:${tid} ${name} ${role}`);

  test('come by process, then thread; those with a slice or a sample only', async () => {
    const recipe = trace()
      .thread('late', { pid: 2, tid: 1 })
      .slice('a', 0, 1)
      .thread('CrRendererMain', { pid: 1, tid: 10 })
      .slice('a', 0, 1)
      .thread('sampled', { pid: 1, tid: 9 })
      .samples('a')
      .thread('silent', { pid: 1, tid: 2 })
      .thread('instants', { pid: 1, tid: 3 })
      .instant('a', 5)
      .event({ pid: 1, tid: 11, ph: 'X', name: 'a', ts: micros(0) });
    expect(await list(recipe)).toEqual([
      '1:9 sampled other',
      '1:10 CrRendererMain main',
      '1:11 null other',
      '2:1 late other',
    ]);
  });

  test('tell their URL: a worker’s script, else their process’s document', async () => {
    const args = { data: { workerThreadId: 7, url: 'https://a.test/w.js' } };
    const recipe = trace()
      .thread('CrRendererMain', { pid: 1, tid: 1 })
      .navigate('https://a.test/', 0)
      .commit('https://a.test/', 1)
      .slice('RunTask', 0, 5)
      .instant('TracingSessionIdForWorker', 1, { args })
      .thread('DedicatedWorker thread', { pid: 1, tid: 7 })
      .slice('RunTask', 0, 5)
      .thread('Elsewhere', { pid: 3, tid: 1 })
      .slice('RunTask', 0, 5);
    const { threads } = summaryOf(await recipe.read());
    expect(threads.map(({ url, onMainFrame }) => [url, onMainFrame])).toEqual([
      ['https://a.test/', true],
      ['https://a.test/w.js', true],
      [null, false],
    ]);
  });
});

test('vitals that were measured in the page go before the trace’s own, one by one', async () => {
  const measuredVitals = { lcp: 12.3456, cls: 0.123456, inp: null, fcp: null, ttfb: 0 };
  const { vitals } = summaryOf(await wholePage().read(), { measuredVitals });
  expect(vitals).toEqual({ lcp: 12.346, cls: 0.1235, inp: 40, fcp: 6, ttfb: 0 });
});

test('without a main thread it and its categories are null', async () => {
  const summary = summaryOf(await trace().thread('main').slice('a', 0, 5).read());
  expect(summary).toMatchObject({ mainThread: null, categories: null, pageWindow: null });
  expect(summary.threads).toHaveLength(1);
});

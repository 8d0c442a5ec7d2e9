/**
 * What recording costs the page: its load untraced, recorded by our recorder in each preset, and traced with DevTools'
 * categories over the same transport; in turns, each in a fresh tab that nobody else is attached to.
 * In: the number of runs, the pages, the ways. Out: a table of medians for each page. What is measured, from the reload
 * to a fixed moment after it, the recorder's own questions included: the renderers' processor time (main threads, and
 * all threads), the other processes', and by the page's own clock the end of its work (or its load event).
 */
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { DEVTOOLS_CATEGORIES } from './devtools-way.mjs';
import { median, millis, printTable, ratio } from './figures.mjs';
import { PipeBrowser } from './pipe-browser.mjs';
import { buildForNode, provideChromium } from './places.mjs';
import { openWorkSite } from './work-site.mjs';

/** One page of many small tasks (the worst case for tracing), one of much script, and test/fixtures/pages. */
export const COST_PAGES = [
  '/work?turns=1500',
  '/scripts?kb=1500',
  '/layout.html',
  '/paint.html',
  '/vitals.html',
  '/varied.html',
  '/busy.html',
  '/worker.html',
  '/single-page.html',
  '/frame.html',
  '/plain.html',
];
/** From the reload to the reading, ms. Longer than a load takes, so that all ways do the same work. */
const WINDOW = { '/work?turns=1500': 2500, other: 1000 };

/**
 * @typedef {import('./pipe-browser.mjs').ProcessorTime & { clock: number }} Cost
 * @typedef {object} Tab
 * @property {PipeBrowser} browser
 * @property {string} target
 * @property {string} url
 * @property {number} window
 * @typedef {(tab: Tab) => Promise<Cost>} Way
 * @typedef {(method: string, params: any) => object | null} Edit What is sent instead: other parameters, or nothing (null).
 */

/** @param {{ runs: number, pages?: readonly string[], parts?: readonly string[] }} options */
export async function runCostBench({ runs, pages = COST_PAGES, parts }) {
  const bench = await openCostBench();
  const ways = {
    untraced: reload,
    Pageflame: bench.ours('standard'),
    'Pageflame, light': bench.ours('light'),
    'Pageflame, detailed': bench.ours('detailed'),
    "DevTools' categories": devtools(),
  };
  console.log(`\n## What recording costs (medians of ${runs})\n`);
  try {
    for (const page of pages) await measurePage(bench, page, { runs, ways, parts });
  } finally {
    await bench.close();
  }
}

/** The site, the browser and our recorder. */
export async function openCostBench() {
  const recording = await import(pathToFileURL(await buildForNode('recording')).href);
  const [work, fixtures] = [await openWorkSite(), await recording.openSite()];
  const browser = new PipeBrowser(provideChromium());
  return {
    browser,
    origin: (/** @type {string} */ page) => (page.includes('?') ? work.origin : fixtures.origin),
    /** @type {(preset: string, edit?: Edit) => Way} */
    ours:
      (preset, edit = (_, params) => params) =>
      (tab) =>
        recordOurs(tab, recording, { options: recording.presetOptions(preset), edit }),
    async close() {
      await browser.close();
      await work.close();
      await fixtures.close();
    },
  };
}

/**
 * @param {Awaited<ReturnType<typeof openCostBench>>} bench
 * @param {string} page
 * @param {{ runs: number, ways: Record<string, Way>, parts?: readonly string[] | undefined }} options
 */
export async function measurePage(
  bench,
  page,
  { runs, ways, parts = ['clock', 'main', 'renderers', 'browser'] },
) {
  /** @type {Record<string, Cost[]>} */
  const costs = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (let run = 0; run <= runs; run++)
    for (const [name, way] of Object.entries(ways)) {
      const cost = await inFreshTab(bench, page, way);
      // The first round warms the browser up.
      if (run > 0) costs[name].push(cost);
    }
  const [first] = Object.values(costs);
  const kinds = /** @type {(keyof Cost)[]} */ (parts);
  const rows = Object.entries(costs).map(([name, all]) => [
    name,
    ...kinds.map((kind) => {
      const value = median(all.map((cost) => cost[kind]));
      return `${millis(value)}, ${ratio(value / median(first.map((cost) => cost[kind])))}`;
    }),
  ]);
  console.log(`\n${page}\n`);
  printTable(['', ...kinds], rows);
}

/**
 * @param {Awaited<ReturnType<typeof openCostBench>>} bench
 * @param {string} page
 * @param {Way} way
 */
export async function inFreshTab({ browser, origin }, page, way) {
  const url = origin(page) + page;
  const { targetId } = await browser.send('Target.createTarget', { url });
  const window = WINDOW[/** @type {'other'} */ (page)] ?? WINDOW.other;
  try {
    await wait(window / 2);
    return await way({ browser, target: targetId, url, window });
  } finally {
    await browser.send('Target.closeTarget', { targetId });
    await wait(200);
  }
}

/** @type {Way} */
export async function reload(tab) {
  const session = await tab.browser.attach(tab.target);
  const measured = await startMeasuring(tab);
  await tab.browser.send('Page.reload', {}, session);
  return measured(session);
}

/** @type {(edit?: Edit) => Way} */
export const devtools =
  (edit = (_, params) => params) =>
  (tab) =>
    traceAsDevTools(tab, edit);

/**
 * @param {Tab} tab
 * @param {Edit} edit
 */
async function traceAsDevTools(tab, edit) {
  const { browser, target } = tab;
  /** @type {(value: unknown) => void} */
  let complete = () => undefined;
  const completed = new Promise((resolve) => {
    complete = resolve;
  });
  const session = await browser.attach(target, (method) => {
    if (method === 'Tracing.tracingComplete') complete(null);
  });
  await browser.send(
    'Tracing.start',
    edit('Tracing.start', {
      transferMode: 'ReturnAsStream',
      streamCompression: 'gzip',
      traceConfig: {
        recordMode: 'recordUntilFull',
        traceBufferSizeInKb: 1_200_000,
        includedCategories: DEVTOOLS_CATEGORIES,
      },
    }) ?? {},
    session,
  );
  // As DevTools: V8's profiler starts at the next call of a function, and that shall not be one of the load's.
  await browser.send(
    'Runtime.evaluate',
    { expression: '(async function(){ await 1; })()', throwOnSideEffect: true },
    session,
  );
  const measured = await startMeasuring(tab);
  await browser.send('Page.reload', {}, session);
  const cost = await measured(session);
  await browser.send('Tracing.end', {}, session);
  await completed;
  return cost;
}

/**
 * @param {Tab} tab
 * @param {any} recording
 * @param {{ options: object, edit: Edit }} options
 */
async function recordOurs(tab, recording, { options, edit }) {
  const { browser, target, url, window } = tab;
  /** @type {any} */
  let recorder = null;
  let session = '';
  /** @type {(cost: Promise<Cost>) => void} */
  let begun = () => undefined;
  /** @type {Promise<Cost>} */
  const cost = new Promise((resolve) => {
    begun = resolve;
  });
  const wish = { ...options, quietMillis: 2 * window, afterLoadMillis: 2 * window };
  const { recorder: started, ended } = await recording.beginRecording(
    {
      async open() {
        session = await browser.attach(target, (method, params) => recorder?.handleEvent(method, params));
      },
      async send(/** @type {string} */ method, /** @type {object} */ params = {}) {
        const edited = edit(method, params);
        if (edited === null) return {};
        if (method !== 'Page.reload') return browser.send(method, edited, session);
        const measured = await startMeasuring(tab);
        const reply = await browser.send(method, edited, session);
        begun(measured(session));
        return reply;
      },
      /** As in the extension: the page's size is pinned. There is no bar here that would change it. */
      async pageArea() {
        const { cssLayoutViewport } = await browser.send('Page.getLayoutMetrics', {}, session);
        return { width: cssLayoutViewport.clientWidth, height: cssLayoutViewport.clientHeight };
      },
      close: () => browser.send('Target.detachFromTarget', { sessionId: session }),
    },
    url,
    wish,
  );
  recorder = started;
  const measured = await Promise.race([cost, ended]);
  recorder.stop();
  await ended;
  return measured;
}

/**
 * @param {Tab} tab
 * @returns {Promise<(session: string) => Promise<Cost>>} Waits until the end of the window; what it took since now.
 */
async function startMeasuring({ browser, window }) {
  const taken = await browser.startProcessorTime();
  const end = Date.now() + window;
  return async (session) => {
    await wait(end - Date.now());
    const time = await taken();
    const expression = `(performance.getEntriesByName('done')[0]?.startTime
      ?? performance.getEntriesByType('navigation')[0].loadEventEnd)`;
    const { result } = await browser.send('Runtime.evaluate', { expression, returnByValue: true }, session);
    return { clock: result.value, ...time };
  };
}

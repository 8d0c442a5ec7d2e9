/**
 * What recording costs the page: the time from navigation to the end of its work (by the page's clock), and the
 * processor's time of its main thread from navigation to a second and a half after its load event; untraced, recorded by our recorder, by our light preset (no JS samples, no filmstrip), and traced with
 * DevTools' categories over the same transport; in turns, a fresh page each.
 * In: the number of runs. Out: a table of medians.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { endTracing, startTracing } from './devtools-way.mjs';
import { median, millis, printTable, ratio } from './figures.mjs';
import { buildForNode, provideChromium } from './places.mjs';
import { openWorkSite } from './work-site.mjs';

const PAGES = ['/work?turns=1500', '/layout.html'];
/** Longer than what is measured, so that the recorder still records when it ends. */
const LONG = { quietMillis: 2_500, afterLoadMillis: 2_500 };
const LIGHT = { ...LONG, jsSamples: false, screenshots: false };

/**
 * @typedef {import('playwright').Page} Page
 * @typedef {{ processor: number, clock: number }} Cost
 * @typedef {(page: Page, url: string, measure: () => Promise<Cost>) => Promise<Cost>} Way
 */

/** @param {{ runs: number }} options */
export async function runCostBench({ runs }) {
  console.log(`\n## What recording costs (medians of ${runs})\n`);
  const { record } = await import(pathToFileURL(await buildForNode('recording')).href);
  /** @type {Record<string, Way>} */
  const ways = {
    untraced: async (page, url, measure) => {
      await page.goto(url);
      return measure();
    },
    Pageflame: (page, url, measure) => whileRecording(page, record(page, url, LONG), measure),
    'Pageflame, light': (page, url, measure) => whileRecording(page, record(page, url, LIGHT), measure),
    "DevTools' categories": async (page, url, measure) => {
      const session = await page.context().newCDPSession(page);
      await startTracing(session);
      await page.goto(url);
      const cost = await measure();
      await endTracing(session);
      return cost;
    },
  };
  const site = await openWorkSite();
  const browser = await chromium.launch({ executablePath: provideChromium() });
  try {
    const rows = [];
    for (const path of PAGES) {
      /** @type {Record<string, Cost[]>} */
      const costs = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
      for (let run = 0; run <= runs; run++)
        for (const [name, way] of Object.entries(ways)) {
          const cost = await runOnce(browser, way, site.origin + path);
          // The first round warms the browser up.
          if (run > 0) costs[name].push(cost);
        }
      for (const kind of /** @type {const} */ (['clock', 'processor'])) {
        const base = median(costs.untraced.map((cost) => cost[kind]));
        const cells = Object.values(costs).map((all) => {
          const value = median(all.map((cost) => cost[kind]));
          return `${millis(value)}, ${ratio(value / base)}`;
        });
        rows.push([path, kind, ...cells]);
      }
    }
    printTable(['page', 'time', ...Object.keys(ways)], rows);
  } finally {
    await browser.close();
    await site.close();
  }
}

/**
 * @param {import('playwright').Browser} browser
 * @param {Way} way
 * @param {string} url
 */
async function runOnce(browser, way, url) {
  const page = await browser.newPage();
  const meter = await page.context().newCDPSession(page);
  await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taskMillis = async () => {
    const { metrics } = await meter.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  try {
    const before = await taskMillis();
    return await way(page, url, async () => {
      await page.waitForFunction(() => document.readyState === 'complete' && location.href !== 'about:blank');
      await page.waitForFunction(() => document.title !== 'Working');
      await wait(1500);
      const processor = (await taskMillis()) - before;
      // Of pages that do not say when they are done, the load event.
      const clock = await page.evaluate(() => {
        const [load] = performance.getEntriesByType('navigation');
        const [done] = performance.getEntriesByName('done');
        return done?.startTime ?? /** @type {PerformanceNavigationTiming} */ (load).loadEventEnd;
      });
      return { processor, clock };
    });
  } finally {
    await page.close();
  }
}

/**
 * @param {Page} page
 * @param {Promise<unknown>} recorded
 * @param {() => Promise<Cost>} measure
 */
async function whileRecording(page, recorded, measure) {
  await page.waitForURL((url) => url.protocol === 'http:', { waitUntil: 'load' });
  const cost = await measure();
  await recorded;
  return cost;
}

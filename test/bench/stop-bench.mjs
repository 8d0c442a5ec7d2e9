/**
 * From `Tracing.end` to the flame chart, on the same page in the same browser, in turns.
 * Ours: the extension as it is used: toolbar button, library, the viewer that opens itself, until its chart is painted.
 * Theirs: JSON over the protocol as DevTools reads it, JSON.parse and DevTools' engine in Node; nothing is painted, and
 * nothing of DevTools' own window runs, so that their figure is a lower bound.
 * In: the extension, the number of runs. Out: a table of medians, and the cold figure: the first recording of a browser's
 * life.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { poll, pressToolbarButton } from '../../scripts/browser.mjs';
import { endTracing, startTracing } from './devtools-way.mjs';
import { median, megabytes, printTable, ratio, seconds } from './figures.mjs';
import { runDevToolsEngine } from './peers.mjs';
import { launch } from './places.mjs';
import { openWorkSite } from './work-site.mjs';

/** Turns of work that make about 5, 30 and 100 MB of JSON. */
const TURNS = [2_000, 14_000, 46_000];

/** @typedef {import('../../scripts/browser.mjs').RunningBrowser} RunningBrowser */

/** @param {{ extension: string, runs: number }} options */
export async function runStopBench({ extension, runs }) {
  console.log(`\n## From Stop to chart (medians of ${Math.min(runs, 3)} after one warm-up)\n`);
  const site = await openWorkSite();
  const rows = [];
  try {
    for (const turns of TURNS) {
      const running = await launch(extension, `${site.origin}/work?turns=${turns}`);
      try {
        const cold = await measureOurs(running);
        await measureTheirs(running);
        const ours = [];
        const theirs = [];
        for (let run = 0; run < Math.min(runs, 3); run++) {
          ours.push(await measureOurs(running));
          theirs.push(await measureTheirs(running));
        }
        rows.push(rowOf(cold, ours, theirs));
      } finally {
        await running.close();
      }
    }
  } finally {
    await site.close();
  }
  printTable(
    [
      'JSON of the load',
      'Pageflame',
      "JSON + DevTools' engine",
      'ratio',
      'of it until JSON is there',
      'Pageflame, cold',
    ],
    rows,
  );
}

/**
 * @param {number} cold
 * @param {number[]} ours
 * @param {{ bytes: number, received: number, millis: number }[]} theirs
 */
function rowOf(cold, ours, theirs) {
  const mine = median(ours);
  const other = median(theirs.map(({ millis }) => millis));
  return [
    megabytes(median(theirs.map(({ bytes }) => bytes))),
    seconds(mine),
    seconds(other),
    ratio(mine / other),
    seconds(median(theirs.map(({ received }) => received))),
    seconds(cold),
  ];
}

/** @param {RunningBrowser} running */
const workPage = ({ context }) => {
  const page = context.pages().find((each) => each.url().includes('/work'));
  if (page === undefined) throw new Error('the page is gone');
  return page;
};

/**
 * Milliseconds from the moment when the recorder notes that it ends the trace.
 * @param {RunningBrowser} running
 */
async function measureOurs(running) {
  const { context, extensionId } = running;
  const origin = `chrome-extension://${extensionId}`;
  const probe = await context.newPage();
  await probe.goto(`${origin}/notice.css`);
  await probe.evaluate(() => {
    Object.assign(globalThis, { benchStopped: 0 });
    chrome.storage.session.onChanged.addListener(({ recorder }) => {
      const state = /** @type {any} */ (globalThis);
      const phase = /** @type {any} */ (recorder?.newValue)?.current?.notes.phase;
      if (phase === 'stopping' && state.benchStopped === 0) state.benchStopped = Date.now();
    });
  });
  await workPage(running).bringToFront();
  await wait(500);
  await pressToolbarButton(running, (url) => url.includes('/work'));
  const viewer = await poll(
    'the viewer',
    () => context.pages().find((page) => page.url().startsWith(`${origin}/viewer.html`)),
    120,
  );
  await viewer.locator('.flame-chart[data-idle="true"]').waitFor({ timeout: 120_000 });
  const painted = await viewer.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => resolve(Date.now()))),
  );
  const stopped = await probe.evaluate(() => /** @type {any} */ (globalThis).benchStopped);
  await viewer.close();
  await probe.close();
  if (stopped === 0) throw new Error('the recorder was not seen to stop');
  return Number(painted) - stopped;
}

/** @param {RunningBrowser} running */
async function measureTheirs(running) {
  const page = workPage(running);
  await page.bringToFront();
  const session = await page.context().newCDPSession(page);
  await startTracing(session);
  await page.reload();
  await page.waitForFunction(() => document.title === 'Done', undefined, { timeout: 120_000 });
  await wait(1000);
  const begin = performance.now();
  const bytes = await endTracing(session);
  const received = performance.now() - begin;
  await runDevToolsEngine(JSON.parse(bytes.toString()));
  const millis = performance.now() - begin;
  await session.detach();
  return { bytes: bytes.length, received, millis };
}

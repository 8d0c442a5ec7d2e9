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
import { readClock, startClock } from './chromium-bench.mjs';
import { endTracing, startTracing } from './devtools-way.mjs';
import { median, megabytes, printTable, ratio, seconds } from './figures.mjs';
import { runDevToolsEngine } from './peers.mjs';
import { launch } from './places.mjs';
import { openWorkSite } from './work-site.mjs';

/** Turns of work that make about 5, 30 and 100 MB of JSON. */
const TURNS = [1_100, 7_000, 23_000];

/** @typedef {import('../../scripts/browser.mjs').RunningBrowser} RunningBrowser */

/** @param {{ extension: string, runs: number, turns?: readonly number[] }} options */
export async function runStopBench({ extension, runs, turns: sizes = TURNS }) {
  console.log(`\n## From Stop to chart (medians of ${Math.min(runs, 3)} after one warm-up)\n`);
  const site = await openWorkSite();
  const rows = [];
  try {
    for (const turns of sizes) {
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
        rows.push(rowOf(cold.millis, ours, theirs));
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
      'Chrome has completed',
      'saved',
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
 * @param {{ millis: number, completed: number, saved: number }[]} ours
 * @param {{ bytes: number, received: number, millis: number }[]} theirs
 */
function rowOf(cold, ours, theirs) {
  const mine = median(ours.map(({ millis }) => millis));
  const other = median(theirs.map(({ millis }) => millis));
  return [
    megabytes(median(theirs.map(({ bytes }) => bytes))),
    seconds(mine),
    seconds(median(ours.map(({ completed }) => completed))),
    seconds(median(ours.map(({ saved }) => saved))),
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
 * Milliseconds, all from the moment when the recorder notes that it ends the trace.
 * @param {RunningBrowser} running
 */
async function measureOurs(running) {
  const { context, extensionId } = running;
  const origin = `chrome-extension://${extensionId}`;
  const probe = await context.newPage();
  await probe.goto(`${origin}/notice.css`);
  await probe.evaluate(() => {
    /** @type {Record<string, number>} When the recorder was first seen in each phase; `over` is after the last. */
    const phases = {};
    Object.assign(globalThis, { benchPhases: phases });
    chrome.storage.session.onChanged.addListener(({ recorder }) => {
      const current = /** @type {any} */ (recorder?.newValue)?.current;
      phases[current?.notes.phase ?? 'over'] ??= Date.now();
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
  await startClock(viewer, 'now');
  const { painted } = await readClock(viewer);
  const begun = await viewer.evaluate(
    () => performance.timeOrigin + /** @type {any} */ (globalThis).benchClock.begin,
  );
  const phases = await probe.evaluate(() => /** @type {any} */ (globalThis).benchPhases);
  const opened = await viewer.evaluate(() => performance.timeOrigin);
  await viewer.close();
  await probe.close();
  if (phases.stopping === undefined) throw new Error('the recorder was not seen to stop');
  return {
    millis: begun + painted - phases.stopping,
    /** Until Chrome has the trace complete. */
    completed: phases.saving - phases.stopping,
    /** Until all of it is in the library. */
    saved: phases.over - phases.stopping,
    /** How long before the viewer's page began to load: it waits for the end of the recording. */
    waited: phases.stopping - opened,
  };
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

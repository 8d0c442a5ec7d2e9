/**
 * Opening a trace in Chromium: the viewer page of dist/extension, from the file chosen to the flame chart painted,
 * beside reading the same file and JSON.parse in an empty page. A fresh browser for every run, in turns.
 * In: sizes and runs. Out: tables of medians.
 */
import { statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { median, megabytes, millis, printTable, ratio, seconds } from './figures.mjs';
import { generate, plainBusyPage } from './generate.mjs';
import { launch } from './places.mjs';

/** @typedef {import('playwright').Page} Page */

/** Nobody finds a file sooner: meanwhile the page makes itself ready. */
const CHOOSING_MILLIS = 2_000;

/** What comes behind the chart (lanes, marks, pictures) is there by then. */
const BEHIND_MILLIS = 1_000;

/**
 * @param {{ extension: string, runs: number, sizes: readonly number[] }} options
 */
export async function runChromiumBench({ extension, runs, sizes }) {
  console.log(`\n## Opening in Chromium (medians of ${runs}, a fresh browser each)\n`);
  console.log(
    'From the file chosen to the flame chart painted; JSON.parse: from the file to its object in a page.\n',
  );
  const rows = [];
  for (const size of sizes) {
    const file = size === 44 ? await plainBusyPage() : await generate(`${size}mb.json`, size * 1e6);
    const ours = [];
    const atOnce = [];
    const parse = [];
    for (let run = 0; run < (size > 500 ? 1 : runs); run++) {
      ours.push(await inBrowser(extension, (open) => openInViewer(open, file, CHOOSING_MILLIS)));
      atOnce.push(await inBrowser(extension, (open) => openInViewer(open, file, 0)));
      parse.push(await inBrowser(extension, (open) => parseInPage(open, file)));
    }
    const time = median(ours.map(({ painted }) => painted));
    const base = median(parse);
    const block = size > 500 ? null : await inBrowser(extension, (open) => longestTask(open, file));
    rows.push([
      megabytes(statSync(file).size),
      seconds(time),
      Number.isNaN(base) ? 'cannot' : seconds(base),
      Number.isNaN(base) ? '–' : ratio(time / base),
      seconds(median(atOnce.map(({ painted }) => painted))),
      block === null ? '–' : millis(block.processor),
      block === null ? '–' : millis(block.clock),
    ]);
  }
  printTable(
    [
      'file',
      'Pageflame',
      'JSON.parse',
      'ratio',
      'chosen as the page opens',
      "longest task of the panel's thread (processor)",
      '(clock)',
    ],
    rows,
  );
}

/**
 * @template T
 * @param {string} extension
 * @param {(open: import('../../scripts/browser.mjs').RunningBrowser) => Promise<T>} work
 */
async function inBrowser(extension, work) {
  const running = await launch(extension);
  try {
    return await work(running);
  } finally {
    await running.close();
  }
}

/**
 * A viewer with a clock: `opened` is the milliseconds from the file input's change to the second frame in which nothing
 * waits to be painted, less that frame.
 * @param {import('../../scripts/browser.mjs').RunningBrowser} running
 */
export async function openViewer({ context, extensionId }) {
  const page = await context.newPage();
  await page.goto(`chrome-extension://${extensionId}/viewer.html`);
  await page.locator('input[type=file]').waitFor({ state: 'attached' });
  // What Playwright looks for in the page with, it compiles there: not in the time that is measured.
  await page.waitForFunction(() => true);
  return page;
}

/**
 * A clock in the page. `painted`: the frame with the whole first picture of the chart has gone to the compositor.
 * `rested`: the first of two frames one after the other in which the page says that nothing waits to be painted.
 * @param {Page} page
 * @param {'change' | 'now'} from
 */
export async function startClock(page, from) {
  await page.evaluate((since) => {
    const clock = { begin: since === 'now' ? performance.now() : 0, painted: 0, rested: 0 };
    Object.assign(globalThis, { benchClock: clock });
    const { fillText } = CanvasRenderingContext2D.prototype;
    // Every picture of the chart has texts, on its boxes or at least on its axis: they come last.
    CanvasRenderingContext2D.prototype.fillText = function (...text) {
      if (this.canvas.className === 'flame-chart-canvas' && document.contains(this.canvas)) {
        CanvasRenderingContext2D.prototype.fillText = fillText;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          clock.painted = performance.now();
          // Not before: a page that asks for frames without need has them all made.
          requestAnimationFrame(look);
        };
        // The next frame shows it. A message that is sent in a frame comes behind it.
        requestAnimationFrame(() => port2.postMessage(null));
      }
      fillText.apply(this, text);
    };
    if (since === 'change')
      addEventListener(
        'change',
        () => {
          clock.begin = performance.now();
        },
        { capture: true, once: true },
      );
    let firstIdle = 0;
    const look = () => {
      const chart = document.querySelector('.flame-chart[data-idle="true"]');
      if (chart === null) firstIdle = 0;
      else if (firstIdle === 0) firstIdle = performance.now();
      else clock.rested = firstIdle;
      if (clock.rested === 0) requestAnimationFrame(look);
    };
  }, from);
}

/**
 * Milliseconds, when everything rests.
 * @param {Page} page
 * @returns {Promise<{ painted: number, rested: number }>}
 */
export async function readClock(page) {
  const read = () => {
    const { begin, painted, rested } = /** @type {any} */ (globalThis).benchClock;
    const failure = document.querySelector('[role=alert]')?.textContent ?? '';
    return rested > 0 ? { painted: painted - begin, rested: rested - begin } : failure;
  };
  const handle = await page.waitForFunction(read, undefined, { timeout: 240_000, polling: 100 });
  const answer = await handle.jsonValue();
  if (typeof answer === 'string') throw new Error(`the viewer says: ${answer}`);
  return answer;
}

/**
 * By the protocol: Playwright copies files into its message.
 * @param {Page} page
 * @param {string} file
 */
export async function chooseFile(page, file) {
  const session = await page.context().newCDPSession(page);
  const { result } = await session.send('Runtime.evaluate', {
    expression: "document.querySelector('input[type=file]')",
  });
  if (result.objectId === undefined) throw new Error('the page has no file input');
  await session.send('DOM.setFileInputFiles', { files: [file], objectId: result.objectId });
}

/**
 * @param {import('../../scripts/browser.mjs').RunningBrowser} running
 * @param {string} file
 * @param {number} choosingMillis
 */
async function openInViewer(running, file, choosingMillis) {
  const page = await openViewer(running);
  await wait(choosingMillis);
  await startClock(page, 'change');
  await chooseFile(page, file);
  return readClock(page);
}

/**
 * NaN where it cannot.
 * @param {import('../../scripts/browser.mjs').RunningBrowser} running
 * @param {string} file
 */
async function parseInPage({ context }, file) {
  const page = await context.newPage();
  await page.setContent('<input type=file>');
  await chooseFile(page, file);
  return page.evaluate(async () => {
    const [chosen] = document.querySelector('input')?.files ?? [];
    const begin = performance.now();
    try {
      const { traceEvents } = JSON.parse(await chosen.text());
      return traceEvents.length > 0 ? performance.now() - begin : Number.NaN;
    } catch {
      return Number.NaN;
    }
  });
}

/**
 * The longest task of the viewer's main thread while it opens a file, as Chrome's own trace tells it: by the
 * processor's time, which does not grow with what else the machine does, and by the clock.
 * @param {import('../../scripts/browser.mjs').RunningBrowser} running
 * @param {string} file
 */
async function longestTask(running, file) {
  const page = await openViewer(running);
  await wait(CHOOSING_MILLIS);
  await startClock(page, 'change');
  await running.browser.startTracing(page, {
    categories: ['-*', 'disabled-by-default-devtools.timeline', '__metadata'],
  });
  await chooseFile(page, file);
  await readClock(page);
  await wait(BEHIND_MILLIS);
  const trace = JSON.parse((await running.browser.stopTracing()).toString());
  return longestOfViewer(trace.traceEvents);
}

/** @param {Record<string, any>[]} events */
function longestOfViewer(events) {
  const started = events.find(({ name }) => name === 'TracingStartedInBrowser');
  const viewer = started?.args.data.frames.find((/** @type {any} */ frame) =>
    frame.url.includes('viewer.html'),
  );
  const main = events.find(
    ({ name, pid, args }) =>
      name === 'thread_name' && pid === viewer?.processId && args.name === 'CrRendererMain',
  );
  if (main === undefined) throw new Error('the trace has no viewer');
  let processor = 0;
  let clock = 0;
  for (const { name, pid, tid, dur, tdur } of events) {
    if (name !== 'RunTask' || pid !== main.pid || tid !== main.tid) continue;
    processor = Math.max(processor, (tdur ?? 0) / 1000);
    clock = Math.max(clock, (dur ?? 0) / 1000);
  }
  return { processor, clock };
}

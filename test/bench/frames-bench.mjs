/**
 * Pan and zoom, frame by frame, in headless Chromium without a graphics card: the same 600 wheel events over ours with
 * one million slices of a real page and with five million denser ones, and over speedscope with the same million.
 * In: our built extension. Out: a table; figures by the page's clock (work, busy, late frames) and by the processor's
 * time of the thread, which does not grow with what else the machine does. An idle page of the same browser is the
 * measure for late frames, a page with nothing but a canvas as large the measure for busy ones.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { launchBrowser } from '../../scripts/browser.mjs';
import { chooseFile, readClock, startClock } from './chromium-bench.mjs';
import { megabytes, millis, printTable } from './figures.mjs';
import { blankFrames, driveFrames, idleFrames, watchFrames } from './frames-page.mjs';
import { generate } from './generate.mjs';
import { provideChromium, ROOT } from './places.mjs';
import { generateSlices } from './slices.mjs';

const FRAMES = 600;
const IDLE_FRAMES = 300;
const LATE_MILLIS = 20;
/** So long a file may take to open there. */
const SPEEDSCOPE_MILLIS = 60_000;
/** CSS pixels of the page; the chart gets some 900 of the height. */
const PAGE = { width: 1400, height: 1360 };
/** What the gate allows, ms and share. */
const GATE = { work: 8, busy: 12, lateOver: 0.01 };

/** @typedef {import('playwright').Page} Page */
/** @typedef {{ name: string, files: readonly (() => Promise<string> | string)[], peer: boolean }} Subject */

const busyPages = (/** @type {number} */ size) => () => generate(`${size}mb.json`, size * 1e6);

/**
 * Of several files the first that opens is taken: the biggest.
 * @type {readonly Subject[]}
 */
export const SUBJECTS = [
  { name: 'Pageflame, 1.07 M slices', files: [busyPages(300)], peer: false },
  { name: 'Pageflame, 5 M slices', files: [() => generateSlices(5_000_000)], peer: false },
  { name: 'speedscope', files: [300, 100, 70].map(busyPages), peer: true },
];

/** @param {{ extension: string, peers: boolean }} options */
export async function runFramesBench({ extension, peers }) {
  console.log(`\n## Frames while panning and zooming (${FRAMES} wheel events, p95)\n`);
  const rows = [];
  for (const subject of SUBJECTS.filter(({ peer }) => peers || !peer)) {
    let { files } = subject;
    for (const ratio of [1, 2]) {
      const { row, file } = await measureSubject({ extension, subject: { ...subject, files }, ratio });
      // What did not open once is not waited for again.
      files = [() => file];
      // A run that is broken off has said what it has measured.
      console.log(`bench: ${row.join(', ')}`);
      rows.push(row);
    }
  }
  printTable(
    [
      ...['', 'pixel ratio', 'canvas', 'work', 'busy', 'late', 'late, idle page'],
      ...['work (processor)', 'busy (processor)', 'blank canvas: busy', '(processor)', 'gate by the clock'],
    ],
    rows,
  );
}

/** @param {{ extension: string, subject: Subject, ratio: number }} options */
export async function measureSubject({ extension, subject, ratio }) {
  const running = await launchBrowser({
    executable: provideChromium(),
    extension,
    headless: true,
    // speedscope draws by WebGL: without a graphics card Chromium does that only when it is told to.
    args: subject.peer ? ['--enable-unsafe-swiftshader'] : [],
  });
  const site = await serveSpeedscope();
  try {
    const { page, file } = await openBiggest(running, { subject, ratio, url: site.url });
    const selector = subject.peer ? 'body' : '.flame-chart';
    // Once for the compiler, then for the figures.
    await page.evaluate(driveFrames, { selector, frames: FRAMES / 4 });
    await wait(500);
    const { log, processor } = await traced(running, page, () =>
      page.evaluate(driveFrames, { selector, frames: FRAMES }),
    );
    const idle = await measureIdle(running);
    const canvas = await page.evaluate(() =>
      Math.max(...[...document.querySelectorAll('canvas')].map(({ height }) => height)),
    );
    const blank = await measureBlank(running, { ratio, height: canvas / ratio });
    const name = `${subject.name}, ${megabytes(statSync(file).size)}`;
    return { row: tellFigures({ name, ratio, canvas, log, idle, processor, blank }), file };
  } finally {
    await site.close();
    await running.close();
  }
}

/**
 * The page with the subject open in it, watched.
 * @param {import('../../scripts/browser.mjs').RunningBrowser} running
 * @param {{ subject: Subject, ratio: number, url: string }} options
 */
async function openBiggest(running, { subject, ratio, url }) {
  for (const make of subject.files) {
    const file = await make();
    const page = await openPage(running, ratio);
    if (!subject.peer) await openOurs(page, running.extensionId, file);
    if (!subject.peer || (await openSpeedscope(page, url, file))) return { page, file };
    await page.close();
  }
  throw new Error(`${subject.name} opens none of the files`);
}

/**
 * @typedef {{ log: number[][], processor: { work: number, busy: number }[] }} Frames Of each by the clock: work, busy, begin.
 */

/**
 * @param {import('../../scripts/browser.mjs').RunningBrowser} running
 * @param {Page} page
 * @param {() => Promise<number[][]>} drive
 * @returns {Promise<Frames>}
 */
async function traced({ browser }, page, drive) {
  await browser.startTracing(page, {
    categories: ['-*', 'devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata'],
  });
  const log = await drive();
  const trace = JSON.parse((await browser.stopTracing()).toString());
  return { log, processor: processorOfFrames(trace.traceEvents) };
}

/**
 * @param {Frames & { name: string, ratio: number, canvas: number, idle: number, blank: Frames }} measured
 */
function tellFigures({ name, ratio, canvas, log, idle, processor, blank }) {
  const work = percentile(log.map(([each]) => each));
  const busy = percentile(log.map(([, each]) => each));
  const late = shareOfLate(log.map(([, , begin]) => begin));
  const misses = [
    ...(work > GATE.work ? ['work'] : []),
    ...(busy > GATE.busy ? ['busy'] : []),
    ...(late > idle + GATE.lateOver ? ['late'] : []),
  ];
  return [
    name,
    `${ratio}`,
    `${PAGE.width * ratio} × ${canvas}`,
    millis(work),
    millis(busy),
    percent(late),
    percent(idle),
    millis(percentile(processor.map(({ work: each }) => each))),
    millis(percentile(processor.map(({ busy: each }) => each))),
    millis(percentile(blank.log.map(([, each]) => each))),
    millis(percentile(blank.processor.map(({ busy: each }) => each))),
    misses.length === 0 ? 'passes' : `misses ${misses.join(', ')}`,
  ];
}

/**
 * An empty page of that pixel ratio, watched.
 * @param {import('../../scripts/browser.mjs').RunningBrowser} running
 * @param {number} ratio
 */
async function openPage({ context }, ratio) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const metrics = { ...PAGE, deviceScaleFactor: ratio, mobile: false };
  await session.send('Emulation.setDeviceMetricsOverride', metrics);
  await page.addInitScript(watchFrames);
  return page;
}

/** @param {readonly number[]} values */
function percentile(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
}

/** @param {readonly number[]} begins */
function shareOfLate(begins) {
  const gaps = begins.slice(1).map((begin, at) => begin - begins[at]);
  return gaps.filter((gap) => gap > LATE_MILLIS).length / Math.max(1, gaps.length);
}

const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(1)} %`;

/** @param {import('../../scripts/browser.mjs').RunningBrowser} running */
async function measureIdle({ context }) {
  const page = await context.newPage();
  const begins = await page.evaluate(idleFrames, IDLE_FRAMES);
  await page.close();
  return shareOfLate(begins);
}

/**
 * A page with nothing but a canvas as large as the subject's: what is left of a frame when nobody draws.
 * @param {import('../../scripts/browser.mjs').RunningBrowser} running
 * @param {{ ratio: number, height: number }} options Height in CSS pixels.
 */
async function measureBlank(running, { ratio, height }) {
  const page = await openPage(running, ratio);
  await page.goto('about:blank');
  const frames = await traced(running, page, () =>
    page.evaluate(blankFrames, { width: PAGE.width, height, frames: IDLE_FRAMES }),
  );
  await page.close();
  return frames;
}

/**
 * By the processor's time of the thread: per task that ran a frame all of it, and the callbacks in it.
 * @param {Record<string, any>[]} events
 */
function processorOfFrames(events) {
  const frames = events.filter(({ name, ph }) => name === 'FireAnimationFrame' && ph === 'X');
  const counts = new Map();
  for (const { pid, tid } of frames) counts.set(`${pid} ${tid}`, (counts.get(`${pid} ${tid}`) ?? 0) + 1);
  const [thread] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [''];
  const isOurs = (/** @type {Record<string, any>} */ { pid, tid }) => `${pid} ${tid}` === thread;
  const callbacks = frames.filter(isOurs);
  const tasks = events.filter(
    (event) => event.name === 'RunTask' && isOurs(event) && event.tdur !== undefined,
  );
  return tasks.flatMap(({ ts, dur, tdur }) => {
    const own = callbacks.filter((callback) => callback.ts >= ts && callback.ts <= ts + dur);
    const work = own.reduce((sum, callback) => sum + (callback.tdur ?? 0), 0);
    return own.length === 0 ? [] : [{ work: work / 1000, busy: tdur / 1000 }];
  });
}

/**
 * @param {Page} page
 * @param {string} extensionId
 * @param {string} file
 */
async function openOurs(page, extensionId, file) {
  await page.goto(`chrome-extension://${extensionId}/viewer.html`);
  await page.locator('input[type=file]').waitFor({ state: 'attached' });
  await startClock(page, 'change');
  await chooseFile(page, file);
  await readClock(page);
}

/**
 * @param {Page} page
 * @param {string} url
 * @param {string} file
 */
async function openSpeedscope(page, url, file) {
  await page.goto(url);
  await page.locator('input[type=file]').waitFor({ state: 'attached' });
  await chooseFile(page, file);
  // It shows its views' names when it has one to show; where it cannot, a sentence, or a page that has gone.
  const opened = await page
    .getByText('Time Order')
    .waitFor({ timeout: SPEEDSCOPE_MILLIS })
    .then(
      () => true,
      () => false,
    );
  await wait(2_000);
  return opened;
}

/** The package's own built page. */
async function serveSpeedscope() {
  const folder = join(ROOT, 'node_modules/speedscope/dist/release');
  const types = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.wasm': 'application/wasm',
  };
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const path = join(folder, pathname === '/' ? 'index.html' : pathname);
    if (!path.startsWith(folder) || !existsSync(path)) response.writeHead(404).end();
    else {
      const type = Reflect.get(types, extname(path)) ?? 'application/octet-stream';
      createReadStream(path).pipe(response.writeHead(200, { 'content-type': type }));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve(undefined))),
  };
}

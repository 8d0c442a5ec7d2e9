/**
 * The panel's own times in headless Chromium: a search over five million slices, a hover card, and how long a panel in
 * DevTools takes from its opening to its first paint and to the last recording shown.
 * In: our built extension. Out: tables. Search and hover are driven by real input events.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { devToolsPages, launchBrowser, openPanel, pressToolbarButton } from '../../scripts/browser.mjs';
import { chooseFile, readClock, startClock } from './chromium-bench.mjs';
import { median, millis, printTable } from './figures.mjs';
import { launch, provideChromium } from './places.mjs';
import { generateSlices } from './slices.mjs';
import { openWorkSite } from './work-site.mjs';

const SLICES = 5_000_000;
const QUERIES = ['layout', 'e', 'no such name'];
const HOVERS = 40;

/** @typedef {import('playwright').Page} Page */

/** @param {{ extension: string, runs: number }} options */
export async function runPanelBench({ extension, runs }) {
  await runSearchAndHover({ extension, runs });
  await runOpening({ extension, runs });
}

/** @param {{ extension: string, runs: number }} options */
async function runSearchAndHover({ extension, runs }) {
  const running = await launch(extension);
  try {
    const page = await running.context.newPage();
    await page.setViewportSize({ width: 1400, height: 1000 });
    await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
    await page.locator('input[type=file]').waitFor({ state: 'attached' });
    await startClock(page, 'change');
    await chooseFile(page, generateSlices(SLICES));
    await readClock(page);
    await page.evaluate(watchPanel);
    console.log(`\n## Search over ${SLICES} slices in the viewer (${runs} times each)\n`);
    await page.keyboard.press('/');
    const rows = [];
    for (const query of QUERIES) rows.push(await searchFor(page, query, runs));
    printTable(
      [
        'text',
        'from the key to the count, median',
        'slowest',
        'longest task of the panel meanwhile',
        'found',
      ],
      rows,
    );
    await page.keyboard.press('Escape');
    console.log(`\n## From the pointer to its hover card (${HOVERS} moves)\n`);
    const frames = await hover(page);
    printTable(
      ['in the same frame', 'a frame later', 'work of that frame, p95'],
      [
        [
          `${frames.filter(({ later }) => later === 0).length}`,
          `${frames.filter(({ later }) => later > 0).length}`,
          millis(frames.map(({ work }) => work).sort((one, other) => one - other)[Math.floor(HOVERS * 0.95)]),
        ],
      ],
    );
  } finally {
    await running.close();
  }
}

/** Runs in the page: notes long tasks, and when the count of finds changes. */
function watchPanel() {
  const seen = { longest: 0, said: '', at: 0, from: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
  }).observe({ entryTypes: ['longtask'] });
  addEventListener(
    'input',
    (event) => {
      seen.from = event.timeStamp;
      seen.at = 0;
    },
    true,
  );
  new MutationObserver(() => {
    const said = document.querySelector('#search-found')?.textContent ?? '';
    if (said !== seen.said && said !== '' && seen.at === 0) seen.at = performance.now();
    seen.said = said;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  Object.assign(globalThis, { benchSeen: seen });
}

/**
 * @param {Page} page
 * @param {string} query
 * @param {number} runs
 */
async function searchFor(page, query, runs) {
  const times = [];
  let found = '';
  let longest = 0;
  const field = page.locator('.search-bar .text-field').first();
  for (let run = 0; run < runs; run++) {
    await field.fill('');
    await wait(200);
    await page.evaluate(() =>
      Object.assign(Reflect.get(globalThis, 'benchSeen'), { longest: 0, said: '', at: 0 }),
    );
    // All of the text at once: one question.
    await page.keyboard.insertText(query);
    const seen = await page.waitForFunction(() => {
      const { from, at, longest: most, said } = Reflect.get(globalThis, 'benchSeen');
      return at > 0 && { millis: at - from, most, said };
    });
    const answer = await seen.jsonValue();
    if (answer === false) throw new Error('the search did not answer');
    const { millis: took, said } = answer;
    await wait(100);
    times.push(took);
    found = said;
    longest = Math.max(longest, await page.evaluate(() => Reflect.get(globalThis, 'benchSeen').longest));
  }
  // The browser tells tasks from 50 ms.
  const held = longest === 0 ? 'under 50 ms' : millis(longest);
  return [`“${query}”`, millis(median(times)), millis(Math.max(...times)), held, found];
}

/** @param {Page} page */
async function hover(page) {
  await page.evaluate(() => {
    const log = /** @type {{ later: number, work: number }[]} */ ([]);
    let moved = 0;
    let frames = 0;
    addEventListener(
      'pointermove',
      () => {
        moved = performance.now();
        frames = 0;
      },
      true,
    );
    const ask = globalThis.requestAnimationFrame.bind(globalThis);
    let work = 0;
    globalThis.requestAnimationFrame = (callback) =>
      ask((time) => {
        const before = performance.now();
        callback(time);
        work = performance.now() - before;
      });
    const count = () => {
      if (moved > 0) frames++;
      ask(count);
    };
    ask(count);
    new MutationObserver(() => {
      if (moved === 0 || document.querySelector('.hover-card') === null) return;
      // Before the frame's own count: it is the same one that the move came with.
      log.push({ later: Math.max(0, frames - 1), work });
      moved = 0;
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    Object.assign(globalThis, { benchHovers: log });
  });
  const box = await page.locator('.flame-chart-canvas').boundingBox();
  if (box === null) throw new Error('there is no chart');
  for (let move = 0; move < HOVERS; move++) {
    await page.mouse.move(box.x + 200 + move * 20, box.y + 80 + (move % 9) * 18);
    await wait(60);
  }
  return page.evaluate(
    () => /** @type {{ later: number, work: number }[]} */ (Reflect.get(globalThis, 'benchHovers')),
  );
}

/**
 * A panel in DevTools that shows the last recording of its tab again: by its own page's clock.
 * @param {{ extension: string, runs: number }} options
 */
async function runOpening({ extension, runs }) {
  const site = await openWorkSite();
  const running = await launchBrowser({
    executable: provideChromium(),
    extension,
    headless: true,
    url: `${site.origin}/work?turns=900`,
    devtools: { dock: 'bottom' },
  });
  try {
    const first = await openPanel(running);
    await first.getByText('or drop a trace here').waitFor();
    await pressToolbarButton(running, (url) => url.startsWith(site.origin));
    await first.locator('.flame-chart[data-idle="true"]').waitFor({ timeout: 120_000 });
    console.log(`\n## A panel in DevTools, from its opening (medians of ${runs})\n`);
    const paints = [];
    const shown = [];
    for (let run = 0; run < runs; run++) {
      const [devtools] = devToolsPages(running.context);
      await devtools.reload();
      const panel = await openPanel(running);
      const chart = await panel.waitForFunction(
        () => document.querySelector('.flame-chart[data-idle="true"]') !== null && performance.now(),
        undefined,
        { polling: 'raf' },
      );
      shown.push(Number(await chart.jsonValue()));
      paints.push(
        await panel.evaluate(
          () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
        ),
      );
    }
    printTable(
      ['first contentful paint', 'slowest', 'last recording painted', 'slowest'],
      [
        [median(paints), Math.max(...paints), median(shown), Math.max(...shown)].map((value) =>
          millis(value),
        ),
      ],
    );
  } finally {
    await running.close();
    await site.close();
  }
}

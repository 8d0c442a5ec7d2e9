/**
 * The source of functions with the time of each line, in the real browser, of a page recorded with the texts of its
 * scripts: pretty-printed, by source map, fetched and refused, by keys, in the viewer and in the DevTools panel.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright';
import { expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { PAGE_TRACE } from '../builders/page-trace.ts';
import { findBarriers } from './harness/axe.ts';
import { test as base, type TestBrowser, takeScreenshot } from './harness/browser.ts';
import { copyForLoopback } from './harness/loopback-extension.ts';
import { readBundle } from './harness/site.ts';

type Place = Page | Frame;

const DETAILED = { jsSamples: true, screenshots: true, scriptSources: true, invalidations: true };

const linesOf = (place: Place): Locator => place.locator('.source-lines .grid-row');
const foot = (place: Place): Locator => place.locator('.source-pane .foot');

/** Time in the first column of the line that holds `code`, ms. */
async function selfOf(place: Place, code: string): Promise<number> {
  const cells = linesOf(place).filter({ hasText: code }).first().locator('.number').first();
  return Number((await cells.textContent())?.replace(/\s/g, '') || 0);
}

async function openSourceFromTable(place: Place, file: string): Promise<void> {
  await place.getByRole('tab', { name: 'Bottom-up', exact: true }).click();
  await place.getByLabel('Filter the table').fill(file);
  const row = place.locator('.grid-row').filter({ hasText: file }).first();
  await row.click();
  await place.getByRole('treegrid', { name: 'Bottom-up' }).press('Shift+Enter');
}

const test = base.extend<{ recorded: { browser: TestBrowser; viewer: Page } }>({
  recorded: async ({ launch, site }, use) => {
    const browser = await launch();
    const page = await browser.running.context.newPage();
    await page.goto(`${site.origin}/chart`);
    const worker = await browser.serviceWorker();
    await worker.evaluate(
      (recording) => chrome.storage.local.set({ settings: { version: 1, recording } }),
      DETAILED,
    );
    await browser.press('/chart');
    await browser.recorded();
    const viewer = await browser.viewer();
    viewer.setDefaultTimeout(15_000);
    await viewer.setViewportSize({ width: 1440, height: 900 });
    await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
    await use({ browser, viewer });
  },
});

const BUNDLE = 'chart.min.js';

/** The row that keys moved to. */
const activeOf = (place: Place): Locator => place.locator('.source-lines .grid-row.active');
const gridOf = (place: Place): Locator => place.getByRole('grid', { name: 'Source' });
const functionNames = (place: Place): Promise<readonly string[]> =>
  place.locator('.grid-row .row-name').allInnerTexts();

async function selfOfActive(place: Place): Promise<number> {
  return Number((await activeOf(place).locator('.number').first().textContent())?.replace(/\s/g, '') || 0);
}

async function isFootOf(place: Place, words: string): Promise<void> {
  await poll(`the text ${words}`, async () =>
    (await foot(place).textContent())?.includes(words) === true ? true : null,
  );
}

/** Nobody can press Chrome's own question in a test: its answer is given here, and what was asked for kept. */
function answerLeave(viewer: Page, isAllowed: boolean): Promise<void> {
  return viewer.evaluate((allowed) => {
    const given = globalThis as unknown as { wanted: unknown[] };
    given.wanted = [];
    chrome.permissions.request = ((wanted: unknown) => {
      given.wanted.push(wanted);
      return Promise.resolve(allowed);
    }) as typeof chrome.permissions.request;
  }, isAllowed);
}

async function chooseInMapMenu(viewer: Page, name: string | RegExp): Promise<void> {
  await viewer.getByRole('button', { name: 'Source map' }).click();
  await viewer.getByRole('menuitem', { name }).click();
}

/** As from a folder of the desktop. */
async function dropOn(
  viewer: Page,
  selector: string,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<void> {
  const dataTransfer = await viewer.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], fileName, { type: 'application/json' }));
      return transfer;
    },
    [name, text] as const,
  );
  await viewer.locator(selector).dispatchEvent('dragover', { dataTransfer });
  await expect.poll(() => viewer.locator(selector).getAttribute('data-over')).toBe('true');
  await viewer.locator(selector).dispatchEvent('drop', { dataTransfer });
  await expect.poll(() => viewer.locator(selector).getAttribute('data-over')).toBe('false');
}

/** The same page loaded anew: names are those of the authors from the first chart on. */
async function checkReopened(viewer: Page): Promise<void> {
  await viewer.reload();
  await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
  await viewer.getByRole('tab', { name: 'Bottom-up', exact: true }).click();
  await viewer.getByLabel('Filter the table').fill('.ts');
  await expect.poll(() => functionNames(viewer)).toContain('prepareData');
  await openSourceFromTable(viewer, 'main.ts');
  await isFootOf(viewer, 'from the source map');
}

/** A text stays with the recording as a map does, until it is taken away. */
async function checkKeptText(viewer: Page, folder: string): Promise<void> {
  const path = join(folder, 'given.ts');
  writeFileSync(path, '// given\n'.repeat(40));
  await viewer.locator('.source-file').first().setInputFiles(path);
  await isFootOf(viewer, 'from your file');
  await viewer.getByText('The text of main.ts is shown. It is kept with the recording.').waitFor();
  await viewer.reload();
  await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
  await openSourceFromTable(viewer, 'main.ts');
  await isFootOf(viewer, 'from your file');
  await chooseInMapMenu(viewer, 'Take the text away that was given');
  await isFootOf(viewer, 'from the source map');
  await viewer.locator('.source-taken').getByRole('button', { name: 'Undo' }).click();
  await isFootOf(viewer, 'from your file');
  await chooseInMapMenu(viewer, 'Take the text away that was given');
  await isFootOf(viewer, 'from the source map');
}

/** What was kept and cannot be read any more is said, and the rest opens. */
async function checkBrokenMap(viewer: Page): Promise<void> {
  await viewer.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('pageflame');
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('sources', 'readwrite');
          const store = transaction.objectStore('sources');
          store.openCursor().onsuccess = ({ target }) => {
            const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
            if (cursor !== null) cursor.update({ ...cursor.value, packed: Uint8Array.of(1, 2, 3) });
          };
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
          transaction.onerror = () => reject(transaction.error);
        };
      }),
  );
  await viewer.reload();
  await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
  await viewer
    .getByText(/^The source map of .*chart\.min\.js was kept with this recording/)
    .first()
    .waitFor();
  await viewer.getByRole('button', { name: /sources unreadable/ }).waitFor();
  await takeScreenshot(viewer, 'source-kept-broken');
}

async function checkPretty(viewer: Page): Promise<void> {
  await openSourceFromTable(viewer, BUNDLE);
  await linesOf(viewer).nth(8).waitFor();
  await isFootOf(viewer, 'from the recording');
  await gridOf(viewer).press('m');
  await poll('the hottest line', async () => ((await selfOfActive(viewer)) > 10 ? true : null));
  expect(await activeOf(viewer).locator('.source-code').textContent()).toMatch(
    /Math\.sqrt|turn|n \+=|performance/,
  );
  const hottest = await activeOf(viewer).getAttribute('aria-rowindex');
  await gridOf(viewer).press('n');
  expect(await activeOf(viewer).getAttribute('aria-rowindex')).not.toBe(hottest);
  await gridOf(viewer).press('Shift+N');
  expect(await activeOf(viewer).getAttribute('aria-rowindex')).toBe(hottest);
  await gridOf(viewer).press('Home');
  expect(await activeOf(viewer).getAttribute('aria-rowindex')).toBe('2');
  expect(await findBarriers(viewer, '.source-pane')).toEqual([]);
  await takeScreenshot(viewer, 'source-pretty-light');
  // One line again: it holds all of the time.
  await viewer.getByLabel('Pretty-print').uncheck();
  await expect.poll(() => linesOf(viewer).count()).toBeLessThan(4);
  await gridOf(viewer).press('m');
  await poll('the one line', async () => ((await selfOfActive(viewer)) > 50 ? true : null));
  await viewer.getByLabel('Pretty-print').check();
  await linesOf(viewer).nth(8).waitFor();
}

/** The authors' names and lines, in every view. */
async function checkMapped(viewer: Page): Promise<void> {
  await isFootOf(viewer, 'from the source map');
  await openSourceFromTable(viewer, 'main.ts');
  await linesOf(viewer).filter({ hasText: 'Math.sqrt(index)' }).first().waitFor();
  await poll('the loop’s time', async () => ((await selfOf(viewer, 'Math.sqrt(index)')) > 5 ? true : null));
  expect(await selfOf(viewer, 'const list: number[]')).toBe(0);
  await takeScreenshot(viewer, 'source-mapped-light');
  await viewer.getByRole('tab', { name: 'Bottom-up', exact: true }).click();
  await viewer.getByLabel('Filter the table').fill('.ts');
  await expect.poll(() => functionNames(viewer)).toContain('prepareData');
  // The chart: search finds the authors' name, the details have its place, and O opens it.
  await viewer.locator('.flame-chart').focus();
  await viewer.keyboard.press('/');
  await viewer.keyboard.type('prepareData');
  await viewer.keyboard.press('Enter');
  await viewer.getByRole('tab', { name: 'Summary', exact: true }).click();
  await viewer
    .locator('.slice .facts')
    .getByText(/main\.ts:3:/)
    .waitFor();
  await viewer.keyboard.press('Escape');
  await viewer.locator('.flame-chart').focus();
  await viewer.keyboard.press('o');
  await linesOf(viewer).filter({ hasText: 'function prepareData' }).first().waitFor();
}

test('a bundle in one line: pretty-printed, and by a source map that is fetched on wish or given', {
  timeout: 120_000,
}, async ({ recorded: { viewer }, site }) => {
  await checkPretty(viewer);
  const asked = (): number => site.requests.filter((path) => path === '/chart.min.js.map').length;
  expect(asked()).toBe(0);
  await answerLeave(viewer, false);
  await chooseInMapMenu(viewer, /^Fetch it from 127\.0\.0\.1/);
  await viewer.getByText('Chrome was not given leave to read from').waitFor();
  expect(asked()).toBe(0);
  await answerLeave(viewer, true);
  await chooseInMapMenu(viewer, /^Fetch it from 127\.0\.0\.1/);
  await viewer.getByText('the name and place of the source map').waitFor();
  expect(asked()).toBe(1);
  const wanted = await viewer.evaluate(() => (globalThis as unknown as { wanted: unknown[] }).wanted);
  expect(wanted).toEqual([{ origins: [`${site.origin}/*`] }]);
  await checkMapped(viewer);
  await viewer.getByRole('button', { name: /as it ran: chart\.min\.js/ }).click();
  await isFootOf(viewer, 'from the recording');
  await chooseInMapMenu(viewer, 'Take the source map away');
  await viewer.getByText('the names that they ran under').waitFor();
  await viewer.locator('.source-taken').getByRole('button', { name: 'Undo' }).click();
  await viewer.getByRole('button', { name: /as it ran: chart\.min\.js/ }).click();
  await chooseInMapMenu(viewer, 'Take the source map away');
  await viewer.getByText('the names that they ran under').waitFor();
  expect(asked(), 'Undo asks no server').toBe(1);
  await viewer.getByRole('tab', { name: 'Bottom-up', exact: true }).click();
  await viewer.getByLabel('Filter the table').fill(BUNDLE);
  await expect.poll(async () => (await functionNames(viewer)).length).toBeGreaterThan(1);
  expect(await functionNames(viewer)).not.toContain('prepareData');
  // A map by file, of whatever name.
  const folder = mkdtempSync(join(tmpdir(), 'pageflame-source-'));
  try {
    const path = join(folder, 'anything.json');
    const map = JSON.stringify((await readBundle()).map);
    writeFileSync(path, map);
    await openSourceFromTable(viewer, BUNDLE);
    await linesOf(viewer).first().waitFor();
    await viewer.locator('.source-file').first().setInputFiles(path);
    await viewer.getByText('the name and place of the source map').waitFor();
    await viewer.getByRole('button', { name: /as it ran: chart\.min\.js/ }).click();
    await chooseInMapMenu(viewer, 'Take the source map away');
    await viewer.getByText('the names that they ran under').waitFor();
    // Dropped while another file is shown, it goes to the script that it is named after.
    await openSourceFromTable(viewer, 'inline');
    await linesOf(viewer).first().waitFor();
    await dropOn(viewer, '.source-pane', { name: `${BUNDLE}.map`, text: map });
    await viewer.getByText(/functions of chart\.min\.js have the name and place of the source map/).waitFor();
    await viewer.getByText('It is kept with the recording.').waitFor();
    await checkReopened(viewer);
    await checkKeptText(viewer, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  // A script inside a document stands at its own lines: the head of the grid is its first row.
  await openSourceFromTable(viewer, 'inline');
  const inline = linesOf(viewer).filter({ hasText: 'function inline()' }).first();
  await inline.waitFor();
  await poll('its time', async () => ((await selfOf(viewer, 'function inline()')) > 5 ? true : null));
  expect(await inline.getAttribute('aria-rowindex')).toBe('4');
  await checkBrokenMap(viewer);
});

test('a recording without texts says where one may come from, and takes a dropped file', async ({
  launch,
}) => {
  const browser = await launch();
  const folder = mkdtempSync(join(tmpdir(), 'pageflame-source-'));
  try {
    const viewer = await browser.running.context.newPage();
    viewer.setDefaultTimeout(15_000);
    await viewer.setViewportSize({ width: 1440, height: 900 });
    await viewer.goto(`chrome-extension://${browser.running.extensionId}/viewer.html`);
    const path = join(folder, 'page.json');
    writeFileSync(path, PAGE_TRACE);
    await viewer.locator('input[type=file]').first().setInputFiles(path);
    await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
    await viewer.getByRole('tab', { name: 'Source', exact: true }).click();
    await viewer.getByText("No function's source is open.").waitFor();
    await openSourceFromTable(viewer, 'app.js');
    await viewer.getByText('The recording does not hold the text of').waitFor();
    expect(await findBarriers(viewer, '.source-pane')).toEqual([]);
    await takeScreenshot(viewer, 'source-missing-light');
    await viewer.emulateMedia({ colorScheme: 'dark' });
    await viewer.setViewportSize({ width: 400, height: 800 });
    await takeScreenshot(viewer, 'source-missing-dark-narrow');
    const text = join(folder, 'app.js');
    writeFileSync(text, Array.from({ length: 60 }, (_, line) => `// line ${line + 1}`).join('\n'));
    await viewer.locator('.source-file').first().setInputFiles(text);
    await linesOf(viewer).first().waitFor();
    expect(await foot(viewer).textContent()).toContain('from your file');
    await takeScreenshot(viewer, 'source-file-dark-narrow');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a server whose certificate is not trusted, and one that is not there, are told apart', async ({
  launch,
}) => {
  const extension = copyForLoopback();
  const folder = mkdtempSync(join(tmpdir(), 'pageflame-source-'));
  const read = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
  const served = (_: unknown, response: { end: (text: string) => void }): void => response.end('// app');
  const server = createServer({ key: read('key.pem'), cert: read('certificate.pem') }, served);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const browser = await launch({ extension: extension.path });
    const viewer = await browser.running.context.newPage();
    viewer.setDefaultTimeout(15_000);
    await viewer.goto(`chrome-extension://${browser.running.extensionId}/viewer.html`);
    const path = join(folder, 'page.json');
    writeFileSync(
      path,
      PAGE_TRACE.replaceAll('http://shop.example/app.js', `https://127.0.0.1:${port}/app.js`),
    );
    await viewer.locator('input[type=file]').first().setInputFiles(path);
    await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
    await openSourceFromTable(viewer, 'app.js');
    await answerLeave(viewer, true);
    const ask = viewer.getByRole('button', { name: `Fetch from 127.0.0.1:${port}` });
    await ask.click();
    await viewer.getByText(`its server's certificate is not trusted`).waitFor();
    await viewer.getByText('ERR_CERT_AUTHORITY_INVALID').waitFor({ state: 'attached' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await ask.click();
    await viewer.getByText('Check that it is still there and needs no login').waitFor();
    await viewer.getByText('ERR_CONNECTION_REFUSED').waitFor({ state: 'attached' });
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
    extension.remove();
  }
});

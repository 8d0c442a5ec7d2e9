/**
 * The source of functions with the time of each line, in the real browser, of a page recorded with the texts of its
 * scripts: pretty-printed, by source map, fetched and refused, by keys, in the viewer and in the DevTools panel.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { PAGE_TRACE } from '../builders/page-trace.ts';
import { findBarriers } from './harness/axe.ts';
import { test as base, type TestBrowser, takeScreenshot } from './harness/browser.ts';
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
    const browser = await launch({ url: `${site.origin}/chart` });
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

describe('a script in one line', () => {
  test('is pretty-printed, and each line has its own time', async ({ recorded: { viewer } }) => {
    await openSourceFromTable(viewer, 'chart.min.js');
    await linesOf(viewer).first().waitFor();
    await expect.poll(() => linesOf(viewer).count()).toBeGreaterThan(10);
    expect(await foot(viewer).textContent()).toContain('Text from the recording');
    await poll('the loop’s time', async () => ((await selfOf(viewer, 'Math.sqrt')) > 5 ? true : null));
    expect(await findBarriers(viewer, '.source-pane')).toEqual([]);
    await takeScreenshot(viewer, 'source-pretty-light');
    // One line again: it holds all of the time.
    await viewer.getByLabel('Pretty-print').uncheck();
    await expect.poll(() => linesOf(viewer).count()).toBeLessThan(4);
    expect(await selfOf(viewer, 'Math.sqrt')).toBeGreaterThan(50);
    await viewer.getByLabel('Pretty-print').check();
    await expect.poll(() => linesOf(viewer).count()).toBeGreaterThan(10);
    const grid = viewer.getByRole('grid', { name: 'Source' });
    await grid.press('m');
    const active = viewer.locator('.source-lines .grid-row.active');
    expect(await active.textContent()).toMatch(/Math\.sqrt|turn|n \+=/);
    await grid.press('n');
    await grid.press('Home');
    expect(await active.getAttribute('aria-rowindex')).toBe('2');
  });

  test('has its authors’ names and lines with its source map, in every view', async ({
    recorded: { viewer },
  }) => {
    const { map } = await readBundle();
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-source-'));
    try {
      const path = join(folder, 'anything.json');
      writeFileSync(path, JSON.stringify(map));
      await openSourceFromTable(viewer, 'chart.min.js');
      await linesOf(viewer).first().waitFor();
      await viewer.locator('.source-file').first().setInputFiles(path);
      await viewer.getByText('have the name and place of the source map').waitFor();
    } finally {
      rmSync(folder, { recursive: true });
    }
    await poll('the source to be shown', async () =>
      (await foot(viewer).textContent())?.includes('from the source map') === true ? true : null,
    );
    // Whichever of the two files took most is shown; the other is a row of the table.
    await openSourceFromTable(viewer, 'main.ts');
    await poll('the loop’s time', async () => ((await selfOf(viewer, 'Math.sqrt(index)')) > 5 ? true : null));
    expect(await selfOf(viewer, 'const list: number[]')).toBe(0);
    await takeScreenshot(viewer, 'source-mapped-light');
    await viewer.getByRole('tab', { name: 'Bottom-up', exact: true }).click();
    await viewer.getByLabel('Filter the table').fill('');
    const names = (): Promise<readonly string[]> => viewer.locator('.grid-row .row-name').allInnerTexts();
    await expect.poll(names).toContain('prepareData');
    await viewer.getByRole('tab', { name: 'Flame graph', exact: true }).click();
    // The chart: search finds the authors' name, and the details have its place.
    await viewer.locator('.flame-chart').focus();
    await viewer.keyboard.press('/');
    await viewer.keyboard.type('prepareData');
    await viewer.keyboard.press('Enter');
    await viewer.keyboard.press('Escape');
    await viewer.getByRole('tab', { name: 'Summary', exact: true }).click();
    await viewer
      .locator('.slice .facts')
      .getByText(/main\.ts:3:/)
      .waitFor();
    // O opens it from the chart.
    await viewer.locator('.flame-chart').focus();
    await viewer.keyboard.press('o');
    await linesOf(viewer).filter({ hasText: 'function prepareData' }).first().waitFor();
    // As it ran, and back to generated names.
    await viewer.getByRole('button', { name: /as it ran: chart\.min\.js/ }).click();
    await poll('the script', async () =>
      (await foot(viewer).textContent())?.includes('from the recording') === true ? true : null,
    );
    await viewer.getByRole('button', { name: 'Source map' }).click();
    await viewer.getByRole('menuitem', { name: 'Take the source map away' }).click();
    await viewer.getByText('have the names that they ran under').waitFor();
    await viewer.getByRole('tab', { name: 'Bottom-up', exact: true }).click();
    await expect.poll(names).not.toContain('prepareData');
  });

  test('its map is fetched on wish alone, with leave for that origin; a refusal is said', async ({
    recorded: { viewer },
    site,
  }) => {
    await openSourceFromTable(viewer, 'chart.min.js');
    await linesOf(viewer).first().waitFor();
    const asked = (): number => site.requests.filter((path) => path === '/chart.min.js.map').length;
    expect(asked()).toBe(0);
    // Nobody can press Chrome's own question in a test: its answer is given here.
    const answer = (isAllowed: boolean): Promise<void> =>
      viewer.evaluate((allowed) => {
        const given = globalThis as unknown as { wanted: unknown[] };
        given.wanted = [];
        chrome.permissions.request = ((wanted: unknown) => {
          given.wanted.push(wanted);
          return Promise.resolve(allowed);
        }) as typeof chrome.permissions.request;
      }, isAllowed);
    const fetchMap = async (): Promise<void> => {
      await viewer.getByRole('button', { name: 'Source map' }).click();
      await viewer.getByRole('menuitem', { name: /^Fetch it from 127\.0\.0\.1/ }).click();
    };
    await answer(false);
    await fetchMap();
    await viewer.getByText('Chrome was not given leave to read from').waitFor();
    expect(asked()).toBe(0);
    await answer(true);
    await fetchMap();
    await viewer.getByText('have the name and place of the source map').waitFor();
    expect(asked()).toBe(1);
    const wanted = await viewer.evaluate(() => (globalThis as unknown as { wanted: unknown[] }).wanted);
    expect(wanted).toEqual([{ origins: [`${site.origin}/*`] }]);
  });
});

test('a script inside a document stands at its own lines', async ({ recorded: { viewer }, site }) => {
  await openSourceFromTable(viewer, 'inline');
  await linesOf(viewer).filter({ hasText: 'function inline()' }).first().waitFor();
  await poll('its time', async () => ((await selfOf(viewer, 'function inline()')) > 5 ? true : null));
  const row = linesOf(viewer).filter({ hasText: 'function inline()' }).first();
  // The third line of the document, and the head of the grid is its first row.
  expect(await row.getAttribute('aria-rowindex')).toBe('4');
  expect(site.requests.filter((path) => path === '/chart').length).toBeLessThan(3);
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

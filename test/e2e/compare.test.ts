/**
 * Comparing, in the viewer: two files, two recordings of the library, a recording and what a backend has of another
 * version. What the flame graph, its card and the table say, by keys and by mouse, light and dark, wide and narrow.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { connect, NO_CREDENTIALS } from '../../src/backends/index.ts';
import { writePprof } from '../../src/profile/index.ts';
import { deliverAll } from '../backends/sending.ts';
import { openPyroscope } from '../backends/servers.ts';
import type { RunningServer } from '../backends/stand-ins/http.ts';
import { APP, buildCargo, buildDestination } from '../builders/cargo.ts';
import { profileOf } from '../builders/profiles.ts';
import { findBarriers } from './harness/axe.ts';
import { test as base, type TestBrowser, takeScreenshot } from './harness/browser.ts';
import { collectDownloads } from './harness/chart.ts';
import { copyForLoopback, type LoopbackExtension } from './harness/loopback-extension.ts';
import { addBackend, openViewer } from './harness/sending.ts';

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const BEFORE = { main: 10_000, 'main;old': 5_000, 'main;render': 30_000 };
const AFTER = { main: 10_000, 'main;render': 75_000, 'main;fresh': 1_000 };

const folder = mkdtempSync(join(tmpdir(), 'pageflame-compare-'));
let extension: LoopbackExtension;
let pyroscope: RunningServer;
beforeAll(async () => {
  extension = copyForLoopback();
  pyroscope = await openPyroscope();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  extension.remove();
  await pyroscope.stop();
});

function fileOf(name: string, folded: Readonly<Record<string, number>>): string {
  const path = join(folder, name);
  writeFileSync(path, writePprof([profileOf(folded)]));
  return path;
}

const graphOf = (page: Page): Locator => page.locator('.comparison-screen .flame-graph');
const told = (page: Page): Locator => graphOf(page).locator('.canvas-live');
const chooser = (page: Page): Locator => page.locator('dialog.chooser');
/** With spaces that can be typed. */
const plain = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').trim();

/** `+45 ms render`: the first columns of the table of functions, as they stand. */
async function readChanges(page: Page): Promise<readonly string[]> {
  const rows = page.locator('.changes .grid-row');
  await rows.first().waitFor();
  const texts = await rows.evaluateAll((list) =>
    list.map((row) => {
      const cells = [...row.children].map((cell) => cell.textContent ?? '');
      return `${cells[0]} ${cells[6]}`;
    }),
  );
  return texts.map(plain);
}

async function compareWithFile(page: Page, path: string): Promise<void> {
  await page.keyboard.press('Alt+c');
  await chooser(page).locator('input.compare-file').setInputFiles(path);
  await graphOf(page).waitFor();
}

const test = base.extend<{ viewer: Page; browser: TestBrowser }>({
  browser: async ({ launch }, use) => use(await launch({ extension: extension.path })),
  viewer: async ({ browser }, use) => {
    const page = await openViewer(browser);
    page.setDefaultTimeout(20_000);
    await page.setViewportSize({ width: 1300, height: 800 });
    await use(page);
  },
});

describe('two files', () => {
  test('as the sandwich of one function: who calls it and what it calls, before and after', async ({
    viewer,
  }) => {
    await viewer.locator('input[type=file]').first().setInputFiles(fileOf('after.pb', AFTER));
    await viewer.locator('.document-screen .flame-graph').waitFor();
    await compareWithFile(viewer, fileOf('before.pb', BEFORE));
    await viewer.getByText('Sandwich', { exact: true }).click();
    await viewer.getByText('Which function?').waitFor();
    await viewer.getByText('Top-down', { exact: true }).click();
    await graphOf(viewer).focus();
    await viewer.keyboard.press('ArrowDown');
    await viewer.keyboard.press('ArrowDown');
    await expect.poll(async () => plain(await told(viewer).textContent())).toContain('render');
    await viewer.keyboard.press('3');
    const callers = viewer.getByRole('region', { name: 'Callers of render' });
    const callees = viewer.getByRole('region', { name: 'What render calls' });
    await callers.locator('.flame-graph[data-idle="true"]').waitFor();
    await callees.locator('.flame-graph[data-idle="true"]').waitFor();
    await callers.locator('.flame-graph').focus();
    await viewer.keyboard.press('ArrowUp');
    await viewer.keyboard.press('ArrowUp');
    await expect
      .poll(async () => plain(await callers.locator('.canvas-live').textContent()))
      .toContain('main, Change +45 ms (+150 %), Before 30 ms (67 %), After 75 ms (87 %)');
    await takeScreenshot(viewer, 'comparison-sandwich-light');
    expect(await findBarriers(viewer)).toEqual([]);
    await viewer.emulateMedia({ colorScheme: 'dark' });
    await viewer.setViewportSize({ width: 400, height: 800 });
    await takeScreenshot(viewer, 'comparison-sandwich-dark-narrow');
    expect(
      await viewer.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0);
  });

  test('show what changed: colours, card, table, with new and gone', async ({ viewer }) => {
    await viewer.locator('input[type=file]').first().setInputFiles(fileOf('after.pb', AFTER));
    await viewer.locator('.document-screen .flame-graph').waitFor();
    await compareWithFile(viewer, fileOf('before.pb', BEFORE));
    await expect
      .poll(async () => plain(await viewer.locator('.change-total [role=status]').textContent()))
      .toBe('45 ms before, 86 ms after: +41 ms (+91 %)');
    // By keys: the root, then what it calls.
    await graphOf(viewer).focus();
    await viewer.keyboard.press('ArrowDown');
    await viewer.keyboard.press('ArrowDown');
    await expect
      .poll(async () => plain(await told(viewer).textContent()))
      .toContain('render, Change +45 ms (+150 %), Before 30 ms (67 %), After 75 ms (87 %)');
    const bar = viewer.locator('.box-bar');
    expect(plain(await bar.textContent())).toContain('before 30 ms (67 %)');
    // The same on the card, under the pointer.
    const canvas = await graphOf(viewer).locator('canvas').boundingBox();
    if (canvas === null) throw new Error('the graph is not laid out');
    await viewer.mouse.move(canvas.x + canvas.width * 0.3, canvas.y + 26);
    await expect
      .poll(async () => plain(await viewer.locator('.hover-card').textContent()))
      .toContain('Before30 ms (67 %)');
    await takeScreenshot(viewer, 'comparison-light');
    expect(await findBarriers(viewer)).toEqual([]);
    // What is gone has a box on the other side alone.
    await viewer.getByText('Wide as before').click();
    await viewer.keyboard.press('/');
    await viewer.keyboard.type('old');
    await viewer.getByText('1 box found: 11 %').waitFor();
    await viewer.keyboard.press('Escape');
    await viewer.getByRole('tab', { name: 'Functions' }).click();
    expect(await readChanges(viewer)).toEqual([
      '+45 ms render',
      '−5 ms oldgone',
      '+1 ms freshnew',
      '±0 main',
    ]);
    expect(await findBarriers(viewer)).toEqual([]);
    // Sorted by keys alone: the heads of the columns follow the grid.
    await viewer.getByRole('grid', { name: 'Changes by function' }).focus();
    await viewer.keyboard.press('Tab');
    await viewer.keyboard.press('Tab');
    await viewer.keyboard.press('Enter');
    expect((await readChanges(viewer))[1]).toBe('±0 main');
    await viewer.keyboard.press('Shift+Tab');
    await viewer.keyboard.press('Enter');
    // As text, with all columns; what came of it is told.
    const downloads = await collectDownloads(viewer);
    await viewer.getByRole('button', { name: 'Copy' }).click();
    await viewer.getByRole('menuitem', { name: 'Save the rows as CSV' }).click();
    await viewer.getByText('The table is in changes.csv').waitFor();
    const [saved] = await downloads();
    expect(saved.name).toBe('changes.csv');
    expect(saved.bytes).toContain('Total after');
    await viewer.getByText('By share').click();
    await expect.poll(() => readChanges(viewer)).toContain('−10.6 points main');
    // Heads say what stands below them.
    await viewer.getByRole('columnheader', { name: 'Self after, %' }).waitFor();
    expect(await viewer.locator('.changes .grid-row .middle-cell').last().textContent()).toMatch(/%$/);
    await viewer.getByLabel('Kind of change').selectOption('New');
    expect(await readChanges(viewer)).toEqual(['+1.2 points freshnew']);
    await viewer.getByLabel('Kind of change').selectOption('All functions');
    // Enter shows the row in the graph, on the side that has it.
    const grid = viewer.getByRole('grid', { name: 'Changes by function' });
    await grid.focus();
    await viewer.keyboard.press('End');
    await viewer.keyboard.press('Home');
    await viewer.keyboard.press('Enter');
    await expect.poll(async () => plain(await bar.textContent())).toContain('render');
    // Swapped, everything is the other way round.
    await viewer.getByRole('button', { name: /Swap/ }).click();
    await viewer.getByRole('tab', { name: 'Functions' }).click();
    await expect
      .poll(() => readChanges(viewer))
      .toEqual(['−45 ms render', '+5 ms oldnew', '−1 ms freshgone', '±0 main']);
    await viewer.getByRole('region', { name: 'After' }).getByRole('button', { name: 'Show' }).click();
    await viewer.locator('.document-screen').waitFor();
  });

  test('fit a narrow window, light and dark', async ({ viewer }) => {
    await viewer.locator('input[type=file]').first().setInputFiles(fileOf('after.pb', AFTER));
    await viewer.locator('.document-screen .flame-graph').waitFor();
    await viewer.emulateMedia({ colorScheme: 'dark' });
    await viewer.setViewportSize({ width: 400, height: 800 });
    await compareWithFile(viewer, fileOf('before.pb', BEFORE));
    await takeScreenshot(viewer, 'comparison-narrow-dark');
    expect(await findBarriers(viewer)).toEqual([]);
    await viewer.getByRole('tab', { name: 'Functions' }).click();
    await readChanges(viewer);
    await takeScreenshot(viewer, 'comparison-table-narrow-dark');
    const overflow = await viewer.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

/** A recording of the fixture page, shown in a viewer. */
async function record(browser: TestBrowser, count: number): Promise<Page> {
  await browser.press('busy.html');
  await browser.recorded(count);
  const viewer = await browser.viewer();
  await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
  viewer.setDefaultTimeout(20_000);
  return viewer;
}

describe('recordings', () => {
  test('of the library are compared from the shelf, each in its page’s load', async ({ launch, site }) => {
    const browser = await launch({ extension: extension.path, url: `${site.origin}/busy.html` });
    await record(browser, 1);
    await browser.page.bringToFront();
    await record(browser, 2);
    const page = await openViewer(browser);
    page.setDefaultTimeout(20_000);
    await page.getByRole('button', { name: 'Compare with…' }).first().click();
    await takeScreenshot(page, 'comparison-chooser');
    expect(await findBarriers(page, 'dialog.chooser')).toEqual([]);
    await chooser(page).getByRole('list', { name: 'Recordings' }).getByRole('button').first().click();
    await graphOf(page).waitFor();
    const ranges = page.getByLabel('Range');
    expect(await ranges.count()).toBe(2);
    expect(await ranges.first().inputValue()).toBe('page-load');
    await page.getByRole('tab', { name: 'Functions' }).click();
    await page.getByLabel('Filter the table').fill('busy.html');
    // The page's own functions are on both sides, and took about what they took.
    const rows = await readChanges(page);
    for (const name of ['f1', 'f2', 'f3']) expect(rows.some((row) => row.endsWith(` ${name}`))).toBe(true);
  });

  test('are compared with what a backend has of another version', async ({ launch, site }) => {
    const browser = await launch({ extension: extension.path, url: `${site.origin}/busy.html` });
    const page = await record(browser, 1);
    const recording = await browser.recorded();
    const path = join(folder, 'busy.pftrace.gz');
    writeFileSync(path, await browser.traceOf(recording));
    const service = `compare-${crypto.randomUUID().slice(0, 8)}`;
    const push = [
      'push',
      path,
      '--to',
      pyroscope.url,
      '--kind',
      'pyroscope',
      '--time',
      new Date().toISOString(),
    ];
    await promisify(execFile)(
      process.execPath,
      [CLI, ...push, '--label', `service_name=${service}`, '--label', 'version=2.3.0'],
      {
        env: { ...process.env, PAGEFLAME_QUEUE: join(folder, 'queue') },
      },
    );
    await addBackend(page, { product: 'Grafana Pyroscope', url: pyroscope.url });
    // A page that has not shown the backends: what the dialog looks like must not come from there.
    await page.reload();
    await page.locator('.flame-chart[data-idle="true"]').waitFor();
    await page.keyboard.press('Alt+c');
    await chooser(page).getByText('A backend', { exact: true }).click();
    for (const field of ['Only the span', 'Value of label 1'])
      expect((await page.getByLabel(field).boundingBox())?.height, field).toBeGreaterThan(20);
    await page.getByLabel('Value of label 1').fill(service);
    await page.getByRole('button', { name: 'Add a label' }).click();
    await page.getByLabel('Label 2', { exact: true }).fill('version');
    await page.getByLabel('Value of label 2').focus();
    await page.locator('.matcher').nth(1).locator('option[value="2.3.0"]').waitFor({ state: 'attached' });
    await page.getByLabel('Value of label 2').fill('2.3.0');
    await takeScreenshot(page, 'backend-query');
    expect(await findBarriers(page, 'dialog.chooser')).toEqual([]);
    await chooser(page).getByRole('button', { name: 'Compare', exact: true }).click();
    await graphOf(page).waitFor();
    expect(await page.getByRole('region', { name: 'Before' }).textContent()).toContain('version="2.3.0"');
    await page.getByRole('tab', { name: 'Functions' }).click();
    for (const name of ['f1', 'f2', 'f3']) {
      await page.getByLabel('Filter the table').fill(name);
      // It is the same function there, under its redacted address: neither new nor gone.
      await expect
        .poll(() => readChanges(page))
        .toContainEqual(expect.stringMatching(new RegExp(` ${name}$`)));
    }
  });
});

describe('a backend', () => {
  test('has two versions, and the one function that changed is found', async ({ viewer }) => {
    const service = `versions-${crypto.randomUUID().slice(0, 8)}`;
    const to = connect(buildDestination('pyroscope', pyroscope.url), NO_CREDENTIALS);
    const versions = {
      '2.3.0': { [`main@${APP}:1`]: 10_000, [`main@${APP}:1;render@${APP}:12`]: 20_000 },
      '2.3.1': { [`main@${APP}:1`]: 10_000, [`main@${APP}:1;render@${APP}:19`]: 65_000 },
    };
    for (const [version, folded] of Object.entries(versions)) {
      const tags = { service_name: service, version };
      await deliverAll(to, buildCargo({ seed: crypto.randomUUID(), profiles: [profileOf(folded)], tags }));
    }
    // Without a backend it is said what to do.
    await viewer.keyboard.press('Alt+b');
    await chooser(viewer)
      .getByText(/No backend is set up/)
      .waitFor();
    await viewer.getByRole('button', { name: 'Add a backend…' }).click();
    await viewer.locator('dialog.sending').waitFor();
    await addBackend(viewer, { product: 'Grafana Pyroscope', url: pyroscope.url });
    await viewer.keyboard.press('Escape');
    const ask = async (version: string): Promise<void> => {
      await viewer.getByLabel('Value of label 1').fill(service);
      await viewer.getByRole('button', { name: 'Add a label' }).click();
      await viewer.getByLabel('Label 2', { exact: true }).fill('version');
      await viewer.getByLabel('Value of label 2').fill(version);
    };
    await viewer.keyboard.press('Alt+b');
    await ask('2.3.1');
    await chooser(viewer).getByRole('button', { name: 'Open', exact: true }).click();
    await viewer.locator('.document-line strong', { hasText: 'Pyroscope at 127.0.0.1' }).waitFor();
    const link = await viewer.getByRole('link', { name: 'Open it there' }).getAttribute('href');
    expect(decodeURIComponent(link ?? '').replaceAll('+', ' ')).toContain('version="2.3.1"');
    await viewer.keyboard.press('Alt+c');
    await chooser(viewer).getByText('A backend', { exact: true }).click();
    // What is not there is said, and the dialog stays.
    await ask('9.9.9');
    await chooser(viewer).getByRole('button', { name: 'Compare', exact: true }).click();
    await chooser(viewer).getByRole('alert').waitFor();
    await viewer.getByLabel('Value of label 2').fill('2.3.0');
    await chooser(viewer).getByRole('button', { name: 'Compare', exact: true }).click();
    await graphOf(viewer).waitFor();
    await viewer.getByRole('tab', { name: 'Functions' }).click();
    // A backend adds up all loads: shares are compared unless one wants the sums.
    expect((await readChanges(viewer)).toSorted()).toEqual(['+20 points render', '−20 points main']);
    await viewer.getByText('As measured').click();
    await expect.poll(() => readChanges(viewer)).toEqual(['+45 ms render', '±0 main']);
  });
});

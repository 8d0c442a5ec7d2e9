/** The viewer page: opened by itself, files by button and by drop, broken files, keys, bugs. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { packRecording, recordingId } from '../../src/recording/index.ts';
import { buildRecording, bytesOf, noise, STARTED_AT, streamOf } from '../builders/recording.ts';
import { findBarriers } from './harness/axe.ts';
import { test as base, type TestBrowser, takeScreenshot } from './harness/browser.ts';

const NAVIGATION = {
  frame: 'A',
  data: { documentLoaderURL: 'http://shop.example/', isLoadingMainFrame: true, isOutermostMainFrame: true },
};

/** A page's main thread: navigated at 1 ms, a task of 50 ms with a function call of 30 ms in it, and a short task. */
const TRACE = JSON.stringify({
  traceEvents: [
    { ph: 'M', name: 'thread_name', pid: 1, tid: 2, ts: 0, args: { name: 'CrRendererMain' } },
    {
      ph: 'R',
      name: 'navigationStart',
      cat: 'blink.user_timing',
      pid: 1,
      tid: 2,
      ts: 1_000,
      args: NAVIGATION,
    },
    { ph: 'X', name: 'RunTask', cat: 'toplevel', pid: 1, tid: 2, ts: 1_000, dur: 50_000 },
    { ph: 'X', name: 'FunctionCall', cat: 'devtools.timeline', pid: 1, tid: 2, ts: 11_000, dur: 30_000 },
    { ph: 'X', name: 'RunTask', cat: 'toplevel', pid: 1, tid: 2, ts: 90_000, dur: 10_000 },
  ],
});

const test = base.extend<{ folder: string }>({
  folder: async ({ onTestFinished }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-files-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await use(folder);
  },
});

/** A viewer that nobody asked to show anything. */
async function openViewer({ running }: TestBrowser): Promise<Page> {
  const page = await running.context.newPage();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
  await page.getByText('or drop a trace here').waitFor();
  return page;
}

const shown = (page: Page): Promise<void> => page.locator('.flame-chart[data-idle="true"]').waitFor();
const openByInput = (page: Page, path: string): Promise<void> =>
  page.locator('input[type=file]').setInputFiles(path);

/** Drops a file or folder of the disk, as a hand does. */
async function drop(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 400, data });
    if (type === 'dragOver') await page.getByText('Drop the trace, recording or profile').waitFor();
  }
  await session.detach();
}

/** A recording of {@link TRACE} with one picture that is none. */
async function writeRecording(folder: string, name: string): Promise<string> {
  const trace = gzipSync(TRACE);
  const picture = noise(400);
  const recording = buildRecording({
    id: recordingId(name),
    name,
    state: 'whole',
    trace: { format: 'json', bytes: trace.length, chunks: 1 },
    frames: [{ time: STARTED_AT + 20, bytes: picture.length }],
  });
  const path = join(folder, `${name}.pageflame`);
  const file = packRecording({ recording, trace: streamOf(trace), frames: [picture] });
  writeFileSync(path, await bytesOf(file));
  return path;
}

/** In the filmstrip. */
async function checkDamagedPictures(page: Page): Promise<void> {
  const damaged = page.getByRole('img', { name: /this picture is damaged and cannot be shown/ });
  await damaged.first().waitFor();
  await takeScreenshot(page, 'viewer-damaged-picture');
}

/** Given, kept, and undone. */
async function checkNaming(page: Page): Promise<void> {
  const heading = page.locator('.app h1.for-readers').first();
  await page.getByRole('button', { name: 'Tags…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Tags' });
  await dialog.locator('#recording-name').fill('Before the fix');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => heading.textContent()).toContain('Before the fix');
  await page.getByText('first is called Before the fix now.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => heading.textContent()).toContain('first');
  await page.getByRole('button', { name: 'Tags…' }).click();
  await dialog.locator('#recording-name').fill('After it');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('first is called After it now.').waitFor();
  await page.reload();
  await shown(page);
  await expect.poll(() => heading.textContent()).toContain('After it');
}

describe('the viewer', () => {
  test('opens by itself with what the toolbar button recorded, and again from its address', async ({
    site,
    launch,
  }) => {
    const browser = await launch({ url: `${site.origin}/vitals.html` });
    await browser.press('vitals.html');
    const viewer = await browser.viewer();
    await shown(viewer);
    const recording = await browser.recorded();
    expect(viewer.url()).toContain(`recording=${recording.id}`);
    expect(await viewer.getByRole('region', { name: 'Summary' }).textContent()).toContain('Page load');
    expect(await viewer.locator('.filmstrip img').count()).toBeGreaterThan(0);
    await takeScreenshot(viewer, 'viewer-result-light');
    await viewer.emulateMedia({ colorScheme: 'dark' });
    await takeScreenshot(viewer, 'viewer-result-dark');
    await viewer.reload();
    await shown(viewer);
  });

  test('shows what is left of a recording whose tab was closed, and why its trace is gone', async ({
    site,
    launch,
  }) => {
    const browser = await launch({ url: `${site.origin}/hanging.html` });
    const { page } = browser;
    await browser.press('hanging.html');
    await poll('the recording to begin', async () => {
      const [recording] = await browser.recordings();
      return recording?.frames.length > 0 ? true : null;
    });
    // Another tab keeps the browser open.
    await browser.running.context.newPage();
    await page.close();
    const viewer = await browser.viewer();
    await viewer.getByRole('heading', { name: 'The trace of this recording is gone' }).waitFor();
    const text = await viewer.locator('.no-trace').textContent();
    expect(text).toContain('was closed while it was recorded, and Chrome threw its trace away');
    await viewer.getByRole('img', { name: /^At / }).first().waitFor();
    expect(await viewer.getByRole('alert').count()).toBe(0);
    await takeScreenshot(viewer, 'viewer-trace-gone');
  });

  test('saves a bare trace as JSON without what is to be left out, and says what stays', async ({
    launch,
    folder,
  }) => {
    // Several times what is read of a file at once, and plain: its pieces are there for a moment only.
    const path = join(folder, 'shop.json');
    const { traceEvents } = JSON.parse(
      TRACE.replace('http://shop.example/', 'http://shop.example/cart?token=t0p'),
    );
    const paints = Array.from({ length: 60_000 }, (_, index) => ({
      ...{ ph: 'X', name: 'Paint', cat: 'devtools.timeline', pid: 1, tid: 2 },
      ...{ ts: 200_000 + 10 * index, dur: 5, args: { data: { clip: [index, 0, 100, 100], frame: 'A' } } },
    }));
    writeFileSync(path, JSON.stringify({ traceEvents: [...traceEvents, ...paints] }));
    const page = await openViewer(await launch());
    await openByInput(page, path);
    await shown(page);
    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog', { name: 'Save' });
    expect(await dialog.getByRole('radio', { name: 'Recording (.pageflame)' }).isDisabled()).toBe(true);
    await dialog.getByText('2 texts, for example').click();
    await dialog.getByText('http://shop.example/cart?token=t0p').waitFor();
    await dialog.getByText('Stay in the file: query strings').waitFor();
    await dialog.getByRole('checkbox', { name: 'Query strings' }).check();
    await dialog.getByText('Stay in the file: hosts and paths').waitFor();
    expect(await findBarriers(page, 'dialog.save')).toEqual([]);
    await takeScreenshot(page, 'viewer-save');
    const saving = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe('shop.json');
    const saved = join(folder, 'saved.json');
    await download.saveAs(saved);
    const text = readFileSync(saved, 'utf8');
    expect(text).not.toContain('t0p');
    expect(text).toContain('"http://shop.example/cart"');
    const saidPaints = JSON.parse(text).traceEvents.filter(({ name }: { name: string }) => name === 'Paint');
    expect(saidPaints).toEqual(paints);
    await dialog.waitFor({ state: 'hidden' });
  });

  test('saves what it shows as a file that opens again', async ({ site, launch, folder }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    await browser.press('plain.html');
    const viewer = await browser.viewer();
    await shown(viewer);
    const summary = await viewer.locator('.categories:has(li)').textContent();
    const saving = viewer.waitForEvent('download');
    await viewer.keyboard.press('Control+s');
    await viewer.getByRole('dialog', { name: 'Save' }).waitFor();
    await viewer.keyboard.press('Enter');
    const download = await saving;
    expect(download.suggestedFilename()).toMatch(
      /^127\.0\.0\.1-\d+-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.pageflame$/,
    );
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    const other = await launch();
    const page = await openViewer(other);
    await openByInput(page, path);
    await shown(page);
    expect(await page.locator('.categories:has(li)').textContent()).toBe(summary);
    expect(await other.recordings()).toHaveLength(1);
  });

  test('takes several files at once, gives one up, is told a name, and says which pictures are damaged', {
    timeout: 90_000,
  }, async ({ launch, folder }) => {
    const browser = await launch();
    const page = await openViewer(browser);
    const paths = [];
    for (const name of ['first', 'second', 'third']) paths.push(await writeRecording(folder, name));
    const other = await openViewer(browser);
    // Somebody holds the second one: adding it waits.
    await other.evaluate(
      () =>
        new Promise<void>((resolve) => {
          void navigator.locks.request('pageflame-recording-second', () => {
            resolve();
            return new Promise<void>((release) => Object.assign(globalThis, { release }));
          });
        }),
    );
    // In the back a page has no frames, and nothing in it comes to rest for a click.
    await page.bringToFront();
    await page.locator('input[type=file]').setInputFiles(paths);
    await page.getByText('Adding second.pageflame').first().waitFor();
    await page.getByRole('progressbar').waitFor();
    // By itself it gives up after the 5 s in which a dead writer's lock is free.
    await page.getByRole('button', { name: 'Cancel' }).click();
    await shown(page);
    await page.getByText('1 recording added to the library.').waitFor();
    expect(await page.locator('.app h1.for-readers').first().textContent()).toContain('first');
    await other.evaluate(() => Reflect.get(globalThis, 'release')());
    await poll('the lock to be free', () =>
      other.evaluate(async () => {
        const { held = [], pending = [] } = await navigator.locks.query();
        return [...held, ...pending].some(({ name }) => name === 'pageflame-recording-second') ? null : true;
      }),
    );
    expect((await browser.recordings()).map(({ id }) => id)).toEqual(['first']);
    await checkDamagedPictures(page);
    await checkNaming(page);
  });

  test('opens files by button and by drop', async ({ launch, folder }) => {
    const page = await openViewer(await launch());
    const plain = join(folder, 'trace.json');
    const packed = join(folder, 'trace.json.gz');
    writeFileSync(plain, TRACE);
    writeFileSync(packed, gzipSync(TRACE));
    const choosing = page.waitForEvent('filechooser');
    await page.locator('.toolbar').getByRole('button', { name: 'Open…' }).click();
    await (await choosing).setFiles(plain);
    await shown(page);
    expect(await page.locator('.breakdown').textContent()).toMatch(/Scripting\s*30\.000/);
    await page.getByRole('button', { name: /^Recordings/ }).click();
    await page.getByRole('menuitem', { name: 'Show the start page' }).click();
    await page.getByText('or drop a trace here').waitFor();
    await drop(page, packed);
    await shown(page);
    expect(await page.locator('.breakdown').textContent()).toMatch(/Scripting\s*30\.000/);
  });

  test('says of each broken file what is wrong with it, and opens one that is cut off', async ({
    launch,
    folder,
  }) => {
    const page = await openViewer(await launch());
    const files: readonly (readonly [string, string | Uint8Array, string])[] = [
      ['empty.json', '', 'empty.json is empty'],
      ['cat.json', 'meow, meow, meow', 'cat.json is not a trace'],
      ['garbage.json.gz', gzipSync('meow').fill(0x55, 10), 'no trace could be unpacked from it'],
      ['half.pageflame', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0]), 'not a whole Pageflame recording'],
    ];
    for (const [name, content, sentence] of files) {
      const path = join(folder, name);
      writeFileSync(path, content);
      await openByInput(page, path);
      const banner = page.getByRole('alert').filter({ hasText: sentence });
      await banner.waitFor();
      expect(await banner.textContent()).toContain(name);
      await banner.getByRole('button', { name: 'Dismiss' }).click();
    }
    await takeScreenshot(page, 'viewer-empty');
    const traces = join(folder, 'traces');
    mkdirSync(traces);
    await drop(page, traces);
    await page.getByRole('alert').getByText('traces is a folder').waitFor();

    const cut = join(folder, 'cut.json');
    writeFileSync(cut, TRACE.slice(0, -40));
    await openByInput(page, cut);
    await shown(page);
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByRole('button', { name: /Quality: trace damaged/ }).click();
    await page.getByText('the file ends in the middle of an event').waitFor();
  });

  test('is worked by keys alone', async ({ launch, folder }) => {
    const page = await openViewer(await launch());
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+e');
    await page
      .getByRole('status')
      .getByText("Press Pageflame's toolbar button in the tab you want to measure")
      .waitFor();

    const path = join(folder, 'trace.json');
    writeFileSync(path, TRACE);
    await openByInput(page, path);
    await shown(page);
    const focused = () => page.evaluate(() => document.activeElement?.className ?? '');
    expect(await focused()).toBe('flame-chart');
    await page.keyboard.press('ArrowDown');
    await page.locator('.slice').getByRole('heading', { name: 'Task' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('.slice').getByRole('heading', { name: 'Function call' }).waitFor();
    expect(await page.locator('.slice').textContent()).toMatch(/Total\s*30/);
    await page.keyboard.press('Escape');
    await page.locator('.breakdown').waitFor();

    await page.getByRole('tab', { name: 'Summary' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { name: 'Insights' }).getAttribute('aria-selected')).toBe('true');
    const height = () => page.locator('.details').evaluate((element) => element.clientHeight);
    const before = await height();
    await page.getByRole('separator').focus();
    await page.keyboard.press('ArrowUp');
    expect(await height()).toBe(before + 20);
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('menu').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('menuitem');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByText('or drop a trace here').waitFor();
  });

  test('has no barrier in forced colours, on light and dark', async ({ launch, folder }) => {
    const page = await openViewer(await launch());
    const path = join(folder, 'trace.json');
    writeFileSync(path, TRACE);
    await openByInput(page, path);
    await shown(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ forcedColors: 'active', colorScheme });
      for (const name of await page.getByRole('tab').allTextContents()) {
        await page.getByRole('tab', { name, exact: true }).click();
        expect(await findBarriers(page), `${name}, ${colorScheme}`).toEqual([]);
      }
      for (const key of ['?', 'Control+,', 'Control+s', 'Alt+c', 'Alt+b']) {
        await page.locator('.flame-chart').focus();
        await page.keyboard.press(key);
        await page.locator('dialog[open]').waitFor();
        expect(await findBarriers(page, 'dialog[open]'), `${key}, ${colorScheme}`).toEqual([]);
        await page.keyboard.press('Escape');
        await page.locator('dialog[open]').waitFor({ state: 'detached' });
      }
      await takeScreenshot(page, `viewer-forced-${colorScheme}`);
    }
  });

  test('shows a bug of ours on a banner, with its stack', async ({ launch }) => {
    const page = await openViewer(await launch());
    await page.evaluate(() => void Promise.reject(new Error('a bug for the test')));
    const banner = page.getByRole('alert');
    await banner.getByText('Something in Pageflame itself went wrong').waitFor();
    await banner.getByText('Details').click();
    expect(await banner.locator('pre').textContent()).toContain('a bug for the test');
  });

  test('says so where the address names a recording that is gone', async ({ launch }) => {
    const { running } = await launch();
    const page = await running.context.newPage();
    await page.goto(`chrome-extension://${running.extensionId}/viewer.html?recording=gone`);
    const banner = page.getByRole('alert');
    await banner.getByText('There is no recording gone in the library').waitFor();
    await banner.getByRole('button', { name: 'Show recordings' }).click();
    expect(page.url()).not.toContain('recording=');
  });

  test('keeps within its Content Security Policy and throws nothing', async ({ launch, folder }) => {
    const { running } = await launch();
    const page = await running.context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
    const path = join(folder, 'trace.json');
    writeFileSync(path, TRACE);
    await openByInput(page, path);
    await shown(page);
    expect(complaints).toEqual([]);
    const manifest: unknown = JSON.parse(
      readFileSync(new URL('../../dist/extension/manifest.json', import.meta.url), 'utf8'),
    );
    // The trace kernel is WebAssembly; no script may come from text.
    expect(manifest).toMatchObject({
      content_security_policy: { extension_pages: expect.not.stringMatching(/(?<!wasm-)unsafe/) },
    });
  });
});

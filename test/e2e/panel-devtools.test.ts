/** The real panel in real DevTools, end to end: record by its own button, see, reload DevTools, still there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Frame } from 'playwright';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { type TestBrowser, takeScreenshot, test } from './harness/browser.ts';
import { collectDownloads } from './harness/chart.ts';

const NAME = 'lh-artifacts-render-blocking-trace';
const JSON_TRACE = fileURLToPath(new URL(`../../../shared/traces/${NAME}.json.gz`, import.meta.url));

const DOCKED = { dock: 'bottom' } as const;
/** Recording, stopping, saving and reading of a small page, on a slow machine. */
const RESULT_MILLIS = 60_000;

/** Waits until a recording is shown, chart and numbers. */
async function shown(panel: Frame): Promise<void> {
  await panel.locator('.flame-chart[data-idle="true"]').waitFor({ timeout: RESULT_MILLIS });
  await panel.getByRole('table').getByText('Total').waitFor();
}

async function openFile(panel: Frame, path: string, name: string): Promise<void> {
  await panel.locator('input[type=file]').first().setInputFiles(path);
  await panel.getByRole('heading', { name }).waitFor({ state: 'attached', timeout: RESULT_MILLIS });
  await shown(panel);
}

/** The breakdown's table as numbers: category (or Total) → milliseconds. */
async function readBreakdown(panel: Frame): Promise<ReadonlyMap<string, number>> {
  const rows = await panel.locator('.breakdown :is(tbody, tfoot) tr').allInnerTexts();
  return new Map(
    rows.map((row) => {
      const [name, millis] = row.split('\t').map((cell) => cell.trim());
      return [name, Number(millis.replace(/\s/g, ''))];
    }),
  );
}

/** Elements that reach past the right edge. The chart scrolls by itself and is left out. */
function readOverflow(panel: Frame): Promise<readonly string[]> {
  return panel.evaluate(() => {
    const edge = document.documentElement.clientWidth + 1;
    return [...document.querySelectorAll('.app *')]
      .filter(
        (element) =>
          element.closest('.flame-chart, .overview-strip, .for-readers, [popover], dialog') === null,
      )
      .filter((element) => element.getBoundingClientRect().right > edge)
      .map((element) => `${element.tagName}.${element.className}`);
  });
}

/** Ends the service worker as Chrome does when it likes. */
async function killServiceWorker({ running }: TestBrowser): Promise<void> {
  const session = await running.browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  const worker = targetInfos.find(
    ({ type, url }) => type === 'service_worker' && url.includes(running.extensionId),
  );
  if (worker === undefined) throw new Error('no service worker runs');
  await session.send('Target.closeTarget', { targetId: worker.targetId });
  await session.detach();
}

describe('the panel in DevTools', () => {
  test('records by its own button, shows the result, and again after DevTools reloads', async ({
    site,
    launch,
  }) => {
    const browser = await launch({ url: `${site.origin}/busy.html`, devtools: DOCKED });
    let panel = await browser.openPanel();
    await panel.getByText('or drop a trace here').waitFor();
    await takeScreenshot(browser.devtools, 'panel-empty-light');
    await panel.locator('.primary-button').click();
    await panel.getByRole('timer').waitFor();
    await panel.getByRole('progressbar').waitFor();
    await takeScreenshot(browser.devtools, 'panel-recording-light');
    await shown(panel);
    const breakdown = await readBreakdown(panel);
    const total = breakdown.get('Total') ?? 0;
    const parts = [...breakdown].filter(([name]) => name !== 'Total').map(([, millis]) => millis);
    expect(parts.reduce((sum, millis) => sum + millis, 0)).toBeCloseTo(total, 1);
    // f1, f2 and f3 are busy for 60 ms.
    expect(breakdown.get('Scripting')).toBeGreaterThan(54);
    expect(await panel.locator('.range-total').textContent()).toContain('Page load');
    await takeScreenshot(browser.devtools, 'panel-result-light');

    await browser.devtools.reload();
    panel = await browser.openPanel();
    await shown(panel);
    expect(await readBreakdown(panel)).toEqual(breakdown);
    await panel.getByRole('button', { name: /^Recordings/ }).click();
    expect(await panel.getByRole('menuitemradio').count()).toBe(1);
    expect(await browser.recordings()).toHaveLength(1);
  });

  test('shows what the toolbar button recorded, in the dark, and opens no viewer', async ({
    site,
    launch,
  }) => {
    const browser = await launch({
      url: `${site.origin}/vitals.html`,
      devtools: { dock: 'bottom', theme: 'dark' },
    });
    const panel = await browser.openPanel();
    await panel.getByText('or drop a trace here').waitFor();
    await browser.press('vitals.html');
    await shown(panel);
    expect(await panel.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    const vitals = panel.locator('.vitals-line');
    expect(await vitals.textContent()).toMatch(/LCP\s*\d/);
    await takeScreenshot(browser.devtools, 'panel-result-dark');
    await vitals.getByRole('button').first().click();
    await panel
      .getByRole('tabpanel')
      .getByText('Largest contentful paint', { exact: false })
      .first()
      .waitFor();
    await takeScreenshot(browser.devtools, 'panel-page-dark');
    const { context, extensionId } = browser.running;
    expect(context.pages().map((page) => page.url())).not.toContainEqual(
      expect.stringContaining(`${extensionId}/viewer.html`),
    );
  });

  test('fits a narrow dock in every state, without sideways scrolling', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html`, devtools: { dock: 'right' } });
    await browser.devtools.setViewportSize({ width: 860, height: 700 });
    const panel = await browser.openPanel();
    await panel.getByText('or drop a trace here').waitFor();
    expect(await readOverflow(panel)).toEqual([]);
    await panel.locator('.primary-button').click();
    await panel.getByRole('timer').waitFor();
    expect(await readOverflow(panel)).toEqual([]);
    await shown(panel);
    expect(await readOverflow(panel)).toEqual([]);
    await takeScreenshot(browser.devtools, 'panel-narrow');
    await panel.getByRole('tab', { name: 'Page' }).click();
    expect(await readOverflow(panel)).toEqual([]);
    // Lower than chart and details together: what is chosen is brought into sight.
    await browser.devtools.setViewportSize({ width: 1_300, height: 330 });
    const below = (): Promise<number> =>
      panel.locator('.details').evaluate((details) => details.getBoundingClientRect().bottom - innerHeight);
    await panel.locator('.trace-screen').evaluate((screen) => screen.scrollTo(0, 0));
    expect(await below()).toBeGreaterThan(20);
    await panel.getByRole('tab', { name: 'Quality' }).click();
    await expect.poll(below).toBeLessThanOrEqual(1);
  });

  test('saves a JSON trace as a Perfetto one that opens with the same numbers', async ({
    launch,
    onTestFinished,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-saved-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const browser = await launch({ devtools: DOCKED });
    const panel = await browser.openPanel();
    await openFile(panel, JSON_TRACE, `${NAME}.json.gz`);
    const breakdown = await readBreakdown(panel);
    expect(breakdown.get('Scripting')).toBeGreaterThan(1);
    const vitals = await panel.locator('.vitals-line').textContent();
    const saved = await collectDownloads(panel);
    await panel.locator('.flame-chart').focus();
    await browser.devtools.keyboard.press('Control+s');
    const dialog = panel.getByRole('dialog', { name: 'Save' });
    await dialog.getByRole('radio', { name: 'Perfetto trace (.pftrace)' }).check();
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'hidden', timeout: 60_000 });
    const [file] = await saved();
    expect(file.name).toBe(`${NAME}.pftrace`);
    const path = join(folder, file.name);
    writeFileSync(path, file.bytes, 'latin1');
    await openFile(panel, path, `${NAME}.pftrace`);
    expect(await readBreakdown(panel)).toEqual(breakdown);
    expect(await panel.locator('.vitals-line').textContent()).toBe(vitals);
  });

  test('says who holds the tracing, and records once it is free', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html`, devtools: DOCKED });
    const panel = await browser.openPanel();
    await panel.getByText('or drop a trace here').waitFor();
    const session = await browser.running.browser.newBrowserCDPSession();
    await session.send('Tracing.start', { transferMode: 'ReturnAsStream' });
    await panel.locator('.primary-button').click();
    const banner = panel.getByRole('alert');
    await banner.getByText('Chrome is already tracing for someone else').waitFor();
    await banner.getByText('Details').click();
    await banner.getByText('Tracing has already been started').waitFor();
    await takeScreenshot(browser.devtools, 'panel-failure');
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    await banner.getByRole('button', { name: 'Record again' }).click();
    await shown(panel);
    expect(await panel.getByRole('alert').count()).toBe(0);
  });

  test('goes on when the service worker is killed, and stops from there', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/hanging.html`, devtools: DOCKED });
    const panel = await browser.openPanel();
    await panel.getByText('or drop a trace here').waitFor();
    await panel.locator('.primary-button').click();
    await panel.getByRole('list', { name: 'What has happened' }).getByText('navigated').waitFor();
    await killServiceWorker(browser);
    // The clock of the recording is the worker's own start time: it comes back with the state, and runs on.
    const before = await panel.getByRole('timer').textContent();
    await poll('the clock to run on', async () =>
      (await panel.getByRole('timer').textContent()) === before ? null : true,
    );
    await panel.locator('.card').getByRole('button', { name: 'Stop' }).click();
    await shown(panel);
    expect(await panel.locator('.quality').textContent()).toContain('load did not finish');
  });

  test('throws a cancelled recording away without a word', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/hanging.html`, devtools: DOCKED });
    const panel = await browser.openPanel();
    await panel.locator('.primary-button').click();
    await panel.getByRole('list', { name: 'What has happened' }).getByText('navigated').waitFor();
    await panel.locator('.card').getByRole('button', { name: 'Cancel' }).click();
    await panel.getByText('or drop a trace here').waitFor();
    expect(await panel.getByRole('alert').count()).toBe(0);
    expect(await browser.recordings()).toEqual([]);
  });

  test("closes what is open on Esc before DevTools takes the key, and leaves DevTools' own keys alone", async ({
    site,
    launch,
  }) => {
    const browser = await launch({ url: `${site.origin}/plain.html`, devtools: DOCKED });
    const panel = await browser.openPanel();
    await panel.locator('.primary-button').focus();
    const width = await panel.evaluate(() => window.innerWidth);
    const { keyboard } = browser.devtools;
    await keyboard.press('?');
    const help = panel.getByRole('dialog', { name: 'Keys' });
    await help.waitFor();
    await keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await keyboard.press('Alt+ArrowDown');
    await panel.getByRole('menu').waitFor();
    await keyboard.press('Escape');
    await panel.getByRole('menu').waitFor({ state: 'hidden' });
    expect(await panel.evaluate(() => window.innerWidth)).toBe(width);
    // With nothing of ours open, Esc opens DevTools' drawer, which stands beside or under the panel.
    const size = () => panel.evaluate(() => `${window.innerWidth} × ${window.innerHeight}`);
    const before = await size();
    await keyboard.press('Escape');
    await poll("DevTools' drawer", async () => ((await size()) === before ? null : true));
  });

  test('deletes with a way back, and for good', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html`, devtools: DOCKED });
    const panel = await browser.openPanel();
    await panel.locator('.primary-button').click();
    await shown(panel);
    await panel.locator('.toolbar').getByRole('button', { name: 'Delete' }).click();
    await panel.getByText('or drop a trace here').waitFor();
    expect(await panel.getByRole('region', { name: 'Recordings' }).count()).toBe(0);
    await panel.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await panel
      .getByRole('region', { name: 'Recordings' })
      .getByRole('button', { name: /^Delete/ })
      .click();
    await poll('the recording to be gone', async () =>
      (await browser.recordings()).length === 0 ? true : null,
    );
  });
});

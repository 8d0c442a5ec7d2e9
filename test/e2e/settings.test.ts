/** Settings in the real browser: chosen by keyboard, kept, and what is recorded with them. */
import { gunzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { type TestBrowser, takeScreenshot, test } from './harness/browser.ts';

const LIGHT = { jsSamples: false, screenshots: false, scriptSources: false, invalidations: false };

/** The viewer on its start page. */
async function openViewer({ running }: TestBrowser): Promise<Page> {
  const page = await running.context.newPage();
  await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
  await page.locator('.home').waitFor();
  return page;
}

async function openSettings(page: Page): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
}

/** Stores settings as another context of the extension would. */
async function store(browser: TestBrowser, settings: object): Promise<void> {
  const worker = await browser.serviceWorker();
  await worker.evaluate(
    (values) => chrome.storage.local.set({ settings: { version: 1, ...values } }),
    settings,
  );
}

const themeOf = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.documentElement.dataset.theme);

/** Elements of the dialog that reach past its edge. */
const readOverflow = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const dialog = document.querySelector('dialog[open]');
    const edge = (dialog?.getBoundingClientRect().right ?? 0) + 1;
    return [...(dialog?.querySelectorAll('*') ?? [])]
      .filter((element) => element.getBoundingClientRect().right > edge)
      .map((element) => `${element.tagName}.${element.className}`);
  });

describe('the settings', () => {
  test('are changed by keyboard, count at once, on every page, and stay', async ({ launch }) => {
    const browser = await launch();
    const page = await openViewer(browser);
    const other = await openViewer(browser);
    await page.bringToFront();
    await openSettings(page);
    await page.getByRole('radio', { name: 'Light', exact: true }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('CPU').selectOption('4× slower');
    await page.getByLabel('Keys of').selectOption('speedscope');
    await page.getByLabel('Theme').selectOption('Dark');
    await poll('the other page to turn dark', async () => ((await themeOf(other)) === 'dark' ? true : null));
    expect(await page.getByLabel('The wheel').locator('option:checked').textContent()).toContain('Scrolls');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.waitFor();
    expect(await help.textContent()).toContain('Shift+←');
    await page.reload();
    await page.locator('.home').waitFor();
    await poll('the theme to be read', async () => ((await themeOf(page)) === 'dark' ? true : null));
    await openSettings(page);
    expect(await page.getByRole('radio', { name: 'Light', exact: true }).isChecked()).toBe(true);
    expect(await page.getByLabel('CPU').locator('option:checked').textContent()).toBe('4× slower');
    await page.getByRole('button', { name: 'Set all to defaults' }).click();
    expect(await page.getByRole('radio', { name: 'Standard' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Bring my settings back' }).click();
    expect(await page.getByRole('radio', { name: 'Light', exact: true }).isChecked()).toBe(true);
  });

  test('fit, wide and narrow, light and dark', async ({ launch }) => {
    const browser = await launch();
    const page = await openViewer(browser);
    for (const [width, theme] of [
      [1_200, 'Light'],
      [400, 'Light'],
      [1_200, 'Dark'],
      [400, 'Dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await openSettings(page);
      await page.getByLabel('Theme').selectOption(theme);
      await page.getByText('Choose yourself').click();
      expect(await readOverflow(page)).toEqual([]);
      await takeScreenshot(page, `settings-${theme.toLowerCase()}-${width}`);
      await page.getByRole('button', { name: /^Delete all/ }).scrollIntoViewIfNeeded();
      await takeScreenshot(page, `settings-${theme.toLowerCase()}-${width}-end`);
      await page.keyboard.press('Escape');
    }
  });

  test('of a later version, or broken ones, are the defaults, and it says so', async ({ launch }) => {
    const browser = await launch();
    await store(browser, { version: 99, theme: 'dark' });
    const page = await openViewer(browser);
    await openSettings(page);
    await page.getByText('A later version of Pageflame').waitFor();
    await store(browser, { keys: { set: 'emacs', wheel: 'zoom' }, theme: 'dark' });
    await page.getByText('at its default: keys.set').waitFor();
    expect(await themeOf(page)).toBe('dark');
  });
});

describe('a recording by the toolbar button', () => {
  test('in the light preset has no samples and no pictures, and says so', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/busy.html` });
    const page = await openViewer(browser);
    await openSettings(page);
    await page.getByRole('radio', { name: 'Light', exact: true }).check();
    await page.close();
    await browser.press('busy.html');
    const recording = await browser.recorded();
    expect(recording).toMatchObject({
      state: 'whole',
      frames: [],
      options: { jsSamples: false, screenshots: false, scriptSources: false, invalidations: false },
    });
    const trace = gunzipSync(await browser.traceOf(recording));
    expect(trace.includes('CrRendererMain')).toBe(true);
    expect(trace.includes('ProfileChunk')).toBe(false);
    const viewer = await browser.viewer();
    await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
    await viewer.getByText(/good, \d+ note/).waitFor();
  });

  test('slows the processor down, and passes the cache by', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/counting` });
    const asked = (): number => site.requests.filter((path) => path === '/kept.js').length;
    await browser.press('/counting');
    const usual = await browser.recorded();
    const before = asked();
    await store(browser, { recording: { cpuThrottling: 4, coldCache: true, ...LIGHT } });
    await browser.page.bringToFront();
    await browser.press('/counting');
    const slowed = await browser.recorded(2);
    expect(before, 'a reload alone takes it from the cache').toBe(1);
    expect(asked()).toBe(2);
    expect(slowed.options).toMatchObject({ cpuThrottling: 4, coldCache: true });
    expect(Number.parseInt(slowed.title, 10)).toBeGreaterThan(2 * Number.parseInt(usual.title, 10));
  });

  test('slows the network down, and waits for quiet as long as it is told', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    await store(browser, { recording: { ...LIGHT, quietMillis: 2_000, networkThrottling: '3G' } });
    await browser.press('plain.html');
    const slowed = await browser.recorded();
    expect(slowed).toMatchObject({
      stopReason: 'quiet',
      options: { quietMillis: 2_000, networkThrottling: '3G' },
    });
    // DevTools' 3G holds an answer back for two seconds: all of it but its first byte (seen: responseStart is not later).
    // Without it the page has loaded in a tenth of that.
    expect(slowed.durationMillis).toBeGreaterThan(1_900 + 2_000);
  });

  test('stands as the page does where the settings do not reload', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    await browser.page.waitForLoadState('networkidle');
    const asked = site.requests.length;
    await store(browser, { recording: { reload: false } });
    await browser.press('plain.html');
    await poll('the recording', async () => ((await browser.recordings()).length > 0 ? true : null));
    await browser.page.waitForTimeout(500);
    await browser.press('plain.html');
    expect(await browser.recorded()).toMatchObject({ stopReason: 'user', options: { reload: false } });
    expect(site.requests.length).toBe(asked);
  });

  test('lets the oldest go over the limit, says so, and brings it back', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    await store(browser, { recording: LIGHT, storage: { mostRecordings: 1, mostBytes: null } });
    await browser.press('plain.html');
    const first = await browser.recorded();
    await (await browser.viewer()).close();
    await browser.press('plain.html');
    await browser.recorded(2);
    const viewer = await browser.viewer();
    await viewer.getByText('1 old recording deleted').waitFor();
    await viewer.getByRole('button', { name: 'Undo' }).click();
    await viewer.waitForTimeout(12_000);
    expect((await browser.recordings()).map(({ id }) => id)).toContain(first.id);
  });
});

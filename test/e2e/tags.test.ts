/** Tags in the real browser: told by the page, typed by its user, kept, found by, and undone; and links back. */
import type { Page } from 'playwright';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { findBarriers } from './harness/axe.ts';
import { type TestBrowser, takeScreenshot, test } from './harness/browser.ts';
import { TRACEPARENT } from './harness/site.ts';

const [, TRACE, SPAN] = TRACEPARENT.split('-');

/** The viewer on its start page, with what is recorded. */
async function openHome({ running }: TestBrowser, link = ''): Promise<Page> {
  const page = await running.context.newPage();
  await page.goto(`chrome-extension://${running.extensionId}/viewer.html${link}`);
  return page;
}

async function record(browser: TestBrowser, address: string, count: number) {
  await browser.page.goto(address);
  await browser.press(new URL(address).pathname);
  return browser.recorded(count);
}

describe('tags', () => {
  test('are told by the page, typed, found by, and undone; by keyboard, in both themes, narrow and wide', async ({
    site,
    launch,
  }) => {
    const browser = await launch({ url: `${site.origin}/told` });
    const recorded = await record(browser, `${site.origin}/told`, 1);
    expect(recorded).toMatchObject({
      pageVersion: '2.3.0',
      userAgent: expect.stringContaining('Chrome/'),
      serverTrace: { traceId: TRACE, spanId: SPAN },
      tags: {},
      siteTags: {},
    });

    const page = await openHome(browser);
    await page.getByRole('button', { name: /^Tags of / }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Tags' });
    await dialog.waitFor();
    await expectText(page, 'page_version');
    await dialog.getByRole('button', { name: 'Add a tag' }).click();
    await poll('the new row to have the focus', () =>
      page.evaluate(() => document.activeElement?.matches('.tag-name') ?? null),
    );
    await page.keyboard.type('my env');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://shop.example/cart?id=1');
    await expectText(page, 'A name is letters, digits and _');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('env');
    await expectText(page, 'a whole address with its query');
    for (const [width, colorScheme] of [
      [1200, 'light'],
      [400, 'dark'],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await takeScreenshot(page, `tags-${colorScheme}-${width}`);
      expect(await findBarriers(page, 'dialog[open]')).toEqual([]);
    }
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('staging');
    // Past the button that takes the row away.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'env=staging' }).waitFor();

    // A recording made later of that site has the site's tags; one of another site has not.
    const later = await record(browser, `${site.origin}/told?by=markup`, 2);
    expect(later).toMatchObject({
      pageVersion: '2.4.0',
      serverTrace: { traceId: TRACE },
      siteTags: { env: 'staging' },
    });
    const other = await record(browser, `${site.otherOrigin}/plain.html`, 3);
    expect(other).toMatchObject({ pageVersion: null, serverTrace: null, siteTags: {} });

    // A page that waits on its start page shows what was just recorded: another one has the list.
    const shelf = await openHome(browser);
    await shelf.emulateMedia({ colorScheme: 'dark' });
    await shelf.setViewportSize({ width: 400, height: 800 });
    await shelf.bringToFront();
    await shelf.getByRole('button', { name: 'env=staging' }).first().click();
    const rows = shelf.locator('.recent .row-button');
    await poll('two rows', async () => ((await rows.count()) === 2 ? true : null));
    await takeScreenshot(shelf, 'shelf-dark-400');
    expect(await findBarriers(shelf, '.home')).toEqual([]);
    await shelf.getByRole('searchbox').fill('page_version=2.4');
    await poll('one row', async () => ((await rows.count()) === 1 ? true : null));

    await shelf.keyboard.press('Control+,');
    await shelf.getByRole('group', { name: new URL(site.origin).host }).waitFor();
    expect(await shelf.getByLabel('Value of env').inputValue()).toBe('staging');
    await shelf.getByRole('button', { name: 'Take away env' }).click();
    await shelf.getByRole('button', { name: 'Bring back env=staging' }).click();
    await shelf.getByLabel('Value of env').fill('live');
    await shelf.keyboard.press('Tab');
    expect(await findBarriers(shelf, 'dialog[open]')).toEqual([]);
    await shelf.getByRole('heading', { name: 'Tags of sites' }).scrollIntoViewIfNeeded();
    await takeScreenshot(shelf, 'settings-tags-dark-400');
    const worker = await browser.serviceWorker();
    await poll('the settings', async () => {
      const { settings } = await worker.evaluate(() => chrome.storage.local.get('settings'));
      return JSON.stringify(settings).includes('"env":"live"') ? true : null;
    });
  }, 120_000);

  test('are taken back with Ctrl+Z; a trace id leads to its recording', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/told` });
    const recording = await record(browser, `${site.origin}/told`, 1);
    const page = await openHome(browser, `#trace=${TRACE}`);
    await page.locator('.flame-chart').waitFor();
    await page.getByRole('button', { name: 'Tags…' }).click();
    await page.getByRole('button', { name: 'Change page', exact: true }).click();
    await page.getByLabel('Value of page').fill('/told/:kind');
    await page.keyboard.press('Enter');
    await page.getByText(/^The tags of .* were changed/).waitFor();
    expect((await browser.recordings())[0]?.tags).toEqual({ page: '/told/:kind' });
    await page.keyboard.press('Control+Z');
    await poll('the tags to be as before', async () => {
      const [now] = await browser.recordings();
      return now !== undefined && Object.keys(now.tags).length === 0 ? true : null;
    });

    const home = await openHome(browser);
    await home.getByRole('searchbox').fill(`http://127.0.0.1:16686/trace/${TRACE}?uiFind=${SPAN}`);
    await home.keyboard.press('Enter');
    await home.locator('.flame-chart').waitFor();
    expect(new URL(home.url()).searchParams.get('recording')).toBe(recording.id);
    const nowhere = await openHome(browser, '#pageflame:recording/gone');
    await nowhere.getByText('No recording here is named by “pageflame:recording/gone”').waitFor();
  }, 60_000);
});

async function expectText(page: Page, text: string): Promise<void> {
  await page.getByRole('dialog').getByText(text).first().waitFor({ timeout: 5_000 });
}

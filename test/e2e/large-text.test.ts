/** Text as large as its user makes it, and motion as little as asked for, in the real browser. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright';
import { describe, expect } from 'vitest';
import { PAGE_TRACE } from '../builders/page-trace.ts';
import { test as base, type TestBrowser, takeScreenshot } from './harness/browser.ts';
import { findClashes } from './harness/layout.ts';

const test = base.extend<{ folder: string }>({
  folder: async ({ onTestFinished }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-text-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'page.json'), PAGE_TRACE);
    await use(folder);
  },
});

/** A profile whose user has changed how text is shown. */
function makeProfile(folder: string, webprefs: object): string {
  const profile = join(folder, 'profile');
  mkdirSync(join(profile, 'Default'), { recursive: true });
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify({ webkit: { webprefs } }));
  return profile;
}

async function openViewer({ running }: TestBrowser): Promise<Page> {
  const page = await running.context.newPage();
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
  await page.locator('.home').waitFor();
  return page;
}

const openTrace = async (place: Page | Frame, path: string): Promise<void> => {
  await place.locator('input[type=file]').first().setInputFiles(path);
  await place.locator('.flame-chart[data-idle="true"]').waitFor({ timeout: 60_000 });
};

async function expectNoClash(page: Page, where: string): Promise<void> {
  for (const width of [1200, 400]) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForTimeout(150);
    expect(await findClashes(page), `${where}, ${width} px wide`).toEqual([]);
  }
  await page.setViewportSize({ width: 1200, height: 800 });
}

/** Each key, and what it opens. */
const OPENED_BY_KEYS = [
  ['?', 'role=dialog[name="Keys"]'],
  ['Control+,', 'role=dialog[name="Settings"]'],
  ['Control+s', 'role=dialog[name="Save"]'],
  ['Alt+c', 'dialog.chooser:has(.compare-file)'],
  ['Alt+b', 'dialog.chooser:not(:has(.compare-file))'],
  ['/', 'search.search-bar'],
  ['Alt+ArrowDown', '.menu:popover-open'],
] as const;

/** Every view and dialog. */
async function lookEverywhere(page: Page): Promise<void> {
  await page.locator('.flame-chart').focus();
  await page.keyboard.press('ArrowDown');
  for (const name of await page.getByRole('tab').allTextContents()) {
    await page.getByRole('tab', { name, exact: true }).click();
    await page.waitForTimeout(200);
    await expectNoClash(page, name);
  }
  for (const [key, opened] of OPENED_BY_KEYS) {
    await page.locator('.flame-chart').focus();
    await page.keyboard.press(key);
    await page.locator(opened).waitFor();
    await page.waitForTimeout(300);
    await expectNoClash(page, key);
    await page.keyboard.press('Escape');
    await page.locator(opened).waitFor({ state: 'hidden' });
  }
}

describe('text', () => {
  for (const [name, webprefs, size] of [
    ['a least size that is forced', { minimum_font_size: 20 }, 20],
    ['a larger size that is chosen', { default_font_size: 24 }, 18],
  ] as const)
    test(`of ${name} is whole everywhere, and rows grow with it`, { timeout: 150_000 }, async ({
      launch,
      folder,
    }) => {
      const page = await openViewer(await launch({ profile: makeProfile(folder, webprefs) }));
      const sizeOf = (part: string): Promise<number> =>
        page
          .locator(part)
          .first()
          .evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
      expect(await sizeOf('.home p')).toBe(size);
      await expectNoClash(page, 'start page');
      await openTrace(page, join(folder, 'page.json'));
      const header = page.locator('.track-header').first();
      expect((await header.boundingBox())?.height ?? 0).toBeGreaterThan(size * 1.5);
      await lookEverywhere(page);
      await page.getByRole('tab', { name: 'Event log' }).click();
      const rows = page.locator('.events .grid-row');
      await rows.nth(1).waitFor();
      const [first, second] = [await rows.nth(0).boundingBox(), await rows.nth(1).boundingBox()];
      expect((second?.y ?? 0) - (first?.y ?? 0)).toBeGreaterThan(size * 1.5);
      await takeScreenshot(page, `viewer-text-${size}`);
    });

  test('in a page zoomed to 200 % is whole', { timeout: 150_000 }, async ({ launch, folder }) => {
    const page = await openViewer(await launch());
    await page.evaluate(async () => {
      const tab = await chrome.tabs.getCurrent();
      await chrome.tabs.setZoom(tab?.id ?? -1, 2);
    });
    await expect.poll(() => page.evaluate(() => devicePixelRatio)).toBe(2);
    await openTrace(page, join(folder, 'page.json'));
    for (const name of await page.getByRole('tab').allTextContents()) {
      await page.getByRole('tab', { name, exact: true }).click();
      await page.waitForTimeout(200);
      expect(await findClashes(page), name).toEqual([]);
    }
    await takeScreenshot(page, 'viewer-zoomed');
  });
});

const readMotion = (panel: Frame): Promise<readonly string[]> =>
  panel.evaluate(() =>
    document.getAnimations().map((each) => (each instanceof CSSAnimation ? each.animationName : each.id)),
  );

/** How many places the window over the overview takes while the chart jumps to what is selected. */
const countSteps = (panel: Frame): Promise<number> =>
  panel.evaluate(async () => {
    const places = new Set<string>();
    const end = performance.now() + 400;
    const grip = document.querySelector<HTMLElement>('.overview-grip');
    document
      .querySelector('.flame-chart')
      ?.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyF', key: 'f', bubbles: true }));
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      places.add(grip?.style.transform ?? '');
    }
    return places.size;
  });

test('nothing moves by itself where its user asks for less motion', { timeout: 90_000 }, async ({
  site,
  launch,
  folder,
}) => {
  const browser = await launch({ url: `${site.origin}/endless`, devtools: { dock: 'bottom' } });
  const panel = await browser.openPanel();
  const { devtools } = browser;
  await panel.locator('.primary-button').click();
  await panel.getByRole('timer').waitFor();
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    await devtools.emulateMedia({ reducedMotion });
    await expect.poll(() => readMotion(panel)).toEqual(reducedMotion === 'reduce' ? [] : ['breathe']);
  }
  await panel.getByRole('button', { name: 'Cancel' }).first().click();
  await panel.locator('.home').waitFor();
  await openTrace(panel, join(folder, 'page.json'));
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    await devtools.emulateMedia({ reducedMotion });
    await panel.locator('.flame-chart').focus();
    for (const key of ['Home', 'ArrowDown', 'ArrowDown']) await devtools.keyboard.press(key);
    await panel.locator('.flame-chart[data-idle="true"]').waitFor();
    await devtools.keyboard.press('0');
    await panel.waitForTimeout(400);
    const steps = await countSteps(panel);
    if (reducedMotion === 'reduce') expect(steps).toBeLessThanOrEqual(1);
    else expect(steps).toBeGreaterThan(1);
    expect(await readMotion(panel)).toEqual([]);
  }
});

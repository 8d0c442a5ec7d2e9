/**
 * Every view and every dialog in the real DevTools panel, over a recording made there: that it comes, that axe-core finds
 * no barrier in it, light and dark, wide and 400 pixels narrow, that nothing is cut off, that a dialog takes the focus and
 * gives it back. One browser for all.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PAGE_TRACE } from '../builders/page-trace.ts';
import { findBarriers } from './harness/axe.ts';
import { TestBrowser, takeScreenshot } from './harness/browser.ts';
import { openSite, type Site } from './harness/site.ts';

/** Recording, stopping, saving and reading of a small page, on a slow machine. */
const RESULT = { timeout: 60_000 };
const DETAILED = { jsSamples: true, screenshots: true, scriptSources: true, invalidations: false };
const TABS = [
  ['Summary', '.breakdown'],
  ['Insights', '.insights, .pane p'],
  ['Bottom-up', '.grid-row'],
  ['Call tree', '.grid-row'],
  ['Flame graph', '.flame-graph[data-idle="true"]'],
  ['Event log', '.grid-row'],
  ['Source', '.pane p, .source-lines'],
  ['Notes', '.pane p, .notes'],
  ['Page', 'table.vitals'],
  ['Quality', '.quality-pane'],
] as const;

let site: Site;
let folder: string;
let browser: TestBrowser;
let panel: Frame;
let page: Page;

beforeAll(async () => {
  site = await openSite();
  folder = mkdtempSync(join(tmpdir(), 'pageflame-panel-views-'));
  writeFileSync(join(folder, 'page.json'), PAGE_TRACE);
  writeFileSync(join(folder, 'profile.folded'), 'main;work 30\nmain;work;inner 10\n');
  browser = await TestBrowser.launch({
    url: `${site.origin}/tracks.html`,
    devtools: { dock: 'bottom', height: 640 },
  });
  panel = await browser.openPanel();
  page = browser.devtools;
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await browser?.running.close();
  await site?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const useTheme = async (theme: 'light' | 'dark'): Promise<void> => {
  await panel.evaluate((values) => chrome.storage.local.set({ settings: { version: 1, ...values } }), {
    recording: DETAILED,
    theme,
  });
  await expect.poll(() => panel.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
};

/** Elements that reach past the right edge. Charts scroll by themselves and are left out. */
const readOverflow = (): Promise<readonly string[]> =>
  panel.evaluate(() => {
    const inFront = document.querySelector('dialog[open]');
    const root = inFront ?? document.querySelector('.app');
    const edge = (inFront?.getBoundingClientRect().right ?? document.documentElement.clientWidth) + 1;
    const own = '.flame-chart, .flame-graph, .overview-strip, .for-readers, [popover], pre, .grid-scroller';
    return [...(root?.querySelectorAll('*') ?? [])]
      .filter((element) => element.closest(own) === null && element.checkVisibility())
      .filter((element) => inFront !== null || element.closest('dialog') === null)
      .filter((element) => element.getBoundingClientRect().right > edge)
      .map((element) => `${element.tagName}.${element.className}`);
  });

/** In both themes. */
async function check(name: string, part = 'body'): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await useTheme(theme);
    await takeScreenshot(page, `view-${name.toLowerCase().replaceAll(' ', '-')}-${theme}`);
    expect(await findBarriers(panel, part), `${name}, ${theme}`).toEqual([]);
  }
  expect(await readOverflow(), name).toEqual([]);
}

const focused = (): Promise<string> =>
  panel.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.id || activeElement?.className || activeElement?.tagName || '';
  });

const isFocusIn = (selector: string): Promise<boolean> =>
  panel.evaluate((wanted) => document.activeElement?.closest(wanted) != null, selector);

interface DialogCase {
  readonly name: string | RegExp;
  /** Opens it, with the focus where it shall be again afterwards. */
  readonly open: () => Promise<void>;
  /** It is complete. */
  readonly shows?: string;
}

/** It comes with the focus in it, and Esc gives the focus back. */
async function checkDialog(title: string, { name, open, shows }: DialogCase): Promise<void> {
  await open();
  const before = await panel.evaluate(() => document.body.dataset.focusBefore ?? '');
  const dialog = panel.getByRole('dialog', { name });
  await dialog.waitFor();
  if (shows !== undefined) await dialog.locator(shows).first().waitFor();
  await expect.poll(() => isFocusIn('dialog[open]'), { message: `${title} takes the focus` }).toBe(true);
  await check(title, 'dialog[open]');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(focused, { message: `${title} gives the focus back` }).toBe(before);
}

/** The focus is on `selector`, and then a key is pressed there. */
const pressOn =
  (selector: string, key: string): (() => Promise<void>) =>
  async () => {
    await panel.locator(selector).first().focus();
    await panel.evaluate(() => {
      const { activeElement: active } = document;
      document.body.dataset.focusBefore = active?.id || active?.className || '';
    });
    await page.keyboard.press(key);
  };

const button = (name: string): (() => Promise<void>) => {
  const found = `.toolbar button:has-text("${name}")`;
  return pressOn(found, 'Enter');
};

const openRecording = async (): Promise<void> => {
  await page.keyboard.press('Alt+ArrowDown');
  await panel.getByRole('menuitemradio').first().click();
  await panel.locator('.flame-chart[data-idle="true"]').waitFor(RESULT);
};

const DIALOGS: Readonly<Record<string, DialogCase>> = {
  Keys: { name: 'Keys', open: pressOn('.flame-chart', '?') },
  Settings: { name: 'Settings', open: pressOn('.flame-chart', 'Control+,'), shows: '#settings-storage' },
  Save: { name: 'Save', open: button('Save'), shows: '.save-note' },
  Tags: { name: 'Tags', open: button('Tags'), shows: '#tags-automatic' },
  Compare: { name: /^Compare/, open: pressOn('.flame-chart', 'Alt+c'), shows: '.chooser-list, .quiet' },
  Backend: { name: 'Open a profile from a backend', open: pressOn('.flame-chart', 'Alt+b') },
  Send: { name: 'Send', open: button('Send') },
  Ignored: {
    name: 'Ignore list',
    async open() {
      await pressOn('.flame-chart', 'ArrowDown')();
      await page.keyboard.press('Space');
      await panel.getByRole('menuitem', { name: 'Ignore list…' }).press('Enter');
    },
  },
};

describe('in the DevTools panel', () => {
  test('the start page, and what is being recorded', async () => {
    await panel.getByText('or drop a trace here').waitFor();
    await check('home-empty');
    await panel.locator('.primary-button').focus();
    await page.keyboard.press('Enter');
    await panel.getByRole('timer').waitFor();
    await expect.poll(() => isFocusIn('.progress-screen'), { message: 'the focus goes on' }).toBe(true);
    await panel.locator('.flame-chart[data-idle="true"]').waitFor(RESULT);
    await expect.poll(focused).toBe('flame-chart');
  });

  test('every page of the details', { timeout: 180_000 }, async () => {
    for (const [name, there] of TABS) {
      await panel.getByRole('tab', { name, exact: true }).click();
      await panel.locator(there).first().waitFor();
      await check(`tab-${name}`);
    }
    await panel.getByRole('tab', { name: 'Summary', exact: true }).click();
  });

  for (const [name, dialog] of Object.entries(DIALOGS))
    test(`the dialog ${name}`, () => checkDialog(`dialog-${name}`, dialog));

  test('the pages of sending', async () => {
    await button('Send')();
    const dialog = panel.locator('dialog.sending');
    for (const name of ['Deliveries', 'Backends']) {
      await dialog.getByRole('button', { name, exact: true }).click();
      await panel.getByRole('dialog', { name }).waitFor();
      await check(`sending-${name}`, 'dialog[open]');
    }
    const add = dialog.getByRole('button', { name: /^Add/ }).first();
    await add.click();
    await dialog.locator('form').first().waitFor();
    await check('sending-form', 'dialog[open]');
    await page.keyboard.press('Escape');
    await page.waitForTimeout(300);
    // The form may have taken the first; with nothing open the key is DevTools' own.
    if (await dialog.isVisible()) await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  test('a picture of the page, large: before and after by keys', async () => {
    await panel.locator('.flame-chart').focus();
    await page.keyboard.press('/');
    await page.keyboard.type('Screenshot');
    await expect.poll(() => panel.locator('.search-found').textContent()).toMatch(/find/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await panel.getByRole('heading', { name: /^Screenshot \d+/ }).waitFor();
    await takeScreenshot(page, 'view-screenshot-small');
    const small = panel.locator('.screenshot-button');
    await small.waitFor();
    await small.focus();
    await page.keyboard.press('Enter');
    const large = panel.locator('dialog.screenshot-large');
    await large.waitFor();
    await large.locator('.screenshot-whole').waitFor();
    await expect.poll(() => isFocusIn('dialog[open]')).toBe(true);
    await check('screenshot-large', 'dialog[open]');
    const words = (): Promise<string | null> => large.getByRole('status').textContent();
    const first = await words();
    await page.keyboard.press('ArrowRight');
    await expect.poll(words).not.toBe(first);
    expect(await large.isVisible()).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(words).toBe(first);
    const before = large.getByRole('button', { name: 'Before' });
    for (let steps = 0; steps < 100 && !(await before.isDisabled()); steps++) {
      const here = await words();
      await page.keyboard.press('ArrowLeft');
      await expect.poll(words).not.toBe(here);
    }
    expect(await before.isDisabled(), 'there is none before the first').toBe(true);
    expect(await large.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await large.waitFor({ state: 'hidden' });
    await expect.poll(focused).toBe('screenshot-button');
  });

  test('a file of profiles, and two documents compared', async () => {
    const input = panel.locator('input[type=file]').first();
    await input.setInputFiles(join(folder, 'profile.folded'));
    await panel.locator('.document-screen .flame-graph[data-idle="true"]').waitFor(RESULT);
    await check('document');
    await panel.getByRole('tab', { name: 'About' }).click();
    await check('document-about');
    await page.keyboard.press('Alt+c');
    await panel.getByRole('dialog', { name: /^Compare/ }).waitFor();
    await panel.locator('.compare-file').setInputFiles(join(folder, 'page.json'));
    await panel.locator('.comparison-screen').waitFor(RESULT);
    await check('comparison');
    await panel.getByRole('tab', { name: 'Functions' }).click();
    await check('comparison-functions');
  });

  test('400 pixels wide: every page of the details, every dialog', { timeout: 180_000 }, async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    try {
      await openRecording();
      for (const [name, there] of TABS) {
        await panel.getByRole('tab', { name, exact: true }).click();
        await panel.locator(there).first().waitFor();
        expect(await readOverflow(), name).toEqual([]);
        await takeScreenshot(page, `view-400-${name.toLowerCase().replaceAll(' ', '-')}`);
      }
      for (const [key, name] of [
        ['?', 'Keys'],
        ['Control+,', 'Settings'],
        ['Control+s', 'Save'],
        ['Alt+c', /^Compare/],
        ['Alt+b', 'Open a profile from a backend'],
      ] as const) {
        await panel.locator('.flame-chart').focus();
        await page.keyboard.press(key);
        const dialog = panel.getByRole('dialog', { name });
        await dialog.waitFor();
        await check(`400-${String(name).replace(/\W/g, '')}`, 'dialog[open]');
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'hidden' });
      }
    } finally {
      await page.setViewportSize({ width: 1280, height: 720 });
    }
  });

  test('a low panel: nothing is cut off, and all of it is scrolled to', async () => {
    // As large as a window of twice the size at 200 %.
    await page.setViewportSize({ width: 640, height: 450 });
    try {
      await openRecording();
      for (const name of ['Bottom-up', 'Summary']) {
        await panel.getByRole('tab', { name, exact: true }).focus();
        await page.keyboard.press('Enter');
        await panel.getByRole('tabpanel').first().scrollIntoViewIfNeeded();
        // Laid out anew with the window's size and with what the tab loads.
        const look = () =>
          panel.evaluate(() => {
            const pane = document.querySelector('.details')?.getBoundingClientRect();
            const toolbar = document.querySelector('.toolbar')?.getBoundingClientRect();
            return {
              isToolbarThere: toolbar?.top === 0,
              endsInWindow: (pane?.bottom ?? 0) - innerHeight < 1,
              isSeen: (pane?.height ?? 0) > 75,
            };
          });
        await expect
          .poll(look, { message: name })
          .toEqual({ isToolbarThere: true, endsInWindow: true, isSeen: true });
        await takeScreenshot(page, `view-low-${name.toLowerCase()}`);
      }
      expect(await readOverflow()).toEqual([]);
    } finally {
      await page.setViewportSize({ width: 1280, height: 720 });
    }
  });

  test('deleting keeps the focus: the next row, and where there is none the heading', async () => {
    await page.keyboard.press('Alt+ArrowDown');
    await panel.getByRole('menuitem', { name: 'Show the start page' }).click();
    const rows = panel.getByRole('region', { name: 'Recordings' });
    await rows
      .getByRole('button', { name: /^Delete/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await panel.getByRole('button', { name: 'Undo' }).waitFor();
    await expect.poll(focused).not.toBe('BODY');
    await panel.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await rows
      .getByRole('button', { name: /^Delete/ })
      .first()
      .waitFor();
    await expect.poll(focused, { message: 'the notice that had it is gone' }).not.toBe('BODY');
    await check('home');
  });
});

/**
 * Every key of the flame chart's table, in the real DevTools panel, by each of the three presets. What a command does is
 * proved in {@link PROOFS}: a command without a proof does not compile, and a key without one is not there.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright';
import { describe, expect } from 'vitest';
import {
  CHART_KEYS,
  type ChartCommand,
  type ChartKey,
} from '../../src/panel/canvas/input/chart-key-table.ts';
import { KEY_SETS, type KeySet } from '../../src/settings/index.ts';
import { trace } from '../builders/trace.ts';
import { takeScreenshot, test } from './harness/browser.ts';
import { ChartOnPage, collectDownloads, type SavedFile, SLOW } from './harness/chart.ts';

/** 100 ms from navigation start; `a` calls `b`, which calls `a`; the style in `a` is forced. */
const RECIPE = trace()
  .thread('CrRendererMain', { pid: 1, tid: 2 })
  .navigate('http://shop.example/', 0)
  .slice('RunTask', 0, 60)
  .slice('FunctionCall', 10, 50)
  .samples(`${'a'.repeat(19)}\n${' '.repeat(10)}${'b'.repeat(6)}\n${' '.repeat(11)}${'a'.repeat(3)}`, {
    from: 12,
    every: 2,
  })
  .slice('UpdateLayoutTree', 20, 30)
  .slice('RunTask', 70, 100);
// More than the window has room for, so that there is something to scroll.
for (let tid = 100; tid < 140; tid++)
  RECIPE.thread('DedicatedWorker thread', { pid: 1, tid }).slice('RunTask', 40, 45);
const TRACE = RECIPE.text();

interface Stage {
  readonly chart: ChartOnPage;
  readonly panel: Frame;
  readonly page: Page;
  readonly saved: () => Promise<SavedFile[]>;
  readonly press: () => Promise<void>;
}

type Proof = (stage: Stage) => Promise<void>;

const scrolled = ({ panel }: Stage): Promise<number> =>
  panel.locator('.flame-chart-scroller').evaluate((element) => element.scrollTop);

/** Zoomed in on the middle, so that there is somewhere to go. */
async function zoomIn({ chart, page }: Stage): Promise<[number, number]> {
  await chart.shows([0, 100]);
  await chart.drag(await chart.onOverview(30, 35), await chart.onOverview(70, 35));
  await chart.root.focus();
  await page.mouse.move(1, 1);
  return chart.visible();
}

/** What the overview shows. */
async function crumb({ panel }: Stage, words: RegExp): Promise<void> {
  await panel.locator('.overview-crumbs [aria-current="true"]').filter({ hasText: words }).waitFor();
}

const zooms =
  (isIn: boolean): Proof =>
  async (stage) => {
    const [start, end] = await zoomIn(stage);
    await stage.press();
    const [start2, end2] = await stage.chart.visible();
    expect(end2 - start2 < end - start).toBe(isIn);
    expect(end2 - start2 > end - start).toBe(!isIn);
  };

const pans =
  (isRight: boolean): Proof =>
  async (stage) => {
    const [start, end] = await zoomIn(stage);
    await stage.press();
    const [start2, end2] = await stage.chart.visible();
    expect(isRight ? start2 > start : start2 < start).toBe(true);
    expect(Math.abs(end2 - start2 - (end - start))).toBeLessThan(0.1);
  };

const scrolls =
  (isDown: boolean): Proof =>
  async (stage) => {
    await stage.panel.locator('.flame-chart-scroller').evaluate((element) => {
      element.scrollTop = 40;
    });
    const before = await scrolled(stage);
    expect(before).toBeGreaterThan(0);
    await stage.press();
    await expect.poll(async () => Math.sign((await scrolled(stage)) - before)).toBe(isDown ? 1 : -1);
  };

const selects =
  (from: readonly [number, number], words: string): Proof =>
  async (stage) => {
    await stage.chart.clickOn(...from);
    await stage.press();
    await stage.chart.says(words);
  };

const saves =
  (type: string, begins: string): Proof =>
  async (stage) => {
    const before = (await stage.saved()).length;
    await stage.press();
    await expect.poll(async () => (await stage.saved()).length, SLOW).toBe(before + 1);
    const file = (await stage.saved())[before];
    expect(file.type).toBe(type);
    expect(file.bytes.startsWith(begins)).toBe(true);
    expect(file.name).toMatch(/^keys-flame-chart\.(png|svg)$/);
  };

const hides =
  (from: readonly [number, number], words: string): Proof =>
  async (stage) => {
    await stage.chart.clickOn(...from);
    await stage.press();
    await stage.chart.says(words);
    await stage.panel.getByText('1 hiding in the chart').waitFor();
    await stage.panel.getByRole('button', { name: 'Show all' }).click();
    await stage.chart.rest();
  };

const PROOFS: Readonly<Record<ChartCommand, Proof>> = {
  'zoom-in': zooms(true),
  'zoom-out': zooms(false),
  left: pans(false),
  right: pans(true),
  up: scrolls(false),
  down: scrolls(true),
  'page-up': scrolls(false),
  'page-down': scrolls(true),
  before: selects([85, 0], 'Task, 60 ms'),
  after: selects([5, 0], 'Task, 30 ms'),
  parent: selects([15, 1], 'Task, 60 ms'),
  child: selects([5, 0], 'Function call, 40 ms'),
  async measure(stage) {
    await stage.chart.clickOn(85, 0);
    await stage.press();
    await stage.chart.says('Measured: 30 ms');
    await stage.panel.getByText('Measured range').first().waitFor();
  },
  async fit(stage) {
    await stage.chart.clickOn(85, 0);
    await stage.press();
    await stage.chart.shows([68.5, 100]);
  },
  async all(stage) {
    await zoomIn(stage);
    await stage.press();
    await stage.chart.shows([0, 100]);
  },
  async clear(stage) {
    await stage.chart.clickOn(85, 0);
    await stage.chart.measure(20, 40);
    await stage.press();
    await stage.chart.says('Task, 30 ms');
    await stage.press();
    await stage.chart.says('Nothing selected');
  },
  'hide-slice': hides([11, 1], 'Slice Function call hidden'),
  'hide-children': hides([11, 1], 'What is inside Function call hidden'),
  'hide-repeats': hides([15, 2], 'Repeats of a hidden'),
  async 'show-hidden'(stage) {
    await stage.chart.clickOn(11, 1);
    await stage.panel.locator('.flame-chart').press('h');
    await stage.chart.says('hidden');
    await stage.press();
    await stage.chart.says('All slices are shown again');
  },
  async 'zoom-into'(stage) {
    await zoomIn(stage);
    await stage.press();
    await crumb(stage, /^40/);
    await stage.chart.root.focus();
    await stage.page.keyboard.press('Backspace');
    await crumb(stage, /^Whole trace/);
  },
  async 'step-out'(stage) {
    await zoomIn(stage);
    await stage.page.keyboard.press('z');
    await crumb(stage, /^40/);
    await stage.press();
    await crumb(stage, /^Whole trace/);
  },
  async 'track-name'(stage) {
    await stage.press();
    const name = () => stage.panel.evaluate(() => document.activeElement?.textContent ?? '');
    await expect.poll(name).toContain('Main — http://shop.example/');
  },
  async note(stage) {
    await stage.chart.clickOn(85, 0);
    await stage.press();
    const field = stage.panel.getByLabel('On Task at 70 ms');
    await field.waitFor();
    await stage.page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
  },
  async link(stage) {
    await stage.chart.clickOn(85, 0);
    await stage.press();
    await stage.panel.getByText('Link from Task').waitFor();
    await stage.page.keyboard.press('Escape');
    await stage.panel.getByText('Link from Task').waitFor({ state: 'detached' });
  },
  async 'ignore-script'(stage) {
    await stage.chart.clickOn(15, 2);
    await stage.chart.says(/^a, /);
    await stage.press();
    await stage.chart.says('page.js is ignored');
    await stage.panel.getByText('1 script pattern is ignored').waitFor();
    await stage.panel.getByRole('button', { name: 'Undo the last' }).click();
    await stage.panel.getByText('1 script pattern is ignored').waitFor({ state: 'detached' });
    await stage.chart.clickOn(15, 2);
    await stage.chart.says(/^a, /);
    await stage.press();
    await stage.panel.getByText('1 script pattern is ignored').waitFor();
    await stage.chart.clickOn(25, 2);
    await stage.chart.says('Recalculate style');
    await stage.panel.getByRole('button', { name: 'Ignore list…' }).click();
    await stage.panel.getByRole('button', { name: 'Ignore nothing' }).click();
    await stage.panel.getByText('1 script pattern is ignored').waitFor({ state: 'detached' });
    await stage.page.keyboard.press('Escape');
    await stage.panel.getByRole('dialog', { name: 'Ignore list' }).waitFor({ state: 'detached' });
  },
  async 'dim-third-parties'(stage) {
    await stage.press();
    await stage.chart.says('Third parties are dimmed');
    await stage.press();
    await stage.chart.says('Third parties are no longer dimmed');
  },
  'picture-png': saves('image/png', '\u0089PNG'),
  'picture-svg': saves('image/svg+xml', '<?xml'),
  async menu(stage) {
    await stage.chart.clickOn(85, 0);
    await stage.press();
    const menu = stage.panel.getByRole('menu', { name: 'What can be done here' });
    await menu.waitFor();
    await stage.page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
  },
};

/** As Playwright wants it. */
const pressOf = ({ code, shift }: ChartKey): string => (shift === true ? `Shift+${code}` : code);

/** Nothing is selected, measured or hidden, and all is in sight. */
async function reset({ chart, panel }: Stage): Promise<void> {
  await chart.root.focus();
  const everything = panel.getByRole('button', { name: 'Show all' });
  if (await everything.isVisible()) await everything.click();
  await panel.locator('.flame-chart-scroller').evaluate((element) => {
    element.scrollTop = 0;
  });
  await chart.root.press('Digit0');
  await chart.shows([0, 100]);
  // Not by Esc: with nothing to clear that is DevTools' key.
  await chart.clickOn(65, 0);
}

async function useKeys(panel: Frame, set: KeySet): Promise<void> {
  await panel.evaluate(
    async (keys) => {
      const { settings } = await chrome.storage.local.get('settings');
      await chrome.storage.local.set({ settings: { version: 1, ...(settings ?? {}), keys } });
    },
    { set, wheel: 'zoom' },
  );
}

describe('keys of the flame chart', () => {
  for (const set of KEY_SETS)
    test(`of ${set} do what the table says`, { timeout: 180_000 }, async ({
      launch,
      site,
      onTestFinished,
    }) => {
      const folder = mkdtempSync(join(tmpdir(), 'pageflame-keys-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      writeFileSync(join(folder, 'keys.json'), TRACE);
      const browser = await launch({
        url: `${site.origin}/plain.html`,
        devtools: { dock: 'bottom', height: 700 },
      });
      const panel = await browser.openPanel();
      const page = browser.devtools;
      await useKeys(panel, set);
      await panel.locator('input[type=file]').setInputFiles(join(folder, 'keys.json'));
      const chart = new ChartOnPage(page, panel);
      await chart.rest();
      const saved = await collectDownloads(panel);
      for (const key of CHART_KEYS[set]) {
        const press = async (): Promise<void> => {
          await chart.root.focus();
          await page.keyboard.press(pressOf(key));
          await chart.rest();
        };
        const stage: Stage = { chart, panel, page, saved, press };
        await reset(stage);
        try {
          await PROOFS[key.command](stage);
        } catch (error) {
          await takeScreenshot(page, `key-${set}-${key.code}`);
          throw new Error(`${key.shown} (${key.command}) of ${set}`, { cause: error });
        }
      }
    });
});

/**
 * Every key of the `?` list but the flame chart's own (chart-keys.test.ts), pressed in the real DevTools panel. The list
 * itself says what is pressed: a row without a proof fails, and so does a proof that leaves out one of its row's keys.
 * One browser for all; each group begins on a panel that was loaded anew.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listKeys } from '../../src/panel/state/keys.ts';
import type { WheelMode } from '../../src/settings/index.ts';
import { PAGE_TRACE } from '../builders/page-trace.ts';
import { TestBrowser, takeScreenshot } from './harness/browser.ts';
import { ChartOnPage, SLOW } from './harness/chart.ts';
import { openSite, type Site } from './harness/site.ts';

/** Recording, stopping, saving and reading of a small page, on a slow machine. */
const RESULT = { timeout: 60_000 };
const DETAILED = { jsSamples: true, screenshots: true, scriptSources: true, invalidations: false };
const KEY_NAMES: Readonly<Record<string, string>> = {
  Ctrl: 'Control',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  PgUp: 'PageUp',
  PgDn: 'PageDown',
};

/** A key of the list as Playwright wants it. */
function pressOf(shown: string): string {
  const parts = shown.split('+').map((part) => KEY_NAMES[part] ?? part);
  const isLetter = /^[A-Z]$/.test(parts.at(-1) ?? '') && !parts.includes('Shift');
  return isLetter ? [...parts.slice(0, -1), parts.at(-1)?.toLowerCase()].join('+') : parts.join('+');
}

class Stage {
  readonly browser: TestBrowser;
  readonly folder: string;
  readonly done = new Set<string>();
  panel: Frame;

  constructor(browser: TestBrowser, panel: Frame, folder: string) {
    this.browser = browser;
    this.panel = panel;
    this.folder = folder;
  }

  get page(): Page {
    return this.browser.devtools;
  }

  get chart(): ChartOnPage {
    return new ChartOnPage(this.page, this.panel);
  }

  /** A key as the list shows it. */
  async press(shown: string): Promise<void> {
    this.done.add(shown);
    await this.page.keyboard.press(pressOf(shown));
  }

  /** What hands do that the list has a word for. */
  async does(shown: string, hand: () => Promise<void>): Promise<void> {
    this.done.add(shown);
    await hand();
  }

  async shown(): Promise<void> {
    await this.panel.locator('.flame-chart[data-idle="true"]').waitFor(RESULT);
  }

  async reload(): Promise<void> {
    await this.panel.evaluate(() => location.reload());
    await this.page.waitForTimeout(300);
    this.panel = await this.browser.openPanel();
    // So that keys go there again.
    await this.panel.locator('.toolbar button').first().focus();
  }

  /** The trace whose numbers are known. */
  async openTrace(name = 'page.json'): Promise<void> {
    await this.panel.locator('input[type=file]').first().setInputFiles(join(this.folder, name));
    await this.panel.getByRole('heading', { name }).waitFor({ state: 'attached' });
    await this.shown();
    await this.chart.root.focus();
  }

  async openTab(name: string): Promise<void> {
    await this.panel.getByRole('tab', { name, exact: true }).click();
  }

  dialog(name: string | RegExp): Locator {
    return this.panel.getByRole('dialog', { name });
  }

  async opensDialog(shown: string, name: string | RegExp): Promise<void> {
    await this.press(shown);
    await this.dialog(name).waitFor();
    await this.page.keyboard.press('Escape');
    await this.dialog(name).waitFor({ state: 'hidden' });
  }

  focused(): Promise<string> {
    return this.panel.evaluate(() => document.activeElement?.className ?? '');
  }

  /** Which of the recordings in the list is shown; -1 for none. */
  async place(): Promise<number> {
    await this.page.keyboard.press('Alt+ArrowDown');
    const items = this.panel.getByRole('menuitemradio');
    await items.first().waitFor();
    const checked = await items.evaluateAll((all) =>
      all.findIndex((item) => item.getAttribute('aria-checked') === 'true'),
    );
    await this.page.keyboard.press('Escape');
    return checked;
  }
}

type Proof = (stage: Stage, keys: readonly string[]) => Promise<void>;

const recordings: Readonly<Record<string, Proof>> = {
  'Open a trace, recording or profile file': async (at, [key]) => {
    await at.panel.evaluate(() => {
      HTMLInputElement.prototype.click = function take() {
        document.body.dataset.asked = this.type;
      };
    });
    await at.press(key);
    await expect.poll(() => at.panel.evaluate(() => document.body.dataset.asked)).toBe('file');
  },
  'Open a profile from a backend': (at, [key]) => at.opensDialog(key, 'Open a profile from a backend'),
  'Compare what is shown with a recording, a file or a backend’s profile': (at, [key]) =>
    at.opensDialog(key, /^Compare/),
  'Save what is shown as a file': (at, [key]) => at.opensDialog(key, 'Save'),
  'List the recordings': async (at, [key]) => {
    await at.press(key);
    await at.panel.getByRole('menu').waitFor();
    await at.page.keyboard.press('Escape');
    await at.panel.getByRole('menu').waitFor({ state: 'hidden' });
  },
  'Older, newer recording; out of breadcrumbs first': async (at, [older, newer]) => {
    const before = await at.place();
    await at.press(before === 0 ? older : newer);
    await expect.poll(() => at.place(), RESULT).toBe(before === 0 ? 1 : 0);
    await at.shown();
    await at.press(before === 0 ? newer : older);
    await expect.poll(() => at.place(), RESULT).toBe(before);
  },
  'Bring back what was just deleted, or tags as they were': async (at, [key]) => {
    const home = at.panel.getByRole('region', { name: 'Recordings' });
    await at.panel.locator('.toolbar').getByRole('button', { name: 'Delete' }).click();
    await home.getByRole('button', { name: /^Delete/ }).waitFor();
    await at.press(key);
    await expect.poll(() => home.getByRole('button', { name: /^Delete/ }).count()).toBe(2);
  },
};

const trackNamed = (at: Stage, title: string): Locator =>
  at.panel.locator('.track-header', { hasText: title });

const tracks: Readonly<Record<string, Proof>> = {
  'Walk the names of the tracks': async (at, [up, down]) => {
    const name = () => at.panel.evaluate(() => document.activeElement?.textContent ?? '');
    await trackNamed(at, 'Main').focus();
    await at.press(down);
    await expect.poll(name).toContain('Compositor');
    await at.press(up);
    await expect.poll(name).toContain('Main');
  },
  'Collapse or open the track': async (at, [key]) => {
    const isOpen = () => trackNamed(at, 'Compositor').getAttribute('aria-expanded');
    const before = await isOpen();
    for (const expected of [before === 'true' ? 'false' : 'true', before]) {
      await trackNamed(at, 'Compositor').focus();
      await at.press(key);
      await expect.poll(isOpen).toBe(expected);
    }
  },
  'Hide the track; hide all others': async (at, [hide, only]) => {
    await trackNamed(at, 'Compositor').focus();
    await at.press(hide);
    await trackNamed(at, 'Compositor').waitFor({ state: 'detached' });
    await at.page.keyboard.press('Control+z');
    await trackNamed(at, 'Compositor').focus();
    await at.press(only);
    await trackNamed(at, 'Main').waitFor({ state: 'detached' });
    await at.page.keyboard.press('Control+z');
    await trackNamed(at, 'Main').waitFor();
  },
  'Pin the track at the top, or let it go': async (at, [key]) => {
    await trackNamed(at, 'Compositor').focus();
    await at.press(key);
    await at.chart.says(/^Compositor pinned at the top$/);
    await trackNamed(at, 'Compositor').focus();
    await at.press(key);
    await at.chart.says(/^Compositor no longer pinned|let go|unpinned/i);
  },
  'Move the track up, down': async (at, [up, down]) => {
    await trackNamed(at, 'Compositor').focus();
    await at.press(up);
    await at.chart.says(/^Compositor moved up$/);
    await trackNamed(at, 'Compositor').focus();
    await at.press(down);
    await at.chart.says(/^Compositor moved down$/);
  },
  'List all that can be done to the track': async (at, [key]) => {
    const menu = at.panel.getByRole('menu', { name: 'What can be done here' });
    await trackNamed(at, 'Main').focus();
    await at.press(key);
    await menu.waitFor();
    await at.page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
  },
  'Move the track': async (at, [drag]) => {
    const titles = () => at.panel.locator('.track-title').allInnerTexts();
    expect((await titles())[0]).toContain('Main');
    const from = await trackNamed(at, 'Compositor').boundingBox();
    const to = await trackNamed(at, 'Main').boundingBox();
    if (from === null || to === null) throw new Error('the names are not laid out');
    const { mouse } = at.page;
    await at.does(drag, async () => {
      await mouse.move(from.x + 30, from.y + 10);
      await mouse.down();
      await mouse.move(from.x + 30, to.y + 12);
      await mouse.move(from.x + 30, to.y + 4);
      await mouse.up();
    });
    await expect.poll(async () => (await titles())[0]).toContain('Compositor');
  },
};

const crumbsOf = (at: Stage): Locator =>
  at.panel.getByRole('navigation', { name: 'Breadcrumbs of the overview' });

const overview: Readonly<Record<string, Proof>> = {
  'Pick a range; on the ruler, move it; at a handle, move that edge': async (at, [drag]) => {
    const { chart } = at;
    await at.does(drag, async () =>
      chart.drag(await chart.onOverview(40, 35), await chart.onOverview(60, 35)),
    );
    await chart.shows([40, 60]);
    await chart.drag(await chart.onOverview(44, 10), await chart.onOverview(64, 10));
    await chart.shows([60, 80]);
    await chart.drag(await chart.onOverview(80, 40), await chart.onOverview(90, 40));
    await chart.shows([60, 90], 0.5);
  },
  'Zoom at the pointer; sideways, move': async (at, [wheel]) => {
    const { chart, page } = at;
    await page.mouse.move(...(await chart.onOverview(75, 35)));
    const [start, end] = await chart.visible();
    await at.does(wheel, () => page.mouse.wheel(0, -100));
    await expect
      .poll(async () => chart.visible().then(([from, to]) => to - from), SLOW)
      .toBeLessThan(end - start);
    const [before] = await chart.visible();
    await page.mouse.wheel(-100, 0);
    await expect.poll(async () => (await chart.visible())[0], SLOW).not.toBe(before);
  },
  'Move the handle that has the focus': async (at, [left, right, pageUp, pageDown, home, end]) => {
    const { chart } = at;
    await chart.overview.dblclick({ position: { x: 300, y: 35 } });
    await chart.shows([0, 100]);
    const last = async (): Promise<number> => (await chart.visible())[1];
    await chart.overview.getByRole('slider', { name: 'End' }).focus();
    const steps = [
      [left, -1],
      [right, 1],
      [pageDown, -1],
      [pageUp, 1],
      [home, -1],
      [end, 1],
    ] as const;
    for (const [key, sign] of steps) {
      const before = await last();
      await at.press(key);
      await expect
        .poll(async () => Math.sign((await last()) - before), { message: `${key} of the handle` })
        .toBe(sign);
    }
    await at.page.keyboard.press('Home');
    await chart.root.focus();
    await at.page.keyboard.press('0');
    await chart.shows([0, 100]);
  },
  'Make a breadcrumb; step out of it, and in again': async (at, [make, back, older, newer]) => {
    const { chart } = at;
    await chart.drag(await chart.onOverview(40, 35), await chart.onOverview(60, 35));
    const current = () => crumbsOf(at).locator('[aria-current]').textContent();
    await chart.root.focus();
    await at.press(make);
    await expect.poll(current).toMatch(/^20.ms$/);
    await at.press(older);
    await expect.poll(current).toMatch(/^Whole trace/);
    await at.press(newer);
    await expect.poll(current).toMatch(/^20.ms$/);
    await chart.root.focus();
    await at.press(back);
    await expect.poll(current).toMatch(/^Whole trace/);
  },
};

const found = (at: Stage): Locator => at.panel.locator('.search-found');

const search: Readonly<Record<string, Proof>> = {
  'Search the chart': async (at, keys) => {
    for (const key of keys) {
      await at.chart.root.focus();
      await at.press(key);
      await at.panel.getByRole('searchbox', { name: /Search the chart/ }).waitFor();
      await at.page.keyboard.press('Escape');
      await at.panel.locator('.search-bar').waitFor({ state: 'detached' });
    }
  },
  'Go to the next find': async (at, [enter, dot]) => {
    await at.page.keyboard.press('Control+f');
    await at.page.keyboard.type('task');
    await expect.poll(() => found(at).textContent()).toBe('2 finds');
    await at.press(enter);
    await expect.poll(() => found(at).textContent()).toBe('1 of 2 finds');
    await at.chart.root.focus();
    await at.press(dot);
    await expect.poll(() => found(at).textContent()).toBe('2 of 2 finds');
  },
  'Go to the previous find': async (at, [shiftEnter, comma]) => {
    await at.press(comma);
    await expect.poll(() => found(at).textContent()).toBe('1 of 2 finds');
    await at.panel.getByRole('searchbox', { name: /Search the chart/ }).focus();
    await at.press(shiftEnter);
    await expect.poll(() => found(at).textContent()).toBe('2 of 2 finds');
    await at.page.keyboard.press('Escape');
  },
};

const treeOf = (at: Stage): Locator => at.panel.getByRole('treegrid', { name: 'Call tree' });
const rowOf = async (grid: Locator): Promise<string> =>
  (await grid.locator('.grid-row.active .row-name').allInnerTexts()).join().trim();

const tables: Readonly<Record<string, Proof>> = {
  'Walk the rows': async (at, [up, down, home, end, pageUp, pageDown]) => {
    await at.openTab('Call tree');
    await treeOf(at).locator('.grid-row').first().waitFor();
    await treeOf(at).focus();
    await at.page.keyboard.press('Home');
    await at.page.keyboard.press('*');
    await expect.poll(() => treeOf(at).locator('.grid-row').count()).toBeGreaterThan(4);
    const names = (await treeOf(at).locator('.grid-row .row-name').allInnerTexts()).map((name) =>
      name.trim(),
    );
    const [first, second] = names;
    for (const [key, name] of [
      [end, names.at(-1)],
      [home, first],
      [down, second],
      [up, first],
      [pageDown, names.at(-1)],
      [pageUp, first],
    ] as const) {
      await at.press(key);
      await expect.poll(() => rowOf(treeOf(at)), { message: key }).toBe(name);
    }
  },
  'Open and close a row; go to its first child, its parent': async (at, [right, left]) => {
    const active = treeOf(at).locator('.grid-row.active');
    await at.press(left);
    await expect.poll(() => active.getAttribute('aria-expanded')).toBe('false');
    await at.press(right);
    await expect.poll(() => active.getAttribute('aria-expanded')).toBe('true');
    await at.press(right);
    await expect.poll(() => active.getAttribute('aria-level')).toBe('2');
    await at.press(left);
    await at.press(left);
    await expect.poll(() => active.getAttribute('aria-level')).toBe('1');
  },
  'Open all below the row': async (at, [key]) => {
    await at.page.keyboard.press('Home');
    await at.page.keyboard.press('ArrowLeft');
    await at.press(key);
    await expect.poll(() => treeOf(at).locator('.grid-row').count()).toBeGreaterThan(4);
  },
  'Go to the next row that begins so': async (at, [letters]) => {
    await at.does(letters, () => at.page.keyboard.type('ren'));
    await expect.poll(() => rowOf(treeOf(at))).toBe('render');
  },
  'Show the longest slice of the row in the chart': async (at, [key]) => {
    await at.press(key);
    await at.chart.says(/^render, 29\.5/);
  },
  'Show the source of the row’s function': async (at, [key]) => {
    await treeOf(at).focus();
    await at.press(key);
    await at.panel.getByText('The recording does not hold the text of').waitFor();
  },
};

const linesOf = (at: Stage): Locator => at.panel.locator('.source-lines .grid-row');
const lineOf = async (at: Stage): Promise<number> =>
  Number(await at.panel.locator('.source-lines .grid-row.active').getAttribute('aria-rowindex'));

const source: Readonly<Record<string, Proof>> = {
  'Show the source of what is selected in the chart or flame graph': async (at, [key]) => {
    await at.page.keyboard.press('/');
    await at.page.keyboard.type('render');
    await expect.poll(() => found(at).textContent()).toMatch(/find/);
    await at.page.keyboard.press('Enter');
    await at.page.keyboard.press('Escape');
    await at.chart.root.focus();
    await at.press(key);
    await at.panel.getByText('The recording does not hold the text of').waitFor();
    await at.panel.locator('.source-file').first().setInputFiles(join(at.folder, 'app.js'));
    await linesOf(at).filter({ hasText: '// line 2' }).first().waitFor();
  },
  'Walk the lines': async (at, [up, down, home, end, pageUp, pageDown]) => {
    await at.panel.getByRole('grid', { name: 'Source' }).focus();
    await at.press(home);
    await expect.poll(() => lineOf(at)).toBe(2);
    await at.press(down);
    await expect.poll(() => lineOf(at)).toBe(3);
    await at.press(up);
    await expect.poll(() => lineOf(at)).toBe(2);
    await at.press(end);
    await expect.poll(() => lineOf(at)).toBeGreaterThan(4);
    const last = await lineOf(at);
    await at.press(pageUp);
    await expect.poll(() => lineOf(at)).toBeLessThan(last);
    await at.press(pageDown);
    await expect.poll(() => lineOf(at)).toBe(last);
  },
  'Go to the next, the last line that took time': async (at, [next, last]) => {
    await at.page.keyboard.press('Home');
    await at.press(next);
    await expect.poll(() => lineOf(at)).toBeGreaterThan(2);
    const first = await lineOf(at);
    await at.page.keyboard.press('End');
    await at.press(last);
    await expect.poll(() => lineOf(at)).toBeGreaterThanOrEqual(first);
  },
  'Go to the line that took most': async (at, [key]) => {
    await at.page.keyboard.press('Home');
    await at.press(key);
    await expect
      .poll(() => at.panel.locator('.source-lines .grid-row.active').textContent())
      .toContain('// line 13');
  },
  'Show the function that begins on the line in the chart': async (at, [key]) => {
    await at.page.keyboard.press('Home');
    // `render` begins on line 11; the head of the grid is its first row.
    for (let line = 1; line < 11; line++) await at.page.keyboard.press('ArrowDown');
    expect(await lineOf(at)).toBe(12);
    await at.press(key);
    await at.chart.says(/^render, /);
  },
};

const graphOf = (at: Stage): Locator => at.panel.locator('.flame-graph').first();

/** `render`, from wherever the selection is. */
async function selectRender(at: Stage): Promise<void> {
  await at.panel.locator('.flame-graph[data-idle="true"]').first().waitFor();
  await graphOf(at).focus();
  const told = graphOf(at).locator('.canvas-live');
  for (let row = 0; row < 6; row++) await at.page.keyboard.press('ArrowUp');
  for (let row = 0; row < 6; row++) {
    if ((await told.textContent())?.startsWith('render') === true) return;
    await at.page.keyboard.press('ArrowDown');
    await at.page.waitForTimeout(50);
  }
  expect(await told.textContent()).toContain('render');
}

const transforms =
  (words: RegExp): Proof =>
  async (at, [key]) => {
    const crumbs = at.panel.getByRole('navigation', { name: 'Transforms' });
    await selectRender(at);
    await at.press(key);
    await crumbs.getByText(words).waitFor();
    await graphOf(at).focus();
    await at.page.keyboard.press('Backspace');
    await crumbs.waitFor({ state: 'detached' });
  };

const graph: Readonly<Record<string, Proof>> = {
  'Go to the flame graph, and back to the chart': async (at, [there, back]) => {
    await at.press(there);
    await expect.poll(() => at.focused()).toContain('flame-graph');
    await at.press(back);
    await expect.poll(() => at.focused()).toContain('flame-chart');
    await at.page.keyboard.press('2');
    await expect.poll(() => at.focused()).toContain('flame-graph');
  },
  'Callers and callees of the selected function': async (at, [key]) => {
    await selectRender(at);
    await at.press(key);
    await at.panel.getByRole('treegrid', { name: 'Functions' }).waitFor();
    await at.panel.getByText('Top-down', { exact: true }).click();
  },
  'Only this box and what is below it': transforms(/^Focus here: render/),
  'Only what runs in this function, wherever it is called': transforms(/^Focus: render/),
  'Take the function out: its time is its callers’': transforms(/^Merge: render/),
  'Take out what the function calls: its time is the function’s': transforms(/^Collapse: render/),
  'Calls within this file become one box': transforms(/^Collapse file/),
  'Calls of the function by itself become one box': transforms(/^No recursion: render/),
  'Calls of any function by itself become one box': transforms(/^No recursion$/),
  'Leave out the time in the function': transforms(/^Drop: render/),
  'Take the last of these changes back': async (at, [key]) => {
    const crumbs = at.panel.getByRole('navigation', { name: 'Transforms' });
    await selectRender(at);
    await at.page.keyboard.press('m');
    await crumbs.waitFor();
    await graphOf(at).focus();
    await at.press(key);
    await crumbs.waitFor({ state: 'detached' });
  },
  'Show the longest slice of the box in the chart': async (at, [key]) => {
    await selectRender(at);
    await at.press(key);
    await at.chart.says(/^render, 29\.5/);
  },
};

const help: Readonly<Record<string, Proof>> = {
  'Show these keys': (at, [key]) => at.opensDialog(key, 'Keys'),
  'Show the settings; other tools’ keys are there': (at, [key]) => at.opensDialog(key, 'Settings'),
};

const recording: Readonly<Record<string, Proof>> = {
  'Record this page as it stands; press again to stop': async (at, [key]) => {
    await at.panel.locator('.primary-button').focus();
    await at.press(key);
    await at.panel.getByRole('timer').waitFor();
    await at.panel.locator('.card').getByRole('button', { name: 'Stop' }).waitFor();
    await at.page.waitForTimeout(300);
    await at.press(key);
    await at.shown();
    expect(await at.browser.recorded(1)).toMatchObject({ stopReason: 'user', options: { reload: false } });
  },
  'Reload the page and record its load': async (at, [key]) => {
    await at.press(key);
    await at.panel.getByRole('timer').waitFor();
    await at.shown();
    expect(await at.browser.recorded(2)).toMatchObject({ options: { reload: true } });
  },
};

/** What the list says of the wheel is one thing or another. */
const WHEELS: Readonly<Record<WheelMode, Readonly<Record<string, Proof>>>> = {
  zoom: {
    'Zoom at the pointer': (at, [wheel]) => wheels(at, wheel, { deltaY: -200 }, 'narrower'),
    'Scroll up and down': (at, [wheel]) => wheels(at, wheel, { deltaY: 60, held: 'Shift' }, 'scrolled'),
  },
  scroll: {
    'Scroll up and down': (at, [wheel]) => wheels(at, wheel, { deltaY: 60 }, 'scrolled'),
    'Zoom at the pointer, as a pinch does': (at, [wheel]) =>
      wheels(at, wheel, { deltaY: -200, held: 'Control' }, 'narrower'),
    'Move left and right': (at, [wheel]) => wheels(at, wheel, { deltaY: 60, held: 'Shift' }, 'moved'),
  },
};

interface Turn {
  readonly deltaY: number;
  readonly held?: 'Shift' | 'Control';
}

async function wheels(at: Stage, shown: string, { deltaY, held }: Turn, effect: string): Promise<void> {
  const { chart, page, panel } = at;
  await chart.root.focus();
  await page.keyboard.press('0');
  await chart.shows([0, 100]);
  await chart.drag(await chart.onOverview(30, 35), await chart.onOverview(70, 35));
  await chart.shows([30, 70]);
  const scroller = panel.locator('.flame-chart-scroller');
  await scroller.evaluate((element) => {
    element.scrollTop = 0;
  });
  const look = async () => {
    const [start, end] = await chart.visible();
    return { start, length: end - start, top: await scroller.evaluate(({ scrollTop }) => scrollTop) };
  };
  const before = await look();
  await page.mouse.move(...(await chart.at(50, 1)));
  await at.does(shown, async () => {
    if (held !== undefined) await page.keyboard.down(held);
    await page.mouse.wheel(0, deltaY);
    if (held !== undefined) await page.keyboard.up(held);
  });
  await expect
    .poll(async () => {
      const { start, length, top } = await look();
      if (Math.abs(length - before.length) > 0.1) return length < before.length ? 'narrower' : 'wider';
      if (top !== before.top) return 'scrolled';
      return Math.abs(start - before.start) > 0.1 ? 'moved' : 'the same';
    }, SLOW)
    .toBe(effect);
}

const hands: Readonly<Record<string, Proof>> = {
  'Move both ways': async (at, [drag]) => {
    const { chart } = at;
    await chart.root.focus();
    await at.page.keyboard.press('0');
    await chart.shows([0, 100]);
    await chart.drag(await chart.onOverview(30, 35), await chart.onOverview(70, 35));
    await chart.shows([30, 70]);
    const [x, y] = await chart.at(50, 1);
    await at.does(drag, () => chart.drag([x, y], [x - 100, y]));
    const [start, end] = await chart.visible();
    expect(start).toBeGreaterThan(30.5);
    expect(end - start).toBeCloseTo(40, 0);
  },
  'Measure a range': async (at, [drag]) => {
    await at.does(drag, () => at.chart.measure(45, 55));
    await at.panel.getByText('Measured range').first().waitFor();
  },
};

const GROUPS: Readonly<Record<string, Readonly<Record<string, Proof>>>> = {
  Recording: recording,
  Recordings: recordings,
  'Names of tracks': tracks,
  Overview: overview,
  Search: search,
  Tables: tables,
  Source: source,
  'Flame graph': graph,
  Help: help,
};

let site: Site;
let folder: string;
let stage: Stage;

beforeAll(async () => {
  site = await openSite();
  folder = mkdtempSync(join(tmpdir(), 'pageflame-panel-keys-'));
  writeFileSync(join(folder, 'page.json'), PAGE_TRACE);
  writeFileSync(join(folder, 'tall.json'), tallTrace());
  writeFileSync(join(folder, 'lined.json'), linedTrace());
  const lines = Array.from({ length: 60 }, (_, line) => `// line ${line + 1}`);
  writeFileSync(join(folder, 'app.js'), lines.join('\n'));
  const url = `${site.origin}/chart`;
  const browser = await TestBrowser.launch({ url, devtools: { dock: 'bottom', height: 700 } });
  stage = new Stage(browser, await browser.openPanel(), folder);
  stage.page.setDefaultTimeout(20_000);
  await useSettings({ recording: DETAILED });
});

afterAll(async () => {
  await stage?.browser.running.close();
  await site?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

/** V8 saw `render` on line 13 of its script, and `start` on line 3. */
function linedTrace(): string {
  const { traceEvents } = JSON.parse(PAGE_TRACE);
  for (const { name, args } of traceEvents)
    if (name === 'ProfileChunk')
      args.data.lines = args.data.cpuProfile.samples.map((node: number) =>
        node === 4 ? 13 : node === 3 ? 3 : 0,
      );
  return JSON.stringify({ traceEvents });
}

/** More than the window has room for, so that there is something to scroll. */
function tallTrace(): string {
  const { traceEvents } = JSON.parse(PAGE_TRACE);
  const workers = Array.from({ length: 40 }, (_, index) => [
    {
      pid: 1,
      tid: 100 + index,
      ph: 'M',
      ts: 0,
      name: 'thread_name',
      args: { name: 'DedicatedWorker thread' },
    },
    {
      pid: 1,
      tid: 100 + index,
      ph: 'X',
      cat: 'toplevel',
      name: 'RunTask',
      ts: 140_000,
      dur: 5_000,
      args: {},
    },
  ]);
  return JSON.stringify({ traceEvents: [...traceEvents, ...workers.flat()] });
}

const useSettings = (settings: object): Promise<void> =>
  stage.panel.evaluate(
    (values) => chrome.storage.local.set({ settings: { version: 1, ...values } }),
    settings,
  );

async function prove(
  group: string,
  rows: readonly Row[],
  proofs: Readonly<Record<string, Proof>>,
): Promise<void> {
  expect(Object.keys(proofs)).toEqual(expect.arrayContaining(rows.map(({ does }) => does)));
  for (const { keys, does } of rows) {
    stage.done.clear();
    try {
      await proofs[does](stage, keys);
    } catch (error) {
      await takeScreenshot(stage.page, `key-${group}`);
      throw new Error(`${keys.join(', ')}: ${does}`, { cause: error });
    }
    expect([...stage.done], does).toEqual(expect.arrayContaining([...keys]));
  }
}

interface Row {
  readonly keys: readonly string[];
  readonly does: string;
}

const LISTED = listKeys(false, { set: 'devtools', wheel: 'zoom' });
/** These are about the recording that the others have made. */
const OF_A_RECORDING = ['Recording', 'Recordings', 'Help'];

describe('keys in the DevTools panel', () => {
  for (const { group, rows } of LISTED)
    if (group !== 'Flame chart')
      test(`${group}: each does what the list says`, { timeout: 180_000 }, async () => {
        if (group !== 'Recording') await stage.reload();
        if (OF_A_RECORDING.includes(group)) {
          if (group !== 'Recording') await openRecording();
        } else await stage.openTrace(group === 'Source' ? 'lined.json' : 'page.json');
        await prove(group, rows, GROUPS[group] ?? {});
      });

  for (const wheel of ['zoom', 'scroll'] as const)
    test(`Flame chart: the wheel where it is to ${wheel}, and the hand`, { timeout: 120_000 }, async () => {
      await useSettings({ recording: DETAILED, keys: { set: 'devtools', wheel } });
      await stage.reload();
      await stage.openTrace('tall.json');
      const rows = listKeys(false, { set: 'devtools', wheel }).find(
        ({ group }) => group === 'Flame chart',
      )?.rows;
      const byHand = (rows ?? []).filter(({ keys }) => /wheel|drag/.test(keys.join()));
      expect(byHand.length).toBeGreaterThan(3);
      await prove(`wheel-${wheel}`, byHand, { ...WHEELS[wheel], ...hands });
    });
});

/** The newest. */
async function openRecording(): Promise<void> {
  await stage.page.keyboard.press('Alt+ArrowDown');
  await stage.panel.getByRole('menuitemradio').first().click();
  await stage.shown();
  await stage.chart.root.focus();
}

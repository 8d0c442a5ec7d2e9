/**
 * Overview and tracks in the real DevTools panel, over a page that names tracks of its own: what there is, by mouse and by
 * keys; what is kept with the recording; what a low or narrow window shows.
 */
import type { Frame, Locator } from 'playwright';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { findBarriers } from './harness/axe.ts';
import { test as base, type TestBrowser, takeScreenshot } from './harness/browser.ts';

/** Recording, stopping, saving and reading of a small page, on a slow machine. */
const RESULT_MILLIS = 60_000;

class Stage {
  readonly browser: TestBrowser;
  panel: Frame;

  constructor(browser: TestBrowser, panel: Frame) {
    this.browser = browser;
    this.panel = panel;
  }

  get chart(): Locator {
    return this.panel.locator('.flame-chart');
  }

  async shown(): Promise<void> {
    await this.panel.locator('.flame-chart[data-idle="true"]').waitFor({ timeout: RESULT_MILLIS });
    await this.panel.getByRole('table').getByText('Total').waitFor();
  }

  async reload(): Promise<void> {
    await this.browser.devtools.reload();
    this.panel = await this.browser.openPanel();
    await this.shown();
  }

  press(key: string): Promise<void> {
    return this.browser.devtools.keyboard.press(key);
  }

  name(title: string): Locator {
    return this.chart.locator('.track-header', { has: this.panel.getByText(title, { exact: true }) });
  }

  /** Names of the tracks from top to bottom. */
  async titles(): Promise<string[]> {
    const names = await this.chart.locator('.track-title').allInnerTexts();
    return names.map((title) => title.replace(/\s+/g, ' ').trim());
  }

  /** The text of what has the focus. */
  focused(): Promise<string | null | undefined> {
    return this.panel.evaluate(() => document.activeElement?.textContent);
  }

  /** Waits until a screen reader is told so. */
  async says(words: RegExp): Promise<void> {
    const live = this.chart.locator('[aria-live]');
    await expect.poll(async () => (await live.textContent())?.replaceAll('\u00a0', ' ') ?? '').toMatch(words);
  }

  /** Selects the first slice or item of that name, as search does. */
  async find(text: string): Promise<void> {
    await this.chart.focus();
    await this.press('/');
    await this.browser.devtools.keyboard.type(text);
    await this.press('Enter');
  }

  /** Milliseconds that the chart shows from and to. */
  async visible(): Promise<readonly number[]> {
    const handles = await this.panel.locator('.overview-strip').getByRole('slider').all();
    const texts = await Promise.all(handles.map((handle) => handle.getAttribute('aria-valuetext')));
    return texts.map((text) => Number(text?.replace(/[^\d.-]/g, '')));
  }

  height(selector: string): Promise<number> {
    return this.panel
      .locator(selector)
      .evaluateAll((found) => Math.round(found[0]?.getBoundingClientRect().height ?? 0));
  }

  /** Drags on the overview, by shares of its width. */
  async dragOverview(from: number, to: number, y = 30): Promise<void> {
    const box = await this.panel.locator('.overview-strip').boundingBox();
    if (box === null) throw new Error('the overview is not laid out');
    const { mouse } = this.browser.devtools;
    await mouse.move(box.x + from * box.width, box.y + y);
    await mouse.down();
    await mouse.move(box.x + ((from + to) / 2) * box.width, box.y + y);
    await mouse.move(box.x + to * box.width, box.y + y);
    await mouse.up();
  }
}

const test = base.extend<{ stage: Stage }>({
  stage: async ({ site, launch }, use) => {
    const browser = await launch({
      url: `${site.origin}/tracks.html`,
      devtools: { dock: 'bottom', height: 620 },
    });
    const panel = await browser.openPanel();
    await panel.locator('.primary-button').click();
    const stage = new Stage(browser, panel);
    await stage.shown();
    await use(stage);
  },
});

const NAMED = ['Shop', 'Basket', 'Stock', 'Map', 'Tiles', 'Hydration'];

describe('tracks', () => {
  test('are walked, collapsed, pinned, moved and hidden by keys, told aloud, taken back and kept', async ({
    stage,
  }) => {
    for (const title of ['Network', 'Frames', 'Timings', 'Screenshots', 'Counters', ...NAMED])
      expect(await stage.titles()).toContain(title);
    await stage.chart.focus();
    await stage.press('n');
    await stage.press('ArrowDown');
    const [first, second] = await stage.titles();
    await expect.poll(() => stage.focused()).toBe(second);
    await stage.press('ArrowUp');
    await expect.poll(() => stage.focused()).toContain(first);
    await stage.press('Enter');
    await stage.says(new RegExp(`^${first} (collapsed|opened)$`));
    await stage.name('Shop').focus();
    await stage.press('Enter');
    await expect.poll(() => stage.titles()).not.toContain('Basket');
    await stage.press('Enter');
    await expect.poll(() => stage.titles()).toContain('Basket');
    await stage.name('Hydration').focus();
    await stage.press('p');
    await stage.says(/^Hydration pinned at the top$/);
    await expect.poll(async () => (await stage.titles())[0]).toContain('Hydration');
    await stage.name('Frames').focus();
    await stage.press('Alt+ArrowUp');
    await stage.says(/^Frames moved up$/);
    // Alt and arrows do not open the list of recordings there.
    await stage.press('Alt+ArrowDown');
    expect(await stage.panel.getByRole('menu').count()).toBe(0);
    await stage.name('Timings').focus();
    await stage.press('h');
    await stage.panel.getByText('1 track hidden.').waitFor();
    await expect.poll(() => stage.titles()).not.toContain('Timings');
    await takeScreenshot(stage.browser.devtools, 'tracks-pinned');
    expect(await findBarriers(stage.panel, '.flame-chart')).toEqual([]);
    const kept = await stage.titles();
    await poll('the notes to be saved', async () => {
      const [recording] = await stage.browser.recordings();
      return recording.notes.tracks.hidden.includes('timings') ? true : null;
    });
    await stage.reload();
    await expect.poll(() => stage.titles()).toEqual(kept);
    await stage.panel.getByRole('button', { name: 'Hidden tracks' }).click();
    await stage.panel.getByRole('menuitem', { name: 'Timings' }).click();
    await expect.poll(() => stage.titles()).toContain('Timings');
    await stage.name('Timings').focus();
    await stage.press('Control+z');
    await expect.poll(() => stage.titles()).not.toContain('Timings');
  });

  test('have a menu, and are dragged to their place', async ({ stage }) => {
    await stage.name('Network').click({ button: 'right' });
    const menu = stage.panel.getByRole('menu', { name: 'What can be done here' });
    await menu.waitFor();
    expect(await menu.getByRole('menuitem').allInnerTexts()).toContainEqual(
      expect.stringContaining('Hide all others'),
    );
    await takeScreenshot(stage.browser.devtools, 'tracks-menu');
    await stage.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    const from = await stage.name('Frames').boundingBox();
    const to = await stage.name('Network').boundingBox();
    if (from === null || to === null) throw new Error('the names are not laid out');
    const { mouse } = stage.browser.devtools;
    await mouse.move(from.x + 30, from.y + 10);
    await mouse.down();
    await mouse.move(from.x + 30, to.y + 12);
    await mouse.move(from.x + 30, to.y + 4);
    await mouse.up();
    await expect.poll(async () => (await stage.titles())[0]).toBe('Frames');
    // A drag is no click.
    expect(await stage.name('Frames').getAttribute('aria-expanded')).toBe('false');
  });

  test('say what is pointed at: requests by parts, frames, counters, pictures, what the page named', async ({
    stage,
  }) => {
    const { mouse } = stage.browser.devtools;
    const card = stage.chart.locator('.hover-card');
    /** Points along the line below a name until the card says so. */
    const find = async (title: string, below: number, wanted: RegExp): Promise<string> => {
      await stage.name(title).evaluate((name) => name.scrollIntoView({ block: 'start' }));
      const box = await stage.name(title).boundingBox();
      const chart = await stage.chart.boundingBox();
      if (box === null || chart === null) throw new Error('the chart is not laid out');
      return poll(`${wanted} below ${title}`, async () => {
        for (let x = chart.x + 6; x < chart.x + chart.width - 20; x += 7) {
          await mouse.move(x, box.y + below);
          const shown = (await card.count()) > 0;
          const text = (shown && (await card.textContent({ timeout: 1_000 }).catch(() => ''))) || '';
          if (wanted.test(text)) return text;
        }
        return null;
      });
    };
    await stage.name('Network').click();
    expect(await find('Network', 29, /Queued[\s\S]*Waiting/)).toMatch(/priority/);
    await takeScreenshot(stage.browser.devtools, 'tracks-request');
    await stage.name('Network').click();
    expect(await find('Network', 10, /Queued[\s\S]*Waiting/)).toMatch(/priority/);
    expect(await find('Frames', 10, /Frame|frame/)).toMatch(/Drawn|Nothing of it|Dropped/);
    await stage.name('Counters').click();
    expect(await find('Counters', 34, /JS heap/)).toMatch(/DOM nodes[\s\S]*Listeners/);
    await stage.name('Counters').click();
    await mouse.move(5, 5);
    await stage.find('Sum up');
    await stage.says(/^Sum up, 3 ms, Adds the prices, Items: 3, Currency: EUR$/);
  });
});

describe('the overview', () => {
  test('has lanes in words, handles by keys, and breadcrumbs that step in and out', async ({ stage }) => {
    const { panel } = stage;
    const strip = panel.locator('.overview-strip');
    expect((await strip.getAttribute('aria-label'))?.replaceAll('\u00a0', ' ')).toMatch(
      /^Overview: CPU by category; (\d+ long tasks?; )?network, at most \d+ requests at once; JS heap .+ to .+; DOM nodes \d.* to \d/,
    );
    await stage.dragOverview(0.3, 0.6);
    await panel.locator('.flame-chart[data-idle="true"]').waitFor();
    const [start, end] = await stage.visible();
    await strip.getByRole('slider', { name: 'End' }).focus();
    await stage.press('PageUp');
    await expect.poll(async () => (await stage.visible())[1]).toBeGreaterThan(end);
    await stage.press('z');
    const crumbs = panel.getByRole('navigation', { name: 'Breadcrumbs of the overview' });
    await crumbs.waitFor();
    const inner = strip.getByRole('slider', { name: 'Start' });
    expect(Number(await inner.getAttribute('aria-valuemin'))).toBeCloseTo(start, -1);
    await stage.dragOverview(0.4, 0.5);
    await panel.getByRole('button', { name: 'Zoom the overview into what is shown' }).click();
    await expect.poll(() => crumbs.getByRole('button').count()).toBe(3);
    await takeScreenshot(stage.browser.devtools, 'overview-crumbs');
    expect(await findBarriers(panel, '.overview-crumbs')).toEqual([]);
    expect(await findBarriers(panel, '.overview-strip')).toEqual([]);
    const current = () => crumbs.locator('[aria-current]').textContent();
    const deepest = await current();
    await stage.chart.focus();
    await stage.press('Backspace');
    await expect.poll(current).not.toBe(deepest);
    await stage.press('Alt+ArrowLeft');
    await expect.poll(current).toMatch(/^Whole trace/);
    await stage.press('Alt+ArrowRight');
    await stage.press('Alt+ArrowRight');
    await expect.poll(current).toBe(deepest);
    await crumbs.getByRole('button').first().click();
    await expect.poll(current).toMatch(/^Whole trace/);
  });

  test('folds before the chart does: low, narrow, both', async ({ stage }) => {
    const { devtools } = stage.browser;
    const viewer = await stage.browser.running.context.newPage();
    await viewer.goto(`chrome-extension://${stage.browser.running.extensionId}/viewer.html`);
    await viewer.getByRole('region', { name: 'Recordings' }).getByRole('button').first().click();
    await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
    for (const [width, height, least] of [
      [1400, 900, 300],
      [1400, 420, 135],
      [1400, 300, 105],
      [400, 900, 250],
      [400, 420, 105],
      [400, 300, 95],
    ]) {
      await viewer.setViewportSize({ width, height });
      const measured = await poll('the layout', () =>
        viewer.evaluate(() => {
          const chart = document.querySelector('.flame-chart')?.getBoundingClientRect();
          const details = document.querySelector('.details')?.getBoundingClientRect();
          return chart === undefined || details === undefined
            ? null
            : { chart: chart.height, bottom: details.bottom, wide: document.documentElement.scrollWidth };
        }),
      );
      expect(measured.chart, `${width} × ${height}`).toBeGreaterThanOrEqual(least);
      expect(measured.wide).toBeLessThanOrEqual(width);
      await takeScreenshot(viewer, `tracks-${width}x${height}`);
    }
    await devtools.bringToFront();
  });
});

describe('interactions', () => {
  test('have their parts', async ({ site, launch }) => {
    const browser = await launch({
      url: `${site.origin}/tracks.html`,
      devtools: { dock: 'bottom', height: 420 },
    });
    const panel = await browser.openPanel();
    await panel.getByRole('button', { name: 'Record', exact: true }).first().click();
    await panel.getByRole('timer').waitFor();
    await browser.page.locator('#buy').click();
    await browser.page.waitForTimeout(600);
    await panel.getByRole('button', { name: 'Stop' }).first().click();
    const stage = new Stage(browser, panel);
    await panel.locator('.flame-chart[data-idle="true"]').waitFor({ timeout: RESULT_MILLIS });
    expect(await stage.titles()).toContain('Interactions');
    await stage.find('Pointer');
    await stage.says(/Pointer.*Input delay .*Processing .*Presentation delay/);
    await takeScreenshot(browser.devtools, 'tracks-interaction');
  });
});

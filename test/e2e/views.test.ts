/**
 * Search, tables, flame graph and event log in the viewer and in the real DevTools panel: by keys and by mouse, what is
 * announced, what is painted, and what axe-core says of it. A recording whose numbers are known (page-trace.ts).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright';
import { describe, expect } from 'vitest';
import { PAGE_TRACE } from '../builders/page-trace.ts';
import { findBarriers } from './harness/axe.ts';
import { test as base, type TestBrowser, takeScreenshot } from './harness/browser.ts';

const AGGREGATED = ['Bottom-up', 'Call tree', 'Flame graph', 'Event log'] as const;

/** What both a page and a frame of DevTools can do. */
type Place = Page | Frame;

const chartOf = (place: Place): Locator => place.locator('.flame-chart');
const rest = (place: Place): Promise<void> =>
  place.locator('.flame-chart[data-idle="true"]').waitFor({ timeout: 60_000 });
const openTab = (place: Place, name: string): Promise<void> =>
  place.getByRole('tab', { name, exact: true }).click();
const found = (place: Place): Locator => place.locator('.search-found');
/** What the chart or graph told a screen reader last. */
const told = (root: Locator): Locator => root.locator('.canvas-live');

/** The rows of a grid as they stand, name last, without shares. */
async function readNames(grid: Locator): Promise<readonly string[]> {
  const names = await grid.locator('.grid-row .row-name').allInnerTexts();
  return names.map((name) => name.trim());
}

/** Where on the page the chart shows a share of its width in row `row` of the main thread. */
async function placeInMain(place: Place, share: number, row: number): Promise<[number, number]> {
  const canvas = await place.locator('.flame-chart-canvas').boundingBox();
  const header = await place.getByRole('button', { name: /^Main/ }).boundingBox();
  if (canvas === null || header === null) throw new Error('the chart is not laid out');
  return [canvas.x + canvas.width * share, header.y + header.height + row * 18 + 9];
}

const test = base.extend<{ viewer: Page; browser: TestBrowser }>({
  browser: async ({ launch }, use) => use(await launch()),
  viewer: async ({ browser, onTestFinished }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-views-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'page.json');
    writeFileSync(path, PAGE_TRACE);
    const page = await browser.running.context.newPage();
    page.setDefaultTimeout(15_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`chrome-extension://${browser.running.extensionId}/viewer.html`);
    await page.getByText('or drop a trace here').waitFor();
    await page.locator('input[type=file]').setInputFiles(path);
    await rest(page);
    await use(page);
  },
});

describe('searching the chart', () => {
  test('by `/`: counts, walks, opens what is collapsed, tells, and ends with Esc', async ({ viewer }) => {
    await viewer.keyboard.press('/');
    const field = viewer.getByRole('searchbox', { name: /Search the chart/ });
    await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);
    await viewer.keyboard.type('layer');
    await expect.poll(() => found(viewer).textContent()).toBe('1 find');
    const header = viewer.getByRole('button', { name: /^Compositor/ });
    expect(await header.getAttribute('aria-expanded')).toBe('false');
    await viewer.keyboard.press('Enter');
    await expect.poll(() => told(chartOf(viewer)).textContent()).toContain('Layerize, 4');
    expect(await header.getAttribute('aria-expanded')).toBe('true');
    expect(await found(viewer).textContent()).toBe('1 of 1 find');
    await field.fill('task');
    await expect.poll(() => found(viewer).textContent()).toBe('2 finds');
    // After what is selected comes the second task; then it goes round.
    await viewer.keyboard.press('Enter');
    await expect.poll(() => told(chartOf(viewer)).textContent()).toContain('Task, 30');
    await viewer.keyboard.press('Enter');
    await expect.poll(() => found(viewer).textContent()).toBe('1 of 2 finds');
    await viewer.keyboard.press('Shift+Enter');
    await expect.poll(() => found(viewer).textContent()).toBe('2 of 2 finds');
    await rest(viewer);
    await takeScreenshot(viewer, 'search-light');
    expect(await findBarriers(viewer, '.search-bar')).toEqual([]);
    await viewer.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    expect(await chartOf(viewer).evaluate((root) => root === document.activeElement)).toBe(true);
  });

  test('by Ctrl+F: case, whole words, patterns; broken ones are named, endless ones ended', async ({
    viewer,
  }) => {
    await viewer.keyboard.press('Control+f');
    const field = viewer.getByRole('searchbox', { name: /Search the chart/ });
    await field.fill('TASK');
    await expect.poll(() => found(viewer).textContent()).toBe('2 finds');
    await viewer.getByRole('button', { name: 'Match case' }).click();
    await expect.poll(() => found(viewer).textContent()).toBe('Nothing found');
    await viewer.getByRole('button', { name: 'Match case' }).click();
    await field.fill('rend');
    await expect.poll(() => found(viewer).textContent()).toBe('1 find');
    await viewer.getByRole('button', { name: 'Whole words' }).click();
    await expect.poll(() => found(viewer).textContent()).toBe('Nothing found');
    await viewer.getByRole('button', { name: 'Whole words' }).click();
    await viewer.getByRole('button', { name: 'Regular expression' }).click();
    await field.fill('^(start|render)$');
    await expect.poll(() => found(viewer).textContent()).toBe('3 finds');
    await field.fill('(');
    await expect.poll(() => found(viewer).textContent()).toContain('is not a regular expression');
    await field.fill('(a+)+b');
    await expect.poll(() => found(viewer).textContent(), { timeout: 10_000 }).toContain('takes too long');
    // The engine itself was never held up.
    await field.fill('^Layout$');
    await expect.poll(() => found(viewer).textContent()).toBe('1 find');
  });

  test('dims what is not found', async ({ viewer }) => {
    /** Colours in the middle of the rows of tasks and of functions. */
    const colours = async (): Promise<readonly string[]> => {
      const [, top] = await placeInMain(viewer, 0.45, 0);
      return viewer.locator('.flame-chart-canvas').evaluate((canvas, pageY) => {
        if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
        const context = canvas.getContext('2d');
        // Below the middle of the row, where no label stands.
        const y = Math.round(pageY - canvas.getBoundingClientRect().top) + 6;
        const at = (row: number): string =>
          String(context?.getImageData(Math.round(canvas.width * 0.45), y + row * 18, 1, 1).data);
        return [at(0), at(1)];
      }, top);
    };
    await rest(viewer);
    const before = await colours();
    await viewer.keyboard.press('/');
    await viewer.keyboard.type('function call');
    await expect.poll(() => found(viewer).textContent()).toBe('2 finds');
    await rest(viewer);
    const [task, call] = await colours();
    expect(call).toBe(before[1]);
    expect(task).not.toBe(before[0]);
  });
});

describe('hiding in the chart', () => {
  test('takes a slice out by H and brings it back by U, and says so', async ({ viewer }) => {
    await chartOf(viewer).focus();
    await viewer.mouse.click(...(await placeInMain(viewer, 0.3, 2)));
    await expect.poll(() => told(chartOf(viewer)).textContent()).toContain('start, 39.5');
    await chartOf(viewer).focus();
    await viewer.keyboard.press('h');
    await viewer.getByText('1 hiding in the chart').waitFor();
    await viewer.mouse.click(...(await placeInMain(viewer, 0.3, 2)));
    await expect.poll(() => told(chartOf(viewer)).textContent()).toContain('render, 29.5');
    await viewer.keyboard.press('u');
    await viewer.getByText('1 hiding in the chart').waitFor({ state: 'detached' });
    await viewer.mouse.click(...(await placeInMain(viewer, 0.3, 2)));
    await expect.poll(() => told(chartOf(viewer)).textContent()).toContain('start, 39.5');
  });
});

describe('tables', () => {
  test('bottom-up: by keys, grouped, filtered, copied, and back to the chart', async ({
    viewer,
    browser,
  }) => {
    await openTab(viewer, 'Bottom-up');
    const grid = viewer.getByRole('treegrid', { name: 'Bottom-up' });
    await expect
      .poll(() => readNames(grid))
      .toEqual(['Task', 'render', 'start', expect.stringMatching(/^aaa/), 'Layout', 'Function call']);
    await grid.focus();
    await viewer.keyboard.type('lay');
    const active = grid.locator('.grid-row.active');
    await expect.poll(() => active.textContent()).toContain('Layout');
    expect(await grid.getAttribute('aria-activedescendant')).toBe(await active.getAttribute('id'));
    expect(await active.getAttribute('aria-expanded')).toBe('false');
    await viewer.keyboard.press('ArrowRight');
    await viewer.keyboard.press('ArrowRight');
    await expect.poll(() => active.textContent()).toContain('render');
    expect(await active.getAttribute('aria-level')).toBe('2');
    await viewer.keyboard.press('Enter');
    await expect.poll(() => told(chartOf(viewer)).textContent()).toContain('render, 29.5');
    await viewer.getByLabel('Group', { exact: true }).selectOption('Group by party');
    await expect
      .poll(() => readNames(grid))
      .toEqual(['First party: shop.example', '(no script)', 'Third party: ads.test']);
    await viewer.getByLabel('Group', { exact: true }).selectOption('Group by activity');
    await viewer.getByRole('searchbox', { name: 'Filter the table' }).fill('layo');
    await expect.poll(() => readNames(grid)).toContain('Layout');
    expect(await readNames(grid)).not.toContain('Task');
    await browser.running.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await viewer.getByRole('button', { name: 'Copy' }).click();
    await viewer.getByRole('menuitem', { name: 'Copy the rows as CSV' }).click();
    await viewer.getByText('The table copied.').waitFor();
    const copied = await viewer.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^"Self, ms","Total, ms",Activity,Source\r\n8\.000,8\.000,Layout,/);
    const download = viewer.waitForEvent('download');
    await viewer.getByRole('button', { name: 'Copy' }).click();
    await viewer.getByRole('menuitem', { name: 'Save the rows as Markdown' }).click();
    expect((await download).suggestedFilename()).toBe('bottom-up.md');
  });

  test('call tree: follows the range, the slice and the thread', async ({ viewer }) => {
    await openTab(viewer, 'Call tree');
    const grid = viewer.getByRole('treegrid', { name: 'Call tree' });
    await expect.poll(() => readNames(grid)).toEqual(['Task']);
    const total = grid.locator('.grid-row .number').nth(1);
    await expect.poll(() => total.textContent()).toContain('90.000');
    await grid.focus();
    await viewer.keyboard.press('Home');
    await viewer.keyboard.press('*');
    await expect
      .poll(() => readNames(grid))
      .toEqual(expect.arrayContaining(['Function call', 'start', 'render', 'Layout']));
    expect(await viewer.getByRole('region', { name: 'Heaviest stack' }).textContent()).toContain('render');
    // The first task alone: its box is measured by Shift and a click.
    await viewer.keyboard.down('Shift');
    await viewer.mouse.click(...(await placeInMain(viewer, 0.3, 0)));
    await viewer.keyboard.up('Shift');
    await expect.poll(() => total.textContent()).toContain('60.000');
    await viewer.mouse.click(...(await placeInMain(viewer, 0.25, 3)));
    await openTab(viewer, 'Call tree');
    await viewer.getByLabel('Only in render').check();
    await expect.poll(() => readNames(grid)).toContain('render');
    expect(await readNames(grid)).not.toContain('Task');
    await viewer.getByLabel('Thread', { exact: true }).selectOption('Compositor');
    await expect.poll(() => readNames(grid)).toEqual(['Commit']);
  });

  test('event log: filters, sorts, and selects in the chart by keys', async ({ viewer }) => {
    await openTab(viewer, 'Event log');
    const grid = viewer.getByRole('grid', { name: 'Event log' });
    await viewer.getByText('9 slices').waitFor();
    await grid.focus();
    await viewer.keyboard.press('End');
    await expect.poll(() => told(chartOf(viewer)).textContent()).toContain('aaa');
    await viewer.getByLabel('Least duration').selectOption({ index: 4 });
    await viewer.getByText('1 slice', { exact: true }).waitFor();
    expect(await readNames(grid)).toEqual(['Task']);
    await viewer.getByLabel('Least duration').selectOption({ index: 0 });
    await viewer.getByRole('checkbox', { name: 'Scripting' }).uncheck();
    await viewer.getByText('3 slices', { exact: true }).waitFor();
    await grid.getByRole('button', { name: 'Total, ms' }).click();
    await expect.poll(() => readNames(grid)).toEqual(['Task', 'Task', 'Layout']);
    await grid.getByRole('button', { name: 'Activity' }).click();
    await expect.poll(() => readNames(grid)).toEqual(['Layout', 'Task', 'Task']);
    expect(await findBarriers(viewer, '.details')).toEqual([]);
    // In groups it is a tree: Right opens one, Left goes back to its head.
    await viewer.getByLabel('Group', { exact: true }).selectOption('Group by category');
    const tree = viewer.getByRole('treegrid', { name: 'Event log' });
    await expect.poll(() => readNames(tree)).toEqual(['System, 2 slices', 'Rendering, 1 slice']);
    await tree.focus();
    await viewer.keyboard.press('Home');
    await viewer.keyboard.press('ArrowRight');
    await viewer.keyboard.press('ArrowDown');
    await expect.poll(() => told(chartOf(viewer)).textContent()).toContain('Task');
    expect(await tree.locator('.grid-row.active').getAttribute('aria-level')).toBe('2');
    await viewer.keyboard.press('ArrowLeft');
    expect(await tree.locator('.grid-row.active').getAttribute('aria-expanded')).toBe('true');
    expect(await findBarriers(viewer, '.details')).toEqual([]);
    await takeScreenshot(viewer, 'event-log-groups-light');
  });
});

describe('the flame graph', () => {
  test('is walked, changed and taken back by keys, and goes to the chart and to the sandwich', async ({
    viewer,
  }) => {
    await viewer.keyboard.press('2');
    const graph = viewer.locator('.flame-graph');
    await graph.waitFor();
    await viewer.locator('.flame-graph[data-idle="true"]').waitFor();
    await graph.focus();
    const press = async (key: string, says: string): Promise<void> => {
      await viewer.keyboard.press(key);
      await expect.poll(() => told(graph).textContent()).toContain(says);
    };
    await press('ArrowDown', 'Task, 90');
    await press('ArrowDown', 'Function call, 64');
    await press('ArrowDown', 'start, 63');
    await press('ArrowDown', 'render, 29.5');
    await press('ArrowRight', 'aaa');
    await press('ArrowLeft', 'render, 29.5');
    await viewer.locator('.flame-graph[data-idle="true"]').waitFor();
    await takeScreenshot(viewer, 'flame-graph-light');
    await viewer.keyboard.press('Shift+F');
    const crumbs = viewer.getByRole('navigation', { name: 'Transforms' });
    await crumbs.getByText('Focus here: render').waitFor();
    await viewer.getByText('render total 29.5').waitFor();
    await graph.focus();
    await press('ArrowDown', 'Layout, 8');
    await viewer.keyboard.press('Delete');
    await crumbs.getByText('Drop: Layout').waitFor();
    await viewer.keyboard.press('Backspace');
    await crumbs.getByText('Drop: Layout').waitFor({ state: 'detached' });
    await crumbs.getByRole('button', { name: 'All' }).click();
    await crumbs.waitFor({ state: 'detached' });
    await graph.focus();
    await viewer.keyboard.press('ArrowUp');
    await viewer.keyboard.press('Enter');
    await expect.poll(() => told(chartOf(viewer)).textContent()).not.toBe('');
    await viewer.keyboard.press('3');
    await viewer.getByRole('treegrid', { name: 'Functions' }).waitFor();
    await viewer.locator('.flame-graph').nth(1).waitFor();
    expect(await findBarriers(viewer, '.details')).toEqual([]);
    await viewer.emulateMedia({ colorScheme: 'dark' });
    await takeScreenshot(viewer, 'sandwich-dark');
  });

  test('a change that leaves nothing is taken back by its key and by a button', async ({ viewer }) => {
    await viewer.keyboard.press('2');
    const graph = viewer.locator('.flame-graph');
    const crumbs = viewer.getByRole('navigation', { name: 'Transforms' });
    const back = viewer.getByRole('button', { name: 'Take “Drop: Task” back' });
    const isInCrumbs = () => viewer.evaluate(() => document.activeElement?.closest('.transforms') != null);
    const dropAll = async (): Promise<void> => {
      await viewer.locator('.flame-graph[data-idle="true"]').waitFor();
      await graph.focus();
      await viewer.keyboard.press('ArrowDown');
      await viewer.getByText('Task total 90').waitFor();
      await viewer.keyboard.press('Delete');
      await viewer.getByText('With these changes nothing is left in this range.').waitFor();
      await crumbs.getByText('Drop: Task').waitFor();
    };
    await dropAll();
    // The focus was in the graph, which is gone: it is where the same key takes the change back.
    await expect.poll(isInCrumbs).toBe(true);
    await viewer.keyboard.press('Backspace');
    await crumbs.waitFor({ state: 'detached' });
    await dropAll();
    await back.click();
    await crumbs.waitFor({ state: 'detached' });
    await viewer.locator('.flame-graph[data-idle="true"]').waitFor();
  });

  test('of one slice, and of a track, from their menus in the chart', async ({ viewer }) => {
    await chartOf(viewer).focus();
    await viewer.mouse.click(...(await placeInMain(viewer, 0.25, 3)));
    await expect.poll(() => told(chartOf(viewer)).textContent()).toContain('render, 29.5');
    await viewer.mouse.click(...(await placeInMain(viewer, 0.25, 3)), { button: 'right' });
    await viewer.getByRole('menuitem', { name: 'Flame graph of it' }).click();
    const graph = viewer.locator('.flame-graph');
    await viewer.locator('.flame-graph[data-idle="true"]').waitFor();
    expect(await viewer.getByLabel('Only in render').isChecked()).toBe(true);
    await graph.focus();
    await viewer.keyboard.press('ArrowDown');
    await expect.poll(() => told(graph).textContent()).toContain('render, 29.5');
    await viewer.getByRole('button', { name: /^Compositor/ }).click({ button: 'right' });
    await viewer.getByRole('menuitem', { name: 'Flame graph of this track' }).click();
    await viewer.locator('.flame-graph[data-idle="true"]').waitFor();
    await expect
      .poll(() => viewer.getByLabel('Thread', { exact: true }).locator('option:checked').textContent())
      .toContain('Compositor');
    await graph.focus();
    await viewer.keyboard.press('ArrowDown');
    await expect.poll(() => told(graph).textContent()).toContain('Commit');
  });

  test('in a narrow pane nothing lies over anything, and all of it can be reached', async ({ viewer }) => {
    await viewer.setViewportSize({ width: 400, height: 800 });
    await viewer.keyboard.press('2');
    const graph = viewer.locator('.flame-graph');
    await viewer.locator('.flame-graph[data-idle="true"]').waitFor();
    await graph.focus();
    for (const says of ['Task, 90', 'Function call, 64', 'start, 63']) {
      await viewer.keyboard.press('ArrowDown');
      await expect.poll(() => told(graph).textContent()).toContain(says);
    }
    const rectOf = async (part: Locator): Promise<{ top: number; bottom: number }> => {
      const box = await part.boundingBox();
      if (box === null) throw new Error('it is not laid out');
      return { top: box.y, bottom: box.y + box.height };
    };
    const last = viewer.locator('.box-bar').getByRole('button').last();
    await last.scrollIntoViewIfNeeded();
    expect((await rectOf(last)).bottom).toBeLessThanOrEqual(
      (await rectOf(viewer.locator('.view-pane'))).bottom,
    );
    // What was said of this view is not said of the next.
    await graph.focus();
    await viewer.keyboard.press('Enter');
    const said = viewer.locator('.said');
    await expect.poll(() => said.textContent()).toContain('is selected in the chart');
    await openTab(viewer, 'Bottom-up');
    await expect.poll(() => said.textContent()).toBe('');
    await openTab(viewer, 'Flame graph');
    await viewer.locator('.flame-graph[data-idle="true"]').waitFor();
    await graph.focus();
    await viewer.keyboard.press('3');
    await viewer.locator('.sandwich .flame-graph[data-idle="true"]').last().waitFor();
    const list = await rectOf(viewer.locator('.sandwich .grid-row').first());
    expect(list.bottom).toBeLessThanOrEqual((await rectOf(viewer.locator('.sandwich h2').first())).top);
  });

  test('turns round, weighs samples, leaves browser work out, and is searched', async ({ viewer }) => {
    await openTab(viewer, 'Flame graph');
    const graph = viewer.locator('.flame-graph');
    const first = async (): Promise<string | null> => {
      await graph.focus();
      await viewer.keyboard.press('Escape');
      await viewer.keyboard.press('ArrowDown');
      return told(graph).textContent();
    };
    await viewer.locator('.flame-graph[data-idle="true"]').waitFor();
    await expect.poll(first).toContain('Task, 90');
    await viewer.getByLabel('JavaScript only').check();
    await expect.poll(first).toContain('start, 63');
    await viewer.getByLabel('Weight').selectOption('V8 samples');
    await expect.poll(first).toContain('start, 64, ');
    await viewer.getByLabel('Weight').selectOption('Busy time');
    await viewer.getByLabel('JavaScript only').uncheck();
    await viewer.getByText('Bottom-up', { exact: true }).last().click();
    await expect.poll(first).toMatch(/^(Task|render), 2[26]/);
    await viewer.getByText('Top-down', { exact: true }).click();
    await viewer.keyboard.press('Control+f');
    await viewer.keyboard.type('render');
    await viewer.keyboard.press('Escape');
    await viewer.keyboard.press('Control+f');
    await graph.focus();
    await viewer.keyboard.press('Escape');
  });
});

describe('for everybody', () => {
  test('every view, light and dark, wide and narrow, without a barrier and without sideways scrolling', async ({
    viewer,
  }) => {
    for (const scheme of ['light', 'dark'] as const) {
      await viewer.emulateMedia({ colorScheme: scheme });
      for (const width of [1440, 400]) {
        await viewer.setViewportSize({ width, height: 800 });
        for (const tab of AGGREGATED) {
          await openTab(viewer, tab);
          await viewer
            .locator(tab === 'Flame graph' ? '.flame-graph[data-idle="true"]' : '.grid-row')
            .first()
            .waitFor();
          await takeScreenshot(viewer, `${tab.toLowerCase().replace(' ', '-')}-${width}-${scheme}`);
          expect(await findBarriers(viewer, '.details'), `${tab} ${scheme} ${width}`).toEqual([]);
          const overflow = await viewer.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect(overflow).toBeLessThanOrEqual(0);
        }
      }
    }
  });

  test('in forced colours the active row and the chosen switch stand out', async ({ viewer }) => {
    await viewer.emulateMedia({ forcedColors: 'active' });
    await openTab(viewer, 'Bottom-up');
    const grid = viewer.getByRole('treegrid');
    await grid.focus();
    await viewer.keyboard.press('Home');
    const grounds = await grid.evaluate((root) => {
      const ground = (selector: string): string => {
        const element = root.querySelector(selector);
        return element === null ? '' : getComputedStyle(element).backgroundColor;
      };
      return [ground('.grid-row.active'), ground('.grid-row:not(.active)')];
    });
    expect(grounds[0]).not.toBe(grounds[1]);
    await takeScreenshot(viewer, 'bottom-up-forced');
  });
});

describe('in DevTools', () => {
  test('the views work beside it, and no key of theirs reaches it', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/busy.html`, devtools: { dock: 'bottom' } });
    const panel = await browser.openPanel();
    await panel.getByText('or drop a trace here').waitFor();
    await panel.locator('.primary-button').click();
    await rest(panel);
    const { keyboard } = browser.devtools;
    await chartOf(panel).focus();
    await keyboard.press('Control+f');
    await keyboard.type('f1');
    await expect.poll(() => found(panel).textContent()).toMatch(/find/);
    await keyboard.press('Enter');
    await expect.poll(() => told(chartOf(panel)).textContent()).toMatch(/^f1, /);
    await keyboard.press('Escape');
    await panel.locator('.search-bar').waitFor({ state: 'detached' });
    for (const tab of AGGREGATED) {
      await openTab(panel, tab);
      await panel
        .locator(tab === 'Flame graph' ? '.flame-graph[data-idle="true"]' : '.grid-row')
        .first()
        .waitFor();
      expect(await findBarriers(panel, '.details'), tab).toEqual([]);
    }
    await openTab(panel, 'Bottom-up');
    await panel.getByRole('treegrid').focus();
    await keyboard.type('f2');
    await expect.poll(() => panel.locator('.grid-row.active').textContent()).toContain('f2');
    await panel.getByRole('button', { name: 'Copy' }).click();
    await panel.getByRole('menuitem', { name: 'Copy the rows as text' }).click();
    await panel.getByText('The table copied.').waitFor();
    await takeScreenshot(browser.devtools, 'panel-bottom-up');
    await panel.getByRole('treegrid').focus();
    await keyboard.press('Shift+Enter');
    await panel.getByText('The recording does not hold the text of').waitFor();
    await expect.poll(() => panel.locator('.source-pane table').textContent()).toContain('f2');
    expect(await findBarriers(panel, '.details'), 'Source').toEqual([]);
    // What it takes to fetch it is there beside DevTools, too.
    expect(await panel.evaluate(() => typeof chrome.permissions?.request)).toBe('function');
  });
});

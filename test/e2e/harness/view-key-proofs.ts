/**
 * What the keys of overview, search, tables, source and flame graph do, each row of the `?` list by itself.
 * In: a stage that shows page-trace.ts (for the source with V8's lines in it: panel-keys.test.ts). Out: proofs by row.
 */
import { join } from 'node:path';
import type { Locator } from 'playwright';
import { expect } from 'vitest';
import { SLOW } from './chart.ts';
import type { Proof, Stage } from './panel-stage.ts';

const crumbsOf = (at: Stage): Locator =>
  at.panel.getByRole('navigation', { name: 'Breadcrumbs of the overview' });

export const overview: Readonly<Record<string, Proof>> = {
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

export const search: Readonly<Record<string, Proof>> = {
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

export const tables: Readonly<Record<string, Proof>> = {
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
  'Go to the heads of the columns, whose buttons sort': async (at, [tab]) => {
    const grid = treeOf(at);
    const sorted = grid.locator('[aria-sort="descending"]');
    expect(await sorted.textContent()).toContain('Total');
    await grid.focus();
    await at.press(tab);
    await at.page.keyboard.press('Enter');
    await expect.poll(() => sorted.textContent()).toContain('Self');
    await at.page.keyboard.press('Tab');
    await at.page.keyboard.press('Enter');
    await expect.poll(() => sorted.textContent()).toContain('Total');
    await grid.focus();
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

export const source: Readonly<Record<string, Proof>> = {
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

export const graph: Readonly<Record<string, Proof>> = {
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

/**
 * Every key of the `?` list but the flame chart's own (chart-keys.test.ts), pressed in the real DevTools panel. The list
 * itself says what is pressed: a row without a proof fails, and so does a proof that leaves out one of its row's keys.
 * One browser for all; each group begins on a panel that was loaded anew.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listKeys } from '../../src/panel/state/keys.ts';
import type { WheelMode } from '../../src/settings/index.ts';
import { PAGE_TRACE } from '../builders/page-trace.ts';
import { TestBrowser, takeScreenshot } from './harness/browser.ts';
import { SLOW } from './harness/chart.ts';
import { type Proof, RESULT, Stage } from './harness/panel-stage.ts';
import { openSite, type Site } from './harness/site.ts';
import { graph, overview, search, source, tables } from './harness/view-key-proofs.ts';

const DETAILED = { jsSamples: true, screenshots: true, scriptSources: true, invalidations: false };
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
  'Bring back what was just deleted, or tags and settings as they were': async (at, [key]) => {
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

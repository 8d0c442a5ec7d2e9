/**
 * The flame chart and the overview strip by mouse, wheel and keys, in the viewer page: what only a real browser has
 * (layout, pointers, pixels). What is visible is read where a screen reader reads it: the overview's two handles.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { findBarriers } from './harness/axe.ts';
import { test as base, takeScreenshot } from './harness/browser.ts';
import { ChartOnPage, PIXEL } from './harness/chart.ts';

const MAIN = { pid: 1, tid: 2 };
const event = (thread: typeof MAIN, name: string, ts: number, dur: number) => ({
  ...thread,
  ph: 'X',
  cat: 'devtools.timeline',
  name,
  ts,
  dur,
  args: {},
});
const named = (thread: typeof MAIN, name: string) => ({
  ...thread,
  ph: 'M',
  ts: 0,
  name: 'thread_name',
  args: { name },
});
const DATA = {
  documentLoaderURL: 'http://shop.example/',
  isLoadingMainFrame: true,
  isOutermostMainFrame: true,
};
const COMPOSITOR = { pid: 1, tid: 3 };

/** Navigated at 100 ms of the trace clock and 100 ms long: one pixel of the window is `100 / width` ms. */
const TRACE = JSON.stringify({
  traceEvents: [
    named(MAIN, 'CrRendererMain'),
    named(COMPOSITOR, 'Compositor'),
    named({ pid: 1, tid: 4 }, 'ThreadPoolForegroundWorker'),
    {
      ...MAIN,
      ph: 'R',
      cat: 'blink.user_timing',
      name: 'navigationStart',
      ts: 100_000,
      args: { frame: 'A', data: DATA },
    },
    event(MAIN, 'RunTask', 100_000, 60_000),
    event(MAIN, 'FunctionCall', 110_000, 40_000),
    event(MAIN, 'UpdateLayoutTree', 120_000, 10_000),
    event(MAIN, 'RunTask', 170_000, 30_000),
    event(COMPOSITOR, 'Commit', 120_000, 10_000),
    event(COMPOSITOR, 'Draw', 121_000, 2_000),
  ],
});

const test = base.extend<{ chart: ChartOnPage }>({
  chart: async ({ launch, onTestFinished }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-chart-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'trace.json');
    writeFileSync(path, TRACE);
    const { running } = await launch();
    const page = await running.context.newPage();
    await page.setViewportSize({ width: 1200, height: 800 });
    await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
    await page.locator('input[type=file]').setInputFiles(path);
    const chart = new ChartOnPage(page);
    await chart.rest();
    await use(chart);
  },
});

const near = (range: readonly number[], expected: readonly number[], within = PIXEL): void => {
  for (const [index, value] of expected.entries()) {
    expect(Math.abs(range[index] - value), `${range} for ${expected}`).toBeLessThanOrEqual(within);
  }
};

describe('the flame chart', () => {
  test('tells on hover what is pointed at, without covering it, and selects on click', async ({ chart }) => {
    const { page, root } = chart;
    const card = root.locator('.hover-card');
    for (const [millis, row] of [
      [25, 2],
      [45, 1],
      [90, 0],
    ]) {
      await chart.moveTo(millis, row);
      const [x, y] = await chart.at(millis, row);
      const box = await card.boundingBox();
      if (box === null) throw new Error('there is no card');
      expect(x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height).toBe(false);
    }
    await chart.moveTo(25, 2);
    const words = (await card.textContent())?.replaceAll('\u00a0', ' ');
    expect(words).toMatch(
      /^Recalculate style RenderingTotal10 msSelf10 msStart20 msForced by Function call: /,
    );
    await takeScreenshot(page, 'chart-hover');
    await page.mouse.click(...(await chart.at(45, 1)));
    expect(await chart.spoken()).toBe('Function call, 40 ms, Scripting, 1 child');
    await page.mouse.click(...(await chart.at(65, 0)));
    expect(await chart.spoken()).toBe('Nothing selected');
    await page.mouse.move(5, 5);
    await card.waitFor({ state: 'detached' });
  });

  test('zooms by the wheel at the pointer, with Ctrl too; pans sideways; scrolls with Shift', async ({
    chart,
  }) => {
    const { page, root } = chart;
    await chart.shows([0, 100]);
    await chart.moveTo(25, 3);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    const [start, end] = await chart.visible();
    near([(25 - start) / (end - start)], [0.25], 0.01);
    expect(end - start).toBeLessThan(80);
    await page.mouse.wheel(0, -500);
    const [start2, end2] = await chart.visible();
    near([(25 - start2) / (end2 - start2)], [0.25], 0.01);
    expect(end2 - start2).toBeLessThan((end - start) / 2);
    await root.getByRole('button', { name: 'Compositor' }).click();
    await page.setViewportSize({ width: 1200, height: 480 });
    await chart.moveTo(25, 0);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 30);
    await page.keyboard.up('Shift');
    await chart.shows([start2, end2]);
    expect(
      await root.locator('.flame-chart-scroller').evaluate((element) => element.scrollTop),
    ).toBeGreaterThan(0);
    await page.mouse.wheel(100, 0);
    const [start3, end3] = await chart.visible();
    expect(start3).toBeGreaterThan(start2);
    near([end3 - start3], [end2 - start2]);
  });

  test('drag pans, Shift+drag measures, double click fits, keys go back', async ({ chart }) => {
    const { page } = chart;
    const [x, y] = await chart.at(25, 2);
    await page.mouse.dblclick(x, y);
    await chart.shows([19.5, 30.5]);
    await chart.drag(await chart.at(25, 2), await chart.at(23, 2));
    await chart.shows([21.5, 32.5]);
    await page.keyboard.down('Shift');
    await chart.drag(await chart.at(24, 1), await chart.at(29, 1));
    await page.keyboard.up('Shift');
    await chart.shows([21.5, 32.5]);
    await page.getByText('Selected range').or(page.getByText('Measured')).first().waitFor();
    await takeScreenshot(page, 'chart-measured');
    await page.keyboard.press('f');
    await chart.shows([19.5, 30.5]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await chart.spoken()).toBe('Nothing selected');
    await page.keyboard.press('0');
    await chart.shows([0, 100]);
  });

  test('tracks open and collapse, empty ones show on demand, by mouse and by keys', async ({ chart }) => {
    const { page, root } = chart;
    const compositor = root.getByRole('button', { name: 'Compositor' });
    expect(await compositor.getAttribute('aria-expanded')).toBe('false');
    await compositor.click();
    expect(await compositor.getAttribute('aria-expanded')).toBe('true');
    expect(await chart.spoken()).toBe('Compositor opened');
    await compositor.press('Enter');
    expect(await compositor.getAttribute('aria-expanded')).toBe('false');
    const empty = root.getByRole('button', { name: /Show \d+ empty/ });
    await empty.click();
    await root.getByRole('button', { name: 'Thread pool' }).waitFor();
    await takeScreenshot(page, 'chart-tracks');
    await root.getByRole('button', { name: /Hide \d+ empty/ }).click();
    await root.getByRole('button', { name: 'Thread pool' }).waitFor({ state: 'detached' });
  });

  test('is sharp at any pixel ratio and size, and follows the theme', async ({ chart }) => {
    const { page } = chart;
    const canvas = page.locator('.flame-chart-canvas');
    const measure = async () => {
      await chart.rest();
      return canvas.evaluate((element) => {
        if (!(element instanceof HTMLCanvasElement)) throw new Error('no canvas');
        const { width, height } = element.getBoundingClientRect();
        const ratio = devicePixelRatio;
        const corner = element
          .getContext('2d')
          ?.getImageData(element.width - 2, element.height - 2, 1, 1).data;
        return {
          isSharp:
            Math.abs(element.width - width * ratio) <= 1 && Math.abs(element.height - height * ratio) <= 1,
          width: element.width,
          corner: corner === undefined ? [] : [...corner],
        };
      });
    };
    const before = await measure();
    expect(before).toMatchObject({ isSharp: true, corner: [255, 255, 255, 255] });
    const session = await page.context().newCDPSession(page);
    const metrics = { width: 900, height: 700, deviceScaleFactor: 2, mobile: false };
    await session.send('Emulation.setDeviceMetricsOverride', metrics);
    await expect.poll(measure).toMatchObject({ isSharp: true, width: (before.width - 300) * 2 });
    await session.send('Emulation.setDeviceMetricsOverride', {
      ...metrics,
      width: 800,
      deviceScaleFactor: 1.5,
    });
    await expect.poll(measure).toMatchObject({ isSharp: true, width: (before.width - 400) * 1.5 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(measure).toMatchObject({ corner: [40, 40, 40, 255] });
  });

  test('moves in fewer pixels where the machine is too slow for all of them, and rests sharp', async ({
    chart,
  }) => {
    const { page } = chart;
    const session = await page.context().newCDPSession(page);
    const metrics = { width: 900, height: 700, deviceScaleFactor: 2, mobile: false };
    await session.send('Emulation.setDeviceMetricsOverride', metrics);
    const canvas = page.locator('.flame-chart-canvas');
    await expect.poll(() => canvas.evaluate(({ width }: HTMLCanvasElement) => width)).toBeGreaterThan(1_700);
    await page.mouse.move(...(await chart.at(50, 6)));
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -40);
    await page.keyboard.up('Control');
    await chart.rest();
    await session.send('Emulation.setCPUThrottlingRate', { rate: 20 });
    const moving = await page.evaluate(moveThereAndBack, 80);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    expect(moving.seen).toEqual(['flame-chart-moving']);
    // What is one of its pixels has the colour of one of the four that it stands for, but for the smoothing of texts.
    expect(moving.alike).toBeGreaterThan(0.95);
    await chart.rest();
    const resting = await page.evaluate(moveThereAndBack, 0);
    expect(resting.seen).toEqual(['flame-chart-canvas']);
    // The pointer has stayed where it is; so has the picture.
    expect(resting.picture).toBe(moving.picture);
    await takeScreenshot(page, 'chart-rested');
  });

  test('in forced colours takes the system’s for ground, text, lines and selection; boxes keep theirs', async ({
    chart,
  }) => {
    const { page } = chart;
    const read = async () => {
      await chart.rest();
      return page.evaluate(readForcedColours);
    };
    await chart.clickOn(85, 0);
    const own = await read();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ forcedColors: 'active', colorScheme });
      await expect.poll(async () => (await read()).chart.ground).toBe((await read()).system.ground);
      const { system, chart: painted, overview } = await read();
      // A line of text, a track's worth of outline at least.
      expect(painted.ruler[system.text]).toBeGreaterThan(20);
      expect(painted.tracks[system.accent]).toBeGreaterThan(200);
      expect(overview.ruler[system.text]).toBeGreaterThan(20);
      expect(overview.ground).toBe(system.ground);
      expect(painted.tracks['199 199 199'] ?? painted.tracks['117 117 117']).toBeGreaterThan(2_000);
      expect(await findBarriers(page)).toEqual([]);
      await takeScreenshot(page, `chart-forced-${colorScheme}`);
    }
    await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' });
    await expect.poll(read).toEqual(own);
  });
});

/**
 * In the page: pans for `frames` frames, a step there and a step back in turn. Which canvas is seen in the last of them,
 * what its pixels have in common with the chart's picture before, and a number that stands for that picture.
 */
function moveThereAndBack(frames: number) {
  const root = document.querySelector('.flame-chart');
  const canvas = document.querySelector<HTMLCanvasElement>('.flame-chart-canvas');
  const pixelsOf = (element: HTMLCanvasElement | null) =>
    element?.getContext('2d')?.getImageData(0, 0, element.width, element.height);
  const before = pixelsOf(canvas);
  const colourAt = (image: ImageData | undefined, x: number, y: number): string =>
    image === undefined
      ? ''
      : image.data.slice((y * image.width + x) * 4, (y * image.width + x) * 4 + 3).join(' ');
  const look = () => {
    const moving = document.querySelector<HTMLCanvasElement>('.flame-chart-moving');
    const image = pixelsOf(moving);
    let same = 0;
    let all = 0;
    for (let y = 0; image !== undefined && y < image.height - 1; y += 3)
      for (let x = 0; x < image.width - 1; x += 3) {
        const four = [0, 1].flatMap((down) =>
          [0, 1].map((right) => colourAt(before, 2 * x + right, 2 * y + down)),
        );
        all++;
        if (four.includes(colourAt(image, x, y))) same++;
      }
    const seen = [canvas, moving].flatMap((each) =>
      each === null || getComputedStyle(each).visibility === 'hidden' ? [] : [each.className],
    );
    const picture = before?.data.reduce((sum, value) => (sum * 31 + value) % 1_000_003, 7);
    return { seen, alike: same / Math.max(1, all), picture };
  };
  return new Promise<ReturnType<typeof look>>((resolve) => {
    const step = (left: number): void => {
      if (left === 0) resolve(look());
      else {
        root?.dispatchEvent(
          new WheelEvent('wheel', { bubbles: true, cancelable: true, deltaX: left % 2 === 0 ? 8 : -8 }),
        );
        requestAnimationFrame(() => setTimeout(() => step(left - 1)));
      }
    };
    step(frames);
  });
}

/** In the page: the system's colours, and how many pixels of the canvases have which. */
function readForcedColours() {
  const probe = document.createElement('span');
  probe.style.setProperty('forced-color-adjust', 'none');
  document.body.append(probe);
  const systemColour = (name: string): string => {
    probe.style.color = name;
    return (getComputedStyle(probe).color.match(/\d+/g) ?? []).slice(0, 3).join(' ');
  };
  const system = {
    ground: systemColour('Canvas'),
    text: systemColour('CanvasText'),
    accent: systemColour('Highlight'),
  };
  probe.remove();
  const countColours = (selector: string, from: number, to: number): Record<string, number> => {
    const canvas = document.querySelector<HTMLCanvasElement>(selector);
    const data = canvas?.getContext('2d')?.getImageData(0, from, canvas.width, to - from).data ?? [];
    const counts: Record<string, number> = {};
    for (let at = 0; at < data.length; at += 4) {
      const colour = `${data[at]} ${data[at + 1]} ${data[at + 2]}`;
      counts[colour] = (counts[colour] ?? 0) + 1;
    }
    return counts;
  };
  const mostOf = (counts: Record<string, number>): string =>
    Object.entries(counts).sort(([, one], [, other]) => other - one)[0]?.[0] ?? '';
  const told = (selector: string) => {
    const ruler = countColours(selector, 0, 20);
    return { ruler, ground: mostOf(ruler), tracks: countColours(selector, 36, 76) };
  };
  return { system, chart: told('.flame-chart-canvas'), overview: told('.overview-canvas') };
}

describe('the overview strip', () => {
  test('a drag picks a range, the ruler moves it, a click centres it, a double click shows all', async ({
    chart,
  }) => {
    const { page } = chart;
    await chart.drag(await chart.onOverview(40, 35), await chart.onOverview(60, 35));
    await chart.shows([40, 60]);
    // In the window's middle is the button that makes a breadcrumb of it.
    await chart.drag(await chart.onOverview(44, 10), await chart.onOverview(64, 10));
    await chart.shows([60, 80]);
    await page.mouse.click(...(await chart.onOverview(30, 35)));
    await chart.shows([20, 40]);
    await takeScreenshot(page, 'overview-picked');
    await page.mouse.dblclick(...(await chart.onOverview(30, 35)));
    await chart.shows([0, 100]);
  });

  test('handles move one edge, by drag and by keys; the wheel zooms', async ({ chart }) => {
    const { page, overview } = chart;
    await chart.drag(await chart.onOverview(0.2, 40), await chart.onOverview(30, 40));
    await chart.shows([29.8, 100], 0.4);
    const end = overview.getByRole('slider', { name: 'End' });
    await end.focus();
    const [, before] = await chart.visible();
    await page.keyboard.press('Control+ArrowLeft');
    const [, after] = await chart.visible();
    near([before - after], [(10 * 100) / 1200]);
    expect(await end.getAttribute('aria-valuenow')).toBe(String(Math.round(after)));
    await page.mouse.move(...(await chart.onOverview(50, 35)));
    await page.mouse.wheel(0, -400);
    const [start, last] = await chart.visible();
    expect(last - start).toBeLessThan(40);
    expect(start < 50 && last > 50).toBe(true);
  });

  test('of a trace that is one moment there is nothing to zoom into, and nothing is veiled', async ({
    chart,
  }) => {
    const { page, overview } = chart;
    const moment = JSON.stringify({
      traceEvents: [named(MAIN, 'CrRendererMain'), event(MAIN, 'RunTask', 9, 0)],
    });
    const file = { name: 'moment.json', mimeType: 'application/json', buffer: Buffer.from(moment) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('0 µs').first().waitFor();
    await chart.rest();
    expect(await overview.locator('.overview-zoom').count()).toBe(0);
    const veils = await overview
      .locator('.overview-veil')
      .evaluateAll((each) => each.map((veil) => veil.getBoundingClientRect()));
    const { left, right } = await overview.evaluate((strip) => strip.getBoundingClientRect());
    for (const veil of veils) expect(veil.right <= left + 1 || veil.left >= right - 1).toBe(true);
  });
});

describe("the engine's worker", () => {
  test('that dies is reported, not silent', async ({ chart }) => {
    const { page } = chart;
    const worker = page.workers().find((each) => each.url().includes('worker'));
    if (worker === undefined) throw new Error('there is no worker');
    await worker.evaluate(() => {
      setTimeout(() => {
        throw new Error('the memory ran out');
      });
    });
    await page.getByRole('alert').getByText('broke off').waitFor();
  });
});

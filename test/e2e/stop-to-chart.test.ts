/**
 * The way from Stop to the chart in real Chromium: the viewer is there before tracing begins, behind the page, reads
 * while the recorder writes, and comes to the front with the chart; whatever happens to either meanwhile.
 */
import type { Page } from 'playwright';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { type TestBrowser, test } from './harness/browser.ts';
import { RecorderProbe } from './harness/recorder.ts';

const viewersOf = ({ running }: TestBrowser): Page[] =>
  running.context.pages().filter((page) => page.url().includes('/viewer.html'));
/** Playwright makes every page believe that it is seen; the extension's own tabs can be asked. */
const isInFront = (viewer: Page): Promise<boolean> =>
  viewer.evaluate(async () => (await chrome.tabs.getCurrent())?.active === true);
const waitForChart = (viewer: Page): Promise<void> =>
  viewer.locator('.flame-chart[data-idle="true"]').waitFor({ timeout: 30_000 });

/** Records a page whose load never ends, up to where its trace runs. */
async function recordEndless(browser: TestBrowser, origin: string): Promise<RecorderProbe> {
  const probe = await RecorderProbe.open(browser);
  await browser.page.goto(`${origin}/endless`, { waitUntil: 'commit' });
  await browser.press('/endless');
  await probe.reaches('recording');
  return probe;
}

describe('the viewer of a recording', () => {
  test('waits behind the page, and comes to the front with its chart', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await recordEndless(browser, site.origin);
    const [viewer, ...others] = viewersOf(browser);
    expect(others).toEqual([]);
    expect(await isInFront(viewer)).toBe(false);
    await browser.press('/endless');
    const recording = await probe.recorded();
    await waitForChart(viewer);
    expect(recording).toMatchObject({ state: 'whole', tabVisible: true });
    expect(new URL(viewer.url()).searchParams.get('recording')).toBe(recording.id);
    expect(await isInFront(viewer)).toBe(true);
    expect(viewersOf(browser)).toHaveLength(1);
  });

  test('is opened anew where the user has closed it meanwhile', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await recordEndless(browser, site.origin);
    await viewersOf(browser)[0].close();
    await browser.press('/endless');
    await probe.recorded();
    await waitForChart(await browser.viewer());
    expect(viewersOf(browser)).toHaveLength(1);
  });

  test('goes with a recording that is thrown away', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await recordEndless(browser, site.origin);
    expect(viewersOf(browser)).toHaveLength(1);
    await probe.say('cancel');
    await poll('the viewer to close', () => (viewersOf(browser).length === 0 ? true : null));
    expect(await probe.recordings()).toEqual([]);
  });

  test('is not opened for what cannot be recorded', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    await browser.page.goto('chrome://version/');
    await browser.press('chrome://version/');
    await probe.failure();
    expect(viewersOf(browser)).toEqual([]);
  });

  test.for(['stopping', 'saving'] as const)(
    'shows a recording whose service worker is killed while %s',
    async (phase, { site, launch }) => {
      const browser = await launch({ url: `${site.origin}/busy.html` });
      const probe = await RecorderProbe.open(browser);
      await browser.press('busy.html');
      await probe.reaches(phase);
      await probe.killWorker();
      const recording = await probe.recorded();
      expect(recording).toMatchObject({ state: 'whole', cutOff: null });
      const viewer = await browser.viewer();
      await waitForChart(viewer);
      await expect.poll(() => isInFront(viewer)).toBe(true);
      expect(viewersOf(browser)).toHaveLength(1);
    },
  );

  test('is followed by others, each of whose streams is looked for after the last', async ({
    site,
    launch,
  }) => {
    const browser = await launch({ url: `${site.origin}/busy.html` });
    const probe = await RecorderProbe.open(browser);
    for (const count of [1, 2, 3]) {
      await browser.page.bringToFront();
      await browser.press('busy.html');
      expect(await probe.recorded(count)).toMatchObject({ state: 'whole' });
      // Chrome counts its streams up: where this fails, nothing is read before it is complete.
      expect((await probe.remembered()).lastHandle).toBe(count);
      await waitForChart(viewersOf(browser)[count - 1]);
    }
  });
});

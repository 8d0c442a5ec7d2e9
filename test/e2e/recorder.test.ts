/**
 * The real toolbar button on pages of every kind, a panel's orders, and what cannot be recorded, in real Chromium: each
 * ends with its own sentence, and leaves no tab attached.
 */
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { type TestBrowser, test } from './harness/browser.ts';
import { RecorderProbe } from './harness/recorder.ts';

async function start(browser: TestBrowser): Promise<RecorderProbe> {
  const probe = await RecorderProbe.open(browser);
  await browser.press(new URL(browser.page.url()).host);
  return probe;
}

describe('pages of every kind', () => {
  test('records a load and stops when it is quiet', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/busy.html` });
    const probe = await start(browser);
    const recording = await probe.recorded();
    expect(recording).toMatchObject({
      state: 'whole',
      cutOff: null,
      stopReason: 'quiet',
      loadFinished: true,
      loadError: null,
      url: `${site.origin}/busy.html`,
      tabVisible: true,
      dataLoss: false,
      trace: { format: 'perfetto' },
      vitals: { FCP: { rating: 'good' }, TTFB: { rating: 'good' } },
    });
    expect(recording.title).not.toBe('');
    expect(recording.viewport?.width).toBeGreaterThan(300);
    expect(recording.frames.length).toBeGreaterThan(0);
    const trace = gunzipSync(await browser.traceOf(recording));
    expect(trace[0]).toBe(0x0a);
    expect(trace.includes('CrRendererMain')).toBe(true);
    expect(await probe.attachedTabs()).toEqual([]);
    const viewer = await browser.viewer();
    expect(new URL(viewer.url()).searchParams.get('recording')).toBe(recording.id);
    expect(await probe.badge()).toEqual({ text: '', title: 'Pageflame: record this page' });
  });

  test('stops at the second press', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    await browser.page.goto(`${site.origin}/endless`, { waitUntil: 'commit' });
    await browser.press('/endless');
    await probe.reaches('recording');
    await poll('the badge to count', async () => /^[1-9]\d*s$/.test((await probe.badge()).text) || null);
    await browser.press('/endless');
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'whole', stopReason: 'user', loadFinished: false });
    expect(await probe.attachedTabs()).toEqual([]);
  });

  test('measures vitals to the stop, and an interaction right before it', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    // Its load event never fires: the recording goes on until it is stopped.
    await browser.page.goto(`${site.origin}/hanging.html`, { waitUntil: 'commit' });
    await browser.press('hanging');
    await probe.loadBegan();
    await poll('the page to be painted anew', async () => {
      const [recording] = await probe.recordings();
      const look = browser.page.evaluate(() => {
        const [painted] = performance.getEntriesByName('first-contentful-paint');
        return painted === undefined ? 0 : performance.timeOrigin + painted.startTime;
      });
      // The document that is asked may be the one that goes.
      const paint = await look.catch(() => 0);
      return paint > recording.startedAt ? paint : null;
    });
    await browser.page.evaluate(() => {
      const hero = Object.assign(document.createElement('p'), {
        id: 'hero',
        textContent: 'The largest text. '.repeat(20),
      });
      hero.style.fontSize = '60px';
      document.body.append(hero);
      return new Promise((resolve) => setTimeout(resolve, 200));
    });
    await browser.page.evaluate(() => {
      const banner = document.createElement('div');
      banner.style.height = '200px';
      document.body.prepend(banner);
      return new Promise((resolve) => setTimeout(resolve, 200));
    });
    await browser.page.evaluate(() =>
      addEventListener('pointerdown', () => {
        const end = performance.now() + 120;
        while (performance.now() < end);
      }),
    );
    await browser.page.locator('h1').click();
    await browser.press('hanging');
    const { vitals, stopReason, startedAt, durationMillis, frames } = await probe.recorded();
    expect(stopReason).toBe('user');
    expect(vitals.LCP?.attribution.target).toContain('#hero');
    expect(vitals.CLS?.value).toBeGreaterThan(0);
    expect(vitals.CLS?.attribution.largestShiftTarget).not.toBe('');
    expect(vitals.INP?.value).toBeGreaterThanOrEqual(104);
    expect(vitals.INP?.attribution.interactionTarget).toContain('h1');
    expect(vitals.FCP?.value).toBeLessThan(vitals.LCP?.value ?? 0);
    expect(frames.length).toBeGreaterThan(1);
    for (const { time } of frames) {
      expect(time).toBeGreaterThan(startedAt - 1_000);
      expect(time).toBeLessThan(startedAt + (durationMillis ?? 0) + 500);
    }
  });

  test.for([
    ['/nowhere', 'HTTP 404'],
    ['/500', 'HTTP 500'],
  ] as const)('records %s and says %s', async ([path, loadError], { site, launch }) => {
    const browser = await launch({ url: `${site.origin}${path}` });
    const recording = await (await start(browser)).recorded();
    expect(recording).toMatchObject({ state: 'whole', loadError, stopReason: 'quiet' });
  });

  test('records a page whose name nobody knows', async ({ launch }) => {
    const browser = await launch({ url: 'http://nowhere.invalid/shop' });
    const probe = await RecorderProbe.open(browser);
    await browser.press('nowhere.invalid');
    const recording = await probe.recorded();
    expect(recording).toMatchObject({
      state: 'whole',
      url: 'http://nowhere.invalid/shop',
      loadError: 'net::ERR_NAME_NOT_RESOLVED',
    });
    expect(await probe.attachedTabs()).toEqual([]);
  });

  test('records a PDF that is open', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/document.pdf` });
    const probe = await RecorderProbe.open(browser);
    await browser.press('document.pdf');
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'whole', options: { reload: false }, stopReason: 'quiet' });
    expect(recording.trace?.bytes).toBeGreaterThan(1_000);
    expect(await probe.attachedTabs()).toEqual([]);
  });

  test('records over a cross-site navigation, both renderers', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/away.html` });
    const probe = await start(browser);
    const recording = await probe.recorded();
    expect(recording.state).toBe('whole');
    expect(new URL(recording.url).host).toBe(new URL(site.otherOrigin).host);
    const trace = gunzipSync(await browser.traceOf(recording));
    expect(trace.includes(`${site.origin}/away.html`)).toBe(true);
    expect(trace.includes(`${site.otherOrigin}/busy.html`)).toBe(true);
  });

  test('ends on a page that reloads itself', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    await browser.page.goto(`${site.origin}/reloading.html`, { waitUntil: 'commit' });
    await browser.press('reloading');
    await poll('three loads', async () => {
      const { current } = await probe.remembered();
      const loads = current?.notes.happenings.filter(({ name }) => name === 'navigated').length ?? 0;
      return loads >= 3 ? loads : null;
    });
    await browser.press('reloading');
    expect(await probe.recorded()).toMatchObject({ state: 'whole', stopReason: 'user' });
    expect(await probe.attachedTabs()).toEqual([]);
  });
});

describe('a recording that a panel asks for', () => {
  test('is made as its options say', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/varied.html` });
    const probe = await RecorderProbe.open(browser);
    const options = {
      coldCache: true,
      networkThrottling: 'Slow 4G',
      cpuThrottling: 2,
      screenshots: false,
      jsSamples: false,
      scriptSources: false,
    };
    await probe.say(options);
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'whole', options, frames: [] });
    // Slow 4G holds every answer back for 562 ms; the page's own timing of the first byte does not see it.
    expect(recording.vitals.FCP?.value).toBeGreaterThan(562);
    const trace = gunzipSync(await browser.traceOf(recording));
    expect(trace.includes('CrRendererMain')).toBe(true);
    expect(trace.includes('ProfileChunk')).toBe(false);
    expect(trace.includes('ScriptCatchup')).toBe(false);
    const again = await browser.page.evaluate(async () => {
      const begun = performance.now();
      await fetch('/empty');
      return performance.now() - begun;
    });
    expect(again, 'the throttling stays on').toBeLessThan(400);
  });

  test('is thrown away when it is cancelled', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    await probe.say({ reload: false });
    await probe.reaches('recording');
    await probe.say('cancel');
    await poll('it to be gone', async () =>
      (await probe.remembered()).current === null && (await probe.recordings()).length === 0 ? true : null,
    );
    expect(await probe.attachedTabs()).toEqual([]);
    expect((await probe.badge()).text).toBe('');
  });

  test('goes on without a load until it is stopped', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    const before = site.requests.length;
    await probe.say({ reload: false });
    await probe.reaches('recording');
    await poll('a heartbeat', async () => (await probe.remembered()).current?.notes.bufferFill ?? null);
    await probe.say('stop');
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'whole', stopReason: 'user', options: { reload: false } });
    expect(site.requests.length).toBe(before);
  });
});

describe('what cannot be recorded', () => {
  test.for([
    ['chrome://version/', 'tab-forbidden'],
    ['view-source:', 'tab-forbidden'],
    ['https://chromewebstore.google.com/', 'tab-forbidden'],
  ] as const)('%s is refused in words', async ([address, code], { site, launch }) => {
    const url = address === 'view-source:' ? `view-source:${site.origin}/plain.html` : address;
    // There may be no network: the store's address then fails to load, and is the store's all the same.
    const isStore = url.startsWith('https:');
    const browser = await launch({ url: isStore ? url : `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    if (!isStore) await browser.page.goto(url);
    await browser.press(url);
    const failure = await probe.failure();
    expect(failure.code).toBe(code);
    const notice = await probe.notice();
    expect(notice).toEqual({ text: failure.message, offersStop: false });
    expect((await probe.badge()).text).toBe('!');
    expect(await probe.recordings()).toEqual([]);
    await probe.pressInNotice('close');
    await poll('the badge to go', async () => ((await probe.badge()).text === '' ? true : null));
  });

  test('a tab that another debugger of ours holds', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    const worker = await browser.serviceWorker();
    await worker.evaluate(async () => {
      const [{ id: tabId }] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
      if (tabId !== undefined) await chrome.debugger.attach({ tabId }, '1.3');
    });
    await browser.press('plain.html');
    expect((await probe.failure()).code).toBe('tab-busy');
    expect(await probe.attachedTabs()).toHaveLength(1);
  });

  test('a browser that is tracing for somebody else', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    const session = await browser.running.browser.newBrowserCDPSession();
    await session.send('Tracing.start', { transferMode: 'ReturnAsStream', categories: 'devtools.timeline' });
    await browser.press('plain.html');
    const failure = await probe.failure();
    expect(failure.code).toBe('tracing-busy');
    expect(failure.message).toContain('Performance panel');
    expect(await probe.recordings()).toEqual([]);
    expect(await probe.attachedTabs()).toEqual([]);
    await session.send('Tracing.end');
  });

  test('a second tab while one is recorded: says which, and stops it on request', async ({
    site,
    launch,
  }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    await browser.page.goto(`${site.origin}/endless`, { waitUntil: 'commit' });
    await browser.press('/endless');
    await probe.reaches('recording');
    const other = await browser.running.context.newPage();
    await other.goto(`${site.otherOrigin}/plain.html`);
    await browser.press(new URL(site.otherOrigin).host);
    const notice = await probe.notice();
    expect(notice).toMatchObject({ text: expect.stringContaining('Endless'), offersStop: true });
    await probe.pressInNotice('stop');
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'whole', stopReason: 'user', url: `${site.origin}/endless` });
    expect(await probe.recordings()).toHaveLength(1);
    expect(await probe.attachedTabs()).toEqual([]);
  });
});

/**
 * Everything that can go wrong around a recording, in real Chromium: each ends with its own sentence, keeps what there is,
 * and leaves nothing behind.
 */
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { test } from './harness/browser.ts';
import { RecorderProbe } from './harness/recorder.ts';

describe('presses in a hurry', () => {
  test('the second ends the recording that the first begins', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    await browser.page.goto(`${site.origin}/endless`, { waitUntil: 'commit' });
    await browser.press('/endless', 2);
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'whole', stopReason: 'user', loadFinished: false });
    expect(await probe.recordings()).toHaveLength(1);
    expect(await probe.attachedTabs()).toEqual([]);
  });

  test.for([0, 100, 500])(
    'a tab that is closed %d ms after the press leaves nothing behind',
    async (millis, { site, launch }) => {
      const browser = await launch({ url: `${site.origin}/plain.html` });
      const probe = await RecorderProbe.open(browser);
      const page = await browser.running.context.newPage();
      await page.goto(`${site.origin}/endless`, { waitUntil: 'commit' });
      await browser.press('/endless');
      await page.waitForTimeout(millis);
      await probe.closeTab('/endless');
      expect((await probe.failure()).code).toMatch(/^tab-(gone|closed-while-recording)$/);
      expect((await probe.remembered()).current).toBeNull();
      expect((await probe.recordings()).map(({ state }) => state)).not.toContain('recording');
      // The next one begins as ever.
      await browser.page.bringToFront();
      await probe.say({});
      await poll(
        'a whole recording',
        async () => (await probe.recordings()).some(({ state }) => state === 'whole') || null,
      );
      expect(await probe.attachedTabs()).toEqual([]);
    },
  );
});

describe('a recording in which something breaks', () => {
  test('says what happened where a PDF takes the tab in the middle', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    await browser.page.goto(`${site.origin}/endless`, { waitUntil: 'commit' });
    await browser.press('/endless');
    await probe.loadBegan();
    // Playwright has its own troubles with a document that becomes a PDF viewer.
    void browser.page.goto(`${site.origin}/document.pdf`).catch(() => undefined);
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'frame-took-tab' }, trace: null });
    expect(await probe.attachedTabs()).toEqual([]);
  });

  test('the tab is closed', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    const page = await browser.running.context.newPage();
    await page.goto(`${site.origin}/endless`, { waitUntil: 'commit' });
    await browser.press('/endless');
    await probe.loadBegan();
    await poll('a picture', async () => ((await probe.recordings())[0]?.frames.length ? true : null));
    await probe.closeTab('/endless');
    const recording = await probe.recorded();
    expect(recording).toMatchObject({
      state: 'cut-off',
      cutOff: { code: 'tab-closed-while-recording' },
      trace: null,
    });
    expect(recording.frames.length).toBeGreaterThan(0);
    expect(await probe.attachedTabs()).toEqual([]);
  });

  test('the page crashes, and its trace is kept', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    await browser.page.goto(`${site.origin}/endless`, { waitUntil: 'commit' });
    await browser.press('/endless');
    await probe.reaches('recording');
    await poll('a heartbeat', async () => (await probe.remembered()).current?.notes.bufferFill ?? null);
    const session = await browser.running.context.newCDPSession(browser.page);
    // It never answers: the renderer that would is gone.
    void session.send('Page.crash').catch(() => undefined);
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'tab-crashed-while-recording' } });
    const trace = gunzipSync(await browser.traceOf(recording));
    expect(trace.includes('/endless')).toBe(true);
    expect(await probe.attachedTabs()).toEqual([]);
  });

  test('the user presses Cancel on the debugging bar', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    await browser.page.goto(`${site.origin}/endless`, { waitUntil: 'commit' });
    await browser.press('/endless');
    await probe.reaches('recording');
    // Headless Chromium has no bar: the debugger is taken off, and the event fired, as its button does both.
    await (await browser.serviceWorker()).evaluate(async () => {
      const { recorder } = await chrome.storage.session.get('recorder');
      const source = { tabId: recorder.current.tabId };
      await chrome.debugger.detach(source);
      const { onDetach } = chrome.debugger as unknown as {
        onDetach: { dispatch(source: object, reason: string): void };
      };
      onDetach.dispatch(source, 'canceled_by_user');
    });
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'cancelled-on-bar' }, trace: null });
    expect(await probe.attachedTabs()).toEqual([]);
  });

  test('the disk is full', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/plain.html` });
    const probe = await RecorderProbe.open(browser);
    // Nothing fills a real disk here: the browser's storage refuses trace bytes as it does then.
    await (await browser.serviceWorker()).evaluate(() => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...entry) {
        if (this.name === 'chunks') throw new DOMException('no room', 'QuotaExceededError');
        return put.apply(this, entry);
      };
    });
    await browser.press('plain.html');
    const recording = await probe.recorded();
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'storage-full' }, trace: null });
    expect(recording.title).not.toBe('');
    expect(await probe.attachedTabs()).toEqual([]);
  });
});

/** The service worker, or the whole browser, is killed at every stage of a recording in real Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { type TestBrowser, test } from './harness/browser.ts';
import { RecorderProbe } from './harness/recorder.ts';

/** Makes the running service worker slow at one command, so that it can be killed in the middle. */
async function slowDown(browser: TestBrowser, method: string): Promise<void> {
  await (await browser.serviceWorker()).evaluate((slow) => {
    const send = chrome.debugger.sendCommand.bind(chrome.debugger);
    const slowly = async (...[target, name, params]: Parameters<typeof send>) => {
      if (name === slow) await new Promise((resolve) => setTimeout(resolve, 400));
      return send(target, name, params);
    };
    Object.assign(chrome.debugger, { sendCommand: slowly });
  }, method);
}

async function expectWhole(browser: TestBrowser, probe: RecorderProbe): Promise<void> {
  const recording = await probe.recorded();
  expect(recording).toMatchObject({ state: 'whole', cutOff: null, loadFinished: true });
  expect(await probe.recordings()).toHaveLength(1);
  expect(recording.title).not.toBe('');
  const trace = gunzipSync(await probe.traceOf(recording));
  expect(trace.includes('CrRendererMain')).toBe(true);
  expect(trace.includes('busy.html')).toBe(true);
  expect(await probe.attachedTabs()).toEqual([]);
  await browser.viewer();
}

describe('a killed service worker', () => {
  test.for([
    // Nothing wakes the next worker but the alarm, within 30 s.
    ['while it attaches', 'starting', 'Page.enable'],
    ['before the load', 'recording', 'Page.reload'],
    ['while it records', 'recording', 'Performance.getMetrics'],
    ['before it ends the trace', 'stopping', 'Tracing.end'],
    ['while it stops', 'stopping', 'Page.getFrameTree'],
    ['while it saves', 'saving', 'IO.read'],
  ] as const)('loses nothing %s', async ([_when, phase, slow], { site, launch }) => {
    const browser = await launch({ url: `${site.origin}/busy.html` });
    const probe = await RecorderProbe.open(browser);
    await slowDown(browser, slow);
    await browser.press('busy.html');
    await probe.reaches(phase);
    await probe.killWorker();
    await expectWhole(browser, probe);
  });

  test('loses nothing between the start of the trace and the load', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/busy.html` });
    const probe = await RecorderProbe.open(browser);
    // The profiler is warmed with it, after tracing has begun.
    await slowDown(browser, 'Runtime.evaluate');
    await browser.press('busy.html');
    await poll('the trace', async () => (await probe.remembered()).current?.notes.tracingAsked ?? null);
    await probe.killWorker();
    await expectWhole(browser, probe);
  });

  test('loses nothing after it saved a part', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/busy.html` });
    const probe = await RecorderProbe.open(browser);
    await slowDown(browser, 'IO.read');
    await browser.press('busy.html');
    await poll('the first bytes', async () => (await probe.recordings())[0]?.trace ?? null);
    await probe.killWorker();
    await expectWhole(browser, probe);
  });

  test('loses nothing when it is killed again and again', async ({ site, launch }) => {
    const browser = await launch({ url: `${site.origin}/busy.html` });
    const probe = await RecorderProbe.open(browser);
    await browser.press('busy.html');
    for (const phase of ['recording', 'stopping'] as const) {
      await probe.reaches(phase);
      await probe.killWorker();
    }
    await expectWhole(browser, probe);
  });
});

describe('a killed browser', () => {
  test('leaves a recording that is cut off and has its facts', async ({ site, launch, onTestFinished }) => {
    const profile = mkdtempSync(join(tmpdir(), 'pageflame-killed-'));
    onTestFinished(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
    const first = await launch({ url: `${site.origin}/plain.html`, profile });
    const before = await RecorderProbe.open(first);
    await first.page.goto(`${site.origin}/endless`, { waitUntil: 'commit' });
    await first.press('/endless');
    await before.reaches('recording');
    await poll('a picture', async () => ((await before.recordings())[0]?.frames.length ? true : null));
    await first.running.kill();

    const second = await launch({ url: `${site.origin}/plain.html`, profile });
    const after = await RecorderProbe.open(second);
    const recording = await after.recorded();
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'browser-gone' }, trace: null });
    expect(recording.url).toBe(`${site.origin}/endless`);
    expect(recording.frames.length).toBeGreaterThan(0);
    expect(await after.attachedTabs()).toEqual([]);
  });
});

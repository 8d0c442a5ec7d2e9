/**
 * A service worker that is killed at any call it makes, before or after Chrome carried it out: the recording ends whole,
 * with every byte, once attached and once traced.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '../../builders/memory-store.ts';
import { type Fate, MortalWorker } from '../../builders/mortal-worker.ts';
import { buildRequest } from '../../builders/recording-request.ts';
import { ScriptedBrowser } from '../../builders/scripted-browser.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** As long as a recording takes, and several waits for the alarm. */
const ENOUGH_MILLIS = 150_000;

async function record(fate: Fate, showsBar = false) {
  const browser = new ScriptedBrowser({ showsBar });
  const store = new MemoryStore();
  const worker = new MortalWorker(browser, store, fate);
  const request = buildRequest();
  worker.begin(request);
  await vi.advanceTimersByTimeAsync(ENOUGH_MILLIS);
  vi.clearAllTimers();
  return { browser, store, worker, request };
}

async function expectWhole(where: string, fate: Fate, showsBar = false): Promise<void> {
  const { browser, store, worker, request } = await record(fate, showsBar);
  expect(worker.deaths, where).toBeGreaterThan(0);
  expect(browser.attached, `${where}: still attached`).toBe(false);
  expect(store.entries.get(request.id), where).toMatchObject({
    state: 'whole',
    cutOff: null,
    loadFinished: true,
    stopReason: 'quiet',
    title: 'Cart',
  });
  expect(Buffer.compare(store.traceOf(request.id), browser.stream), `${where}: bytes`).toBe(0);
}

describe('a killed service worker', () => {
  it('loses nothing, whichever call it dies at', async () => {
    const { worker } = await record(() => null, true);
    expect(worker.outcome).toMatchObject({ ok: true, value: { state: 'whole' } });
    expect(worker.calls).toBeGreaterThan(30);
    // The very first call saves the notes: without them nothing has begun yet.
    for (let call = 2; call <= worker.calls; call++) {
      await expectWhole(`killed before call ${call}`, (at) => (at === call ? 'before' : null), true);
      await expectWhole(`killed after call ${call}`, (at) => (at === call ? 'after' : null), true);
    }
  }, 60_000);

  it('loses nothing when its successors are killed too', async () => {
    // Fewer calls than the first phase makes would keep any worker from ever getting through it.
    for (let spacing = 20; spacing <= 36; spacing++) {
      await expectWhole(`killed every ${spacing} calls`, (at) => (at % spacing === 0 ? 'after' : null));
    }
  }, 60_000);

  it('traces once, and loads once', async () => {
    for (let call = 2; call <= 40; call++) {
      const { browser } = await record((at) => (at === call ? 'after' : null));
      // A second `Tracing.start` is sent only by a successor that cannot know of the first; Chrome refuses it.
      expect(browser.started).toBe(1);
      expect(browser.count('Page.reload')).toBe(1);
    }
  }, 60_000);

  it('leaves nothing behind where it dies before it could note anything', async () => {
    const { browser, store, worker } = await record((at) => (at === 1 ? 'before' : null));
    expect(worker.outcome).toBeNull();
    expect(browser.sent).toEqual([]);
    expect(store.entries.size).toBe(0);
  });
});

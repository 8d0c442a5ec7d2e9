/** The recorder's desk: presses in a hurry, tabs that go, faults of our own. Whatever happens, the next recording begins. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fail, makeFailure, succeed } from '../../../src/base/index.ts';
import { DEFAULT_CAPTURE_OPTIONS, type Recording, type RecordingId } from '../../../src/recording/index.ts';
import { MemoryStore } from '../../builders/memory-store.ts';
import { ScriptedBrowser } from '../../builders/scripted-browser.ts';

const TAB = 7;
const SHOP = 'http://shop.example/cart';
const fake = vi.hoisted(() => ({
  alarms: new Set<string>(),
  isTabOpen: true,
  areSiteTagsBroken: false,
  url: '',
}));

vi.mock('webextension-polyfill', () => ({
  default: {
    alarms: {
      create: async (name: string) => void fake.alarms.add(name),
      clear: async (name: string) => fake.alarms.delete(name),
    },
    runtime: {
      getManifest: () => ({ version: '0.0.0' }),
      getURL: (path: string) => `chrome-extension://pageflame/${path}`,
    },
    storage: { session: { set: async () => undefined } },
    tabs: {
      async get() {
        if (!fake.isTabOpen) throw new Error(`No tab with id: ${TAB}.`);
        return { width: 1_250, height: 800 };
      },
    },
  },
}));

const { RecorderDesk } = await import('../../../src/extension/desk.ts');
const { SessionMemory } = await import('../../../src/extension/session-memory.ts');

function openDesk() {
  const browser = new ScriptedBrowser();
  const store = new MemoryStore();
  const library = Object.assign(store, {
    list: async () => succeed([...store.entries.values()]),
    edit: async (id: RecordingId) => store.get(id),
    async remove(id: RecordingId) {
      store.entries.delete(id);
      return succeed(undefined);
    },
  });
  const target = {
    tabId: TAB,
    type: 'page',
    url: fake.url,
    title: 'Cart',
    attached: false,
  };
  vi.stubGlobal('navigator', { userAgent: 'Chromium/156.0.8078.79' });
  vi.stubGlobal('chrome', {
    debugger: {
      getTargets: async () => (fake.isTabOpen ? [target] : []),
      attach: () => browser.attach(),
      detach: () => browser.detach(),
      sendCommand: (_target: object, method: string, params: Record<string, unknown>) =>
        browser.send(method, params),
    },
  });
  const memory = new SessionMemory();
  const desk = new RecorderDesk({
    library,
    memory,
    onState: () => undefined,
    onStalled: () => undefined,
    onLibrary: () => undefined,
    onEnded: async () => null,
    viewer: {
      prepare: async () => undefined,
      reveal: async () => true,
      show: async () => undefined,
      discard: async () => undefined,
    },
    async siteTags() {
      if (fake.areSiteTagsBroken) throw new Error('nobody thought of this');
      return {};
    },
    complain: async () => undefined,
  });
  browser.listener = (method, params) => desk.handleEvent(TAB, method, params);
  const press = () => desk.press(TAB, DEFAULT_CAPTURE_OPTIONS);
  const lose = (reason: string): void => {
    browser.lose();
    desk.handleDetach(TAB, reason);
  };
  const recordings = (): readonly Recording[] => [...store.entries.values()];
  return { browser, store, memory, desk, press, lose, recordings };
}

beforeEach(() => {
  vi.useFakeTimers();
  fake.alarms.clear();
  fake.isTabOpen = true;
  fake.areSiteTagsBroken = false;
  fake.url = SHOP;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (millis: number) => vi.advanceTimersByTimeAsync(millis);

describe('the desk', () => {
  it('ends by the second press what the first begins, however soon it comes', async () => {
    const { press, recordings, desk } = openDesk();
    press();
    press();
    await pass(20_000);
    expect(recordings()).toMatchObject([{ state: 'whole', stopReason: 'user' }]);
    expect(desk.state.phase).toBe('idle');
  });

  it('throws away what is cancelled before the recorder is there', async () => {
    const { press, recordings, desk, browser } = openDesk();
    press();
    desk.cancel();
    await pass(20_000);
    expect(recordings()).toEqual([]);
    expect(desk.state).toMatchObject({ phase: 'idle', failure: null });
    expect(browser.attached).toBe(false);
  });

  it('leaves our own pages alone, and says where the button is meant to be pressed', async () => {
    fake.url = 'chrome-extension://pageflame/viewer.html?recording=abc';
    const { press, recordings, desk, browser } = openDesk();
    press();
    await pass(1_000);
    expect(desk.state).toMatchObject({ phase: 'idle', failure: { code: 'own-page' } });
    expect(recordings()).toEqual([]);
    expect(browser.sent).toEqual([]);
  });

  it.each([
    ['stays', null, 'frame-took-tab'],
    ['is listed for another while and closes', 600, 'tab-closed-while-recording'],
  ] as const)('says why the session ended: the tab %s', async (_what, closesAfter, code) => {
    const { press, lose, recordings } = openDesk();
    press();
    await pass(1_200);
    lose('target_closed');
    if (closesAfter !== null)
      setTimeout(() => {
        fake.isTabOpen = false;
      }, closesAfter);
    await pass(5_000);
    expect(recordings()).toMatchObject([{ state: 'cut-off', cutOff: { code } }]);
  });

  it.each([0, 50, 300, 700])('lets go of a tab that closes %d ms after the press', async (millis) => {
    const { press, lose, recordings, desk } = openDesk();
    press();
    await pass(millis);
    fake.isTabOpen = false;
    lose('target_closed');
    await pass(20_000);
    expect(desk.state).toMatchObject({
      phase: 'idle',
      failure: { code: expect.stringMatching(/^tab-(gone|closed-while-recording)$/) },
    });
    expect(recordings().map(({ state }) => state)).not.toContain('recording');
  });

  it('is free again after a fault of our own', async () => {
    const { press, recordings, desk } = openDesk();
    fake.areSiteTagsBroken = true;
    press();
    await pass(1_000);
    expect(desk.state).toMatchObject({ phase: 'idle', failure: { code: 'recorder-broken' } });
    fake.areSiteTagsBroken = false;
    press();
    await pass(20_000);
    expect(recordings()).toMatchObject([{ state: 'whole' }]);
  });

  it('ends what a full disk kept from ending, as soon as there is room', async () => {
    const { press, store, recordings, desk } = openDesk();
    press();
    await pass(1_200);
    expect(recordings()).toMatchObject([{ state: 'recording' }]);
    const { put, appendTrace } = store;
    const full = async () => fail<void>(makeFailure('storage-full', { subject: 'http://shop.example/cart' }));
    Object.assign(store, { put: full, appendTrace: full });
    await pass(20_000);
    expect(desk.state).toMatchObject({ phase: 'idle', failure: { code: 'storage-full' } });
    expect(recordings()).toMatchObject([{ state: 'recording' }]);
    expect(fake.alarms.size).toBe(1);
    await desk.checkWatch();
    expect(recordings()).toMatchObject([{ state: 'recording' }]);
    Object.assign(store, { put, appendTrace });
    await desk.checkWatch();
    expect(recordings()).toMatchObject([{ state: 'cut-off', cutOff: { code: 'storage-full' } }]);
    expect(fake.alarms.size).toBe(0);
  });
});

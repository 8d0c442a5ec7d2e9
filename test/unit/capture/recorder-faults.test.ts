/** What goes wrong around a recording: each ends with its own sentence, keeps what there is, and attaches nothing. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeFailure } from '../../../src/base/index.ts';
import { type CdpParams, NO_MEMORY, Recorder } from '../../../src/capture/index.ts';
import { MemoryStore } from '../../builders/memory-store.ts';
import { MortalWorker } from '../../builders/mortal-worker.ts';
import { buildRequest } from '../../builders/recording-request.ts';
import { BAR_MILLIS, type BrowserScript, ScriptedBrowser } from '../../builders/scripted-browser.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Case {
  readonly script?: BrowserScript;
  readonly request?: Parameters<typeof buildRequest>;
  /** What happens meanwhile, as `[ms after the start, action]`. */
  readonly happens?: readonly (readonly [number, (parts: Parts) => void])[];
  readonly room?: number;
}

interface Parts {
  readonly browser: ScriptedBrowser;
  readonly worker: MortalWorker;
  readonly store: MemoryStore;
}

async function record({ script, request = [], happens = [], room }: Case = {}) {
  const browser = new ScriptedBrowser(script);
  const store = new MemoryStore();
  if (room !== undefined) store.room = room;
  const worker = new MortalWorker(browser, store);
  const parts = { browser, store, worker };
  for (const [millis, action] of happens) setTimeout(() => action(parts), millis);
  const asked = buildRequest(...request);
  worker.begin(asked);
  await vi.advanceTimersByTimeAsync(300_000);
  vi.clearAllTimers();
  expect(browser.attached, 'still attached').toBe(false);
  const { outcome } = worker;
  if (outcome === null) throw new Error('the recording never ended');
  const failure = outcome.ok ? outcome.value.cutOff : outcome.failure;
  const recording = store.entries.get(asked.id) ?? null;
  return { ...parts, outcome, failure, recording, bytes: store.traceOf(asked.id) };
}

const SUBJECT = 'http://shop.example/cart';

describe('a recording that cannot begin', () => {
  it.each([
    ['The extensions gallery cannot be scripted.', 'tab-forbidden'],
    [
      'Cannot access contents of the page. Extension manifest must request permission to access the respective host.',
      'tab-forbidden',
    ],
    ['Another debugger is already attached to the tab with id: 7.', 'tab-busy'],
    ['Cannot access a chrome-extension:// URL of different extension', 'extension-frame'],
    ['Host access is restricted by policy.', 'policy-refused'],
    ['No tab with given id 7.', 'tab-gone'],
    ['Something that nobody has seen yet', 'attach-refused'],
  ] as const)('says of %j that it is %s', async (refuseAttach, code) => {
    const { outcome, recording, browser } = await record({ script: { refuseAttach } });
    expect(outcome).toEqual({
      ok: false,
      failure: makeFailure(code, { subject: SUBJECT, detail: refuseAttach }),
    });
    expect(recording).toBeNull();
    expect(browser.sent).toEqual(['attach']);
  });

  it.each(['Cannot access a chrome:// URL', 'Cannot attach to this target.'])(
    'says by %j that Chrome shows a page of its own at an address of the web',
    async (refuseAttach) => {
      const { failure } = await record({ script: { refuseAttach } });
      expect(failure).toMatchObject({ code: 'tab-forbidden', detail: refuseAttach });
      expect(failure?.message).toContain(`what Chrome itself shows at ${SUBJECT}`);
    },
  );

  it('says of a file where its user can allow it', async () => {
    const { failure } = await record({
      script: { refuseAttach: 'Cannot attach to this target.' },
      request: [{ url: 'file:///home/ann/page.html' }],
    });
    expect(failure).toMatchObject({ code: 'files-forbidden' });
    expect(failure?.message).toMatch(/Allow access to file URLs.*chrome:\/\/extensions.*page\.html/);
  });

  it('says of a browser page that it is forbidden, whatever Chrome calls it', async () => {
    const { failure } = await record({
      script: { refuseAttach: 'Cannot access a chrome-extension:// URL of different extension' },
      request: [{ url: 'chrome-extension://abcdef/page.html' }],
    });
    expect(failure).toMatchObject({ code: 'tab-forbidden' });
  });

  it('leaves alone a tab that another debugger of ours holds', async () => {
    const browser = new ScriptedBrowser();
    await browser.attach();
    const worker = new MortalWorker(browser, new MemoryStore());
    worker.begin(buildRequest());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(worker.outcome).toMatchObject({ ok: false, failure: { code: 'tab-busy' } });
    expect(browser.attached).toBe(true);
  });

  it('says who may be tracing', async () => {
    const { failure, recording } = await record({ script: { tracingBusy: true } });
    expect(failure).toMatchObject({
      code: 'tracing-busy',
      detail: 'Tracing.start: Tracing has already been started (possibly in another tab).',
    });
    expect(recording).toBeNull();
  });

  it('gives up on a page that does not answer', async () => {
    const { failure, recording } = await record({ script: { silent: ['Page.enable'] } });
    expect(failure?.code).toBe('tab-silent');
    expect(recording).toBeNull();
  });

  it('gives up at once on a page that has crashed before', async () => {
    const browser = new ScriptedBrowser();
    browser.crashed = true;
    const worker = new MortalWorker(browser, new MemoryStore());
    worker.begin(buildRequest());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(worker.outcome).toMatchObject({ ok: false, failure: { code: 'tab-silent' } });
    expect(browser.attached).toBe(false);
  });

  it('does not record without throttling that was asked for', async () => {
    const { failure } = await record({
      script: { refuse: { 'Emulation.setCPUThrottlingRate': 'Not supported' } },
      request: [{}, { cpuThrottling: 4 }],
    });
    expect(failure).toMatchObject({
      code: 'command-refused',
      detail: 'Emulation.setCPUThrottlingRate: Not supported',
    });
  });

  it('records without vitals where the browser has no bindings', async () => {
    const { recording } = await record({ script: { refuse: { 'Runtime.addBinding': "wasn't found" } } });
    expect(recording?.state).toBe('whole');
  });
});

describe('a recording in which something breaks', () => {
  const lose = (code: Parameters<typeof makeFailure>[0]) => (parts: Parts) => {
    parts.browser.lose();
    parts.worker.recorder?.handleDetach(code);
  };

  it.each(['tab-closed-while-recording', 'cancelled-on-bar', 'frame-took-tab'] as const)(
    'is cut off by %s, with its facts and without a trace',
    async (code) => {
      const { failure, recording } = await record({ happens: [[700, lose(code)]] });
      expect(failure).toEqual(makeFailure(code, { subject: SUBJECT }));
      expect(recording).toMatchObject({
        state: 'cut-off',
        trace: null,
        loadFinished: true,
        vitals: { LCP: null },
      });
      expect(recording?.cutOff).toEqual(failure);
    },
  );

  it('tells why, though a command finds the session gone first', async () => {
    const { failure } = await record({
      script: { loadMillis: 100 },
      happens: [
        [400, ({ browser }) => browser.lose()],
        [900, ({ worker }) => worker.recorder?.handleDetach('cancelled-on-bar')],
      ],
    });
    expect(failure?.code).toBe('cancelled-on-bar');
  });

  it('waits for the reason as long as it takes to find it out', async () => {
    const slowly = new Promise<'frame-took-tab'>((resolve) =>
      setTimeout(() => resolve('frame-took-tab'), 9_000),
    );
    const { failure } = await record({
      happens: [
        [400, ({ browser }) => browser.lose()],
        [400, ({ worker }) => worker.recorder?.handleDetach(slowly)],
      ],
    });
    expect(failure?.code).toBe('frame-took-tab');
  });

  it('tells why, though the very load that was asked for finds the session gone', async () => {
    const { failure } = await record({
      script: { refuse: { 'Page.reload': 'Detached while handling command.' } },
      happens: [[1_000, ({ worker }) => worker.recorder?.handleDetach('frame-took-tab')]],
    });
    expect(failure?.code).toBe('frame-took-tab');
  });

  it('says that the session is gone where nobody ever tells why', async () => {
    const { failure } = await record({ happens: [[400, ({ browser }) => browser.lose()]] });
    expect(failure?.code).toBe('session-gone');
  });

  it('keeps what was saved where the tab goes in the middle of it', async () => {
    const stream = Uint8Array.from({ length: 40_000 }, (_, index) => index % 256);
    const { recording, bytes } = await record({
      script: { stream, readMax: 100 },
      happens: [[100, (parts) => void loseAfterBytes(parts)]],
    });
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'tab-closed-while-recording' } });
    expect(bytes.length).toBe(recording?.trace?.bytes);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.length).toBeLessThan(stream.length);
    expect(Buffer.compare(bytes, stream.subarray(0, bytes.length))).toBe(0);
  });

  function loseAfterBytes(parts: Parts): void {
    const append = parts.store.appendTrace.bind(parts.store);
    parts.store.appendTrace = async (...chunk) => {
      const stored = await append(...chunk);
      if (chunk[1] === 500) lose('tab-closed-while-recording')(parts);
      return stored;
    };
  }

  it('saves the trace of a page that crashed, and says so', async () => {
    const { failure, recording, bytes, browser } = await record({
      happens: [[400, (parts) => parts.browser.crash()]],
    });
    expect(failure?.code).toBe('tab-crashed-while-recording');
    expect(recording).toMatchObject({ state: 'cut-off', stopReason: null, trace: { format: 'perfetto' } });
    expect(Buffer.compare(bytes, browser.stream)).toBe(0);
  });

  it('brings back the renderer that crashes while Chrome closes the trace', async () => {
    const stop = [300, (parts: Parts) => parts.worker.recorder?.stop()] as const;
    const crash = [302, (parts: Parts) => parts.browser.crash()] as const;
    const { recording } = await record({ happens: [stop, crash] });
    expect(recording).toMatchObject({ state: 'whole', stopReason: 'user' });
  });

  it('is cut off where the disk is full, with what had been stored', async () => {
    const { failure, recording, bytes } = await record({ script: { readMax: 1_000 }, room: 3_000 });
    expect(failure?.code).toBe('storage-full');
    expect(recording).toMatchObject({ state: 'cut-off', trace: { bytes: 3_000, chunks: 3 } });
    expect(bytes.length).toBe(3_000);
  });

  it('is cut off where the stream breaks', async () => {
    const { failure, recording } = await record({
      script: { refuse: { 'IO.read': 'Invalid stream handle' } },
    });
    expect(failure).toMatchObject({ code: 'stream-broken', detail: 'IO.read: Invalid stream handle' });
    expect(recording?.state).toBe('cut-off');
  });

  it.each(['the window', 'the store'])(
    'ends, and detaches, where a bug is met in what asks %s',
    async (place) => {
      const browser = new ScriptedBrowser();
      const store = new MemoryStore();
      const bug = async (): Promise<never> => {
        throw new Error('nobody thought of this');
      };
      if (place === 'the store') store.put = bug;
      const session = {
        open: () => browser.attach(),
        send: (method: string, params: CdpParams = {}) => browser.send(method, params),
        close: () => browser.detach(),
        ...(place === 'the window' ? { pageArea: bug } : {}),
      };
      const recorder = Recorder.begin({ session, store, memory: NO_MEMORY }, buildRequest());
      browser.listener = (method, params) => recorder.handleEvent(method, params);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await recorder.ended).toMatchObject({
        ok: false,
        failure: { code: 'recorder-broken', detail: expect.stringContaining('nobody thought of this') },
      });
      expect(browser.attached).toBe(false);
    },
  );

  it('ends where nobody answers that the tab is let go', async () => {
    const browser = new ScriptedBrowser();
    const session = {
      open: () => browser.attach(),
      send: (method: string, params: CdpParams = {}) => browser.send(method, params),
      close: () => new Promise<void>(() => undefined),
    };
    const recorder = Recorder.begin({ session, store: new MemoryStore(), memory: NO_MEMORY }, buildRequest());
    browser.listener = (method, params) => recorder.handleEvent(method, params);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await recorder.ended).toMatchObject({ ok: true, value: { state: 'whole' } });
  });

  it('is cut off where Chrome never completes the trace', async () => {
    const { failure } = await record({ script: { silent: ['Tracing.end'] } });
    expect(failure?.code).toBe('tab-silent');
  });
});

describe('a recording that the user cancels', () => {
  const cancel = (parts: Parts): void => parts.worker.recorder?.cancel();

  it.each([0, 5, 300, 1_290])('is thrown away %d ms after its start', async (millis) => {
    const { outcome } = await record({ happens: [[millis, cancel]] });
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('is thrown away where the session went just before', async () => {
    const { outcome } = await record({
      happens: [
        [400, ({ browser }) => browser.lose()],
        [700, cancel],
      ],
    });
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('is kept as far as it was saved', async () => {
    const { recording } = await record({
      // Nothing is read before it is complete.
      request: [{ lastHandle: 1_000 }],
      script: { readMax: 50 },
      happens: [[100, cancelAfterBytes]],
    });
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'cancelled' } });
    expect(recording?.trace?.bytes).toBeGreaterThan(0);
  });

  function cancelAfterBytes(parts: Parts): void {
    const append = parts.store.appendTrace.bind(parts.store);
    parts.store.appendTrace = async (...chunk) => {
      const stored = await append(...chunk);
      if (chunk[1] === 500) cancel(parts);
      return stored;
    };
  }
});

describe('a recording that is unlike others', () => {
  it('falls back to JSON where Chrome refuses protobuf', async () => {
    const { recording, browser } = await record({ script: { refuseProto: true } });
    expect(recording).toMatchObject({ state: 'whole', trace: { format: 'json' } });
    expect(browser.startParams).toMatchObject({ streamFormat: 'json', streamCompression: 'gzip' });
  });

  it('does not load the page before the debugging bar has made it smaller', async () => {
    const browser = new ScriptedBrowser({ showsBar: true });
    const worker = new MortalWorker(browser, new MemoryStore());
    worker.begin(buildRequest());
    await vi.advanceTimersByTimeAsync(BAR_MILLIS + 350);
    expect(browser.count('Page.reload')).toBe(0);
    // It waits for the first picture as well, and this browser sends none.
    await vi.advanceTimersByTimeAsync(350);
    expect(browser.count('Page.reload')).toBe(1);
    expect(browser.params.get('Emulation.setDeviceMetricsOverride')).toMatchObject({
      width: 1_250,
      height: 744,
    });
  });

  it('leaves the size of a page alone that DevTools emulates', async () => {
    const { recording, browser } = await record({ script: { showsBar: true, deviceMode: true } });
    expect(recording?.state).toBe('whole');
    expect(browser.count('Emulation.setDeviceMetricsOverride')).toBe(0);
  });

  it('asks again where the tab is between two documents', async () => {
    const { recording, browser } = await record({ script: { betweenPagesMillis: 200 } });
    expect(recording?.state).toBe('whole');
    expect(browser.count('Page.reload')).toBe(5);
  });

  it('asks for help where Chrome takes its time to hand over the trace', async () => {
    const late = await record({ script: { completeMillis: 9_000 } });
    expect(late.worker.stalls).toBe(1);
    expect(late.recording?.state).toBe('whole');
    const prompt = await record();
    expect(prompt.worker.stalls).toBe(0);
  });

  it('tells of lost data', async () => {
    const { recording } = await record({ script: { dataLoss: true } });
    expect(recording).toMatchObject({ state: 'whole', dataLoss: true, buffer: { peakFill: 0.25 } });
  });

  it('is whole where the load never ends', async () => {
    const { recording } = await record({ script: { loadMillis: null } });
    expect(recording).toMatchObject({ state: 'whole', loadFinished: false, stopReason: 'time-limit' });
    expect(recording?.durationMillis).toBeGreaterThanOrEqual(60_000);
    expect(recording?.durationMillis).toBeLessThan(61_000);
  });

  it('ends ten seconds after the load of a page that is never quiet', async () => {
    const { recording } = await record({ script: { busyShare: () => 0.5 } });
    expect(recording).toMatchObject({ state: 'whole', loadFinished: true, stopReason: 'load-timeout' });
    expect(recording?.durationMillis).toBeGreaterThanOrEqual(10_000);
    expect(recording?.durationMillis).toBeLessThan(11_000);
  });

  it('ends at the second press, even one that comes while it starts', async () => {
    for (const millis of [0, 150]) {
      const { recording } = await record({ happens: [[millis, ({ worker }) => worker.recorder?.stop()]] });
      expect(recording).toMatchObject({ state: 'whole', stopReason: 'user' });
    }
  });

  it('does not load a PDF again, because its viewer would take the tab from us', async () => {
    const { recording, browser } = await record({ script: { contentType: 'application/pdf' } });
    expect(browser.count('Page.reload')).toBe(0);
    expect(recording).toMatchObject({ state: 'whole', stopReason: 'quiet', options: { reload: false } });
  });

  it('goes on until it is stopped where nothing is loaded', async () => {
    const { recording, browser } = await record({
      request: [{ load: { kind: 'stay' } }, { reload: false }],
      happens: [[5_000, ({ worker }) => worker.recorder?.stop()]],
    });
    expect(browser.count('Page.reload')).toBe(0);
    expect(recording).toMatchObject({ state: 'whole', stopReason: 'user', durationMillis: 5_000 });
  });

  it.each([
    ['a document that is not found', responseEvents(404), 'HTTP 404'],
    ['a broken server', responseEvents(500), 'HTTP 500'],
    ['a name that nobody knows', failedEvents('net::ERR_NAME_NOT_RESOLVED'), 'net::ERR_NAME_NOT_RESOLVED'],
    ['a healthy document', responseEvents(200), null],
  ] as const)('tells how the document came: %s', async (_what, events, loadError) => {
    const { recording } = await record({ script: { events } });
    expect(recording).toMatchObject({ state: 'whole', loadError });
  });
});

type Events = readonly (readonly [number, string, CdpParams])[];

function responseEvents(status: number): Events {
  const document = { requestId: 'loader-2', loaderId: 'loader-2', type: 'Document' };
  return [
    [1, 'Network.requestWillBeSent', { ...document, request: { url: SUBJECT } }],
    [10, 'Network.responseReceived', { ...document, response: { status } }],
    [60, 'Network.loadingFinished', { requestId: 'loader-2' }],
  ];
}

function failedEvents(errorText: string): Events {
  return [
    [
      1,
      'Network.requestWillBeSent',
      { requestId: 'loader-2', loaderId: 'loader-2', type: 'Document', request: { url: SUBJECT } },
    ],
    [10, 'Network.loadingFailed', { requestId: 'loader-2', type: 'Document', errorText }],
  ];
}

/** The trace is read while Chrome still writes it, and comes out the same as when it is read afterwards. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '../../builders/memory-store.ts';
import { type Fate, MortalWorker } from '../../builders/mortal-worker.ts';
import { buildRequest } from '../../builders/recording-request.ts';
import {
  type BrowserScript,
  gzipLike,
  ScriptedBrowser,
  STREAM_HANDLE,
} from '../../builders/scripted-browser.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Options {
  readonly script?: BrowserScript;
  readonly fate?: Fate;
  readonly lastHandle?: number;
  readonly takesPlain?: true;
  readonly happens?: (parts: { browser: ScriptedBrowser; worker: MortalWorker; store: MemoryStore }) => void;
}

async function record({ script, fate, lastHandle, takesPlain, happens }: Options = {}) {
  const browser = new ScriptedBrowser({ completeMillis: 400, readMax: 100_000, ...script });
  const store = new MemoryStore();
  if (takesPlain) store.takesPlain = true;
  const worker = new MortalWorker(browser, store, fate);
  const request = buildRequest(lastHandle === undefined ? {} : { lastHandle });
  happens?.({ browser, worker, store });
  worker.begin(request);
  await vi.advanceTimersByTimeAsync(300_000);
  vi.clearAllTimers();
  const recording = store.entries.get(request.id) ?? null;
  return { browser, worker, store, recording, bytes: store.traceOf(request.id) };
}

const LONG = gzipLike(40_000);

describe('a trace that Chrome still writes', () => {
  it('is stored before it is complete', async () => {
    let storedBefore = -1;
    const { recording, bytes } = await record({
      script: { stream: LONG },
      happens: ({ browser, store }) => {
        const append = store.appendTrace.bind(store);
        store.appendTrace = async (...chunk) => {
          if (browser.isCompleting) storedBefore = chunk[1] + chunk[2].length;
          return append(...chunk);
        };
      },
    });
    expect(storedBefore).toBeGreaterThan(LONG.length / 2);
    expect(recording).toMatchObject({ state: 'whole', dataLoss: false, trace: { bytes: LONG.length } });
    expect(Buffer.compare(bytes, LONG)).toBe(0);
  });

  it('is told to be all there, though the page still has something to tell', async () => {
    const { store, recording } = await record({
      script: { stream: LONG, silent: ['Page.createIsolatedWorld'] },
    });
    expect(store.ends).toEqual([{ bytes: LONG.length, title: 'Cart', state: 'recording' }]);
    expect(recording?.state).toBe('whole');
  });

  it('is told to be all there before its last bytes are stored, and is stored in order all the same', async () => {
    const stored: number[] = [];
    let storedAtEnd = -1;
    const { store, recording, bytes } = await record({
      script: { stream: LONG },
      happens: ({ store: slow }) => {
        const append = slow.appendTrace.bind(slow);
        slow.appendTrace = async (...chunk) => {
          await new Promise((resolve) => setTimeout(resolve, 700));
          stored.push(chunk[1]);
          return append(...chunk);
        };
        const note = slow.noteTraceEnd.bind(slow);
        slow.noteTraceEnd = (...end) => {
          storedAtEnd = slow.traceOf(end[0].id).length;
          note(...end);
        };
      },
    });
    expect(storedAtEnd).toBeLessThan(LONG.length);
    expect(store.ends.map((end) => end.bytes)).toEqual([LONG.length]);
    expect(stored).toEqual([...stored].sort((a, b) => a - b));
    expect(recording).toMatchObject({ state: 'whole', trace: { bytes: LONG.length } });
    expect(Buffer.compare(bytes, LONG)).toBe(0);
  });

  it('is never stored beyond a piece that could not be', async () => {
    let refused = 0;
    const { recording, bytes } = await record({
      script: { stream: LONG },
      happens: ({ store }) => {
        const append = store.appendTrace.bind(store);
        store.appendTrace = async (...chunk) => {
          const { room } = store;
          // One refusal, then there is room again.
          if (chunk[1] > 5_000 && refused++ === 0) store.room = 0;
          const answer = await append(...chunk);
          store.room = room;
          return answer;
        };
      },
    });
    expect(refused).toBe(1);
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'storage-full' } });
    expect(bytes.length).toBe(recording?.trace?.bytes);
    expect(Buffer.compare(bytes, LONG.subarray(0, bytes.length))).toBe(0);
  });

  it('is found among the handles after the last one that was seen', async () => {
    for (const [lastHandle, isFound] of [
      [0, true],
      [2, true],
      // Handles are counted up: after a later one there is none of ours, and the trace is read when it is complete.
      [3, false],
    ] as const) {
      const { browser, worker, recording, bytes } = await record({ lastHandle });
      expect(browser.earlyReads > 0, `after ${lastHandle}`).toBe(isFound);
      expect(recording?.state).toBe('whole');
      expect(Buffer.compare(bytes, browser.stream)).toBe(0);
      expect(worker.lastHandle).toBe(Number(STREAM_HANDLE));
    }
  });

  it('comes plain where its store packs it itself, be it protobuf or text', async () => {
    for (const refuseProto of [false, true]) {
      const { browser, recording, bytes } = await record({ script: { refuseProto }, takesPlain: true });
      expect(browser.startParams.streamCompression).toBe('none');
      expect(browser.earlyReads).toBeGreaterThan(1);
      expect(recording).toMatchObject({
        state: 'whole',
        trace: { format: refuseProto ? 'json' : 'perfetto' },
      });
      expect(Buffer.compare(bytes, browser.stream)).toBe(0);
    }
    const { browser } = await record();
    expect(browser.startParams.streamCompression).toBe('gzip');
  });

  it('is not taken for the stream of another, be that gzip as well', async () => {
    const other = gzipLike(3_000, 17);
    const { browser, recording, bytes } = await record({ script: { otherStream: other } });
    expect(browser.params.get('IO.close')).toEqual({ handle: STREAM_HANDLE });
    expect(recording).toMatchObject({ state: 'whole', trace: { bytes: browser.stream.length } });
    expect(Buffer.compare(bytes, browser.stream)).toBe(0);
  });

  it('leaves alone what is no gzip', async () => {
    const other = new TextEncoder().encode('{"version":3,"sources":[]}'.repeat(100));
    const { browser, bytes } = await record({ script: { otherStream: other } });
    expect(browser.earlyReads).toBeGreaterThan(0);
    expect(Buffer.compare(bytes, browser.stream)).toBe(0);
  });

  it('is whole where the service worker is killed in the middle, at whichever call', async () => {
    const script = { stream: LONG };
    const { worker } = await record({ script });
    for (let call = 30; call <= worker.calls; call++) {
      for (const when of ['before', 'after'] as const) {
        const { browser, recording, bytes } = await record({
          script,
          fate: (at) => (at === call ? when : null),
        });
        expect(recording, `killed ${when} ${call}`).toMatchObject({ state: 'whole', cutOff: null });
        expect(Buffer.compare(bytes, LONG), `killed ${when} ${call}: bytes`).toBe(0);
        expect(browser.attached).toBe(false);
      }
    }
  }, 60_000);

  it('is whole where the one who ended it was killed and Chrome takes long to write it', async () => {
    // Nobody hears that it is complete: the successor finds a stream that still grows.
    const script = { stream: LONG, completeMillis: 5_000, neverTellsComplete: true };
    const end = (await record({ script })).worker.callOf.get('Tracing.end');
    const { recording, bytes, worker } = await record({
      script,
      fate: (at) => (at === end ? 'after' : null),
    });
    expect(worker.deaths).toBe(1);
    expect(recording).toMatchObject({ state: 'whole', dataLoss: null });
    expect(Buffer.compare(bytes, LONG)).toBe(0);
  });

  it('is kept as far as it came where the tab is closed in the middle', async () => {
    const { recording, bytes } = await record({
      script: { stream: LONG },
      happens: ({ browser, worker, store }) => {
        const append = store.appendTrace.bind(store);
        store.appendTrace = async (...chunk) => {
          const stored = await append(...chunk);
          if (chunk[1] > 10_000) {
            browser.lose();
            worker.recorder?.handleDetach('tab-closed-while-recording');
          }
          return stored;
        };
      },
    });
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'tab-closed-while-recording' } });
    expect(bytes.length).toBeGreaterThan(10_000);
    expect(bytes.length).toBe(recording?.trace?.bytes);
    expect(Buffer.compare(bytes, LONG.subarray(0, bytes.length))).toBe(0);
  });

  it('is cut off where the disk is full, and says so', async () => {
    const { recording, bytes } = await record({
      script: { stream: LONG },
      happens: ({ store }) => {
        store.room = 20_000;
      },
    });
    expect(recording).toMatchObject({ state: 'cut-off', cutOff: { code: 'storage-full' } });
    expect(bytes.length).toBe(recording?.trace?.bytes);
    expect(bytes.length).toBeGreaterThan(0);
  });

  it('is thrown away where the user cancels in the middle', async () => {
    const { worker } = await record({
      script: { stream: LONG },
      happens: (parts) => {
        const append = parts.store.appendTrace.bind(parts.store);
        parts.store.appendTrace = async (...chunk) => {
          if (chunk[1] > 10_000) parts.worker.recorder?.cancel();
          return append(...chunk);
        };
      },
    });
    expect(worker.outcome).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });
});

/** A recording that is opened while it is being made: read as its bytes come, told as it ended. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fail, makeFailure, type Result, succeed } from '../../../src/base/index.ts';
import { Engine, type LibraryReader, type OpenProgress } from '../../../src/engine/index.ts';
import { openSource } from '../../../src/engine/opening/sources.ts';
import type { Recording } from '../../../src/recording/index.ts';
import { SMALL_TRACE } from '../../builders/json-trace.ts';
import { buildRecording, NO_SOURCES } from '../../builders/recording.ts';

const GZIPPED = new Uint8Array(gzipSync(SMALL_TRACE));
const GROWING = buildRecording({ name: 'shop', state: 'recording', trace: null });
const endedWith = (bytes: number, changes: Partial<Recording> = {}): Recording => ({
  ...GROWING,
  state: 'whole',
  trace: { format: 'json', bytes, chunks: 1 },
  ...changes,
});

/** A library whose one recording grows by the test's hand. */
function growingLibrary() {
  let entry: Result<Recording> = succeed(GROWING);
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let letGo = false;
  const stream = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    cancel() {
      letGo = true;
    },
  });
  const library: LibraryReader = {
    ...NO_SOURCES,
    get: async () => entry,
    list: async () => succeed([]),
    readTrace: () => Promise.reject(new Error('what grows is followed')),
    followTrace: async () => succeed(stream),
    readFrame: () => Promise.reject(new Error('no picture is asked for')),
  };
  return {
    library,
    engine: new Engine({ library }),
    grow: (bytes: Uint8Array) => controller?.enqueue(bytes),
    end(ended: Recording) {
      entry = succeed(ended);
      controller?.close();
    },
    change(changes: Partial<Recording>) {
      if (entry.ok) entry = succeed({ ...entry.value, ...changes });
    },
    breakOff(failure: ReturnType<typeof makeFailure>) {
      entry = fail(failure);
      controller?.error(failure);
    },
    wasLetGo: () => letGo,
  };
}

const source = { kind: 'library', id: GROWING.id } as const;
const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('a recording in progress', () => {
  test('is read as it comes, and told as it ended', async () => {
    const { engine, grow, end } = growingLibrary();
    const seen: OpenProgress[] = [];
    const opening = engine.open(source, { onProgress: (progress) => seen.push(progress) });
    const half = GZIPPED.length >> 1;
    grow(GZIPPED.subarray(0, half));
    await turns();
    grow(GZIPPED.subarray(half));
    await turns();
    const ended = endedWith(GZIPPED.length);
    end(ended);
    const opened = await opening;
    expect(opened).toMatchObject({ ok: true, value: { events: 8, recording: ended } });
    expect(opened.ok && opened.value.diagnostics.cutOff).toBe(0);
    expect(seen.every(({ totalBytes }) => totalBytes === null)).toBe(true);
    expect(seen.at(-1)?.readBytes).toBe(GZIPPED.length);
  });

  test('is opened as far as it came where its recorder broke off, and says that it is cut off', async () => {
    const { engine, grow, end } = growingLibrary();
    const opening = engine.open(source);
    // Everything but the end of the gzip stream.
    grow(GZIPPED.subarray(0, GZIPPED.length - 12));
    const cutOff = makeFailure('tab-closed-while-recording', { subject: 'shop' });
    end(endedWith(GZIPPED.length - 12, { state: 'cut-off', cutOff }));
    const opened = await opening;
    expect(opened).toMatchObject({ ok: true, value: { recording: { state: 'cut-off', cutOff } } });
    expect(opened.ok && opened.value.diagnostics.cutOff).toBe(1);
  });

  test('is sent with what was found out, and edited, after it was opened', async () => {
    const { engine, grow, end, change } = growingLibrary();
    const opening = engine.open(source);
    grow(GZIPPED);
    end(endedWith(GZIPPED.length, { state: 'recording', tags: { build: '1' } }));
    const opened = await opening;
    if (!opened.ok) throw new Error(opened.failure.message);
    const lcp = { value: 900, rating: 'good', attribution: {} } as const;
    change({ state: 'whole', tags: { build: '2' }, vitals: { ...GROWING.vitals, LCP: lcp } });
    const facts = { seed: 'a', name: 'shop', unixMillisAtZero: 5 };
    const cargo = await engine.cargo(opened.value.open, facts);
    expect(cargo).toMatchObject({ ok: true, value: { tags: { build: '2' } } });
    expect(cargo.ok && cargo.value.vitals).toContainEqual({ name: 'LCP', value: 900, rating: 'good' });
  });

  test("fails with the library's word where it is thrown away", async () => {
    const { engine, grow, breakOff } = growingLibrary();
    const opening = engine.open(source);
    grow(GZIPPED.subarray(0, 20));
    const failure = makeFailure('recording-not-found', { subject: 'shop' });
    breakOff(failure);
    expect(await opening).toEqual(fail(failure));
  });

  test('is let go of when it is cancelled, though no byte comes', async () => {
    const { engine, grow, wasLetGo } = growingLibrary();
    const controller = new AbortController();
    const opening = engine.open(source, { signal: controller.signal });
    grow(GZIPPED.subarray(0, 20));
    await turns();
    controller.abort();
    expect(await opening).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(wasLetGo()).toBe(true);
  });

  test('is taken for one gzip stream only while our recorder writes it', async () => {
    const { library, end } = growingLibrary();
    const growing = await openSource(source, library);
    expect(growing.ok && growing.value.isPackedOnce).toBe(true);
    end(endedWith(GZIPPED.length));
    const stream = new Blob([GZIPPED]).stream();
    // It may have come in a file.
    const ended = await openSource(source, { ...library, readTrace: async () => succeed(stream) });
    expect(ended.ok && ended.value.isPackedOnce).toBe(false);
  });
});

import { describe, expect, test } from 'vitest';
import { CATEGORIES } from '../../../src/analysis/index.ts';
import { fail, makeFailure, type Result, sliceIndex, succeed, threadIndex } from '../../../src/base/index.ts';
import {
  connectEngine,
  type EngineApi,
  type OpenedRecording,
  type OpenId,
  type WorkerPort,
} from '../../../src/engine/client.ts';
import { type HostPort, hostEngine } from '../../../src/engine/index.ts';
import { chartOf } from '../../builders/charts.ts';
import { buildOpenedRecording } from '../../builders/opened.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const OPEN = 1 as OpenId;
const FILE = { kind: 'file', name: 'page.json', file: new Blob(['[]']) } as const;

function defer<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}

/** An engine that says nothing unless told to. */
function makeEngine(answers: Partial<EngineApi>): EngineApi {
  const never = (): Promise<never> => new Promise(() => undefined);
  return {
    open: never,
    chart: never,
    search: never,
    match: never,
    tree: never,
    graph: never,
    occurrences: never,
    events: never,
    overview: never,
    breakdown: never,
    insights: never,
    details: never,
    arguments: never,
    picture: never,
    traceFile: never,
    previewTraceFile: never,
    cargo: never,
    tracing: never,
    served: never,
    showServerSpans: never,
    sourceText: never,
    sourceTimes: never,
    mapScript: never,
    giveText: never,
    marks: never,
    anchor: never,
    resolve: never,
    openDocument: never,
    compare: never,
    compareGraph: never,
    profileFile: never,
    close: never,
    warmUp: never,
    practise: never,
    ...answers,
  };
}

interface Rig {
  readonly client: ReturnType<typeof connectEngine>;
  readonly worker: WorkerPort;
  readonly crashes: string[];
}

/** A client and a host on the two ends of a real message channel. */
function connect(engine: EngineApi): Rig {
  const { port1, port2 } = new MessageChannel();
  const host: HostPort = {
    postMessage: (message, transfer) => port2.postMessage(message, transfer),
    onmessage: null,
  };
  hostEngine(engine, host);
  port2.onmessage = (event) => host.onmessage?.(event);
  const worker: WorkerPort = {
    postMessage: (message) => port1.postMessage(message),
    terminate: () => port1.close(),
    onmessage: null,
    onmessageerror: null,
    onerror: null,
  };
  port1.onmessage = (event) => worker.onmessage?.(event);
  const crashes: string[] = [];
  return { client: connectEngine(worker, (detail) => crashes.push(detail)), worker, crashes };
}

describe('asking the engine over a port', () => {
  test('an answer comes back whole, its columns moved and not copied', async () => {
    const chart = chartOf(traceOf(thread('Main').slice('RunTask', 0, 9).slice('Layout', 1, 4)));
    const { client } = connect(makeEngine({ chart: async () => succeed(chart) }));
    const expected = structuredClone(chart);
    expect(await client.chart(OPEN)).toEqual({ ok: true, value: expected });
    expect(
      [chart.boxes.start, chart.boxes.label, chart.rowStart].map(({ byteLength }) => byteLength),
    ).toEqual([0, 0, 0]);
    client.end();
  });

  test('answers find their askers whatever the order they come in', async () => {
    const later: (() => void)[] = [];
    const engine = makeEngine({
      overview: (_open, { buckets, range }) =>
        new Promise((resolve) =>
          later.push(() =>
            resolve(succeed({ range, buckets, busy: new Float32Array(CATEGORIES.length * buckets) })),
          ),
        ),
      close: async () => succeed(undefined),
    });
    const { client } = connect(engine);
    const range = { start: 0, end: 1 };
    const first = client.overview(OPEN, { thread: threadIndex(0), range, buckets: 1 });
    const second = client.overview(OPEN, { thread: threadIndex(0), range, buckets: 2 });
    await client.close(OPEN);
    for (const answer of later.reverse()) answer();
    const results = await Promise.all([first, second]);
    expect(results.map((result) => result.ok && result.value.buckets)).toEqual([1, 2]);
    client.end();
  });

  test('failures are answers, with progress before them', async () => {
    const failure = makeFailure('not-a-trace', { subject: 'page.json' });
    const engine = makeEngine({
      open: async (_source, options) => {
        options?.onProgress?.({ readBytes: 2, totalBytes: 2 });
        return fail(failure);
      },
    });
    const { client } = connect(engine);
    const seen: number[] = [];
    expect(await client.open(FILE, { onProgress: ({ readBytes }) => seen.push(readBytes) })).toEqual(
      fail(failure),
    );
    expect(seen).toEqual([2]);
    client.end();
  });

  test('a bug in the engine rejects with its message', async () => {
    const engine = makeEngine({
      details: () => Promise.reject(new Error('Pageflame bug: there is no slice 7')),
    });
    const { client } = connect(engine);
    await expect(client.details(OPEN, sliceIndex(7))).rejects.toThrow('there is no slice 7');
    client.end();
  });

  test('a question about another slice takes the one before back, in the engine too', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const engine = makeEngine({
      arguments: async (_open, slice, options) => {
        signals.push(options?.signal);
        if (slice === 7) await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve));
        return fail(makeFailure('event-changed', { subject: `slice ${slice}` }));
      },
    });
    const { client } = connect(engine);
    const abort = new AbortController();
    const first = client.arguments(OPEN, sliceIndex(7), { signal: abort.signal });
    const second = client.arguments(OPEN, sliceIndex(8));
    expect(await second).toEqual(fail(makeFailure('event-changed', { subject: 'slice 8' })));
    abort.abort();
    expect(await first).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    // Messages keep their order: an answer to what was asked after the cancelling comes behind it.
    await client.arguments(OPEN, sliceIndex(9));
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, false, false]);
    client.end();
  });

  test('cancelling answers at once and tells the engine', async () => {
    const told = defer<void>();
    const engine = makeEngine({
      open: (_source, options) =>
        new Promise(() => options?.signal?.addEventListener('abort', () => told.resolve())),
      close: async () => succeed(undefined),
    });
    const { client } = connect(engine);
    const controller = new AbortController();
    const opening = client.open(FILE, { signal: controller.signal });
    await client.close(OPEN);
    controller.abort();
    expect(await opening).toEqual(fail(makeFailure('cancelled', { subject: 'Opening page.json' })));
    await told.promise;
    const late = await client.open(FILE, { signal: controller.signal });
    expect(late.ok ? 'opened' : late.failure.code).toBe('cancelled');
    client.end();
  });

  type Late = Promise<Result<OpenedRecording>>;
  test.each<{
    readonly what: string;
    readonly answer: (late: Late) => Partial<EngineApi>;
    readonly ask: (api: EngineApi, signal: AbortSignal) => Promise<Result<unknown>>;
  }>([
    {
      what: 'a recording',
      answer: (late) => ({ open: () => late }),
      ask: (api, signal) => api.open(FILE, { signal }),
    },
    {
      what: 'a practice',
      answer: (late) => ({ practise: () => late }),
      ask: (api, signal) => api.practise({ signal }),
    },
    {
      what: 'a document',
      answer: (late) => ({
        openDocument: async () => {
          const opened = await late;
          return opened.ok ? succeed({ kind: 'trace', opened: opened.value }) : opened;
        },
      }),
      ask: (api, signal) => api.openDocument(FILE, { signal }),
    },
  ])('$what that opened after it was given up is closed again', async ({ answer, ask }) => {
    const closed = defer<OpenId>();
    const opened = defer<Result<OpenedRecording>>();
    const engine = makeEngine({
      ...answer(opened.promise),
      close: async (open) => {
        closed.resolve(open);
        return succeed(undefined);
      },
    });
    const { client } = connect(engine);
    const controller = new AbortController();
    const asking = ask(client, controller.signal);
    controller.abort();
    expect((await asking).ok).toBe(false);
    opened.resolve(succeed(buildOpenedRecording({ open: OPEN })));
    expect(await closed.promise).toBe(OPEN);
    client.end();
  });

  test('a crashed worker is reported once and answers everything asked, before and after', async () => {
    const { client, worker, crashes } = connect(makeEngine({}));
    const waiting = [client.open(FILE), client.chart(OPEN)];
    const crash: Partial<ErrorEvent> = { message: 'out of memory' };
    worker.onerror?.(crash as ErrorEvent);
    worker.onerror?.(crash as ErrorEvent);
    const results = [...(await Promise.all(waiting)), await client.close(OPEN)];
    expect(results.map((result) => (result.ok ? 'ok' : result.failure))).toEqual([
      makeFailure('engine-crashed', { subject: 'page.json', detail: 'out of memory' }),
      makeFailure('engine-crashed', { subject: 'the recording', detail: 'out of memory' }),
      makeFailure('engine-crashed', { subject: 'the recording', detail: 'out of memory' }),
    ]);
    expect(crashes).toEqual(['out of memory']);
  });
});

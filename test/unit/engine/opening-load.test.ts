/**
 * What opening asks of the panel's thread, and how soon it can be told and stopped, in counts: what crosses over does
 * not grow with the trace, words of progress come as often as an eye sees them and no oftener, and between two of them
 * there is one piece of the source.
 */
import { expect, test } from 'vitest';
import { fail, makeFailure } from '../../../src/base/index.ts';
import {
  Engine,
  type EngineApi,
  type HostPort,
  hostEngine,
  type OpenedRecording,
  type Source,
} from '../../../src/engine/index.ts';
import type { AskMessage, HostMessage } from '../../../src/engine/protocol.ts';
import type { Chart } from '../../../src/flame/index.ts';
import { SMALL_TRACE } from '../../builders/json-trace.ts';

/** The small page with `tasks` more tasks, each with a layout in it, and as many counts of the heap. */
function traceWith(tasks: number): string {
  const { traceEvents } = JSON.parse(SMALL_TRACE);
  const page = { pid: 10, tid: 1, cat: 'devtools.timeline', args: {} };
  const heap = { data: { jsHeapSizeUsed: 1_000, documents: 1, nodes: 2, jsEventListeners: 3 } };
  for (let task = 0; task < tasks; task++) {
    const ts = 10_000 + task * 10;
    traceEvents.push({ ...page, ph: 'X', ts, dur: 8, name: 'RunTask' });
    traceEvents.push({ ...page, ph: 'X', ts: ts + 1, dur: 5, name: 'Layout' });
    traceEvents.push({ ...page, ph: 'I', s: 't', ts: ts + 2, name: 'UpdateCounters', args: heap });
  }
  return JSON.stringify({ traceEvents });
}

const fileOf = (text: string): Source => ({ kind: 'file', name: 'page.json', file: new Blob([text]) });

/** A host whose messages are kept with what moves with them, and a clock that the test turns. */
function openHost(
  engine: EngineApi = new Engine({ library: null }),
  onProgress: () => void = () => undefined,
) {
  const posted: { message: HostMessage; moved: ReadonlySet<unknown> }[] = [];
  const clock = { millis: 0 };
  let wake = (): void => undefined;
  const port: HostPort = {
    postMessage(message, transfer) {
      posted.push({ message, moved: new Set(transfer) });
      if (message.type === 'progress') onProgress();
      wake();
    },
    onmessage: null,
  };
  hostEngine(engine, port, () => clock.millis);
  const say = (data: AskMessage | { type: 'cancel'; ask: number }) =>
    port.onmessage?.(new MessageEvent('message', { data }));
  const answered = async (ask: number) => {
    for (;;) {
      const found = posted.find(({ message }) => message.type === 'answer' && message.ask === ask);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { posted, clock, say, answered };
}

/** Values that are copied over one by one: all but the insides of columns that move. */
function countCopied(value: unknown, moved: ReadonlySet<unknown>): number {
  if (ArrayBuffer.isView(value)) return moved.has(value.buffer) ? 1 : value.byteLength;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + countCopied(inner, moved), 1);
}

/** What the panel's thread is handed until the chart is there: the answers of everything that it asks for. */
async function countOpening(tasks: number): Promise<{ copied: number; boxes: number }> {
  const { say, answered } = openHost();
  say({ type: 'ask', ask: 1, kind: 'open', args: [fileOf(traceWith(tasks))], options: {} });
  const opened = await answered(1);
  if (opened.message.type !== 'answer' || !opened.message.result.ok) throw new Error('it does not open');
  const { open, mainThread, bounds } = opened.message.result.value as OpenedRecording;
  if (mainThread === null) throw new Error('it has no main thread');
  const about = { thread: mainThread, range: bounds };
  say({ type: 'ask', ask: 2, kind: 'chart', args: [open], options: {} });
  say({ type: 'ask', ask: 3, kind: 'breakdown', args: [open, about], options: {} });
  say({ type: 'ask', ask: 4, kind: 'overview', args: [open, { ...about, buckets: 100 }], options: {} });
  let copied = 0;
  let boxes = 0;
  for (const ask of [1, 2, 3, 4]) {
    const { message, moved } = await answered(ask);
    copied += countCopied(message, moved);
    if (ask === 2 && message.type === 'answer' && message.result.ok)
      boxes = (message.result.value as Chart).boxes.length;
  }
  return { copied, boxes };
}

test('what the panel is handed does not grow with the trace', async () => {
  const small = await countOpening(100);
  const large = await countOpening(3_200);
  expect(large.boxes).toBeGreaterThan(20 * small.boxes);
  // A level of the index more for each doubling, three values each.
  expect(large.copied - small.copied).toBeLessThan(40);
  expect(small.copied).toBeLessThan(1_000);
});

test('progress is told as often as an eye sees it, however often there is some', async () => {
  const engine = new Engine({ library: null });
  const open: EngineApi['open'] = async (_source, options) => {
    for (let readBytes = 1; readBytes <= 1_000; readBytes++) {
      clock.millis = readBytes;
      options?.onProgress?.({ readBytes, totalBytes: 1_000 });
    }
    return fail(makeFailure('file-empty', { subject: 'page.json' }));
  };
  const { posted, clock, say, answered } = openHost(Object.assign(engine, { open }));
  say({ type: 'ask', ask: 1, kind: 'open', args: [fileOf('')], options: {} });
  await answered(1);
  const told = posted.flatMap(({ message }) =>
    message.type === 'progress' ? [message.progress.readBytes] : [],
  );
  expect(told).toHaveLength(20);
  // At least every 100 ms, if there is any.
  expect(Math.max(...told.slice(1).map((bytes, index) => bytes - told[index]))).toBeLessThanOrEqual(100);
});

const MEGABYTE = 1 << 20;
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
/** A file that never is in memory; it counts how often it is read. */
function hugeFile(megabytes: number) {
  const reads: number[] = [];
  const head = new TextEncoder().encode('[\n');
  const file = new Blob([head]);
  Object.defineProperty(file, 'size', { value: megabytes * MEGABYTE });
  file.stream = () =>
    new ReadableStream({
      type: 'bytes',
      pull(controller) {
        const view = controller.byobRequest?.view;
        if (!view || !controller.byobRequest) throw new Error('it is read into buffers of the reader');
        if (sum(reads) >= megabytes * MEGABYTE) {
          controller.close();
          controller.byobRequest.respond(0);
          return;
        }
        reads.push(view.byteLength);
        const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(0x20);
        if (reads.length === 1) bytes.set(head);
        controller.byobRequest.respond(view.byteLength);
      },
    });
  return { reads, source: { kind: 'file', name: 'huge.json', file } as const };
}

test('there is word of progress after each piece of a file, and pieces are small', async () => {
  const { reads, source } = hugeFile(40);
  let told = 0;
  await new Engine({ library: null }).open(source, { onProgress: () => void told++ });
  expect(reads.length).toBeGreaterThanOrEqual(40);
  expect(Math.max(...reads)).toBe(MEGABYTE);
  expect(told).toBeGreaterThanOrEqual(40);
});

test('a cancel is heard before the next piece but those read ahead', async () => {
  const { reads, source } = hugeFile(200);
  let before = -1;
  const { say, answered } = openHost(new Engine({ library: null }), () => {
    before = reads.length;
    say({ type: 'cancel', ask: 1 });
  });
  say({ type: 'ask', ask: 1, kind: 'open', args: [source], options: {} });
  const { message } = await answered(1);
  expect(before).toBeGreaterThan(0);
  expect(message).toMatchObject({ result: { ok: false, failure: { code: 'cancelled' } } });
  expect(reads.length - before).toBeLessThanOrEqual(4);
});

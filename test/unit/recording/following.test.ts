/** A trace that is read while it is being recorded: every byte once and in order, however its writer fares. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Failure, makeFailure, type Result } from '../../../src/base/index.ts';
import { ChangeTeller } from '../../../src/recording/changes.ts';
import type { Recording } from '../../../src/recording/index.ts';
import { Library } from '../../../src/recording/library.ts';
import { TestLocks } from '../../builders/locks.ts';
import { buildRecording, noise } from '../../builders/recording.ts';

let locks: TestLocks;
/** A follower that hears of no change looks again after this. */
const LOOK_AGAIN_MILLIS = 20;
const openLibrary = (): Library =>
  new Library({ locks, lockWaitMillis: 50, lookAgainMillis: LOOK_AGAIN_MILLIS });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  locks = new TestLocks();
});

function ok<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.detail}`);
  return result.value;
}

const started = buildRecording({ state: 'recording', trace: null });
const { id } = started;
const holding = (bytes: number, changes: Partial<Recording> = {}): Recording => ({
  ...started,
  trace: bytes === 0 ? null : { format: 'perfetto', bytes, chunks: 1 },
  ...changes,
});

/** Appends `trace` from `from` to `to`, as a recorder does. */
async function append(library: Library, trace: Uint8Array, from: number, to: number): Promise<void> {
  ok(await library.appendTrace(holding(to), from, trace.subarray(from, to)));
}

interface Followed {
  readonly bytes: Uint8Array;
  readonly failure: Failure | null;
}

/** All that a follower in a context of its own reads; `onPiece` is called after each piece. */
async function follow(onPiece: (bytes: number) => void = () => undefined): Promise<Followed> {
  const library = openLibrary();
  const reader = ok(await library.followTrace(id)).getReader();
  const pieces: number[] = [];
  let failure: Failure | null = null;
  for (;;) {
    const next = await reader.read().catch((error: Failure) => {
      failure = error;
      return { done: true, value: undefined } as const;
    });
    if (next.done) break;
    pieces.push(...next.value);
    onPiece(pieces.length);
  }
  await library.close();
  return { bytes: Uint8Array.from(pieces), failure };
}

describe('a trace that grows', () => {
  test('is read as it comes, to the end that the recording tells', async () => {
    const trace = noise(3_000, 1);
    const writer = openLibrary();
    ok(await writer.put(started));
    let read = 0;
    const following = follow((bytes) => {
      read = bytes;
    });
    const isRead = (bytes: number) => expect.poll(() => read, { interval: 5 }).toBe(bytes);
    await append(writer, trace, 0, 1_000);
    await isRead(1_000);
    await append(writer, trace, 1_000, 2_500);
    await append(writer, trace, 2_500, 2_501);
    await isRead(2_501);
    await append(writer, trace, 2_501, 3_000);
    ok(await writer.put(holding(3_000, { state: 'whole' })));
    expect(await following).toEqual({ bytes: trace, failure: null });
    await writer.close();
  });

  test('ends where its writer says so, though the recording goes on', async () => {
    const trace = noise(300, 9);
    const writer = openLibrary();
    ok(await writer.put(started));
    let read = 0;
    const following = follow((bytes) => {
      read = bytes;
    });
    await append(writer, trace, 0, 200);
    // It listens by now.
    await expect.poll(() => read, { interval: 5 }).toBe(200);
    await append(writer, trace, 200, 300);
    writer.noteTraceEnd(holding(300), 300);
    expect(await following).toEqual({ bytes: trace, failure: null });
    expect(ok(await writer.get(id)).state).toBe('recording');
    await writer.close();
  });

  test('is read as it is told, before it is stored', async () => {
    const trace = noise(700, 10);
    const writer = openLibrary();
    ok(await writer.put(started));
    const teller = new ChangeTeller();
    const tell = (from: number, to: number): void =>
      teller.tell(id, { kind: 'piece', offset: from, bytes: trace.slice(from, to) });
    const following = follow((bytes) => {
      if (bytes === 300) {
        // Its writer died before these were stored; the successor tells them again, cut otherwise.
        tell(250, 500);
        tell(500, 700);
        teller.tell(id, { kind: 'end', traceBytes: 700 });
      }
    });
    // It listens when it has looked.
    await new Promise((resolve) => setTimeout(resolve, 2 * LOOK_AGAIN_MILLIS));
    tell(0, 250);
    tell(250, 300);
    expect(await following).toEqual({ bytes: trace, failure: null });
    expect(ok(await writer.get(id)).trace).toBeNull();
    teller.close();
    await writer.close();
  });

  test('is filled up from the library where a word was told before anybody listened', async () => {
    const trace = noise(400, 11);
    const writer = openLibrary();
    ok(await writer.put(started));
    let read = 0;
    const following = follow((bytes) => {
      read = bytes;
    });
    await append(writer, trace, 0, 100);
    await expect.poll(() => read, { interval: 5 }).toBe(100);
    const usual = globalThis.BroadcastChannel;
    globalThis.BroadcastChannel = class extends usual {
      constructor(name: string) {
        super(`${name} of another`);
      }
    };
    await writer.close();
    const silent = openLibrary();
    await append(silent, trace, 100, 200);
    await silent.close();
    globalThis.BroadcastChannel = usual;
    const successor = openLibrary();
    await append(successor, trace, 200, 400);
    successor.noteTraceEnd(started, 400);
    expect(await following).toEqual({ bytes: trace, failure: null });
    await successor.close();
  });

  test('says so where it ended with less than was told', async () => {
    const trace = noise(200, 12);
    const writer = openLibrary();
    ok(await writer.put(started));
    const teller = new ChangeTeller();
    let read = 0;
    const following = follow((bytes) => {
      read = bytes;
    });
    await append(writer, trace, 0, 100);
    await expect.poll(() => read, { interval: 5 }).toBe(100);
    teller.tell(id, { kind: 'piece', offset: 100, bytes: trace.slice(100) });
    await expect.poll(() => read, { interval: 5 }).toBe(200);
    const cutOff = makeFailure('storage-full', { subject: started.url });
    ok(await writer.put(holding(100, { state: 'cut-off', cutOff })));
    expect((await following).failure).toMatchObject({
      code: 'recording-changed',
      detail: '100 bytes where 200 were',
    });
    teller.close();
    await writer.close();
  });

  test('is read whole where it was whole before', async () => {
    const writer = openLibrary();
    const trace = noise(500, 2);
    ok(await writer.put(started));
    await append(writer, trace, 0, 200);
    await append(writer, trace, 200, 500);
    ok(await writer.put(holding(500, { state: 'whole' })));
    expect(await follow()).toEqual({ bytes: trace, failure: null });
    await writer.close();
  });

  test('goes on with the successor of a writer that was killed, wherever that cuts its chunks', async () => {
    const trace = noise(900, 3);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ from: fc.nat(8), length: fc.integer({ min: 1, max: 5 }) }), { maxLength: 8 }),
        async (writes) => {
          globalThis.indexedDB = new IDBFactory();
          let writer = openLibrary();
          ok(await writer.put(started));
          const following = follow();
          const cuts = [0];
          for (const { from, length } of writes) {
            // Its successor stores again from one of the chunks on.
            await writer.close();
            writer = openLibrary();
            cuts.splice(Math.min(from, cuts.length - 1) + 1);
            const offset = cuts.at(-1) ?? 0;
            const end = Math.min(900, offset + length * 50);
            if (end === offset) continue;
            // Bytes that were read are not taken back: a successor reads on from what is stored, or stores it again.
            const stored = ok(await writer.get(id)).trace?.bytes ?? 0;
            await append(writer, trace, offset, Math.max(end, stored));
            cuts.push(Math.max(end, stored));
          }
          const stored = ok(await writer.get(id)).trace?.bytes ?? 0;
          if (stored < 900) await append(writer, trace, stored, 900);
          ok(await writer.put(holding(900, { state: 'whole' })));
          expect(await following).toEqual({ bytes: trace, failure: null });
          await writer.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  test('ends with what is there where it is cut off', async () => {
    const writer = openLibrary();
    const trace = noise(100, 4);
    ok(await writer.put(started));
    const following = follow();
    await append(writer, trace, 0, 60);
    // Its writer dies, and nobody goes on: the next start of the browser tells so.
    await writer.close();
    const successor = openLibrary();
    const cutOff = makeFailure('browser-gone', { subject: started.url });
    ok(await successor.put(holding(60, { state: 'cut-off', cutOff })));
    expect(await following).toEqual({ bytes: trace.subarray(0, 60), failure: null });
    await successor.close();
  });

  test.each([
    ['thrown away', 'recording-not-found', async (writer: Library) => ok(await writer.remove(id))],
    [
      'cut off before its first byte',
      'trace-gone',
      async (writer: Library) => ok(await writer.put(holding(0, { state: 'cut-off' }))),
    ],
  ] as const)('says so where the recording is %s', async (_what, code, end) => {
    const writer = openLibrary();
    ok(await writer.put(started));
    const library = openLibrary();
    const reader = ok(await library.followTrace(id)).getReader();
    const read = reader.read().catch((failure: Failure) => failure.code);
    await end(writer);
    expect(await read).toBe(code);
    await library.close();
    await writer.close();
  });

  test('says so where bytes that were read are there no more', async () => {
    const writer = openLibrary();
    ok(await writer.put(started));
    await append(writer, noise(100, 5), 0, 100);
    let wasRead = (): void => undefined;
    const read = new Promise<void>((resolve) => {
      wasRead = resolve;
    });
    const following = follow(() => wasRead());
    await read;
    await append(writer, noise(40, 6), 0, 40);
    const { bytes, failure } = await following;
    expect(bytes.length).toBe(100);
    expect(failure).toMatchObject({ code: 'recording-changed', detail: '40 bytes where 100 were' });
    await writer.close();
  });

  test('is looked at again where no word comes of a change', async () => {
    const writer = openLibrary();
    const trace = noise(30, 7);
    ok(await writer.put(started));
    await writer.close();
    const library = openLibrary();
    const reader = ok(await library.followTrace(id)).getReader();
    const read = reader.read();
    const usual = globalThis.BroadcastChannel;
    // Words of this writer reach nobody.
    globalThis.BroadcastChannel = class extends usual {
      constructor(name: string) {
        super(`${name} of another`);
      }
    };
    const silent = openLibrary();
    await append(silent, trace, 0, 30);
    globalThis.BroadcastChannel = usual;
    expect((await read).value).toEqual(trace);
    await reader.cancel();
    await library.close();
    await silent.close();
  });

  test('is let go of in the middle', async () => {
    const writer = openLibrary();
    ok(await writer.put(started));
    await append(writer, noise(10, 8), 0, 10);
    const library = openLibrary();
    const reader = ok(await library.followTrace(id)).getReader();
    expect((await reader.read()).value?.length).toBe(10);
    await reader.cancel();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    await library.close();
    await writer.close();
  });
});

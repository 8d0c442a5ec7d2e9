/** The library: nothing stored is lost or mixed up, one writer at a time, and every fault has its sentence. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { makeFailure, type Result } from '../../../src/base/index.ts';
import {
  type KeptSource,
  NO_NOTES,
  packRecording,
  type Recording,
  recordingId,
  unpackRecording,
} from '../../../src/recording/index.ts';
import { Library } from '../../../src/recording/library.ts';
import { TestLocks } from '../../builders/locks.ts';
import { buildRecording, bytesOf, noise } from '../../builders/recording.ts';

let locks: TestLocks;
const openLibrary = (): Library => new Library({ locks, lockWaitMillis: 50 });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  locks = new TestLocks();
  return () => vi.restoreAllMocks();
});

function ok<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.detail}`);
  return result.value;
}
const codeOf = (result: Result<unknown>): string => (result.ok ? 'none' : result.failure.code);

const started = buildRecording();
const id = started.id;
/** `recording` after `bytes` of its trace were stored. */
const withTrace = (bytes: number, recording: Recording = started): Recording => ({
  ...recording,
  trace: { format: 'perfetto', bytes, chunks: 1 },
});
const traceOf = async (library: Library): Promise<Uint8Array> => bytesOf(ok(await library.readTrace(id)));

const MAP: KeptSource = {
  kind: 'map',
  url: 'https://a.test/app.js',
  fetchedFrom: 'https://a.test/app.js.map',
  packed: noise(9, 6),
};

describe('a recording', () => {
  test('is kept as it grows, and read back by another context', async () => {
    const writer = openLibrary();
    const [first, second, jpeg] = [noise(1000, 1), noise(500, 2), noise(300, 3)];
    ok(await writer.put(started));
    ok(await writer.appendTrace(withTrace(1000), 0, first));
    const withFrame = { ...withTrace(1000), frames: [{ time: started.startedAt + 10, bytes: 300 }] };
    ok(await writer.appendFrame(withFrame, jpeg));
    const last = withTrace(1500, withFrame);
    ok(await writer.appendTrace(last, 1000, second));

    const reader = openLibrary();
    expect(ok(await reader.get(id))).toStrictEqual(last);
    expect(await traceOf(reader)).toStrictEqual(new Uint8Array([...first, ...second]));
    expect(ok(await reader.readFrame(id, 0))).toStrictEqual(jpeg);
  });

  test('stores a view, not the buffer that it looks into', async () => {
    const library = openLibrary();
    ok(await library.put(started));
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    ok(await library.appendTrace(withTrace(10), 0, noise(1000).subarray(5, 15)));
    const stored = put.mock.calls.map(([value]) => value).filter((value) => value instanceof Uint8Array);
    expect(stored.map((bytes) => bytes.buffer.byteLength)).toStrictEqual([10]);
  });

  test('takes a chunk again whose writer died before it knew, with all that came after it', async () => {
    const library = openLibrary();
    ok(await library.put(started));
    ok(await library.appendTrace(withTrace(4), 0, new Uint8Array([1, 2, 3, 4])));
    ok(await library.appendTrace(withTrace(8), 4, new Uint8Array([5, 6, 7, 8])));
    await library.close();
    const successor = openLibrary();
    ok(await successor.appendTrace(withTrace(6), 4, new Uint8Array([5, 6])));
    ok(await successor.appendTrace(withTrace(7), 6, new Uint8Array([7])));
    expect(await traceOf(successor)).toStrictEqual(new Uint8Array([1, 2, 3, 4, 5, 6, 7]));
  });

  test('never gets a gap, and never an entry that miscounts', async () => {
    const library = openLibrary();
    ok(await library.put(started));
    await expect(library.appendTrace(withTrace(20), 10, noise(10))).rejects.toThrow(/gap/);
    await expect(library.appendTrace(withTrace(11), 0, noise(10))).rejects.toThrow(/count/);
    expect(ok(await library.get(id))).toStrictEqual(started);
  });

  test('is listed newest first, also while it is recorded', async () => {
    const library = openLibrary();
    const older = buildRecording({ id: recordingId('older'), startedAt: started.startedAt - 1 });
    for (const recording of [older, started]) ok(await library.put(recording));
    expect(ok(await library.list()).map((recording) => recording.id)).toStrictEqual([id, 'older']);
  });

  test('is deleted with every byte, and its neighbours stay', async () => {
    const library = openLibrary();
    const ids = ['a', 'b', 'c'].map(recordingId);
    for (const each of ids) {
      const recording = buildRecording({ id: each });
      ok(await library.put(recording));
      ok(await library.appendTrace(withTrace(3, recording), 0, noise(3)));
      const ended: Recording = {
        ...withTrace(3, recording),
        state: 'whole',
        frames: [{ time: 1, bytes: 2 }],
      };
      ok(await library.appendFrame(ended, noise(2)));
      ok(await library.put(ended));
    }
    ok(await library.remove(ids[1]));
    expect(codeOf(await library.get(ids[1]))).toBe('recording-not-found');
    expect(codeOf(await library.readTrace(ids[1]))).toBe('recording-not-found');
    expect(codeOf(await library.readFrame(ids[1], 0))).toBe('recording-not-found');
    for (const each of [ids[0], ids[2]]) {
      expect((await bytesOf(ok(await library.readTrace(each)))).length).toBe(3);
      expect(ok(await library.readFrame(each, 0)).length).toBe(2);
    }
    expect(codeOf(await library.remove(ids[1]))).toBe('none');
  });

  test('says that its trace is gone where none ever came', async () => {
    const library = openLibrary();
    ok(await library.put({ ...started, state: 'cut-off' }));
    expect(codeOf(await library.readTrace(id))).toBe('trace-gone');
  });

  test('that is deleted while it is read ends the stream with a failure', async () => {
    const library = openLibrary();
    ok(await library.put(started));
    ok(await library.appendTrace(withTrace(2), 0, noise(2)));
    ok(await library.put({ ...withTrace(2), state: 'whole' }));
    const stream = ok(await library.readTrace(id));
    ok(await library.remove(id));
    await expect(bytesOf(stream)).rejects.toMatchObject({ code: 'recording-not-found' });
  });

  test('gets a name and tags once it has ended, not before', async () => {
    const library = openLibrary();
    ok(await library.put(started));
    expect(codeOf(await library.edit(id, { name: 'mine' }))).toBe('recording-busy');
    ok(await library.put({ ...started, state: 'whole' }));
    ok(await library.edit(id, { name: 'mine', tags: { env: 'staging' } }));
    expect(ok(await library.get(id))).toMatchObject({
      name: 'mine',
      tags: { env: 'staging' },
      state: 'whole',
    });
  });

  test('keeps notes, and an entry of an older version has none', async () => {
    const library = openLibrary();
    const { notes: _, ...older } = { ...started, state: 'whole' as const };
    ok(await library.put(older as Recording));
    expect(ok(await library.get(id)).notes).toStrictEqual(NO_NOTES);
    expect(ok(await library.list())[0].notes).toStrictEqual(NO_NOTES);
    const notes = {
      ...NO_NOTES,
      annotations: [{ id: 'a', kind: 'range', start: 1, end: 2, text: 'slow' }],
    } as const;
    ok(await library.edit(id, { notes }));
    expect(ok(await library.get(id)).notes).toStrictEqual(notes);
  });
});

describe('sources that were given', () => {
  test('stay with a recording that has ended, one of a kind and address, and go with it', async () => {
    const library = openLibrary();
    ok(await library.put(started));
    expect(codeOf(await library.keepSource(id, MAP))).toBe('recording-busy');
    ok(await library.put({ ...started, state: 'whole' }));
    ok(await library.keepSource(id, { ...MAP, fetchedFrom: '' }));
    ok(await library.keepSource(id, MAP));
    const other = { ...MAP, kind: 'text' } as const;
    ok(await library.keepSource(id, other));
    expect(ok(await openLibrary().readSources(id))).toStrictEqual([MAP, other]);
    ok(await library.dropSource(id, 'text', other.url));
    ok(await library.dropSource(id, 'text', other.url));
    expect(ok(await library.readSources(id))).toStrictEqual([MAP]);
    ok(await library.remove(id));
    expect(ok(await library.readSources(id))).toStrictEqual([]);
    expect(codeOf(await library.keepSource(id, MAP))).toBe('recording-not-found');
  });

  test('find room in a library that was made without', async () => {
    const made = await openDB('pageflame', 1, {
      upgrade(database) {
        for (const store of ['recordings', 'chunks', 'frames']) database.createObjectStore(store);
      },
    });
    await made.put('recordings', { ...started, state: 'whole' }, id);
    made.close();
    const library = openLibrary();
    ok(await library.keepSource(id, MAP));
    expect(ok(await library.list()).map((each) => each.id)).toStrictEqual([id]);
  });
});

describe('a library of version 2', () => {
  test('had source maps alone, and still has them', async () => {
    const made = await openDB('pageflame', 2, {
      upgrade(database) {
        for (const store of ['recordings', 'chunks', 'frames', 'maps']) database.createObjectStore(store);
      },
    });
    const { url, fetchedFrom: mapUrl, packed } = MAP;
    await made.put('recordings', { ...started, state: 'whole' }, id);
    await made.put('maps', { url, mapUrl, packed }, [id, url]);
    made.close();
    expect(ok(await openLibrary().readSources(id))).toStrictEqual([MAP]);
  });
});

describe('files', () => {
  const trace = noise(2_500_000);
  const frames = [noise(10, 4), noise(20, 5)];
  const recording = buildRecording({
    state: 'whole',
    trace: { format: 'json', bytes: trace.length, chunks: 1 },
    frames: frames.map((frame) => ({ time: started.startedAt, bytes: frame.length })),
  });

  test('come in and go out again the same', async () => {
    const library = openLibrary();
    ok(await library.add({ recording, trace, frames, sources: [MAP] }));
    const file = await bytesOf(packRecording(ok(await library.open(id))));
    const unpacked = ok(unpackRecording(file, 'x'));
    expect(unpacked.recording).toStrictEqual({ ...recording, trace: { ...recording.trace, chunks: 3 } });
    expect(Buffer.from(unpacked.trace ?? []).equals(trace)).toBe(true);
    expect(unpacked.frames.map((frame) => frame.length)).toStrictEqual([10, 20]);
    expect(
      unpacked.sources.map(({ packed, ...about }) => ({ ...about, bytes: packed.length })),
    ).toStrictEqual([{ kind: 'map', url: MAP.url, fetchedFrom: MAP.fetchedFrom, bytes: 9 }]);
  });

  test('that are here already change nothing', async () => {
    const library = openLibrary();
    ok(await library.add({ recording, trace, frames, sources: [MAP] }));
    ok(await library.edit(id, { name: 'mine' }));
    expect(ok(await library.add({ recording, trace, frames, sources: [MAP] })).name).toBe('mine');
    expect(ok(await library.list()).length).toBe(1);
  });

  test('opened by two windows at once come in once', async () => {
    // The second waits for as long as the first writes.
    const [one, other] = [1, 2].map(() => new Library({ locks, lockWaitMillis: 60_000 }));
    const added = await Promise.all(
      [one, other].map((each) => each.add({ recording, trace, frames, sources: [] })),
    );
    expect(added.map(codeOf)).toStrictEqual(['none', 'none']);
    expect(Buffer.from(await traceOf(one)).equals(trace)).toBe(true);
  });

  test('come in whole or not at all', async () => {
    const library = openLibrary();
    failPut('frames', 'QuotaExceededError');
    expect(codeOf(await library.add({ recording, trace, frames, sources: [MAP] }))).toBe('library-full');
    vi.restoreAllMocks();
    expect(ok(await library.list())).toStrictEqual([]);
    expect(ok(await library.add({ recording, trace, frames, sources: [MAP] })).id).toBe(id);
  });
});

describe('two windows', () => {
  test('never write the same recording: the second is refused until the first has ended', async () => {
    const [one, other] = [openLibrary(), openLibrary()];
    ok(await one.put(started));
    expect(codeOf(await other.appendTrace(withTrace(3), 0, noise(3)))).toBe('recording-busy');
    expect(codeOf(await other.put({ ...started, state: 'whole' }))).toBe('recording-busy');
    expect(codeOf(await other.remove(id))).toBe('recording-busy');
    expect(codeOf(await other.get(id))).toBe('none');
    ok(await one.put({ ...started, state: 'whole' }));
    expect(locks.held).toStrictEqual([]);
    expect(codeOf(await other.remove(id))).toBe('none');
  });

  test('a successor goes on where a writer died', async () => {
    const dead = openLibrary();
    ok(await dead.put(started));
    await dead.close();
    const successor = openLibrary();
    expect(codeOf(await successor.appendTrace(withTrace(3), 0, noise(3)))).toBe('none');
  });

  test('write different recordings at the same time', async () => {
    const [one, other] = [openLibrary(), openLibrary()];
    const second = buildRecording({ id: recordingId('second') });
    ok(await one.put(started));
    ok(await other.put(second));
    expect(locks.held.length).toBe(2);
  });
});

/** From now on every `put` into `store` fails as it does in a browser: the request, then its whole transaction. */
function failPut(store: string, errorName: string): void {
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    const request = put.call(this, value, key);
    if (this.name === store) abortWith(this.transaction, errorName);
    return request;
  });
}

/** fake-indexeddb's own way to end a transaction for a reason, as a full disk does. */
function abortWith(transaction: IDBTransaction, errorName: string): void {
  if (!('_abort' in transaction) || typeof transaction._abort !== 'function')
    throw new Error('fake-indexeddb changed: find its new way to abort a transaction for a reason');
  transaction._abort(errorName);
}

describe('faults', () => {
  test.each([
    ['QuotaExceededError', 'storage-full'],
    ['UnknownError', 'storage-failed'],
  ])('%s is %s, and what was stored before stays', async (errorName, code) => {
    const library = openLibrary();
    ok(await library.put(started));
    ok(await library.appendTrace(withTrace(3), 0, new Uint8Array([1, 2, 3])));
    failPut('chunks', errorName);
    const refused = await library.appendTrace(withTrace(6), 3, new Uint8Array([4, 5, 6]));
    expect(refused).toStrictEqual({
      ok: false,
      failure: makeFailure(code === 'storage-full' ? 'storage-full' : 'storage-failed', {
        subject: started.url,
        detail: expect.stringContaining(errorName),
      }),
    });
    vi.restoreAllMocks();
    expect(ok(await library.get(id))).toStrictEqual(withTrace(3));
    expect(await traceOf(library)).toStrictEqual(new Uint8Array([1, 2, 3]));
  });

  test('a full disk is told as what could not be kept', async () => {
    const library = openLibrary();
    ok(await library.put({ ...started, state: 'whole' }));
    failPut('recordings', 'QuotaExceededError');
    const edited = await library.edit(id, { name: 'x' });
    vi.restoreAllMocks();
    failPut('sources', 'QuotaExceededError');
    const kept = await library.keepSource(id, MAP);
    expect([edited, kept].map((each) => (each.ok ? '' : each.failure.message))).toEqual([
      'The change is not kept: there is no room left. Delete old recordings or free disk space, then try again.',
      `The source of ${MAP.url} is not kept: there is no room left. Delete old recordings or free disk space, then try again.`,
    ]);
  });

  test('entry and bytes go together: neither is stored where the other fails', async () => {
    const library = openLibrary();
    ok(await library.put(started));
    failPut('recordings', 'QuotaExceededError');
    expect(codeOf(await library.appendTrace(withTrace(3), 0, noise(3)))).toBe('storage-full');
    vi.restoreAllMocks();
    expect(ok(await library.get(id)).trace).toBeNull();
    ok(await library.appendTrace(withTrace(2), 0, noise(2)));
    expect((await traceOf(library)).length).toBe(2);
  });

  test('a database that does not open is told as one that cannot be read, and is tried again', async () => {
    const library = openLibrary();
    vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
      throw new DOMException('refused', 'UnknownError');
    });
    expect(codeOf(await library.list())).toBe('library-unreadable');
    expect(codeOf(await library.list())).toBe('none');
  });

  test('a recording that somebody deleted cannot be appended to', async () => {
    const library = openLibrary();
    expect(codeOf(await library.appendTrace(withTrace(3), 0, noise(3)))).toBe('recording-not-found');
  });

  test('makes room for a newer version of the program', async () => {
    const library = openLibrary();
    ok(await library.list());
    const version = await new Promise<number>((resolve, reject) => {
      const request = indexedDB.open('pageflame', 4);
      request.onsuccess = () => resolve(request.result.version);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error('blocked'));
    });
    expect(version).toBe(4);
    expect(codeOf(await library.list())).toBe('library-unreadable');
  });
});

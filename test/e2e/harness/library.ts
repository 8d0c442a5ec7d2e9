/**
 * Reads the library as it lies in IndexedDB, past our own code, from any place of the extension's origin.
 * In: the service worker, a page or a frame of the extension. Out: entries and bytes.
 */
import type { Frame, Page, Worker } from 'playwright';
import type { Recording, RecordingId } from '../../../src/recording/index.ts';

type Place = Worker | Page | Frame;

/** Everything below runs in the browser: one self-contained function, given to `evaluate`. */
async function readStore([store, from, to]: readonly [string, string | null, string | null]): Promise<
  unknown[]
> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const known = await indexedDB.databases();
  if (!known.some(({ name }) => name === 'pageflame')) return [];
  const database = await settled(indexedDB.open('pageflame'));
  try {
    const range = from === null || to === null ? null : IDBKeyRange.bound([from, 0], [to, []]);
    const values: unknown[] = await settled(database.transaction(store).objectStore(store).getAll(range));
    // Bytes do not pass through JSON.
    return values.map((value) => {
      if (!(value instanceof Uint8Array)) return value;
      let binary = '';
      for (let offset = 0; offset < value.length; offset += 8192)
        binary += String.fromCharCode(...value.subarray(offset, offset + 8192));
      return btoa(binary);
    });
  } finally {
    database.close();
  }
}

export async function listRecordings(place: Place): Promise<readonly Recording[]> {
  const entries = await readAll(place, 'recordings', null);
  return (entries as Recording[]).sort((a, b) => b.startedAt - a.startedAt);
}

export async function readTraceBytes(place: Place, id: RecordingId): Promise<Buffer> {
  return Buffer.concat(await readParts(place, 'chunks', id));
}

export async function readFrames(place: Place, id: RecordingId): Promise<readonly Buffer[]> {
  return readParts(place, 'frames', id);
}

/** The same call for all three, whose signatures differ only in name. */
async function readAll(place: Place, store: string, id: string | null): Promise<unknown[]> {
  const reader: { evaluate: Frame['evaluate'] } = place;
  return reader.evaluate(readStore, [store, id, id] as const);
}

async function readParts(place: Place, store: string, id: RecordingId): Promise<Buffer[]> {
  const parts = await readAll(place, store, id);
  return parts.map((part) => Buffer.from(String(part), 'base64'));
}

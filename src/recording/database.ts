/**
 * The library's database: its stores, and the one way to read and write them.
 * In: work on one transaction over all stores, and what it is for. Out: its {@link Result}; what the browser refuses is
 * told as that, with the browser's words. All or nothing: work that throws leaves nothing behind.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { type Failure, fail, makeFailure, type Result } from '../base/index.ts';
import type { KeptSource, SourceKind } from './kept-sources.ts';
import type { Recording } from './recording.ts';

/** What entries have that older versions of Pageflame did not write. */
type Younger = 'notes' | 'siteTags' | 'userAgent' | 'pageVersion' | 'serverTrace';
export type StoredEntry = Omit<Recording, Younger> & Partial<Pick<Recording, Younger>>;

interface LibrarySchema extends DBSchema {
  recordings: { key: string; value: StoredEntry };
  /** Trace bytes, keyed by recording and offset. */
  chunks: { key: [string, number]; value: Uint8Array };
  /** JPEG bytes, keyed by recording and index. */
  frames: { key: [string, number]; value: Uint8Array };
  /** What was given to its scripts, keyed by recording, kind and address. */
  sources: { key: [string, SourceKind, string]; value: KeptSource };
  /** Of version 2. */
  maps: { key: [string, string]; value: { url: string; mapUrl: string; packed: Uint8Array } };
}

const DATABASE = 'pageflame';
/** 3 since there are sources. */
const DATABASE_VERSION = 3;
const STORES = ['recordings', 'chunks', 'frames', 'sources'] as const;
export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  LibrarySchema,
  typeof STORES,
  Mode
>;

/** What a transaction is for, and what failures call it. */
export interface Purpose {
  readonly kind: 'record' | 'keep' | 'read';
  /** Of `record` the page's address; of the others the beginning of a sentence. */
  readonly subject: string;
}

type Upgrade = IDBPTransaction<LibrarySchema, StoreNames<LibrarySchema>[], 'versionchange'>;

export class LibraryDatabase {
  #database: Promise<IDBPDatabase<LibrarySchema>> | null = null;

  /** Strict: once the promise is there, what was written is on the disk. */
  async transact<T, Mode extends 'readonly' | 'readwrite'>(
    purpose: Purpose,
    mode: Mode,
    work: (transaction: Transaction<Mode>) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    try {
      const database = await this.#open();
      const transaction = database.transaction(STORES, mode, { durability: 'strict' });
      const [worked, done] = await Promise.allSettled([
        work(transaction).catch((error: unknown) => {
          abort(transaction);
          throw error;
        }),
        transaction.done,
      ]);
      if (worked.status === 'fulfilled' && done.status === 'fulfilled') return worked.value;
      if (worked.status === 'rejected' && !(worked.reason instanceof DOMException)) throw worked.reason;
      // A request that fails because its transaction does says only AbortError; the transaction knows why.
      throw transaction.error ?? [worked, done].find((step) => step.status === 'rejected')?.reason;
    } catch (error) {
      return fail(storageFailure(error, purpose));
    }
  }

  /** It opens again when it is used again. */
  async close(): Promise<void> {
    const database = await this.#database?.catch(() => null);
    database?.close();
    this.#database = null;
  }

  /** The one connection; opened anew after the browser closed it (cleared data) or a newer version asked for room. */
  #open(): Promise<IDBPDatabase<LibrarySchema>> {
    this.#database ??= openDB<LibrarySchema>(DATABASE, DATABASE_VERSION, {
      async upgrade(database, _from, _to, transaction) {
        for (const store of STORES)
          if (!database.objectStoreNames.contains(store)) database.createObjectStore(store);
        if (database.objectStoreNames.contains('maps')) await takeOverMaps(transaction);
      },
      blocking: (_current, _wanted, event) => {
        // The event's target is this connection; a newer Pageflame waits for it to go.
        if (event.target instanceof IDBDatabase) event.target.close();
        this.#database = null;
      },
      terminated: () => {
        this.#database = null;
      },
    }).catch((error: unknown) => {
      this.#database = null;
      throw error;
    });
    return this.#database;
  }
}

/** Version 2 kept source maps, in a store of their own. */
async function takeOverMaps(upgrade: Upgrade): Promise<void> {
  const maps = upgrade.objectStore('maps');
  const sources = upgrade.objectStore('sources');
  for (let at = await maps.openCursor(); at !== null; at = await at.continue()) {
    const { url, mapUrl, packed } = at.value;
    await sources.put({ kind: 'map', url, fetchedFrom: mapUrl, packed }, [at.key[0], 'map', url]);
  }
  upgrade.db.deleteObjectStore('maps');
}

/** A failed request has aborted its transaction already; anything else must not leave half of it behind. */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}

/** The failure that the browser's storage means; throws what is a bug of ours. */
function storageFailure(error: unknown, { kind, subject }: Purpose): Failure {
  if (!(error instanceof DOMException)) throw error;
  const detail = `${error.name}: ${error.message}`;
  return makeFailure(CODES[kind][error.name === 'QuotaExceededError' ? 'full' : 'refused'], {
    subject,
    detail,
  });
}

const CODES = {
  record: { full: 'storage-full', refused: 'storage-failed' },
  keep: { full: 'library-full', refused: 'library-refused' },
  read: { full: 'library-unreadable', refused: 'library-unreadable' },
} as const;

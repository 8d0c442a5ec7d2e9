/**
 * The library's database: its stores, and the one way to read and write them.
 * In: work on one transaction over all stores. Out: its {@link Result}; what the browser refuses is `storage-full` or
 * `storage-failed`, in the browser's words. All or nothing: work that throws leaves nothing behind.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { type Failure, fail, makeFailure, type Result } from '../base/index.ts';
import type { KeptMap } from './kept-maps.ts';
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
  /** Source maps, keyed by recording and address of the script. */
  maps: { key: [string, string]; value: KeptMap };
}

const DATABASE = 'pageflame';
/** 2 since there are source maps. */
const DATABASE_VERSION = 2;
const STORES = ['recordings', 'chunks', 'frames', 'maps'] as const;
export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  LibrarySchema,
  typeof STORES,
  Mode
>;

export class LibraryDatabase {
  #database: Promise<IDBPDatabase<LibrarySchema>> | null = null;

  /** Strict: once the promise is there, what was written is on the disk. */
  async transact<T, Mode extends 'readonly' | 'readwrite'>(
    subject: string,
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
      return fail(storageFailure(error, subject));
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
      upgrade(database) {
        for (const store of STORES)
          if (!database.objectStoreNames.contains(store)) database.createObjectStore(store);
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

/** A failed request has aborted its transaction already; anything else must not leave half of it behind. */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}

/** The failure that the browser's storage means; throws what is a bug of ours. */
function storageFailure(error: unknown, subject: string): Failure {
  if (!(error instanceof DOMException)) throw error;
  const detail = `${error.name}: ${error.message}`;
  return makeFailure(error.name === 'QuotaExceededError' ? 'storage-full' : 'storage-failed', {
    subject,
    detail,
  });
}

/**
 * The backends that a user has set up, in the extension's own IndexedDB, which no web page and no content script sees;
 * an offscreen document does, where `chrome.storage` is not to be had.
 * In: backends, their credentials. Out: the same, and word of every change, of this context and of others. Credentials
 * lie in a store of their own and are handed out for one backend at a time, to whoever is about to talk to it.
 * Refuses: what is stored and cannot be used: it is named, and left where it is.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import { type Credentials, NO_CREDENTIALS } from '../contract.ts';
import { type Backend, readBackend, readCredentials } from './backend.ts';

interface Schema extends DBSchema {
  backends: { key: string; value: unknown };
  credentials: { key: string; value: unknown };
}

const NAME = 'pageflame-backends';
const VERSION = 1;
const CHANNEL = 'pageflame-backends-changes';

export interface BookContents {
  readonly backends: readonly Backend[];
  /** Ids of what is stored and cannot be used. */
  readonly refused: readonly string[];
}

export class DestinationBook {
  #database: Promise<IDBPDatabase<Schema>> | null = null;
  #channel: BroadcastChannel | null = null;
  readonly #listeners = new Set<() => void>();

  /** In the order of their addresses. */
  async list(): Promise<Result<BookContents>> {
    return this.#transact(async (database) => {
      const reading = database.transaction('backends');
      const [keys, values] = await Promise.all([reading.store.getAllKeys(), reading.store.getAll()]);
      const backends: Backend[] = [];
      const refused: string[] = [];
      keys.forEach((key, index) => {
        const backend = readBackend(values[index]);
        if (backend?.destination.id === key) backends.push(backend);
        else refused.push(key);
      });
      const addressOf = ({ destination }: Backend): string => `${destination.url} ${destination.kind}`;
      backends.sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));
      return succeed({ backends, refused });
    });
  }

  /** For whoever is about to talk to this one backend. */
  async credentialsOf(id: string): Promise<Result<Credentials>> {
    return this.#transact(async (database) => {
      const stored = await database.get('credentials', id);
      return succeed(readCredentials(stored) ?? NO_CREDENTIALS);
    });
  }

  /**
   * `credentials`: null keeps those that are there. Refuses to keep what is not there any more: another window has
   * deleted the backend, and it would be asked without a sign-in.
   */
  async put(backend: Backend, credentials: Credentials | null): Promise<Result<void>> {
    const { id, url } = backend.destination;
    if (credentials === null && backend.auth !== 'none') {
      const there = await this.credentialsOf(id);
      if (!there.ok) return there;
      if (there.value.kind !== backend.auth) return fail(makeFailure('backend-gone', { subject: url }));
    }
    return this.#change(async (database) => {
      const writing = database.transaction(['backends', 'credentials'], 'readwrite', {
        durability: 'strict',
      });
      const secrets = writing.objectStore('credentials');
      if (credentials !== null) await secrets.put(credentials, id);
      const kept = readCredentials(await secrets.get(id)) ?? NO_CREDENTIALS;
      await writing.objectStore('backends').put({ ...backend, auth: kept.kind } satisfies Backend, id);
      await writing.done;
    });
  }

  /** Its credentials go with it. */
  async remove(id: string): Promise<Result<void>> {
    return this.#change(async (database) => {
      const writing = database.transaction(['backends', 'credentials'], 'readwrite', {
        durability: 'strict',
      });
      await writing.objectStore('backends').delete(id);
      await writing.objectStore('credentials').delete(id);
      await writing.done;
    });
  }

  /** Calls back after every change. Call the answer to stop. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#open();
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#channel?.close();
    this.#channel = null;
    const database = await this.#database?.catch(() => null);
    database?.close();
    this.#database = null;
  }

  #open(): BroadcastChannel {
    if (this.#channel === null) {
      this.#channel = new BroadcastChannel(CHANNEL);
      // The word alone: what has changed is read where it is stored.
      this.#channel.onmessage = () => this.#tell();
    }
    return this.#channel;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  async #change(write: (database: IDBPDatabase<Schema>) => Promise<void>): Promise<Result<void>> {
    return this.#transact(async (database) => {
      await write(database);
      this.#open().postMessage(null);
      this.#tell();
      return succeed(undefined);
    });
  }

  async #transact<T>(work: (database: IDBPDatabase<Schema>) => Promise<Result<T>>): Promise<Result<T>> {
    try {
      this.#database ??= openBook(() => {
        this.#database = null;
      });
      return await work(await this.#database);
    } catch (error) {
      this.#database = null;
      if (!(error instanceof DOMException)) throw error;
      return fail(makeFailure('backends-unstored', { detail: `${error.name}: ${error.message}` }));
    }
  }
}

const openBook = (onGone: () => void): Promise<IDBPDatabase<Schema>> =>
  openDB<Schema>(NAME, VERSION, {
    upgrade(database) {
      database.createObjectStore('backends');
      database.createObjectStore('credentials');
    },
    blocking: (_current, _wanted, event) => {
      if (event.target instanceof IDBDatabase) event.target.close();
      onGone();
    },
    terminated: onGone,
  });

/**
 * The library: every recording of this browser profile, in IndexedDB. The door of recording/ for browser code.
 * In: recordings, their trace bytes and pictures as they arrive. Out: the same, whenever asked, from any page of ours.
 * Each write is one strict transaction that holds the bytes and the entry that counts them, so whatever dies after a
 * promise resolved, entry and bytes agree. Times and sizes as in {@link Recording}.
 * Refuses: a second writer. Who writes a recording in progress holds its Web Lock until it has ended; the browser frees
 * the lock of a context that dies, and the service worker's successor takes it over.
 */
import { assert, type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { ChangeTeller, listenForChanges } from './changes.ts';
import { LibraryDatabase, type Purpose, type StoredEntry, type Transaction } from './database.ts';
import { followTrace, type StoredNow } from './following.ts';
import type { KeptSource, SourceKind } from './kept-sources.ts';
import { NO_NOTES } from './notes.ts';
import type { RecordingContent } from './pack.ts';
import type { Recording, RecordingEdit, RecordingId } from './recording.ts';
import type { RecordingStore } from './store.ts';
import { streamFrom } from './streams.ts';
import type { UnpackedRecording } from './unpack.ts';
import { LOCK_WAIT_MILLIS, type Locks, WriterLocks } from './writer-locks.ts';

/** Bytes per chunk of an imported trace: what one write costs 3 ms for (a recording's own chunks come as they come). */
const CHUNK_BYTES = 1 << 20;
/** Who follows a recording is given so many chunks at the most at a time: 16 MB. */
const CHUNKS_AT_ONCE = 16;
/** Who follows a recording looks again after this long, should the word of a change have been lost with its sender. */
const LOOK_AGAIN_MILLIS = 250;

export interface LibraryOptions {
  readonly locks?: Locks;
  readonly lockWaitMillis?: number;
  readonly lookAgainMillis?: number;
}

export class Library implements RecordingStore {
  readonly #database = new LibraryDatabase();
  readonly #writers: WriterLocks;
  readonly #changes = new ChangeTeller();
  readonly #lookAgainMillis: number;

  constructor({
    locks = navigator.locks,
    lockWaitMillis = LOCK_WAIT_MILLIS,
    lookAgainMillis = LOOK_AGAIN_MILLIS,
  }: LibraryOptions = {}) {
    this.#writers = new WriterLocks(locks, lockWaitMillis);
    this.#lookAgainMillis = lookAgainMillis;
  }

  /** Adds or replaces the entry. In state `recording` this context becomes, and stays, the recording's only writer. */
  async put(recording: Recording): Promise<Result<void>> {
    const { id, url, state } = recording;
    return this.#asOwner(id, url, state !== 'recording', () =>
      this.#database.transact(toRecord(url), 'readwrite', async (transaction) => {
        await transaction.objectStore('recordings').put(recording, id);
        return succeed(undefined);
      }),
    );
  }

  /** Appends at `offset`. A chunk that was stored before (its writer died before it knew) is replaced. */
  async appendTrace(recording: Recording, offset: number, bytes: Uint8Array): Promise<Result<void>> {
    const { id, url } = recording;
    assert(
      recording.trace?.bytes === offset + bytes.length,
      'the entry must count the bytes it is stored with',
    );
    const piece = wholeBuffer(bytes);
    const tell = (): void => this.#changes.tell(id, { kind: 'piece', offset, bytes: piece });
    return this.#append(recording, tell, async (transaction, stored) => {
      const chunks = transaction.objectStore('chunks');
      const storedBytes = stored.trace?.bytes ?? 0;
      assert(offset <= storedBytes, `bytes at ${offset} would leave a gap after ${storedBytes} of ${url}`);
      if (offset < storedBytes) {
        assert((await chunks.getKey([id, offset])) !== undefined, 'bytes are stored again from a chunk on');
        await chunks.delete(partsOf(id, offset));
      }
      await chunks.put(piece, [id, offset]);
    });
  }

  noteTraceEnd({ id }: Recording, traceBytes: number): void {
    this.#changes.tell(id, { kind: 'end', traceBytes });
  }

  /** Appends the last of `recording.frames`. */
  async appendFrame(recording: Recording, jpeg: Uint8Array): Promise<Result<void>> {
    const index = recording.frames.length - 1;
    assert(
      recording.frames[index]?.bytes === jpeg.length,
      'the entry must list the picture it is stored with',
    );
    return this.#append(recording, null, async (transaction) => {
      await transaction.objectStore('frames').put(wholeBuffer(jpeg), [recording.id, index]);
    });
  }

  async get(id: RecordingId): Promise<Result<Recording>> {
    return this.#database.transact(READ, 'readonly', (transaction) => find(transaction, id));
  }

  /** Every recording, newest first; those in progress too. */
  async list(): Promise<Result<readonly Recording[]>> {
    return this.#database.transact(READ, 'readonly', async (transaction) => {
      const recordings = await transaction.objectStore('recordings').getAll();
      return succeed(recordings.map(completeEntry).sort((a, b) => b.startedAt - a.startedAt));
    });
  }

  /** Changes name, tags or notes of a recording that has ended. */
  async edit(id: RecordingId, changes: RecordingEdit): Promise<Result<Recording>> {
    return this.#database.transact(toKeep('The change'), 'readwrite', async (transaction) => {
      const found = await find(transaction, id);
      if (!found.ok) return found;
      if (found.value.state === 'recording') return fail(busy(found.value.url));
      const edited = { ...found.value, ...changes };
      await transaction.objectStore('recordings').put(edited, id);
      return succeed(edited);
    });
  }

  /** Deletes a recording and all its bytes. One that is not there is deleted already. */
  async remove(id: RecordingId): Promise<Result<void>> {
    return this.#asOwner(id, id, true, () =>
      this.#database.transact(toKeep('The deletion'), 'readwrite', async (transaction) => {
        await transaction.objectStore('recordings').delete(id);
        await transaction.objectStore('chunks').delete(partsOf(id));
        await transaction.objectStore('frames').delete(partsOf(id));
        await transaction.objectStore('sources').delete(partsOf(id));
        return succeed(undefined);
      }),
    );
  }

  /** Adds what a `.pageflame` file held, all or nothing. A recording that is there already stays as it is. */
  async add({ recording, trace, frames, sources }: UnpackedRecording): Promise<Result<Recording>> {
    const { id, url } = recording;
    const bytes = trace ?? new Uint8Array(0);
    const chunks = Math.ceil(bytes.length / CHUNK_BYTES);
    const entry = { ...recording, trace: recording.trace && { ...recording.trace, chunks } };
    return this.#asOwner(id, url, true, () =>
      this.#database.transact(toKeep(`The recording of ${url}`), 'readwrite', async (transaction) => {
        const present = await transaction.objectStore('recordings').get(id);
        if (present !== undefined) return succeed(completeEntry(present));
        for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES)
          await transaction
            .objectStore('chunks')
            .put(bytes.slice(offset, offset + CHUNK_BYTES), [id, offset]);
        for (const [index, jpeg] of frames.entries())
          await transaction.objectStore('frames').put(wholeBuffer(jpeg), [id, index]);
        for (const source of sources) await putSource(transaction, id, source);
        await transaction.objectStore('recordings').put(entry, id);
        return succeed(entry);
      }),
    );
  }

  /**
   * The trace as stored (gzip), chunk by chunk; its error is a {@link Failure}.
   * Fails with `trace-gone` where no byte of it ever left Chrome.
   */
  async readTrace(id: RecordingId): Promise<Result<ReadableStream<Uint8Array>>> {
    const opened = await this.#database.transact(READ, 'readonly', async (transaction) => {
      const found = await find(transaction, id);
      if (!found.ok) return found;
      if (found.value.trace === null) return fail(makeFailure('trace-gone', { subject: found.value.name }));
      return succeed(await transaction.objectStore('chunks').getAllKeys(partsOf(id)));
    });
    return opened.ok ? succeed(streamFrom(this.#parts('chunks', opened.value))) : opened;
  }

  /** The trace as stored, and what comes while it is being recorded: see {@link followTrace}. */
  async followTrace(id: RecordingId): Promise<Result<ReadableStream<Uint8Array>>> {
    const found = await this.get(id);
    if (!found.ok) return found;
    const look = (offset: number) => this.#storedNow(id, offset);
    const listen = () => listenForChanges(id, this.#lookAgainMillis);
    return succeed(streamFrom(followTrace({ look, listen })));
  }

  async readFrame(id: RecordingId, index: number): Promise<Result<Uint8Array>> {
    return this.#readPart('frames', [id, index]);
  }

  /** Keeps a source with a recording that is there and has ended, in the place of the last one of its kind and address. */
  async keepSource(id: RecordingId, source: KeptSource): Promise<Result<void>> {
    return this.#database.transact(
      toKeep(`The source of ${source.url}`),
      'readwrite',
      async (transaction) => {
        const found = await find(transaction, id);
        if (!found.ok) return found;
        if (found.value.state === 'recording') return fail(busy(found.value.url));
        await putSource(transaction, id, source);
        return succeed(undefined);
      },
    );
  }

  /** Forgets a source. One that is not kept is forgotten already. */
  async dropSource(id: RecordingId, kind: SourceKind, url: string): Promise<Result<void>> {
    return this.#database.transact(toKeep(`The source of ${url}`), 'readwrite', async (transaction) => {
      await transaction.objectStore('sources').delete([id, kind, url]);
      return succeed(undefined);
    });
  }

  async readSources(id: RecordingId): Promise<Result<readonly KeptSource[]>> {
    return this.#database.transact(READ_SOURCES, 'readonly', async (transaction) =>
      succeed(await transaction.objectStore('sources').getAll(partsOf(id))),
    );
  }

  /** What {@link packRecording} needs to write the recording as a file. */
  async open(id: RecordingId): Promise<Result<RecordingContent>> {
    const found = await this.get(id);
    if (!found.ok) return found;
    const recording = found.value;
    const frames = this.#parts(
      'frames',
      recording.frames.map((_, index) => [id, index]),
    );
    const sources = await this.readSources(id);
    if (!sources.ok) return sources;
    const content = { recording, frames, sources: sources.value };
    if (recording.trace === null) return succeed({ ...content, trace: null });
    const trace = await this.readTrace(id);
    return trace.ok ? succeed({ ...content, trace: trace.value }) : trace;
  }

  #storedNow(id: RecordingId, offset: number): Promise<Result<StoredNow>> {
    return this.#database.transact(READ, 'readonly', async (transaction) => {
      const found = await find(transaction, id);
      if (!found.ok) return found;
      const recording = found.value;
      if ((recording.trace?.bytes ?? 0) <= offset) return succeed({ recording, from: offset, chunks: [] });
      const chunks = transaction.objectStore('chunks');
      const cursor = await chunks.openKeyCursor(IDBKeyRange.bound([id, 0], [id, offset]), 'prev');
      const from = cursor?.key[1] ?? offset;
      return succeed({ recording, from, chunks: await chunks.getAll(partsOf(id, from), CHUNKS_AT_ONCE) });
    });
  }

  /** Lets go of the database and of every lock. The library opens again when it is used again. */
  async close(): Promise<void> {
    this.#writers.releaseAll();
    await this.#database.close();
    this.#changes.close();
  }

  async *#parts(
    store: 'chunks' | 'frames',
    keys: readonly [string, number][],
  ): AsyncGenerator<Uint8Array, void> {
    for (const key of keys) {
      const part = await this.#readPart(store, key);
      if (!part.ok) throw part.failure;
      yield part.value;
    }
  }

  #readPart(store: 'chunks' | 'frames', key: [string, number]): Promise<Result<Uint8Array>> {
    return this.#database.transact(READ, 'readonly', async (transaction) => {
      const bytes = await transaction.objectStore(store).get(key);
      return bytes === undefined
        ? fail(makeFailure('recording-not-found', { subject: key[0] }))
        : succeed(bytes);
    });
  }

  /** `tell`: called once this context is known to be the writer, before it writes. */
  #append(
    recording: Recording,
    tell: (() => void) | null,
    write: (transaction: Transaction<'readwrite'>, stored: Recording) => Promise<void>,
  ): Promise<Result<void>> {
    const { id, url } = recording;
    return this.#asOwner(id, url, false, () => {
      tell?.();
      return this.#database.transact(toRecord(url), 'readwrite', async (transaction) => {
        const stored = await find(transaction, id);
        if (!stored.ok) return stored;
        await write(transaction, stored.value);
        await transaction.objectStore('recordings').put(recording, id);
        return succeed(undefined);
      });
    });
  }

  /** Runs `work` as the recording's only writer; `lastly` lets others write it afterwards. */
  async #asOwner<T>(
    id: RecordingId,
    subject: string,
    lastly: boolean,
    work: () => Promise<Result<T>>,
  ): Promise<Result<T>> {
    if (!(await this.#writers.take(id))) return fail(busy(subject));
    try {
      const result = await work();
      if (lastly) this.#changes.tell(id, { kind: 'over' });
      return result;
    } finally {
      if (lastly) this.#writers.release(id);
    }
  }
}

const toRecord = (url: string): Purpose => ({ kind: 'record', subject: url });
const toKeep = (subject: string): Purpose => ({ kind: 'keep', subject });
const READ: Purpose = { kind: 'read', subject: 'The library' };
const READ_SOURCES: Purpose = { kind: 'read', subject: 'What was given to the scripts of this recording' };

async function putSource(
  transaction: Transaction<'readwrite'>,
  id: RecordingId,
  { kind, url, fetchedFrom, packed }: KeptSource,
): Promise<void> {
  const source = { kind, url, fetchedFrom, packed: wholeBuffer(packed) };
  await transaction.objectStore('sources').put(source, [id, kind, url]);
}

async function find(
  transaction: Transaction<'readonly'> | Transaction<'readwrite'>,
  id: RecordingId,
): Promise<Result<Recording>> {
  const recording = await transaction.objectStore('recordings').get(id);
  return recording === undefined
    ? fail(makeFailure('recording-not-found', { subject: id }))
    : succeed(completeEntry(recording));
}

/** Entries may be older than a key. */
const completeEntry = (stored: StoredEntry): Recording => ({
  notes: NO_NOTES,
  siteTags: {},
  userAgent: null,
  pageVersion: null,
  serverTrace: null,
  ...stored,
});

const busy = (subject: string): Failure => makeFailure('recording-busy', { subject });

/**
 * All chunks or pictures of a recording from `first` on, or all its sources. In key order texts come after numbers, and an
 * array after both.
 */
const partsOf = (id: RecordingId, first = 0): IDBKeyRange => IDBKeyRange.bound([id, first], [id, []]);

/** Structured cloning stores a view's whole buffer, so a view of a larger one is copied out first. */
const wholeBuffer = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();

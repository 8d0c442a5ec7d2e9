/**
 * Keeps recordings in a folder while they are made, and writes each as a `.pageflame` file. The door of recording/ for
 * Node code; the folder is this process's own, so nobody else writes in it.
 * In: recordings, their trace bytes and pictures as they arrive. Out: files. Bytes are on the disk before the entry
 * that counts them.
 */
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { assert, type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { frameEntry, RECORDING_ENTRY, traceEntry } from './file-layout.ts';
import { packRecording } from './pack.ts';
import type { Recording, RecordingId } from './recording.ts';
import type { RecordingStore } from './store.ts';
import { chunksOf, streamFrom } from './streams.ts';

export class FileStore implements RecordingStore {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** A store in a new folder under the system's folder for temporary files. */
  static async open(): Promise<Result<FileStore>> {
    const parent = join(tmpdir(), 'pageflame-');
    return attempt(parent, async () => new FileStore(await mkdtemp(parent)));
  }

  async put(recording: Recording): Promise<Result<void>> {
    return this.#attempt(recording, () => this.#writeEntry(recording));
  }

  async appendTrace(recording: Recording, offset: number, bytes: Uint8Array): Promise<Result<void>> {
    const { trace } = recording;
    assert(trace?.bytes === offset + bytes.length, 'the entry must count the bytes it is stored with');
    return this.#attempt(recording, async () => {
      const file = await open(this.#path(recording.id, traceEntry(trace.format)), offset === 0 ? 'w' : 'r+');
      try {
        await file.truncate(offset);
        await file.write(bytes, 0, bytes.length, offset);
        await file.datasync();
      } finally {
        await file.close();
      }
      await this.#writeEntry(recording);
    });
  }

  async appendFrame(recording: Recording, jpeg: Uint8Array): Promise<Result<void>> {
    const index = recording.frames.length - 1;
    assert(
      recording.frames[index]?.bytes === jpeg.length,
      'the entry must list the picture it is stored with',
    );
    return this.#attempt(recording, async () => {
      const path = this.#path(recording.id, frameEntry(index));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, jpeg, { flush: true });
      await this.#writeEntry(recording);
    });
  }

  async get(id: RecordingId): Promise<Result<Recording>> {
    const read = await attempt(this.#folder, () => readFile(this.#path(id, RECORDING_ENTRY), 'utf8'));
    // This process wrote it.
    return read.ok
      ? succeed(JSON.parse(read.value))
      : fail(makeFailure('recording-not-found', { subject: id, detail: read.failure.detail }));
  }

  /** Writes the recording as the `.pageflame` file `path`: whole or not at all, over what was there. */
  async pack(id: RecordingId, path: string): Promise<Result<void>> {
    const found = await this.get(id);
    if (!found.ok) return found;
    const recording = found.value;
    const trace = recording.trace && this.#read(id, traceEntry(recording.trace.format));
    const file = packRecording({
      recording,
      trace: trace && streamFrom(trace),
      frames: this.#frames(recording),
    });
    const part = `${path}.part`;
    return attempt(path, async () => {
      try {
        await writeFile(part, chunksOf(file), { flush: true });
        await rename(part, path);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    });
  }

  /** Deletes the folder and all that is in it. */
  async close(): Promise<Result<void>> {
    return attempt(this.#folder, () => rm(this.#folder, { recursive: true, force: true }));
  }

  async *#frames(recording: Recording): AsyncGenerator<Uint8Array, void> {
    for (const index of recording.frames.keys())
      yield await readFile(this.#path(recording.id, frameEntry(index)));
  }

  async *#read(id: RecordingId, entry: string): AsyncGenerator<Uint8Array, void> {
    yield* createReadStream(this.#path(id, entry));
  }

  async #writeEntry(recording: Recording): Promise<void> {
    const path = this.#path(recording.id, RECORDING_ENTRY);
    await writeFile(`${path}.new`, JSON.stringify(recording), { flush: true });
    await rename(`${path}.new`, path);
  }

  #path(id: RecordingId, entry: string): string {
    return join(this.#folder, id, entry);
  }

  #attempt(recording: Recording, work: () => Promise<void>): Promise<Result<void>> {
    return attempt(recording.url, async () => {
      await mkdir(join(this.#folder, recording.id), { recursive: true });
      await work();
    });
  }
}

/** Runs `work` on the file system; throws what is a bug of ours. */
async function attempt<T>(subject: string, work: () => Promise<T>): Promise<Result<T>> {
  try {
    return succeed(await work());
  } catch (error) {
    return fail(diskFailure(error, subject));
  }
}

function diskFailure(error: unknown, subject: string): Failure {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  return makeFailure(full ? 'storage-full' : 'write-failed', { subject, detail: error.message });
}

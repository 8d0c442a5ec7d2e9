/**
 * Keeps recordings in a folder while they are made, and gives each as the content of a `.pageflame` file. The door of
 * recording/ for Node code; the folder is this process's own, so nobody else writes in it, and goes with it at the latest.
 * In: recordings, their trace bytes (plain) and pictures as they arrive. Out: files, with the trace as gzip. Nobody comes
 * after this process, so only what is large is on the disk, and nothing waits until it is safe there. A recording that
 * cannot be put where it was to go stays in the folder, which is then left behind.
 */
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { assert, type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { recordingFileName } from './creation.ts';
import { frameEntry, traceEntry } from './file-layout.ts';
import { packRecording } from './pack.ts';
import type { Recording, RecordingId } from './recording.ts';
import type { RecordingStore } from './store.ts';
import { chunksOf, streamFrom } from './streams.ts';

/** The trace as it arrives, in the folder. Its format may turn out to be another than was asked for. */
const TRACE_FILE = 'trace';

export interface PackedRecording {
  /** As the file holds it: it counts the bytes of the packed trace. */
  readonly recording: Recording;
  /** Its bytes, to be read once. */
  readonly file: AsyncIterable<Uint8Array>;
}

export class FileStore implements RecordingStore {
  readonly takesPlain = true;
  readonly #folder: string;
  readonly #entries = new Map<RecordingId, Recording>();
  readonly #removeFolder: () => void;
  #isLeftBehind = false;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#removeFolder = () => rmSync(folder, { recursive: true, force: true });
    process.once('exit', this.#removeFolder);
  }

  /** A store in a new folder under the system's folder for temporary files. */
  static async open(): Promise<Result<FileStore>> {
    const parent = join(tmpdir(), 'pageflame-');
    return attempt(parent, async () => new FileStore(await mkdtemp(parent)));
  }

  async put(recording: Recording): Promise<Result<void>> {
    this.#entries.set(recording.id, recording);
    return succeed(undefined);
  }

  async appendTrace(recording: Recording, offset: number, bytes: Uint8Array): Promise<Result<void>> {
    const { trace } = recording;
    assert(trace?.bytes === offset + bytes.length, 'the entry must count the bytes it is stored with');
    return this.#attempt(recording, async () => {
      const file = await open(this.#path(recording.id, TRACE_FILE), offset === 0 ? 'w' : 'r+');
      try {
        await file.truncate(offset);
        // A disk that is nearly full takes a part, and refuses only what comes next.
        for (let at = 0; at < bytes.length; )
          at += (await file.write(bytes, at, bytes.length - at, offset + at)).bytesWritten;
      } finally {
        await file.close();
      }
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
      await writeFile(path, jpeg);
    });
  }

  async get(id: RecordingId): Promise<Result<Recording>> {
    const recording = this.#entries.get(id);
    return recording === undefined
      ? fail(makeFailure('recording-not-found', { subject: id }))
      : succeed(recording);
  }

  /** The recording as a `.pageflame` file, which is to be read before the store is closed. */
  async pack(id: RecordingId): Promise<Result<PackedRecording>> {
    const found = await this.get(id);
    if (!found.ok) return found;
    return attempt(found.value.url, async () => {
      const { recording, trace } = await this.#packTrace(found.value);
      const file = packRecording({
        recording,
        trace: trace === null ? null : streamFrom(filePieces(trace)),
        frames: this.#frames(recording),
      });
      return { recording, file: chunksOf(file) };
    });
  }

  /** The trace as gzip in a file of its own, and the recording that counts its bytes: the file begins with that. */
  async #packTrace(recording: Recording): Promise<{ recording: Recording; trace: string | null }> {
    const { id, trace } = recording;
    if (trace === null) return { recording, trace: null };
    const plain = this.#path(id, TRACE_FILE);
    const packed = this.#path(id, traceEntry(trace.format));
    await pipeline(
      createReadStream(plain, { end: trace.bytes - 1 }),
      createGzip(),
      createWriteStream(packed),
    );
    const { size } = await stat(packed);
    return { recording: { ...recording, trace: { ...trace, bytes: size } }, trace: packed };
  }

  /**
   * Leaves the recording behind in the folder, with nothing beside it: as a `.pageflame` file, or where there is no room for
   * that, as the trace that has arrived. Its path; fails where there is neither.
   */
  async leaveBehind(id: RecordingId): Promise<Result<string>> {
    const found = await this.get(id);
    if (!found.ok) return found;
    const recording = found.value;
    const path = join(this.#folder, recordingFileName(recording));
    const packed = await this.pack(id);
    const written = packed.ok
      ? await attempt(path, () => pipeline(packed.value.file, createWriteStream(path)))
      : packed;
    if (written.ok) return this.#leave(path, recording);
    if (recording.trace === null) return fail(written.failure);
    const trace = path.replace(/\.pageflame$/, recording.trace.format === 'json' ? '.json' : '.pftrace');
    const moved = await attempt(trace, async () => {
      await rm(path, { force: true });
      await rename(this.#path(id, TRACE_FILE), trace);
    });
    return moved.ok ? this.#leave(trace, recording) : moved;
  }

  async #leave(path: string, { id }: Recording): Promise<Result<string>> {
    this.#isLeftBehind = true;
    process.off('exit', this.#removeFolder);
    return attempt(path, async () => {
      await rm(join(this.#folder, id), { recursive: true, force: true });
      return path;
    });
  }

  /** Deletes the folder and all that is in it, but for what was left behind. */
  async close(): Promise<Result<void>> {
    process.off('exit', this.#removeFolder);
    if (this.#isLeftBehind) return succeed(undefined);
    return attempt(this.#folder, () => rm(this.#folder, { recursive: true, force: true }));
  }

  async *#frames(recording: Recording): AsyncGenerator<Uint8Array, void> {
    for (const index of recording.frames.keys())
      yield await readFile(this.#path(recording.id, frameEntry(index)));
  }

  #path(id: RecordingId, entry: string): string {
    return join(this.#folder, id, entry);
  }

  #attempt(recording: Recording, work: () => Promise<void>): Promise<Result<void>> {
    return attempt(recording.url, async () => {
      await mkdir(join(this.#folder, recording.id), { recursive: true });
      await work();
      this.#entries.set(recording.id, recording);
    });
  }
}

async function* filePieces(path: string): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(path);
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

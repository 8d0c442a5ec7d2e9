/**
 * An inflated copy of an open trace, made when its details are first asked for, so that each further question reads only
 * what it asks about.
 * In: a way to the stored bytes, a place to spool to. Out: streams from any offset, which wait for what is not copied yet;
 * the log of a Perfetto trace's state. The first question is answered while the copy is made.
 * Where the disk refuses (quota, private windows), the copy has `failed` and its streams break; who asks reads the source
 * again, as without a copy. Memory: one chunk, and the log.
 */
import type { Result } from '../../base/index.ts';
import type { ByteSource } from '../../recording/index.ts';
import { inflatedChunks, StateLog, type TraceBytes } from '../../trace/index.ts';
import type { MakeSpoolFile, SpoolFile } from './spool-file.ts';

const PIECE_BYTES = 256 << 10;

export interface CopySource {
  readonly format: 'json' | 'perfetto';
  /** All bytes as they are stored. */
  readonly stream: () => Promise<Result<ByteSource>>;
  readonly makeFile: MakeSpoolFile;
}

export class InflatedCopy {
  /** Nothing can be read from here (any more). */
  failed = false;
  readonly #source: CopySource;
  readonly #log: StateLog | null;
  #file: SpoolFile | null = null;
  #made: Promise<void> | null = null;
  #length = 0;
  #isWhole = false;
  readonly #closing = new AbortController();
  /** Wakes those who wait for more. */
  #wake: () => void = () => undefined;
  #more: Promise<void>;

  constructor(source: CopySource) {
    this.#source = source;
    this.#log = source.format === 'perfetto' ? new StateLog() : null;
    this.#more = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The copy as a source of arguments; begins to make it. */
  bytes(): TraceBytes {
    this.#made ??= this.#make();
    const { stream } = this.#source;
    const streamFrom = (offset: number): ReadableStream<Uint8Array> => this.#streamFrom(offset);
    return this.#log === null ? { stream, streamFrom } : { stream, streamFrom, stateLog: this.#log };
  }

  /** Stops copying and deletes what there is. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#made;
    await this.#fail();
  }

  async #make(): Promise<void> {
    try {
      const [file, source] = await Promise.all([this.#source.makeFile(), this.#source.stream()]);
      this.#file = file;
      if (!source.ok) return await this.#fail();
      for await (const chunk of inflatedChunks(source.value, this.#closing.signal)) {
        await file.write(chunk);
        this.#log?.push(chunk);
        this.#length += chunk.length;
        this.#tellMore();
      }
      this.#isWhole = true;
      this.#tellMore();
    } catch {
      // Closed, a full disk, a source that broke: whatever it was, there is no copy.
      await this.#fail();
    }
  }

  async #fail(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.failed = true;
    this.#tellMore();
    // It may be gone already, with the disk that it was on.
    await file?.remove().catch(() => undefined);
  }

  #tellMore(): void {
    const wake = this.#wake;
    this.#more = new Promise((resolve) => {
      this.#wake = resolve;
    });
    wake();
  }

  #streamFrom(offset: number): ReadableStream<Uint8Array> {
    let at = offset;
    let isCancelled = false;
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        while (at >= this.#length && !this.#isWhole && !this.failed && !isCancelled) await this.#more;
        if (isCancelled) return;
        if (this.#file === null) {
          controller.error(new Error('there is no copy'));
        } else if (at >= this.#length) controller.close();
        else {
          const piece = await this.#file.read(at, Math.min(PIECE_BYTES, this.#length - at));
          at += piece.length;
          controller.enqueue(piece);
        }
      },
      cancel: () => {
        isCancelled = true;
      },
    });
  }
}

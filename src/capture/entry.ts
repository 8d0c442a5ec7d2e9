/**
 * The one writer of the recording that is being made. In: changes, trace bytes, pictures, in the order in which they
 * were found out. Out: the store's answers. Every write carries all changes known by then, one write at a time, so
 * that no later one can undo an earlier one.
 */
import { type Failure, fail, type Result, succeed, type UnixMillis } from '../base/index.ts';
import type { Recording, RecordingStore, TraceFormat } from '../recording/index.ts';

export type EntryChanges = Partial<Omit<Recording, 'id' | 'formatVersion' | 'trace' | 'frames'>>;

export class Entry {
  readonly #store: RecordingStore;
  #recording: Recording;
  #givenBytes: number;
  /** Why bytes were not stored: none that were given after them may be. */
  #traceFailure: Failure | null = null;
  #last: Promise<unknown> = Promise.resolve();
  /** A write of bare changes that waits for its turn: further changes go with it. */
  #waiting: Promise<Result<void>> | null = null;

  constructor(store: RecordingStore, recording: Recording) {
    this.#store = store;
    this.#recording = recording;
    this.#givenBytes = recording.trace?.bytes ?? 0;
  }

  get recording(): Recording {
    return this.#recording;
  }

  /** Notes changes; they are written with the next write. */
  change(changes: EntryChanges): void {
    this.#recording = { ...this.#recording, ...changes };
  }

  /** Writes what has been changed. */
  write(): Promise<Result<void>> {
    this.#waiting ??= this.#inTurn(() => {
      this.#waiting = null;
      return this.#store.put(this.#recording);
    });
    return this.#waiting;
  }

  /** Bytes of the trace that are stored. */
  get traceBytes(): number {
    return this.#recording.trace?.bytes ?? 0;
  }

  /** Those, and what is on its way: where the next ones go. */
  get givenBytes(): number {
    return this.#givenBytes;
  }

  /** Behind the bytes that were given before. Fails where one of them could not be stored. */
  appendTrace(format: TraceFormat, bytes: Uint8Array): Promise<Result<void>> {
    const offset = this.#givenBytes;
    this.#givenBytes += bytes.length;
    return this.#inTurn(async () => {
      if (this.#traceFailure !== null) return fail(this.#traceFailure);
      const chunks = (this.#recording.trace?.chunks ?? 0) + 1;
      const trace = { format, bytes: offset + bytes.length, chunks };
      const stored = await this.#store.appendTrace({ ...this.#recording, trace }, offset, bytes);
      if (stored.ok) this.#recording = { ...this.#recording, trace };
      else this.#traceFailure = stored.failure;
      return stored;
    });
  }

  /** All bytes of the trace are given: whoever follows it is told at once. Resolves when they are stored. */
  endTrace(): Promise<Result<void>> {
    this.#store.noteTraceEnd?.(this.#recording, this.#givenBytes);
    return this.#inTurn(async () =>
      this.#traceFailure === null ? succeed(undefined) : fail(this.#traceFailure),
    );
  }

  /** Chrome tells the format when the trace is complete: bytes may have been given by then. */
  correctFormat(format: TraceFormat): void {
    void this.#inTurn(async () => {
      const { trace } = this.#recording;
      if (trace !== null) this.#recording = { ...this.#recording, trace: { ...trace, format } };
      return succeed(undefined);
    });
  }

  /** What was given of the trace is not the trace: the next bytes take its place. */
  async restartTrace(): Promise<void> {
    await this.#inTurn(async () => {
      this.#recording = { ...this.#recording, trace: null };
      this.#traceFailure = null;
      this.#givenBytes = 0;
      return succeed(undefined);
    });
  }

  appendFrame(time: UnixMillis, jpeg: Uint8Array): Promise<Result<void>> {
    return this.#inTurn(async () => {
      const frames = [...this.#recording.frames, { time, bytes: jpeg.length }];
      const stored = await this.#store.appendFrame({ ...this.#recording, frames }, jpeg);
      if (stored.ok) this.#recording = { ...this.#recording, frames };
      return stored;
    });
  }

  /** Resolves when all that was asked for so far is written. */
  async settled(): Promise<void> {
    await this.#last;
  }

  #inTurn(work: () => Promise<Result<void>>): Promise<Result<void>> {
    const turn = this.#last.then(work);
    // A write that throws is a bug: it reaches whoever asked for it, and must not stop the writes behind it.
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }
}

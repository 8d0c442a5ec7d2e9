/**
 * Where a recording goes while it is made: the one interface that capture/ writes through, kept by IndexedDB in the
 * extension and by files in Node. When a call's promise resolves, bytes and index entry are kept together; in the extension
 * on the disk, for who comes after this context.
 */
import type { Result } from '../base/index.ts';
import type { Recording, RecordingId } from './recording.ts';

export interface RecordingStore {
  /** Takes the trace plain, and packs it itself; without this it takes gzip. */
  readonly takesPlain?: true;
  /** Adds a new recording, or replaces the entry of the same id. */
  put(recording: Recording): Promise<Result<void>>;
  /** Appends trace bytes at `offset` (bytes stored so far) and writes the changed entry with them. */
  appendTrace(recording: Recording, offset: number, bytes: Uint8Array): Promise<Result<void>>;
  /** The trace has so many bytes, all of them appended or being appended: for whoever reads it meanwhile. */
  noteTraceEnd?(recording: Recording, traceBytes: number): void;
  /** Appends one filmstrip picture and writes the changed entry with it. */
  appendFrame(recording: Recording, jpeg: Uint8Array): Promise<Result<void>>;
  get(id: RecordingId): Promise<Result<Recording>>;
}

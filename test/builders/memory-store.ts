/** A RecordingStore in memory that keeps the contract of the real ones. In: writes. Out: what they left. */
import { fail, makeFailure, type Result, succeed } from '../../src/base/index.ts';
import type { Recording, RecordingId, RecordingStore } from '../../src/recording/index.ts';

export class MemoryStore implements RecordingStore {
  takesPlain?: true;
  readonly entries = new Map<RecordingId, Recording>();
  readonly chunks = new Map<RecordingId, Map<number, Uint8Array>>();
  readonly frames = new Map<RecordingId, Uint8Array[]>();
  /** Trace bytes that fit; more are refused as a full disk would. */
  room = Number.POSITIVE_INFINITY;

  async put(recording: Recording): Promise<Result<void>> {
    this.entries.set(recording.id, recording);
    return succeed(undefined);
  }

  async appendTrace(recording: Recording, offset: number, bytes: Uint8Array): Promise<Result<void>> {
    const stored = this.entries.get(recording.id)?.trace?.bytes ?? 0;
    if (recording.trace?.bytes !== offset + bytes.length) throw new Error('the entry miscounts its bytes');
    if (offset > stored) throw new Error(`a gap between ${stored} and ${offset}`);
    if (recording.trace.bytes > this.room)
      return fail(makeFailure('storage-full', { subject: recording.url }));
    const chunks = this.chunks.get(recording.id) ?? new Map<number, Uint8Array>();
    for (const later of [...chunks.keys()]) if (later >= offset) chunks.delete(later);
    this.chunks.set(recording.id, chunks.set(offset, bytes.slice()));
    return this.put(recording);
  }

  /** Of each trace: the bytes at which its writer said that it ends, and the entry's state then. */
  readonly ends: { readonly bytes: number; readonly title: string; readonly state: string }[] = [];
  noteTraceEnd({ title, state }: Recording, bytes: number): void {
    this.ends.push({ bytes, title, state });
  }

  async appendFrame(recording: Recording, jpeg: Uint8Array): Promise<Result<void>> {
    const frames = this.frames.get(recording.id) ?? [];
    frames[recording.frames.length - 1] = jpeg.slice();
    this.frames.set(recording.id, frames);
    return this.put(recording);
  }

  async get(id: RecordingId): Promise<Result<Recording>> {
    const recording = this.entries.get(id);
    return recording ? succeed(recording) : fail(makeFailure('recording-not-found', { subject: id }));
  }

  /** The trace as its chunks make it up. */
  traceOf(id: RecordingId): Uint8Array {
    const chunks = [...(this.chunks.get(id) ?? new Map<number, Uint8Array>())].sort(([a], [b]) => a - b);
    return Uint8Array.from(chunks.flatMap(([, bytes]) => [...bytes]));
  }
}

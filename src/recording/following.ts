/**
 * Reads the trace of a recording while it is being made.
 * In: looks at what is stored of it now, and word of every change. Out: its bytes in order, each once, as they come, to
 * the end that the recording's own state tells: whole, or cut off with what there is.
 * A writer that dies leaves the recording as it is until its successor goes on, or ends it; both are changes. One that
 * cuts the same bytes anew (it died before it knew what was stored) changes nothing for who has read them.
 * Fails with `recording-not-found` where it is thrown away meanwhile, `trace-gone` where it ends without a byte, and
 * `recording-changed` where it no longer holds what was read.
 */
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { ChangeListener } from './changes.ts';
import type { Recording } from './recording.ts';

/** What is stored of a recording at one moment: its entry, and the chunk that holds a byte. */
export interface StoredNow {
  readonly recording: Recording;
  /** The last chunk that begins at or before that byte; null where there is none. */
  readonly chunk: { readonly offset: number; readonly bytes: Uint8Array } | null;
}

export interface GrowingTrace {
  look(offset: number): Promise<Result<StoredNow>>;
  listen(): ChangeListener;
}

/** Throws the {@link Failure} that ends it. */
export async function* followTrace({ look, listen }: GrowingTrace): AsyncGenerator<Uint8Array, void> {
  // Before the first look: what changes right after it is not missed.
  const changes = listen();
  let offset = 0;
  try {
    for (;;) {
      const seen = await look(offset);
      const next = seen.ok ? nextPiece(seen.value, offset) : seen;
      if (!next.ok) throw next.failure;
      const { piece, isEnd } = next.value;
      if (isEnd) return;
      if (piece === null) await changes.next();
      else {
        offset += piece.length;
        yield piece;
      }
    }
  } finally {
    changes.end();
  }
}

interface Piece {
  readonly piece: Uint8Array | null;
  /** The recording has ended, and nothing comes after this. */
  readonly isEnd: boolean;
}

function nextPiece({ recording, chunk }: StoredNow, offset: number): Result<Piece> {
  const subject = recording.name;
  const isEnd = recording.state !== 'recording';
  const storedBytes = recording.trace?.bytes ?? 0;
  if (storedBytes < offset)
    return fail(changedMeanwhile(subject, `${storedBytes} bytes where ${offset} were`));
  if (storedBytes === offset) {
    if (isEnd && recording.trace === null) return fail(makeFailure('trace-gone', { subject }));
    return succeed({ piece: null, isEnd });
  }
  const end = chunk === null ? 0 : chunk.offset + chunk.bytes.length;
  if (chunk === null || end <= offset) return fail(changedMeanwhile(subject, `no byte at ${offset}`));
  return succeed({ piece: chunk.bytes.subarray(offset - chunk.offset), isEnd: false });
}

const changedMeanwhile = (subject: string, detail: string): Failure =>
  makeFailure('recording-changed', { subject, detail });

/**
 * Reads the trace of a recording while it is being made.
 * In: looks at what is stored of it now, and word of every change. Out: its bytes in order, each once, as they come, to
 * the end that its writer tells, which still gathers other facts then, or that the recording's own state tells: whole, or
 * cut off with what there is.
 * A writer that dies leaves the recording as it is until its successor goes on, or ends it; both are changes. One that
 * cuts the same bytes anew (it died before it knew what was stored) changes nothing for who has read them.
 * Fails with `recording-not-found` where it is thrown away meanwhile, `trace-gone` where it ends without a byte, and
 * `recording-changed` where it no longer holds what was read.
 */
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { ChangeListener } from './changes.ts';
import type { Recording } from './recording.ts';

/** What is stored of a recording at one moment: its entry, and the bytes from an offset on. */
export interface StoredNow {
  readonly recording: Recording;
  /** Where the first chunk begins: at the offset or before it, as its writer cut it. */
  readonly from: number;
  /** One after the other without a gap; not all of them where they are many, none where no byte came. */
  readonly chunks: readonly Uint8Array[];
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
      const next = seen.ok ? nextPieces(seen.value, offset) : seen;
      if (!next.ok) throw next.failure;
      const { pieces, isEnd } = next.value;
      if (isEnd || changes.traceBytes === offset) return;
      if (pieces.length === 0) await changes.next();
      for (const piece of pieces) {
        offset += piece.length;
        yield piece;
      }
    }
  } finally {
    changes.end();
  }
}

interface Pieces {
  readonly pieces: readonly Uint8Array[];
  /** The recording has ended, and nothing comes after this. */
  readonly isEnd: boolean;
}

function nextPieces({ recording, from, chunks }: StoredNow, offset: number): Result<Pieces> {
  const subject = recording.name;
  const isEnd = recording.state !== 'recording';
  const storedBytes = recording.trace?.bytes ?? 0;
  if (storedBytes < offset)
    return fail(changedMeanwhile(subject, `${storedBytes} bytes where ${offset} were`));
  if (storedBytes === offset) {
    if (isEnd && recording.trace === null) return fail(makeFailure('trace-gone', { subject }));
    return succeed({ pieces: [], isEnd });
  }
  const [first = new Uint8Array(0), ...others] = chunks;
  const begun = first.subarray(offset - from);
  if (begun.length === 0) return fail(changedMeanwhile(subject, `no byte at ${offset}`));
  return succeed({ pieces: [begun, ...others], isEnd: false });
}

const changedMeanwhile = (subject: string, detail: string): Failure =>
  makeFailure('recording-changed', { subject, detail });

/**
 * Reads the trace of a recording while it is being made.
 * In: its bytes as its writer tells them, looks at what is stored of it now where nothing was told. Out: its bytes in
 * order, each once, as they come, to the end that its writer tells, which still gathers other facts then, or that the
 * recording's own state tells: whole, or cut off with what there is.
 * A writer that dies leaves the recording as it is until its successor goes on, or ends it; both are told. One that
 * cuts the same bytes anew (it died before it knew what was stored) changes nothing for who has read them, be it that they
 * were told and never stored.
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
  // Before the first look: what is told right after it is not missed.
  const changes = listen();
  let offset = 0;
  /** Bytes that were seen in the library. */
  let stored = 0;
  let hasEnded = false;
  try {
    while (changes.traceBytes !== offset) {
      const told = changes.take(offset);
      if (told !== null) {
        offset += told.length;
        yield told;
        continue;
      }
      const isInDoubt = changes.takeDoubt();
      if (!isInDoubt && !hasEnded && stored <= offset) {
        await changes.next();
        continue;
      }
      const seen = await look(offset);
      const next = seen.ok ? nextPieces(seen.value, offset, stored) : seen;
      if (!next.ok) throw next.failure;
      const { pieces } = next.value;
      ({ stored, hasEnded } = next.value);
      if (hasEnded && pieces.length === 0) return;
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
  /** Bytes of all there are. */
  readonly stored: number;
  readonly hasEnded: boolean;
}

/** `offset`: bytes that were read, some of which may only have been told; `storedBefore`: that were in the library. */
function nextPieces(
  { recording, from, chunks }: StoredNow,
  offset: number,
  storedBefore: number,
): Result<Pieces> {
  const subject = recording.name;
  const hasEnded = recording.state !== 'recording';
  const stored = recording.trace?.bytes ?? 0;
  const least = hasEnded ? offset : storedBefore;
  if (stored < least) return fail(changedMeanwhile(subject, `${stored} bytes where ${least} were`));
  if (stored <= offset) {
    if (hasEnded && recording.trace === null) return fail(makeFailure('trace-gone', { subject }));
    return succeed({ pieces: [], stored, hasEnded });
  }
  const [first = new Uint8Array(0), ...others] = chunks;
  const begun = first.subarray(offset - from);
  if (begun.length === 0) return fail(changedMeanwhile(subject, `no byte at ${offset}`));
  return succeed({ pieces: [begun, ...others], stored, hasEnded });
}

const changedMeanwhile = (subject: string, detail: string): Failure =>
  makeFailure('recording-changed', { subject, detail });

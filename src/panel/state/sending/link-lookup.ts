/**
 * Which recording a pasted text leads to: a `pageflame:` link, a trace or span id, or anything that holds one (a
 * traceparent, the address of a trace at Jaeger). Loads when something is pasted.
 * In: the text, the recordings. Out: a recording's id and the range, if the link names one; null where none is meant.
 */
import { findRecordingOfTrace, readPageflameLink } from '../../../backends/index.ts';
import { type Recording, type RecordingId, recordingId } from '../../../recording/index.ts';

export interface Linked {
  readonly recording: RecordingId;
  readonly range: { readonly start: number; readonly end: number } | null;
}

export async function findLinked(text: string, recordings: readonly Recording[]): Promise<Linked | null> {
  const link = readPageflameLink(text);
  if (link !== null) {
    const isHere = recordings.some(({ id }) => id === link.recording);
    return isHere ? { recording: recordingId(link.recording), range: link.range } : null;
  }
  const found = await findRecordingOfTrace(text, recordings);
  return found === null ? null : { recording: recordingId(found), range: null };
}

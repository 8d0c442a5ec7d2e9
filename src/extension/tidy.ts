/**
 * Puts right what was left behind: recordings that nobody writes any more end as cut off, and no tab stays attached.
 * In: the library, and why recordings could not be ended when they should have been. Out: what came of it. Runs only while
 * nothing is being recorded.
 * Refuses nothing: what storage does not take (a full disk) is left for the next time.
 */
import { type Failure, makeFailure } from '../base/index.ts';
import type { RecordingId } from '../recording/index.ts';
import type { Library } from '../recording/library.ts';
import { detachEverywhere } from './debugger-session.ts';

/** A recording whose end storage refused to take. */
export interface Unended {
  readonly recording: RecordingId;
  readonly reason: Failure;
}

export interface Tidied {
  /** Some recording has ended. */
  readonly changed: boolean;
  /** None is left that should have. */
  readonly isDone: boolean;
}

/** What an earlier run of the browser or the extension left. */
export async function tidyUp(library: Library): Promise<Tidied> {
  await detachEverywhere();
  return endAbandoned(library, []);
}

export async function endAbandoned(
  library: Pick<Library, 'list' | 'put'>,
  known: readonly Unended[],
): Promise<Tidied> {
  const listed = await library.list();
  if (!listed.ok) return { changed: false, isDone: false };
  const abandoned = listed.value.filter(({ state }) => state === 'recording');
  let ended = 0;
  for (const recording of abandoned) {
    const told = known.find((each) => each.recording === recording.id);
    const cutOff = told?.reason ?? makeFailure('browser-gone', { subject: recording.url });
    const stored = await library.put({ ...recording, state: 'cut-off', cutOff });
    if (stored.ok) ended++;
  }
  return { changed: ended > 0, isDone: ended === abandoned.length };
}

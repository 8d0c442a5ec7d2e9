/**
 * Puts right what an earlier run of the browser or the extension left behind: recordings that nobody writes any more
 * end as cut off, and no tab stays attached. In: the library. Out: whether it changed. Runs once per run, and only while
 * nothing is being recorded.
 */
import { makeFailure } from '../base/index.ts';
import type { Library } from '../recording/library.ts';
import { detachEverywhere } from './debugger-session.ts';

export async function tidyUp(library: Library): Promise<boolean> {
  await detachEverywhere();
  const listed = await library.list();
  if (!listed.ok) return false;
  const abandoned = listed.value.filter(({ state }) => state === 'recording');
  for (const recording of abandoned) {
    const cutOff = makeFailure('browser-gone', { subject: recording.url });
    await library.put({ ...recording, state: 'cut-off', cutOff });
  }
  return abandoned.length > 0;
}

/**
 * Reads a recording for nothing but the compiled code that reading leaves behind: a browser compiles what it runs often,
 * and the first trace that a new worker reads takes twice the time of the third (measured; docs/benchmarks.md).
 * In: an engine, the library. Out: nothing; the engine holds nothing more than before. Ends after {@link WARM_MILLIS}.
 */
import type { Millis } from '../base/index.ts';
import type { Recording } from '../recording/index.ts';
import type { EngineApi } from './contract.ts';
import type { LibraryReader } from './sources.ts';

/** Somebody waits for the recording that this is done for. */
const WARM_MILLIS: Millis = 400;
/** A recording of this size is read to its end in that time, so that all steps of opening are run. */
const GOOD_BYTES = 600_000;
/** Of so many recordings, newest first, the one of the best size is read. */
const CHOICE = 10;

export async function warmUp(engine: EngineApi, library: LibraryReader): Promise<void> {
  const end = performance.now() + WARM_MILLIS;
  const signal = AbortSignal.timeout(WARM_MILLIS);
  const listed = await library.list();
  const id = listed.ok ? chooseRecording(listed.value)?.id : undefined;
  while (id !== undefined && performance.now() < end) {
    const opened = await engine.open({ kind: 'library', id }, { signal });
    if (!opened.ok) return;
    const { open, mainThread, bounds } = opened.value;
    await engine.chart(open);
    if (mainThread !== null) {
      await engine.breakdown(open, { thread: mainThread, range: bounds });
      await engine.overview(open, { thread: mainThread, range: bounds, buckets: 1_000 });
    }
    await engine.close(open);
  }
}

function chooseRecording(recordings: readonly Recording[]): Recording | undefined {
  const distance = ({ trace }: Recording): number => Math.abs(Math.log((trace?.bytes ?? 0) / GOOD_BYTES));
  return recordings
    .filter(({ state, trace }) => state !== 'recording' && trace !== null)
    .slice(0, CHOICE)
    .sort((one, other) => distance(one) - distance(other))
    .at(0);
}

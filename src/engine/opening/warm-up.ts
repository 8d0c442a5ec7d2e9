/**
 * Reads traces for nothing but the compiled code that reading leaves behind: a browser compiles what it runs often, and the
 * first trace that a new worker reads takes twice the time of the third (measured; docs/benchmarks.md).
 * In: an engine of its own for this, the library. Out: nothing. Ends after {@link WARM_MILLIS}, or with the signal:
 * somebody wants the thread for a trace of theirs.
 */
import type { Millis } from '../../base/index.ts';
import type { Recording } from '../../recording/index.ts';
import type { EngineApi, Source } from '../contract.ts';
import { practiceSource } from './practice-trace.ts';
import type { LibraryReader } from './sources.ts';

/** Somebody may wait for the recording that this is done for. */
const WARM_MILLIS: Millis = 400;
/** A recording of this size is read to its end in that time, so that all steps of opening are run. */
const GOOD_BYTES = 600_000;
/** Of so many recordings, newest first, the one of the best size is read. */
const CHOICE = 10;

export async function warmUp(engine: EngineApi, library: LibraryReader, wanted: AbortSignal): Promise<void> {
  const end = performance.now() + WARM_MILLIS;
  const signal = AbortSignal.any([wanted, AbortSignal.timeout(WARM_MILLIS)]);
  const listed = await library.list();
  const id = listed.ok ? chooseRecording(listed.value)?.id : undefined;
  const practice = practiceSource();
  // Recordings are protobuf, most files are JSON: both ways of reading, in turns.
  const sources: Source[] = id === undefined ? [practice] : [{ kind: 'library', id }, practice];
  for (let turn = 0; performance.now() < end && sources.length > 0; turn++) {
    const at = turn % sources.length;
    const isRead = await readOnce(engine, sources[at], signal);
    if (signal.aborted) return;
    if (!isRead) sources.splice(at, 1);
  }
}

async function readOnce(engine: EngineApi, source: Source, signal: AbortSignal): Promise<boolean> {
  const opened = await engine.open(source, { signal });
  if (!opened.ok) return false;
  const { open, mainThread, bounds } = opened.value;
  await engine.chart(open, { signal });
  if (mainThread !== null) {
    await engine.breakdown(open, { thread: mainThread, range: bounds }, { signal });
    await engine.overview(open, { thread: mainThread, range: bounds, buckets: 1_000 }, { signal });
  }
  await engine.close(open);
  return true;
}

function chooseRecording(recordings: readonly Recording[]): Recording | undefined {
  const distance = ({ trace }: Recording): number => Math.abs(Math.log((trace?.bytes ?? 0) / GOOD_BYTES));
  return recordings
    .filter(({ state, trace }) => state !== 'recording' && trace !== null)
    .slice(0, CHOICE)
    .sort((one, other) => distance(one) - distance(other))
    .at(0);
}

/**
 * Which recordings go when there are more than the user wants to keep. Pure.
 * In: the recordings of the library, the limits, and the one that must stay. Out: ids, oldest first. Only recordings
 * without tags go, and none that is still being made; so a limit may stay broken.
 */
import type { Recording, RecordingId } from '../recording/index.ts';
import type { StorageSettings } from './settings.ts';

type Kept = Pick<Recording, 'id' | 'state' | 'startedAt' | 'trace' | 'frames' | 'tags'>;

/** Bytes that a recording takes in the library. */
export const bytesOf = ({ trace, frames }: Pick<Recording, 'trace' | 'frames'>): number =>
  frames.reduce((sum, frame) => sum + frame.bytes, trace?.bytes ?? 0);

export function chooseSurplus(
  recordings: readonly Kept[],
  { mostRecordings, mostBytes }: StorageSettings,
  spared: RecordingId | null,
): readonly RecordingId[] {
  const finished = recordings.filter(({ state }) => state !== 'recording');
  let count = finished.length;
  let bytes = finished.reduce((sum, recording) => sum + bytesOf(recording), 0);
  const surplus: RecordingId[] = [];
  for (const recording of finished.toSorted((one, other) => one.startedAt - other.startedAt)) {
    const isOver = count > (mostRecordings ?? count) || bytes > (mostBytes ?? bytes);
    if (!isOver) break;
    if (recording.id === spared || Object.keys(recording.tags).length > 0) continue;
    surplus.push(recording.id);
    count--;
    bytes -= bytesOf(recording);
  }
  return surplus;
}

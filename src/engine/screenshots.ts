/**
 * Pictures of the page as items of a track: each lasts to the next, the last to the trace's end.
 * In: the recording's pictures (Unix ms, ascending), the trace. Out: items, none where nothing was recorded. Pictures of
 * before the trace are left out.
 */
import type { PageItem } from '../analysis/index.ts';
import { type Recording, tieClocks, toMicros } from '../recording/index.ts';
import type { TraceTables } from '../trace/index.ts';

export function collectScreenshots(
  recording: Recording | null,
  { bounds, unixMillisAtZero }: Pick<TraceTables, 'bounds' | 'unixMillisAtZero'>,
): PageItem[] {
  if (recording === null) return [];
  const tie = tieClocks({ bounds, unixMillisAtZero }, recording.startedAt);
  const times = recording.frames.map(({ time }) => toMicros(time, tie));
  return times.flatMap((time, frame): PageItem[] => {
    const end = Math.min(bounds.end, times[frame + 1] ?? bounds.end);
    const start = Math.max(bounds.start, time);
    if (end <= start) return [];
    return [
      {
        track: 'screenshots',
        start,
        settled: start,
        end,
        title: `Screenshot ${frame + 1}`,
        category: 'idle',
        endInferred: false,
        source: { kind: 'screenshot', frame },
        initiator: -1,
      },
    ];
  });
}

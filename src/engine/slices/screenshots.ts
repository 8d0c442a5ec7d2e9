/**
 * Pictures of the page as items of a track: each lasts to the next, the last to the trace's end.
 * In: the recording's pictures (Unix ms, ascending), else those that DevTools wrote into its trace (`Screenshot`, a JPEG in
 * base64). Out: items, none where nothing was recorded; the bytes of one of the trace's own. Pictures of before the trace
 * are left out.
 */
import type { PageItem } from '../../analysis/index.ts';
import type { Micros } from '../../base/index.ts';
import { type Recording, tieClocks, toMicros } from '../../recording/index.ts';
import type { EventArguments, TraceTables } from '../../trace/index.ts';

export function collectScreenshots(recording: Recording | null, tables: TraceTables): PageItem[] {
  const { bounds } = tables;
  const times = timesOfPictures(recording, tables);
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

function timesOfPictures(recording: Recording | null, tables: TraceTables): readonly Micros[] {
  if (recording === null || recording.frames.length === 0) return Array.from(tables.pictures.time);
  const tie = tieClocks(tables, recording.startedAt);
  return recording.frames.map(({ time }) => toMicros(time, tie));
}

/** Of the arguments of a picture's event; empty where nobody can read them. */
export function pictureBytes({ snapshot }: EventArguments['args']): Uint8Array<ArrayBuffer> {
  if (typeof snapshot !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(snapshot) || snapshot.length % 4 === 1)
    return new Uint8Array(0);
  return Uint8Array.from(atob(snapshot), (letter) => letter.charCodeAt(0));
}

/**
 * Pictures of the page, wherever they are kept: with the recording, or in the trace that DevTools saved.
 * In: what is open, the library, the engine. Out: when each was taken, and its JPEG when it is asked for.
 */
import type { Micros, Result } from '../../../base/index.ts';
import type { EngineApi, OpenedRecording } from '../../../engine/client.ts';
import { type Recording, tieClocks, toMicros } from '../../../recording/index.ts';
import type { LibraryDoor } from '../doors.ts';

/** Width by height of a page whose shape nobody has told. */
export const USUAL_ASPECT = 16 / 10;

export interface PictureShelf {
  /** Differs from that of any other recording. */
  readonly key: string;
  /** Trace clock, ascending. */
  readonly times: readonly Micros[];
  /** Width by height; null where nobody knows before one is read. */
  readonly aspect: number | null;
  readonly read: (picture: number) => Promise<Result<Uint8Array>>;
}

interface PictureSources {
  readonly opened: OpenedRecording;
  readonly recording: Recording | null;
  readonly library: LibraryDoor;
  readonly engine: EngineApi;
  /** Nothing is read before. */
  readonly from?: Promise<void> | undefined;
}

/** null where there are none. */
export function shelfOfTrace(sources: PictureSources): PictureShelf | null {
  const shelf = shelfOf(sources);
  if (shelf === null) return null;
  const read = async (picture: number): Promise<Result<Uint8Array>> => {
    await sources.from;
    return shelf.read(picture);
  };
  return { ...shelf, read };
}

function shelfOf({ opened, recording, library, engine }: PictureSources): PictureShelf | null {
  if (recording !== null && recording.frames.length > 0) {
    const tie = tieClocks(opened, recording.startedAt);
    return shelfOfRecording(library, recording, (time) => toMicros(time, tie));
  }
  if (opened.pictures.length === 0) return null;
  return {
    key: `trace ${opened.open}`,
    times: opened.pictures,
    aspect: null,
    read: (picture) => engine.picture(opened.open, picture),
  };
}

/** `toTime`: Unix ms to what the times are to be. */
export function shelfOfRecording(
  library: LibraryDoor,
  { id, frames, viewport }: Recording,
  toTime: (time: number) => Micros,
): PictureShelf {
  return {
    key: `recording ${id} ${frames.length}`,
    times: frames.map(({ time }) => toTime(time)),
    aspect: viewport === null || viewport.height === 0 ? null : viewport.width / viewport.height,
    read: (picture) => library.readFrame(id, picture),
  };
}

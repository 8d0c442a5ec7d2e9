/**
 * Opens what is being recorded here while its bytes still come, so that it is there when the last one is.
 * In: the recorder's state, again and again. Out: the recording shown as soon as it has ended; before, while it starts,
 * word that this page is ready for it. What fails here fails quietly: a recording that has ended is opened in the usual
 * way where it is not shown by then.
 */
import type { RecorderState } from '../../../extension/messages.ts';
import type { RecordingId } from '../../../recording/index.ts';
import type { LibraryDoor, RecorderLink } from '../doors.ts';
import type { Place } from '../recorder-view.ts';
import type { Opener } from './opener.ts';

export interface LiveDoors {
  readonly place: Place;
  /** The recording that the page's address names. */
  readonly asked: RecordingId | null;
  readonly library: LibraryDoor;
  readonly makeReady: () => Promise<void>;
  readonly recorder: RecorderLink;
  readonly opener: Opener;
  /** It is shown. */
  readonly onShown: (id: RecordingId) => void;
}

export interface LiveOpening {
  readonly follow: (state: RecorderState) => void;
  /** Whether the recording is shown in the end; at once where it never was followed. */
  readonly isShown: (id: RecordingId) => Promise<boolean>;
}

export function createLiveOpening(doors: LiveDoors): LiveOpening {
  const { place, asked, library, recorder, opener, onShown } = doors;
  let followed: { readonly id: RecordingId; readonly shown: Promise<boolean> } | null = null;

  const open = async (id: RecordingId): Promise<boolean> => {
    const entry = await library.get(id);
    if (!entry.ok) return false;
    const source = { kind: 'library', id } as const;
    // Its entry is as the engine finds it when the trace has ended.
    const isShown = await opener.open({ source, name: entry.value.name, recording: null, quiet: true });
    if (!isShown) return false;
    onShown(id);
    void refresh(id);
    return true;
  };
  /** The chart does not wait for what the page still has to tell; that comes into the entry at its end. */
  const refresh = async (id: RecordingId): Promise<void> => {
    const shown = opener.shown.peek();
    const { finished } = recorder.state.peek() ?? {};
    if (finished?.recording !== id || shown.kind !== 'trace' || shown.recording?.id !== id) return;
    if (shown.recording.state !== 'recording') return;
    const entry = await library.get(id);
    if (entry.ok) opener.update(entry.value);
  };
  /** The viewer that is made for a recording shows it; one that shows another already keeps that. */
  const isHere = ({ recording, tabId }: RecorderState): boolean =>
    place.kind === 'panel'
      ? tabId === place.tabId
      : recording === asked && opener.shown.peek().kind === 'none';

  let readied: RecordingId | null = null;
  const makeReady = async (id: RecordingId): Promise<void> => {
    readied = id;
    await doors.makeReady();
    recorder.send({ type: 'ready', recording: id });
  };

  return {
    follow(state) {
      const { phase, recording, finished } = state;
      if (followed !== null && finished?.recording === followed.id) void refresh(followed.id);
      const isToCome = phase === 'starting' && recording !== null && recording !== readied;
      if (isToCome && isHere(state)) void makeReady(recording);
      if (followed !== null && recording !== followed.id && finished?.recording !== followed.id) {
        // Thrown away: nothing will come of it.
        if (opener.opening.peek()?.recording === followed.id) opener.cancel();
        followed = null;
      }
      const isEnding = phase === 'stopping' || phase === 'saving';
      if (!isEnding || recording === null || recording === followed?.id || !isHere(state)) return;
      followed = { id: recording, shown: open(recording) };
    },
    isShown: async (id) => followed?.id === id && followed.shown,
  };
}

/**
 * What the user writes on the open trace and how they arrange its tracks: read when it opens, saved with every change.
 * In: the library's entry or nothing (a file that is only looked at), changes. Out: the notes as a signal, at once; the
 * library a moment later, one change after the other. Changes are functions: they are done again to what the library
 * has by then, so that two pages with one recording lose nothing of each other's. A recording that is still being
 * written takes none: they wait, and are saved with the next word of it. Failures go to `onFailure`, once.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Failure } from '../../../base/index.ts';
import { NO_NOTES, type Recording, type RecordingId, type RecordingNotes } from '../../../recording/index.ts';
import type { LibraryDoor } from '../doors.ts';

export type NotesChange = (notes: RecordingNotes) => RecordingNotes;

export interface NotesKeeper {
  readonly notes: ReadonlySignal<RecordingNotes>;
  /** false: kept for as long as this page is open; the library does not have what is shown. */
  readonly isKept: boolean;
  readonly change: (change: NotesChange) => void;
  /** Brings back the note that was deleted last; false where none was. Set by who deletes notes. */
  readonly undo: Signal<(() => boolean) | null>;
  /** The library's entry is another now: what waits is saved. */
  readonly update: (recording: Recording) => void;
}

/** Notes on files that are only looked at, by the file: they are there again when it is opened again. */
export type SessionNotes = Map<string, RecordingNotes>;

export const sessionKeyOf = ({ name, size, lastModified }: File | (Blob & Partial<File>)): string =>
  `${size}:${lastModified ?? 0}:${name ?? ''}`;

export type NotesPlace =
  | { readonly kind: 'library'; readonly recording: Recording; readonly library: LibraryDoor }
  | { readonly kind: 'session'; readonly key: string; readonly session: SessionNotes };

export interface NotesKeeperOptions {
  readonly onFailure: (failure: Failure) => void;
  /** The library has taken them. */
  readonly onSaved: (recording: Recording) => void;
}

export function createNotesKeeper(place: NotesPlace, options: NotesKeeperOptions): NotesKeeper {
  return place.kind === 'session' ? keepForSession(place) : keepInLibrary(place, options);
}

function keepForSession({ key, session }: NotesPlace & { readonly kind: 'session' }): NotesKeeper {
  const notes = signal(session.get(key) ?? NO_NOTES);
  return {
    notes,
    isKept: false,
    undo: signal(null),
    change(change) {
      notes.value = change(notes.peek());
      session.set(key, notes.peek());
    },
    update: () => undefined,
  };
}

function keepInLibrary(
  { recording: first, library }: NotesPlace & { readonly kind: 'library' },
  { onFailure, onSaved }: NotesKeeperOptions,
): NotesKeeper {
  const id: RecordingId = first.id;
  const notes = signal(first.notes);
  let waiting: readonly NotesChange[] = [];
  let isWritten = first.state !== 'recording';
  let isSaving = false;

  const saveOnce = async (): Promise<boolean> => {
    const changes = waiting;
    const entry = await library.get(id);
    const saved = entry.ok
      ? await library.edit(id, { notes: changes.reduce((now, change) => change(now), entry.value.notes) })
      : entry;
    if (!saved.ok) {
      onFailure(saved.failure);
      return false;
    }
    waiting = waiting.slice(changes.length);
    if (waiting.length === 0) notes.value = saved.value.notes;
    onSaved(saved.value);
    return waiting.length > 0;
  };
  const save = async (): Promise<void> => {
    if (isSaving || !isWritten || waiting.length === 0) return;
    isSaving = true;
    try {
      while (await saveOnce());
    } finally {
      isSaving = false;
    }
  };
  return {
    notes,
    isKept: true,
    undo: signal(null),
    change(change) {
      notes.value = change(notes.peek());
      waiting = [...waiting, change];
      void save();
    },
    update({ state }) {
      isWritten = state !== 'recording';
      void save();
    },
  };
}

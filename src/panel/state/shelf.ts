/**
 * The recordings of the library as the app lists them, and deleting with a way back.
 * In: the library. Out: the list, newest first, without what is being deleted. A deleted recording leaves the list at
 * once and the library only when its undo has run out: a panel that closes in between loses nothing.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Failure } from '../../base/index.ts';
import type { Recording, RecordingId } from '../../recording/index.ts';
import type { Clock, LibraryDoor } from './doors.ts';

/** How long a deletion can be undone. */
export const UNDO_MILLIS = 10_000;

export interface Shelf {
  /** null before the library first answered. */
  readonly recordings: ReadonlySignal<readonly Recording[] | null>;
  readonly reload: () => Promise<void>;
  /** Takes it off the list; `onSettled` is called when there is no way back any more. */
  readonly remove: (id: RecordingId, onSettled: () => void) => void;
  /** Brings back what was deleted last; answers it, or null where there is nothing to bring back. */
  readonly undoRemove: () => RecordingId | null;
}

export interface ShelfOptions {
  readonly library: LibraryDoor;
  readonly clock: Clock;
  readonly onFailure: (failure: Failure) => void;
}

interface Leaving {
  readonly id: RecordingId;
  /** null from the moment when the library is asked to delete it. */
  readonly takeBack: (() => void) | null;
}

export function createShelf({ library, clock, onFailure }: ShelfOptions): Shelf {
  const all = signal<readonly Recording[] | null>(null);
  const leaving = signal<readonly Leaving[]>([]);
  const isLeaving = (id: RecordingId): boolean => leaving.value.some((one) => one.id === id);
  const without = (id: RecordingId): readonly Leaving[] => leaving.value.filter((one) => one.id !== id);
  // What is being recorded is not a recording yet: the recorder shows it.
  const recordings = computed(
    () => all.value?.filter(({ id, state }) => state !== 'recording' && !isLeaving(id)) ?? null,
  );

  const reload = async (): Promise<void> => {
    const result = await library.list();
    if (result.ok) all.value = [...result.value].sort((a, b) => b.startedAt - a.startedAt);
    else onFailure(result.failure);
  };
  const settle = async (id: RecordingId): Promise<void> => {
    leaving.value = [...without(id), { id, takeBack: null }];
    const result = await library.remove(id);
    if (!result.ok) onFailure(result.failure);
    await reload();
    leaving.value = without(id);
  };

  return {
    recordings,
    reload,
    remove(id, onSettled) {
      const takeBack = clock.after(UNDO_MILLIS, () => {
        onSettled();
        void settle(id);
      });
      leaving.value = [...leaving.value, { id, takeBack }];
    },
    undoRemove() {
      const last = leaving.value.findLast((one) => one.takeBack !== null);
      if (last === undefined) return null;
      last.takeBack?.();
      leaving.value = without(last.id);
      return last.id;
    },
  };
}

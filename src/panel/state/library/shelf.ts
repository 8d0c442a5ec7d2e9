/**
 * The recordings of the library as the app lists them, and deleting with a way back.
 * In: the library. Out: the list, newest first, without what is being deleted. A deleted recording leaves the list at
 * once and the library only when its undo has run out: a panel that closes in between loses nothing.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Failure } from '../../../base/index.ts';
import type { Recording, RecordingId } from '../../../recording/index.ts';
import type { Clock, LibraryDoor } from '../doors.ts';

/** How long a deletion can be undone. */
export const UNDO_MILLIS = 10_000;

export interface Shelf {
  /** null before the library first answered. */
  readonly recordings: ReadonlySignal<readonly Recording[] | null>;
  readonly reload: () => Promise<void>;
  /** Takes them off the list; `onSettled` is called when there is no way back any more. */
  readonly remove: (ids: readonly RecordingId[], onSettled: () => void) => void;
  /** Brings back what was deleted last, together; answers it, or null where there is nothing to bring back. */
  readonly undoRemove: () => readonly RecordingId[] | null;
  /** There is something to bring back. */
  readonly canUndo: ReadonlySignal<boolean>;
}

export interface ShelfOptions {
  readonly library: LibraryDoor;
  readonly clock: Clock;
  readonly onFailure: (failure: Failure) => void;
}

interface Leaving {
  readonly ids: readonly RecordingId[];
  /** null from the moment when the library is asked to delete it. */
  readonly takeBack: (() => void) | null;
}

export function createShelf({ library, clock, onFailure }: ShelfOptions): Shelf {
  const all = signal<readonly Recording[] | null>(null);
  const leaving = signal<readonly Leaving[]>([]);
  const isLeaving = (id: RecordingId): boolean => leaving.value.some(({ ids }) => ids.includes(id));
  const without = (ids: readonly RecordingId[]): readonly Leaving[] =>
    leaving.value.filter((one) => one.ids !== ids);
  // What is being recorded is not a recording yet: the recorder shows it.
  const recordings = computed(
    () => all.value?.filter(({ id, state }) => state !== 'recording' && !isLeaving(id)) ?? null,
  );

  const reload = async (): Promise<void> => {
    const result = await library.list();
    if (result.ok) all.value = [...result.value].sort((a, b) => b.startedAt - a.startedAt);
    else onFailure(result.failure);
  };
  const settle = async (ids: readonly RecordingId[]): Promise<void> => {
    leaving.value = [...without(ids), { ids, takeBack: null }];
    for (const id of ids) {
      const result = await library.remove(id);
      if (!result.ok) onFailure(result.failure);
    }
    await reload();
    leaving.value = without(ids);
  };

  return {
    recordings,
    reload,
    canUndo: computed(() => leaving.value.some(({ takeBack }) => takeBack !== null)),
    remove(ids, onSettled) {
      const takeBack = clock.after(UNDO_MILLIS, () => {
        onSettled();
        void settle(ids);
      });
      leaving.value = [...leaving.value, { ids, takeBack }];
    },
    undoRemove() {
      const last = leaving.value.findLast((one) => one.takeBack !== null);
      if (last === undefined) return null;
      last.takeBack?.();
      leaving.value = without(last.ids);
      return last.ids;
    },
  };
}

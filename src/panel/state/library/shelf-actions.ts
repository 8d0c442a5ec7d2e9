/**
 * What can be done to the recordings that are kept: delete some, bring them back, and let the oldest
 * go when there are more than the user wants to keep.
 * In: the shelf, what is shown. Out: actions; every deletion is told, with a way back. Refuses nothing.
 */
import { effect, type ReadonlySignal } from '@preact/signals';
import type { Recording, RecordingId } from '../../../recording/index.ts';
import { chooseSurplus } from '../../../settings/index.ts';
import { countOf } from '../../words/format.ts';
import type { Outside } from '../doors.ts';
import type { Notices } from '../notices.ts';
import type { Opener } from './opener.ts';
import type { Shelf } from './shelf.ts';

interface ShelfParts {
  readonly outside: Outside;
  readonly notices: Notices;
  readonly opener: Opener;
  readonly shelf: Shelf;
  readonly current: ReadonlySignal<Recording | null>;
}

export interface ShelfActions {
  /** Deletes what is shown, or the one given. */
  readonly remove: (id?: RecordingId) => void;
  /** Deletes every recording that bears no tag. */
  readonly removeUntagged: () => void;
  readonly undoRemove: () => void;
}

export function shelfActions(parts: ShelfParts): ShelfActions {
  const { notices, shelf, current } = parts;
  const find = (id: RecordingId | undefined) => shelf.recordings.peek()?.find((one) => one.id === id);
  return {
    remove(id = current.peek()?.id) {
      const recording = find(id);
      if (recording !== undefined) removeAll(parts, [recording.id], `${recording.name} was deleted.`);
    },
    removeUntagged() {
      const ids = untagged(shelf.recordings.peek() ?? []).map(({ id }) => id);
      if (ids.length > 0) removeAll(parts, ids, `${countOf(ids.length, 'recording')} without tags deleted.`);
    },
    undoRemove() {
      const ids = shelf.undoRemove();
      if (ids !== null) notices.dismiss(keyOf(ids));
    },
  };
}

export const untagged = (recordings: readonly Recording[]): readonly Recording[] =>
  recordings.filter(({ tags }) => Object.keys(tags).length === 0);

/** When a recording has ended: what is over the user's limits goes. One page of all does it. */
export function followLimits(parts: ShelfParts): () => void {
  const { outside, shelf } = parts;
  let before: RecordingId | null | undefined;
  const apply = async (finished: RecordingId): Promise<void> => {
    await shelf.reload();
    const { settings } = outside.settings.current.peek();
    const ids = chooseSurplus(shelf.recordings.peek() ?? [], settings.storage, finished);
    if (ids.length === 0) return;
    await outside.inOnePage('surplus', () => {
      const words = `${countOf(ids.length, 'old recording')} deleted: more than the settings let you keep.`;
      removeAll(parts, ids, words);
    });
  };
  return effect(() => {
    const state = outside.recorder.state.value;
    if (state === null) return;
    const finished = state.finished?.recording ?? null;
    if (before !== undefined && finished !== null && finished !== before) void apply(finished);
    before = finished;
  });
}

function removeAll(
  { notices, shelf, opener, current }: ShelfParts,
  ids: readonly RecordingId[],
  message: string,
): void {
  const key = keyOf(ids);
  shelf.remove(ids, () => notices.dismiss(key));
  const shown = current.peek()?.id;
  if (shown !== undefined && ids.includes(shown)) opener.close();
  const advice = { label: 'Undo', action: 'undo-delete' } as const;
  notices.show({ key, tone: 'info', message, detail: '', advice });
}

const keyOf = (ids: readonly RecordingId[]): string => `deleted:${ids.join()}`;

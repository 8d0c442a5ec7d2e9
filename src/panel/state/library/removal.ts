/**
 * Deleting a backend, or forgetting what was to be sent, with a way back: it leaves its list at once, and for good, with all
 * that it holds, only when its undo has run out. A panel that closes in between loses nothing.
 */
import type { Failure } from '../../../base/index.ts';
import type { App } from '../app.ts';
import { UNDO_MILLIS } from './shelf.ts';

interface Removed {
  readonly id: string;
  /** `Grafana Pyroscope at shop.example was deleted.` */
  readonly words: string;
  /** For good; why it could not be, null where it could. */
  readonly commit: () => Promise<Failure | null>;
}

export function removeWithUndo(
  { outside, sending, notices }: Pick<App, 'outside' | 'sending' | 'notices'>,
  { id, words, commit }: Removed,
): void {
  // A second one settles the first.
  sending.removal.peek()?.settle();
  const settle = (): void => {
    takeBack();
    sending.removal.value = null;
    void commit().then((failure) => {
      if (failure !== null) notices.showFailure(failure);
    });
  };
  const takeBack = outside.clock.after(UNDO_MILLIS, settle);
  sending.removal.value = {
    id,
    words,
    settle,
    undo() {
      takeBack();
      sending.removal.value = null;
    },
  };
}

/**
 * Deleting a backend with a way back: it leaves the list at once, and the book, its secrets and the leave to reach it
 * only when its undo has run out. A panel that closes in between loses nothing.
 */
import type { App } from './app.ts';
import type { BackendsDoor } from './doors.ts';
import { UNDO_MILLIS } from './shelf.ts';

interface Removed {
  readonly id: string;
  readonly words: string;
}

export function removeBackend(
  { outside, sending, notices }: App,
  door: BackendsDoor,
  removed: Removed,
): void {
  // A second one settles the first.
  sending.removal.peek()?.settle();
  const settle = (): void => {
    takeBack();
    sending.removal.value = null;
    void door.remove(removed.id).then((result) => {
      if (!result.ok) notices.showFailure(result.failure);
    });
  };
  const takeBack = outside.clock.after(UNDO_MILLIS, settle);
  sending.removal.value = {
    ...removed,
    settle,
    undo() {
      takeBack();
      sending.removal.value = null;
    },
  };
}

/**
 * The locks of whoever writes recordings: one Web Lock for each, named `pageflame-recording-<id>`.
 * In: a recording's id. Out: whether this context is its only writer now, and stays it until it lets go.
 * Refuses: nothing. The browser frees the locks of a context that dies, within {@link LOCK_WAIT_MILLIS}.
 */
import type { RecordingId } from './recording.ts';

/** How long a revived service worker waits for the lock of its predecessor, which the browser frees within this. */
export const LOCK_WAIT_MILLIS = 5_000;

export type Locks = Pick<LockManager, 'request'>;

export class WriterLocks {
  readonly #locks: Locks;
  readonly #waitMillis: number;
  readonly #held = new Map<RecordingId, { readonly taken: Promise<boolean>; readonly release: () => void }>();

  constructor(locks: Locks, waitMillis: number) {
    this.#locks = locks;
    this.#waitMillis = waitMillis;
  }

  /** False where another context is its writer, and was it for all of the wait. */
  take(id: RecordingId): Promise<boolean> {
    const held = this.#held.get(id);
    if (held !== undefined) return held.taken;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const taken = new Promise<boolean>((resolve) => {
      const hold = (): Promise<void> => {
        resolve(true);
        return released;
      };
      const signal = AbortSignal.timeout(this.#waitMillis);
      this.#locks.request(`pageflame-recording-${id}`, { signal }, hold).catch(() => {
        this.#held.delete(id);
        resolve(false);
      });
    });
    this.#held.set(id, { taken, release });
    return taken;
  }

  release(id: RecordingId): void {
    this.#held.get(id)?.release();
    this.#held.delete(id);
  }

  releaseAll(): void {
    for (const id of [...this.#held.keys()]) this.release(id);
  }
}

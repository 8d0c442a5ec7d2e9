/**
 * Word of changes to recordings, from whichever context of ours makes them to whoever follows one.
 * In: the id of what has changed. Out: a promise that somebody waits for. A word may be lost with its sender: who
 * waits is woken after a while all the same, and looks for himself.
 */
import type { Millis } from '../base/index.ts';
import type { RecordingId } from './recording.ts';

const CHANNEL = 'pageflame-recording-changes';

/** Tells of changes that this context has made. */
export class ChangeTeller {
  #channel: BroadcastChannel | null = null;

  tell(id: RecordingId): void {
    this.#channel ??= new BroadcastChannel(CHANNEL);
    this.#channel.postMessage(id);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }
}

export interface ChangeListener {
  /** Resolves when there was a change since it last resolved; after a while without one, too. */
  next(): Promise<void>;
  end(): void;
}

export function listenForChanges(id: RecordingId, waitMillis: Millis): ChangeListener {
  const channel = new BroadcastChannel(CHANNEL);
  let isMissed = false;
  let wake: (() => void) | null = null;
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data !== id) return;
    isMissed = true;
    wake?.();
  };
  return {
    async next() {
      if (!isMissed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMillis);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = null;
      }
      isMissed = false;
    },
    end() {
      wake?.();
      channel.close();
    },
  };
}

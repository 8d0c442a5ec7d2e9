/**
 * Word of changes to recordings, from whichever context of ours makes them to whoever follows one.
 * In: the id of what has changed, and where its trace ends as soon as that is known. Out: a promise that somebody waits
 * for. A word may be lost with its sender: who waits is woken after a while all the same, and looks for himself.
 */
import type { Millis } from '../base/index.ts';
import type { RecordingId } from './recording.ts';

const CHANNEL = 'pageflame-recording-changes';

interface Change {
  readonly id: RecordingId;
  /** Bytes of the whole trace (gzip); null where more may come. */
  readonly traceBytes: number | null;
}

/** Tells of changes that this context has made. */
export class ChangeTeller {
  #channel: BroadcastChannel | null = null;

  tell(id: RecordingId, traceBytes: number | null = null): void {
    this.#channel ??= new BroadcastChannel(CHANNEL);
    this.#channel.postMessage({ id, traceBytes } satisfies Change);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }
}

export interface ChangeListener {
  /** Resolves when there was a change since it last resolved; after a while without one, too. */
  next(): Promise<void>;
  /** Bytes of the whole trace; null as long as nobody has told. */
  readonly traceBytes: number | null;
  end(): void;
}

export function listenForChanges(id: RecordingId, waitMillis: Millis): ChangeListener {
  const channel = new BroadcastChannel(CHANNEL);
  let isMissed = false;
  let traceBytes: number | null = null;
  let wake: (() => void) | null = null;
  channel.onmessage = ({ data }: MessageEvent<Change>) => {
    if (data.id !== id) return;
    traceBytes ??= data.traceBytes;
    isMissed = true;
    wake?.();
  };
  return {
    get traceBytes() {
      return traceBytes;
    },
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

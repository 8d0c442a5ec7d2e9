/**
 * Word of a recording that is being made, from the context that makes it to whoever follows it.
 * In: what is being stored, each piece as it goes there; where the trace ends as soon as that is known; that it has ended
 * or is gone. Out: the same, to be taken in order. Pieces are told before they are stored, so that who follows need not
 * wait for the disk; the library alone says what is kept.
 * A word may be lost with its sender: who waits is woken after a while all the same, and looks for himself.
 */
import type { Millis } from '../base/index.ts';
import type { RecordingId } from './recording.ts';

const CHANNEL = 'pageflame-recording-changes';

type Word =
  /** A piece of the trace (gzip) on its way into the library, where it begins at `offset`. */
  | { readonly kind: 'piece'; readonly offset: number; readonly bytes: Uint8Array }
  /** The whole trace has so many bytes. */
  | { readonly kind: 'end'; readonly traceBytes: number }
  /** The recording has ended, or is gone. */
  | { readonly kind: 'over' };

interface Change {
  readonly id: RecordingId;
  readonly word: Word;
}

/** Tells of changes that this context makes. */
export class ChangeTeller {
  #channel: BroadcastChannel | null = null;

  tell(id: RecordingId, word: Word): void {
    this.#channel ??= new BroadcastChannel(CHANNEL);
    this.#channel.postMessage({ id, word } satisfies Change);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }
}

export interface ChangeListener {
  /** What was told of the bytes from `offset` on; null where nothing was. What lies before is dropped. */
  take(offset: number): Uint8Array | null;
  /** Whether there is a reason to look into the library since this was last asked: always at first. */
  takeDoubt(): boolean;
  /** Resolves when there was word since it last resolved; after a while without one, too. */
  next(): Promise<void>;
  /** Bytes of the whole trace; null as long as nobody has told. */
  readonly traceBytes: number | null;
  end(): void;
}

export function listenForChanges(id: RecordingId, waitMillis: Millis): ChangeListener {
  return new Listener(id, waitMillis);
}

class Listener implements ChangeListener {
  traceBytes: number | null = null;
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #waitMillis: Millis;
  /** As they were told. */
  #pieces: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  #isInDoubt = true;
  #isMissed = false;
  #wake: (() => void) | null = null;

  constructor(id: RecordingId, waitMillis: Millis) {
    this.#waitMillis = waitMillis;
    this.#channel.onmessage = ({ data }: MessageEvent<Change>) => {
      if (data.id === id) this.#hear(data.word);
    };
  }

  #hear(word: Word): void {
    if (word.kind === 'piece') this.#pieces.push(word);
    else this.#isInDoubt = true;
    if (word.kind === 'end') this.traceBytes ??= word.traceBytes;
    this.#isMissed = true;
    this.#wake?.();
  }

  take(offset: number): Uint8Array | null {
    for (;;) {
      const [piece] = this.#pieces;
      if (piece === undefined) return null;
      if (piece.offset > offset) break;
      this.#pieces.shift();
      if (piece.offset + piece.bytes.length > offset) return piece.bytes.subarray(offset - piece.offset);
      // Its writer begins anew, or this was read from the library already.
      this.#isInDoubt = true;
    }
    // What lies between was told before anybody listened. It is in the library, and what is told here will be.
    this.#pieces = [];
    this.#isInDoubt = true;
    return null;
  }

  takeDoubt(): boolean {
    const isInDoubt = this.#isInDoubt;
    this.#isInDoubt = false;
    return isInDoubt;
  }

  async next(): Promise<void> {
    if (!this.#isMissed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          this.#isInDoubt = true;
          resolve();
        }, this.#waitMillis);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
    }
    this.#isMissed = false;
  }

  end(): void {
    this.#wake?.();
    this.#channel.close();
  }
}

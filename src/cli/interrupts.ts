/**
 * Ctrl+C while a recording is made or sent, and what else asks a process to end (SIGTERM of `timeout` and of build servers, SIGHUP of a
 * terminal that closes): the first ends the recording and keeps it, the second throws it away, the third ends the process;
 * so does the second while nobody listens, because a browser that is being started may hang.
 * In: signals. Out: calls of who listens. Until {@link Interrupts.close} no signal ends the process by itself: a browser
 * of ours would stay behind.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** As shells report a process that Ctrl+C has ended. */
export const INTERRUPTED = 130;

export interface Interruptible {
  /** Ends the recording and keeps it. */
  stop(): void;
  /** Throws it away. */
  cancel(): void;
}

export class Interrupts {
  #count = 0;
  #listener: Interruptible | null = null;

  readonly #hear = (): void => {
    this.#count++;
    if (this.#count > (this.#listener === null ? 1 : 2)) process.exit(INTERRUPTED);
    this.#tell();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#hear);
  }

  /** There was one. */
  get isOver(): boolean {
    return this.#count > 0;
  }

  /** Tells `listener` from now on. */
  set listener(listener: Interruptible) {
    this.#listener = listener;
    this.#tell();
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#hear);
  }

  #tell(): void {
    if (this.#count === 1) this.#listener?.stop();
    else if (this.#count === 2) this.#listener?.cancel();
  }
}

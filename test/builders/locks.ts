/**
 * A Web Locks manager for tests in Node: as many contexts as wanted share one. Exclusive locks and abort signals, as
 * the specification has them; no modes, no steal.
 */
type Holder = () => Promise<void>;

export class TestLocks {
  readonly #tails = new Map<string, Promise<void>>();
  readonly #held = new Set<string>();

  get held(): readonly string[] {
    return [...this.#held];
  }

  request = (async (name: string, options: LockOptions, callback: Holder): Promise<void> => {
    const before = this.#tails.get(name) ?? Promise.resolve();
    let freed = (): void => undefined;
    const mine = new Promise<void>((resolve) => {
      freed = resolve;
    });
    this.#tails.set(
      name,
      before.then(() => mine),
    );
    try {
      await Promise.race([before, aborted(options.signal)]);
      this.#held.add(name);
      await callback();
    } finally {
      this.#held.delete(name);
      freed();
    }
  }) as LockManager['request'];
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
}

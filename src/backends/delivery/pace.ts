/**
 * Keeps to what a backend takes per second, so that nothing is refused for its sake.
 * In: bytes about to be sent, and when. Out: 0, or how many ms to wait before asking again.
 */
export interface PaceLimits {
  readonly bytesPerSecond: number;
  /** At once, after a rest. */
  readonly burst: number;
}

export class Pace {
  readonly #limits: PaceLimits;
  #left: number;
  #at = Number.NEGATIVE_INFINITY;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
    this.#left = limits.burst;
  }

  take(bytes: number, now: number): number {
    const { bytesPerSecond, burst } = this.#limits;
    const rested = Math.max(0, now - this.#at);
    this.#left = Math.min(burst, this.#left + (rested / 1000) * bytesPerSecond);
    this.#at = now;
    // What is more than a burst has to be tried once all is rested: the backend says no, not we.
    const wanted = Math.min(bytes, burst);
    if (wanted <= this.#left) {
      this.#left -= wanted;
      return 0;
    }
    return Math.ceil(((wanted - this.#left) / bytesPerSecond) * 1000);
  }
}

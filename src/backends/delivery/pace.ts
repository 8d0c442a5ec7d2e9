/**
 * Keeps to what a backend takes per second, so that nothing is refused for its sake.
 * In: bytes about to be sent, bytes that were answered, and when. Out: 0, or how many ms to wait before asking again.
 * A backend counts bytes as they come, and that may be as late as its answer: what is on its way leaves no room for a rest.
 */
export interface PaceLimits {
  readonly bytesPerSecond: number;
  /** At once, after a rest. */
  readonly burst: number;
}

/** With bytes on their way their answer makes room: it is looked for this often, ms. */
const LOOK_MILLIS = 50;

export class Pace {
  readonly #limits: PaceLimits;
  /** What the backend surely takes now. */
  #left: number;
  #onTheWay = 0;
  #at = Number.NEGATIVE_INFINITY;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
    this.#left = limits.burst;
  }

  take(bytes: number, now: number): number {
    this.#rest(now);
    const { bytesPerSecond } = this.#limits;
    const wanted = this.#counted(bytes);
    if (wanted <= this.#left) {
      this.#left -= wanted;
      this.#onTheWay += wanted;
      return 0;
    }
    const millis = Math.ceil(((wanted - this.#left) / bytesPerSecond) * 1000);
    return this.#onTheWay === 0 ? millis : Math.min(millis, LOOK_MILLIS);
  }

  /** What was taken has been answered, or never will be. */
  settle(bytes: number, now: number): void {
    this.#rest(now);
    this.#onTheWay -= this.#counted(bytes);
  }

  /** What is more than a burst has to be tried once all is rested: the backend says no, not we. */
  #counted(bytes: number): number {
    return Math.min(bytes, this.#limits.burst);
  }

  #rest(now: number): void {
    const { bytesPerSecond, burst } = this.#limits;
    const rested = Math.max(0, now - this.#at);
    const most = Math.max(this.#left, burst - this.#onTheWay);
    this.#left = Math.min(most, this.#left + (rested / 1000) * bytesPerSecond);
    this.#at = now;
  }
}

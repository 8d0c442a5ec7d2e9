/**
 * How the pixels that are drawn on, counted one way, become those that a canvas has: as many, or fewer.
 * In: both numbers; places and lengths. Out: whole pixels of the canvas, of what is drawn at all no fewer than one; where
 * there are as many, what was given.
 */
export class PixelScale {
  /** Pixels of the canvas for each that is drawn on. */
  readonly share: number;

  constructor(drawn: number, own: number) {
    this.share = drawn === own || drawn === 0 ? 1 : own / drawn;
  }

  at(place: number): number {
    return this.share === 1 ? place : Math.round(place * this.share);
  }

  long(from: number, length: number): number {
    if (this.share === 1 || length <= 0) return length;
    return Math.max(1, this.at(from + length) - this.at(from));
  }
}

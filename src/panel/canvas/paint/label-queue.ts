/**
 * The labels that one frame could draw, and the choice of them where there are too many: the widest first.
 * In: boxes with their pixels. Out: places 0 … `choose(most)` - 1 to draw. Reused from frame to frame.
 */
import { int32Column } from '../../../base/index.ts';

/** Widths beyond this count as this. */
const WIDEST = 2_048;

export class LabelQueue {
  readonly #box = int32Column(4_096);
  readonly #from = int32Column(4_096);
  readonly #to = int32Column(4_096);
  readonly #y = int32Column(4_096);
  readonly #chosen = int32Column(4_096);
  readonly #counts = new Int32Array(WIDEST + 1);

  get length(): number {
    return this.#box.length;
  }

  clear(): void {
    for (const column of [this.#box, this.#from, this.#to, this.#y, this.#chosen]) column.length = 0;
  }

  push(box: number, from: number, to: number, y: number): void {
    this.#box.push(box);
    this.#from.push(from);
    this.#to.push(to);
    this.#y.push(y);
  }

  /** Chooses the widest `most` labels; of equally wide ones the first. Returns how many it chose. */
  choose(most: number): number {
    const count = this.length;
    this.#chosen.length = 0;
    const { least, ofLeast } = count <= most ? { least: 0, ofLeast: count } : this.#findLeastWidth(most);
    let left = ofLeast;
    for (let row = 0; row < count; row++) {
      const width = this.#widthOf(row);
      if (width > least || (width === least && left-- > 0)) this.#chosen.push(row);
    }
    return this.#chosen.length;
  }

  boxAt(place: number): number {
    return this.#box.values[this.#chosen.values[place]];
  }

  xAt(place: number): number {
    return this.#from.values[this.#chosen.values[place]];
  }

  yAt(place: number): number {
    return this.#y.values[this.#chosen.values[place]];
  }

  widthAt(place: number): number {
    const row = this.#chosen.values[place];
    return this.#to.values[row] - this.#from.values[row];
  }

  #widthOf(row: number): number {
    return Math.min(WIDEST, this.#to.values[row] - this.#from.values[row]);
  }

  /** The narrowest width that is still drawn, and how many of that width are. */
  #findLeastWidth(most: number): { least: number; ofLeast: number } {
    const counts = this.#counts.fill(0);
    for (let row = 0; row < this.length; row++) counts[this.#widthOf(row)]++;
    let left = most;
    let least = WIDEST;
    while (least > 0 && counts[least] <= left) left -= counts[least--];
    return { least, ofLeast: left };
  }
}

/**
 * Text interned once: equal strings share one row. In: strings. Out: their rows, and the strings back.
 * Row 0 is always ''. Refuses: rows it never gave.
 */
import { type StringIndex, stringIndex } from './brand.ts';

export class StringTable {
  readonly #texts: string[] = [''];
  readonly #rows = new Map<string, number>([['', 0]]);

  get length(): number {
    return this.#texts.length;
  }

  /** The row of `text`, new or old. */
  intern(text: string): StringIndex {
    const known = this.#rows.get(text);
    if (known !== undefined) return stringIndex(known);
    const row = this.#texts.length;
    this.#texts.push(text);
    this.#rows.set(text, row);
    return stringIndex(row);
  }

  /** The row of `text`, or -1 where it never was interned. */
  find(text: string): StringIndex {
    return stringIndex(this.#rows.get(text) ?? -1);
  }

  /** The text of `row`; '' for -1. */
  get(row: number): string {
    return row < 0 ? '' : this.#texts[row];
  }

  /** All texts by row. */
  get texts(): readonly string[] {
    return this.#texts;
  }
}

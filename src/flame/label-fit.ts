/**
 * What of a label fits on its box. In: the label's row and text, and the room in pixels. Out: the text, whole or cut,
 * '' for none. Cut at the end for names, in the middle for paths; a cut text keeps at least three characters.
 * Remembers widths and cut texts: thousands are asked for in every frame. Make a new one when the font changes.
 */

export type MeasureText = (text: string) => number;

const ELLIPSIS = '…';
const LEAST_CHARACTERS = 3;
/** More cut texts than this are forgotten and cut again. */
const REMEMBERED = 40_000;
/** Longer texts are never wider than a screen shows. */
const MOST_CHARACTERS = 1_000;

export class LabelFitter {
  readonly #measure: MeasureText;
  readonly #characters = new Map<string, number>();
  readonly #widths = new Map<number, number>();
  readonly #cuts = new Map<number, string>();
  readonly #ellipsis: number;

  constructor(measure: MeasureText) {
    this.#measure = measure;
    this.#ellipsis = measure(ELLIPSIS);
  }

  fit(label: number, text: string, room: number): string {
    if (this.#widthOf(label, text) <= room) return text;
    const kept = this.#countFitting(text, room - this.#ellipsis);
    if (kept < LEAST_CHARACTERS) return '';
    const key = label * MOST_CHARACTERS + kept;
    const known = this.#cuts.get(key);
    if (known !== undefined) return known;
    if (this.#cuts.size >= REMEMBERED) this.#cuts.clear();
    const cut = isPath(text) ? cutMiddle(text, kept) : `${trimHalf(text.slice(0, kept))}${ELLIPSIS}`;
    this.#cuts.set(key, cut);
    return cut;
  }

  /** With a sign before it, which stays where the label does not fit. */
  fitSigned(sign: string, label: number, text: string, room: number): string {
    const width = this.#widthOfCharacter(sign);
    const fitting = this.fit(label, text, room - width - this.#widthOfCharacter(' '));
    if (fitting !== '') return `${sign} ${fitting}`;
    return width <= room ? sign : '';
  }

  #widthOf(label: number, text: string): number {
    const known = this.#widths.get(label);
    if (known !== undefined) return known;
    let width = 0;
    for (const character of text) width += this.#widthOfCharacter(character);
    this.#widths.set(label, width);
    return width;
  }

  #widthOfCharacter(character: string): number {
    const known = this.#characters.get(character);
    if (known !== undefined) return known;
    const width = this.#measure(character);
    this.#characters.set(character, width);
    return width;
  }

  /** How many of the first characters fit into `room`. */
  #countFitting(text: string, room: number): number {
    let width = 0;
    const most = Math.min(text.length, MOST_CHARACTERS - 1);
    for (let at = 0; at < most; at++) {
      width += this.#widthOfCharacter(text[at]);
      if (width > room) return at;
    }
    return most;
  }
}

const isPath = (text: string): boolean => text.includes('/') && !text.includes(' ');

function cutMiddle(text: string, kept: number): string {
  const head = Math.ceil(kept / 2);
  return `${trimHalf(text.slice(0, head))}${ELLIPSIS}${text.slice(text.length - (kept - head))}`;
}

/** Drops half of a surrogate pair at the end. */
function trimHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

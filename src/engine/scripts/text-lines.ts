/**
 * A text as lines that can be shown: which there are, pieces of them, and the same text pretty-printed with every place
 * tied to the one it came from.
 * In: a text. Out: lines from 1, cut where they are longer than a screen can hold; lines of places. Refuses, by null, a
 * pretty text that is not the same but for white space.
 *
 *   raw      f(){a();b()}                 places are line:column of the raw text, from 1
 *   pretty   f() {⏎  a();⏎  b()⏎}         its lines are found by the number of characters before, white space apart
 */

/** Characters of a line that are shown. */
export const LONGEST_SHOWN = 4_000;
/** A line that long was not written by hand. */
const LONG_LINE = 500;

export interface ShownSourceLine {
  readonly text: string;
  /** Characters that are not shown. */
  readonly leftOut: number;
}

export class TextLines {
  readonly text: string;
  /** Where each line begins; one more behind the last. */
  readonly #starts: Int32Array;

  constructor(text: string) {
    this.text = text;
    this.#starts = findLines(text);
  }

  get length(): number {
    return this.#starts.length - 1;
  }

  /** Most of it stands in lines that nobody can read. */
  get isMinified(): boolean {
    let long = 0;
    for (let line = 0; line < this.length; line++) {
      const length = this.#starts[line + 1] - this.#starts[line];
      if (length > LONG_LINE) long += length;
    }
    return long * 2 > this.text.length;
  }

  /** `count` lines from line `from` on. */
  show(from: number, count: number): ShownSourceLine[] {
    const shown: ShownSourceLine[] = [];
    for (let line = Math.max(1, from); line < from + count && line <= this.length; line++) {
      const start = this.#starts[line - 1];
      const end = this.#endOf(line);
      shown.push({
        text: this.text.slice(start, Math.min(end, start + LONGEST_SHOWN)),
        leftOut: Math.max(0, end - start - LONGEST_SHOWN),
      });
    }
    return shown;
  }

  /** Where a place stands in the text; -1 where there is no such line. Columns beyond a line are its end. */
  offsetOf(line: number, column: number): number {
    if (line < 1 || line > this.length) return -1;
    return Math.min(this.#endOf(line), this.#starts[line - 1] + Math.max(0, column - 1));
  }

  /** The line that holds an offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.length;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** The end of a line without its break. */
  #endOf(line: number): number {
    let end = this.#starts[line];
    if (end > this.#starts[line - 1] && this.text.charCodeAt(end - 1) === 10) end--;
    if (end > this.#starts[line - 1] && this.text.charCodeAt(end - 1) === 13) end--;
    return end;
  }
}

function findLines(text: string): Int32Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  starts.push(text.length);
  return Int32Array.from(starts);
}

/** One text in two forms that differ in white space alone. */
export class PrettyText {
  readonly lines: TextLines;
  readonly #raw: TextLines;
  /** By line of the pretty text: the offset in the raw text of the first character that is no white space. */
  readonly #rawStarts: Int32Array;

  private constructor(raw: TextLines, lines: TextLines, rawStarts: Int32Array) {
    this.#raw = raw;
    this.lines = lines;
    this.#rawStarts = rawStarts;
  }

  static align(raw: TextLines, pretty: string): PrettyText | null {
    const lines = new TextLines(pretty);
    const starts = alignLines(raw.text, lines);
    return starts === null ? null : new PrettyText(raw, lines, starts);
  }

  /** The pretty line of a raw place; 0 where there is none. */
  lineOf(line: number, column: number): number {
    const offset = this.#raw.offsetOf(line, column);
    if (offset < 0) return 0;
    let low = 0;
    let high = this.lines.length;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (this.#rawStarts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

/** null where the texts differ in more than white space. */
function alignLines(raw: string, pretty: TextLines): Int32Array | null {
  const starts = new Int32Array(pretty.length);
  const { text } = pretty;
  let rawAt = 0;
  let line = 0;
  for (let at = 0; ; at++, rawAt++) {
    const before = line;
    for (; at < text.length && isWhite(text.charCodeAt(at)); at++) if (text.charCodeAt(at) === 10) line++;
    while (rawAt < raw.length && isWhite(raw.charCodeAt(rawAt))) rawAt++;
    starts.fill(rawAt, before + 1, line + 1);
    const isOver = at >= text.length || rawAt >= raw.length;
    if (isOver) return at >= text.length && rawAt >= raw.length ? starts : null;
    if (text.charCodeAt(at) !== raw.charCodeAt(rawAt)) return null;
  }
}

const isWhite = (code: number): boolean =>
  code <= 32 || code === 0xa0 || code === 0xfeff || code === 0x2028 || code === 0x2029;

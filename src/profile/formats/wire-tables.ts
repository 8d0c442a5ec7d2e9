/**
 * Tables of texts, as pprof and OTLP have them: written, and read from files that may point anywhere.
 * In: texts, or fields. Out: rows, or texts. Row 0 is the empty text. Rows that lead nowhere are counted, and empty.
 */
import type { ProfileDiagnostics } from './read-profiles.ts';
import type { WireReader } from './wire.ts';

/** Equal texts share a row. */
export class StringRows {
  readonly #rows = new Map<string, number>([['', 0]]);

  row(text: string): number {
    let row = this.#rows.get(text);
    if (row === undefined) {
      row = this.#rows.size;
      this.#rows.set(text, row);
    }
    return row;
  }

  /** By row. */
  texts(): Iterable<string> {
    return this.#rows.keys();
  }
}

export class TextTable {
  readonly #texts: string[] = [];
  /** A name may begin with what elsewhere is a byte order mark. */
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #diagnostics: ProfileDiagnostics;

  constructor(diagnostics: ProfileDiagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** Whether it begins as such a table must. */
  get isTable(): boolean {
    return this.#texts[0] === '';
  }

  /** The field at hand is the next text. */
  add(field: WireReader): void {
    this.#texts.push(this.text(field));
  }

  /** The field at hand as a text of its own. */
  text(field: WireReader): string {
    return field.text(this.#decoder);
  }

  at(row: number): string {
    const text = this.#texts[row];
    if (text === undefined) this.#diagnostics.unresolved++;
    return text ?? '';
  }

  /** The fields of a small message, 0 where they are not there. */
  numbers(message: WireReader, fields: readonly number[]): number[] {
    const found = fields.map(() => 0);
    while (message.next()) {
      const at = fields.indexOf(message.field);
      if (at >= 0) found[at] = message.number();
    }
    if (message.isBroken) this.#diagnostics.malformed++;
    return found;
  }
}

/**
 * What is said of one text: its lines, and where its places stand, as it is and pretty-printed.
 * In: the text on its shelf, an ask, a pretty-printer. Out: the answer. Refuses, by an assertion, asks before the text.
 */
import { ensure } from '../../base/index.ts';
import { PrettyText, TextLines } from './text-lines.ts';
import type { TextAsk, TextAsks, TextForm } from './text-questions.ts';

export interface TextShelf {
  raw: TextLines | null;
  pretty: PrettyText | null;
}

type Answer = TextAsks[keyof TextAsks]['answer'];

export async function answerText(
  shelf: TextShelf,
  { kind, question }: TextAsk,
  prettyPrint: (text: string) => Promise<string>,
): Promise<Answer> {
  switch (kind) {
    case 'open':
      return openText(shelf, question);
    case 'pretty': {
      const raw = rawOf(shelf);
      shelf.pretty ??= PrettyText.align(raw, await prettyPrint(raw.text));
      return shelf.pretty?.lines.length ?? null;
    }
    case 'lines':
      return linesOf(shelf, question.form).show(question.from, question.count);
    case 'places': {
      const { line, column } = question;
      const { pretty } = shelf;
      if (question.form === 'raw' || pretty === null) {
        const last = rawOf(shelf).length;
        return line.map((each) => (each <= last ? each : 0));
      }
      return line.map((each, i) => pretty.lineOf(each, column[i]));
    }
  }
}

function openText(shelf: TextShelf, bytes: Uint8Array<ArrayBuffer>): TextAsks['open']['answer'] {
  // A mark of byte order is dropped; what is no UTF-8 is shown as such.
  const raw = new TextLines(new TextDecoder().decode(bytes));
  shelf.raw = raw;
  shelf.pretty = null;
  return {
    lines: raw.length,
    characters: raw.text.length,
    isMinified: raw.isMinified,
    sourceMapUrl: /\n?\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(raw.text.slice(-(1 << 26)))?.[1] ?? '',
  };
}

const rawOf = (shelf: TextShelf): TextLines => ensure(shelf.raw, 'a text is asked about before it is there');

const linesOf = (shelf: TextShelf, form: TextForm): TextLines =>
  form === 'pretty' && shelf.pretty !== null ? shelf.pretty.lines : rawOf(shelf);

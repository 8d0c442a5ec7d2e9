/** What is asked about the one text of a source view (text-desk.ts), and what is answered. Types only. */
import type { ShownSourceLine } from './text-lines.ts';

export type { ShownSourceLine } from './text-lines.ts';

export interface TextFacts {
  readonly lines: number;
  readonly characters: number;
  readonly isMinified: boolean;
  /** What the text itself names as its source map; '' where it names none. */
  readonly sourceMapUrl: string;
}

export type TextForm = 'raw' | 'pretty';

export interface TextAsks {
  open: { question: Uint8Array<ArrayBuffer>; answer: TextFacts };
  /** How many lines there are then; null where it cannot be pretty-printed. */
  pretty: { question: null; answer: number | null };
  lines: { question: { form: TextForm; from: number; count: number }; answer: readonly ShownSourceLine[] };
  /** Lines of raw places in a form of the text; 0 where it has no such line. */
  places: {
    question: { form: TextForm; line: Int32Array<ArrayBuffer>; column: Int32Array<ArrayBuffer> };
    answer: Int32Array<ArrayBuffer>;
  };
}
export type TextAskKind = keyof TextAsks;

export type TextAsk = {
  [Kind in TextAskKind]: {
    readonly ask: number;
    readonly kind: Kind;
    readonly question: TextAsks[Kind]['question'];
  };
}[TextAskKind];

export interface TextAnswer {
  readonly ask: number;
  readonly answer: TextAsks[TextAskKind]['answer'];
}

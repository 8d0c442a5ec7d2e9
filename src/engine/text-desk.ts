/**
 * One text behind a worker: it is cut into lines, pretty-printed and searched there, so that no script is too long for
 * the page that shows it.
 * In: UTF-8 bytes, which move to the worker. Out: facts, windows of lines, lines of places. `end()` stops whatever it is
 * at; what was asked is then never answered. A worker that crashes tells `onCrash` once.
 */
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

/** What is needed of a worker; a Worker has it. */
export interface TextWorker {
  postMessage(ask: TextAsk, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<TextAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface TextDesk {
  readonly ask: <Kind extends TextAskKind>(
    kind: Kind,
    question: TextAsks[Kind]['question'],
  ) => Promise<TextAsks[Kind]['answer']>;
  readonly end: () => void;
}

export function startTextDesk(onCrash: (detail: string) => void): TextDesk {
  return connectTextDesk(
    new Worker(new URL('./text-worker.ts', import.meta.url), { type: 'module', name: 'pageflame-text' }),
    onCrash,
  );
}

export function connectTextDesk(worker: TextWorker, onCrash: (detail: string) => void): TextDesk {
  const waiting = new Map<number, (answer: never) => void>();
  let last = 0;
  worker.onmessage = ({ data }) => {
    waiting.get(data.ask)?.(data.answer as never);
    waiting.delete(data.ask);
  };
  worker.onerror = ({ message }) => onCrash(message);
  return {
    ask: (kind, question) =>
      new Promise((resolve) => {
        const ask = ++last;
        waiting.set(ask, resolve);
        const message = { ask, kind, question } as TextAsk;
        worker.postMessage(message, question instanceof Uint8Array ? [question.buffer] : []);
      }),
    end: () => worker.terminate(),
  };
}

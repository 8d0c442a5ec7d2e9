/**
 * One text behind a worker: it is cut into lines, pretty-printed and searched there, so that no script is too long for
 * the page that shows it.
 * In: UTF-8 bytes, which move to the worker. Out: facts, windows of lines, lines of places. `end()` stops whatever it is
 * at; what was asked is then never answered. A worker that crashes tells `onCrash` once.
 */
import type { TextAnswer, TextAsk, TextAskKind, TextAsks } from './text-questions.ts';

export type { ShownSourceLine, TextFacts, TextForm } from './text-questions.ts';

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

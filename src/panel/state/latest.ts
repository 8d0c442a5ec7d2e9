/**
 * Questions that come faster than answers: one is asked at a time, and of those that arrive meanwhile only the last.
 * In: a way to ask. Out: answers, in order, never older than the one before. Refuses: answers after `dispose`.
 */
import type { Failure, Result } from '../../base/index.ts';

export interface Latest<Question> {
  readonly ask: (question: Question) => void;
  readonly dispose: () => void;
}

export interface LatestOptions<Question, Answer> {
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Result<Answer>>;
  readonly onAnswer: (answer: Answer, question: Question) => void;
  readonly onFailure: (failure: Failure) => void;
  /** Nothing is asked before. */
  readonly from?: Promise<unknown> | undefined;
  /** Milliseconds after an answer in which nothing is asked: what moves needs the machine more. 0 where left out. */
  readonly rest?: number;
}

export function createLatest<Question, Answer>(options: LatestOptions<Question, Answer>): Latest<Question> {
  const abort = new AbortController();
  let waiting: { readonly question: Question } | null = null;
  let asking = false;

  const run = async (first: Question): Promise<void> => {
    asking = true;
    let question = first;
    try {
      if (options.from !== undefined) await options.from;
      for (;;) {
        if (waiting !== null) question = waiting.question;
        waiting = null;
        if (abort.signal.aborted) return;
        const result = await options.ask(question, abort.signal);
        if (abort.signal.aborted) return;
        if (result.ok) options.onAnswer(result.value, question);
        else options.onFailure(result.failure);
        if (options.rest !== undefined) await rest(options.rest);
        if (waiting === null) return;
      }
    } finally {
      asking = false;
    }
  };

  return {
    ask(question) {
      if (abort.signal.aborted) return;
      if (asking) waiting = { question };
      else void run(question);
    },
    dispose() {
      waiting = null;
      abort.abort();
    },
  };
}

const rest = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

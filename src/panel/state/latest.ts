/**
 * Questions that come faster than answers: one is asked at a time, and of those that arrive meanwhile only the last. One that
 * takes long is told, and can be given up and asked again.
 * In: a way to ask. Out: answers, in order, never older than the one before. Refuses: answers after `dispose`.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Failure, Millis, Result } from '../../base/index.ts';

export interface Latest<Question> {
  readonly ask: (question: Question) => void;
  readonly dispose: () => void;
}

/** How a view's question stands: `late` after {@link LATE_MILLIS}, `given-up` until another is asked. */
export interface Asking {
  readonly state: ReadonlySignal<'quick' | 'late' | 'given-up'>;
  readonly giveUp: () => void;
  readonly again: () => void;
}

/** What takes longer is told, with a way to give it up. */
export const LATE_MILLIS: Millis = 300;

/** One view's, over all the times that it is followed. */
export class AskingNow implements Asking {
  readonly state: Signal<'quick' | 'late' | 'given-up'> = signal('quick');
  #abort: AbortController | null = null;
  #again: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly giveUp = (): void => {
    if (this.#abort === null) return;
    this.#abort.abort();
    this.end('given-up');
  };

  readonly again = (): void => this.#again?.();

  begin(abort: AbortController, again: () => void): void {
    this.#abort = abort;
    this.#again = again;
    if (this.state.peek() === 'given-up') this.state.value = 'quick';
    // Between two questions that follow each other it stays late.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.state.value = 'late';
    }, LATE_MILLIS);
  }

  end(state: 'quick' | 'given-up'): void {
    clearTimeout(this.#timer);
    this.#abort = null;
    this.state.value = state;
  }
}

/** After an answer nothing is asked until no question has come for `quiet`, or `most` has passed. */
export interface Pace {
  readonly quiet: Millis;
  readonly most: Millis;
}

export interface LatestOptions<Question, Answer> {
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Result<Answer>>;
  readonly onAnswer: (answer: Answer, question: Question) => void;
  readonly onFailure: (failure: Failure) => void;
  /** Nothing is asked before. */
  readonly from?: Promise<unknown> | undefined;
  /** What moves needs the machine more than its numbers do. Left out: the next question goes with the answer. */
  readonly pace?: Pace;
  /** Where a view tells of a question that takes long. */
  readonly asking?: AskingNow;
}

export function createLatest<Question, Answer>(options: LatestOptions<Question, Answer>): Latest<Question> {
  const { asking = new AskingNow() } = options;
  let isOver = false;
  let current: AbortController | null = null;
  let waiting: { readonly question: Question } | null = null;
  let isAsking = false;
  /** Questions so far. */
  let count = 0;

  const rest = async ({ quiet, most }: Pace): Promise<void> => {
    for (let rested = 0; rested < most; rested += quiet) {
      const before = count;
      await pause(Math.min(quiet, most - rested));
      if (isOver || count === before) return;
    }
  };

  const run = async (first: Question): Promise<void> => {
    isAsking = true;
    let question = first;
    try {
      if (options.from !== undefined) await options.from;
      for (;;) {
        if (waiting !== null) question = waiting.question;
        waiting = null;
        if (isOver) return;
        const abort = new AbortController();
        current = abort;
        const asked = question;
        asking.begin(abort, () => ask(asked));
        const result = await options.ask(question, abort.signal);
        if (isOver) return;
        if (!abort.signal.aborted) {
          asking.end('quick');
          if (result.ok) options.onAnswer(result.value, question);
          else options.onFailure(result.failure);
          if (options.pace !== undefined) await rest(options.pace);
        }
        if (waiting === null) return;
      }
    } finally {
      isAsking = false;
    }
  };

  const ask = (question: Question): void => {
    if (isOver) return;
    count++;
    if (isAsking) waiting = { question };
    else void run(question);
  };

  return {
    ask,
    dispose() {
      waiting = null;
      isOver = true;
      if (isAsking) asking.end('quick');
      current?.abort();
    },
  };
}

const pause = (millis: Millis): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

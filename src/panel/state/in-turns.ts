/**
 * Work for a view that may take long: done at once where it is short, else in turns between frames, and told where it lasts.
 * In: what is to be worked out, anew whenever it changes. Out: the last answer, in one go with whatever belongs to it;
 * what has become stale is given up.
 */
import { effect, type Signal, untracked } from '@preact/signals';
import { type Millis, runFor, type Steps, takeTurns } from '../../base/index.ts';
import { LATE_MILLIS } from './latest.ts';

/** A frame has 16 ms, of which others want some. */
const TURN_MILLIS: Millis = 8;

export interface TurnsOptions<Question, Answer extends object> {
  /** Reads signals; null while there is nothing to do. */
  readonly ask: () => Question | null;
  readonly steps: (question: Question) => Steps<Answer>;
  readonly onDone: (answer: Answer, question: Question) => void;
  readonly isLong: Signal<boolean>;
}

export interface InTurns {
  /** Gives up what is being worked out. */
  readonly cancel: () => void;
  /** Nothing is worked out any more. */
  readonly end: () => void;
}

export function workInTurns<Question, Answer extends object>({
  ask,
  steps,
  onDone,
  isLong,
}: TurnsOptions<Question, Answer>): InTurns {
  let current = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = (): void => {
    current.abort();
    clearTimeout(timer);
    isLong.value = false;
  };
  const begin = (question: Question | null): void => {
    cancel();
    if (question === null) return;
    const work = steps(question);
    const soon = runFor(work, TURN_MILLIS);
    if (soon !== undefined) {
      onDone(soon, question);
      return;
    }
    current = new AbortController();
    const { signal } = current;
    timer = setTimeout(() => {
      isLong.value = true;
    }, LATE_MILLIS);
    void takeTurns(work, { signal, turnMillis: TURN_MILLIS }).then((answer) => {
      if (answer === undefined || signal.aborted) return;
      cancel();
      onDone(answer, question);
    });
  };
  const stop = effect(() => {
    const question = ask();
    untracked(() => begin(question));
  });
  return {
    cancel,
    end() {
      stop();
      cancel();
    },
  };
}

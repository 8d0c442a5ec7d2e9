/**
 * Sends commands so that nothing can hang: each is answered, refused, late or interrupted, and all four are a Result.
 * In: a session, the page it is about. Out: replies. A crashed or looping renderer answers nothing (seen), so every
 * command has a time limit; a tab that closes, a Cancel and the like interrupt whatever is waited for.
 */
import {
  type Failure,
  fail,
  type Millis,
  makeFailure,
  type Result,
  succeed,
  type UnixMillis,
} from '../base/index.ts';
import type { CdpParams, CdpSession } from './cdp-session.ts';
import { isBetweenPages, isSessionGone, protocolText } from './protocol-failures.ts';

/** A renderer that is busy for longer than this does not answer; one that hangs or crashed never does. */
const ANSWER_MILLIS = 10_000;
/** A tab is between two documents for some ms. */
const RETRY_MILLIS = 50;

export class Commands {
  readonly #session: CdpSession;
  readonly #subject: string;
  readonly #waiting = new Set<(failure: Failure) => void>();
  #interruption: Failure | null = null;

  constructor(session: CdpSession, subject: string) {
    this.#session = session;
    this.#subject = subject;
  }

  /** Why everything was interrupted; null while nothing was. */
  get interruption(): Failure | null {
    return this.#interruption;
  }

  /** Whether `failure` means that nothing more can be sent, rather than that one command failed. */
  isOver(failure: Failure): boolean {
    return failure === this.#interruption || failure.code === 'session-gone';
  }

  /** Fails what is waited for now, and everything after it. The first reason stays. */
  interrupt(failure: Failure): void {
    this.#interruption ??= failure;
    for (const interrupt of [...this.#waiting]) interrupt(this.#interruption);
  }

  /** Sends one command. Fails with `session-gone`, `command-refused` (Chrome's words are its detail) or `tab-silent`. */
  send(method: string, params: CdpParams = {}, limit: Millis = ANSWER_MILLIS): Promise<Result<CdpParams>> {
    const late = makeFailure('tab-silent', { subject: this.#subject, detail: method });
    return this.wait(this.#sendWhenPossible(method, params, Date.now() + limit), limit, late);
  }

  async #sendWhenPossible(method: string, params: CdpParams, end: UnixMillis): Promise<Result<CdpParams>> {
    for (;;) {
      try {
        return succeed(await this.#session.send(method, params));
      } catch (error) {
        const detail = protocolText(error);
        if (!isBetweenPages(detail) || Date.now() >= end || this.#interruption !== null)
          return fail(this.#refusal(method, detail));
      }
      await new Promise<void>((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
  }

  #refusal(method: string, detail: string): Failure {
    const code = isSessionGone(detail) ? 'session-gone' : 'command-refused';
    return makeFailure(code, { subject: this.#subject, detail: `${method}: ${detail}` });
  }

  /** `work`, unless it takes longer than `limit` (then `late`) or everything is interrupted. */
  wait<T>(work: Promise<Result<T>>, limit: Millis, late: Failure): Promise<Result<T>> {
    return this.#race(work, (settle) => setTimeout(() => settle(fail(late)), limit));
  }

  /** `work`, unless everything is interrupted. */
  untilInterrupted<T>(work: Promise<Result<T>>): Promise<Result<T>> {
    return this.#race(work, () => undefined);
  }

  #race<T>(
    work: Promise<Result<T>>,
    startTimer: (settle: (result: Result<T>) => void) => ReturnType<typeof setTimeout> | undefined,
  ): Promise<Result<T>> {
    if (this.#interruption !== null) return Promise.resolve(fail(this.#interruption));
    return new Promise((resolve, reject) => {
      const settle = (result: Result<T>): void => {
        clearTimeout(timer);
        this.#waiting.delete(interrupt);
        resolve(result);
      };
      const interrupt = (failure: Failure): void => settle(fail(failure));
      const timer = startTimer(settle);
      this.#waiting.add(interrupt);
      work.then(settle, reject);
    });
  }
}

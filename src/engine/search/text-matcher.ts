/**
 * Which of many distinct texts a search finds. Plain texts are looked for in place. A regular expression is the user's
 * own and may take for ever on a single text, which nothing inside a thread can end: it runs in a worker of its own,
 * which is ended after {@link MATCH_MILLIS} or when the question is cancelled.
 * In: texts and a query. Out: flags per text. Refuses: broken patterns, and those that take too long.
 */
import { type Failure, fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import { compileQuery, matchTexts, type SearchQuery, type SearchTexts } from '../../flame/index.ts';

export type TextFlags = Uint8Array<ArrayBuffer>;

export interface TextMatcher {
  match(texts: SearchTexts, query: SearchQuery, signal?: AbortSignal): Promise<Result<TextFlags>>;
}

/** What the matching worker is asked: `texts` only when they are others than before. */
export interface MatchRequest {
  readonly texts: SearchTexts | null;
  readonly query: SearchQuery;
}

/** What is needed of a worker; a Worker has it. */
export interface MatchWorker {
  postMessage(request: MatchRequest): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<TextFlags>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export const MATCH_MILLIS = 1_000;

/** In this very thread: for plain texts, the command line and tests. */
export const matchInPlace: TextMatcher = {
  async match(texts, query) {
    const compiled = compileQuery(query);
    if (!compiled.ok) return fail(brokenPattern(query, compiled.problem));
    return succeed(matchTexts(texts, compiled.test));
  },
};

/** Matches patterns in a worker that `start` starts, everything else in place. */
export class EndableMatcher implements TextMatcher {
  readonly #start: () => MatchWorker;
  #worker: MatchWorker | null = null;
  #sent: SearchTexts | null = null;
  /** Ends the question that is being answered. */
  #giveUp: (() => void) | null = null;

  constructor(start: () => MatchWorker) {
    this.#start = start;
  }

  async match(texts: SearchTexts, query: SearchQuery, signal?: AbortSignal): Promise<Result<TextFlags>> {
    const compiled = compileQuery(query);
    if (!compiled.ok) return fail(brokenPattern(query, compiled.problem));
    if (!query.regex) return succeed(matchTexts(texts, compiled.test));
    // One at a time: whoever asks anew wants no answer to the question before.
    this.#giveUp?.();
    return this.#askWorker(texts, query, signal);
  }

  #askWorker(
    texts: SearchTexts,
    query: SearchQuery,
    signal: AbortSignal | undefined,
  ): Promise<Result<TextFlags>> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.#giveUp = null;
      };
      const endWith = (failure: Failure): void => {
        finish();
        this.#end();
        resolve(fail(failure));
      };
      const giveUp = (): void => endWith(makeFailure('cancelled', { subject: 'The search' }));
      const timer = setTimeout(
        () => endWith(makeFailure('pattern-too-slow', { subject: nameOf(query) })),
        MATCH_MILLIS,
      );
      worker.onmessage = ({ data }) => {
        finish();
        resolve(succeed(data));
      };
      worker.onerror = ({ message }) => {
        finish();
        this.#end();
        reject(new Error(`Pageflame bug: the matching worker stopped: ${message}`));
      };
      this.#giveUp = giveUp;
      signal?.addEventListener('abort', giveUp, { once: true });
      worker.postMessage({ texts: texts === this.#sent ? null : texts, query });
      this.#sent = texts;
    });
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#sent = null;
  }
}

const nameOf = ({ text }: SearchQuery): string => `The pattern ${text}`;

const brokenPattern = (query: SearchQuery, detail: string): Failure =>
  makeFailure('pattern-broken', { subject: nameOf(query), detail });

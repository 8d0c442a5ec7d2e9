/**
 * `fetch` of a browser says only that it failed; this one says what happened, as Node's does.
 * In: somebody who knows the browser's own word for it (`net::ERR_…`). Out: a {@link Wire} whose errors carry it as
 * their cause's `code`. Where nobody knows, the error stays as it is.
 */
import { DEFAULT_WIRE, type Wire } from './http.ts';

/** The browser's word for why the last request to `url` since then (Unix ms) failed; null where it is not known. */
export type WhyFailed = (url: string, since: number) => Promise<string | null>;

export function explainedWire(whyFailed: WhyFailed): Wire {
  return {
    ...DEFAULT_WIRE,
    fetch: async (input, init) => {
      const since = Date.now();
      try {
        return await DEFAULT_WIRE.fetch(input, init);
      } catch (error) {
        if (init?.signal?.aborted === true) throw error;
        const word = await whyFailed(input instanceof Request ? input.url : String(input), since);
        if (word === null) throw error;
        throw new TypeError('Failed to fetch', { cause: new NetError(word) });
      }
    },
  };
}

class NetError extends Error {
  /** Without `net::`. */
  readonly code: string;

  constructor(word: string) {
    super('');
    this.code = word.replace(/^net::/, '');
  }
}

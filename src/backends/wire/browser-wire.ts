/**
 * `fetch` of a browser, for requests that must not be sent twice.
 * In: somebody who knows the browser's own word for a failure (`net::ERR_…`). Out: a {@link Wire} whose errors carry that word as
 * their cause's `code`, as Node's do; where nobody knows it, the error stays as it is.
 *
 * A browser sends a POST once more by itself where a connection that was used before breaks off, and tells nobody (measured on
 * Chromium 156, over HTTP/1.1 and HTTP/2). What it reads from a stream it cannot send again, so over HTTP/2 bodies are
 * streams. HTTP/1.1 takes none from a page: there bodies go whole, and no connection is used twice (extension/single-send.ts).
 */
import { DEFAULT_WIRE, type Wire } from './http.ts';

/** The browser's word for why the request to this address failed, its fragment and all; null where it is not known. */
export type WhyFailed = (url: string) => Promise<string | null>;

/** What a server says that wants to know how long a body is, before it has taken any of it. */
const LENGTH_REQUIRED = 411;
/** Chrome's words for a stream to a server that speaks HTTP/1.1 alone: nothing was sent (the second of Chromium 156). */
const NO_STREAMS: readonly string[] = ['ERR_H2_OR_QUIC_REQUIRED', 'ERR_ALPN_NEGOTIATION_FAILED'];

export function browserWire(whyFailed: WhyFailed): Wire {
  /** Origins that take no streams. */
  const whole = new Set<string>();
  return {
    ...DEFAULT_WIRE,
    fetch: async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      const { origin, protocol } = new URL(url);
      const { body = null } = init ?? {};
      if (body === null || protocol !== 'https:' || whole.has(origin)) return explained(url, init, whyFailed);
      const streamed = { ...init, body: new Response(body).body, duplex: 'half' };
      try {
        const response = await explained(url, streamed, whyFailed);
        if (response.status !== LENGTH_REQUIRED) return response;
      } catch (error) {
        if (!takesNoStreams(error)) throw error;
      }
      whole.add(origin);
      return explained(url, init, whyFailed);
    },
  };
}

/** Several requests to one address may be under way: a fragment, which is not sent, tells them apart. */
async function explained(
  url: string,
  init: RequestInit | undefined,
  whyFailed: WhyFailed,
): Promise<Response> {
  const named = `${url}#${crypto.randomUUID()}`;
  try {
    return await DEFAULT_WIRE.fetch(named, init);
  } catch (error) {
    if (init?.signal?.aborted === true) throw error;
    const word = await whyFailed(named);
    if (word === null) throw error;
    throw new TypeError('Failed to fetch', { cause: new NetError(word) });
  }
}

const takesNoStreams = (error: unknown): boolean =>
  error instanceof TypeError && error.cause instanceof NetError && NO_STREAMS.includes(error.cause.code);

class NetError extends Error {
  /** Without `net::`. */
  readonly code: string;

  constructor(word: string) {
    super('');
    this.code = word.replace(/^net::/, '');
  }
}

/** What Chrome's own words for a failed request mean for what was sent. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { explainedWire } from '../../../src/backends/index.ts';
import { exchange } from '../../../src/backends/wire/http.ts';

afterEach(() => vi.unstubAllGlobals());

const REQUEST = { method: 'POST', url: 'http://127.0.0.1:4040/push', body: 'x' } as const;

/** A browser's `fetch` that fails, and tells nothing. */
function failing(): void {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
}

describe('a request that failed in a browser', () => {
  it.each([
    ['net::ERR_CONNECTION_REFUSED', 'unsent', 'backend-refused-connection'],
    ['net::ERR_NAME_NOT_RESOLVED', 'unsent', 'backend-unknown-host'],
    ['net::ERR_CERT_AUTHORITY_INVALID', 'unsent', 'backend-tls'],
    ['net::ERR_SSL_PROTOCOL_ERROR', 'unsent', 'backend-tls'],
    ['net::ERR_INTERNET_DISCONNECTED', 'unsent', 'backend-unreachable'],
    ['net::ERR_ADDRESS_UNREACHABLE', 'unsent', 'backend-unreachable'],
    ['net::ERR_CONNECTION_TIMED_OUT', 'unsent', 'backend-unreachable'],
    ['net::ERR_UNSAFE_PORT', 'unsent', 'backend-unreachable'],
    // The server may have it.
    ['net::ERR_CONNECTION_RESET', 'lost', 'backend-cut'],
    ['net::ERR_CONNECTION_CLOSED', 'lost', 'backend-cut'],
    ['net::ERR_EMPTY_RESPONSE', 'lost', 'backend-cut'],
    ['net::ERR_HTTP2_PROTOCOL_ERROR', 'lost', 'backend-cut'],
    // Nobody knows: the server may have it.
    ['net::ERR_FAILED', 'lost', 'backend-unreachable'],
    [null, 'lost', 'backend-unreachable'],
  ] as const)('%s', async (word, kind, code) => {
    failing();
    const asked: string[] = [];
    const wire = explainedWire(async (url) => {
      asked.push(url);
      return word;
    });
    const got = await exchange(wire, REQUEST);
    expect(got).toMatchObject({ kind, failure: { code } });
    if (word !== null && got.kind !== 'answered')
      expect(got.failure.detail).toContain(word.replace('net::', ''));
    expect(asked).toEqual([REQUEST.url]);
  });

  it('because time ran out needs no word', async () => {
    vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const wire = {
      ...explainedWire(async () => {
        throw new Error('nobody asks');
      }),
      timeoutMillis: 20,
    };
    expect(await exchange(wire, REQUEST)).toMatchObject({
      kind: 'lost',
      failure: { code: 'backend-silent' },
    });
  });

  it('that came through is left alone', async () => {
    vi.stubGlobal('fetch', async () => new Response('ok', { status: 200 }));
    const wire = explainedWire(async () => 'net::ERR_FAILED');
    expect(await exchange(wire, REQUEST)).toMatchObject({ kind: 'answered', answer: { status: 200 } });
  });
});

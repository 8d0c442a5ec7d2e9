/** What Chrome's own words for a failed request mean for what was sent; and that Chrome cannot send it twice. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserWire } from '../../../src/backends/index.ts';
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
    ['net::ERR_SSL_BAD_RECORD_MAC_ALERT', 'lost', 'backend-tls'],
    ['net::ERR_INTERNET_DISCONNECTED', 'unsent', 'backend-unreachable'],
    ['net::ERR_ADDRESS_UNREACHABLE', 'unsent', 'backend-unreachable'],
    ['net::ERR_CONNECTION_TIMED_OUT', 'unsent', 'backend-unreachable'],
    ['net::ERR_UNSAFE_PORT', 'unsent', 'backend-unreachable'],
    // The server may have it.
    ['net::ERR_CONNECTION_RESET', 'lost', 'backend-cut'],
    ['net::ERR_CONNECTION_CLOSED', 'lost', 'backend-cut'],
    ['net::ERR_EMPTY_RESPONSE', 'lost', 'backend-cut'],
    ['net::ERR_HTTP2_PROTOCOL_ERROR', 'lost', 'backend-cut'],
    ['net::ERR_UPLOAD_STREAM_REWIND_NOT_SUPPORTED', 'lost', 'backend-cut'],
    // Nobody knows: the server may have it.
    ['net::ERR_FAILED', 'lost', 'backend-unreachable'],
    [null, 'lost', 'backend-unreachable'],
  ] as const)('%s', async (word, kind, code) => {
    failing();
    const asked: string[] = [];
    const wire = browserWire(async (url) => {
      asked.push(url);
      return word;
    });
    const got = await exchange(wire, REQUEST);
    expect(got).toMatchObject({ kind, failure: { code } });
    if (word !== null && got.kind !== 'answered')
      expect(got.failure.detail).toContain(word.replace('net::', ''));
    expect(asked.map((url) => url.replace(/#.*/, ''))).toEqual([REQUEST.url]);
  });

  it('because time ran out needs no word', async () => {
    vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const wire = {
      ...browserWire(async () => {
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
    const wire = browserWire(async () => 'net::ERR_FAILED');
    expect(await exchange(wire, REQUEST)).toMatchObject({ kind: 'answered', answer: { status: 200 } });
  });

  it('is told from others to the same address', async () => {
    const urls: string[] = [];
    vi.stubGlobal('fetch', (url: string) => {
      urls.push(url);
      return Promise.reject(new TypeError('Failed to fetch'));
    });
    const words = ['net::ERR_CONNECTION_REFUSED', 'net::ERR_CONNECTION_RESET'];
    const wire = browserWire(async (url) => words[urls.indexOf(url)]);
    const got = await Promise.all([exchange(wire, REQUEST), exchange(wire, REQUEST)]);
    expect(got.map(({ kind }) => kind)).toEqual(['unsent', 'lost']);
  });
});

describe('a body over TLS', () => {
  const SECURE = { method: 'POST', url: 'https://p.example/push', body: Uint8Array.of(1, 2, 3) } as const;

  /** A server that is told of each try: `stream` or `whole`. */
  function serve(answer: (body: string) => Promise<Response>): string[] {
    const tries: string[] = [];
    vi.stubGlobal('fetch', async (_: string, { body, duplex }: RequestInit & { duplex?: string }) => {
      const how = body instanceof ReadableStream && duplex === 'half' ? 'stream' : 'whole';
      tries.push(`${how} ${[...new Uint8Array(await new Response(body ?? null).arrayBuffer())]}`);
      return answer(how);
    });
    return tries;
  }

  it('is a stream, which nobody can send again', async () => {
    const tries = serve(async () => new Response('{}'));
    const wire = browserWire(async () => null);
    await exchange(wire, SECURE);
    await exchange(wire, { ...SECURE, body: 'abc' });
    expect(tries).toEqual(['stream 1,2,3', 'stream 97,98,99']);
  });

  it.each(['net::ERR_ALPN_NEGOTIATION_FAILED', 'net::ERR_H2_OR_QUIC_REQUIRED'])(
    'goes whole where the server takes no streams (%s), and later ones at once',
    async (word) => {
      const tries = serve(async (how) => {
        if (how === 'stream') throw new TypeError('Failed to fetch');
        return new Response('{}');
      });
      const wire = browserWire(async () => word);
      expect((await exchange(wire, SECURE)).kind).toBe('answered');
      expect((await exchange(wire, SECURE)).kind).toBe('answered');
      expect(tries).toEqual(['stream 1,2,3', 'whole 1,2,3', 'whole 1,2,3']);
    },
  );

  it('goes whole where the server wants to know its length', async () => {
    const tries = serve(async (how) => new Response('', { status: how === 'stream' ? 411 : 200 }));
    const got = await exchange(
      browserWire(async () => null),
      SECURE,
    );
    expect(got).toMatchObject({ kind: 'answered', answer: { status: 200 } });
    expect(tries).toHaveLength(2);
  });

  it('is not sent again where the connection breaks off', async () => {
    const tries = serve(async () => {
      throw new TypeError('Failed to fetch');
    });
    const wire = browserWire(async () => 'net::ERR_CONNECTION_RESET');
    expect((await exchange(wire, SECURE)).kind).toBe('lost');
    expect(tries).toHaveLength(1);
  });
});

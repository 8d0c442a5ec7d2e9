/** Parca where there is no JSON gateway: what is sent over gRPC-Web, and what its answers mean. */
import { describe, expect, test } from 'vitest';
import { connect, NO_CREDENTIALS, parca } from '../../../src/backends/index.ts';
import { buildDestination } from '../../builders/cargo.ts';

const WRITE_RAW = '/parca.profilestore.v1alpha1.ProfileStoreService/WriteRaw';
const TRAILERS = 128;

function frame(flag: number, bytes: Uint8Array | string): Uint8Array {
  const body = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  return Uint8Array.from([flag, 0, 0, body.length >> 8, body.length & 255, ...body]);
}

const grpc = (body: readonly Uint8Array[], headers: Record<string, string> = {}): Response =>
  new Response(new Blob(body.map((part) => new Uint8Array(part))), {
    headers: { 'content-type': 'application/grpc-web+proto', ...headers },
  });

/** A Parca that takes gRPC-Web alone, with what it got. */
async function write(answer: () => Response, gateway = 404) {
  const got: { path: string; type: string | null; body: Uint8Array }[] = [];
  const fake: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname;
    const body = init?.body instanceof Uint8Array ? init.body : new Uint8Array(0);
    got.push({ path, type: new Headers(init?.headers).get('content-type'), body });
    return path.endsWith(WRITE_RAW) ? answer() : new Response('404 page not found', { status: gateway });
  };
  const to = connect(buildDestination('parca', 'http://parca.example/base'), NO_CREDENTIALS, {
    fetch: fake,
    timeoutMillis: 1_000,
  });
  const content = {
    kind: 'parca',
    labels: { __name__: 'process_cpu' },
    pprof: Uint8Array.of(7, 8, 9),
  } as const;
  return { verdict: await parca.writeProfile(to, content), got };
}

const OK = (): Response => grpc([frame(0, ''), frame(TRAILERS, 'grpc-status:0\r\ngrpc-message:\r\n')]);

describe('gRPC-Web', () => {
  test('is tried where the gateway is not there, with labels and profile as protobuf', async () => {
    const { verdict, got } = await write(OK);
    expect(verdict).toEqual({ kind: 'delivered' });
    expect(got.map(({ path }) => path)).toEqual(['/base/api/profiles/writeraw', `/base${WRITE_RAW}`]);
    expect(got[1].type).toBe('application/grpc-web+proto');
    const label = [0x0a, 8, ...text('__name__'), 0x12, 11, ...text('process_cpu')];
    const labels = [0x0a, label.length, ...label];
    const sample = [0x0a, 3, 7, 8, 9];
    const series = [0x0a, labels.length, ...labels, 0x12, sample.length, ...sample];
    expect([...got[1].body]).toEqual([0, 0, 0, 0, series.length + 2, 0x12, series.length, ...series]);
  });

  test('is not where the gateway has answered, whatever it said', async () => {
    const { verdict, got } = await write(OK, 400);
    expect(verdict.kind).toBe('refused');
    expect(got).toHaveLength(1);
  });

  test.each([
    ['3', 'refused'],
    ['16', 'refused'],
    ['12', 'unknown'],
    ['8', 'retry'],
    ['14', 'unknown'],
  ])('its status %s is %s, with the server’s words', async (status, kind) => {
    const said = frame(TRAILERS, `grpc-status: ${status}\r\ngrpc-message: no%20good\r\n`);
    const { verdict } = await write(() => grpc([said]));
    expect(verdict).toMatchObject({ kind, failure: { detail: expect.stringContaining('no good') } });
  });

  test.each([
    ['100%25%20Gr%C3%BC%C3%9Fe', '100% Grüße'],
    ['100% of 5%zz is 50%', '100% of 5%zz is 50%'],
    ['cut %C3', 'cut \ufffd'],
    ['Gr\u00fc\u00dfe', 'Grüße'],
  ])('its words %s are read as %s', async (words, read) => {
    const said = frame(TRAILERS, `grpc-status:3\r\ngrpc-message:${words}\r\n`);
    const { verdict } = await write(() => grpc([said]));
    expect(verdict).toMatchObject({ failure: { detail: `400: ${read}` } });
  });

  test('may say it in its headers; cut off, nobody knows', async () => {
    const refused = await write(() => grpc([], { 'grpc-status': '7', 'grpc-message': 'not yours' }));
    expect(refused.verdict).toMatchObject({ kind: 'refused', failure: { code: 'backend-unauthorized' } });
    const cut = await write(() => grpc([frame(0, ''), frame(TRAILERS, 'grpc-status:0\r\n').subarray(0, 9)]));
    expect(cut.verdict.kind).toBe('unknown');
  });
});

const text = (chars: string): number[] => [...new TextEncoder().encode(chars)];

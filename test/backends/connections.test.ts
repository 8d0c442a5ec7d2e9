/** *Test connection* says exactly what is wrong; and a real certificate that nobody trusts is refused. */
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BackendKind,
  type Credentials,
  connect,
  type Destination,
  NO_CREDENTIALS,
  testConnection,
} from '../../src/backends/index.ts';
import { buildDestination } from '../builders/cargo.ts';
import { openParca, openPyroscope, openTenants } from './servers.ts';
import { addressOfNobody, type RunningServer, serve } from './stand-ins/http.ts';

const servers: RunningServer[] = [];
const keep = async (starting: Promise<RunningServer>): Promise<RunningServer> => {
  const server = await starting;
  servers.push(server);
  return server;
};
let pyroscope: RunningServer;
let parca: RunningServer;
let tenants: RunningServer;
beforeAll(async () => {
  [pyroscope, parca, tenants] = await Promise.all([openPyroscope(), openParca(), openTenants()].map(keep));
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

/** What is found out, in short. */
async function test(
  kind: BackendKind,
  url: string,
  changes: Partial<Destination> = {},
  credentials: Credentials = NO_CREDENTIALS,
): Promise<string> {
  const report = await testConnection(connect(buildDestination(kind, url, changes), credentials));
  if (report.ok) return `${report.value.product}, ${report.value.canBeAsked ? 'can' : 'cannot'} be asked`;
  return `${report.failure.code}: ${report.failure.detail}`;
}

describe('what is right', () => {
  it('Pyroscope', async () =>
    expect(await test('pyroscope', pyroscope.url)).toBe('Grafana Pyroscope, can be asked'));
  it('Pyroscope, with a slash', async () =>
    expect(await test('pyroscope', `${pyroscope.url}/`)).toMatch(/can be asked/));
  it('Pyroscope, as a tenant', async () =>
    expect(await test('pyroscope', tenants.url, { tenant: 'team-a' })).toMatch(/can be asked/));
  it('Parca', async () => expect(await test('parca', parca.url)).toBe('Parca, can be asked'));
});

describe('what is wrong', () => {
  it('nobody listens', async () =>
    expect(await test('pyroscope', await addressOfNobody())).toMatch(
      /^backend-refused-connection: ECONNREFUSED/,
    ));
  it('a host that there is not', async () =>
    expect(await test('pyroscope', 'http://pageflame.invalid')).toMatch(
      /^backend-unknown-host: (ENOTFOUND|EAI_AGAIN)/,
    ));
  it('no address', async () => expect(await test('parca', 'localhost:7070')).toMatch(/^backend-address/));
  it('no tenant', async () =>
    expect(await test('pyroscope', tenants.url)).toBe('backend-tenant: 401: unauthenticated: no org id'));
  it('a tenant that cannot be', async () =>
    expect(await test('pyroscope', tenants.url, { tenant: 'a/b' })).toMatch(
      /^backend-tenant: 401: .*unsupported character/,
    ));
  it('Parca where Pyroscope is looked for', async () =>
    expect(await test('pyroscope', parca.url)).toBe('backend-wrong-product: it is Parca'));
  it('Pyroscope where Parca is looked for', async () =>
    expect(await test('parca', pyroscope.url)).toBe('backend-wrong-product: it is Grafana Pyroscope'));
  it('a path too much', async () =>
    expect(await test('parca', `${parca.url}/parca/ui`)).toBe(`backend-wrong-path: it is at ${parca.url}`));

  it.each([
    { status: 401, code: 'backend-unauthorized' },
    { status: 403, code: 'backend-unauthorized' },
    { status: 404, code: 'backend-wrong-path' },
    { status: 500, code: 'backend-failed' },
    { status: 503, code: 'backend-busy' },
    { status: 302, code: 'backend-redirects' },
  ])('a gateway’s $status', async ({ status, code }) => {
    const gateway = await keep(
      serve(() => ({
        status,
        type: 'text/html',
        body: '<title>No</title>',
        headers: { Location: 'http://else.where/' },
      })),
    );
    expect(await test('pyroscope', gateway.url)).toMatch(new RegExp(`^${code}: `));
  });

  it('a web site', async () => {
    const site = await keep(serve(() => ({ status: 200, type: 'text/html', body: '<h1>Shop</h1>' })));
    for (const kind of ['pyroscope', 'parca', 'otlp', 'otlp-traces'] as const)
      expect(await test(kind, site.url)).toMatch(/^backend-wrong-product: /);
  });

  it.each(['{}', '{"services":["shop"]}'])('where Jaeger is asked, which says %s', async (body) => {
    // As Jaeger v1.76.0 does: its own page for whatever it does not know.
    const jaeger = await keep(
      serve(({ path }) =>
        path === '/api/v3/services'
          ? { status: 200, type: 'text/plain; charset=utf-8', body }
          : { status: 200, type: 'text/html', body: '<!doctype html><title>Jaeger UI</title>' },
      ),
    );
    expect(await test('otlp-traces', jaeger.url)).toMatch(
      /^backend-wrong-product: it is where Jaeger is asked/,
    );
    const collector = await keep(serve(() => ({ status: 200, type: 'application/json', body: '{}' })));
    expect(await test('otlp-traces', collector.url, { queryUrl: jaeger.url })).toMatch(/can be asked/);
  });

  it('a server that never answers', async () => {
    const silent = await keep(serve(() => new Promise(() => undefined)));
    const wire = { fetch: globalThis.fetch, timeoutMillis: 200 };
    const report = await testConnection(connect(buildDestination('parca', silent.url), NO_CREDENTIALS, wire));
    expect(report.ok ? '' : report.failure.code).toBe('backend-silent');
  });
});

describe('secrets', () => {
  it('go along as basic, bearer and tenant headers', async () => {
    const seen: (string | undefined)[] = [];
    const gateway = await keep(
      serve(({ headers }) => {
        seen.push(headers.authorization, headers['x-scope-orgid']?.toString());
        return { status: 401, type: 'text/plain', body: 'no' };
      }),
    );
    await test('pyroscope', gateway.url, { tenant: 't' }, { kind: 'basic', user: 'ü', password: 'p:w' });
    await test('pyroscope', gateway.url, {}, { kind: 'bearer', token: 'abc' });
    expect(seen).toEqual([`Basic ${Buffer.from('ü:p:w').toString('base64')}`, 't', 'Bearer abc', undefined]);
  });

  it('do not follow a redirect', async () => {
    let visits = 0;
    const other = await keep(
      serve(() => {
        visits++;
        return { status: 200 };
      }),
    );
    const gateway = await keep(serve(() => ({ status: 307, headers: { Location: other.url } })));
    expect(await test('parca', gateway.url, {}, { kind: 'bearer', token: 'abc' })).toBe(
      `backend-redirects: ${other.url}`,
    );
    expect(visits).toBe(0);
  });
});

describe('TLS', () => {
  it('a certificate that nobody trusts, and http where https is spoken', async () => {
    // Signed by itself, and of no use but here.
    const read = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
    const options = { key: read('key.pem'), cert: read('certificate.pem') };
    const server = createTlsServer(options, (_, response) => void response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await test('pyroscope', `https://127.0.0.1:${port}`)).toMatch(/^backend-tls: /);
    // https where http is spoken.
    expect(await test('pyroscope', pyroscope.url.replace('http:', 'https:'))).toMatch(/^backend-tls: /);
    await new Promise((resolve) => server.close(resolve));
  });
});

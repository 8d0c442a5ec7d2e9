/** What *Test connection* takes for a Pyroscope or a Parca. */
import { expect, test } from 'vitest';
import type { BackendKind } from '../../../src/backends/index.ts';
import { connect, NO_CREDENTIALS, testConnection } from '../../../src/backends/index.ts';
import { buildDestination } from '../../builders/cargo.ts';

const BASE = 'http://p.example/base';

/** A server with answers by path; all else is not there. */
async function report(answers: Readonly<Record<string, () => Response>>, kind: BackendKind = 'pyroscope') {
  const asked: string[] = [];
  const fake: typeof fetch = async (input) => {
    const { pathname } = new URL(String(input));
    asked.push(pathname);
    return (answers[pathname] ?? (() => new Response('404 page not found', { status: 404 })))();
  };
  const to = connect(buildDestination(kind, BASE), NO_CREDENTIALS, {
    fetch: fake,
    timeoutMillis: 1_000,
  });
  return { report: await testConnection(to), asked };
}

test('an older one, that has only /ingest, takes profiles and cannot be asked', async () => {
  const wantsName = () => new Response('{"message":"no name"}', { status: 400 });
  const { report: found } = await report({ '/base/ingest': wantsName });
  expect(found).toMatchObject({
    ok: true,
    value: { product: 'Grafana Pyroscope', canBeAsked: false, whyNot: expect.stringContaining('too old') },
  });
});

test('a server without either is none', async () => {
  const { report: found, asked } = await report({});
  expect(found).toMatchObject({ ok: false, failure: { code: 'backend-wrong-path' } });
  expect(asked.slice(0, 2)).toEqual(['/base/push.v1.PusherService/Push', '/base/ingest']);
});

const grpc = (status: number) => () =>
  new Response('', {
    headers: { 'content-type': 'application/grpc-web+proto', 'grpc-status': String(status) },
  });
const WRITE_RAW = '/base/parca.profilestore.v1alpha1.ProfileStoreService/WriteRaw';

test.each([0, 3])(
  'a Parca without a gateway takes profiles and cannot be asked (gRPC %i)',
  async (status) => {
    const { report: found } = await report({ [WRITE_RAW]: grpc(status) }, 'parca');
    expect(found).toMatchObject({
      ok: true,
      value: { canBeAsked: false, whyNot: expect.stringContaining('gRPC-Web alone') },
    });
  },
);

test('one that does not know us says so', async () => {
  const { report: found } = await report({ [WRITE_RAW]: grpc(16) }, 'parca');
  expect(found).toMatchObject({ ok: false, failure: { code: 'backend-unauthorized' } });
});

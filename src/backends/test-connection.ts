/**
 * *Test connection*: whether a destination takes what we would send, and if not, what exactly is wrong.
 * In: a connection. Out: what answers there and whether it can be asked, or a failure: refused, unknown host, TLS, 401,
 * tenant, wrong path, wrong product, silent. Sends nothing that is kept: requests without a profile or span in them.
 */
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { BackendKind } from './contract.ts';
import { knockByGrpc, NO_GATEWAY } from './parca.ts';
import { type Connection, getFrom, postJson } from './wire/connection.ts';
import { exchange, joinUrl, type WireAnswer, type WireRequest, wordsOf } from './wire/http.ts';
import { bytesField, message } from './wire/protobuf.ts';
import { explainStatus } from './wire/verdict.ts';

export interface ConnectionReport {
  readonly product: string;
  /** Whether it can be asked afterwards what has arrived: then everything is there exactly once. */
  readonly canBeAsked: boolean;
  /** Why not, in words; '' where it can. */
  readonly whyNot: string;
}

const PRODUCTS: Readonly<Record<BackendKind, string>> = {
  pyroscope: 'Grafana Pyroscope',
  parca: 'Parca',
  otlp: 'an OpenTelemetry backend for profiles',
  'otlp-traces': 'an OpenTelemetry backend for traces',
};

/** Somebody waits for it, and nothing is sent that would take long. */
const PATIENCE_MILLIS = 15_000;

export async function testConnection(through: Connection): Promise<Result<ConnectionReport>> {
  const { wire } = through;
  const timeoutMillis = Math.min(wire.timeoutMillis, PATIENCE_MILLIS);
  const to = { ...through, wire: { ...wire, timeoutMillis } };
  const { kind, url } = to.destination;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return fail(makeFailure('backend-address', { subject: url === '' ? 'Nothing' : url }));
  const problem = await probe(to, kind, url);
  if (problem !== null) return fail(await explainFurther(to, problem));
  const whyNot = await whyNotAsked(to);
  return succeed({ product: PRODUCTS[kind], canBeAsked: whyNot === null, whyNot: whyNot ?? '' });
}

/** A request that each product, and no other, answers in its own way; null where it does. */
async function probe(to: Connection, kind: BackendKind, base: string): Promise<Failure | null> {
  const got = await exchange(to.wire, probeRequest(to, kind, base));
  if (got.kind !== 'answered') return got.failure;
  const { answer } = got;
  const words = wordsOf(answer);
  if (/HTTP request to an HTTPS server/i.test(words))
    return makeFailure('backend-tls', { subject: base, detail: words });
  if (knows(kind, answer, words)) return null;
  if (kind === 'pyroscope' && answer.status === 404 && (await isOlderPyroscope(to, base))) return null;
  if (kind === 'parca' && NO_GATEWAY.includes(answer.status) && !(await hasParcaAtRoot(to, base))) {
    const said = await knockByGrpc({ ...to, destination: { ...to.destination, url: base } });
    if (said !== null) return REFUSES_US.includes(said.status) ? explainStatus(said, base) : null;
  }
  if (answer.status < 400) return makeFailure('backend-wrong-product', { subject: base });
  return explainStatus(answer, base);
}

/** A request without anything in it may well be refused for that; not for who one is. */
const REFUSES_US: readonly number[] = [401, 403];

/** A path too much does not keep Parca from answering by gRPC-Web, where it can only be written to. */
async function hasParcaAtRoot(to: Connection, base: string): Promise<boolean> {
  const { origin, pathname } = new URL(base);
  return pathname !== '/' && (await probe(to, 'parca', origin)) === null;
}

/** Without `PusherService`, but with the path that agents used before: it wants a name. */
async function isOlderPyroscope(to: Connection, base: string): Promise<boolean> {
  const url = joinUrl(base, '/ingest');
  const got = await exchange(to.wire, { method: 'POST', url, headers: to.headers, body: new Uint8Array(0) });
  return got.kind === 'answered' && (got.answer.status === 400 || got.answer.status === 422);
}

/** A resource without profiles, and a dictionary without entries: Pyroscope's own OTLP endpoint breaks over less. */
const NO_PROFILES = message(bytesField(1, message()), bytesField(2, message()));

function probeRequest(to: Connection, kind: BackendKind, base: string): WireRequest {
  const at: Connection = { ...to, destination: { ...to.destination, url: base } };
  switch (kind) {
    case 'pyroscope':
      return postJson(at, '/push.v1.PusherService/Push', {});
    case 'parca':
      return getFrom(at, base, '/api/profiles/types');
    case 'otlp-traces':
      return postJson(at, '/v1/traces', { resourceSpans: [] });
    case 'otlp':
      return {
        method: 'POST',
        url: joinUrl(base, '/v1development/profiles'),
        headers: { ...to.headers, 'Content-Type': 'application/x-protobuf' },
        body: NO_PROFILES,
      };
  }
}

function knows(kind: BackendKind, { status, contentType }: WireAnswer, words: string): boolean {
  const isJson = contentType.startsWith('application/json');
  switch (kind) {
    case 'pyroscope':
      return status === 400 && isJson && words.includes('no profiles received');
    case 'parca':
      return status === 200 && isJson && words.includes('"types"');
    case 'otlp':
    case 'otlp-traces':
      return status === 200 && (isJson || /protobuf/.test(contentType)) && !/^\s*</.test(words);
  }
}

/** Answers that another product, or another path, may be behind. */
const UNCLEAR: ReadonlySet<Failure['code']> = new Set([
  'backend-wrong-path',
  'backend-wrong-product',
  'backend-refused',
  'backend-failed',
]);

/** It can be a path too much, or another product at the right one. */
async function explainFurther(to: Connection, problem: Failure): Promise<Failure> {
  if (!UNCLEAR.has(problem.code)) return problem;
  const { kind, url } = to.destination;
  const { origin, pathname } = new URL(url);
  if (pathname !== '/' && (await probe(to, kind, origin)) === null)
    return makeFailure('backend-wrong-path', { subject: url, detail: `it is at ${origin}` });
  for (const other of ['pyroscope', 'parca', 'otlp-traces', 'otlp'] as const) {
    if (other !== kind && (await probe(to, other, url)) === null)
      return makeFailure('backend-wrong-product', { subject: url, detail: `it is ${PRODUCTS[other]}` });
  }
  if (await isJaegerQuery(to, url))
    return makeFailure('backend-wrong-product', {
      subject: url,
      detail: 'it is where Jaeger is asked; it takes traces at another port, 4318 by default',
    });
  return problem;
}

async function isJaegerQuery(to: Connection, base: string): Promise<boolean> {
  const got = await exchange(to.wire, getFrom(to, base, '/api/v3/services'));
  // One that has not seen a service yet answers {}.
  return (
    got.kind === 'answered' && got.answer.status === 200 && /"services"|^\{\s*\}$/.test(wordsOf(got.answer))
  );
}

async function whyNotAsked(to: Connection): Promise<string | null> {
  const { kind, queryUrl, url } = to.destination;
  if (kind === 'parca') {
    const types = await exchange(to.wire, getFrom(to, url, '/api/profiles/types'));
    return types.kind === 'answered' && types.answer.status === 200
      ? null
      : 'It answers by gRPC-Web alone, where it is only written to: what an answer was lost of may be there twice.';
  }
  if (kind === 'otlp')
    return 'OTLP profiles are written only: what an answer was lost of may be there twice.';
  if (kind === 'otlp-traces') {
    if (queryUrl === null)
      return 'No address to ask for traces is set: what an answer was lost of may be there twice.';
    return (await isJaegerQuery(to, queryUrl)) ? null : `${queryUrl} does not answer as Jaeger does.`;
  }
  const got = await exchange(to.wire, postJson(to, '/querier.v1.QuerierService/ProfileTypes', {}));
  if (got.kind !== 'answered') return got.failure.message;
  if (got.answer.status === 404)
    return 'It is too old to be asked for profiles: what an answer was lost of may be there twice.';
  return got.answer.status === 200 ? null : explainStatus(got.answer, url).message;
}

/**
 * Parca and Polar Signals: over the JSON gateway, and where there is none, gRPC-Web.
 * In: parcels and questions. Out: verdicts; answers as pprof bytes. Wire facts: reference/protocols.md §3.3.
 * Sample labels are no labels there: whatever shall be asked for is on the series, so there is one per category.
 */
import * as v from 'valibot';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { ParcelContent, Proof } from './contract.ts';
import { parseAnswer } from './wire/answer.ts';
import { type Connection, getFrom, postJson } from './wire/connection.ts';
import { frameMessage, GRPC_WEB_TYPE, readGrpcExchange } from './wire/grpc-web.ts';
import { gunzip } from './wire/gzip.ts';
import {
  decodeBase64,
  type Exchange,
  encodeBase64,
  exchange,
  joinUrl,
  type WireAnswer,
} from './wire/http.ts';
import { bytesField, countSamples, type Message, message, textField } from './wire/protobuf.ts';
import { explainStatus, judge, type Verdict } from './wire/verdict.ts';

/** Well under the 64 MiB of a gRPC message there. */
export const PARCA_MAX_BYTES = 8 * 1024 * 1024;

type WriteContent = Extract<ParcelContent, { kind: 'parca' }>;

export async function writeProfile(to: Connection, { labels, pprof }: WriteContent): Promise<Verdict> {
  const pairs = Object.entries(labels).map(([name, value]) => ({ name, value }));
  const series = [{ labels: { labels: pairs }, samples: [{ rawProfile: encodeBase64(pprof) }] }];
  const { url } = to.destination;
  const sent = await exchange(to.wire, postJson(to, '/api/profiles/writeraw', { series }));
  const hasGateway = sent.kind !== 'answered' || !NO_GATEWAY.includes(sent.answer.status);
  return judge(hasGateway ? sent : await writeByGrpc(to, { labels, pprof }), url);
}

/** What has no such path, or answers gRPC alone, says of a request in JSON. */
export const NO_GATEWAY: readonly number[] = [404, 405, 415, 501];
const WRITE_RAW = '/parca.profilestore.v1alpha1.ProfileStoreService/WriteRaw';

/** WriteRawRequest: series 2; of each its labels 1 and samples 2; of those the profile 1. */
async function writeByGrpc(to: Connection, { labels, pprof }: Omit<WriteContent, 'kind'>) {
  const pairs = Object.entries(labels).map(([name, value]) =>
    bytesField(1, message(textField(1, name), textField(2, value))),
  );
  const series = message(bytesField(1, message(...pairs)), bytesField(2, message(bytesField(1, pprof))));
  return readGrpcExchange(await callByGrpc(to, message(bytesField(2, series))));
}

const callByGrpc = (to: Connection, request: Message): Promise<Exchange> =>
  exchange(to.wire, {
    method: 'POST',
    url: joinUrl(to.destination.url, WRITE_RAW),
    headers: { ...to.headers, 'Content-Type': GRPC_WEB_TYPE, Accept: GRPC_WEB_TYPE, 'X-Grpc-Web': '1' },
    body: frameMessage(request),
  });

/** What one says by gRPC-Web to a request without a series; null where none is there. */
export async function knockByGrpc(to: Connection): Promise<WireAnswer | null> {
  const got = await callByGrpc(to, message());
  if (got.kind !== 'answered' || !got.answer.contentType.startsWith('application/grpc')) return null;
  const read = readGrpcExchange(got);
  return read.kind === 'answered' ? read.answer : null;
}

export interface ParcaSelection {
  /** `process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta{service_name="shop"}` */
  readonly query: string;
  readonly start: number;
  readonly end: number;
}

const pprofAnswer = v.object({ pprof: v.optional(v.string(), '') });

/** The selection's profiles merged into one: the bytes of a pprof file, inflated; none where nothing is selected. */
export async function fetchPprofs(to: Connection, selection: ParcaSelection): Promise<Result<Uint8Array[]>> {
  const pprof = await fetchPprof(to, selection);
  return pprof.ok ? succeed(pprof.value.length === 0 ? [] : [pprof.value]) : pprof;
}

async function fetchPprof(
  to: Connection,
  { query, start, end }: ParcaSelection,
): Promise<Result<Uint8Array>> {
  const parameters = new URLSearchParams({
    mode: 'MODE_MERGE',
    'merge.query': query,
    'merge.start': iso(Math.floor(start)),
    'merge.end': iso(Math.ceil(end)),
    reportType: 'REPORT_TYPE_PPROF',
  });
  const answer = await ask(to, `/api/profiles/query?${parameters}`, pprofAnswer);
  return answer.ok ? unpack(answer.value.pprof, to.destination.url) : answer;
}

function unpack(pprof: string, subject: string): Result<Uint8Array> {
  try {
    return succeed(gunzip(decodeBase64(pprof)));
  } catch (error) {
    return fail(makeFailure('backend-answer-odd', { subject, detail: `pprof: ${String(error)}` }));
  }
}

const typesAnswer = v.object({
  types: v.fallback(
    v.array(
      v.object({
        name: v.string(),
        sampleType: v.string(),
        sampleUnit: v.string(),
        periodType: v.optional(v.string(), ''),
        periodUnit: v.optional(v.string(), ''),
        delta: v.optional(v.boolean(), false),
      }),
    ),
    [],
  ),
});

export async function listTypes(to: Connection): Promise<Result<string[]>> {
  const answer = await ask(to, '/api/profiles/types', typesAnswer);
  if (!answer.ok) return answer;
  return succeed(
    answer.value.types.map(({ name, sampleType, sampleUnit, periodType, periodUnit, delta }) =>
      [name, sampleType, sampleUnit, periodType, periodUnit, ...(delta ? ['delta'] : [])].join(':'),
    ),
  );
}

const labelsAnswer = v.object({ labelNames: v.fallback(v.array(v.string()), []) });
const valuesAnswer = v.object({ labelValues: v.fallback(v.array(v.string()), []) });

export async function listLabels(to: Connection): Promise<Result<string[]>> {
  const answer = await ask(to, '/api/profiles/labels', labelsAnswer);
  return answer.ok ? succeed(answer.value.labelNames) : answer;
}

export async function listLabelValues(
  to: Connection,
  name: string,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Result<string[]>> {
  const range = new URLSearchParams({ start: iso(start), end: iso(end) });
  const answer = await ask(
    to,
    `/api/profiles/labels/${encodeURIComponent(name)}/values?${range}`,
    valuesAnswer,
  );
  return answer.ok ? succeed(answer.value.labelValues) : answer;
}

/** Whether the parcel is there: samples of its labels, its trace id among them, at its time. */
export async function isThere(
  to: Connection,
  proof: Extract<Proof, { kind: 'parca' }>,
): Promise<Result<boolean>> {
  const pprof = await fetchPprof(to, proof);
  return pprof.ok ? succeed(countSamples(pprof.value) > 0) : pprof;
}

async function ask<T>(to: Connection, path: string, schema: v.GenericSchema<unknown, T>): Promise<Result<T>> {
  const { url } = to.destination;
  const got = await exchange(to.wire, getFrom(to, url, path));
  if (got.kind !== 'answered') return fail(got.failure);
  return got.answer.status === 200
    ? parseAnswer(got.answer.body, schema, url)
    : fail(explainStatus(got.answer, url));
}

const iso = (millis: number): string => new Date(millis).toISOString();

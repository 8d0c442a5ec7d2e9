/**
 * Grafana Pyroscope: pushing and asking.
 * In: parcels and questions. Out: verdicts, and answers as stack profiles or pprof bytes. One series per request:
 * Pyroscope keeps the good half of a request that it answers with 400.
 * Wire facts: reference/protocols.md §1 and §2.
 */
import * as v from 'valibot';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { StackProfile } from '../profile/index.ts';
import type { Labels, ParcelContent, Proof } from './contract.ts';
import { profilesOfFlameGraph } from './flame-graph.ts';
import { parseAnswer } from './wire/answer.ts';
import { type Connection, postJson } from './wire/connection.ts';
import { encodeBase64, exchange, joinUrl, type WireRequest } from './wire/http.ts';
import { bytesField, message, numberField, textField } from './wire/protobuf.ts';
import { explainStatus, judge, type Verdict } from './wire/verdict.ts';

/** A profile over this, uncompressed, never passes the default burst limit. */
export const PYROSCOPE_MAX_BYTES = 1.9 * 1024 * 1024;
export const PYROSCOPE_MAX_SAMPLES = 16_000;
/** Uncompressed bytes per second, and at once. */
export const PYROSCOPE_RATE = { bytesPerSecond: 4 * 1024 * 1024, burst: 2 * 1024 * 1024 } as const;
/** It takes profiles of the last hour; the rest is room for a queue and a clock that is wrong. */
export const PYROSCOPE_WINDOW_MILLIS = 50 * 60_000;

type PushContent = Extract<ParcelContent, { kind: 'pyroscope' }>;
type AdHocContent = Extract<ParcelContent, { kind: 'pyroscope-adhoc' }>;

const PUSH = '/push.v1.PusherService/Push';

export async function pushProfile(to: Connection, content: PushContent): Promise<Verdict> {
  const sent = await exchange(to.wire, pushRequest(to, content));
  if (sent.kind !== 'answered' || sent.answer.status !== 404) return judge(sent, to.destination.url);
  // An older server: it has the path that agents used before.
  const request = ingestRequest(to, content);
  if (!request.ok) return { kind: 'refused', failure: request.failure };
  return judge(await exchange(to.wire, request.value), to.destination.url);
}

function pushRequest(to: Connection, { labels, pprof }: PushContent): WireRequest {
  const pairs = Object.entries(labels).map(([name, value]) =>
    bytesField(1, message(textField(1, name), textField(2, value))),
  );
  const series = message(...pairs, bytesField(2, message(bytesField(1, pprof))));
  return {
    method: 'POST',
    url: joinUrl(to.destination.url, PUSH),
    headers: { ...to.headers, 'Content-Type': 'application/proto' },
    body: message(bytesField(1, series)),
  };
}

/** `name=app{label=value,…}`: nothing is quoted there, so a comma or a brace in a value would end it. */
function ingestRequest(to: Connection, { labels, pprof }: PushContent): Result<WireRequest> {
  const { service_name: service, pyroscope_spy: spy, __name__: _, ...rest } = labels;
  const odd = Object.entries(rest).find(([, value]) => /[,{}=]/.test(value));
  if (odd !== undefined || /[^A-Za-z0-9_./-]/.test(service))
    return fail(
      makeFailure('label-refused', {
        subject: odd?.[0] ?? 'service_name',
        detail:
          'this Pyroscope is too old to take , { } = in values, or anything but letters, digits and _./- in service_name',
      }),
    );
  const name = `${service}{${Object.entries(rest).map(([label, value]) => `${label}=${value}`)}}`;
  const query = new URLSearchParams({ format: 'pprof', name, spyName: spy ?? 'nodespy' });
  return succeed({
    method: 'POST',
    url: `${joinUrl(to.destination.url, '/ingest')}?${query}`,
    headers: to.headers,
    body: message(pprof),
  });
}

/** A name is part of an id there: letters, digits and `._-`. The parcel's id makes it one of a kind. */
export function adHocName(text: string, parcelId: string): string {
  const name = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+|-+$/g, '')
    .slice(0, 110);
  return `${name || 'page-load'}-${parcelId.slice(0, 8)}`;
}

const AD_HOC = '/adhocprofiles.v1.AdHocProfileService/';

/** The ad-hoc store takes a profile of any age; it is found in Pyroscope's "Ad hoc" view, by its name. */
export async function uploadAdHoc(to: Connection, { name, pprof }: AdHocContent): Promise<Verdict> {
  const request = postJson(to, `${AD_HOC}Upload`, { name, profile: encodeBase64(pprof) });
  return judge(await exchange(to.wire, request), to.destination.url);
}

const uploadsAnswer = v.object({
  profiles: v.optional(v.array(v.object({ name: v.optional(v.string(), '') })), []),
});

/** Whether something of that name lies in the ad-hoc store. */
export async function isUploaded(
  to: Connection,
  { name }: Extract<Proof, { kind: 'pyroscope-adhoc' }>,
): Promise<Result<boolean>> {
  const answer = await ask(to, `${AD_HOC}List`, {}, uploadsAnswer);
  return answer.ok ? succeed(answer.value.profiles.some((one) => one.name === name)) : answer;
}

export interface ProfileSelection {
  /** `process_cpu:cpu:nanoseconds:cpu:nanoseconds` */
  readonly profileType: string;
  /** `{service_name="shop"}` */
  readonly selector: string;
  /** Unix ms. */
  readonly start: number;
  readonly end: number;
}

/** `{a="b"}` for labels. */
export function selectorOf(labels: Labels): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${matchers.join(',')}}`;
}

const strings = v.fallback(v.array(v.string()), []);
const typesAnswer = v.object({ profileTypes: v.fallback(v.array(v.object({ ID: v.string() })), []) });
const namesAnswer = v.object({ names: strings });
/** 64-bit numbers come as text, and zero fields not at all. */
const int64 = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.number());
const graph = v.object({
  names: strings,
  levels: v.fallback(v.array(v.object({ values: v.fallback(v.array(int64), []) })), []),
  total: v.optional(int64, 0),
});
const graphAnswer = v.object({ flamegraph: v.optional(graph, { names: [], levels: [] }) });

export async function listProfileTypes(
  to: Connection,
  range: { start: number; end: number },
): Promise<Result<string[]>> {
  const answer = await ask(to, `${QUERIER}ProfileTypes`, asMillis(range), typesAnswer);
  return answer.ok ? succeed(answer.value.profileTypes.map(({ ID }) => ID)) : answer;
}

export async function listLabels(
  to: Connection,
  range: { start: number; end: number },
): Promise<Result<string[]>> {
  const answer = await ask(to, `${QUERIER}LabelNames`, asMillis(range), namesAnswer);
  return answer.ok ? succeed(answer.value.names.filter((name) => !name.startsWith('__'))) : answer;
}

export async function listLabelValues(
  to: Connection,
  name: string,
  range: { start: number; end: number },
): Promise<Result<string[]>> {
  const answer = await ask(to, `${QUERIER}LabelValues`, { name, ...asMillis(range) }, namesAnswer);
  return answer.ok ? succeed(answer.value.names) : answer;
}

/** The selection's profiles merged into one, files and lines kept: the bytes of a pprof file. */
export async function fetchPprof(to: Connection, selection: ProfileSelection): Promise<Result<Uint8Array>> {
  const { profileType, selector } = selection;
  const { start, end } = widen(selection);
  const request: WireRequest = {
    method: 'POST',
    url: joinUrl(to.destination.url, `${QUERIER}SelectMergeProfile`),
    headers: { ...to.headers, 'Content-Type': 'application/proto' },
    body: message(
      textField(1, profileType),
      textField(2, selector),
      numberField(3, start),
      numberField(4, end),
    ),
  };
  const got = await exchange(to.wire, request);
  if (got.kind !== 'answered') return fail(got.failure);
  return got.answer.status === 200
    ? succeed(got.answer.body)
    : fail(explainStatus(got.answer, to.destination.url));
}

/** What one span did. Works on every version; `traceIdSelector` is silently ignored by servers before 2.2. */
export async function fetchSpanProfile(
  to: Connection,
  selection: ProfileSelection,
  spanId: string,
): Promise<Result<StackProfile>> {
  const answer = await askGraph(to, 'SelectMergeSpanProfile', {
    ...asQuery(selection),
    spanSelector: [spanId],
  });
  if (!answer.ok) return answer;
  return succeed(profilesOfFlameGraph(answer.value, selection.profileType, 1)[0]);
}

/** Two selections of one profile type; [before, after], of one table of stacks. */
export async function fetchDiff(
  to: Connection,
  before: ProfileSelection,
  after: ProfileSelection,
): Promise<Result<StackProfile[]>> {
  const answer = await askGraph(to, 'Diff', { left: asQuery(before), right: asQuery(after) });
  return answer.ok ? succeed(profilesOfFlameGraph(answer.value, before.profileType, 2)) : answer;
}

/** Whether the parcel is there: profiles of its span with its labels at its time. */
export async function isThere(
  to: Connection,
  proof: Extract<Proof, { kind: 'pyroscope' }>,
): Promise<Result<boolean>> {
  const query = { ...asQuery(proof), spanSelector: [proof.spanId] };
  const answer = await askGraph(to, 'SelectMergeSpanProfile', query);
  return answer.ok ? succeed(answer.value.total > 0) : answer;
}

const QUERIER = '/querier.v1.QuerierService/';

/** The longest that it can be asked for by default. */
const DAY_MILLIS = 24 * 60 * 60_000;

/** Whole ms around it. A day stays a day: one ms more is refused. */
function widen({ start, end }: { start: number; end: number }): { start: number; end: number } {
  const wide = { start: Math.floor(start), end: Math.ceil(end) + 1 };
  const isTooWide = wide.end - wide.start > DAY_MILLIS && end - start <= DAY_MILLIS;
  return isTooWide ? { ...wide, start: wide.end - DAY_MILLIS } : wide;
}

function asMillis(range: { start: number; end: number }): { start: string; end: string } {
  const { start, end } = widen(range);
  return { start: String(start), end: String(end) };
}

const asQuery = ({
  profileType,
  selector,
  start,
  end,
}: ProfileSelection): Readonly<Record<string, unknown>> => ({
  profileTypeID: profileType,
  labelSelector: selector,
  maxNodes: String(65_536),
  ...asMillis({ start, end }),
});

async function askGraph(
  to: Connection,
  method: string,
  question: object,
): Promise<Result<v.InferOutput<typeof graph>>> {
  const answer = await ask(to, QUERIER + method, question, graphAnswer);
  return answer.ok
    ? succeed({ ...answer.value.flamegraph, total: answer.value.flamegraph.total ?? 0 })
    : answer;
}

async function ask<T>(
  to: Connection,
  path: string,
  question: object,
  schema: v.GenericSchema<unknown, T>,
): Promise<Result<T>> {
  const got = await exchange(to.wire, postJson(to, path, question));
  if (got.kind !== 'answered') return fail(got.failure);
  const subject = to.destination.url;
  if (got.answer.status !== 200) return fail(explainStatus(got.answer, subject));
  return parseAnswer(got.answer.body, schema, subject);
}

/**
 * Grafana Pyroscope: pushing and asking.
 * In: parcels and questions. Out: verdicts, and answers as stack profiles or pprof bytes. One series per request:
 * Pyroscope keeps the good half of a request that it answers with 400.
 * Wire facts: reference/protocols.md §1 and §2.
 */
import * as v from 'valibot';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { mergeProfiles, type StackProfile } from '../profile/index.ts';
import type { Labels, ParcelContent, Proof } from './contract.ts';
import { profileOfFlameGraph } from './flame-graph.ts';
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

/** Unix ms. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export interface ProfileSelection extends Range {
  /** `process_cpu:cpu:nanoseconds:cpu:nanoseconds` */
  readonly profileType: string;
  /** `{service_name="shop"}` */
  readonly selector: string;
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

export async function listProfileTypes(to: Connection, range: Range): Promise<Result<string[]>> {
  return listByDay(range, async (day) => {
    const answer = await ask(to, `${QUERIER}ProfileTypes`, asMillis(day), typesAnswer);
    return answer.ok ? succeed(answer.value.profileTypes.map(({ ID }) => ID)) : answer;
  });
}

export async function listLabels(to: Connection, range: Range): Promise<Result<string[]>> {
  return listByDay(range, async (day) => {
    const answer = await ask(to, `${QUERIER}LabelNames`, asMillis(day), namesAnswer);
    return answer.ok ? succeed(answer.value.names.filter((name) => !name.startsWith('__'))) : answer;
  });
}

export async function listLabelValues(to: Connection, name: string, range: Range): Promise<Result<string[]>> {
  return listByDay(range, async (day) => {
    const answer = await ask(to, `${QUERIER}LabelValues`, { name, ...asMillis(day) }, namesAnswer);
    return answer.ok ? succeed(answer.value.names) : answer;
  });
}

/** All that is told of a range's days, once each. */
async function listByDay(
  range: Range,
  list: (day: Range) => Promise<Result<string[]>>,
): Promise<Result<string[]>> {
  const listed = allOf(await Promise.all(splitDays(range).map(list)));
  return listed.ok ? succeed([...new Set(listed.value.flat())].sort()) : listed;
}

/**
 * The selection's profiles merged into one, files and lines kept: the bytes of pprof files, one of each day that has any. What
 * is asked for is what they add up to.
 */
export async function fetchPprofs(
  to: Connection,
  selection: ProfileSelection,
): Promise<Result<Uint8Array[]>> {
  const days = splitDays(selection).map((day) => fetchPprof(to, { ...selection, ...day }));
  const fetched = allOf(await Promise.all(days));
  return fetched.ok ? succeed(fetched.value.filter(({ length }) => length > 0)) : fetched;
}

async function fetchPprof(to: Connection, selection: ProfileSelection): Promise<Result<Uint8Array>> {
  const { profileType, selector, start, end } = selection;
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

/** What one span did, day by day. Works on every version; `traceIdSelector` is silently ignored by servers before 2.2. */
export async function fetchSpanProfile(
  to: Connection,
  selection: ProfileSelection,
  spanId: string,
): Promise<Result<StackProfile>> {
  const days = splitDays(selection).map((day) =>
    askGraph(to, { ...asQuery({ ...selection, ...day }), spanSelector: [spanId] }),
  );
  const graphs = allOf(await Promise.all(days));
  if (!graphs.ok) return graphs;
  return succeed(mergeProfiles(graphs.value.map((each) => profileOfFlameGraph(each, selection.profileType))));
}

/** Whether the parcel is there: profiles of its span with its labels at its time. */
export async function isThere(
  to: Connection,
  proof: Extract<Proof, { kind: 'pyroscope' }>,
): Promise<Result<boolean>> {
  const answer = await askGraph(to, { ...asQuery(proof), spanSelector: [proof.spanId] });
  return answer.ok ? succeed(answer.value.total > 0) : answer;
}

const QUERIER = '/querier.v1.QuerierService/';

/** The longest that it can be asked for by default. */
const DAY_MILLIS = 24 * 60 * 60_000;

/** Days of a range, the last one first, in whole ms around it; no two have one in common. A day stays one: 1 ms more is refused. */
function splitDays({ start, end }: Range): Range[] {
  const last = Math.ceil(end) + 1;
  const count = Math.max(1, Math.ceil((end - start) / DAY_MILLIS));
  return Array.from({ length: count }, (_, day) => {
    const until = last - day * DAY_MILLIS;
    const from = until - DAY_MILLIS;
    return { start: day + 1 < count ? from + 1 : Math.max(Math.floor(start), from), end: until };
  });
}

/** What all of them came to, or why one of them came to nothing. */
function allOf<T>(results: readonly Result<T>[]): Result<T[]> {
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return succeed(values);
}

/** Both ends are in it. */
const asMillis = ({ start, end }: Range): { start: string; end: string } => ({
  start: String(start),
  end: String(end),
});

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

async function askGraph(to: Connection, question: object): Promise<Result<v.InferOutput<typeof graph>>> {
  const answer = await ask(to, `${QUERIER}SelectMergeSpanProfile`, question, graphAnswer);
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

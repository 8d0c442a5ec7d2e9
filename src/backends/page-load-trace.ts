/**
 * A page load as a trace, OTLP/JSON.
 * In: cargo with a load, ids, labels, a redactor. Out: spans: `documentLoad` (the root), `documentFetch`, one
 * `resourceFetch` per request and one `longtask` per task over 50 ms; milestones and web vitals are the root's events.
 * Names and attributes: OpenTelemetry's document-load and long-task instrumentations and its semantic conventions
 * (reference/protocols.md §6). The root carries `pyroscope.profile.id`, by which Grafana finds its profile.
 * A request whose response names its server's trace has a span link to it.
 */
import type { LoadFacts, LoadRequest, Milestone } from '../analysis/index.ts';
import type { Cargo, CargoVital, Labels } from './contract.ts';
import { spanIdAt, type TraceIds } from './ids.ts';
import { writePageflameLink } from './links.ts';
import type { Redact } from './redaction.ts';
import { OWN_SCOPE } from './server-spans.ts';

type AttributeValue = string | number | boolean | null | undefined;

export interface OtlpAttribute {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly doubleValue: number }
    | { readonly boolValue: boolean };
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 1;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events: readonly { timeUnixNano: string; name: string; attributes: readonly OtlpAttribute[] }[];
  readonly links: readonly { traceId: string; spanId: string }[];
  readonly status: { readonly code?: 2; readonly message?: string };
}

/** OTLP leaves out what is not known. Whole numbers are ints. */
export function attributesOf(fields: Readonly<Record<string, AttributeValue>>): OtlpAttribute[] {
  return Object.entries(fields).flatMap(([key, value]): OtlpAttribute[] => {
    if (value === undefined || value === null || value === '') return [];
    if (typeof value === 'string') return [{ key, value: { stringValue: value } }];
    if (typeof value === 'boolean') return [{ key, value: { boolValue: value } }];
    return [
      { key, value: Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value } },
    ];
  });
}

interface Story {
  readonly cargo: Cargo;
  readonly load: LoadFacts;
  readonly ids: TraceIds;
  readonly redact: Redact;
}

/** Null where the cargo is no page load. */
export function drawPageLoad(cargo: Cargo, ids: TraceIds, redact: Redact, titles: boolean): OtlpSpan[] {
  const { load } = cargo;
  if (load === null) return [];
  const story = { cargo, load, ids, redact };
  const requests = [...(load.document === null ? [] : [load.document]), ...load.resources];
  const fetches = requests.map((request, index) =>
    fetchSpan(story, request, {
      index: index + 1,
      name: request === load.document ? 'documentFetch' : 'resourceFetch',
    }),
  );
  const tasks = load.longTasks.map((task, index) => ({
    ...childSpan(story, 'longtask', { index: requests.length + index + 1, ...task }),
    attributes: attributesOf({
      'longtask.entry_type': 'longtask',
      'longtask.duration': (task.end - task.start) / 1000,
    }),
  }));
  return [rootSpan(story, titles), ...fetches, ...tasks];
}

function rootSpan(story: Story, titles: boolean): OtlpSpan {
  const { cargo, load, ids, redact } = story;
  const end = load.milestones.find(({ name }) => name === 'load')?.time ?? load.window.end;
  return {
    ...childSpan(story, 'documentLoad', { index: 0, start: load.window.start, end }),
    spanId: ids.rootSpanId,
    parentSpanId: ids.parentSpanId ?? '',
    attributes: attributesOf({
      'url.full': redact(load.url),
      'user_agent.original': cargo.userAgent,
      'pyroscope.profile.id': ids.rootSpanId,
      'pageflame.recording': cargo.seed,
      'pageflame.link': writePageflameLink({ recording: cargo.seed, range: null }),
      'pageflame.title': titles ? redact(cargo.title) : '',
    }),
    events: [
      ...load.milestones.map((milestone) => milestoneEvent(story, milestone)),
      ...cargo.vitals.map((vital) => vitalEvent(story, vital, end)),
    ],
  };
}

/** Our names → those of OpenTelemetry's document-load instrumentation. */
const MILESTONES: Readonly<Record<string, string>> = {
  navigationStart: 'fetchStart',
  domContentLoaded: 'domContentLoadedEventStart',
  load: 'loadEventEnd',
};

function milestoneEvent(story: Story, { name, time }: Milestone): OtlpSpan['events'][number] {
  return { timeUnixNano: nanosAt(story, time), name: MILESTONES[name] ?? name, attributes: [] };
}

const VITAL_MILESTONES: Readonly<Record<string, string>> = {
  LCP: 'largestContentfulPaint',
  FCP: 'firstContentfulPaint',
};

function vitalEvent(
  story: Story,
  { name, value, rating }: CargoVital,
  end: number,
): OtlpSpan['events'][number] {
  const time =
    story.load.milestones.find((milestone) => milestone.name === VITAL_MILESTONES[name])?.time ?? end;
  return {
    timeUnixNano: nanosAt(story, time),
    name: 'browser.web_vital',
    attributes: attributesOf({
      name: name.toLowerCase(),
      value,
      rating: rating.replace('-', '_'),
    }),
  };
}

function fetchSpan(
  story: Story,
  request: LoadRequest,
  { index, name }: { index: number; name: string },
): OtlpSpan {
  const { serverTrace, phases, status, failed } = request;
  const address = URL.canParse(request.url) ? new URL(request.url) : null;
  const [protocol, version] = protocolOf(request.protocol);
  const end = request.end ?? request.responseStart ?? request.start;
  const isError = failed || (status !== null && status >= 400);
  return {
    ...childSpan(story, name, { index, start: request.start, end: Math.max(end, request.start) }),
    attributes: attributesOf({
      'url.full': story.redact(request.url),
      'http.request.method': request.method,
      'http.response.status_code': status === 0 ? null : status,
      'http.response_content_length': request.encodedBytes,
      'http.response_content_length_uncompressed': request.decodedBytes,
      'server.address': address?.hostname,
      'server.port': address === null ? null : portOf(address),
      'network.protocol.name': protocol,
      'network.protocol.version': version,
      'pageflame.resource_type': request.resourceType,
      'pageflame.priority': request.priority,
      'pageflame.from_cache': request.fromCache ? true : null,
      'error.type': isError ? (failed ? 'failed' : String(status)) : null,
    }),
    events: phases.map((phase) => ({
      timeUnixNano: nanosAt(story, phase.time),
      name: phase.name,
      attributes: [],
    })),
    links: serverTrace === null || serverTrace.traceId === story.ids.traceId ? [] : [serverTrace],
    status: isError ? { code: 2, message: failed ? 'failed' : `HTTP ${status}` } : {},
  };
}

function portOf({ port, protocol }: URL): number | null {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : protocol === 'http:' ? 80 : null;
}

/** `h2` → http, 2; `http/1.1` → http, 1.1. */
function protocolOf(text: string): [string, string] {
  const found = /^(?:h|http\/|quic\/)?(\d(?:\.\d)?)(?:-.*)?$/.exec(text);
  return found === null ? [text, ''] : ['http', found[1]];
}

interface Place {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

function childSpan(story: Story, name: string, { index, start, end }: Place): OtlpSpan {
  const { traceId, rootSpanId } = story.ids;
  return {
    traceId,
    spanId: spanIdAt(rootSpanId, index),
    parentSpanId: rootSpanId,
    name,
    kind: 1,
    startTimeUnixNano: nanosAt(story, start),
    endTimeUnixNano: nanosAt(story, end),
    attributes: [],
    events: [],
    links: [],
    status: {},
  };
}

/** Microseconds of Unix time are whole numbers that a double still holds. */
function nanosAt({ cargo }: Story, time: number): string {
  return `${Math.round(cargo.unixMillisAtZero * 1000 + time)}000`;
}

/** What the spans are of. `service_name` is OpenTelemetry's `service.name`. */
export function resourceOf(labels: Labels): OtlpAttribute[] {
  const { service_name: service, ...rest } = labels;
  return attributesOf({ 'service.name': service, ...rest });
}

/** The body of one `POST /v1/traces`. */
export function traceBody(spans: readonly OtlpSpan[], labels: Labels): Uint8Array<ArrayBuffer> {
  const scopeSpans = [{ scope: { name: OWN_SCOPE }, spans }];
  const resourceSpans = [{ resource: { attributes: resourceOf(labels) }, scopeSpans }];
  return new TextEncoder().encode(JSON.stringify({ resourceSpans }));
}

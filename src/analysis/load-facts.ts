/**
 * What a page load looks like to those who trace requests: the navigation's phases, each request's, long tasks, and the
 * trace contexts that the servers named.
 * In: trace tables and the page. Out: {@link LoadFacts}, in order of time; null where the trace has no navigation.
 * Times are trace-clock microseconds. Chrome gives a request's phases in ms since its `requestTime`, which is seconds on
 * the trace's own clock; where that lies outside the request, the clocks differ and the phases are left out.
 */
import type { Micros } from '../base/index.ts';
import type { TraceTables } from '../trace/index.ts';
import { asFields, dataOf, type Fields, flag, number, text } from './arguments.ts';
import type { Milestone, NetworkRequest, PageLoad, TimeRange } from './contract.ts';
import { findLongTasks } from './long-tasks.ts';
import { collectRequests } from './requests.ts';

/** W3C trace context: 32 and 16 hex digits. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
}

export interface RequestPhase {
  /** As the Resource Timing API calls it: domainLookupStart, connectEnd, requestStart, … */
  readonly name: string;
  readonly time: Micros;
}

export interface LoadRequest extends NetworkRequest {
  /** `h2`, `http/1.1`; '' unknown. */
  readonly protocol: string;
  readonly fromCache: boolean;
  readonly phases: readonly RequestPhase[];
  /** What the response's `Server-Timing: traceparent` says. */
  readonly serverTrace: TraceContext | null;
}

export interface LoadFacts {
  readonly url: string;
  readonly window: TimeRange;
  readonly milestones: readonly Milestone[];
  /** The request of the page itself. */
  readonly document: LoadRequest | null;
  /** The page's version, where a header of its response tells one; null otherwise. */
  readonly version: string | null;
  readonly resources: readonly LoadRequest[];
  /** Tasks of the page's main thread over 50 ms. */
  readonly longTasks: readonly TimeRange[];
}

export function collectLoadFacts(tables: TraceTables, page: PageLoad): LoadFacts | null {
  const { window } = page;
  if (window === null) return null;
  const requests = collectLoadRequests(tables).filter(
    ({ start }) => start >= window.start && start <= window.end,
  );
  const document =
    requests.find(({ url, resourceType }) => resourceType === 'Document' && sameDocument(url, page.url)) ??
    requests.find(({ url }) => sameDocument(url, page.url)) ??
    null;
  return {
    url: page.url,
    window,
    milestones: page.milestones,
    document,
    version: document === null ? null : readVersion(collectDetails(tables).get(document.id)?.headers),
    resources: requests.filter((request) => request !== document && request.url !== ''),
    longTasks: findLongTasks(tables, page.mainThread, window).map((row) => ({
      start: tables.slices.start[row],
      end: tables.slices.start[row] + tables.slices.duration[row],
    })),
  };
}

/** All requests of the trace with their phases, by start. */
export function collectLoadRequests(tables: TraceTables): LoadRequest[] {
  const details = collectDetails(tables);
  return collectRequests(tables).map((request) => describe(request, details.get(request.id)));
}

const sameDocument = (one: string, other: string): boolean => one.split('#', 1)[0] === other.split('#', 1)[0];

/** `traceparent` of a header or meta tag: version 00, ids that are not all zeros. */
export function parseTraceparent(value: string): TraceContext | null {
  const found = /^\s*[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(value.toLowerCase());
  if (found === null || /^0+$/.test(found[1]) || /^0+$/.test(found[2])) return null;
  return { traceId: found[1], spanId: found[2] };
}

/** The trace context in the value of a `Server-Timing` header: `traceparent;desc="00-…"`. */
export function parseServerTiming(value: string): TraceContext | null {
  const found = /(?:^|[,\n])\s*traceparent\s*;\s*desc\s*=\s*"?([^",;]+)"?/i.exec(value);
  return found === null ? null : parseTraceparent(found[1]);
}

/** The data of each request's response, by request id. */
function collectDetails(tables: TraceTables): Map<string, Fields> {
  const details = new Map<string, Fields>();
  for (const mark of tables.marks) {
    if (mark.name !== 'ResourceReceiveResponse') continue;
    const data = dataOf(mark);
    const id = text(data, 'requestId');
    if (id !== undefined) details.set(id, data);
  }
  return details;
}

function describe(request: NetworkRequest, data: Fields = {}): LoadRequest {
  return {
    ...request,
    protocol: text(data, 'protocol') ?? '',
    fromCache: flag(data, 'fromCache') ?? false,
    phases: readPhases(request, asFields(data.timing)),
    serverTrace: readServerTrace(data.headers),
  };
}

/** Chrome's name → Resource Timing's. */
const PHASES: Readonly<Record<string, string>> = {
  dnsStart: 'domainLookupStart',
  dnsEnd: 'domainLookupEnd',
  connectStart: 'connectStart',
  sslStart: 'secureConnectionStart',
  connectEnd: 'connectEnd',
  sendStart: 'requestStart',
  receiveHeadersStart: 'responseStart',
};

function readPhases(request: NetworkRequest, timing: Fields): RequestPhase[] {
  const base = number(timing, 'requestTime');
  if (base === undefined) return [];
  const latest = request.end ?? request.responseStart ?? Number.POSITIVE_INFINITY;
  return Object.entries(PHASES)
    .flatMap(([key, name]) => {
      const offset = number(timing, key);
      // -1 stands for a phase that there was not.
      return offset === undefined || offset < 0 ? [] : [{ name, time: base * 1e6 + offset * 1e3 }];
    })
    .filter(({ time }) => time >= request.start - 1e6 && time <= latest)
    .sort((a, b) => a.time - b.time);
}

function readServerTrace(headers: unknown): TraceContext | null {
  for (const { name, value } of readHeaders(headers)) {
    const context = name === 'server-timing' ? parseServerTiming(value) : null;
    if (context !== null) return context;
  }
  return null;
}

/** Headers by which sites tell what is deployed, the plainest first. */
const VERSION_HEADERS = ['x-app-version', 'x-version', 'x-release', 'x-build', 'x-revision', 'x-commit'];
const VERSION_LENGTH_MAX = 80;

function readVersion(headers: unknown): string | null {
  const told = readHeaders(headers);
  for (const wanted of VERSION_HEADERS) {
    const value = told.find(({ name }) => name === wanted)?.value.trim() ?? '';
    if (value !== '' && value.length <= VERSION_LENGTH_MAX) return value;
  }
  return null;
}

/** Names in small letters. */
function readHeaders(headers: unknown): { name: string; value: string }[] {
  if (!Array.isArray(headers)) return [];
  return headers.flatMap((header) => {
    const { name, value } = asFields(header);
    return typeof name === 'string' && typeof value === 'string' ? [{ name: name.toLowerCase(), value }] : [];
  });
}

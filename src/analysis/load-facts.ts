/**
 * What a page load looks like to those who trace requests: the navigation's phases, each request's, long tasks, and the
 * trace contexts that the servers named.
 * In: trace tables and the page. Out: {@link LoadFacts}, in order of time; null where the trace has no navigation.
 * Times are trace-clock microseconds. Chrome gives a request's phases in ms since its `requestTime`, which is seconds on
 * the trace's own clock; where that lies before the trace or behind the request, the clocks differ and the phases are left
 * out. The page's process hears of a document when it is there, and of responses after the network: where the phases tell,
 * a request begins with its network, and its response when that brought it.
 */
import {
  type Header,
  type Micros,
  readServerTrace,
  readVersionHeader,
  runThrough,
  type Steps,
  type TraceContext,
} from '../base/index.ts';
import type { TraceTables } from '../trace/index.ts';
import { asFields, dataOf, type Fields, flag, number, text } from './arguments.ts';
import type { Milestone, NetworkRequest, PageLoad, TimeRange } from './contract.ts';
import { findLongTasks } from './long-tasks.ts';
import { collectRequests } from './requests.ts';

export interface RequestPhase {
  /** As the Resource Timing API calls it: domainLookupStart, connectEnd, requestStart, … */
  readonly name: string;
  readonly time: Micros;
}

export interface LoadRequest extends NetworkRequest {
  /** When its renderer first told of it. */
  readonly toldAt: Micros;
  /** `h2`, `http/1.1`; '' unknown. */
  readonly protocol: string;
  readonly fromCache: boolean;
  readonly phases: readonly RequestPhase[];
  /** What the response's `Server-Timing: traceparent` or `traceresponse` says. */
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
  const told = collectRequests(tables, page).filter(({ start }) => isWithin(window, start));
  const requests = runThrough(describeRequestsInSteps(tables, told));
  const document = findDocument(requests, page);
  return {
    url: page.url,
    window,
    milestones: page.milestones,
    document,
    version:
      document === null
        ? null
        : readVersionHeader(readHeaders(collectDetails(tables).get(document.id)?.headers)),
    resources: requests.filter((request) => request !== document && request.url !== ''),
    longTasks: findLongTasks(tables, page.mainThread, window).map((row) => ({
      start: tables.slices.start[row],
      end: tables.slices.start[row] + tables.slices.duration[row],
    })),
  };
}

/** Requests of one step: some milliseconds. */
const STEP_REQUESTS = 2_000;

/** Requests that were collected before, with their phases, by start. */
export function* describeRequestsInSteps(
  tables: TraceTables,
  requests: readonly NetworkRequest[],
): Steps<LoadRequest[]> {
  const details = collectDetails(tables);
  const described: LoadRequest[] = [];
  for (const request of requests) {
    if (described.length % STEP_REQUESTS === 0) yield;
    described.push(describe(tables, request, details.get(request.id)));
  }
  return described.sort((a, b) => a.start - b.start);
}

/**
 * The request of the page itself, of those that its renderer told of during the load: where a load begins with its
 * document's commit, that was asked for before.
 */
export function findDocument(
  requests: readonly LoadRequest[],
  { url, window }: Pick<PageLoad, 'url' | 'window'>,
): LoadRequest | null {
  if (window === null) return null;
  const own = requests.filter((each) => isWithin(window, each.toldAt) && sameDocument(each.url, url));
  return own.find(({ resourceType }) => resourceType === 'Document') ?? own[0] ?? null;
}

const isWithin = ({ start, end }: TimeRange, time: Micros): boolean => time >= start && time <= end;

const sameDocument = (one: string, other: string): boolean => one.split('#', 1)[0] === other.split('#', 1)[0];

/**
 * The data of each request's response, by request id. What came from the page's own cache has the times of the request that
 * brought it there: none are told.
 */
function collectDetails(tables: TraceTables): Map<string, Fields> {
  const details = new Map<string, Fields>();
  const cached = new Set<string>();
  for (const mark of tables.marks) {
    if (mark.name !== 'ResourceReceiveResponse' && mark.name !== 'ResourceMarkAsCached') continue;
    const data = dataOf(mark);
    const id = text(data, 'requestId');
    if (id === undefined) continue;
    if (mark.name === 'ResourceMarkAsCached') cached.add(id);
    else details.set(id, data);
  }
  for (const id of cached) {
    const data = details.get(id);
    if (data !== undefined) details.set(id, { ...data, timing: undefined });
  }
  return details;
}

/** Field by field, as in requests.ts. */
function describe(tables: TraceTables, request: NetworkRequest, data: Fields = {}): LoadRequest {
  const { begin, phases } = readNetwork(tables, request, asFields(data.timing));
  const response = phases.find(({ name }) => name === 'responseStart');
  return {
    id: request.id,
    url: request.url,
    method: request.method,
    resourceType: request.resourceType,
    priority: request.priority,
    mimeType: request.mimeType,
    status: request.status,
    toldAt: request.start,
    start: Math.min(request.start, begin ?? request.start),
    responseStart: response?.time ?? request.responseStart,
    end: request.end,
    encodedBytes: request.encodedBytes,
    decodedBytes: request.decodedBytes,
    renderBlocking: request.renderBlocking,
    failed: request.failed,
    initiator: request.initiator,
    pid: request.pid,
    protocol: text(data, 'protocol') ?? '',
    fromCache: flag(data, 'fromCache') ?? false,
    phases,
    serverTrace: readServerTrace(readHeaders(data.headers)),
  };
}

/** Chrome's name → Resource Timing's. */
const PHASES: readonly (readonly [chromes: string, name: string])[] = [
  ['dnsStart', 'domainLookupStart'],
  ['dnsEnd', 'domainLookupEnd'],
  ['connectStart', 'connectStart'],
  ['sslStart', 'secureConnectionStart'],
  ['connectEnd', 'connectEnd'],
  ['sendStart', 'requestStart'],
  ['receiveHeadersStart', 'responseStart'],
];

/** A request may be under way when the trace begins. */
const SLACK: Micros = 1e6;

/** When the network began with it (null: not told, or on another clock), and the phases since. */
function readNetwork(
  { bounds }: TraceTables,
  request: NetworkRequest,
  timing: Fields,
): { readonly begin: Micros | null; readonly phases: RequestPhase[] } {
  const begin = (number(timing, 'requestTime') ?? Number.NaN) * 1e6;
  const earliest = Math.min(bounds.start, request.start) - SLACK;
  const latest = request.end ?? request.responseStart ?? Number.POSITIVE_INFINITY;
  const phases: RequestPhase[] = [];
  if (!(begin >= earliest && begin <= latest)) return { begin: null, phases };
  for (const [key, name] of PHASES) {
    const offset = number(timing, key);
    // -1 stands for a phase that there was not.
    if (offset === undefined || offset < 0) continue;
    const time = begin + offset * 1e3;
    if (time <= latest) phases.push({ name, time });
  }
  return { begin, phases: phases.sort((a, b) => a.time - b.time) };
}

/** Names in small letters. */
function readHeaders(headers: unknown): Header[] {
  if (!Array.isArray(headers)) return [];
  return headers.flatMap((header) => {
    const { name, value } = asFields(header);
    return typeof name === 'string' && typeof value === 'string' ? [{ name: name.toLowerCase(), value }] : [];
  });
}

/**
 * Network requests of a page.
 * In: trace tables (the Resource* marks), the page. Out: one entry per request id, by start; those of other pages are left
 * out (other-pages.ts).
 * A redirect is part of its request: the last URL counts. Bytes are encoded bytes over the wire: the finish event's
 * total, else (and where it broke off) the sum of the received pieces; of what comes over no wire (`blob:`, `data:`) Chrome
 * says -1, and they are not known. Requests whose start was not recorded are known by their response alone. So are scripts
 * of workers, which Chrome never tells of before: the first such request of a worker's thread is its own script.
 */
import { runThrough, type Steps } from '../base/index.ts';
import type { Mark, TraceTables } from '../trace/index.ts';
import { asFields, dataOf, type Fields, flag, number, text } from './arguments.ts';
import type { NetworkRequest, PageLoad, RequestInitiator } from './contract.ts';
import { isElsewhere } from './other-pages.ts';
import { urlsOfWorkers } from './workers.ts';

interface OpenRequest {
  id: string;
  start: number;
  url: string;
  method: string;
  resourceType: string;
  priority: string;
  mimeType: string;
  status: number | null;
  responseStart: number | null;
  end: number | null;
  receivedBytes: number | null;
  finishedBytes: number | null;
  decodedBytes: number | null;
  renderBlocking: string;
  failed: boolean;
  initiator: RequestInitiator | null;
  pid: number;
  tid: number;
  frame: string;
}

export const collectRequests = (tables: TraceTables, page: Pick<PageLoad, 'others'>): NetworkRequest[] =>
  runThrough(collectRequestsInSteps(tables, page));

/** Marks of one step, whose arguments are parsed: some milliseconds. */
const STEP_MARKS = 2_000;

export function* collectRequestsInSteps(
  tables: TraceTables,
  { others }: Pick<PageLoad, 'others'>,
): Steps<NetworkRequest[]> {
  const requests = new Map<string, OpenRequest>();
  const ofRequests = tables.marks.filter(({ name }) => name.startsWith('Resource'));
  for (let from = 0; from < ofRequests.length; from += STEP_MARKS) {
    yield;
    for (const mark of ofRequests.slice(from, from + STEP_MARKS)) {
      const id = text(dataOf(mark), 'requestId');
      if (id !== undefined) take(requests, id, mark);
    }
  }
  yield;
  nameWorkerScripts(requests.values(), urlsOfWorkers(tables));
  return [...requests.values()]
    .filter(({ pid, frame }) => !isElsewhere(others, pid, frame))
    .map(close)
    .sort((a, b) => a.start - b.start);
}

function take(requests: Map<string, OpenRequest>, id: string, mark: Mark): void {
  const data = dataOf(mark);
  const request = requests.get(id) ?? open(id, mark);
  request.frame = text(data, 'frame') ?? request.frame;
  switch (mark.name) {
    case 'ResourceWillSendRequest':
      break;
    case 'ResourceSendRequest':
      request.url = text(data, 'url') ?? request.url;
      request.method = text(data, 'requestMethod') ?? request.method;
      request.resourceType = text(data, 'resourceType') ?? request.resourceType;
      request.priority = text(data, 'priority') ?? request.priority;
      request.renderBlocking = text(data, 'renderBlocking') ?? request.renderBlocking;
      request.initiator ??= readInitiator(data);
      break;
    case 'ResourceChangePriority':
      request.priority = text(data, 'priority') ?? request.priority;
      break;
    case 'ResourceReceiveResponse':
      request.responseStart = mark.time;
      request.mimeType = text(data, 'mimeType') ?? request.mimeType;
      request.status = number(data, 'statusCode') ?? request.status;
      break;
    case 'ResourceReceivedData':
      request.receivedBytes = (request.receivedBytes ?? 0) + (bytes(data, 'encodedDataLength') ?? 0);
      break;
    case 'ResourceFinish':
      request.end = mark.time;
      request.failed = flag(data, 'didFail') ?? false;
      takeTotal(request, number(data, 'encodedDataLength'));
      request.decodedBytes = bytes(data, 'decodedBodyLength') ?? request.decodedBytes;
      break;
    default:
      return;
  }
  requests.set(id, request);
}

function nameWorkerScripts(requests: Iterable<OpenRequest>, urls: Map<string, string>): void {
  for (const request of requests) {
    const thread = `${request.pid}:${request.tid}`;
    const url = urls.get(thread);
    if (url === undefined || request.url !== '') continue;
    urls.delete(thread);
    request.url = url;
    request.resourceType ||= 'Script';
  }
}

function takeTotal(request: OpenRequest, total: number | undefined): void {
  // One that broke off is said to have brought nothing, whatever has come of it (seen of an EventSource).
  if (total === undefined || (total === 0 && request.failed)) return;
  request.finishedBytes = total < 0 ? null : total;
  if (total < 0) request.receivedBytes = null;
}

/** Of bytes: Chrome says -1 where it does not know. */
function bytes(data: Fields, key: string): number | undefined {
  const told = number(data, key);
  return told === undefined || told < 0 ? undefined : told;
}

function open(id: string, mark: Mark): OpenRequest {
  return {
    id,
    start: mark.time,
    url: '',
    method: '',
    resourceType: '',
    priority: '',
    mimeType: '',
    status: null,
    responseStart: null,
    end: null,
    receivedBytes: null,
    finishedBytes: null,
    decodedBytes: null,
    renderBlocking: '',
    failed: false,
    initiator: null,
    pid: mark.pid,
    tid: mark.tid,
    frame: '',
  };
}

/** Field by field: leaving some out of a copy takes ten times as long, and there may be a hundred thousand. */
function close(request: OpenRequest): NetworkRequest {
  return {
    id: request.id,
    start: request.start,
    url: request.url,
    method: request.method,
    resourceType: request.resourceType,
    priority: request.priority,
    mimeType: request.mimeType,
    status: request.status,
    responseStart: request.responseStart,
    end: request.end,
    decodedBytes: request.decodedBytes,
    renderBlocking: request.renderBlocking,
    failed: request.failed,
    initiator: request.initiator ?? NOBODY,
    pid: request.pid,
    encodedBytes: request.finishedBytes ?? request.receivedBytes,
  };
}

const NOBODY: RequestInitiator = { type: '', url: '', line: 0, column: 0 };

/** The place that Chrome names, counted from 0 there; else the innermost function of the stack, counted from 1. */
function readInitiator(data: Fields): RequestInitiator {
  const told = asFields(data.initiator);
  const type = text(told, 'type') ?? '';
  const url = text(told, 'url') ?? '';
  if (url !== '') {
    const line = number(told, 'lineNumber') ?? -1;
    const column = number(told, 'columnNumber') ?? -1;
    // The very beginning stands for "somewhere in it": so modules name their imports.
    return line <= 0 && column <= 0
      ? { ...NOBODY, type, url }
      : { type, url, line: line + 1, column: column + 1 };
  }
  const stack = Array.isArray(data.stackTrace) ? data.stackTrace : asFields(told.stack).callFrames;
  const top = asFields(Array.isArray(stack) ? stack[0] : undefined);
  return {
    type,
    url: text(top, 'url') ?? '',
    line: number(top, 'lineNumber') ?? 0,
    column: number(top, 'columnNumber') ?? 0,
  };
}

/** Page items for tests. In: the moments of a request, microseconds. Out: one that says `High` and blocks rendering. */
import type { LoadRequest, PageItem } from '../../src/analysis/index.ts';

export interface RequestTimes {
  readonly start: number;
  readonly sent: number;
  readonly settled: number;
  readonly end: number;
}

export function buildLoadRequest(sent: number, changes: Partial<LoadRequest> = {}): LoadRequest {
  return {
    id: '1',
    url: 'https://a.example/app.js',
    method: 'GET',
    resourceType: 'Script',
    priority: 'High',
    mimeType: '',
    status: 200,
    start: 0,
    toldAt: 0,
    responseStart: null,
    end: null,
    encodedBytes: null,
    decodedBytes: null,
    renderBlocking: 'blocking',
    failed: false,
    initiator: { type: '', url: '', line: 0, column: 0 },
    pid: 1,
    protocol: '',
    fromCache: false,
    phases: [{ name: 'requestStart', time: sent }],
    serverTrace: null,
    ...changes,
  };
}

export function buildRequestItem({ start, sent, settled, end }: RequestTimes): PageItem {
  return {
    track: 'network',
    start,
    settled,
    end,
    title: 'app.js',
    category: 'scripting',
    endInferred: false,
    source: { kind: 'request', request: buildLoadRequest(sent) },
    initiator: -1,
  };
}

/**
 * What servers did for the requests of a load, as items of a track of their own beneath the requests.
 * In: an open trace; spans that somebody asked a backend for. Out: which requests name their server's trace; items by
 * start. Items are numbered behind all others, so that none gets another number when they come.
 */
import type { PageItem } from '../../analysis/index.ts';
import { sliceIndex } from '../../base/index.ts';
import type { ServedRequest, ServerSpanMark } from '../contract.ts';
import type { OpenTrace } from '../opening/summary.ts';

export function listServedRequests({ tables, items }: OpenTrace): ServedRequest[] {
  return items().flatMap(({ source, start, end }, at): ServedRequest[] => {
    if (source.kind !== 'request' || source.request.serverTrace === null) return [];
    const slice = sliceIndex(tables.slices.length + at);
    return [{ slice, start, end, server: source.request.serverTrace }];
  });
}

/** By start, the longer first: a span then lies in a lane below those that it is in. */
export function itemsOfSpans(spans: readonly ServerSpanMark[]): PageItem[] {
  const inOrder = [...spans].sort((one, other) => one.start - other.start || other.end - one.end);
  return inOrder.map(({ start, end, name, service, traceId, spanId }) => ({
    track: 'servers',
    start,
    settled: start,
    end: Math.max(start, end),
    title: service === '' ? name : `${name} · ${service}`,
    category: 'system',
    endInferred: false,
    source: { kind: 'server-span', span: { service, traceId, spanId } },
    initiator: -1,
  }));
}

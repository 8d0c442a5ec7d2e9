/**
 * What tracers of requests know of a slice: which of the load's spans it is, and the server's trace that answered it.
 * In: an open trace and a slice or page item. Out: {@link Tracing}. The spans of a load are numbered as backends/ sends
 * them: 0 the load, then its document and every other request by start, then its long tasks.
 */
import { collectLoadFacts, type LoadRequest } from '../../analysis/index.ts';
import type { SliceIndex } from '../../base/index.ts';
import type { Tracing } from '../contract.ts';
import type { OpenTrace } from '../opening/summary.ts';

export function tellTracing({ tables, page, items }: OpenTrace, slice: SliceIndex): Tracing {
  const load = collectLoadFacts(tables, page);
  const requests: readonly LoadRequest[] =
    load === null ? [] : [...(load.document === null ? [] : [load.document]), ...load.resources];
  const item = items()[slice - tables.slices.length];
  if (item?.source.kind === 'request') {
    const { id, serverTrace } = item.source.request;
    const at = requests.findIndex((request) => request.id === id);
    return { server: serverTrace, span: at < 0 ? null : at + 1 };
  }
  if (item?.source.kind === 'server-span') {
    const { traceId, spanId } = item.source.span;
    return { server: { traceId, spanId }, span: null };
  }
  const start = item === undefined ? tables.slices.start[slice] : Number.NaN;
  const isOnMain = item === undefined && tables.slices.thread[slice] === page.mainThread;
  const task = isOnMain ? (load?.longTasks.findIndex((one) => one.start === start) ?? -1) : -1;
  const isTask = task >= 0 && tables.slices.duration[slice] >= LONG_TASK;
  return { server: null, span: isTask ? requests.length + task + 1 : null };
}

/** A task's first slice inside it begins with it: only the task itself is as long. */
const LONG_TASK = 50_000;

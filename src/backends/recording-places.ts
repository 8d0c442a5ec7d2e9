/**
 * Where a recording, or a part of it, can be looked at in the backends that it was, or may have been, sent to.
 * In: a backend, the recording's facts, what is selected of it. Out: addresses with their names, each at the right query
 * and time. Nothing is asked: where the recording was not sent, the backend shows nothing.
 */
import type { TraceContext } from '../base/index.ts';
import type { Backend } from './book/backend.ts';
import type { Labels } from './contract.ts';
import { deriveTraceIds, spanIdAt } from './ids.ts';
import {
  linkToGrafanaProfile,
  linkToGrafanaTrace,
  linkToJaeger,
  linkToParca,
  linkToPyroscope,
} from './links.ts';
import type { Place } from './places.ts';
import { selectorOf } from './pyroscope.ts';
import { makeRedactor, redactLabels } from './redaction.ts';

export interface Looked {
  /** The recording's id. */
  readonly seed: string;
  readonly serverTrace: TraceContext | null;
  readonly tags: Labels;
  /** Unix ms. A profile lies at the start of what was sent, so the window holds that, too. */
  readonly start: number;
  readonly end: number;
  /** Of what is selected: its thread and category as the profiles call them; null for all. */
  readonly thread: string | null;
  readonly category: string | null;
  /** Which of the load's spans; null for the whole trace. */
  readonly span: number | null;
  /** The server's span that it is, or that answered it; null for none. */
  readonly server: TraceContext | null;
}

/** The profile type of the page's own time. */
const CPU = 'process_cpu:cpu:nanoseconds:cpu:nanoseconds';
/** As Grafana's own way from traces to profiles has it. */
const AROUND_MILLIS = 60_000;

export async function placesOfRecording(
  { destination, grafana }: Backend,
  looked: Looked,
): Promise<readonly Place[]> {
  const { url, queryUrl, kind } = destination;
  const range = { start: looked.start - AROUND_MILLIS, end: looked.end + AROUND_MILLIS };
  const selector = selectorOf(labelsFor(looked, destination));
  const selection = { profileType: CPU, selector, ...range };
  switch (kind) {
    case 'pyroscope':
      return [
        { name: 'Pyroscope', url: linkToPyroscope(url, selection) },
        ...(grafana === null ? [] : [{ name: 'Grafana', url: linkToGrafanaProfile(grafana, selection) }]),
      ];
    case 'parca':
      return [{ name: 'Parca', url: linkToParca(url, { query: `${CPU}:delta${selector}`, ...range }) }];
    case 'otlp-traces': {
      const { traceId, spanId: span } = await spanLooked(looked);
      return [
        ...(queryUrl === null ? [] : [{ name: 'Jaeger', url: linkToJaeger(queryUrl, traceId, span) }]),
        ...(grafana === null ? [] : [{ name: 'Grafana', url: linkToGrafanaTrace(grafana, traceId, range) }]),
      ];
    }
    case 'otlp':
      return [];
  }
}

/** What is none of the load's own spans, and one of a server's, lies in that server's trace. */
async function spanLooked({
  seed,
  serverTrace,
  span,
  server,
}: Looked): Promise<{ readonly traceId: string; readonly spanId: string | null }> {
  if (span === null && server !== null) return server;
  const { traceId, rootSpanId } = await deriveTraceIds(seed, serverTrace);
  if (span === null) return { traceId, spanId: null };
  return { traceId, spanId: span === 0 ? rootSpanId : spanIdAt(rootSpanId, span) };
}

/** As `plan.ts` puts them on what is sent. */
function labelsFor(
  { tags, thread, category }: Looked,
  { labels, redaction }: Backend['destination'],
): Labels {
  const own = redactLabels({ service_name: 'page', ...tags, ...labels }, makeRedactor(redaction));
  return {
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== '')),
    ...(thread === null ? {} : { thread }),
    ...(category === null ? {} : { category }),
  };
}

/**
 * Addresses that lead from a recording to a backend's own pages, and back.
 * In: base addresses, selections, ids. Out: addresses; for `pageflame:` links, what they name. Times are Unix ms.
 */
import type { ProfileSelection } from './pyroscope.ts';

const url = (base: string, path: string, query: Readonly<Record<string, string>> = {}): string => {
  const { origin, pathname } = new URL(base);
  const search = new URLSearchParams(query).toString();
  return `${origin}${pathname.replace(/\/+$/, '')}${path}${search === '' ? '' : `?${search}`}`;
};

/** Pyroscope's own page; it counts in seconds. */
export function linkToPyroscope(
  base: string,
  { profileType, selector, start, end }: ProfileSelection,
): string {
  return url(base, '/', {
    query: profileType + selector,
    from: String(Math.floor(start / 1000)),
    until: String(Math.ceil(end / 1000)),
  });
}

export interface Grafana {
  readonly base: string;
  /** uid of the data source: `pyroscope`, `tempo`, … */
  readonly datasource: string;
}

/** Grafana's Explore at a Pyroscope data source. */
export function linkToGrafanaProfile({ base, datasource }: Grafana, selection: ProfileSelection): string {
  const query = {
    refId: 'A',
    queryType: 'profile',
    datasource: { type: 'grafana-pyroscope-datasource', uid: datasource },
    profileTypeId: selection.profileType,
    labelSelector: selection.selector,
    groupBy: [],
  };
  return explore(base, datasource, query, selection);
}

/** Grafana's Explore at a Tempo data source. */
export function linkToGrafanaTrace(
  { base, datasource }: Grafana,
  traceId: string,
  range: { readonly start: number; readonly end: number },
): string {
  const query = {
    refId: 'A',
    queryType: 'traceql',
    datasource: { type: 'tempo', uid: datasource },
    query: traceId,
  };
  return explore(base, datasource, query, range);
}

function explore(
  base: string,
  datasource: string,
  query: object,
  { start, end }: { readonly start: number; readonly end: number },
): string {
  const range = { from: String(Math.floor(start)), to: String(Math.ceil(end)) };
  const panes = JSON.stringify({ pageflame: { datasource, queries: [query], range } });
  return url(base, '/explore', { schemaVersion: '1', panes });
}

/** Parca's own page, with the profile of the whole time drawn. `query` is a profile type with its selector. */
export function linkToParca(
  base: string,
  { query, start, end }: { readonly query: string; readonly start: number; readonly end: number },
): string {
  const [from, to] = [String(Math.floor(start)), String(Math.ceil(end))];
  return url(base, '/', {
    expression_a: query,
    selection_a: query,
    from_a: from,
    to_a: to,
    time_selection_a: `absolute:${from}-${to}`,
    merge_from_a: `${from}000000`,
    merge_to_a: `${to}000000`,
  });
}

/** Jaeger's page of a trace, with a span marked. */
export function linkToJaeger(base: string, traceId: string, spanId: string | null = null): string {
  return url(base, `/trace/${traceId}`, spanId === null ? {} : { uiFind: spanId });
}

export interface PageflameLink {
  readonly recording: string;
  /** Trace-clock microseconds; null for all of it. */
  readonly range: { readonly start: number; readonly end: number } | null;
}

/** `pageflame:recording/<id>?from=…&to=…`, to be kept in tickets and span attributes. */
export function writePageflameLink({ recording, range }: PageflameLink): string {
  const query = range === null ? '' : `?from=${range.start}&to=${range.end}`;
  return `pageflame:recording/${encodeURIComponent(recording)}${query}`;
}

/** What a `pageflame:` link names; null where the text is none. */
export function readPageflameLink(text: string): PageflameLink | null {
  const found = /^pageflame:recording\/([\w%.~-]{1,300})(?:\?from=(-?[\d.]+)&to=(-?[\d.]+))?$/.exec(
    text.trim(),
  );
  if (found === null) return null;
  const [start, end] = [Number(found[2]), Number(found[3])];
  const range = found[2] === undefined || !(start <= end) ? null : { start, end };
  try {
    return { recording: decodeURIComponent(found[1]), range };
  } catch {
    return null;
  }
}

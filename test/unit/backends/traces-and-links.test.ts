/** Ids, a page load as spans, and the addresses that lead there and back. */
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { spanIdAt } from '../../../src/backends/ids.ts';
import {
  type Cargo,
  deriveTraceIds,
  findRecordingOfTrace,
  linkToGrafanaProfile,
  linkToGrafanaTrace,
  linkToJaeger,
  linkToParca,
  linkToPyroscope,
  readPageflameLink,
  writePageflameLink,
} from '../../../src/backends/index.ts';
import { buildCargo, buildDestination, buildLoad, buildRequest, planned } from '../../builders/cargo.ts';

const NOON = Date.UTC(2026, 2, 1, 12);

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly events: readonly { name: string; timeUnixNano: string }[];
  readonly links: readonly { traceId: string }[];
  readonly status: { readonly code?: number };
}

async function draw(changes: Partial<Cargo>): Promise<{ spans: Span[]; resource: Attribute[] }> {
  const cargo = buildCargo({ unixMillisAtZero: NOON, load: buildLoad(), ...changes });
  const { parcels } = await planned(cargo, buildDestination('otlp-traces', 'http://127.0.0.1:4318'));
  const bodies = parcels.map(({ content }) =>
    'body' in content ? JSON.parse(new TextDecoder().decode(gunzipSync(content.body))) : null,
  );
  return {
    spans: bodies.flatMap(({ resourceSpans }) => resourceSpans[0].scopeSpans[0].spans),
    resource: bodies[0].resourceSpans[0].resource.attributes,
  };
}

const attribute = (span: Span, key: string): unknown =>
  Object.values(span.attributes.find((each) => each.key === key)?.value ?? {})[0];

describe('a page load', () => {
  test('has ids of their lengths, no two alike, the same on every try', async () => {
    const load = buildLoad({
      resources: Array.from({ length: 3_000 }, (_, index) =>
        buildRequest({ id: `r${index}`, resourceType: 'Image' }),
      ),
    });
    const { spans } = await draw({ load });
    expect(spans).toHaveLength(3_003);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    for (const { traceId, spanId } of spans)
      expect(`${traceId} ${spanId}`).toMatch(/^[0-9a-f]{32} [0-9a-f]{16}$/);
    expect((await draw({ load })).spans).toEqual(spans);
    expect((await draw({ load, seed: 'another' })).spans[0].traceId).not.toBe(spans[0].traceId);
  });

  test('has times to the microsecond', async () => {
    const { spans } = await draw({});
    const fetched = spans.find(({ name }) => name === 'resourceFetch');
    expect(fetched?.startTimeUnixNano).toBe(`${NOON + 70}000000`);
    expect(spans[0].endTimeUnixNano).toBe(`${NOON + 900}000000`);
    expect(spans[0].events.map(({ name }) => name)).toEqual([
      'fetchStart',
      'firstContentfulPaint',
      'loadEventEnd',
    ]);
  });

  test('ends with what was recorded where it never loaded', async () => {
    const { spans } = await draw({ load: buildLoad({ milestones: [{ name: 'navigationStart', time: 0 }] }) });
    expect(spans[0].endTimeUnixNano).toBe(`${NOON + 2_000}000000`);
  });

  test('says which requests failed', async () => {
    const resources = [
      buildRequest({ id: '2', status: 404 }),
      buildRequest({ id: '3', status: null, failed: true, end: null, responseStart: null }),
    ];
    const { spans } = await draw({ load: buildLoad({ resources }) });
    const [missing, failed] = spans.filter(({ name }) => name === 'resourceFetch');
    expect(missing.status.code).toBe(2);
    expect(attribute(missing, 'error.type')).toBe('404');
    expect(attribute(failed, 'error.type')).toBe('failed');
    expect(failed.endTimeUnixNano).toBe(failed.startTimeUnixNano);
  });

  test('is of the service that its tags name', async () => {
    const { resource, spans } = await draw({ tags: { service_name: 'shop', env: 'test' } });
    expect(resource).toEqual([
      { key: 'service.name', value: { stringValue: 'shop' } },
      { key: 'env', value: { stringValue: 'test' } },
    ]);
    expect(attribute(spans[0], 'pyroscope.profile.id')).toBe(spans[0].spanId);
    // The way back.
    expect(readPageflameLink(String(attribute(spans[0], 'pageflame.link')))).toEqual({
      recording: 'test-recording',
      range: null,
    });
  });

  test('joins the page’s trace: by its response first, then by its markup', async () => {
    const told = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    const byMarkup = await draw({ serverTrace: told });
    expect(byMarkup.spans[0]).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: 'b'.repeat(16) });
    const serverTrace = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) };
    const load = buildLoad({ document: buildRequest({ serverTrace }) });
    const byResponse = await draw({ serverTrace: told, load });
    expect(byResponse.spans[0]).toMatchObject({ traceId: 'c'.repeat(32), parentSpanId: 'd'.repeat(16) });
    // The document's own context is the trace itself, not a link.
    expect(byResponse.spans[1].links).toEqual([]);
  });
});

test('the profile of a load carries the ids of its root span', async () => {
  const cargo = buildCargo({ load: buildLoad() });
  const { ids, parcels } = await planned(cargo, buildDestination('pyroscope', 'http://127.0.0.1:4040'));
  const { spans } = await draw({ seed: cargo.seed });
  expect(ids).toMatchObject({ traceId: spans[0].traceId, rootSpanId: spans[0].spanId });
  expect(parcels[0].proof).toMatchObject({ spanId: ids.rootSpanId });
});

test('a recording’s ids are its own', async () => {
  const [one, again, other] = await Promise.all(['a', 'a', 'b'].map((seed) => deriveTraceIds(seed, null)));
  expect(again).toEqual(one);
  expect(other.traceId).not.toBe(one.traceId);
  const recordings = [
    { id: 'a', serverTrace: null },
    { id: 'b', serverTrace: null },
    { id: 'c', serverTrace: { traceId: 'd'.repeat(32), spanId: 'e'.repeat(16) } },
  ];
  expect(await findRecordingOfTrace(other.traceId.toUpperCase(), recordings)).toBe('b');
  expect(await findRecordingOfTrace(`http://jaeger/trace/${one.traceId}?uiFind=x`, recordings)).toBe('a');
  expect(await findRecordingOfTrace(spanIdAt(other.rootSpanId, 4711), recordings)).toBe('b');
  expect(await findRecordingOfTrace(`00-${'d'.repeat(32)}-${'1'.repeat(16)}-01`, recordings)).toBe('c');
  expect(await findRecordingOfTrace(one.rootSpanId, recordings)).toBe('a');
  expect(await findRecordingOfTrace('f'.repeat(32), recordings)).toBeNull();
});

describe('links', () => {
  const selection = {
    profileType: 'process_cpu:cpu:nanoseconds:cpu:nanoseconds',
    selector: '{service_name="a&b=\\"c\\""}',
    start: NOON + 0.5,
    end: NOON + 1_500,
  };

  test('to Pyroscope', () => {
    const { searchParams, pathname } = new URL(linkToPyroscope('http://p/base/', selection));
    expect(pathname).toBe('/base/');
    expect(Object.fromEntries(searchParams)).toEqual({
      query: selection.profileType + selection.selector,
      from: String(NOON / 1000),
      until: String(NOON / 1000 + 2),
    });
  });

  test('to Grafana, of a profile and of a trace', () => {
    const grafana = { base: 'http://g', datasource: 'pyro' };
    const panes = JSON.parse(
      new URL(linkToGrafanaProfile(grafana, selection)).searchParams.get('panes') ?? '',
    );
    expect(panes.pageflame.queries[0]).toMatchObject({
      profileTypeId: selection.profileType,
      labelSelector: selection.selector,
    });
    expect(panes.pageflame.range).toEqual({ from: String(NOON), to: String(NOON + 1_500) });
    expect(linkToGrafanaTrace(grafana, 'abc', selection)).toContain('traceql');
  });

  test('to Parca and Jaeger', () => {
    const query = `${selection.profileType}:delta${selection.selector}`;
    const { searchParams } = new URL(linkToParca('http://p', { query, start: NOON, end: NOON + 1 }));
    expect(searchParams.get('expression_a')).toBe(query);
    expect(searchParams.get('selection_a')).toBe(query);
    expect(searchParams.get('from_a')).toBe(String(NOON));
    expect(linkToJaeger('http://j/ui', 'abc', 'def')).toBe('http://j/ui/trace/abc?uiFind=def');
  });

  test.each([
    { recording: 'test-recording', range: null },
    { recording: 'a/b?c', range: { start: 12.5, end: 99 } },
  ])('of our own, there and back: %j', (link) =>
    expect(readPageflameLink(writePageflameLink(link))).toEqual(link),
  );

  test.each(['http://a', 'pageflame:recording/', 'pageflame:recording/%E0%A4%A', 'pageflame:other/x'])(
    '%s is none',
    (text) => expect(readPageflameLink(text)).toBeNull(),
  );
});

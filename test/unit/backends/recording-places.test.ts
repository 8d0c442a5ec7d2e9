/** Where a recording, or a part of it, is looked at. */
import { expect, test } from 'vitest';
import { deriveTraceIds, newBackend, placesOfRecording } from '../../../src/backends/index.ts';

const LOOKED = {
  seed: 'r1',
  serverTrace: null,
  tags: { service_name: 'shop', page: '/cart', env: '' },
  start: 1_790_000_000_000,
  end: 1_790_000_002_500,
  thread: null,
  category: null,
  span: null,
  server: null,
};

function backend(kind: Parameters<typeof newBackend>[1], changes = {}) {
  const made = newBackend('b', kind);
  return { ...made, destination: { ...made.destination, url: 'http://127.0.0.1:4040/base/', ...changes } };
}

const queryOf = (address: string): URLSearchParams => new URL(address).searchParams;

test('Pyroscope, at the labels that it is sent with, around its time', async () => {
  const [place] = await placesOfRecording(backend('pyroscope', { labels: { team: 'x' } }), LOOKED);
  expect(place.name).toBe('Pyroscope');
  expect(new URL(place.url).pathname).toBe('/base/');
  expect(queryOf(place.url).get('query')).toBe(
    'process_cpu:cpu:nanoseconds:cpu:nanoseconds{service_name="shop",page="/cart",team="x"}',
  );
  expect(queryOf(place.url).get('from')).toBe('1789999940');
  expect(queryOf(place.url).get('until')).toBe('1790000063');
});

test('a slice: its thread and category, at Pyroscope and Parca', async () => {
  const slice = { ...LOOKED, thread: 'main', category: 'rendering' };
  const [parca] = await placesOfRecording(backend('parca'), slice);
  expect(queryOf(parca.url).get('expression_a')).toBe(
    'process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta{service_name="shop",page="/cart",thread="main",category="rendering"}',
  );
});

test('Jaeger, with the request’s span marked; the server’s trace where the page belongs to one', async () => {
  const traces = backend('otlp-traces', { queryUrl: 'http://127.0.0.1:16686' });
  const { traceId, rootSpanId } = await deriveTraceIds('r1', null);
  const root = await placesOfRecording(traces, { ...LOOKED, span: 0 });
  expect(root.map(({ url }) => url)).toEqual([
    `http://127.0.0.1:16686/trace/${traceId}?uiFind=${rootSpanId}`,
  ]);
  const [joined] = await placesOfRecording(traces, {
    ...LOOKED,
    serverTrace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
  });
  expect(joined.url).toBe(`http://127.0.0.1:16686/trace/${'a'.repeat(32)}`);
  expect(await placesOfRecording(backend('otlp-traces'), LOOKED)).toEqual([]);
});

test('Jaeger, at the server’s own span in its own trace', async () => {
  const server = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) };
  const traces = backend('otlp-traces', { queryUrl: 'http://127.0.0.1:16686' });
  const [place] = await placesOfRecording(traces, { ...LOOKED, server });
  expect(place.url).toBe(`http://127.0.0.1:16686/trace/${server.traceId}?uiFind=${server.spanId}`);
  // A request is a span of ours first.
  const [request] = await placesOfRecording(traces, { ...LOOKED, server, span: 1 });
  const { traceId } = await deriveTraceIds('r1', null);
  expect(request.url).toContain(`/trace/${traceId}?uiFind=`);
});

test('Grafana, where somebody looks at it there', async () => {
  const grafana = { base: 'http://127.0.0.1:3000', datasource: 'pyroscope' };
  const places = await placesOfRecording({ ...backend('pyroscope'), grafana }, LOOKED);
  expect(places.map(({ name }) => name)).toEqual(['Pyroscope', 'Grafana']);
  const panes: unknown = JSON.parse(queryOf(places[1].url).get('panes') ?? '');
  expect(panes).toMatchObject({
    pageflame: {
      queries: [{ labelSelector: '{service_name="shop",page="/cart"}' }],
      range: { from: '1789999940000', to: '1790000062500' },
    },
  });
});

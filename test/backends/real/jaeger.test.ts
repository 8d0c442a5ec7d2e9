/** A real Jaeger: a page load is a trace with its spans, joined to the page's own, once however often it was tried. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BackendSpan,
  type Connection,
  connect,
  fetchTrace,
  NO_CREDENTIALS,
  testConnection,
} from '../../../src/backends/index.ts';
import { buildCargo, buildDestination, buildLoad, buildRequest, planned } from '../../builders/cargo.ts';
import { take } from '../answers.ts';
import { COUNT, rush, seedOf } from '../deliveries.ts';
import { FAILURES } from '../failing-proxy.ts';
import { deliverAll } from '../sending.ts';
import { newService } from '../servers.ts';
import { type RunningJaeger, startJaeger } from './servers.ts';

let jaeger: RunningJaeger;
beforeAll(async () => {
  jaeger = await startJaeger();
});
afterAll(() => jaeger.stop());

const to = (changes = {}): Connection =>
  connect(
    buildDestination('otlp-traces', jaeger.url, { queryUrl: jaeger.queryUrl, ...changes }),
    NO_CREDENTIALS,
  );

/** What was sent is to be seen within a second. */
async function spansOf(traceId: string): Promise<BackendSpan[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const spans = take(await fetchTrace(to(), traceId));
    if (spans.length > 0) return spans;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return [];
}

it('has a page load as a tree of spans', async () => {
  const service = newService();
  const cargo = buildCargo({ seed: crypto.randomUUID(), tags: { service_name: service }, load: buildLoad() });
  await deliverAll(to(), cargo);
  const { ids } = await planned(cargo, to().destination);
  const spans = await spansOf(ids.traceId);
  const root = spans.find(({ spanId }) => spanId === ids.rootSpanId);
  expect(spans.map(({ name }) => name).sort()).toEqual([
    'documentFetch',
    'documentLoad',
    'longtask',
    'resourceFetch',
  ]);
  expect(root).toMatchObject({ name: 'documentLoad', parentSpanId: '', service });
  expect(Math.round((root?.end ?? 0) - (root?.start ?? 0))).toBe(900);
  for (const span of spans) if (span !== root) expect(span.parentSpanId).toBe(ids.rootSpanId);
});

it('has its facts, and nothing that was redacted', async () => {
  const cargo = buildCargo({
    seed: crypto.randomUUID(),
    load: buildLoad(),
    vitals: [{ name: 'LCP', value: 812.5, rating: 'needs-improvement' }],
  });
  await deliverAll(to(), cargo);
  const { ids } = await planned(cargo, to().destination);
  await spansOf(ids.traceId);
  const text = await (await fetch(`${jaeger.queryUrl}/api/v3/traces/${ids.traceId}`)).text();
  for (const said of [
    `"pyroscope.profile.id","value":{"stringValue":"${ids.rootSpanId}"}`,
    '"http.response.status_code","value":{"intValue":"200"}',
    '"network.protocol.version","value":{"stringValue":"2"}',
    '"url.full","value":{"stringValue":"https://shop.example/cart"}',
    '"name":"firstContentfulPaint"',
    '"name":"browser.web_vital"',
    '"rating","value":{"stringValue":"needs_improvement"}',
  ])
    expect(text).toContain(said);
  expect(text).not.toMatch(/secret|A cart/);
});

it('joins the trace that the page’s response names, and links to those of its requests', async () => {
  const serverTrace = { traceId: crypto.randomUUID().replaceAll('-', ''), spanId: 'eee19b7ec3c1b174' };
  const other = { traceId: crypto.randomUUID().replaceAll('-', ''), spanId: '00000000000000aa' };
  const load = buildLoad({
    document: buildRequest({ serverTrace }),
    resources: [buildRequest({ id: '2', resourceType: 'Fetch', serverTrace: other })],
  });
  await deliverAll(to(), buildCargo({ seed: crypto.randomUUID(), load }));
  const spans = await spansOf(serverTrace.traceId);
  expect(spans.find(({ name }) => name === 'documentLoad')).toMatchObject({
    parentSpanId: serverTrace.spanId,
  });
  const text = await (await fetch(`${jaeger.queryUrl}/api/v3/traces/${serverTrace.traceId}`)).text();
  expect(text).toContain(other.traceId);
});

describe('connections', () => {
  const report = async (url: string, queryUrl: string | null): Promise<string> => {
    const tested = await testConnection(
      connect(buildDestination('otlp-traces', url, { queryUrl }), NO_CREDENTIALS),
    );
    return tested.ok
      ? `${tested.value.canBeAsked} ${tested.value.whyNot}`
      : `${tested.failure.code} ${tested.failure.detail}`;
  };
  it('can be asked', async () => expect(await report(jaeger.url, jaeger.queryUrl)).toBe('true '));
  it('can only be written to', async () =>
    expect(await report(jaeger.url, null)).toMatch(/^false .*may be there twice/));
  it('asked at a wrong place', async () =>
    expect(await report(jaeger.url, jaeger.url)).toMatch(/^false .*as Jaeger does/));
  it('written to where it is asked', async () =>
    expect(await report(jaeger.queryUrl, null)).toMatch(/^backend-wrong-product .*4318/));
});

it('1 000 deliveries through a proxy that fails 30 % of the time are there once each', async () => {
  const service = newService();
  const destination = { queryUrl: jaeger.queryUrl };
  const { deliveries, counts } = await rush({
    kind: 'otlp-traces',
    server: jaeger.url,
    service,
    destination,
  });
  expect(deliveries.filter(({ state, mayBeTwice }) => state !== 'delivered' || mayBeTwice)).toEqual([]);
  for (const kind of FAILURES) expect(counts[kind]).toBeGreaterThan(COUNT / 25);
  for (let index = 0; index < COUNT; index++) {
    const cargo = buildCargo({ seed: seedOf(index), load: buildLoad() });
    const { ids } = await planned(cargo, to().destination);
    const spans = await spansOf(ids.traceId);
    expect(spans.map(({ name }) => name).sort(), seedOf(index)).toEqual(['documentFetch', 'documentLoad']);
  }
}, 300_000);

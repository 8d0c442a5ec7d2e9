/** A real OpenTelemetry Collector: what it prints holds our stacks, links and times. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Connection, connect, NO_CREDENTIALS, testConnection } from '../../../src/backends/index.ts';
import { buildCargo, buildDestination, buildLoad, planned, threeTypes } from '../../builders/cargo.ts';
import { profileOf } from '../../builders/profiles.ts';
import { COUNT, rush, seedOf } from '../deliveries.ts';
import { deliverAll } from '../sending.ts';
import { newService } from '../servers.ts';
import { type RunningCollector, startCollector } from './servers.ts';

let collector: RunningCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.stop());

const to = (kind: 'otlp' | 'otlp-traces'): Connection =>
  connect(buildDestination(kind, collector.url), NO_CREDENTIALS);

async function printed(text: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const received = await collector.received();
    if (received.includes(text)) return received;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the Collector never printed ${text}`);
}

it('is told to be there', async () => {
  for (const kind of ['otlp', 'otlp-traces'] as const) {
    const report = await testConnection(to(kind));
    expect(report.ok && report.value.canBeAsked).toBe(false);
    expect(report.ok && report.value.whyNot).toMatch(/may be there twice/);
  }
});

it('has stacks, links, times and labels of a profile', async () => {
  const service = newService();
  const unixMillisAtZero = Date.UTC(2026, 2, 1, 14, 2, 33, 250);
  const cargo = buildCargo({
    seed: service,
    tags: { service_name: service },
    profiles: threeTypes(),
    unixMillisAtZero,
  });
  await deliverAll(to('otlp'), cargo);
  const { ids } = await planned(cargo, to('otlp').destination);
  const text = await printed(service);
  for (const said of [
    'f1',
    'f2',
    'f3',
    'Layout',
    'https://shop.example/js/app.js',
    ids.traceId,
    ids.rootSpanId,
  ])
    expect(text).toContain(said);
  expect(text).toMatch(/2026-03-01 14:02:33\.25/);
  expect(text).toMatch(/Str\(rendering\)/);
});

it('has the spans of a page load', async () => {
  const service = newService();
  const cargo = buildCargo({ seed: service, tags: { service_name: service }, load: buildLoad() });
  await deliverAll(to('otlp-traces'), cargo);
  const { ids } = await planned(cargo, to('otlp-traces').destination);
  const text = await printed(service);
  for (const said of ['documentLoad', 'resourceFetch', 'longtask', 'firstContentfulPaint', ids.rootSpanId])
    expect(text).toContain(said);
});

it('gets 1 000 profiles through a failing proxy at least once each, and what may be twice is said', async () => {
  const service = newService();
  const { deliveries } = await rush({ kind: 'otlp', server: collector.url, service });
  expect(deliveries.filter(({ state }) => state !== 'delivered' && state !== 'parked')).toEqual([]);
  const text = await printed(seedOf(COUNT - 1));
  const times = (index: number): number => text.match(new RegExp(`\\b${seedOf(index)}\\b`, 'g'))?.length ?? 0;
  const doubtful = new Set(deliveries.filter(({ mayBeTwice }) => mayBeTwice).map(({ shipment }) => shipment));
  for (let index = 0; index < COUNT; index++) {
    const count = times(index);
    expect(count, seedOf(index)).toBeGreaterThan(0);
    if (count > 1) expect(doubtful).toContain(seedOf(index));
  }
  expect(doubtful.size).toBeLessThan(COUNT / 2);
}, 300_000);

it('takes a profile of many samples in parts', async () => {
  const service = newService();
  const folded = Object.fromEntries(
    Array.from({ length: 12_000 }, (_, row) => [`g${row}${'x'.repeat(500)}`, 10]),
  );
  const cargo = buildCargo({ seed: service, tags: { service_name: service }, profiles: [profileOf(folded)] });
  expect((await deliverAll(to('otlp'), cargo)).length).toBeGreaterThan(1);
});

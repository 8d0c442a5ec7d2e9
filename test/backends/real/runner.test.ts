/** The extension's runner against the real Collector and Jaeger: orders in, profiles and spans there, each once. */
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Backend,
  connect,
  DEFAULT_WIRE,
  DeliveryDatabase,
  DeliveryRunner,
  DestinationBook,
  fetchTrace,
  NO_CREDENTIALS,
  testConnection,
  viewShipments,
} from '../../../src/backends/index.ts';
import { ensure, succeed } from '../../../src/base/index.ts';
import { buildBackend } from '../../builders/backends.ts';
import { buildCargo, buildLoad, threeTypes } from '../../builders/cargo.ts';
import { type RunningCollector, type RunningJaeger, startCollector, startJaeger } from './servers.ts';

let collector: RunningCollector;
let jaeger: RunningJaeger;
beforeAll(async () => {
  [collector, jaeger] = await Promise.all([startCollector(), startJaeger()]);
});
afterAll(() => Promise.all([collector.stop(), jaeger.stop()]));

const test = async (backend: Backend): Promise<string> => {
  const report = await testConnection(connect(backend.destination, NO_CREDENTIALS));
  return report.ok
    ? `${report.value.product}, ${report.value.canBeAsked ? 'can' : 'cannot'} be asked`
    : `${report.failure.code}: ${report.failure.detail}`;
};

describe('a Jaeger that has seen nothing yet', () => {
  it('is known by where it is asked, and takes no traces there', async () => {
    expect(await test(buildBackend('otlp-traces', jaeger.queryUrl))).toMatch(
      /^backend-wrong-product: it is where Jaeger is asked/,
    );
    const right = buildBackend('otlp-traces', jaeger.url, { destination: { queryUrl: jaeger.queryUrl } });
    expect(await test(right)).toBe('an OpenTelemetry backend for traces, can be asked');
  });
});

describe('an order', () => {
  it('is there once, however often it is carried out, and leads there', async () => {
    const traces = buildBackend('otlp-traces', jaeger.url, { destination: { queryUrl: jaeger.queryUrl } });
    const profiles = buildBackend('otlp', collector.url);
    const book = new DestinationBook();
    const unixMillisAtZero = Date.now() - 60_000;
    for (const backend of [traces, profiles]) await book.put(backend, null);
    const database = await DeliveryDatabase.open();
    const order = async (backend: Backend, orderedAt: number): Promise<void> => {
      const destination = backend.destination.id;
      await database.order({
        kind: 'send',
        recording: 'real-runner',
        name: 'shop',
        destination,
        age: 'ad-hoc',
        byRule: false,
        orderedAt,
      });
      const runner = await DeliveryRunner.open({
        database,
        book,
        load: async () =>
          succeed(
            buildCargo({ seed: 'real-runner', unixMillisAtZero, profiles: threeTypes(), load: buildLoad() }),
          ),
        allowed: async (patterns) => new Set(patterns),
        wire: DEFAULT_WIRE,
      });
      await runner.run();
    };
    await order(traces, 1);
    await order(profiles, 1);
    // Ordered anew by its user: what can be asked is asked, and nothing is there twice.
    await order(traces, 2);
    const views = viewShipments(await database.shipments(), await database.list());
    expect(views.map(({ state, mayBeTwice }) => [state, mayBeTwice])).toEqual([
      ['delivered', 0],
      ['delivered', 0],
    ]);
    const place = ensure(
      views.flatMap(({ places }) => places).find(({ name }) => name === 'Jaeger'),
      'the trace has a page',
    );
    const traceId = ensure(/\/trace\/([0-9a-f]{32})/.exec(place.url)?.[1], 'its address names the trace');
    const spans = await fetchTrace(connect(traces.destination, NO_CREDENTIALS), traceId);
    if (!spans.ok) throw new Error(spans.failure.message);
    expect((spans.value ?? []).filter(({ name }) => name === 'documentLoad')).toHaveLength(1);
    await expect.poll(collector.received, { timeout: 10_000 }).toContain('f3');
    expect(await collector.received()).toContain(traceId);
    database.close();
    await book.close();
  });
});

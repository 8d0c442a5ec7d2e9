/** OpenTelemetry profiles (`--kind otlp`) at an OTLP backend that can be asked: Pyroscope has every weight, label and link. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cargo, connect, NO_CREDENTIALS, pyroscope, testConnection } from '../../src/backends/index.ts';
import { buildCargo, buildDestination, planned, threeTypes } from '../builders/cargo.ts';
import { profileOf } from '../builders/profiles.ts';
import { BARE, expectSoon, foldRounded, readOne, take } from './answers.ts';
import { deliver, deliverAll } from './sending.ts';
import { newService, openPyroscope } from './servers.ts';
import type { RunningServer } from './stand-ins/http.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await openPyroscope();
});
afterAll(() => server.stop());

const to = () => connect(buildDestination('otlp', server.url), NO_CREDENTIALS);
const asked = () => connect(buildDestination('pyroscope', server.url), NO_CREDENTIALS);
const cargoOf = (service: string, changes: Partial<Cargo> = {}): Cargo =>
  buildCargo({ seed: crypto.randomUUID(), tags: { service_name: service, page: '/cart' }, ...changes });

const CPU = 'cpu:cpu:nanoseconds:cpu:nanoseconds';
const selection = (labels: Record<string, string>, profileType = CPU): pyroscope.ProfileSelection => ({
  profileType,
  selector: pyroscope.selectorOf(labels),
  start: Date.now() - 50 * 60_000,
  end: Date.now() + 60_000,
});
const ask = async (question: pyroscope.ProfileSelection) =>
  readOne(take(await pyroscope.fetchPprofs(asked(), question)));

it('is told to be there, and to be written only', async () => {
  const report = take(await testConnection(to()));
  expect(report.canBeAsked).toBe(false);
  expect(report.whyNot).toMatch(/may be there twice/);
});

it('has every weight of each kind, by label and category, and the link to the trace', async () => {
  const service = newService();
  const cargo = cargoOf(service, { profiles: threeTypes() });
  await deliverAll(to(), cargo);
  await expectSoon(() => ask(selection({ service_name: service, page: '/cart' })), BARE);
  await expectSoon(() => ask(selection({ service_name: service, category: 'rendering' })), {
    'f1;Layout': 5_000,
  });
  await expectSoon(
    () => ask(selection({ service_name: service }, 'wall:wall:nanoseconds:wall:nanoseconds')),
    {
      ...BARE,
      '(idle)': 35_000,
    },
  );
  await expectSoon(() => ask(selection({ service_name: service }, 'wall:samples:count:wall:nanoseconds')), {
    f1: 10,
    'f1;f2': 20,
    'f1;f2;f3': 30,
    'f1;Layout': 5,
  });
  const { ids } = await planned(cargo, to().destination);
  const span = take(
    await pyroscope.fetchSpanProfile(asked(), selection({ service_name: service }), ids.rootSpanId),
  );
  expect(foldRounded(span)).toEqual(BARE);
});

it('has all of what goes in parts', async () => {
  const service = newService();
  const folded = Object.fromEntries(Array.from({ length: 16_500 }, (_, row) => [`g${row}`, 1_000]));
  const parcels = await deliverAll(to(), cargoOf(service, { profiles: [profileOf(folded)] }));
  expect(parcels.length).toBeGreaterThan(1);
  await expect
    .poll(async () => (await ask(selection({ service_name: service }))).samples.length, { timeout: 15_000 })
    .toBe(16_500);
});

it('hostile texts arrive unharmed', async () => {
  const service = newService();
  const folded = Object.fromEntries(
    ['<script>alert(1)</script>', 'a",b\n🔥', '"}{,=\\', 'ßüöä 漢字 \u202e'].map((name) => [name, 1_000]),
  );
  const note = '/<img src=x onerror=1>"\\\n{}';
  const cargo = cargoOf(service, {
    profiles: [profileOf(folded)],
    tags: { service_name: service, note },
  });
  await deliverAll(to(), cargo);
  await expectSoon(() => ask(selection({ service_name: service, note })), folded);
});

it('of another day is parked with the server’s words', async () => {
  const cargo = cargoOf(newService(), { unixMillisAtZero: Date.now() - 2 * 3_600_000 });
  const { parcels } = await planned(cargo, to().destination);
  const [delivery] = await deliver(to(), parcels);
  expect(delivery.state).toBe('parked');
  expect(delivery.failure?.detail).toMatch(/^400: .*outside of ingestion window/s);
});

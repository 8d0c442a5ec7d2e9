/** Parca: what is written is found again, per thread and category, with every weight. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cargo,
  type Connection,
  connect,
  NO_CREDENTIALS,
  parca,
  planShipment,
  pyroscope,
  testConnection,
} from '../../src/backends/index.ts';
import { ensure } from '../../src/base/index.ts';
import type { StackProfile } from '../../src/profile/index.ts';
import { APP, buildCargo, buildDestination, planned, threeTypes } from '../builders/cargo.ts';
import { profileOf } from '../builders/profiles.ts';
import { BARE, expectSoon, readOne, take } from './answers.ts';
import { deliver, deliverAll } from './sending.ts';
import { newService, openParca } from './servers.ts';
import { type RunningServer, serve } from './stand-ins/http.ts';

const CPU = 'process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta';

let server: RunningServer;
beforeAll(async () => {
  server = await openParca();
});
afterAll(() => server.stop());

const to = (changes = {}): Connection =>
  connect(buildDestination('parca', server.url, changes), NO_CREDENTIALS);
const cargoOf = (service: string, changes: Partial<Cargo> = {}): Cargo =>
  buildCargo({ seed: crypto.randomUUID(), tags: { service_name: service, page: '/cart' }, ...changes });

async function ask(labels: Record<string, string>, type = CPU, around = Date.now()): Promise<StackProfile> {
  const query = type + pyroscope.selectorOf(labels);
  const range = { start: around - 3_600_000, end: around + 3_600_000 };
  return readOne(take(await parca.fetchPprofs(to(), { query, ...range })));
}

describe('a recording', () => {
  it('is found by its labels, with weights and files', async () => {
    const service = newService();
    await deliverAll(to(), cargoOf(service, { profiles: threeTypes() }));
    await expectSoon(() => ask({ service_name: service, page: '/cart', thread: 'main' }), BARE);
    const profile = await ask({ service_name: service, page: '/cart', thread: 'main' });
    const f3 = profile.frames.name.findIndex((name) => profile.strings[name] === 'f3');
    expect(profile.strings[profile.frames.url[f3]]).toBe(APP);
  });

  it('is asked for by category, by wall time, by samples and by its trace', async () => {
    const service = newService();
    const cargo = cargoOf(service, { profiles: threeTypes() });
    const [one] = await deliverAll(to(), cargo);
    await expectSoon(() => ask({ service_name: service, category: 'rendering' }), {
      'f1;Layout': 5_000,
    });
    await expectSoon(() => ask({ service_name: service }, 'wall:wall:nanoseconds:wall:nanoseconds:delta'), {
      ...BARE,
      '(idle)': 35_000,
    });
    // Parca answers with samples as time: each for that from one of V8's to the next, over all categories.
    await expectSoon(
      () => ask({ service_name: service }, 'process_cpu:samples:count:cpu:nanoseconds:delta'),
      {
        f1: 200,
        'f1;f2': 400,
        'f1;f2;f3': 600,
        'f1;Layout': 100,
      },
    );
    if (one.content.kind !== 'parca') throw new Error(one.content.kind);
    const { trace_id } = one.content.labels;
    await expectSoon(() => ask({ trace_id }), BARE);
  });

  it('has types, labels and values that can be listed', async () => {
    const service = newService();
    await deliverAll(to(), cargoOf(service));
    const range = { start: Date.now() - 3_600_000, end: Date.now() + 60_000 };
    const services = async () => take(await parca.listLabelValues(to(), 'service_name', range));
    await expect.poll(services, { timeout: 15_000 }).toContain(service);
    expect(take(await parca.listTypes(to()))).toContain(CPU);
    expect(take(await parca.listLabels(to()))).toEqual(
      expect.arrayContaining(['category', 'page', 'service_name']),
    );
  });

  it('of any age is taken', async () => {
    const service = newService();
    const dayOld = Date.now() - 86_400_000;
    await deliverAll(to(), cargoOf(service, { unixMillisAtZero: dayOld }));
    await expectSoon(() => ask({ service_name: service }, CPU, dayOld), BARE);
  });

  it('can be asked for before and after it was sent', async () => {
    const { parcels } = await planned(cargoOf(newService()), to().destination);
    const proof = ensure(parcels[0].proof, 'Parca can be asked');
    if (proof.kind !== 'parca') throw new Error(proof.kind);
    expect(take(await parca.isThere(to(), proof))).toBe(false);
    await deliver(to(), parcels);
    await expect.poll(async () => take(await parca.isThere(to(), proof)), { timeout: 15_000 }).toBe(true);
  });
});

describe('where nothing but gRPC-Web is let through', () => {
  let narrow: RunningServer;
  beforeAll(async () => {
    narrow = await serve(async ({ path, method, headers, body }) => {
      if (!path.startsWith('/parca.')) return { status: 404, type: 'text/plain', body: 'no gateway here' };
      const { 'content-type': type = '', 'x-grpc-web': mark = '' } = headers;
      const own = { 'Content-Type': type, 'X-Grpc-Web': String(mark) };
      const answer = await fetch(server.url + path, { method, headers: own, body: new Uint8Array(body) });
      const said = [...answer.headers].filter(([name]) => name.startsWith('grpc-'));
      return {
        status: answer.status,
        type: answer.headers.get('content-type') ?? '',
        headers: Object.fromEntries(said),
        body: new Uint8Array(await answer.arrayBuffer()),
      };
    });
  });
  afterAll(() => narrow.stop());
  const through = (): Connection => connect(buildDestination('parca', narrow.url), NO_CREDENTIALS);

  it('a recording arrives with every weight', async () => {
    const service = newService();
    await deliverAll(through(), cargoOf(service, { profiles: threeTypes() }));
    await expectSoon(() => ask({ service_name: service, thread: 'main' }), BARE);
    await expectSoon(() => ask({ service_name: service }, 'wall:wall:nanoseconds:wall:nanoseconds:delta'), {
      ...BARE,
      '(idle)': 35_000,
    });
  });

  it('what it refuses is parked, in its own words', async () => {
    const { parcels } = await planned(cargoOf(newService()), through().destination);
    const spoiled = parcels.map((parcel) => ({
      ...parcel,
      content: { ...parcel.content, pprof: new TextEncoder().encode('garbage') },
    }));
    for (const { state, failure } of await deliver(through(), spoiled)) {
      expect(state).toBe('parked');
      expect(failure?.detail).toMatch(/^400: .*profile/);
    }
  });

  it('is told to be there, and that it cannot be asked', async () => {
    const report = await testConnection(through());
    expect(report.ok && report.value.whyNot).toMatch(/gRPC-Web alone/);
  });
});

describe('labels', () => {
  it.each(['a b', 'browser.version', '1st', '__name__', 'trace_id'])(
    '%s: refused before sending',
    async (name) => {
      const { destination } = to({ labels: { [name]: 'v' } });
      const plan = await planShipment(cargoOf(newService()), destination, { now: Date.now(), age: 'ad-hoc' });
      expect(plan.ok ? 'taken' : plan.failure.code).toBe('label-refused');
    },
  );

  it('and names of any kind arrive unharmed', async () => {
    const service = newService();
    const folded = { '<script>alert(1)</script>': 1_000, 'a":b\n🔥': 2_000, '漢字 \u202e': 3_000 };
    const note = '<img src=x onerror=1>"\\\n{}';
    await deliverAll(to({ labels: { note } }), cargoOf(service, { profiles: [profileOf(folded)] }));
    await expectSoon(() => ask({ service_name: service, note }), folded);
  });
});

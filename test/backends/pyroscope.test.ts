/** Grafana Pyroscope: what is pushed is found again, by label, time and span, with every weight. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/backends/index.ts';
import { connect, NO_CREDENTIALS, openClient, planShipment, pyroscope } from '../../src/backends/index.ts';
import { ensure } from '../../src/base/index.ts';
import { diffProfiles, type StackProfile } from '../../src/profile/index.ts';
import { APP, buildCargo, buildDestination, FUNCTIONS, planned, threeTypes } from '../builders/cargo.ts';
import { foldProfile, profileOf } from '../builders/profiles.ts';
import { BARE, expectSoon, foldAnswer, foldRounded, readOne, take } from './answers.ts';
import { deliver, deliverAll } from './sending.ts';
import { newService, openPyroscope, openTenants } from './servers.ts';
import { listen, type RunningServer, readBody } from './stand-ins/http.ts';

const CPU = 'process_cpu:cpu:nanoseconds:cpu:nanoseconds';

let server: RunningServer;
beforeAll(async () => {
  server = await openPyroscope();
});
afterAll(() => server.stop());

const to = (changes = {}): Connection =>
  connect(buildDestination('pyroscope', server.url, changes), NO_CREDENTIALS);
const lastMinutes = (): { start: number; end: number } => ({
  start: Date.now() - 50 * 60_000,
  end: Date.now() + 60_000,
});
const selection = (labels: Record<string, string>, profileType = CPU): pyroscope.ProfileSelection => ({
  profileType,
  selector: pyroscope.selectorOf(labels),
  ...lastMinutes(),
});

async function ask(at: Connection, question: pyroscope.ProfileSelection): Promise<StackProfile> {
  return readOne(take(await pyroscope.fetchPprofs(at, question)));
}

const cargoOf = (service: string, changes = {}) =>
  buildCargo({ seed: crypto.randomUUID(), tags: { service_name: service, page: '/cart' }, ...changes });

describe('a recording', () => {
  it('is found by its labels, with weights, files and lines', async () => {
    const service = newService();
    await deliverAll(to(), cargoOf(service, { profiles: threeTypes() }));
    await expectSoon(
      () => ask(to(), selection({ service_name: service, page: '/cart', thread: 'main' })),
      BARE,
    );
    const profile = await ask(to(), selection({ service_name: service, page: '/cart', thread: 'main' }));
    const f3 = profile.frames.name.findIndex((name) => profile.strings[name] === 'f3');
    expect(profile.strings[profile.frames.url[f3]]).toBe(APP);
    expect(profile.frames.line[f3]).toBe(13);
  });

  it('has types, labels and values that can be listed', async () => {
    const service = newService();
    await deliverAll(to(), cargoOf(service, { profiles: threeTypes() }));
    expect(take(await pyroscope.listProfileTypes(to(), lastMinutes()))).toEqual(
      expect.arrayContaining([
        CPU,
        'process_cpu:samples:count:cpu:nanoseconds',
        'wall:wall:nanoseconds:wall:nanoseconds',
      ]),
    );
    expect(take(await pyroscope.listLabels(to(), lastMinutes()))).toEqual(
      expect.arrayContaining(['page', 'service_name', 'thread']),
    );
    expect(take(await pyroscope.listLabelValues(to(), 'service_name', lastMinutes()))).toContain(service);
  });

  it('is asked for by category, by wall time and by V8’s samples', async () => {
    const service = newService();
    await deliverAll(to(), cargoOf(service, { profiles: threeTypes() }));
    await expectSoon(() => ask(to(), selection({ service_name: service, category: 'rendering' })), {
      'f1;Layout': 5_000,
    });
    await expectSoon(
      () => ask(to(), selection({ service_name: service }, 'wall:wall:nanoseconds:wall:nanoseconds')),
      { ...BARE, '(idle)': 35_000 },
    );
    await expectSoon(
      () => ask(to(), selection({ service_name: service }, 'process_cpu:samples:count:cpu:nanoseconds')),
      { f1: 10, 'f1;f2': 20, 'f1;f2;f3': 30, 'f1;Layout': 5 },
    );
  });

  it('is found by its span alone', async () => {
    const service = newService();
    const one = cargoOf(service);
    // Of one series and one time Pyroscope keeps one.
    const unixMillisAtZero = one.unixMillisAtZero - 1_000;
    const other = cargoOf(service, { profiles: [profileOf({ g1: 1_000 })], unixMillisAtZero });
    await deliverAll(to(), one);
    await deliverAll(to(), other);
    const { ids } = await planned(other, to().destination);
    const profile = take(
      await pyroscope.fetchSpanProfile(to(), selection({ service_name: service }), ids.rootSpanId),
    );
    expect(foldRounded(profile)).toEqual({ g1: 1_000 });
  });

  it('is found in a range that the server takes in no one question', async () => {
    const service = newService();
    const cargo = cargoOf(service);
    await deliverAll(to(), cargo);
    const end = Date.now() + 60_000;
    const week = { ...selection({ service_name: service }), start: end - 7 * 86_400_000, end };
    await expectSoon(() => ask(to(), week), BARE);
    const { ids } = await planned(cargo, to().destination);
    const span = take(await pyroscope.fetchSpanProfile(to(), week, ids.rootSpanId));
    expect(foldRounded(span)).toEqual(BARE);
    expect(take(await pyroscope.listProfileTypes(to(), week))).toContain(CPU);
    expect(take(await pyroscope.listLabels(to(), week))).toContain('service_name');
    expect(take(await pyroscope.listLabelValues(to(), 'service_name', week))).toContain(service);
    const nobody = await pyroscope.fetchPprofs(to(), {
      ...week,
      selector: pyroscope.selectorOf({ service_name: newService() }),
    });
    expect(foldAnswer(take(nobody))).toEqual({});
  });

  it('is compared with another version', async () => {
    const service = newService();
    const slower = { ...FUNCTIONS, [`f1@${APP}:11;f2@${APP}:12;f3@${APP}:13`]: 60_000 };
    await deliverAll(to({ labels: { version: '2.3.0' } }), cargoOf(service));
    await deliverAll(
      to({ labels: { version: '2.3.1' } }),
      cargoOf(service, { profiles: [profileOf(slower)] }),
    );
    const of = (version: string) => selection({ service_name: service, version });
    const { frame, self, pair } = diffProfiles(await ask(to(), of('2.3.0')), await ask(to(), of('2.3.1')));
    const { frames, strings } = pair.after;
    const changes = [...frame].map((row, i) => [strings[frames.name[row]], Math.round(self.delta[i])]);
    expect(Object.fromEntries(changes)).toEqual({ f1: 0, f2: 0, f3: 30_000, Layout: 0 });
  });

  it('can be asked for before and after it was sent', async () => {
    const cargo = cargoOf(newService());
    const { parcels } = await planned(cargo, to().destination);
    const proof = ensure(parcels[0].proof, 'Pyroscope can be asked');
    if (proof.kind !== 'pyroscope') throw new Error(proof.kind);
    expect(take(await pyroscope.isThere(to(), proof))).toBe(false);
    await deliver(to(), parcels);
    expect(take(await pyroscope.isThere(to(), proof))).toBe(true);
  });

  it('carries its files in its names where that is wanted', async () => {
    const service = newService();
    await deliverAll(to({ frameNames: 'with-file' }), cargoOf(service));
    const profile = await ask(to(), selection({ service_name: service }));
    expect(Object.keys(foldProfile(profile))).toContain('app.js:f1;app.js:f2');
  });
});

describe('limits', () => {
  it.each([
    { what: 'more than 16 000 samples', stacks: 16_500, length: 4 },
    { what: 'more than 2 MiB', stacks: 3_000, length: 1_000 },
  ])('$what are split, and nothing is lost', async ({ stacks, length }) => {
    const service = newService();
    const folded = Object.fromEntries(
      Array.from({ length: stacks }, (_, row) => [`f${'x'.repeat(length)}${row}`, 1_000]),
    );
    const parcels = await deliverAllPaced(cargoOf(service, { profiles: [profileOf(folded)] }));
    expect(parcels).toBeGreaterThan(1);
    const profile = await ask(to(), selection({ service_name: service }));
    expect(profile.samples.length).toBe(stacks);
    expect(Math.round(profile.samples.weight.reduce((sum, weight) => sum + weight, 0))).toBe(stacks * 1_000);
  });

  it('an hour old: uploaded ad hoc, or sent with a new time and the true one beside it', async () => {
    const service = newService();
    const cargo = cargoOf(service, { unixMillisAtZero: Date.now() - 2 * 3_600_000 });
    const plan = await planned(cargo, to().destination);
    expect(plan.parcels.map(({ content }) => content.kind)).toEqual(['pyroscope-adhoc']);
    expect(plan.notes[0]).toMatch(/ad hoc/);
    const [{ proof }] = plan.parcels;
    const uploads = openClient(to());
    expect(proof && (await uploads.ask(proof))).toEqual({ kind: 'not-there' });
    expect((await deliver(to(), plan.parcels)).map(({ state }) => state)).toEqual(['delivered']);
    expect(proof && (await uploads.ask(proof))).toEqual({ kind: 'there' });

    const again = take(await planShipment(cargo, to().destination, { now: Date.now(), age: 'restamp' }));
    expect(again.notes[0]).toMatch(/recorded_at/);
    expect((await deliver(to(), again.parcels)).map(({ state }) => state)).toEqual(['delivered']);
    const recorded = new Date(cargo.unixMillisAtZero).toISOString();
    await expectSoon(() => ask(to(), selection({ service_name: service, recorded_at: recorded })), BARE);
  });

  it('of the future: parked, in the server’s words', async () => {
    const cargo = cargoOf(newService(), { unixMillisAtZero: Date.now() + 3_600_000 });
    const { parcels } = await planned(cargo, to().destination);
    const [delivery] = await deliver(to(), parcels);
    expect(delivery.state).toBe('parked');
    expect(delivery.failure).toMatchObject({ code: 'backend-refused' });
    expect(delivery.failure?.detail).toMatch(/^400: invalid_argument: .*outside of ingestion window/);
  });

  it.each([
    ['31 labels', Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`l${i}`, 'v']))],
    ['a name of 1 025 bytes', { ['n'.repeat(1025)]: 'v' }],
    ['a value of 2 049 bytes', { page: 'v'.repeat(2049) }],
    ['a name with a space', { 'a b': 'v' }],
    ['a name of ours', { span_id: 'eee19b7ec3c1b174' }],
    ['a name of theirs', { __name__: 'goroutines' }],
    ['half a character', { page: '\ud83d' }],
  ])('%s: refused before sending', async (_, labels) => {
    const cargo = cargoOf(newService());
    const plan = await planShipment(cargo, to({ labels }).destination, { now: Date.now(), age: 'ad-hoc' });
    expect(plan.ok ? 'taken' : plan.failure.code).toBe(labels.page === '\ud83d' ? 'taken' : 'label-refused');
  });

  it('1 200 frames deep: taken, its outermost 1 000 frames, and it is said', async () => {
    const service = newService();
    const path = Array.from({ length: 1_200 }, (_, row) => `d${row}`);
    const cargo = cargoOf(service, { profiles: [profileOf({ [path.join(';')]: 5_000 })] });
    const { parcels, notes } = await planned(cargo, to().destination);
    expect(notes.join()).toMatch(/deeper than 1000 frames/);
    expect((await deliver(to(), parcels)).map(({ state }) => state)).toEqual(['delivered']);
    await expectSoon(() => ask(to(), selection({ service_name: service })), {
      [path.slice(0, 1_000).join(';')]: 5_000,
    });
  });

  it.each(['', 'x'])(
    'a name of 70 000 bytes behind %j: taken, its end is kept, and it is said',
    async (before) => {
      const service = newService();
      // Pyroscope cuts at a byte, be it in the middle of a character, and then refuses what it has cut.
      const name = `${'ä'.repeat(35_000)}end${before}`;
      const cargo = cargoOf(service, { profiles: [profileOf({ f: 1_000, [name]: 2_000 })] });
      const { parcels, notes } = await planned(cargo, to().destination);
      expect(notes.join()).toMatch(/A name is longer than 65535 bytes/);
      expect((await deliver(to(), parcels)).map(({ state }) => state)).toEqual(['delivered']);
      const kept = before === '' ? 32_766 : 32_765;
      await expectSoon(() => ask(to(), selection({ service_name: service })), {
        f: 1_000,
        [`${'ä'.repeat(kept)}end${before}`]: 2_000,
      });
    },
  );

  it('sends no faster than 4 MiB in a second: nothing is ever refused for it', async () => {
    const service = newService();
    const nameOf = (row: number): string => `f${'x'.repeat(1_000)}${row}`;
    const folded = Object.fromEntries(Array.from({ length: 6_000 }, (_, row) => [nameOf(row), 1_000]));
    const { parcels } = await planned(cargoOf(service, { profiles: [profileOf(folded)] }), to().destination);
    expect(parcels.reduce((sum, { plainBytes }) => sum + plainBytes, 0)).toBeGreaterThan(6 * 1024 * 1024);
    for (const { state, tries } of await deliver(to(), parcels, pyroscope.PYROSCOPE_RATE))
      expect({ state, tries }).toEqual({ state: 'delivered', tries: 1 });
  });

  it('30 labels are taken', async () => {
    const labels = Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`l${i}`, 'v']));
    const service = newService();
    await deliverAll(to({ labels }), cargoOf(service, { profiles: threeTypes() }));
    await expectSoon(() => ask(to(), selection({ service_name: service, l23: 'v' })), BARE);
  });
});

/** A real server takes 4 MiB in a second. */
async function deliverAllPaced(cargo: Parameters<typeof deliverAll>[1]): Promise<number> {
  const { parcels } = await planned(cargo, to().destination);
  for (const parcel of parcels) {
    const [delivery] = await deliver(to(), [parcel]);
    expect(delivery.failure?.detail ?? delivery.state).toBe('delivered');
  }
  return parcels.length;
}

describe('hostile texts', () => {
  it('arrive unharmed', async () => {
    const service = newService();
    const names = [
      '<script>alert(1)</script>',
      'a";b\n🔥',
      '"}{,=\\',
      'total',
      'x'.repeat(5_000),
      'ßüöä 漢字 \u202e',
    ];
    const folded = Object.fromEntries(names.map((name) => [name.replaceAll(';', ','), 1_000]));
    const hostile = '/<img src=x onerror=1>"\\\n{}';
    const cargo = cargoOf(service, { profiles: [profileOf(folded)] });
    await deliverAll(to({ labels: { note: hostile } }), cargo);
    await expectSoon(() => ask(to(), selection({ service_name: service, note: hostile })), folded);
  });
});

describe('tenants', () => {
  let tenants: RunningServer;
  beforeAll(async () => {
    tenants = await openTenants();
  });
  afterAll(() => tenants.stop());
  const as = (tenant: string | null): Connection =>
    connect(buildDestination('pyroscope', tenants.url, { tenant }), NO_CREDENTIALS);

  it('sees its own, and nobody else’s', async () => {
    const service = newService();
    await deliverAll(as('team-a'), cargoOf(service));
    await expectSoon(() => ask(as('team-a'), selection({ service_name: service })), BARE);
    const others = await pyroscope.fetchPprofs(as('team-b'), selection({ service_name: service }));
    expect(foldAnswer(take(others))).toEqual({});
  });

  it.each([
    [null, /no org id/],
    ['a/b', /unsupported character/],
    ['a|b', /multiple org IDs/],
  ])('%s is refused in the server’s words', async (tenant, words) => {
    const { parcels } = await planned(cargoOf(newService()), as(tenant).destination);
    const [delivery] = await deliver(as(tenant), parcels);
    expect(delivery.state).toBe('parked');
    expect(delivery.failure?.code).toBe('backend-tenant');
    expect(delivery.failure?.detail).toMatch(words);
  });
});

it('an older server, without PusherService, gets the same by /ingest', async () => {
  const old = await listen(async (request, response) => {
    const body = await readBody(request);
    if (request.url?.startsWith('/push.v1')) {
      response.writeHead(404);
      response.end('404 page not found\n');
      return;
    }
    const { 'content-type': type = '' } = request.headers;
    const sent = await fetch(server.url + request.url, {
      method: request.method ?? 'GET',
      headers: new Headers(type === '' ? [] : [['Content-Type', type]]),
      body: new Uint8Array(body),
    });
    response.writeHead(sent.status, { 'Content-Type': sent.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await sent.arrayBuffer()));
  });
  const service = newService();
  await deliverAll(connect(buildDestination('pyroscope', old.url), NO_CREDENTIALS), cargoOf(service));
  await old.stop();
  await expectSoon(
    () => ask(to(), selection({ service_name: service, page: '/cart', thread: 'main' })),
    BARE,
  );
});

/** The runner of the extension's queue: orders are carried out once, whatever dies when, and only where leave was given. */
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Backend,
  type Cargo,
  DeliveryDatabase,
  DeliveryRunner,
  DestinationBook,
  isMeant,
  type Order,
  originPatterns,
  type RunnerDoors,
  type ShipmentView,
  shipmentOf,
  viewShipments,
  WALL_CLOCK,
  type Wire,
} from '../../../src/backends/index.ts';
import { fail, makeFailure, type Result, succeed } from '../../../src/base/index.ts';
import { buildBackend } from '../../builders/backends.ts';
import { buildCargo, planned, QuickClock, threeTypes } from '../../builders/cargo.ts';

const PYROSCOPE = buildBackend('pyroscope', 'http://127.0.0.1:4040');
const COLLECTOR = buildBackend('otlp', 'http://127.0.0.1:4318');

/** Answers by path; what is pushed stays. */
class Server {
  readonly requests: { url: string; auth: string | null }[] = [];
  answer: (url: string) => Response = () =>
    new Response('{}', { headers: { 'content-type': 'application/json' } });
  readonly wire: Wire = {
    timeoutMillis: 1_000,
    fetch: async (input, init) => {
      const url = String(input);
      this.requests.push({ url, auth: new Headers(init?.headers).get('authorization') });
      return this.answer(url);
    },
  };
}

let database: DeliveryDatabase;
let book: DestinationBook;
let server: Server;
let cargo: Result<Cargo>;
const allowed = new Set<string>();
beforeEach(async () => {
  database = await DeliveryDatabase.open();
  book = new DestinationBook();
  server = new Server();
  cargo = succeed(buildCargo({ profiles: threeTypes() }));
  allowed.clear();
});
afterEach(async () => {
  database.close();
  await book.close();
  for (const name of ['pageflame-deliveries', 'pageflame-backends']) {
    const opened = await openDB(name);
    for (const store of opened.objectStoreNames) await opened.clear(store);
    opened.close();
  }
});

async function add(backend: Backend, token = ''): Promise<void> {
  await book.put(backend, token === '' ? null : { kind: 'bearer', token });
  for (const pattern of originPatterns(backend.destination)) allowed.add(pattern);
}

const open = (changes: Partial<RunnerDoors> = {}): Promise<DeliveryRunner> =>
  DeliveryRunner.open({
    database,
    book,
    load: async () => cargo,
    allowed: async (patterns) => new Set(patterns.filter((pattern) => allowed.has(pattern))),
    wire: server.wire,
    clock: new QuickClock(),
    ...changes,
  });

const send = (
  backend: Backend,
  changes: Partial<Order & { kind: 'send' }> = {},
): Order & { kind: 'send' } => ({
  kind: 'send',
  recording: 'one',
  name: 'shop',
  destination: backend.destination.id,
  age: 'ad-hoc',
  byRule: true,
  orderedAt: 1,
  ...changes,
});

async function views(): Promise<readonly ShipmentView[]> {
  return viewShipments(await database.shipments(), await database.list());
}

describe('an order to send', () => {
  it('is read, packed and delivered, and says where to look', async () => {
    await add(PYROSCOPE, 'secret');
    await database.order(send(PYROSCOPE));
    await (await open()).run();
    expect(server.requests.map(({ url }) => new URL(url).pathname)).toEqual([
      '/push.v1.PusherService/Push',
      '/push.v1.PusherService/Push',
    ]);
    expect(server.requests.every(({ auth }) => auth === 'Bearer secret')).toBe(true);
    const [view] = await views();
    expect(view).toMatchObject({ state: 'delivered', parts: 2, delivered: 2, failure: null, mayBeTwice: 0 });
    expect(view.shipment).toMatchObject({ recording: 'one', name: 'shop', byRule: true });
    expect(view.shipment.places[0]).toMatchObject({ name: 'Pyroscope' });
    expect(await database.orders()).toEqual([]);
    expect(await database.nextDueAt(() => true)).toBeNull();
    expect(JSON.stringify([await database.shipments(), await database.list()])).not.toContain('secret');
  });

  it('of one recording to five backends reads it once', async () => {
    const backends = [4040, 4041, 4042, 4043, 4044].map((port) =>
      buildBackend('pyroscope', `http://127.0.0.1:${port}`),
    );
    for (const backend of backends) {
      await add(backend);
      await database.order(send(backend));
    }
    let reads = 0;
    const load = async () => {
      reads++;
      return cargo;
    };
    await (await open({ load })).run();
    expect(reads).toBe(1);
    expect((await views()).map(({ state, delivered }) => [state, delivered])).toEqual(
      Array(5).fill(['delivered', 2]),
    );
    await database.order(send(backends[0], { byRule: false, orderedAt: 2 }));
    await (await open({ load })).run();
    expect(reads).toBe(2);
  });

  it('that was under way when the browser was killed is asked for by the next, and not sent again', async () => {
    const backends = [4040, 4041, 4042].map((port) => buildBackend('pyroscope', `http://127.0.0.1:${port}`));
    for (const backend of backends) {
      await add(backend);
      await database.order(send(backend, { byRule: false }));
    }
    const pushes = () => server.requests.filter(({ url }) => url.endsWith('/Push')).length;
    const silent: Wire = {
      timeoutMillis: 60_000,
      fetch: (input) => {
        server.requests.push({ url: String(input), auth: null });
        return new Promise(() => undefined);
      },
    };
    void (await open({ wire: silent })).run();
    await expect.poll(pushes).toBe(6);
    expect(await database.orders()).toEqual([]);
    // The lights go out. The backend has all of it.
    const flamegraph = { names: ['total'], levels: [{ values: ['0', '7', '7', '0'] }], total: '7' };
    server.answer = () => Response.json({ flamegraph });
    await (await open()).run();
    expect(pushes()).toBe(6);
    expect((await views()).map(({ state, delivered, tries }) => [state, delivered, tries])).toEqual(
      Array(3).fill(['delivered', 2, 1]),
    );
  });

  it('that breaks over its recording stands there with it, and others go on', async () => {
    await add(PYROSCOPE);
    await database.order(send(PYROSCOPE, { recording: 'odd' }));
    await database.order(send(PYROSCOPE));
    const broken = new Proxy(buildCargo(), {
      get: (target, key) => {
        if (key === 'profiles') throw new RangeError('too odd');
        return Reflect.get(target, key);
      },
    });
    const load = async (recording: string) => (recording === 'odd' ? succeed(broken) : cargo);
    await (await open({ load })).run();
    const found = await views();
    expect(found.map(({ state }) => state).sort()).toEqual(['delivered', 'parked']);
    expect(found.find(({ state }) => state === 'parked')?.failure?.detail).toContain('too odd');
  });

  it('that was carried out and not taken away before a crash is done once', async () => {
    await add(PYROSCOPE);
    await database.order(send(PYROSCOPE));
    await database.order(send(PYROSCOPE));
    await (await open()).run();
    expect(server.requests).toHaveLength(2);
    await database.order(send(PYROSCOPE));
    await (await open()).run();
    expect(server.requests).toHaveLength(2);
  });

  it('by hand is not sent again where it was carried out before a crash, and asked for where it is a new one', async () => {
    await add(COLLECTOR);
    const order = send(COLLECTOR, { byRule: false, orderedAt: 7 });
    await database.order(order);
    await (await open()).run();
    const sent = server.requests.length;
    await database.order(order);
    await (await open()).run();
    expect(server.requests).toHaveLength(sent);
    await database.order({ ...order, orderedAt: 8 });
    await (await open()).run();
    expect(server.requests).toHaveLength(2 * sent);
  });

  it('of a recording that is gone stands there with the reason', async () => {
    await add(PYROSCOPE);
    cargo = fail(makeFailure('recording-not-found', { subject: 'one' }));
    await database.order(send(PYROSCOPE));
    await (await open()).run();
    expect((await views())[0]).toMatchObject({ state: 'parked', failure: { code: 'recording-not-found' } });
  });

  it('to a backend that has been taken away is none', async () => {
    await database.order(send(PYROSCOPE));
    await (await open()).run();
    expect(await views()).toEqual([]);
    expect(await database.orders()).toEqual([]);
  });
});

describe('without leave for the origin', () => {
  it('nothing is sent, and it goes when leave is given', async () => {
    await book.put(PYROSCOPE, null);
    await database.order(send(PYROSCOPE));
    const runner = await open();
    await runner.run();
    expect(server.requests).toEqual([]);
    expect((await views())[0].state).toBe('queued');
    expect(await database.nextDueAt(() => false)).toBeNull();
    allowed.add('http://127.0.0.1:4040/*');
    await runner.run();
    expect((await views())[0].state).toBe('delivered');
  });
});

describe('what is parked', () => {
  it('has the server’s words, and is tried again at a wish', async () => {
    await add(PYROSCOPE);
    server.answer = () =>
      new Response('{"code":"invalid_argument","message":"profile is too odd"}', {
        status: 400,
        headers: { 'content-type': 'application/json' },
      });
    await database.order(send(PYROSCOPE));
    const runner = await open();
    await runner.run();
    const [parked] = await views();
    expect(parked).toMatchObject({
      state: 'parked',
      parked: 2,
      failure: { detail: '400: invalid_argument: profile is too odd' },
    });
    server.answer = new Server().answer;
    await database.order({ kind: 'retry', shipment: parked.shipment.id });
    await runner.run();
    expect((await views())[0]).toMatchObject({ state: 'delivered', failure: null });
  });

  it('is forgotten at a wish, bytes and all', async () => {
    await add(PYROSCOPE);
    server.answer = () => new Response('no', { status: 401 });
    await database.order(send(PYROSCOPE));
    const runner = await open();
    await runner.run();
    await database.order({ kind: 'forget', shipment: (await views())[0].shipment.id });
    await runner.run();
    expect(await views()).toEqual([]);
    expect(await database.list()).toEqual([]);
  });
});

describe('sent another way', () => {
  it('takes the place of what was parked', async () => {
    await add(PYROSCOPE);
    server.answer = () => new Response('no', { status: 400 });
    await database.order(send(PYROSCOPE));
    const runner = await open();
    await runner.run();
    const [{ shipment: before }] = await views();
    server.answer = new Server().answer;
    const plan = await planned(
      buildCargo({ profiles: threeTypes(), unixMillisAtZero: Date.now() - 5 * 3_600_000 }),
      PYROSCOPE.destination,
    );
    const { id, recording, name } = before;
    const shipment = shipmentOf(plan, PYROSCOPE, { id, recording, name, byRule: false, now: 2 });
    await database.order({ kind: 'queue', shipment, parcels: plan.parcels });
    await runner.run();
    const [view] = await views();
    expect(view).toMatchObject({ state: 'delivered', parts: 2, parked: 0 });
    const states = await database.list();
    expect(new Set(states.map(({ parcel }) => parcel.content.kind))).toEqual(new Set(['pyroscope-adhoc']));
    expect(view.places.at(-1)).toMatchObject({ name: 'Pyroscope, ad hoc' });
    expect(view.notes).toEqual(plan.notes);
  });

  it('because it waited too long, says so', async () => {
    await add(PYROSCOPE);
    await database.order(send(PYROSCOPE));
    await (await open()).run();
    const [delivered] = await database.list();
    const content = { kind: 'pyroscope-adhoc', name: 'n', pprof: new Uint8Array(0) } as const;
    const late = { ...delivered, hasExpired: true, parcel: { ...delivered.parcel, content } };
    const [view] = viewShipments(await database.shipments(), [late]);
    expect(view.notes.join()).toContain('It waited until it was over an hour old');
    expect(view.places.map(({ name }) => name)).toEqual(['Pyroscope, ad hoc']);
  });
});

describe('a long list', () => {
  it('loses what has arrived long ago, and nothing that has not', async () => {
    await add(PYROSCOPE);
    const runner = await open();
    server.answer = () => new Response('no', { status: 400 });
    await database.order(send(PYROSCOPE, { recording: 'parked' }));
    await runner.run();
    server.answer = new Server().answer;
    for (let index = 0; index < 205; index++) {
      cargo = succeed(buildCargo({ seed: `seed-${index}`, profiles: threeTypes({ [`f${index}`]: 1_000 }) }));
      await database.order(send(PYROSCOPE, { recording: `r${index}` }));
      await runner.look();
    }
    await runner.run();
    await runner.look();
    const listed = await views();
    expect(listed.filter(({ state }) => state === 'delivered')).toHaveLength(200);
    expect(listed.filter(({ state }) => state === 'parked')).toHaveLength(1);
  });
});

describe('sent once more', () => {
  it('asks first what can be asked: nothing is there twice', async () => {
    await add(PYROSCOPE);
    await database.order(send(PYROSCOPE, { byRule: false }));
    const runner = await open();
    await runner.run();
    server.requests.length = 0;
    server.answer = (url) =>
      url.includes('/querier.v1')
        ? new Response(
            '{"flamegraph":{"names":["total","f1"],"levels":[{"values":["0","5","5","0"]}],"total":"5"}}',
            {
              headers: { 'content-type': 'application/json' },
            },
          )
        : new Response('{}');
    await database.order(send(PYROSCOPE, { byRule: false, orderedAt: 2 }));
    await runner.run();
    expect(server.requests.length).toBeGreaterThan(0);
    expect(server.requests.filter(({ url }) => url.includes('/push.v1'))).toEqual([]);
    expect((await views())[0].state).toBe('delivered');
  });

  it('may be there twice where nobody can be asked', async () => {
    await add(COLLECTOR);
    await database.order(send(COLLECTOR, { byRule: false }));
    const runner = await open();
    await runner.run();
    expect((await views())[0]).toMatchObject({ state: 'delivered', mayBeTwice: 0 });
    await database.order(send(COLLECTOR, { byRule: false, orderedAt: 2 }));
    await runner.run();
    const [view] = await views();
    expect(view.state).toBe('delivered');
    expect(view.mayBeTwice).toBe(view.parts);
    expect((await database.list()).every(({ parcel }) => 'body' in parcel.content)).toBe(true);
  });
});

describe('a backend that is away', () => {
  it('is left to an alarm once it is long to wait', async () => {
    await add(PYROSCOPE);
    server.answer = () => new Response('later', { status: 429, headers: { 'retry-after': '3600' } });
    await database.order(send(PYROSCOPE));
    const runner = await open({ clock: WALL_CLOCK });
    await runner.run();
    const [view] = await views();
    expect(view).toMatchObject({ state: 'waiting', failure: { code: 'backend-busy', detail: '429: later' } });
    expect((view.dueAt ?? 0) - Date.now()).toBeGreaterThan(3_000_000);
    expect(await database.nextDueAt(() => true)).toBe(view.dueAt);
  });
});

describe('a rule', () => {
  const rule = { isOn: true, sites: ['shop.example', '*.shop.example'], tags: { env: 'staging' } };
  const url = 'https://shop.example/cart';
  it('means its sites with its tags, and nothing else', () => {
    expect(isMeant(rule, url, { env: 'staging', page: '/cart' })).toBe(true);
    expect(isMeant(rule, 'https://www.shop.example:8443/', { env: 'staging' })).toBe(true);
    expect(isMeant(rule, url, { env: 'live' })).toBe(false);
    expect(isMeant(rule, url, {})).toBe(false);
    expect(isMeant(rule, 'https://workshop.example/', { env: 'staging' })).toBe(false);
    expect(isMeant(rule, 'https://shop.example.evil.example/', { env: 'staging' })).toBe(false);
    expect(isMeant({ ...rule, isOn: false }, url, { env: 'staging' })).toBe(false);
  });
  it('without a site and a tag means nothing; with * every page', () => {
    expect(isMeant({ isOn: true, sites: [], tags: {} }, url, {})).toBe(false);
    expect(isMeant({ isOn: true, sites: ['*'], tags: {} }, url, {})).toBe(true);
    expect(isMeant({ isOn: true, sites: ['https://shop.example'], tags: {} }, url, {})).toBe(false);
    expect(isMeant({ isOn: true, sites: [], tags: { env: 'live' } }, url, { env: 'live' })).toBe(true);
  });
});

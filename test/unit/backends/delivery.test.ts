/** What becomes of a delivery, whatever happens on its way. */
import 'fake-indexeddb/auto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { DeliveryFiles } from '../../../src/backends/delivery-files.node.ts';
import {
  type Client,
  type Delivery,
  DeliveryDatabase,
  DeliveryQueue,
  type DeliveryStore,
  type Parcel,
} from '../../../src/backends/index.ts';
import { makeFailure } from '../../../src/base/index.ts';
import { MemoryDeliveries, QuickClock } from '../../builders/cargo.ts';

type Verdict = Awaited<ReturnType<Client['send']>>;
type Presence = Awaited<ReturnType<Client['ask']>>;

const START = Date.UTC(2026, 2, 1);
const busy = makeFailure('backend-busy', { subject: 'It' });
const broken = makeFailure('backend-failed', { subject: 'It', detail: '500: proto: wrong wireType' });
const DELIVERED: Verdict = { kind: 'delivered' };
const RETRY: Verdict = { kind: 'retry', failure: busy, afterMillis: null };
const LOST: Verdict = { kind: 'unknown', failure: busy, afterMillis: null, bounded: false };
const BROKE: Verdict = { kind: 'unknown', failure: broken, afterMillis: null, bounded: true };

function buildParcel(id: string, changes: Partial<Parcel> = {}): Parcel {
  return {
    id,
    content: { kind: 'pyroscope', labels: { service_name: 'shop' }, pprof: Uint8Array.of(1, 2, 3) },
    proof: { kind: 'trace', traceId: 't', spanId: 's' },
    title: 'cpu of main',
    plainBytes: 3,
    time: START,
    takenUntil: null,
    ...changes,
  };
}

/** A backend that answers as it is told, and what was asked of it when. */
class ScriptedClient implements Client {
  readonly log: string[] = [];
  readonly #clock: QuickClock;
  readonly #verdicts: Verdict[];
  readonly #presences: Presence[];

  constructor(clock: QuickClock, verdicts: readonly Verdict[], presences: readonly Presence[] = []) {
    this.#clock = clock;
    this.#verdicts = [...verdicts];
    this.#presences = [...presences];
  }

  async send({ content }: Parcel): Promise<Verdict> {
    this.log.push(`${this.#seconds()} send ${content.kind}`);
    return this.#verdicts.shift() ?? DELIVERED;
  }

  async ask(): Promise<Presence> {
    this.log.push(`${this.#seconds()} ask`);
    return this.#presences.shift() ?? { kind: 'not-there' };
  }

  #seconds(): number {
    return Math.floor((this.#clock.now() - START) / 1000);
  }
}

interface Run {
  readonly parcel?: Parcel;
  readonly verdicts: readonly Verdict[];
  readonly presences?: readonly Presence[];
}

async function run({
  parcel = buildParcel('p'),
  verdicts,
  presences,
}: Run): Promise<{ delivery: Delivery; log: string[]; bytes: Uint8Array | null }> {
  const clock = new QuickClock(START);
  const client = new ScriptedClient(clock, verdicts, presences);
  const store = new MemoryDeliveries();
  const queue = await DeliveryQueue.open({
    store,
    route: () => ({ client, pace: null }),
    clock,
  });
  await queue.add([parcel], { destination: 'd', shipment: 's' });
  await queue.run();
  return { delivery: queue.list()[0], log: client.log, bytes: await store.bytesOf(parcel.id) };
}

const states = (log: readonly string[]): string[] => log.map((line) => line.replace(/^\d+ /, ''));

describe('a delivery', () => {
  test('that is taken is let go of', async () => {
    const { delivery, bytes } = await run({ verdicts: [DELIVERED] });
    expect(delivery).toMatchObject({ state: 'delivered', tries: 1, failure: null, mayBeTwice: false });
    expect(bytes).toBeNull();
  });

  test('that is surely not taken is tried again, later and later', async () => {
    const { delivery, log } = await run({ verdicts: [RETRY, RETRY, RETRY, RETRY, RETRY] });
    expect(delivery).toMatchObject({ state: 'delivered', tries: 6 });
    const times = log.map((line) => Number(line.split(' ')[0]));
    expect(times.at(-1)).toBeGreaterThanOrEqual(15);
    expect(times.at(-1)).toBeLessThanOrEqual(31);
    expect(states(log)).not.toContain('ask');
  });

  test('waits as long as the server asks for', async () => {
    const { log } = await run({ verdicts: [{ ...RETRY, afterMillis: 90_000 }] });
    expect(log).toEqual(['0 send pyroscope', '90 send pyroscope']);
  });

  test('whose answer was lost is asked for, not before 15 s, and found', async () => {
    const { delivery, log } = await run({ verdicts: [LOST], presences: [{ kind: 'there' }] });
    expect(delivery).toMatchObject({ state: 'delivered', tries: 1, mayBeTwice: false });
    expect(states(log)).toEqual(['send pyroscope', 'ask']);
    expect(Number(log[1].split(' ')[0])).toBeGreaterThanOrEqual(15);
  });

  test('whose answer was lost is sent again where it is not there', async () => {
    const { delivery, log } = await run({
      verdicts: [LOST, LOST],
      presences: [{ kind: 'not-there' }, { kind: 'there' }],
    });
    expect(delivery).toMatchObject({ state: 'delivered', tries: 2, mayBeTwice: false });
    expect(states(log)).toEqual(['send pyroscope', 'ask', 'send pyroscope', 'ask']);
  });

  test('is never sent blindly while the backend does not say', async () => {
    const silent: Presence = { kind: 'no-answer', failure: busy };
    const { log } = await run({ verdicts: [LOST], presences: [silent, silent, silent, { kind: 'there' }] });
    expect(states(log)).toEqual(['send pyroscope', 'ask', 'ask', 'ask', 'ask']);
  });

  test('is sent again where the backend will never say, and may be there twice', async () => {
    const locked: Presence = { kind: 'no-answer', failure: makeFailure('backend-unauthorized') };
    const { delivery } = await run({ verdicts: [LOST], presences: [locked] });
    expect(delivery).toMatchObject({ state: 'delivered', tries: 2, mayBeTwice: true });
  });

  test('to a backend that can only be written to is sent again, and may be there twice', async () => {
    const { delivery, log } = await run({ parcel: buildParcel('p', { proof: null }), verdicts: [LOST] });
    expect(delivery).toMatchObject({ state: 'delivered', tries: 2, mayBeTwice: true });
    expect(states(log)).toEqual(['send pyroscope', 'send pyroscope']);
  });

  test.each([
    ['asked', {}],
    ['written only', { proof: null }],
  ])('over which the server breaks five times is parked, in its words: %s', async (_, changes) => {
    const verdicts = Array.from({ length: 20 }, () => BROKE);
    const { delivery, bytes } = await run({ parcel: buildParcel('p', changes), verdicts });
    expect(delivery).toMatchObject({ state: 'parked', tries: 5, failure: broken });
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('that is refused is parked at once', async () => {
    const failure = makeFailure('backend-refused', { subject: 'It', detail: '400: no' });
    const { delivery } = await run({ verdicts: [{ kind: 'refused', failure }] });
    expect(delivery).toMatchObject({ state: 'parked', tries: 1, failure });
  });

  test('that has become too old goes to the ad hoc store', async () => {
    const parcel = buildParcel('p', { takenUntil: START + 50 * 60_000 });
    const { delivery, log } = await run({ parcel, verdicts: [{ ...RETRY, afterMillis: 3_600_000 }] });
    expect(log).toEqual(['0 send pyroscope', '3600 send pyroscope-adhoc']);
    expect(delivery).toMatchObject({
      state: 'delivered',
      parcel: {
        title: 'cpu of main (ad hoc)',
        proof: { kind: 'pyroscope-adhoc', name: 'shop-2026-03-01T00-00-00.000Z-cpu-of-main-p' },
      },
    });
  });
});

describe('a queue', () => {
  const open = (store: DeliveryStore, client: Client, clock: QuickClock) =>
    DeliveryQueue.open({ store, route: () => ({ client, pace: null }), clock });

  test('takes a parcel once', async () => {
    const clock = new QuickClock(START);
    const queue = await open(new MemoryDeliveries(), new ScriptedClient(clock, []), clock);
    for (let i = 0; i < 3; i++) await queue.add([buildParcel('p')], { destination: 'd', shipment: 's' });
    expect(queue.list()).toHaveLength(1);
  });

  test('tries what was put off at once when the user wishes', async () => {
    const clock = new QuickClock(START);
    const client = new ScriptedClient(clock, [{ ...RETRY, afterMillis: 1_800_000 }]);
    const queue = await open(new MemoryDeliveries(), client, clock);
    await queue.add([buildParcel('p')], { destination: 'd', shipment: 's' });
    await queue.run(undefined, 60_000);
    expect(client.log).toEqual(['0 send pyroscope']);
    await queue.retry('p');
    await queue.run(undefined, 60_000);
    expect(client.log).toEqual(['0 send pyroscope', '0 send pyroscope']);
    expect(queue.list()[0].state).toBe('delivered');
  });

  test('asks a server again within the hour, whatever it says', async () => {
    const clock = new QuickClock(START);
    const client = new ScriptedClient(clock, [{ ...RETRY, afterMillis: 1e15 }]);
    const queue = await open(new MemoryDeliveries(), client, clock);
    await queue.add([buildParcel('p')], { destination: 'd', shipment: 's' });
    await queue.run();
    expect(client.log).toEqual(['0 send pyroscope', '3600 send pyroscope']);
  });

  test('sends what was parked once more when the user wishes', async () => {
    const clock = new QuickClock(START);
    const failure = makeFailure('backend-refused');
    const queue = await open(
      new MemoryDeliveries(),
      new ScriptedClient(clock, [{ kind: 'refused', failure }]),
      clock,
    );
    await queue.add([buildParcel('p')], { destination: 'd', shipment: 's' });
    await queue.run();
    expect(queue.nextDueAt()).toBeNull();
    await queue.retry('p');
    await queue.run();
    expect(queue.list()[0].state).toBe('delivered');
  });

  test('leaves alone what has nowhere to go, and carries the rest', async () => {
    const clock = new QuickClock(START);
    const client = new ScriptedClient(clock, []);
    const queue = await DeliveryQueue.open({
      store: new MemoryDeliveries(),
      route: (destination) => (destination === 'gone' ? null : { client, pace: null }),
      clock,
    });
    await queue.add([buildParcel('a')], { destination: 'gone', shipment: 's' });
    await queue.add([buildParcel('b')], { destination: 'd', shipment: 's' });
    await queue.run();
    expect(queue.list().map(({ state }) => state)).toEqual(['waiting', 'delivered']);
  });

  test('keeps to what a backend takes in a second', async () => {
    const clock = new QuickClock(START);
    const client = new ScriptedClient(clock, []);
    const pace = { bytesPerSecond: 1_000, burst: 1_000 };
    const queue = await DeliveryQueue.open({
      store: new MemoryDeliveries(),
      route: () => ({ client, pace }),
      clock,
    });
    const parcels = Array.from({ length: 10 }, (_, index) => buildParcel(`p${index}`, { plainBytes: 1_000 }));
    await queue.add(parcels, { destination: 'd', shipment: 's' });
    await queue.run();
    expect(client.log).toHaveLength(10);
    expect(Number(client.log[9].split(' ')[0])).toBeGreaterThanOrEqual(9);
  });

  test('asks first where it may be there already', async () => {
    const clock = new QuickClock(START);
    const client = new ScriptedClient(clock, [], [{ kind: 'there' }]);
    const queue = await open(new MemoryDeliveries(), client, clock);
    await queue.add([buildParcel('p')], { destination: 'd', shipment: 's', askFirst: true });
    await queue.run();
    expect(client.log).toEqual(['0 ask']);
    expect(queue.list()[0]).toMatchObject({ state: 'delivered', tries: 0 });
  });

  test('sent once more, is asked for when what has just arrived can be shown, and not before', async () => {
    const clock = new QuickClock(START);
    const client = new ScriptedClient(clock, [], [{ kind: 'there' }]);
    const queue = await open(new MemoryDeliveries(), client, clock);
    const consignment = { destination: 'd', shipment: 's', again: true };
    await queue.add([buildParcel('p')], consignment);
    await queue.run();
    await queue.add([buildParcel('p')], consignment);
    await queue.run();
    expect(client.log).toEqual(['0 send pyroscope', '15 ask']);
    expect(queue.list()).toMatchObject([{ state: 'delivered', mayBeTwice: false }]);
  });

  test('asks again where it may be there already and nobody answers, and sends it only then', async () => {
    const silent: Presence = { kind: 'no-answer', failure: busy };
    const ask = async (...presences: readonly Presence[]): Promise<string[]> => {
      const clock = new QuickClock(START);
      const client = new ScriptedClient(clock, [], presences);
      const queue = await open(new MemoryDeliveries(), client, clock);
      await queue.add([buildParcel('p')], { destination: 'd', shipment: 's', askFirst: true });
      await queue.run();
      expect(queue.list()[0]).toMatchObject({ state: 'delivered', mayBeTwice: false });
      return states(client.log);
    };
    expect(await ask(silent, silent, { kind: 'there' })).toEqual(['ask', 'ask', 'ask']);
    expect(await ask(silent, { kind: 'not-there' })).toEqual(['ask', 'ask', 'send pyroscope']);
    expect((await ask(...Array<Presence>(9).fill(silent))).at(-1)).toBe('send pyroscope');
    // It will never say.
    const locked: Presence = {
      kind: 'no-answer',
      failure: makeFailure('backend-unauthorized', { subject: 'It' }),
    };
    expect(await ask(locked)).toEqual(['ask', 'send pyroscope']);
  });
});

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pageflame-queue-'));
  folders.push(folder);
  return folder;
}

test('what it carried is sent as it was kept; without it, it is parked', async () => {
  const clock = new QuickClock(START);
  const store = new MemoryDeliveries();
  const sent: Parcel[] = [];
  const client: Client = {
    send: async (parcel) => {
      sent.push(parcel);
      return DELIVERED;
    },
    ask: async () => ({ kind: 'not-there' }),
  };
  const open = () => DeliveryQueue.open({ store, route: () => ({ client, pace: null }), clock });
  await (await open()).add([buildParcel('p'), buildParcel('q')], { destination: 'd', shipment: 's' });
  store.bytesOf = async (id) => (id === 'p' ? Uint8Array.of(1, 2, 3) : null);
  const queue = await open();
  await queue.run();
  expect(sent).toEqual([buildParcel('p')]);
  expect(queue.list().map(({ state, failure }) => [state, failure?.code])).toEqual([
    ['delivered', undefined],
    ['parked', 'delivery-unstored'],
  ]);
});

describe.each([
  ['files', async (folder: string): Promise<DeliveryStore> => DeliveryFiles.open(folder)],
  ['the browser’s database', async (): Promise<DeliveryStore> => DeliveryDatabase.open()],
])('kept in %s', (_, open) => {
  test('a delivery that was under way when all stopped is asked for by the next', async () => {
    const folder = await newFolder();
    const clock = new QuickClock(START);
    // It is sent, and then the lights go out.
    const dying: Client = {
      send: () => new Promise(() => undefined),
      ask: async () => ({ kind: 'not-there' }),
    };
    const first = await DeliveryQueue.open({
      store: await open(folder),
      route: () => ({ client: dying, pace: null }),
      clock,
    });
    const parcel = buildParcel(`p-${_.length}`);
    await first.add([parcel], { destination: 'd', shipment: 's' });
    const sending = new Promise<void>((resolve) => {
      dying.send = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    void first.run();
    await sending;

    const store = await open(folder);
    const client = new ScriptedClient(clock, [], [{ kind: 'there' }]);
    const second = await DeliveryQueue.open({ store, route: () => ({ client, pace: null }), clock });
    const [found] = second.list();
    expect(found).toMatchObject({ state: 'asking', tries: 1, destination: 'd' });
    // Only what is being sent is in memory.
    expect(found.parcel.content).toEqual({ ...parcel.content, pprof: new Uint8Array(0) });
    expect(await store.bytesOf(parcel.id)).toEqual(Uint8Array.of(1, 2, 3));
    await second.run();
    expect(states(client.log)).toEqual(['ask']);
    expect(await store.bytesOf(parcel.id)).toBeNull();

    const [kept] = await (await open(folder)).list();
    expect(kept).toMatchObject({ state: 'delivered', parcel: { content: { pprof: new Uint8Array(0) } } });
    await second.forget(parcel.id);
    expect(await (await open(folder)).list()).toEqual([]);
  });
});

test('files that were cut off while they were written are none', async () => {
  const folder = await newFolder();
  const store = await DeliveryFiles.open(folder);
  const { delivery } = await run({ verdicts: [RETRY] });
  await store.add({ ...delivery, state: 'waiting', parcel: buildParcel('p') });
  const names = await readdir(folder);
  expect(names.sort()).toEqual(['p.bytes', 'p.json']);
  await rm(join(folder, 'p.bytes'));
  expect(await (await DeliveryFiles.open(folder)).list()).toEqual([]);
});

/** The service worker's side of delivery: orders by rule, the page that sends, the alarm that brings it back. */
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const fake = vi.hoisted(() => ({
  alarms: new Map<string, object>(),
  allowed: true,
  messages: [] as unknown[],
  isOpen: false,
  opened: 0,
  rules: [] as unknown[],
}));

vi.mock('webextension-polyfill', () => ({
  default: {
    alarms: {
      create: async (name: string, info: object) => void fake.alarms.set(name, info),
      clear: async (name: string) => fake.alarms.delete(name),
    },
    permissions: { contains: async () => fake.allowed },
    runtime: {
      id: 'our-own-id',
      sendMessage: async (message: unknown) => void fake.messages.push(message),
    },
  },
}));

const { DeliveryDesk } = await import('../../../src/extension/delivery-desk.ts');
const { DeliveryDatabase, DestinationBook } = await import('../../../src/backends/index.ts');
const { buildBackend } = await import('../../builders/backends.ts');
const { buildRecording } = await import('../../builders/recording.ts');

const RECORDING = buildRecording({
  state: 'whole',
  url: 'https://shop.example/cart',
  trace: { format: 'perfetto', bytes: 1, chunks: 1 },
  tags: { env: 'live' },
});
const RULE = { isOn: true, sites: ['shop.example'], tags: { env: 'live' } };

beforeEach(() => {
  Object.assign(fake, { allowed: true, isOpen: false, opened: 0, messages: [], rules: [] });
  fake.alarms.clear();
  vi.stubGlobal('chrome', {
    offscreen: {
      hasDocument: async () => fake.isOpen,
      createDocument: async () => {
        if (fake.isOpen) throw new Error('Only a single offscreen document may be created.');
        fake.isOpen = true;
        fake.opened++;
      },
      closeDocument: async () => {
        fake.isOpen = false;
      },
    },
    declarativeNetRequest: { updateSessionRules: async (rules: unknown) => void fake.rules.push(rules) },
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const name of ['pageflame-deliveries', 'pageflame-backends']) {
    const opened = await openDB(name);
    for (const store of opened.objectStoreNames) await opened.clear(store);
    opened.close();
  }
});

async function withBackends(...rules: readonly (typeof RULE)[]): Promise<InstanceType<typeof DeliveryDesk>> {
  const book = new DestinationBook();
  for (const [index, rule] of rules.entries())
    await book.put(buildBackend('parca', `http://b${index}.example`, { rule }), null);
  return new DeliveryDesk(book);
}

async function orders() {
  const database = await DeliveryDatabase.open();
  const found = (await database.orders()).map(({ order }) => order);
  database.close();
  return found;
}

describe('a recording that has ended', () => {
  it('is ordered to every backend whose rule means it, and the page that sends is opened', async () => {
    const desk = await withBackends(RULE, { ...RULE, sites: ['else.example'] }, { ...RULE, sites: ['*'] });
    expect(await desk.recordingEnded(RECORDING)).toBeNull();
    expect(await orders()).toMatchObject([
      { kind: 'send', recording: RECORDING.id, destination: 'parca http://b0.example', byRule: true },
      { kind: 'send', destination: 'parca http://b2.example' },
    ]);
    // There before the page is: should this worker die now, it rings.
    expect(fake.alarms.has('deliveries')).toBe(true);
    await expect.poll(() => fake.opened).toBe(1);
    // Chrome itself sends nothing twice.
    expect(fake.rules).toMatchObject([{ addRules: [{ condition: { initiatorDomains: ['our-own-id'] } }] }]);
  });

  it('that no rule means, or that has no trace, opens nothing', async () => {
    const desk = await withBackends({ ...RULE, isOn: false });
    await desk.recordingEnded(RECORDING);
    const other = await withBackends(RULE);
    await other.recordingEnded({ ...RECORDING, trace: null });
    expect(await orders()).toEqual([]);
    expect(fake.opened).toBe(0);
    expect(fake.alarms.size).toBe(0);
  });
});

describe('the page that sends', () => {
  it('is opened once, however many ask, and told of what comes later', async () => {
    const desk = await withBackends();
    await Promise.all([desk.wake(), desk.wake(), desk.wake()]);
    expect(fake.opened).toBe(1);
    expect(fake.messages).toHaveLength(2);
  });

  it('goes when nothing is due, and its alarm with it', async () => {
    const desk = await withBackends();
    await desk.wake();
    await desk.rest();
    expect(fake.isOpen).toBe(false);
    expect(fake.alarms.size).toBe(0);
  });

  it('stays for an order that has come meanwhile', async () => {
    const desk = await withBackends();
    await desk.wake();
    const database = await DeliveryDatabase.open();
    await database.order({ kind: 'forget', shipment: 'x' });
    database.close();
    fake.messages.length = 0;
    await desk.rest();
    expect(fake.isOpen).toBe(true);
    expect(fake.messages).toEqual([{ to: 'delivery-page', type: 'look' }]);
  });

  it('comes back when the alarm rings and something is due, and not before', async () => {
    const desk = await withBackends(RULE);
    await desk.check();
    expect(fake.opened).toBe(0);
    const database = await DeliveryDatabase.open();
    const put = (dueAt: number) =>
      database.put({
        parcel: {
          id: 'p',
          content: { kind: 'parca', labels: {}, pprof: new Uint8Array(1) },
          proof: null,
          title: 'cpu of main',
          plainBytes: 1,
          time: 0,
          takenUntil: null,
        },
        destination: 'parca http://b0.example',
        shipment: 's',
        state: 'waiting',
        dueAt,
        tries: 1,
        setbacks: 1,
        breaks: 0,
        mayBeTwice: false,
        failure: null,
        queuedAt: 0,
        deliveredAt: null,
      });
    const later = Date.now() + 3_600_000;
    await put(later);
    await desk.check();
    expect(fake.opened).toBe(0);
    expect(fake.alarms.get('deliveries')).toMatchObject({ when: later });
    await put(Date.now());
    // Without leave for the origin nothing can be done.
    fake.allowed = false;
    await desk.check();
    expect(fake.opened).toBe(0);
    expect(fake.alarms.size).toBe(0);
    fake.allowed = true;
    await desk.leaveChanged();
    expect(fake.opened).toBe(1);
    database.close();
  });
});

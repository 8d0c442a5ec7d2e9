/**
 * Many deliveries through a failing proxy.
 * In: a kind of backend and its server. Out: the deliveries when nothing is left to do, and what the proxy did. The
 * queue is stopped and opened anew several times on the way, as by a browser that is restarted.
 */
import { DeliveryFiles } from '../../src/backends/delivery-files.node.ts';
import {
  type BackendKind,
  connect,
  DEFAULT_WIRE,
  type Delivery,
  DeliveryDatabase,
  DeliveryQueue,
  type DeliveryStore,
  type Destination,
  NO_CREDENTIALS,
  openClient,
} from '../../src/backends/index.ts';
import {
  buildCargo,
  buildDestination,
  buildLoad,
  MemoryDeliveries,
  planned,
  QuickClock,
} from '../builders/cargo.ts';
import { profileOf } from '../builders/profiles.ts';
import { type FailingProxy, startFailingProxy } from './failing-proxy.ts';

export const COUNT = 1_000;
export const seedOf = (index: number): string => `delivery-${index}`;
/** Microseconds of the one function of a delivery: no two have the same. */
export const weightOf = (index: number): number => 1_000 + index;

/** Opened anew at every restart. */
export type OpenStore = () => Promise<{ readonly store: DeliveryStore; readonly close: () => void }>;

export interface Rush {
  readonly kind: BackendKind;
  readonly server: string;
  readonly service: string;
  readonly destination?: Partial<Destination>;
  /** In memory, unless told otherwise. */
  readonly openStore?: OpenStore;
}

export interface RushResult {
  readonly deliveries: readonly Delivery[];
  readonly counts: FailingProxy['counts'];
}

const RESTARTS = 5;
/** 15 s, after which a backend is asked, are a real second here: some show what they took a moment later. */
const SPEED = 15;

/** The command line's: a file for each. */
export function storeInFolder(folder: string): OpenStore {
  return async () => ({ store: await DeliveryFiles.open(folder), close: () => undefined });
}

/** The extension's. */
export const storeInDatabase: OpenStore = async () => {
  const store = await DeliveryDatabase.open();
  return { store, close: () => store.close() };
};

function storeInMemory(): OpenStore {
  const store = new MemoryDeliveries();
  return async () => ({ store, close: () => undefined });
}

export async function rush({
  kind,
  server,
  service,
  destination,
  openStore = storeInMemory(),
}: Rush): Promise<RushResult> {
  const proxy = await startFailingProxy(server, 0.3);
  const { queryUrl } = destination ?? {};
  const asking = queryUrl == null ? null : await startFailingProxy(queryUrl, 0.3, 7);
  const to = buildDestination(kind, proxy.url, { ...destination, queryUrl: asking?.url ?? null });
  const wire = {
    ...DEFAULT_WIRE,
    fetch: ((input, init) =>
      asking !== null && String(input).startsWith(asking.url)
        ? asking.fetch(input, init)
        : proxy.fetch(input, init)) as typeof fetch,
  };
  const client = openClient(connect(to, NO_CREDENTIALS, wire));
  const clock = new QuickClock(Date.now(), SPEED);
  const route = () => ({ client, pace: null });
  try {
    for (let restart = 0; ; restart++) {
      const stop = new AbortController();
      let arrived = 0;
      const onChange = ({ state }: Delivery): void => {
        if (state === 'delivered' && ++arrived >= COUNT / RESTARTS && restart < RESTARTS) stop.abort();
      };
      const { store, close } = await openStore();
      const queue = await DeliveryQueue.open({ store, route, clock, onChange });
      if (restart === 0) await fill(queue, to, service);
      await queue.run(stop.signal);
      close();
      if (queue.nextDueAt() === null) return { deliveries: queue.list(), counts: proxy.counts };
    }
  } finally {
    await proxy.stop();
    await asking?.stop();
  }
}

async function fill(queue: DeliveryQueue, to: Destination, service: string): Promise<void> {
  const first = Date.now() - 90_000;
  for (let index = 0; index < COUNT; index++) {
    const cargo = buildCargo({
      seed: seedOf(index),
      // Two of the same labels and the same time are one to Pyroscope, once it has put its blocks together.
      unixMillisAtZero: first + index * 20,
      tags: { service_name: service },
      profiles: [profileOf({ [seedOf(index)]: weightOf(index) })],
      load: to.kind === 'otlp-traces' ? buildLoad({ resources: [], longTasks: [] }) : null,
    });
    const { parcels } = await planned(cargo, to);
    await queue.add(parcels, { destination: to.id, shipment: seedOf(index) });
  }
}

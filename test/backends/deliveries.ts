/**
 * Many deliveries through a failing proxy.
 * In: a kind of backend and its server. Out: the deliveries when nothing is left to do, and what the proxy did. The
 * queue is stopped and opened anew several times on the way, as by a browser that is restarted.
 */
import {
  type BackendKind,
  connect,
  DEFAULT_WIRE,
  type Delivery,
  DeliveryQueue,
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

export interface Rush {
  readonly kind: BackendKind;
  readonly server: string;
  readonly service: string;
  readonly destination?: Partial<Destination>;
}

export interface RushResult {
  readonly deliveries: readonly Delivery[];
  readonly counts: FailingProxy['counts'];
}

const RESTARTS = 5;
/** 15 s, after which a backend is asked, are a real second here: some show what they took a moment later. */
const SPEED = 15;

export async function rush({ kind, server, service, destination }: Rush): Promise<RushResult> {
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
  const store = new MemoryDeliveries();
  const clock = new QuickClock(Date.now(), SPEED);
  const route = () => ({ client, pace: null });
  try {
    for (let restart = 0; ; restart++) {
      const stop = new AbortController();
      let arrived = 0;
      const onChange = ({ state }: Delivery): void => {
        if (state === 'delivered' && ++arrived >= COUNT / RESTARTS && restart < RESTARTS) stop.abort();
      };
      const queue = await DeliveryQueue.open({ store, route, clock, onChange });
      if (restart === 0) await fill(queue, to, service);
      await queue.run(stop.signal);
      if (queue.nextDueAt() === null) return { deliveries: queue.list(), counts: proxy.counts };
    }
  } finally {
    await proxy.stop();
    await asking?.stop();
  }
}

async function fill(queue: DeliveryQueue, to: Destination, service: string): Promise<void> {
  const unixMillisAtZero = Date.now() - 60_000;
  for (let index = 0; index < COUNT; index++) {
    const cargo = buildCargo({
      seed: seedOf(index),
      unixMillisAtZero,
      tags: { service_name: service },
      profiles: [profileOf({ [seedOf(index)]: weightOf(index) })],
      load: to.kind === 'otlp-traces' ? buildLoad({ resources: [], longTasks: [] }) : null,
    });
    const { parcels } = await planned(cargo, to);
    await queue.add(parcels, { destination: to.id, shipment: seedOf(index) });
  }
}

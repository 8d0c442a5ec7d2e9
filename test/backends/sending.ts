/**
 * Sends cargo through a queue, as the product does.
 * In: cargo and a connection. Out: the deliveries when nothing is left to do.
 */
import {
  type Cargo,
  type Connection,
  type Delivery,
  DeliveryQueue,
  openClient,
  type Parcel,
  type QueueRoute,
} from '../../src/backends/index.ts';
import { MemoryDeliveries, planned } from '../builders/cargo.ts';

export async function deliver(
  to: Connection,
  parcels: readonly Parcel[],
  pace: QueueRoute['pace'] = null,
): Promise<Delivery[]> {
  const client = openClient(to);
  const queue = await DeliveryQueue.open({
    store: new MemoryDeliveries(),
    route: () => ({ client, pace }),
  });
  await queue.add(parcels, { destination: to.destination.id, shipment: 'test' });
  await queue.run();
  return queue.list();
}

/** Sends all of it; a part that does not arrive fails the test. */
export async function deliverAll(to: Connection, cargo: Cargo): Promise<Parcel[]> {
  const { parcels } = await planned(cargo, to.destination);
  for (const { state, failure, parcel } of await deliver(to, parcels)) {
    if (state !== 'delivered')
      throw new Error(`${parcel.title}: ${state}, ${failure?.message} (${failure?.detail})`);
  }
  return [...parcels];
}

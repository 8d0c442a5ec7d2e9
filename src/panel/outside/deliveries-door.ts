/**
 * Deliveries as the app needs them.
 * In: the queue's database, a way to wake who sends. Out: a DeliveriesDoor that follows every change.
 */
import { signal } from '@preact/signals';
import {
  type DeliveryDatabase,
  type Order,
  type Shipment,
  type ShipmentView,
  viewShipments,
} from '../../backends/index.ts';
import { fail, makeFailure, succeed } from '../../base/index.ts';
import type { DeliveriesDoor } from '../state/doors.ts';

export interface DeliveriesDoorOptions {
  readonly database: Pick<DeliveryDatabase, 'list' | 'shipments' | 'orders' | 'order' | 'listen'>;
  readonly wake: () => Promise<unknown>;
}

/** Resolves when they have been read once. */
export async function createDeliveriesDoor(options: DeliveriesDoorOptions): Promise<DeliveriesDoor> {
  const { database, wake } = options;
  const shipments = signal<readonly ShipmentView[]>([]);
  let reading: Promise<void> | null = null;
  let isStale = false;

  const readOnce = async (): Promise<void> => {
    isStale = false;
    const [kept, states, orders] = await Promise.all([
      database.shipments(),
      database.list(),
      database.orders(),
    ]);
    const known = new Set(kept.map(({ id }) => id));
    const ordered = orders.flatMap(({ order }): Shipment[] =>
      order.kind === 'queue' && !known.has(order.shipment.id) ? [order.shipment] : [],
    );
    shipments.value = viewShipments([...kept, ...ordered], states);
  };
  // Many changes come at once: whoever asks while it is read is answered by the reading after.
  const read = (): Promise<void> => {
    isStale = true;
    reading ??= (async () => {
      while (isStale) await readOnce();
    })().finally(() => {
      reading = null;
    });
    return reading;
  };

  database.listen(() => void read());
  await read();
  return {
    shipments,
    async order(order: Order) {
      try {
        await database.order(order);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        return fail(makeFailure('delivery-unstored', { detail: `${error.name}: ${error.message}` }));
      }
      await wake();
      return succeed(undefined);
    },
  };
}

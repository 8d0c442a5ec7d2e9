/** The panel's door to deliveries: what it shows of the queue's database, and what it hands over. */
import { describe, expect, it } from 'vitest';
import type { Delivery, Order, Shipment } from '../../../src/backends/index.ts';
import { createDeliveriesDoor } from '../../../src/panel/outside/deliveries-door.ts';
import { buildShipmentView } from '../../builders/backends.ts';

const SHIPMENT: Shipment = buildShipmentView().shipment;

/** A database whose contents the test sets. */
class Rows {
  shipmentRows: Shipment[] = [];
  orderRows: Order[] = [];
  readings = 0;
  refusal: unknown = null;
  changed = (): void => undefined;
  readonly list = async (): Promise<Delivery[]> => [];
  readonly shipments = async () => {
    this.readings++;
    return [...this.shipmentRows];
  };
  readonly orders = async () => this.orderRows.map((order, key) => ({ key, order }));
  readonly order = async (order: Order) => {
    if (this.refusal !== null) throw this.refusal;
    this.orderRows.push(order);
  };
  readonly listen = (listener: () => void) => {
    this.changed = listener;
    return () => undefined;
  };
}

const ORDER: Order = { kind: 'queue', shipment: SHIPMENT, parcels: [] };

describe('deliveries in the panel', () => {
  it('are there as soon as they are ordered, once', async () => {
    const rows = new Rows();
    const door = await createDeliveriesDoor({ database: rows, wake: async () => undefined });
    expect(door.shipments.value).toEqual([]);
    await door.order(ORDER);
    rows.changed();
    await expect.poll(() => door.shipments.value.map(({ state }) => state)).toEqual(['queued']);
    rows.shipmentRows = [SHIPMENT];
    rows.changed();
    await expect.poll(() => rows.readings).toBe(3);
    expect(door.shipments.value).toHaveLength(1);
  });

  it('follow many changes at once with few readings, and miss none', async () => {
    const rows = new Rows();
    const door = await createDeliveriesDoor({ database: rows, wake: async () => undefined });
    for (let index = 0; index < 100; index++) {
      rows.shipmentRows = [...rows.shipmentRows, { ...SHIPMENT, id: String(index) }];
      rows.changed();
    }
    await expect.poll(() => door.shipments.value.length).toBe(100);
    expect(rows.readings).toBeLessThan(5);
  });

  it('wake who sends after they are kept, and tell when they could not be', async () => {
    const rows = new Rows();
    const seen: number[] = [];
    const wake = async (): Promise<void> => {
      seen.push(rows.orderRows.length);
    };
    const door = await createDeliveriesDoor({ database: rows, wake });
    await door.order(ORDER);
    expect(seen).toEqual([1]);
    rows.refusal = new DOMException('disk full', 'QuotaExceededError');
    expect(await door.order(ORDER)).toMatchObject({
      ok: false,
      failure: { code: 'delivery-unstored', detail: 'QuotaExceededError: disk full' },
    });
    expect(seen).toEqual([1]);
  });
});

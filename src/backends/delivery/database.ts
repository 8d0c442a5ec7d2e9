/**
 * The extension's queue in IndexedDB: deliveries, what they belong to, and orders to the queue's runner. A delivery's
 * state and what is carried lie apart, so that a change of state does not write a profile again; both change in one
 * transaction. Whoever listens is told of every change, in every context.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { bytesOfContent, type Delivery, type DeliveryStore, unladen } from './delivery.ts';
import type { Order, Shipment } from './shipment.ts';

const NAME = 'pageflame-deliveries';
const VERSION = 1;
const CHANNEL = 'pageflame-deliveries-changes';

interface Schema extends DBSchema {
  /** Unladen. */
  states: { key: string; value: Delivery };
  bytes: { key: string; value: Uint8Array };
  shipments: { key: string; value: Shipment };
  /** In the order in which they were given. */
  orders: { key: number; value: Order };
}

export interface KeptOrder {
  readonly key: number;
  readonly order: Order;
}

export class DeliveryDatabase implements DeliveryStore {
  readonly #database: IDBPDatabase<Schema>;
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #listeners = new Set<() => void>();

  private constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
    this.#channel.onmessage = () => {
      for (const listener of this.#listeners) listener();
    };
  }

  static async open(): Promise<DeliveryDatabase> {
    const database = await openDB<Schema>(NAME, VERSION, {
      upgrade: (fresh) => {
        fresh.createObjectStore('states');
        fresh.createObjectStore('bytes');
        fresh.createObjectStore('shipments');
        fresh.createObjectStore('orders', { autoIncrement: true });
      },
      blocking: (_current, _wanted, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
      },
    });
    return new DeliveryDatabase(database);
  }

  list(): Promise<Delivery[]> {
    return this.#database.getAll('states');
  }

  async bytesOf(parcelId: string): Promise<Uint8Array | null> {
    return (await this.#database.get('bytes', parcelId)) ?? null;
  }

  shipments(): Promise<Shipment[]> {
    return this.#database.getAll('shipments');
  }

  async add(delivery: Delivery): Promise<void> {
    const { id, content } = delivery.parcel;
    const writing = this.#database.transaction(['states', 'bytes'], 'readwrite', { durability: 'strict' });
    await writing.objectStore('states').put(unladen(delivery), id);
    await writing.objectStore('bytes').put(bytesOfContent(content), id);
    await writing.done;
    this.#tell();
  }

  async put(delivery: Delivery): Promise<void> {
    const { id } = delivery.parcel;
    const writing = this.#database.transaction(['states', 'bytes'], 'readwrite', { durability: 'strict' });
    await writing.objectStore('states').put(unladen(delivery), id);
    if (delivery.state === 'delivered') await writing.objectStore('bytes').delete(id);
    await writing.done;
    this.#tell();
  }

  async remove(parcelId: string): Promise<void> {
    const writing = this.#database.transaction(['states', 'bytes'], 'readwrite', { durability: 'strict' });
    await writing.objectStore('states').delete(parcelId);
    await writing.objectStore('bytes').delete(parcelId);
    await writing.done;
    this.#tell();
  }

  async putShipment(shipment: Shipment): Promise<void> {
    await this.#database.put('shipments', shipment, shipment.id);
    this.#tell();
  }

  async removeShipment(id: string): Promise<void> {
    await this.#database.delete('shipments', id);
    this.#tell();
  }

  /** Durable when it resolves: whoever runs the queue next carries it out. */
  async order(order: Order): Promise<void> {
    const writing = this.#database.transaction('orders', 'readwrite', { durability: 'strict' });
    await writing.store.add(order);
    await writing.done;
    this.#tell();
  }

  async orders(): Promise<readonly KeptOrder[]> {
    const reading = this.#database.transaction('orders');
    const [keys, orders] = await Promise.all([reading.store.getAllKeys(), reading.store.getAll()]);
    return keys.map((key, index) => ({ key, order: orders[index] }));
  }

  async removeOrder(key: number): Promise<void> {
    await this.#database.delete('orders', key);
    this.#tell();
  }

  /**
   * Unix ms of the next thing to do for destinations that can be reached; -Infinity where an order waits, null where
   * there is nothing.
   */
  async nextDueAt(isReached: (destination: string) => boolean): Promise<number | null> {
    if ((await this.#database.count('orders')) > 0) return Number.NEGATIVE_INFINITY;
    const open = (await this.list()).filter(
      ({ state, destination }) => state !== 'delivered' && state !== 'parked' && isReached(destination),
    );
    return open.length === 0 ? null : Math.min(...open.map(({ dueAt }) => dueAt));
  }

  /** Calls back after every change, of this context and of others. Call the answer to stop. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#channel.close();
    this.#database.close();
  }

  #tell(): void {
    this.#channel.postMessage(null);
    for (const listener of this.#listeners) listener();
  }
}

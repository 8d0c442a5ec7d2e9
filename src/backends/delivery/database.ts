/**
 * Deliveries in IndexedDB: the extension's queue. States and what is carried lie apart, so that a change of state does
 * not write a profile again; both change in one transaction.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { bytesOfContent, type Delivery, type DeliveryStore, withBytes } from './delivery.ts';

const NAME = 'pageflame-deliveries';
const VERSION = 1;

interface Schema extends DBSchema {
  /** Their contents without bytes. */
  states: { key: string; value: Delivery };
  bytes: { key: string; value: Uint8Array };
}

export class DeliveryDatabase implements DeliveryStore {
  readonly #database: IDBPDatabase<Schema>;

  private constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
  }

  static async open(): Promise<DeliveryDatabase> {
    const database = await openDB<Schema>(NAME, VERSION, {
      upgrade: (fresh) => {
        fresh.createObjectStore('states');
        fresh.createObjectStore('bytes');
      },
    });
    return new DeliveryDatabase(database);
  }

  async list(): Promise<Delivery[]> {
    const reading = this.#database.transaction(['states', 'bytes']);
    const states = await reading.objectStore('states').getAll();
    const found = await Promise.all(
      states.map(async (state) => {
        const bytes = await reading.objectStore('bytes').get(state.parcel.id);
        return bytes === undefined ? [] : [carry(state, bytes)];
      }),
    );
    return found.flat();
  }

  async put(delivery: Delivery): Promise<void> {
    const { id, content } = delivery.parcel;
    const writing = this.#database.transaction(['states', 'bytes'], 'readwrite', { durability: 'strict' });
    await writing.objectStore('states').put(carry(delivery, NONE), id);
    // They never change, but for being let go of once they have arrived.
    const store = writing.objectStore('bytes');
    if (delivery.state === 'delivered' || (await store.getKey(id)) === undefined)
      await store.put(bytesOfContent(content), id);
    await writing.done;
  }

  async remove(parcelId: string): Promise<void> {
    const writing = this.#database.transaction(['states', 'bytes'], 'readwrite', { durability: 'strict' });
    await writing.objectStore('states').delete(parcelId);
    await writing.objectStore('bytes').delete(parcelId);
    await writing.done;
  }

  close(): void {
    this.#database.close();
  }
}

const NONE = new Uint8Array(0);

const carry = (delivery: Delivery, bytes: Uint8Array): Delivery => ({
  ...delivery,
  parcel: { ...delivery.parcel, content: withBytes(delivery.parcel.content, bytes) },
});

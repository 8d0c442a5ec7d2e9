/**
 * Deliveries in IndexedDB: the extension's queue. States and contents lie apart, so that a change of state does not
 * write a profile again; both change in one transaction.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ParcelContent } from '../contract.ts';
import type { Delivery, DeliveryStore } from './delivery.ts';

const NAME = 'pageflame-deliveries';
const VERSION = 1;

type StoredState = Omit<Delivery, 'parcel'> & { readonly parcel: Omit<Delivery['parcel'], 'content'> };

interface Schema extends DBSchema {
  states: { key: string; value: StoredState };
  contents: { key: string; value: ParcelContent };
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
        fresh.createObjectStore('contents');
      },
    });
    return new DeliveryDatabase(database);
  }

  async list(): Promise<Delivery[]> {
    const reading = this.#database.transaction(['states', 'contents']);
    const states = await reading.objectStore('states').getAll();
    const found = await Promise.all(
      states.map(async (state) => {
        const content = await reading.objectStore('contents').get(state.parcel.id);
        return content === undefined ? [] : [{ ...state, parcel: { ...state.parcel, content } }];
      }),
    );
    return found.flat();
  }

  async put(delivery: Delivery): Promise<void> {
    const { content, ...parcel } = delivery.parcel;
    const writing = this.#database.transaction(['states', 'contents'], 'readwrite', { durability: 'strict' });
    await writing.objectStore('states').put({ ...delivery, parcel }, parcel.id);
    // A content never changes, but for being let go of once it is delivered.
    const contents = writing.objectStore('contents');
    const kept = delivery.state === 'delivered' || (await contents.getKey(parcel.id)) === undefined;
    if (kept) await contents.put(content, parcel.id);
    await writing.done;
  }

  async remove(parcelId: string): Promise<void> {
    const writing = this.#database.transaction(['states', 'contents'], 'readwrite', { durability: 'strict' });
    await writing.objectStore('states').delete(parcelId);
    await writing.objectStore('contents').delete(parcelId);
    await writing.done;
  }

  close(): void {
    this.#database.close();
  }
}

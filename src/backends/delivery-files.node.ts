/**
 * Deliveries in a folder: the command line's queue. One pair of files per parcel: `<id>.json` its state, `<id>.bytes`
 * what it carries; a state is put in place by renaming, after its bytes are on the disk.
 * In: a folder. Out: a {@link DeliveryStore}. A pair that is not whole is none: its write was cut off before anybody
 * was told that it is kept.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParcelContent } from './contract.ts';
import { bytesOfContent, type Delivery, type DeliveryStore, withBytes } from './delivery/delivery.ts';

export class DeliveryFiles implements DeliveryStore {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<DeliveryFiles> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new DeliveryFiles(folder);
  }

  async list(): Promise<Delivery[]> {
    const names = await readdir(this.#folder);
    const found: Delivery[] = [];
    for (const name of names.filter((each) => each.endsWith('.json')).sort()) {
      const id = name.slice(0, -'.json'.length);
      const delivery = await this.#read(id);
      if (delivery !== null && (delivery.state === 'delivered' || names.includes(`${id}.bytes`)))
        found.push(delivery);
    }
    return found;
  }

  async #read(id: string): Promise<Delivery | null> {
    try {
      const state = JSON.parse(await readFile(this.#path(id, 'json'), 'utf8'));
      const content = withBytes(state.parcel.content, new Uint8Array(0));
      return { ...state, parcel: { ...state.parcel, content } };
    } catch (error) {
      if (error instanceof SyntaxError || isMissing(error)) return null;
      throw error;
    }
  }

  async bytesOf(parcelId: string): Promise<Uint8Array | null> {
    try {
      return new Uint8Array(await readFile(this.#path(parcelId, 'bytes')));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async add(delivery: Delivery): Promise<void> {
    const { id, content } = delivery.parcel;
    await this.#write(id, 'bytes', bytesOfContent(content));
    await this.put(delivery);
  }

  async put(delivery: Delivery): Promise<void> {
    const { id, content } = delivery.parcel;
    const state = { ...delivery, parcel: { ...delivery.parcel, content: empty(content) } };
    await this.#write(id, 'json', new TextEncoder().encode(JSON.stringify(state)));
    if (delivery.state === 'delivered') await rm(this.#path(id, 'bytes'), { force: true });
  }

  async remove(parcelId: string): Promise<void> {
    await rm(this.#path(parcelId, 'json'), { force: true });
    await rm(this.#path(parcelId, 'bytes'), { force: true });
  }

  async #write(id: string, kind: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(id, kind);
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  #path(id: string, kind: string): string {
    return join(this.#folder, `${id}.${kind}`);
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const empty = (content: ParcelContent): object =>
  'pprof' in content ? { ...content, pprof: null } : { ...content, body: null };

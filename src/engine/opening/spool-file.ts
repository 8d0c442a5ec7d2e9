/**
 * A place outside of memory for bytes that can be had again: written once from front to back, read from anywhere,
 * removed when done. In browsers it is a file of the origin's private file system (OPFS), which only a worker may open
 * so; in Node a temporary file (spool-file.node.ts).
 * Refuses what the disk refuses (quota, full) by throwing; who spools does without then.
 */

export interface SpoolFile {
  /** Behind what was written before. */
  write(bytes: Uint8Array): Promise<void> | void;
  /** At least one byte, at most `length`. Only what was written may be asked for. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;
  /** Closes and deletes it. */
  remove(): Promise<void>;
}

export type MakeSpoolFile = () => Promise<SpoolFile>;

const FOLDER = 'pageflame-spool';

/** The synchronous handle that a worker gets of a file; TypeScript's DOM types know it only for workers. */
interface SyncHandle {
  read(buffer: Uint8Array, options: { readonly at: number }): number;
  write(buffer: Uint8Array, options: { readonly at: number }): number;
  close(): void;
}
interface SyncFile {
  createSyncAccessHandle(): Promise<SyncHandle>;
}

const openFolder = async (): Promise<FileSystemDirectoryHandle> =>
  (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });

export const makeOpfsSpool: MakeSpoolFile = async () => {
  const folder = await openFolder();
  const name = crypto.randomUUID();
  const file: unknown = await folder.getFileHandle(name, { create: true });
  const handle = await (file as SyncFile).createSyncAccessHandle();
  let length = 0;
  return {
    write(bytes) {
      const written = handle.write(bytes, { at: length });
      if (written < bytes.length) throw new Error('the disk took less than it was given');
      length += written;
    },
    read(offset, count) {
      const bytes = new Uint8Array(Math.min(count, length - offset));
      return bytes.subarray(0, handle.read(bytes, { at: offset }));
    },
    async remove() {
      handle.close();
      await folder.removeEntry(name);
    },
  };
};

/** Deletes what an engine that was killed has left. A file that is open is another engine's: the browser keeps it. */
export async function removeLeftSpools(): Promise<void> {
  const folder = await openFolder();
  for await (const name of folder.keys()) {
    // NoModificationAllowedError: it is in use.
    await folder.removeEntry(name).catch(() => undefined);
  }
}

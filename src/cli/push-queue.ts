/**
 * The command line's queue: one folder per shipment, kept until all of it has arrived.
 * In: a shipment's name. Out: its store, locked for this process; `release` gives it back, and takes the folder away
 * where nothing is left in it.
 */
import { readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DeliveryFiles } from '../backends/delivery-files.node.ts';
import type { DeliveryStore } from '../backends/index.ts';

export interface ShipmentFolder {
  readonly store: DeliveryStore;
  readonly path: string;
  release(): Promise<void>;
}

export function queueRoot(): string {
  const state = process.env.XDG_STATE_HOME || process.env.LOCALAPPDATA || join(homedir(), '.local', 'state');
  return process.env.PAGEFLAME_QUEUE || join(state, 'pageflame', 'queue');
}

/** Null where another process is at it. */
export async function openShipment(name: string): Promise<ShipmentFolder | null> {
  const path = join(queueRoot(), name);
  const store = await DeliveryFiles.open(path);
  const lock = join(path, 'lock');
  if (!(await takeLock(lock))) return null;
  return {
    store,
    path,
    release: async () => {
      await rm(lock, { force: true });
      // Not empty: it waits for another try.
      await rmdir(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    },
  };
}

async function takeLock(lock: string): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      return true;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (isAlive(Number(await readFile(lock, 'utf8')))) return false;
      await rm(lock, { force: true });
    }
  }
  return false;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

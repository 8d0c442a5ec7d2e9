/**
 * The stored settings as the app needs them, and what else the browser knows of storage.
 * In: `storage.local`. Out: a SettingsDoor that follows every change, of this page and of others.
 */
import { signal } from '@preact/signals';
import { type ReadSettings, readSettings, type SettingsArea, SettingsStore } from '../../settings/index.ts';
import type { SettingsDoor, StorageRoom } from '../state/doors.ts';

export function createSettingsDoor(area: SettingsArea): SettingsDoor {
  const store = new SettingsStore(area);
  const current = signal<ReadSettings>(readSettings(undefined));
  const take = (read: ReadSettings): void => {
    current.value = read;
  };
  store.listen(take);
  void store.read().then(take);
  return { current, change: (change) => store.change(change) };
}

export async function readStorageRoom(): Promise<StorageRoom | null> {
  const { usage, quota } = await navigator.storage.estimate();
  return usage === undefined || quota === undefined ? null : { used: usage, quota };
}

/** A hidden page lets the visible ones go first; whoever did it keeps the others from it for as long. */
const GIVE_WAY_MILLIS = 400;
const HOLD_MILLIS = 2_000;

export async function inOnePage(name: string, work: () => void): Promise<void> {
  const wait = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));
  if (document.visibilityState === 'hidden') await wait(GIVE_WAY_MILLIS);
  await navigator.locks.request(`pageflame-${name}`, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    work();
    await wait(HOLD_MILLIS);
  });
}

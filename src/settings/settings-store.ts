/**
 * Settings that several contexts share. In: a storage area of the browser (`storage.local`). Out: the settings, their
 * changes from wherever they were made, and a way to change them. One value under one key; the last change counts.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { type ReadSettings, readSettings, writeSettings } from './read-settings.ts';
import type { Settings } from './settings.ts';

/** As much of a `StorageArea` as is used. */
export interface SettingsArea {
  get(key: string): Promise<Record<string, unknown>>;
  set(values: Record<string, unknown>): Promise<void>;
  readonly onChanged: {
    addListener(listener: (changes: Record<string, { readonly newValue?: unknown }>) => void): void;
  };
}

const KEY = 'settings';

export class SettingsStore {
  readonly #area: SettingsArea;
  /** Changes made here are made one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(area: SettingsArea) {
    this.#area = area;
  }

  /** The defaults, named as refused, where the browser cannot read what it stored: nothing waits for that. */
  async read(): Promise<ReadSettings> {
    const stored = await this.#area.get(KEY).catch(() => ({ [KEY]: null }));
    return readSettings(stored[KEY]);
  }

  change(change: (settings: Settings) => Settings): Promise<Result<void>> {
    const turn = this.#last.then(async () => {
      const { settings } = await this.read();
      try {
        await this.#area.set({ [KEY]: writeSettings(change(settings)) });
        return succeed(undefined);
      } catch (error) {
        // The area rejects with the browser's words: a full disk, a broken database.
        const detail = error instanceof Error ? error.message : String(error);
        return fail(makeFailure('settings-unsaved', { detail }));
      }
    });
    this.#last = turn;
    return turn;
  }

  /** Calls back with the settings after every change, of this context and of others. */
  listen(listener: (read: ReadSettings) => void): void {
    this.#area.onChanged.addListener((changes) => {
      if (KEY in changes) listener(readSettings(changes[KEY].newValue));
    });
  }
}

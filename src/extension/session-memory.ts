/**
 * What the service worker must remember while the browser runs, in `storage.session`: Chrome ends the worker when it
 * likes, and empties this storage when the browser or the extension ends. In: what changes. Out: what was there.
 * The notes of a recording and the result of the one before are changed in one write, so that a worker killed between
 * the end of a recording and the showing of it still shows it.
 */
import browser from 'webextension-polyfill';
import type { Failure } from '../base/index.ts';
import type { RecorderNotes } from '../capture/index.ts';
import type { RecordingId } from '../recording/index.ts';
import type { Unended } from './tidy.ts';

/** A recording, and a tab that has to do with it. */
export interface Finished {
  readonly recording: RecordingId;
  readonly tabId: number;
}

export interface Remembered {
  /** The recording in progress. */
  readonly current: { readonly notes: RecorderNotes; readonly tabId: number } | null;
  readonly finished: Finished | null;
  /** `finished` has not been shown yet. */
  readonly unshown: boolean;
  readonly failure: Failure | null;
  /** The viewer page that has been opened for a recording which it does not show yet. */
  readonly viewer: Finished | null;
  /** Of the last trace's stream: see {@link RecordingRequest}. */
  readonly lastHandle: number;
  /** Tabs with an open Pageflame panel. */
  readonly panels: readonly number[];
  /** What an earlier run of the browser left behind has been put right. */
  readonly tidied: boolean;
  /** Ended in this run, but for storage. */
  readonly unended: readonly Unended[];
}

const KEY = 'recorder';
const NOTHING: Remembered = {
  current: null,
  finished: null,
  unshown: false,
  failure: null,
  viewer: null,
  lastHandle: 0,
  panels: [],
  tidied: false,
  unended: [],
};

export class SessionMemory {
  #remembered: Remembered = NOTHING;
  #written: Promise<void> = Promise.resolve();

  get remembered(): Remembered {
    return this.#remembered;
  }

  async load(): Promise<Remembered> {
    const stored = await browser.storage.session.get(KEY);
    // Written by this very version: storage.session does not outlive the extension.
    this.#remembered = { ...NOTHING, ...(stored[KEY] as Partial<Remembered> | undefined) };
    return this.#remembered;
  }

  change(changes: Partial<Remembered>): Promise<void> {
    this.#remembered = { ...this.#remembered, ...changes };
    const value = this.#remembered;
    this.#written = this.#written.then(() => browser.storage.session.set({ [KEY]: value }));
    return this.#written;
  }
}

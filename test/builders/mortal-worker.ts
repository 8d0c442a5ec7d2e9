/**
 * The extension's service worker for tests of the recorder: it can be killed at any call that it makes, and the next
 * event of the scripted browser starts a new one from what the old one had saved.
 * In: a scripted browser, a store, when to die. Out: the recording that came of it in the end.
 */

import type { Result } from '../../src/base/index.ts';
import {
  type CdpSession,
  Recorder,
  type RecorderNotes,
  type RecordingRequest,
} from '../../src/capture/index.ts';
import type { Recording, RecordingStore } from '../../src/recording/index.ts';
import type { ScriptedBrowser } from './scripted-browser.ts';

/**
 * Whether it dies at its call number `call` (from 1, over all its lives). `before`: the call is never made. `after`: it
 * is made, and its answer never heard.
 */
export type Fate = (call: number) => 'before' | 'after' | null;

const never = <T>(): Promise<T> => new Promise(() => undefined);
/** The alarm of the real worker, which wakes it when nothing else does. */
const ALARM_MILLIS = 30_000;

export class MortalWorker {
  readonly #browser: ScriptedBrowser;
  readonly #store: RecordingStore;
  readonly #fate: Fate;
  #notes: RecorderNotes | null = null;
  #calls = 0;
  /** Which life makes a call; calls of earlier lives come to nothing. */
  #life = 0;
  #alive = false;
  #recorder: Recorder | null = null;
  outcome: Result<Recording> | null = null;
  /** The number of the call that first sent a command. */
  readonly callOf = new Map<string, number>();
  lastHandle = 0;
  /** How often it was told that Chrome does not hand over the trace. */
  stalls = 0;

  constructor(browser: ScriptedBrowser, store: RecordingStore, fate: Fate = () => null) {
    this.#browser = browser;
    this.#store = store;
    this.#fate = fate;
    browser.listener = (method, params) => {
      this.#wake();
      this.#recorder?.handleEvent(method, params);
    };
    setInterval(() => this.#wake(), ALARM_MILLIS);
  }

  get calls(): number {
    return this.#calls;
  }

  get recorder(): Recorder | null {
    return this.#recorder;
  }

  /** How many workers have been killed. */
  get deaths(): number {
    return this.#life;
  }

  begin(request: RecordingRequest): void {
    this.#alive = true;
    this.#follow(Recorder.begin(this.#doors(), request));
  }

  #wake(): void {
    if (this.#alive) return;
    this.#alive = true;
    if (this.#notes !== null) this.#follow(Recorder.resume(this.#doors(), this.#notes));
  }

  #follow(recorder: Recorder): void {
    this.#recorder = recorder;
    const life = this.#life;
    void recorder.ended.then((outcome) => {
      if (this.#life !== life) return;
      this.outcome = outcome;
      this.lastHandle = recorder.lastHandle;
    });
  }

  #doors() {
    const life = this.#life;
    const call = <T>(work: () => Promise<T>): Promise<T> => this.#call(life, work);
    const session: CdpSession = {
      ...(this.#browser.showsBar ? { pageArea: () => call(async () => this.#browser.area) } : {}),
      open: () => call(() => this.#browser.attach()),
      send: (method, params = {}) => {
        if (!this.callOf.has(method)) this.callOf.set(method, this.#calls + 1);
        return call(() => this.#browser.send(method, params));
      },
      close: () => call(() => this.#browser.detach()),
    };
    const store: RecordingStore = {
      ...(this.#store.takesPlain ? { takesPlain: true } : {}),
      put: (recording) => call(() => this.#store.put(recording)),
      appendTrace: (...chunk) => call(() => this.#store.appendTrace(...chunk)),
      appendFrame: (...frame) => call(() => this.#store.appendFrame(...frame)),
      noteTraceEnd: (...end) => this.#store.noteTraceEnd?.(...end),
      get: (id) => call(() => this.#store.get(id)),
    };
    const memory = {
      save: (notes: RecorderNotes | null) =>
        call(async () => {
          this.#notes = structuredClone(notes);
        }),
    };
    return { session, store, memory, onStalled: () => void this.stalls++ };
  }

  async #call<T>(life: number, work: () => Promise<T>): Promise<T> {
    if (life !== this.#life) return never();
    this.#calls++;
    const death = this.#fate(this.#calls);
    if (death === null) return this.#answer(life, work());
    this.#life++;
    this.#alive = false;
    this.#recorder = null;
    if (death === 'after') await work();
    return never();
  }

  async #answer<T>(life: number, answer: Promise<T>): Promise<T> {
    const value = await answer;
    return life === this.#life ? value : never();
  }
}

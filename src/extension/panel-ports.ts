/**
 * The ports of panels, viewer pages and notices. In: ports as they connect. Out: their messages, and state to them all.
 * Refuses: messages of no known shape, silently: only our own pages can connect.
 */
import type { Runtime } from 'webextension-polyfill';
import type { Millis, UnixMillis } from '../base/index.ts';
import type { RecordingId } from '../recording/index.ts';
import type { PanelMessage, RecorderState, ServiceWorkerMessage } from './messages.ts';

/** What a panel asks of the recorder. */
export type PanelOrder = Exclude<PanelMessage, { type: 'hello' | 'ready' }>;

export interface PortDoors {
  /** Resolves when the service worker remembers what it was doing; until then ports connect, and wait. */
  readonly ready: Promise<void>;
  state(): RecorderState;
  handle(message: PanelOrder): void;
  /** The tabs with an open panel have changed. */
  panelsChanged(tabs: readonly number[]): void;
}

interface Readiness {
  readonly ready: Promise<void>;
  readonly tell: () => void;
}

/** Panels connect again within this after a service worker was killed. */
const RECONNECT_MILLIS = 2_500;

export class PanelPorts {
  readonly #doors: PortDoors;
  /** Each port's tab; null for a viewer page, and until a panel has said hello. */
  readonly #ports = new Map<Runtime.Port, number | null>();
  readonly #readiness = new Map<RecordingId, Readiness>();
  #expected: readonly number[] = [];
  #expectedUntil: UnixMillis = 0;

  constructor(doors: PortDoors) {
    this.#doors = doors;
  }

  /** Tabs whose panels an earlier service worker knew: their ports died with it and are being made anew. */
  expect(tabs: readonly number[]): void {
    this.#expected = tabs;
    this.#expectedUntil = Date.now() + RECONNECT_MILLIS;
  }

  /** Whether a panel is open on `tabId`, or comes back to a new service worker in a moment. */
  async hasPanel(tabId: number): Promise<boolean> {
    while (!this.tabs.includes(tabId)) {
      if (!this.#expected.includes(tabId) || Date.now() >= this.#expectedUntil) return false;
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MILLIS / 25));
    }
    return true;
  }

  /** Resolves when a page is ready to show the recording, after `limit` at the latest. */
  async isReady(id: RecordingId, limit: Millis): Promise<void> {
    const { ready } = this.#readinessOf(id);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limit);
    });
    await Promise.race([ready, late]);
    clearTimeout(timer);
    this.#readiness.delete(id);
  }

  get tabs(): readonly number[] {
    return [...new Set([...this.#ports.values()].filter((tab) => tab !== null))];
  }

  add(port: Runtime.Port): void {
    this.#ports.set(port, null);
    // At once: what a port says before somebody listens is lost.
    port.onMessage.addListener((message) => {
      void this.#doors.ready.then(() => this.#take(port, message as PanelMessage));
    });
    port.onDisconnect.addListener(() => {
      this.#ports.delete(port);
      this.#doors.panelsChanged(this.tabs);
    });
    void this.#doors.ready.then(() => this.#send(port, { type: 'state', state: this.#doors.state() }));
  }

  broadcast(message: ServiceWorkerMessage): void {
    for (const port of this.#ports.keys()) this.#send(port, message);
  }

  #take(port: Runtime.Port, message: PanelMessage): void {
    switch (message.type) {
      case 'hello':
        this.#ports.set(port, message.tabId);
        this.#doors.panelsChanged(this.tabs);
        break;
      case 'ready':
        this.#readinessOf(message.recording).tell();
        break;
      default:
        this.#doors.handle(message);
    }
  }

  /** One may say so before anybody asks. */
  #readinessOf(id: RecordingId): Readiness {
    const known = this.#readiness.get(id);
    if (known !== undefined) return known;
    let tell = (): void => undefined;
    const ready = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const readiness = { ready, tell };
    this.#readiness.set(id, readiness);
    return readiness;
  }

  #send(port: Runtime.Port, message: ServiceWorkerMessage): void {
    if (!this.#ports.has(port)) return;
    try {
      port.postMessage(message);
    } catch {
      // Its page has just gone (closed, or put aside by the browser), and the word of that is on its way.
      this.#ports.delete(port);
    }
  }
}

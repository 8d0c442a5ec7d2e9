/**
 * The ports of panels, viewer pages and notices. In: ports as they connect. Out: their messages, and state to them all.
 * Refuses: messages of no known shape, silently: only our own pages can connect.
 */
import type { Runtime } from 'webextension-polyfill';
import type { UnixMillis } from '../base/index.ts';
import type { PanelMessage, RecorderState, ServiceWorkerMessage } from './messages.ts';

export interface PortDoors {
  /** Resolves when the service worker remembers what it was doing; until then ports connect, and wait. */
  readonly ready: Promise<void>;
  state(): RecorderState;
  handle(message: Exclude<PanelMessage, { type: 'hello' }>): void;
  /** The tabs with an open panel have changed. */
  panelsChanged(tabs: readonly number[]): void;
}

/** Panels connect again within this after a service worker was killed. */
const RECONNECT_MILLIS = 2_500;

export class PanelPorts {
  readonly #doors: PortDoors;
  /** Each port's tab; null for a viewer page, and until a panel has said hello. */
  readonly #ports = new Map<Runtime.Port, number | null>();
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
    if (message.type !== 'hello') {
      this.#doors.handle(message);
      return;
    }
    this.#ports.set(port, message.tabId);
    this.#doors.panelsChanged(this.tabs);
  }

  #send(port: Runtime.Port, message: ServiceWorkerMessage): void {
    if (this.#ports.has(port)) port.postMessage(message);
  }
}

/**
 * The connection to the service worker: a port that is made anew whenever it drops, because Chrome ends the worker
 * when it likes. In: a way to connect, whose page this is. Out: the recorder's last state, and a way to send.
 * Messages that find no port go out with the next one. Refuses: nothing but silence — where the extension itself was
 * reloaded, no port can ever be made again, and the connection says `lost`.
 */
import { signal } from '@preact/signals';
import type { PanelMessage, RecorderState, ServiceWorkerMessage } from '../../extension/messages.ts';
import type { Clock, RecorderLink } from '../state/doors.ts';
import type { Place } from '../state/recorder-view.ts';

/** As much of `runtime.Port` as is used. */
export interface LinkPort {
  readonly postMessage: (message: PanelMessage) => void;
  readonly onMessage: { readonly addListener: (listener: (message: unknown) => void) => void };
  readonly onDisconnect: { readonly addListener: (listener: () => void) => void };
}

export interface LinkOptions {
  /** Throws once the extension is gone. */
  readonly connect: () => LinkPort;
  readonly place: Place;
  readonly clock: Clock;
}

/** A worker that ends at once does not make us connect in a frenzy. */
const FIRST_WAIT_MILLIS = 50;
const LONGEST_WAIT_MILLIS = 2_000;

export function createRecorderLink({ connect, place, clock }: LinkOptions): RecorderLink {
  const state = signal<RecorderState | null>(null);
  const connection = signal<'connecting' | 'connected' | 'lost'>('connecting');
  const listeners = new Set<() => void>();
  const unsent: PanelMessage[] = [];
  let port: LinkPort | null = null;
  let waitMillis = FIRST_WAIT_MILLIS;

  const receive = (message: ServiceWorkerMessage): void => {
    waitMillis = FIRST_WAIT_MILLIS;
    connection.value = 'connected';
    if (message.type === 'state') state.value = message.state;
    else for (const listener of listeners) listener();
  };
  const open = (): void => {
    let next: LinkPort;
    try {
      next = connect();
    } catch (error) {
      // Chrome's word for an extension that was reloaded or removed under its pages; anything else is a bug.
      if (!(error instanceof Error && /context invalidated|runtime.connect|undefined/i.test(error.message)))
        throw error;
      connection.value = 'lost';
      return;
    }
    port = next;
    // Our own service worker speaks this one protocol: the port is the only decode door.
    next.onMessage.addListener((message) => receive(message as ServiceWorkerMessage));
    next.onDisconnect.addListener(() => {
      if (port !== next) return;
      port = null;
      connection.value = 'connecting';
      clock.after(waitMillis, open);
      waitMillis = Math.min(LONGEST_WAIT_MILLIS, waitMillis * 2);
    });
    next.postMessage({ type: 'hello', tabId: place.tabId });
    for (const message of unsent.splice(0)) next.postMessage(message);
  };
  open();

  return {
    state,
    connection,
    send(message) {
      if (port === null) unsent.push(message);
      else port.postMessage(message);
    },
    onLibraryChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

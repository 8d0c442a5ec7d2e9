/**
 * A parcel on its way: what the queue keeps of it, over restarts. Types and first states only.
 *
 *   waiting ─▶ sending ─▶ delivered
 *      ▲          ├─ surely not taken ─▶ waiting (backoff)
 *      │          ├─ answer lost ─▶ asking ─▶ delivered, or waiting again
 *      │          └─ refused, or broke over it too often ─▶ parked
 *      └──────────────── the user's wish ────────────────────┘
 *
 * A delivery that is found `sending` at a start was interrupted: its answer is lost.
 */
import type { Failure } from '../../base/index.ts';
import type { Parcel, ParcelContent } from '../contract.ts';

export type DeliveryState = 'waiting' | 'sending' | 'asking' | 'delivered' | 'parked';

export interface Delivery {
  readonly parcel: Parcel;
  readonly destination: string;
  /** What was sent together: one recording to one destination. */
  readonly shipment: string;
  readonly state: DeliveryState;
  /** Unix ms; when it is looked at next. */
  readonly dueAt: number;
  /** How often it was sent. */
  readonly tries: number;
  /** How often in a row the backend did not take it: the backoff grows with it. */
  readonly setbacks: number;
  /** How often the backend answered 500. */
  readonly breaks: number;
  /** The backend could not be asked, and a try before the last may have arrived. */
  readonly mayBeTwice: boolean;
  /** It became too old on its way, and goes to the ad hoc store. */
  readonly hasExpired?: boolean;
  /** The last refusal, in the server's own words; kept until it is delivered. */
  readonly failure: Failure | null;
  readonly queuedAt: number;
  readonly deliveredAt: number | null;
}

/** Where a parcel goes, and what it belongs to. */
export interface Consignment {
  readonly destination: string;
  readonly shipment: string;
  /** It may be there already, sent by a queue that is gone: ask before the first try. */
  readonly askFirst?: boolean;
  /** The user wants it sent though it has been sent, or was parked. */
  readonly again?: boolean;
}

export function newDelivery(
  parcel: Parcel,
  { destination, shipment, askFirst }: Consignment,
  now: number,
): Delivery {
  return {
    parcel,
    destination,
    shipment,
    state: askFirst === true && parcel.proof !== null ? 'asking' : 'waiting',
    dueAt: now,
    tries: 0,
    setbacks: 0,
    breaks: 0,
    mayBeTwice: false,
    failure: null,
    queuedAt: now,
    deliveredAt: null,
  };
}

/** The bytes that a content carries. */
export const bytesOfContent = (content: ParcelContent): Uint8Array =>
  'pprof' in content ? content.pprof : content.body;

export const withBytes = (content: ParcelContent, bytes: Uint8Array): ParcelContent =>
  'pprof' in content ? { ...content, pprof: bytes } : { ...content, body: bytes };

/** The same without what it carries: thousands may be queued, and only what is being sent is in memory. */
export const unladen = (delivery: Delivery): Delivery => ({
  ...delivery,
  parcel: { ...delivery.parcel, content: withBytes(delivery.parcel.content, new Uint8Array(0)) },
});

/** Where deliveries are kept. Every call is durable when its promise resolves. */
export interface DeliveryStore {
  /** All of them, unladen. */
  list(): Promise<Delivery[]>;
  /** What one carries; null where it is not there. */
  bytesOf(parcelId: string): Promise<Uint8Array | null>;
  /** A new one, with what it carries. */
  add(delivery: Delivery): Promise<void>;
  /** Another state of one that is there. What it carries stays, until it is delivered. */
  put(delivery: Delivery): Promise<void>;
  remove(parcelId: string): Promise<void>;
}

/** With nothing due for so long whoever sends goes: an alarm brings it back. */
export const PATIENCE_MILLIS = 45_000;

/** Time and chance, so that tests can have their own. */
export interface Clock {
  now(): number;
  /** Resolves after `millis`, or at once when the signal is aborted. */
  wait(millis: number, signal?: AbortSignal): Promise<void>;
  /** 0 to 1. */
  random(): number;
}

export const WALL_CLOCK: Clock = {
  now: Date.now,
  wait: (millis, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const timer = setTimeout(done, Math.min(millis, 2 ** 31 - 1));
      function done(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      }
      signal?.addEventListener('abort', done, { once: true });
    }),
  random: Math.random,
};

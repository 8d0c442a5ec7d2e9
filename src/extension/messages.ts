/**
 * Panel ↔ service worker, over one `runtime.Port`: control only, never bytes. And the notice beside the toolbar button.
 * The service worker answers every change with the whole recorder state, first thing on connect, so that either side
 * may restart without history.
 */
import type { Failure, UnixMillis } from '../base/index.ts';
import type { CapturePhase, Happening } from '../capture/index.ts';
import type { CaptureOptions, RecordingId } from '../recording/index.ts';

export type { Happening } from '../capture/index.ts';

export const PANEL_PORT = 'pageflame-panel';

/**
 *   idle → starting → recording → stopping → saving → idle
 * `stopping` is `Tracing.end` to `tracingComplete`; `saving` reads the stream into the library.
 */
export type RecorderPhase = 'idle' | CapturePhase;

export interface RecorderState {
  readonly phase: RecorderPhase;
  /** The tab that is (or was last) recorded. */
  readonly tabId: number | null;
  readonly tabTitle: string;
  readonly recording: RecordingId | null;
  readonly startedAt: UnixMillis | null;
  /** 0 to 1; null until Chrome tells. */
  readonly bufferFill: number | null;
  /** Bytes saved so far; the total is not known beforehand. */
  readonly savedBytes: number;
  readonly happenings: readonly Happening[];
  /** The last failure, until the next start. */
  readonly failure: Failure | null;
  /** The last recording that ended, whole or cut off: what a panel on its tab shows. */
  readonly finished: { readonly recording: RecordingId; readonly tabId: number } | null;
}

export type PanelMessage =
  /** First message of a panel (its inspected tab) or of the viewer page (null). */
  | { readonly type: 'hello'; readonly tabId: number | null }
  | { readonly type: 'start'; readonly tabId: number; readonly options: CaptureOptions }
  /** The page that will show the recording is ready for it; said while it starts, and tracing waits for it. */
  | { readonly type: 'ready'; readonly recording: RecordingId }
  | { readonly type: 'stop' }
  /** Throws the recording in progress away where it can still be: while saving it is kept as cut off. */
  | { readonly type: 'cancel' };

export type ServiceWorkerMessage =
  | { readonly type: 'state'; readonly state: RecorderState }
  /** The library changed: list it again. */
  | { readonly type: 'library' };

/**
 * The little window beside the toolbar button, where a press could not do what a press does, and the one that waits for
 * Chrome to hand over a trace. The service worker says at every change what it shows; null closes it.
 */
export const NOTICE_PORT = 'pageflame-notice';
export const NOTICE_PAGE = 'notice.html';
export const WAIT_PAGE = `${NOTICE_PAGE}#wait`;

export interface Notice {
  readonly heading: string;
  readonly text: string;
  /** A recording runs that can be stopped from here, or whose tab can be shown. */
  readonly offersStop: boolean;
}

export type NoticeMessage =
  /** First message: which of the two it is. */
  | { readonly type: 'hello'; readonly waits: boolean }
  | { readonly type: 'stop' }
  | { readonly type: 'show-tab' };

/**
 * One question to the service worker with one answer, by `runtime.sendMessage`: from pages that talk to backends.
 * Nothing in them is secret.
 */
export type ServiceQuestion =
  /** Chrome's word (`net::ERR_…`) for why the request to `url`, whose fragment is its own, failed; null if unknown. */
  | { readonly type: 'why-failed'; readonly url: string }
  /** Those of the match patterns that leave was given for: what an offscreen document cannot ask itself. */
  | { readonly type: 'allowed'; readonly patterns: readonly string[] }
  /** An order lies in the queue's database. */
  | { readonly type: 'wake-delivery' }
  /** The delivery page has nothing due. */
  | { readonly type: 'delivery-rests' };

/** The offscreen document that sends what is queued. */
export const DELIVERY_PAGE = 'delivery.html';

export interface DeliveryPageMessage {
  readonly to: 'delivery-page';
  /** There is an order, or leave that was not there. */
  readonly type: 'look';
}

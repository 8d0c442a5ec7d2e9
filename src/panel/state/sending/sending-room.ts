/** What the pages of the sending dialog share. Types only. */
import type { Signal } from '@preact/signals';
import type { App } from '../app.ts';
import type { BackendsDoor, DeliveriesDoor } from '../doors.ts';
import type { SendPart } from './send-form.ts';
import type { SendingScreen } from './sending.ts';

export interface SendingRoom {
  readonly app: App;
  readonly backends: BackendsDoor;
  readonly deliveries: DeliveriesDoor;
  readonly go: (screen: SendingScreen) => void;
  /** The backend that the sending begins with; null for the first. */
  readonly chosen: Signal<string | null>;
  /** What of it. */
  readonly part: Signal<SendPart>;
  /** A backend is to be added at once. */
  readonly adds: Signal<boolean>;
}

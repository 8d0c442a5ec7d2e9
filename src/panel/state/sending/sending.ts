/**
 * Sending to backends as much as every panel needs of it: which of its screens is open, and how what was sent stands.
 * In: the outside. Out: signals. All else (delivery-news.ts, the screens) loads a moment after the start, or with the
 * first look.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Outside } from '../doors.ts';
import type { Notices } from '../notices.ts';
import type { BackendForm } from './backend-form.ts';
import type { DeliveryMark } from './delivery-mark.ts';

export const SENDING_SCREENS = ['send', 'deliveries', 'backends'] as const;
export type SendingScreen = (typeof SENDING_SCREENS)[number];

export interface Sending {
  /** null while the dialog is closed. */
  readonly screen: Signal<SendingScreen | null>;
  /** By the recording's id. */
  readonly marks: ReadonlySignal<ReadonlyMap<string, DeliveryMark>>;
  /** What has just changed, for those who do not see it. */
  readonly said: ReadonlySignal<string>;
  /** What was deleted last, while there is a way back. */
  readonly removal: Signal<Removal | null>;
  /** The backend that is being set up or changed: it stays over a look at other pages, in this page's memory alone. */
  readonly draft: Signal<BackendForm | null>;
  readonly dispose: () => void;
}

/** Of a backend, or of what was to be sent. */
export interface Removal {
  readonly id: string;
  readonly words: string;
  readonly undo: () => void;
  /** For good, now. */
  readonly settle: () => void;
}

export interface SendingParts {
  readonly outside: Pick<Outside, 'deliveries' | 'clock'>;
  readonly notices: Notices;
}

/** The panel is busy with what its user came for until then. */
const START_MILLIS = 1_500;

export function createSending({ outside, notices }: SendingParts): Sending {
  const screen = signal<SendingScreen | null>(null);
  const marks = signal<ReadonlyMap<string, DeliveryMark>>(new Map());
  const said = signal('');
  let stop: (() => void) | null = null;
  let isOver = false;
  const takeBack = outside.clock.after(START_MILLIS, () => {
    void Promise.all([import('./delivery-news.ts'), outside.deliveries()]).then(([news, door]) => {
      if (!isOver) stop = news.followDeliveries(door, { notices, marks, said });
    });
  });
  return {
    screen,
    marks,
    said,
    removal: signal(null),
    draft: signal(null),
    dispose() {
      isOver = true;
      takeBack();
      stop?.();
    },
  };
}

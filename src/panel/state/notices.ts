/**
 * What the app has to tell: expected failures, bugs, and short good news, each with what can be done about it.
 * In: Failures, thrown things, sentences. Out: a list of notices as a signal, newest last; one notice per key, so that
 * the same failure told twice stands there once. Refuses: cancellations, which the user asked for.
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Failure, FailureCode } from '../../base/index.ts';

/** What a notice's button does. The app knows how; see app.ts. */
export type AdviceAction =
  | 'record-again'
  | 'stop-recording'
  | 'open-file'
  | 'show-recordings'
  | 'undo-delete'
  | 'undo-tags'
  | 'undo-settings'
  | 'show-deliveries'
  | 'reload-page';

export interface Advice {
  readonly label: string;
  readonly action: AdviceAction;
}

export interface Notice {
  readonly key: string;
  readonly tone: 'error' | 'info';
  readonly message: string;
  /** Raw text behind a disclosure; '' for none. */
  readonly detail: string;
  readonly advice: Advice | null;
}

const RECORD_AGAIN: Advice = { label: 'Record again', action: 'record-again' };
const OPEN_ANOTHER: Advice = { label: 'Open another file…', action: 'open-file' };
const SHOW_RECORDINGS: Advice = { label: 'Show recordings', action: 'show-recordings' };

/** Where a button helps. Codes that are not here have a sentence that says it all. */
const ADVICE: Partial<Readonly<Record<FailureCode, Advice>>> = {
  'file-empty': OPEN_ANOTHER,
  'file-is-folder': OPEN_ANOTHER,
  'file-unreadable': OPEN_ANOTHER,
  'not-a-trace': OPEN_ANOTHER,
  'not-a-profile': OPEN_ANOTHER,
  'profile-too-big': OPEN_ANOTHER,
  'profile-too-new': OPEN_ANOTHER,
  'profile-raw-gecko': OPEN_ANOTHER,
  'gzip-broken': OPEN_ANOTHER,
  'packed-otherwise': OPEN_ANOTHER,
  'recording-broken': OPEN_ANOTHER,
  'tab-busy': RECORD_AGAIN,
  'attach-refused': RECORD_AGAIN,
  'tracing-busy': RECORD_AGAIN,
  'tracing-refused': RECORD_AGAIN,
  'stream-broken': RECORD_AGAIN,
  'recorder-busy': { label: 'Stop that recording', action: 'stop-recording' },
  'storage-full': SHOW_RECORDINGS,
  'library-full': SHOW_RECORDINGS,
  'recording-not-found': SHOW_RECORDINGS,
  'engine-crashed': { label: 'Reload', action: 'reload-page' },
};

/** An expected failure as a notice. */
export function noticeOfFailure(failure: Failure): Notice {
  return {
    // Of several files each has its own.
    key: `${failure.code} ${failure.message}`,
    tone: 'error',
    message: failure.message,
    detail: failure.detail,
    advice: ADVICE[failure.code] ?? null,
  };
}

/** A bug, ours: something was thrown that nobody expected. */
export function noticeOfBug(thrown: unknown): Notice {
  const name = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    key: `bug:${name}`,
    tone: 'error',
    message: 'Something in Pageflame itself went wrong. Your recordings are safe; reload this page to go on.',
    detail: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    advice: { label: 'Reload', action: 'reload-page' },
  };
}

/** The extension was reloaded or removed under this page: it can record no more. */
export function noticeOfLostExtension(place: 'panel' | 'viewer'): Notice {
  const what = place === 'panel' ? 'Close DevTools and open it again' : 'Reload this page';
  return {
    key: 'extension-lost',
    tone: 'error',
    message: `Pageflame was updated or reloaded while this page was open. ${what} to go on.`,
    detail: '',
    advice: place === 'panel' ? null : { label: 'Reload', action: 'reload-page' },
  };
}

export interface Notices {
  readonly list: ReadonlySignal<readonly Notice[]>;
  readonly show: (notice: Notice) => void;
  readonly showFailure: (failure: Failure) => void;
  readonly dismiss: (key: string) => void;
  /** Drops what a new attempt makes stale: every error, no news. */
  readonly dismissErrors: () => void;
}

/** An empty list of notices. */
export function createNotices(): Notices {
  const list = signal<readonly Notice[]>([]);
  const show = (notice: Notice) => {
    list.value = [...list.value.filter(({ key }) => key !== notice.key), notice];
  };
  return {
    list,
    show,
    showFailure(failure) {
      if (failure.code !== 'cancelled') show(noticeOfFailure(failure));
    },
    dismiss(key) {
      list.value = list.value.filter((notice) => notice.key !== key);
    },
    dismissErrors() {
      list.value = list.value.filter((notice) => notice.tone !== 'error');
    },
  };
}

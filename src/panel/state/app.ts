/**
 * The app's state and everything that can be done to it: one for panel and viewer. Knows no DOM and no `chrome.*`.
 * In: the outside (see doors.ts). Out: signals that the views read, and actions that they call.
 * Refuses nothing: every failure becomes a notice.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Failure, makeFailure, type UnixMillis } from '../../base/index.ts';
import type { RecorderState } from '../../extension/messages.ts';
import type { Recording, RecordingId } from '../../recording/index.ts';
import { captureOptionsOf, type Settings } from '../../settings/index.ts';
import type { Outside } from './doors.ts';
import type { Filing } from './library/file-intake.ts';
import { createLiveOpening } from './library/live-opening.ts';
import { createOpener, type Opener } from './library/opener.ts';
import { createSaving, type Saving } from './library/saving.ts';
import { createShelf, type Shelf } from './library/shelf.ts';
import { followLimits, type ShelfActions, shelfActions } from './library/shelf-actions.ts';
import { createTagging, type Tagging } from './library/tagging.ts';
import { createNotices, type Notice, type Notices, noticeOfFailure } from './notices.ts';
import { type Place, type RecorderView, viewRecorder } from './recorder-view.ts';
import { createSending, type Sending } from './sending/sending.ts';
import { createSettingsReset, type SettingsReset } from './settings-reset.ts';

/** What the main area shows. */
export type Screen = 'home' | 'recording' | 'opening' | 'trace' | 'profiles' | 'comparison' | 'no-trace';

/** A profile is chosen, to be opened, or to be compared with what is shown or with the given recording. */
export interface Choosing {
  readonly purpose: 'open' | 'compare';
  /** Where it is looked for first. */
  readonly from: 'recordings' | 'backend';
  /** The recording that is compared; null for what is shown. */
  readonly recording: Recording | null;
}

export interface App {
  readonly outside: Outside;
  readonly recorder: ReadonlySignal<RecorderView>;
  /** The wall clock: it goes while something is recorded. */
  readonly now: ReadonlySignal<UnixMillis>;
  readonly shelf: Shelf;
  readonly opener: Opener;
  readonly notices: Notices;
  readonly screen: ReadonlySignal<Screen>;
  readonly helpOpen: Signal<boolean>;
  readonly settingsOpen: Signal<boolean>;
  /** What is being chosen beside what is shown; null for nothing. */
  readonly choosing: Signal<Choosing | null>;
  readonly saving: Saving;
  readonly sending: Sending;
  readonly tagging: Tagging;
  readonly settingsReset: SettingsReset;
  /** The library entry of what is shown; null for files and for nothing. */
  readonly current: ReadonlySignal<Recording | null>;
  /** A file is on its way into the library. */
  readonly filing: ReadonlySignal<Filing | null>;
  readonly actions: Actions;
  readonly dispose: () => void;
}

export interface Actions extends ShelfActions {
  /** Starts, or stops what is being recorded. */
  readonly record: (reload: boolean) => void;
  readonly stop: () => void;
  readonly cancel: () => void;
  readonly openRecording: (id: RecordingId) => Promise<void>;
  /** Recordings go into the library; of everything else the first is opened. */
  readonly openFiles: (files: readonly File[]) => Promise<void>;
  /** Opens the recording that a `pageflame:` link or a trace id leads to. */
  readonly openLink: (text: string) => Promise<void>;
  readonly refuseFolder: (name: string) => void;
  readonly showHome: () => void;
  /** Opens the recording before (older) or after (newer) the shown one. */
  readonly step: (towards: 'older' | 'newer') => void;
  readonly changeSettings: (change: (settings: Settings) => Settings) => Promise<void>;
}

export interface AppOptions {
  /** The recording that the page's address names; null for none. */
  readonly asked: RecordingId | null;
}

const HOW_TO_RECORD: Notice = {
  key: 'how-to-record',
  tone: 'info',
  message:
    "This page looks at recordings; it measures no tab itself. Press Pageflame's toolbar button in the tab you want to measure, or use the Pageflame panel in that tab's DevTools.",
  detail: '',
  advice: null,
};

/** Builds the app and connects it to the outside. */
export function createApp(outside: Outside, options: AppOptions): App {
  const notices = createNotices();
  const onFailure = (failure: Failure): void => notices.showFailure(failure);
  const { engine, library, settings } = outside;
  const look = computed(() => settings.current.value.settings.chart);
  const opener = createOpener({ engine, library, look, onFailure });
  const shelf = createShelf({ library: outside.library, clock: outside.clock, onFailure });
  const filing = signal<Filing | null>(null);
  const now = signal(outside.clock.now());
  const recorder = computed(() => viewRecorder(outside.recorder.state.value, outside.place));
  const current = computed(() => currentRecording(opener));
  const screen = computed(() => chooseScreen(recorder.value, { opener, filing }, outside));
  const parts: Parts = {
    outside,
    notices,
    opener,
    shelf,
    filing,
    recorder,
    current,
    awaitsStart: signal(false),
  };
  const actions = createActions(parts);
  const sending = createSending({ outside, notices });
  const disposers = [
    sending.dispose,
    followClock(parts, now),
    followRecorder(parts, actions, options.asked),
    followLimits(parts),
    outside.recorder.onLibraryChange(() => void shelf.reload()),
  ];
  void shelf.reload();
  return {
    outside,
    recorder,
    now,
    shelf,
    opener,
    notices,
    screen,
    helpOpen: signal(false),
    settingsOpen: signal(false),
    choosing: signal(null),
    sending,
    saving: createSaving({ outside, notices, opener, isStored: (one) => isOnShelf(shelf, one) }),
    tagging: createTagging({ outside, notices, opener, shelf, current }),
    settingsReset: createSettingsReset(actions.changeSettings, notices),
    current,
    filing,
    actions,
    dispose() {
      for (const dispose of disposers) dispose();
      opener.close();
    },
  };
}

/** Files that were only looked at are not in the library: they are not deleted there, either. */
export function isOnShelf(shelf: Shelf, recording: Recording): boolean {
  return shelf.recordings.value?.some(({ id }) => id === recording.id) ?? false;
}

interface Parts {
  readonly outside: Outside;
  readonly notices: Notices;
  readonly opener: Opener;
  readonly shelf: Shelf;
  readonly filing: Signal<Filing | null>;
  readonly recorder: ReadonlySignal<RecorderView>;
  readonly current: ReadonlySignal<Recording | null>;
  /** This page asked for a start that the recorder has not answered: the next failure is its answer. */
  readonly awaitsStart: Signal<boolean>;
}

function currentRecording(opener: Opener): Recording | null {
  const shown = opener.shown.value;
  return shown.kind === 'none' ? null : shown.recording;
}

/** What happens now goes before what was: recording, then opening, then what is open. */
function chooseScreen(
  view: RecorderView,
  { opener, filing }: Pick<Parts, 'opener' | 'filing'>,
  { place }: Outside,
): Screen {
  const shown = opener.shown.value;
  // The recorder clears up for a moment after the last byte.
  const isShown = shown.kind === 'trace' && view.kind === 'busy' && shown.recording?.id === view.recording;
  if (isShown) return 'trace';
  if (view.kind === 'busy' && view.mine && (place.kind === 'panel' || shown.kind === 'none'))
    return 'recording';
  if (opener.opening.value !== null || filing.value !== null) return 'opening';
  return shown.kind === 'none' ? 'home' : shown.kind;
}

/** The elapsed time moves only while something is recorded. */
function followClock({ outside, recorder }: Parts, now: Signal<number>): () => void {
  const isBusy = computed(() => recorder.value.kind === 'busy');
  return effect(() => {
    if (!isBusy.value) return;
    now.value = outside.clock.now();
    return outside.clock.tick(() => {
      now.value = outside.clock.now();
    });
  });
}

/** Shows what the recorder tells: failures that concern this page, and its finished recordings at once. */
function followRecorder(parts: Parts, actions: Actions, asked: RecordingId | null): () => void {
  const { outside, opener, shelf } = parts;
  const { place, recorder } = outside;
  const showFailure = createFailureWatch(parts);
  const onShown = (id: RecordingId): void => rememberShown(outside, id);
  const live = createLiveOpening({ ...outside, asked, opener, onShown });
  let finishedBefore: RecordingId | null | undefined;
  return effect(() => {
    const state = recorder.state.value;
    if (state === null) return;
    showFailure(state);
    const finished = finishedHere(state, place);
    live.follow(state);
    const isNews = finished !== null && finished !== finishedBefore && finishedBefore !== undefined;
    // What is being recorded is not there yet.
    if (finishedBefore === undefined && state.recording !== (asked ?? ''))
      void openFirst(parts, actions, { finished, asked });
    if (isNews) {
      void shelf.reload();
      if (place.kind === 'panel' || opener.shown.peek().kind === 'none')
        void live
          .isShown(finished)
          .then((isShown) => (isShown ? undefined : actions.openRecording(finished)));
    }
    finishedBefore = finished;
  });
}

/** The recording that ended last, where it is of the tab in front of us; the viewer takes them all. */
function finishedHere({ finished }: RecorderState, place: Place): RecordingId | null {
  if (finished === null) return null;
  return place.kind === 'viewer' || finished.tabId === place.tabId ? finished.recording : null;
}

/**
 * Shows each failure once: those of this tab, and the answer to our own start, whichever tab it is about. A failure
 * that was there before this page is no news. The viewer starts nothing: the button's own notice tells of its failures.
 */
function createFailureWatch({ outside, notices, awaitsStart }: Parts): (state: RecorderState) => void {
  const { place } = outside;
  let before: string | undefined;
  // While idle the state may name no tab, or that of an earlier recording: the failure is of the tab seen last.
  let lastTab: number | null = null;
  return (state) => {
    const { failure, phase } = state;
    if (phase !== 'idle') lastTab = state.tabId;
    const isMine = place.kind === 'panel' && (lastTab ?? state.tabId) === place.tabId;
    const key = failure === null ? '' : `${failure.code}:${failure.message}`;
    const isNews = before !== undefined && key !== before && isMine;
    before = key;
    const isAnswer = awaitsStart.peek();
    if (failure !== null || (isMine && phase !== 'idle')) awaitsStart.value = false;
    if (failure !== null && (isNews || isAnswer)) notices.showFailure(failure);
  };
}

/** What a page shows when it opens: what its address names, what just finished here, or what it showed last. */
async function openFirst(
  { outside, opener }: Parts,
  actions: Actions,
  { finished, asked }: { finished: RecordingId | null; asked: RecordingId | null },
): Promise<void> {
  if (asked !== null) return actions.openRecording(asked);
  if (outside.place.kind === 'viewer') return;
  const last = await outside.memory.read();
  const id = finished !== null && finished !== last.finished ? finished : last.recording;
  if (id === null || opener.shown.peek().kind !== 'none') return;
  // What was deleted since is no news to the user.
  if ((await outside.library.get(id)).ok) await actions.openRecording(id);
}

/** So that a reload shows it again, and nothing older. */
function rememberShown({ memory, place, recorder }: Outside, recording: RecordingId | null): void {
  const finished = recorder.state.peek()?.finished;
  const mine = finished !== undefined && finished !== null && finished.tabId === place.tabId;
  memory.write({ recording, finished: mine ? finished.recording : null });
}

function createActions(parts: Parts): Actions {
  const { outside, notices } = parts;
  return {
    ...recorderActions(parts),
    ...openingActions(parts),
    ...shelfActions(parts),
    async changeSettings(change) {
      const changed = await outside.settings.change(change);
      if (!changed.ok) notices.showFailure(changed.failure);
    },
  };
}

function recorderActions(parts: Parts): Pick<Actions, 'record' | 'stop' | 'cancel'> {
  const { outside, notices, recorder, awaitsStart } = parts;
  const { place } = outside;
  const stop = (): void => outside.recorder.send({ type: 'stop' });
  return {
    record(reload) {
      const view = recorder.peek();
      if (view.kind === 'busy' && view.mine) {
        if (view.canStop) stop();
        return;
      }
      if (place.tabId === null) return notices.show(HOW_TO_RECORD);
      notices.dismissErrors();
      awaitsStart.value = true;
      const options = captureOptionsOf(outside.settings.current.peek().settings.recording, reload);
      outside.recorder.send({ type: 'start', tabId: place.tabId, options });
    },
    stop,
    cancel: () => outside.recorder.send({ type: 'cancel' }),
  };
}

function openingActions(
  parts: Parts,
): Pick<Actions, 'openRecording' | 'openFiles' | 'openLink' | 'refuseFolder' | 'showHome' | 'step'> {
  const { outside, notices, opener, shelf, filing, current } = parts;
  const openRecording = async (id: RecordingId): Promise<void> => {
    const entry = await outside.library.get(id);
    if (!entry.ok) return notices.showFailure(entry.failure);
    const recording = entry.value;
    const shown = await opener.open({ source: { kind: 'library', id }, name: recording.name, recording });
    if (!shown) return;
    notices.dismiss(HOW_TO_RECORD.key);
    // Its screen says why it is cut off; a banner over it would say it twice.
    if (recording.cutOff !== null && opener.shown.peek().kind === 'no-trace') {
      notices.dismiss(noticeOfFailure(recording.cutOff).key);
    }
    rememberShown(outside, id);
  };
  return {
    openRecording,
    async openFiles(files) {
      const { takeFiles } = await import('./library/file-intake.ts');
      const onShown = (): void => notices.dismiss(HOW_TO_RECORD.key);
      const { library } = outside;
      await takeFiles({ library, notices, opener, shelf, filing, openRecording, onShown }, files);
    },
    async openLink(text) {
      const listed = await outside.library.list();
      if (!listed.ok) return notices.showFailure(listed.failure);
      const { findLinked } = await import('./sending/link-lookup.ts');
      const linked = await findLinked(text, listed.value);
      if (linked === null)
        return notices.showFailure(makeFailure('link-leads-nowhere', { subject: text.trim() }));
      await openRecording(linked.recording);
      const shown = opener.shown.peek();
      if (linked.range === null || shown.kind !== 'trace' || shown.recording?.id !== linked.recording) return;
      shown.view.measured.value = linked.range;
      shown.view.viewport.value = linked.range;
    },
    refuseFolder(name) {
      notices.showFailure(makeFailure('file-is-folder', { subject: name }));
    },
    showHome() {
      opener.close();
      rememberShown(outside, null);
    },
    step(towards) {
      const list = shelf.recordings.peek() ?? [];
      const here = list.findIndex(({ id }) => id === current.peek()?.id);
      const next = list[here === -1 ? 0 : here + (towards === 'older' ? 1 : -1)];
      if (next !== undefined) void openRecording(next.id);
    },
  };
}

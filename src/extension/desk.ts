/**
 * Where recordings are asked for, one at a time, and where their results go. The service worker's one instance.
 * In: presses, messages of panels, events of the debugger, and what an earlier service worker remembered. Out: the
 * state that everybody sees, and each recording shown where the user can see it.
 * Refuses: a second recording while one runs.
 */
import browser from 'webextension-polyfill';
import {
  type Failure,
  type FailureCode,
  fail,
  type Millis,
  makeFailure,
  type Result,
  succeed,
} from '../base/index.ts';
import { type CdpParams, Recorder, type RecorderNotes, type RecordingRequest } from '../capture/index.ts';
import {
  type CaptureOptions,
  newRecordingId,
  type Recording,
  type RecordingId,
  type RecordingStore,
  serviceOf,
  type Tags,
} from '../recording/index.ts';
import type { Library } from '../recording/library.ts';
import { browserName, recorderName } from './browser-name.ts';
import { DebuggerSession, findTab } from './debugger-session.ts';
import type { RecorderState } from './messages.ts';
import type { Viewer } from './result.ts';
import type { Remembered, SessionMemory } from './session-memory.ts';
import { endAbandoned } from './tidy.ts';

export interface DeskDoors {
  readonly library: RecordingStore & Pick<Library, 'list' | 'edit' | 'remove'>;
  readonly memory: SessionMemory;
  /** The state has changed. */
  readonly onState: () => void;
  /** Chrome does not hand over a trace: see {@link RecorderDoors}. */
  readonly onStalled: () => void;
  /** A recording has come, changed its state or gone. */
  readonly onLibrary: () => void;
  /** A recording has ended and is stored: the desk remembers its end when this has resolved, and what failed of it. */
  readonly onEnded: (recording: Recording) => Promise<Failure | null>;
  readonly viewer: Pick<Viewer, 'prepare' | 'reveal' | 'show' | 'discard'>;
  /** The tags that a recording of `url` begins with. */
  readonly siteTags: (url: string) => Promise<Tags>;
  /** Tells the user in `tabId` why there is no recording: the state says it. */
  readonly complain: (tabId: number) => Promise<void>;
}

interface Current {
  readonly tabId: number;
  /** Until the recorder is there: what the tab is called. */
  readonly title: string;
  readonly recorder: Recorder | null;
  /** What was asked of the recorder before it was there. */
  wish: 'stop' | 'cancel' | null;
}

type Follow = Current & { readonly recorder: Recorder };

/** How long a tab that is closing may still be listed when its debugger goes, and how often it is looked for. */
const CLOSING_MILLIS: Millis = 1_000;
const CLOSING_LOOK_MILLIS: Millis = 100;
/** Chrome wakes us at least this often while a recording runs, should nothing else do so (its own least period). */
const WATCH_MINUTES = 0.5;
const WATCH_ALARM = 'recording-watch';

export class RecorderDesk {
  readonly #doors: DeskDoors;
  #current: Current | null = null;

  constructor(doors: DeskDoors) {
    this.#doors = doors;
  }

  get state(): RecorderState {
    const { finished, failure } = this.#doors.memory.remembered;
    const current = this.#current;
    const status = current?.recorder?.status;
    return {
      phase: current === null ? 'idle' : (status?.phase ?? 'starting'),
      tabId: current?.tabId ?? finished?.tabId ?? null,
      tabTitle: current === null ? '' : status?.title || status?.request.url || current.title,
      recording: status?.request.id ?? null,
      startedAt: status?.startedAt ?? null,
      bufferFill: status?.bufferFill ?? null,
      savedBytes: status?.savedBytes ?? 0,
      happenings: status?.happenings ?? [],
      failure,
      finished,
    };
  }

  /** Goes on with what an earlier service worker was doing when it was killed. */
  resume({ current, finished, unshown }: Remembered): void {
    if (current !== null) this.#resumeRecording(current.notes, current.tabId);
    else if (unshown && finished !== null) void this.#show(finished.recording, finished.tabId);
  }

  /** The toolbar button was pressed in `tabId`: starts, or stops. False where another tab is being recorded. */
  press(tabId: number, options: CaptureOptions): boolean {
    if (this.#current === null) void this.start(tabId, options);
    else if (this.#current.tabId === tabId) this.stop();
    else return false;
    return true;
  }

  async start(tabId: number, options: CaptureOptions): Promise<void> {
    if (this.#current !== null) {
      const failure = makeFailure('recorder-busy', { subject: this.state.tabTitle });
      await this.#fail(failure, tabId);
      return;
    }
    // At once: a second press must find it.
    const asked: Current = { tabId, title: '', recorder: null, wish: null };
    this.#current = asked;
    const request = await this.#prepare(tabId, options).catch((bug) =>
      fail<RecordingRequest>(makeFailure('recorder-broken', { subject: 'The tab', detail: String(bug) })),
    );
    if (!request.ok) {
      this.#current = null;
      await this.#fail(request.failure, tabId);
      return;
    }
    const { id, title } = request.value;
    const recorder = Recorder.begin(this.#recorderDoors(tabId, id), request.value);
    this.#follow({ tabId, title, recorder, wish: null });
    if (asked.wish === 'stop') recorder.stop();
    else if (asked.wish === 'cancel') recorder.cancel();
  }

  async #prepare(tabId: number, options: CaptureOptions): Promise<Result<RecordingRequest>> {
    await this.#remember({ failure: null });
    const tab = await findTab(tabId);
    if (tab === null) return fail(makeFailure('tab-gone', { subject: 'The tab' }));
    if (tab.url.startsWith(browser.runtime.getURL('')))
      return fail(makeFailure('own-page', { subject: tab.url }));
    await browser.alarms.create(WATCH_ALARM, { periodInMinutes: WATCH_MINUTES });
    return succeed({
      id: newRecordingId(),
      url: tab.url,
      title: tab.title,
      load: options.reload ? { kind: 'reload' } : { kind: 'stay' },
      options,
      browser: await browserName(),
      recorder: recorderName(),
      siteTags: await this.#doors.siteTags(tab.url),
      lastHandle: this.#doors.memory.remembered.lastHandle,
      devtoolsOpen: tab.attached || this.#doors.memory.remembered.panels.includes(tabId),
    });
  }

  /** The user has read why there is no recording. */
  async acknowledge(): Promise<void> {
    if (this.#doors.memory.remembered.failure !== null) await this.#remember({ failure: null });
  }

  /**
   * The watch woke us: whatever was to be resumed has been. It ends with the recording, and with the last one whose end
   * could not be stored: there may be room by now.
   */
  async checkWatch(): Promise<void> {
    if (this.#current !== null) return;
    const { library, memory, onLibrary } = this.#doors;
    const { unended } = memory.remembered;
    if (unended.length > 0) {
      const { changed, isDone } = await endAbandoned(library, unended);
      if (changed) onLibrary();
      if (!isDone) return;
      await memory.change({ unended: [] });
    }
    if (this.#current === null) await browser.alarms.clear(WATCH_ALARM);
  }

  stop(): void {
    this.#wish('stop');
  }

  cancel(): void {
    this.#wish('cancel');
  }

  #wish(wish: 'stop' | 'cancel'): void {
    const current = this.#current;
    if (current === null) return;
    if (current.recorder === null) current.wish = wish;
    else current.recorder[wish]();
  }

  handleEvent(tabId: number | undefined, method: string, params: CdpParams): void {
    if (tabId === this.#current?.tabId) this.#current?.recorder?.handleEvent(method, params);
  }

  handleDetach(tabId: number | undefined, reason: string): void {
    const current = this.#current;
    if (current !== null && tabId === current.tabId)
      current.recorder?.handleDetach(detachCode(current.tabId, reason), reason);
  }

  #resumeRecording(notes: RecorderNotes, tabId: number): void {
    const recorder = Recorder.resume(this.#recorderDoors(tabId, notes.request.id), notes);
    this.#follow({ tabId, title: notes.request.title, recorder, wish: null });
  }

  #recorderDoors(tabId: number, id: RecordingId) {
    const { library, memory, viewer, onState, onStalled } = this.#doors;
    return {
      session: new DebuggerSession(tabId),
      store: library,
      memory: {
        save: (notes: RecorderNotes | null) =>
          // The end of a recording is remembered where its result is known: see #end.
          notes === null ? Promise.resolve() : memory.change({ current: { notes, tabId } }),
      },
      onChange: onState,
      onAttached: () => viewer.prepare(id, tabId),
      onPageDone: () => void viewer.reveal(id),
      onStalled,
    };
  }

  #follow(current: Follow): void {
    this.#current = current;
    this.#doors.onState();
    this.#doors.onLibrary();
    void current.recorder.ended.then(async (result) => {
      try {
        await this.#end(current, result);
      } finally {
        // Whatever went wrong of it, the next recording can begin.
        if (this.#current === current) this.#current = null;
      }
    });
  }

  async #end({ tabId, recorder }: Follow, result: Result<Recording>): Promise<void> {
    const { lastHandle } = recorder;
    const failure = result.ok ? await this.#announce(recorder.status.request.url, result.value) : null;
    if (!result.ok) {
      await this.#endFailed({ tabId, recorder }, result.failure);
      return;
    }
    await browser.alarms.clear(WATCH_ALARM);
    this.#current = null;
    const { id, cutOff } = result.value;
    const finished = { recording: id, tabId };
    await this.#remember({ current: null, finished, unshown: true, failure: cutOff ?? failure, lastHandle });
    this.#doors.onLibrary();
    await this.#show(id, tabId);
  }

  /** There is nothing to show: it never began, was thrown away, or its end could not be stored. */
  async #endFailed({ tabId, recorder }: Pick<Follow, 'tabId' | 'recorder'>, failure: Failure): Promise<void> {
    const { memory, library, viewer } = this.#doors;
    const { lastHandle } = recorder;
    const { id } = recorder.status.request;
    const isThrownAway = failure.code === 'cancelled';
    if (isThrownAway) await library.remove(id);
    const kept = await library.get(id);
    const isLeft = kept.ok && kept.value.state === 'recording';
    const left = isLeft ? [{ recording: id, reason: failure }] : [];
    const unended = [...memory.remembered.unended, ...left];
    // Else the watch goes on.
    if (unended.length === 0) await browser.alarms.clear(WATCH_ALARM);
    this.#current = null;
    await memory.change({ current: null, lastHandle, unended });
    this.#doors.onLibrary();
    await viewer.discard(id);
    if (isThrownAway) this.#doors.onState();
    else await this.#fail(failure, tabId);
  }

  /** Others hear of its end before it is remembered: killed in between, they hear of it once more. */
  async #announce(asked: string, recording: Recording): Promise<Failure | null> {
    await this.#followSite(asked, recording);
    const stored = await this.#doors.library.get(recording.id);
    return stored.ok ? this.#doors.onEnded(stored.value) : null;
  }

  /** The load has ended at another site than it began at: it has that one's tags. */
  async #followSite(asked: string, { id, url }: Recording): Promise<void> {
    if (serviceOf(asked) !== serviceOf(url))
      await this.#doors.library.edit(id, { siteTags: await this.#doors.siteTags(url) });
  }

  async #show(id: RecordingId, tabId: number): Promise<void> {
    const { memory, viewer } = this.#doors;
    await viewer.show(id, tabId);
    await memory.change({ unshown: false });
  }

  async #fail(failure: Failure, tabId: number): Promise<void> {
    await this.#remember({ failure });
    await this.#doors.complain(tabId);
  }

  async #remember(changes: Partial<Remembered>): Promise<void> {
    await this.#doors.memory.change(changes);
    this.#doors.onState();
  }
}

/** What Chrome's reason for detaching means: it says `target_closed` of a closed tab and of one that it took from us. */
async function detachCode(tabId: number, reason: string): Promise<FailureCode> {
  if (reason === 'canceled_by_user') return 'cancelled-on-bar';
  const end = Date.now() + CLOSING_MILLIS;
  while (await isOpen(tabId)) {
    if (Date.now() >= end) return 'frame-took-tab';
    await new Promise((resolve) => setTimeout(resolve, CLOSING_LOOK_MILLIS));
  }
  return 'tab-closed-while-recording';
}

async function isOpen(tabId: number): Promise<boolean> {
  return browser.tabs.get(tabId).then(
    () => true,
    () => false,
  );
}

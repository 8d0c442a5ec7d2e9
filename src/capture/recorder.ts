/**
 * Records one page load: the same in the extension's service worker and in the command line.
 * In: a session to the page, a store, a memory, what to record, and every event of the session. Out: one promise of the
 * recording, whole or cut off, or of why there is none; and its state at every change.
 *
 *   starting   attach, prepare the page, start tracing, begin the entry        (nothing is kept if this fails)
 *   recording  ask for the load, follow it, wait until it is quiet or somebody stops it
 *   stopping   end tracing, wait until Chrome has written the stream
 *   saving     read the stream into the store, then finish the entry, detach, forget the notes
 *
 * Every phase can be begun by a recorder that was made from the notes of one that was killed in it: what must not happen
 * twice is noted before it is asked for, and what may happen twice is simply asked for again.
 * Refuses: nothing by throwing; what goes wrong ends as a Failure, in the entry where there is one.
 */
import {
  ensure,
  type Failure,
  type FailureCode,
  fail,
  inTime,
  type Millis,
  makeFailure,
  type Result,
  succeed,
} from '../base/index.ts';
import type { Recording, RecordingStore, StopReason, TraceFormat } from '../recording/index.ts';
import type { CdpParams, CdpSession } from './cdp-session.ts';
import { Commands } from './commands.ts';
import { drainTrace, type Packing } from './drain.ts';
import { EarlyDrain } from './early-drain.ts';
import { Entry, type EntryChanges } from './entry.ts';
import { Notebook } from './notebook.ts';
import { firstNotes, type RecorderMemory, type RecorderNotes, type RecordingRequest } from './notes.ts';
import { readAddress, settlePage } from './page-state.ts';
import { liftThrottling } from './preparation.ts';
import { readNumber } from './protocol-values.ts';
import { startRecording } from './start-phase.ts';
import { endTracing } from './tracing.ts';
import { Watching } from './watching.ts';

export interface RecorderDoors {
  readonly session: CdpSession;
  readonly store: RecordingStore;
  readonly memory: RecorderMemory;
  /** Something that {@link Recorder.status} tells has changed. */
  readonly onChange?: () => void;
  /** The tab is attached. What is to be started for this recording is started now: tracing waits for it. */
  readonly onAttached?: () => Promise<void>;
  /** The trace has ended, and the page has told what it had to tell: whatever happens to it now does no harm. */
  readonly onPageDone?: () => void;
  /**
   * The trace has ended, and Chrome, which is to pack it, does not hand it over, because no page of this session has ever
   * come to rest (see tracing.ts): time to show one. At most once per recording, and only in a browser that has just been started.
   */
  readonly onStalled?: () => void;
}

/** What a watcher sees of a recorder. */
export type RecorderStatus = Pick<
  RecorderNotes,
  'phase' | 'request' | 'startedAt' | 'bufferFill' | 'happenings'
> & {
  /** Of the page, as far as known. */
  readonly title: string;
  readonly savedBytes: number;
};

/** A session that is found gone waits so long to be told so: a worker that was just killed may have had the word. */
const REASON_MILLIS: Millis = 2_000;
/** Chrome lets go of a tab at once. One whose page hangs may never answer that it has (Playwright's session, seen). */
const DETACH_MILLIS: Millis = 2_000;

export class Recorder {
  /** Whole or cut off; a failure where nothing was kept: `cancelled` where the user threw it away. */
  readonly ended: Promise<Result<Recording>>;
  readonly #doors: RecorderDoors;
  readonly #commands: Commands;
  readonly #notebook: Notebook;
  readonly #resumed: boolean;
  readonly #stopWish = new Wish<StopReason | null>();
  readonly #traceComplete = new Wish<CdpParams>();
  readonly #secondBeat = new Wish<null>();
  /** Why the session has ended. */
  readonly #detached = new Wish<Promise<Failure>>();
  #beats = 0;
  /** A predecessor was killed while it ended the trace. */
  readonly #endBegun: boolean;
  /** Where attaching was refused because somebody else is attached, there is nothing of ours to detach. */
  #mayBeAttached: boolean;
  #entry: Entry | null = null;
  #watching: Watching | null = null;
  #settling: Promise<void> | null = null;
  #early: EarlyDrain | null = null;

  private constructor(doors: RecorderDoors, notes: RecorderNotes, resumed: boolean) {
    this.#doors = doors;
    this.#resumed = resumed;
    this.#mayBeAttached = resumed;
    this.#endBegun = resumed && notes.phase === 'stopping';
    this.#commands = new Commands(doors.session, notes.request.url);
    this.#notebook = new Notebook(doors.memory, notes, () => doors.onChange?.());
    this.ended = this.#run();
  }

  static begin(doors: RecorderDoors, request: RecordingRequest): Recorder {
    return new Recorder(doors, firstNotes(request), false);
  }

  /** Goes on where a recorder with these notes was killed: attached, and tracing, as Chrome left it. */
  static resume(doors: RecorderDoors, notes: RecorderNotes): Recorder {
    return new Recorder(doors, notes, true);
  }

  get status(): RecorderStatus {
    const { phase, request, startedAt, bufferFill, happenings } = this.#notebook.notes;
    const title = this.#entry?.recording.title || request.title;
    const savedBytes = this.#entry?.traceBytes ?? 0;
    return { phase, request, title, startedAt, bufferFill, happenings, savedBytes };
  }

  /** Of the trace's stream; until it is known, of the one before. */
  get lastHandle(): number {
    const { stream, request } = this.#notebook.notes;
    return Number(stream?.handle) || (request.lastHandle ?? 0);
  }

  get #packing(): Packing {
    return this.#doors.store.takesPlain ? 'none' : 'gzip';
  }

  /** Ends the recording and keeps it; while it starts, as soon as it has started. */
  stop(): void {
    this.#stopWish.fulfil('user');
  }

  /** Throws the recording away; where its trace is being saved already, ends that and keeps what there is. */
  cancel(): void {
    if (this.#notebook.notes.phase !== 'saving') void this.#notebook.change({ discard: true });
    this.#commands.interrupt(this.#cancelled());
  }

  /** The session has ended, for a reason that `code` words: to find out which may take a while. */
  handleDetach(code: FailureCode | Promise<FailureCode>, detail = ''): void {
    this.#detached.fulfil(Promise.resolve(code).then((found) => this.#failure(found, detail)));
    this.#commands.interrupt(this.#failure('session-gone', detail));
  }

  handleEvent(method: string, params: CdpParams): void {
    switch (method) {
      case 'Tracing.bufferUsage':
        if (++this.#beats === 2) this.#secondBeat.fulfil(null);
        this.#noteFill(readNumber(params, 'percentFull') ?? readNumber(params, 'value'));
        break;
      case 'Tracing.tracingComplete':
        this.#traceComplete.fulfil(params);
        // Nobody but us ends a recording's trace; if somebody did, what there is can be read.
        this.#stopWish.fulfil(null);
        break;
      case 'Inspector.targetCrashed':
        this.#handleCrash();
        break;
      default:
        this.#watching?.handle(method, params);
    }
  }

  /** A bug ends the recording as any other fault does: whoever follows it must not wait for ever. */
  async #run(): Promise<Result<Recording>> {
    const outcome = await this.#runPhases().catch((bug) => fail<Recording>(this.#broken(bug)));
    this.#watching?.stop(Date.now());
    if (outcome.ok) return outcome;
    return this.#giveUp(outcome.failure).catch((bug) => fail(this.#broken(bug)));
  }

  async #runPhases(): Promise<Result<Recording>> {
    if (this.#notebook.notes.discard) this.#commands.interrupt(this.#cancelled());
    const ready = this.#notebook.notes.phase === 'starting' ? await this.#start() : await this.#takeOver();
    if (!ready.ok) return ready;
    if (this.#known().recording.state !== 'recording') return this.#leave();
    for (const [phase, work] of [
      ['recording', () => this.#record()],
      ['stopping', () => this.#endTrace()],
      ['saving', () => this.#save()],
    ] as const) {
      if (this.#notebook.notes.phase !== phase) continue;
      const done = await work();
      if (!done.ok) return done;
    }
    return this.#finish();
  }

  async #start(): Promise<Result<void>> {
    const { session, store } = this.#doors;
    const commands = this.#commands;
    const started = await startRecording({
      session,
      onOpened: async () => {
        this.#mayBeAttached = true;
        await this.#doors.onAttached?.();
      },
      store,
      commands,
      notebook: this.#notebook,
      packing: this.#packing,
      resumed: this.#resumed,
    });
    if (!started.ok) return started;
    this.#entry = started.value;
    this.#watching = new Watching(commands, this.#notebook, this.#entry);
    await this.#watching.firstPicture();
    this.#watching.askForLoad();
    return succeed(undefined);
  }

  /** Takes the place of a recorder that was killed after it had begun the entry. */
  async #takeOver(): Promise<Result<void>> {
    const { notes } = this.#notebook;
    const found = await this.#doors.store.get(notes.request.id);
    if (!found.ok) return found;
    this.#entry = new Entry(this.#doors.store, found.value);
    this.#watching = new Watching(this.#commands, this.#notebook, this.#entry);
    if (notes.failure !== null) this.#stopWish.fulfil(null);
    return notes.phase === 'recording' ? this.#watching.catchUp() : succeed(undefined);
  }

  async #record(): Promise<Result<void>> {
    this.#watching?.waitForQuiet((reason) => this.#stopWish.fulfil(reason));
    const stopped = await this.#commands.untilInterrupted(this.#stopWish.fulfilled);
    if (!stopped.ok) return stopped;
    await this.#notebook.change({ phase: 'stopping', stopReason: stopped.value, stoppedAt: Date.now() });
    return succeed(undefined);
  }

  async #endTrace(): Promise<Result<void>> {
    const { request, stoppedAt, tracingAsked, failure } = this.#notebook.notes;
    this.#watching?.stop(ensure(stoppedAt, 'what ends has been stopped'));
    liftThrottling(this.#commands, request);
    const format = tracingAsked ?? 'perfetto';
    const ended = await endTracing({
      commands: this.#commands,
      subject: request.url,
      completed: this.#traceComplete.fulfilled,
      askedFor: format,
      packing: this.#packing,
      resumed: this.#endBegun,
      secondBeat: this.#secondBeat.fulfilled,
      crashed: failure !== null,
      onAsked: (now) => {
        void this.#letPageSettle();
        if (now) this.#early = this.#drainEarly(format);
      },
      onStalled: () => this.#doors.onStalled?.(),
    });
    await this.#early?.stop();
    if (!ended.ok) return ended;
    // Reading may begin before it is noted: a successor that knows less finds the stream, and reads on from what is stored.
    void this.#notebook.change({ phase: 'saving', stream: ended.value });
    return succeed(undefined);
  }

  /** The trace while Chrome still writes it. */
  #drainEarly(format: TraceFormat): EarlyDrain {
    return new EarlyDrain({
      commands: this.#commands,
      entry: this.#known(),
      lastHandle: this.#notebook.notes.request.lastHandle ?? 0,
      form: { format, packing: this.#packing },
      noteHandle: (earlyHandle) => this.#notebook.change({ earlyHandle }),
      onStored: () => this.#doors.onChange?.(),
    });
  }

  async #save(): Promise<Result<void>> {
    const { stream: found, earlyHandle } = this.#notebook.notes;
    const stream = ensure(found, 'what is saved has a stream');
    if (earlyHandle !== null && earlyHandle !== stream.handle) await this.#known().restartTrace();
    const settled = this.#letPageSettle();
    const saved = await drainTrace(this.#commands, this.#known(), stream, () => this.#doors.onChange?.());
    if (saved.ok) await settled;
    return saved;
  }

  /** Gathers what the page still has to tell, and lets it wake us, should we be killed while it says nothing else. */
  #letPageSettle(): Promise<void> {
    this.#settling ??= Promise.all([
      settlePage(this.#commands, this.#notebook.notes.stoppedAt ?? Date.now()),
      this.#readAddress(),
    ]).then(() => this.#doors.onPageDone?.());
    return this.#settling;
  }

  async #readAddress(): Promise<void> {
    const address = await readAddress(this.#commands);
    if (address === null) return;
    this.#entry?.change(address);
    void this.#entry?.write();
  }

  async #finish(): Promise<Result<Recording>> {
    const { failure } = this.#notebook.notes;
    this.#known().change({
      ...this.#ending(),
      state: failure === null ? 'whole' : 'cut-off',
      cutOff: failure,
    });
    const written = await this.#known().write();
    return written.ok ? this.#leave() : written;
  }

  /** The recording cannot go on: keeps what there is, where it is wanted. */
  async #giveUp(failure: Failure): Promise<Result<Recording>> {
    const { failure: earlier } = this.#notebook.notes;
    const reason = earlier ?? (await this.#reasonFor(failure));
    if (this.#entry === null || this.#notebook.notes.discard) {
      await this.#leave();
      return fail(this.#notebook.notes.discard ? this.#cancelled() : reason);
    }
    this.#entry.change({ ...this.#ending(), state: 'cut-off', cutOff: reason });
    const written = await this.#entry.write();
    await this.#leave();
    return written.ok ? succeed(this.#entry.recording) : fail(reason);
  }

  /** What the notes know of how the recording ended. */
  #ending(): EntryChanges {
    const { stopReason, startedAt, stoppedAt, stream } = this.#notebook.notes;
    return {
      stopReason,
      durationMillis: startedAt === null ? null : (stoppedAt ?? Date.now()) - startedAt,
      dataLoss: stream?.dataLoss ?? null,
    };
  }

  /** A command often finds the session gone before the event comes that says why. */
  async #reasonFor(failure: Failure): Promise<Failure> {
    if (failure.code !== 'session-gone') return failure;
    const told = await inTime(this.#detached.fulfilled, REASON_MILLIS);
    return told?.ok === true ? told.value : failure;
  }

  /** Detaches and forgets, in this order: notes that outlive the session are read once more, and end here again. */
  async #leave(): Promise<Result<Recording>> {
    const { stream } = this.#notebook.notes;
    // Frees Chrome's temporary file. Nobody waits for the answer: a closed session frees it as well.
    if (stream !== null) void this.#commands.send('IO.close', { handle: stream.handle });
    if (this.#mayBeAttached)
      await inTime(
        this.#doors.session.close().catch(() => {
          // Detached already: by the user, by Chrome, with the tab, or by a predecessor. That is what was wanted.
        }),
        DETACH_MILLIS,
      );
    await this.#notebook.forget();
    return this.#entry === null ? fail(this.#cancelled()) : succeed(this.#entry.recording);
  }

  #noteFill(fill: number | null): void {
    if (fill === null) return;
    void this.#notebook.change({ bufferFill: fill });
    const { buffer } = this.#entry?.recording ?? {};
    if (buffer)
      this.#entry?.change({ buffer: { ...buffer, peakFill: Math.max(buffer.peakFill ?? 0, fill) } });
  }

  #handleCrash(): void {
    switch (this.#notebook.notes.phase) {
      case 'starting':
        this.#commands.interrupt(this.#failure('tab-silent', 'Inspector.targetCrashed'));
        break;
      case 'recording':
        void this.#notebook.change({ failure: this.#failure('tab-crashed-while-recording') });
        this.#stopWish.fulfil(null);
        break;
      case 'stopping':
        // The trace is complete only when there is a renderer again (seen).
        void this.#commands.send('Page.reload');
        break;
      case 'saving':
        break;
    }
  }

  #known(): Entry {
    return ensure(this.#entry, 'only a recording that has begun is saved');
  }

  #cancelled(): Failure {
    return makeFailure('cancelled', { subject: `The recording of ${this.#notebook.notes.request.url}` });
  }

  #broken(bug: unknown): Failure {
    const detail = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
    return this.#failure('recorder-broken', detail);
  }

  #failure(code: FailureCode, detail = ''): Failure {
    return makeFailure(code, { subject: this.#notebook.notes.request.url, detail });
  }
}

/** Something that is hoped for once, and may come before anybody waits for it. */
class Wish<T> {
  readonly fulfilled: Promise<Result<T>>;
  #resolve: (result: Result<T>) => void = () => undefined;

  constructor() {
    this.fulfilled = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  fulfil(value: T): void {
    this.#resolve(succeed(value));
  }
}

/**
 * The panel's outside for tests: a recorder, a library, an engine, a clock and a memory that the test moves by hand.
 * In: where the app runs, the recordings there are. Out: an Outside, and the handles to move it. Everything that the
 * app asked for is on record.
 */
import { signal } from '@preact/signals';
import { CATEGORIES, type TimeRange } from '../../src/analysis/index.ts';
import type { Cargo } from '../../src/backends/index.ts';
import {
  fail,
  makeFailure,
  nextTurn,
  type Result,
  type SliceIndex,
  sliceIndex,
  succeed,
} from '../../src/base/index.ts';
import type {
  BreakdownQuestion,
  CargoFacts,
  ComparedGraph,
  DocumentSource,
  EngineApi,
  EventList,
  EventQuestion,
  FunctionChanges,
  GraphQuestion,
  Keeping,
  LeftOutExamples,
  MapAnswer,
  MapQuestion,
  Occurrences,
  OpenedDocument,
  OpenedRecording,
  OpenId,
  OpenOptions,
  SliceArguments,
  SliceDetails,
  Source,
  SourceText,
  SourceTimesQuestion,
  TextFlags,
  TextQuestion,
  TraceFileQuestion,
  TreeAnswer,
  TreeQuestion,
} from '../../src/engine/client.ts';
import type { PanelMessage, RecorderState } from '../../src/extension/messages.ts';
import type { Chart, SourcePlace } from '../../src/flame/index.ts';
import type { LastOpened, Outside } from '../../src/panel/state/doors.ts';
import type { Place } from '../../src/panel/state/recorder-view.ts';
import type { FileTimes } from '../../src/profile/index.ts';
import {
  type Recording,
  type RecordingId,
  recordingId,
  type SliceAnchor,
} from '../../src/recording/index.ts';
import { type ReadSettings, readSettings } from '../../src/settings/index.ts';
import { FakeBackends, FakeDeliveries } from './backends.ts';
import { buildOpenedRecording } from './opened.ts';
import { buildRecording, STARTED_AT } from './recording.ts';

export const TAB = 7;

export const IDLE_STATE: RecorderState = {
  phase: 'idle',
  tabId: null,
  tabTitle: '',
  recording: null,
  startedAt: null,
  bufferFill: null,
  savedBytes: 0,
  happenings: [],
  failure: null,
  finished: null,
};

export const EMPTY_CHART: Chart = {
  bounds: { start: 0, end: 0 },
  tracks: [],
  rowStart: new Int32Array(1),
  boxes: {
    length: 0,
    start: new Float64Array(0),
    end: new Float64Array(0),
    colour: new Uint8Array(0),
    slice: new Int32Array(0),
    label: new Int32Array(0),
  },
  longest: { levels: [], duration: new Float32Array(0) },
  labels: [],
};

/** Time that moves only when it is told. */
export class ManualClock {
  time = STARTED_AT;
  #waiting: { at: number; callback: () => void }[] = [];
  readonly ticking = new Set<() => void>();

  readonly now = (): number => this.time;
  readonly tick = (callback: () => void): (() => void) => {
    this.ticking.add(callback);
    return () => this.ticking.delete(callback);
  };
  readonly after = (millis: number, callback: () => void): (() => void) => {
    const entry = { at: this.time + millis, callback };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== entry);
    };
  };

  advance(millis: number): void {
    this.time += millis;
    for (const callback of this.ticking) callback();
    const due = this.#waiting.filter(({ at }) => at <= this.time);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.time);
    for (const { callback } of due) callback();
  }
}

/** An engine that opens what the test says, when the test says. */
export class ScriptedEngine implements EngineApi {
  readonly opened: Source[] = [];
  readonly closed: number[] = [];
  readonly ranges: TimeRange[] = [];
  /** Answers the next openings; a promise keeps them waiting. */
  answer: (source: Source) => Result<OpenedRecording> | Promise<Result<OpenedRecording>> = () =>
    succeed(buildOpenedRecording());
  options: OpenOptions | undefined;

  async open(source: Source, options?: OpenOptions): Promise<Result<OpenedRecording>> {
    this.opened.push(source);
    this.options = options;
    return this.answer(source);
  }
  /** A trace, unless the test says otherwise. */
  document: (() => Promise<Result<OpenedDocument>>) | null = null;
  async openDocument(source: DocumentSource, options?: OpenOptions): Promise<Result<OpenedDocument>> {
    if (this.document !== null) return this.document();
    if (source.kind === 'profiles' || source.kind === 'parts')
      return fail(makeFailure('cancelled', { subject: 'the question' }));
    const opened = await this.open(source, options);
    return opened.ok ? succeed({ kind: 'trace', opened: opened.value }) : opened;
  }
  async compare(): Promise<Result<FunctionChanges>> {
    return fail(makeFailure('cancelled', { subject: 'the question' }));
  }
  async compareGraph(): Promise<Result<ComparedGraph>> {
    return fail(makeFailure('cancelled', { subject: 'the question' }));
  }
  async profileFile(): Promise<Result<Blob>> {
    return succeed(new Blob(['profile']));
  }
  async chart() {
    return succeed(EMPTY_CHART);
  }
  async match(): Promise<Result<TextFlags>> {
    return succeed(new Uint8Array(0));
  }
  async tree(_open?: OpenId, _question?: TreeQuestion): Promise<Result<TreeAnswer>> {
    return fail(makeFailure('cancelled', { subject: 'the question' }));
  }
  async graph(_open?: OpenId, _question?: GraphQuestion): Promise<Result<Chart>> {
    return succeed(EMPTY_CHART);
  }
  async occurrences(): Promise<Result<Occurrences>> {
    return succeed({ count: 0, longest: null });
  }
  async events(_open?: OpenId, _question?: EventQuestion): Promise<Result<EventList>> {
    return succeed({ slices: new Int32Array(0), groups: null });
  }
  async search() {
    return succeed({ boxes: new Int32Array(0), labels: new Uint8Array(0) });
  }
  async insights() {
    return succeed([]);
  }
  async overview() {
    return succeed({ range: { start: 0, end: 0 }, buckets: 1, busy: new Float32Array(CATEGORIES.length) });
  }
  async breakdown(_open: unknown, { range }: BreakdownQuestion) {
    this.ranges.push(range);
    const millis = (range.end - range.start) / 1_000;
    const none = { loading: 0, scripting: 0, rendering: 0, painting: 0, system: 0, messaging: 0 };
    return succeed({ ...none, gpu: 0, async: 0, experience: 0, idle: millis });
  }
  async sourceText(_open: OpenId, _place: SourcePlace): Promise<Result<SourceText>> {
    const unknown = { generated: null, script: null, isMapped: false, unmapped: [] };
    return succeed({ text: null, from: null, ...unknown });
  }
  async sourceTimes(_open: OpenId, _question: SourceTimesQuestion): Promise<Result<FileTimes>> {
    return fail(makeFailure('cancelled', { subject: 'the question' }));
  }
  async mapScript(_open: OpenId, _question: MapQuestion): Promise<Result<MapAnswer>> {
    return fail(makeFailure('cancelled', { subject: 'the question' }));
  }
  async giveText(_open: OpenId, _question: TextQuestion): Promise<Result<Keeping>> {
    return fail(makeFailure('cancelled', { subject: 'the question' }));
  }
  async details(_open: OpenId, _slice: SliceIndex): Promise<Result<SliceDetails>> {
    return fail(makeFailure('cancelled', { subject: 'the question' }));
  }
  async picture(): Promise<Result<Uint8Array<ArrayBuffer>>> {
    return succeed(new Uint8Array(0));
  }

  async arguments(_open: OpenId, _slice: SliceIndex): Promise<Result<SliceArguments>> {
    return fail(makeFailure('cancelled', { subject: 'the question' }));
  }
  /** What was asked to be written, and the answer. */
  readonly written: TraceFileQuestion[] = [];
  file: () => Promise<Result<Blob>> = async () => succeed(new Blob(['{}']));
  async traceFile(_open: OpenId, question: TraceFileQuestion, _options?: OpenOptions): Promise<Result<Blob>> {
    this.written.push(question);
    return this.file();
  }
  async previewTraceFile(): Promise<Result<LeftOutExamples>> {
    const none = { count: 0, examples: [] };
    return succeed({
      addresses: none,
      titles: none,
      headers: none,
      scripts: none,
      details: none,
      pictures: { count: 0, examples: [] },
    });
  }
  /** What can be sent of what is open. */
  load: () => Result<Cargo> = () => fail(makeFailure('cancelled', { subject: 'the question' }));
  served: EngineApi['served'] = async () => succeed([]);
  showServerSpans: EngineApi['showServerSpans'] = async () => succeed(undefined);
  tracing: EngineApi['tracing'] = async () => succeed({ server: null, span: null });
  readonly cargoFacts: CargoFacts[] = [];
  async cargo(_open: OpenId, facts: CargoFacts): Promise<Result<Cargo>> {
    this.cargoFacts.push(facts);
    return this.load();
  }
  async warmUp() {
    return succeed(undefined);
  }
  practise: EngineApi['practise'] = async () => succeed(buildOpenedRecording());
  async marks() {
    return succeed({ bits: new Uint8Array(0), forced: new Int32Array(0), forcedBy: new Int32Array(0) });
  }
  async anchor(_open: OpenId, slice: SliceIndex): Promise<Result<SliceAnchor | null>> {
    return succeed({ track: '1:1', start: slice, name: 'slice', nth: 0 });
  }
  /** Anchors of `anchor` lead back; those that start before 0 are not there. */
  async resolve(_open: OpenId, anchors: readonly SliceAnchor[]) {
    return succeed(anchors.map(({ start }) => (start < 0 ? null : sliceIndex(start))));
  }
  async close(open: number) {
    this.closed.push(open);
    return succeed(undefined);
  }
}

/** Files on their way into the library. */
export class FakeImports {
  readonly names: string[] = [];
  options: OpenOptions | null = null;
  held: Promise<void> | null = null;

  /** From now on none arrives. */
  hold(): void {
    this.held = new Promise(() => undefined);
  }
}

export interface FakeOutside {
  readonly backends: FakeBackends;
  readonly deliveries: FakeDeliveries;
  readonly outside: Outside;
  readonly clock: ManualClock;
  readonly engine: ScriptedEngine;
  readonly sent: PanelMessage[];
  readonly downloads: string[];
  readonly copied: string[];
  readonly remembered: LastOpened[];
  /** One for each time that the page was made ready. */
  readonly readied: Place[];
  readonly recordings: Map<RecordingId, Recording>;
  readonly importing: FakeImports;
  /** What the service worker says next. */
  readonly say: (state: Partial<RecorderState>) => void;
  readonly sayLibraryChanged: () => void;
}

export interface FakeOptions {
  readonly backends?: FakeBackends;
  readonly place?: Place;
  readonly recordings?: readonly Recording[];
  readonly last?: LastOpened;
}

export function fakeOutside(options: FakeOptions = {}): FakeOutside {
  const place: Place = options.place ?? { kind: 'panel', tabId: TAB };
  const clock = new ManualClock();
  const engine = new ScriptedEngine();
  const state = signal<RecorderState | null>(null);
  const listeners = new Set<() => void>();
  const recordings = new Map((options.recordings ?? []).map((one) => [one.id, one]));
  const sent: PanelMessage[] = [];
  const downloads: string[] = [];
  const copied: string[] = [];
  const remembered: LastOpened[] = [];
  const readied: Place[] = [];
  const importing = new FakeImports();
  const get = async (id: RecordingId): Promise<Result<Recording>> => {
    const found = recordings.get(id);
    return found === undefined ? fail(makeFailure('recording-not-found', { subject: id })) : succeed(found);
  };
  const settings = signal<ReadSettings>(readSettings(undefined));
  const backends = options.backends ?? new FakeBackends();
  const deliveries = new FakeDeliveries();
  const outside: Outside = {
    place,
    backends: async () => backends,
    deliveries: async () => deliveries,
    recorder: {
      state,
      connection: signal('connected' as const),
      send: (message) => sent.push(message),
      onLibraryChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    library: {
      list: async () => succeed([...recordings.values()]),
      get,
      async edit(id, changes) {
        const found = await get(id);
        if (!found.ok) return found;
        const edited = { ...found.value, ...changes };
        recordings.set(id, edited);
        return succeed(edited);
      },
      async remove(id) {
        recordings.delete(id);
        return succeed(undefined);
      },
      async importFile(name, _file, options) {
        importing.names.push(name);
        importing.options = options;
        await importing.held;
        const imported = buildRecording({ id: recordingId(name), state: 'whole', name });
        recordings.set(imported.id, imported);
        return succeed(imported);
      },
      async exportFile(id) {
        const found = await get(id);
        return found.ok ? succeed({ name: `${found.value.name}.pageflame`, file: new Blob([]) }) : found;
      },
      readFrame: async () => succeed(new Uint8Array(0)),
    },
    settings: {
      current: settings,
      async change(change) {
        settings.value = { ...settings.value, settings: change(settings.value.settings) };
        return succeed(undefined);
      },
    },
    storageRoom: async () => ({ used: 1e6, quota: 1e9 }),
    inOnePage: async (_name, work) => work(),
    engine,
    makeReady: async () => {
      readied.push(place);
    },
    memory: {
      read: async () => options.last ?? { recording: null, finished: null },
      write: (last) => remembered.push(last),
    },
    clock,
    download: (name) => downloads.push(name),
    copy: async (text) => {
      copied.push(text);
      return true;
    },
    reloadPage: () => undefined,
  };
  return {
    backends,
    deliveries,
    outside,
    clock,
    engine,
    sent,
    downloads,
    copied,
    remembered,
    readied,
    recordings,
    importing,
    say(changes) {
      state.value = { ...(state.value ?? IDLE_STATE), ...changes };
    },
    sayLibraryChanged() {
      for (const listener of listeners) listener();
    },
  };
}

/** Lets every promise that can settle now settle. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await nextTurn();
  await new Promise((resolve) => setImmediate(resolve));
}

/** More than an answer takes from the engine to the screen. */
const TURNS = 6;

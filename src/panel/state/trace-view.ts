/**
 * The state of one open trace: what is visible, what is selected, and the numbers for it.
 * In: what the engine answered on opening. Out: signals; the chart arrives later, the breakdown follows the
 * measured or visible range. Refuses nothing: failures go to `onFailure`. Call `dispose` when it is left.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Breakdown, TimeRange } from '../../analysis/index.ts';
import { type Failure, type Micros, type Millis, nextTurn, type SliceIndex } from '../../base/index.ts';
import type { EngineApi, OpenedRecording, SliceDetails } from '../../engine/client.ts';
import type { Chart, HideRule, SliceMarks, SourcePlace } from '../../flame/index.ts';
import type { ChartSettings } from '../../settings/index.ts';
import type { NotesKeeper } from './chart/notes-keeper.ts';
import { createOverview, type OverviewState } from './chart/overview.ts';
import { createSearch, type Search } from './chart/search.ts';
import { createTrackState, type TrackState } from './chart/track-state.ts';
import { type ArgumentsState, followArguments } from './facts/slice-arguments.ts';
import { subjectThread } from './facts/subject-thread.ts';
import { createLatest, type Pace } from './latest.ts';
import { createProfileView, type ProfileView } from './profile/profile-view.ts';

/** What is told beside the chart waits for its first picture; so long at most, because a page that nobody sees paints none. */
const CHART_FIRST_MILLIS: Millis = 300;
/**
 * While the chart moves its numbers follow so seldom: a frame in which they change lays them out and paints them, and takes
 * 3 ms longer. They are there when it rests.
 */
const MOVING: Pace = { quiet: 80, most: 640 };

export type RangeKind = 'measured' | 'page-window' | 'whole' | 'visible';

/** The range that the numbers are of. */
export interface ShownRange {
  readonly kind: RangeKind;
  readonly range: TimeRange;
}

export interface RangeBreakdown extends ShownRange {
  readonly breakdown: Breakdown;
}

export interface TraceView {
  readonly opened: OpenedRecording;
  /** Times count from here: navigation start, else the trace's first event. */
  readonly origin: Micros;
  /** The page window, else the whole trace. */
  readonly home: TimeRange;
  readonly viewport: Signal<TimeRange>;
  readonly measured: Signal<TimeRange | null>;
  readonly selection: Signal<SliceIndex | null>;
  readonly tracks: TrackState;
  readonly shownRange: ReadonlySignal<ShownRange>;
  /** null until they have been computed. */
  readonly chart: ReadonlySignal<Chart | null>;
  /** Whoever paints the chart says when its first picture is there. */
  readonly onPainted: () => void;
  /** Resolves when what may come behind the chart has its turn; undefined: at once. */
  readonly afterChart: Promise<void> | undefined;
  readonly overview: OverviewState;
  /** null until it is computed, and always where the trace has no page. */
  readonly breakdown: ReadonlySignal<RangeBreakdown | null>;
  /** The selected slice; null for none. */
  readonly details: ReadonlySignal<SliceDetails | null>;
  /** What the source says about it. */
  readonly sliceArguments: ReadonlySignal<ArgumentsState>;
  readonly search: Search;
  /** What the user took out of the chart. */
  readonly hidden: Signal<readonly HideRule[]>;
  /** Whose its slices are, and which were forced; null until it is known. */
  readonly marks: ReadonlySignal<SliceMarks | null>;
  /** What the user wrote on it. */
  readonly notes: NotesKeeper;
  /** What tables and flame graph are of. */
  readonly profile: ProfileView;
  /** The place whose source code was asked for last, wherever that was; every asking is an object of its own. */
  readonly source: Signal<SourcePlace | null>;
  /** Counts up when functions got other names, by a source map: whatever names them asks anew. */
  readonly names: Signal<number>;
  readonly dispose: () => void;
}

export interface TraceViewOptions {
  readonly engine: EngineApi;
  readonly opened: OpenedRecording;
  readonly notes: NotesKeeper;
  /** What charts leave out and dim. */
  readonly look: ReadonlySignal<ChartSettings>;
  readonly onFailure: (failure: Failure) => void;
  /** 0: at once, for tests that look at no picture. */
  readonly chartFirstMillis?: Millis;
}

/** Opens the view on the page window and asks for the rest. */
export function createTraceView(options: TraceViewOptions): TraceView {
  const { engine, opened, notes, look, onFailure, chartFirstMillis = CHART_FIRST_MILLIS } = options;
  const abort = new AbortController();
  const home = opened.pageWindow ?? opened.bounds;
  const viewport = signal(home);
  const measured = signal<TimeRange | null>(null);
  const selection = signal<SliceIndex | null>(null);
  const chart = signal<Chart | null>(null);
  const tracks = createTrackState(chart, notes);
  const names = signal(0);
  const shownRange = computed(() => chooseRange(measured.value, viewport.value, opened));
  // Before everything else: it is what the user waits for, and one thread answers all questions in turn.
  const hidden = signal<readonly HideRule[]>([]);
  const leftOut = computed(() => ({
    hidden: hidden.value,
    ignored: look.value.ignored,
    names: names.value,
  }));
  const { names: _none, ...leftOutAtFirst } = leftOut.peek();
  const charted = engine.chart(opened.open, { ...leftOutAtFirst, signal: abort.signal });
  const { painted, onPainted } = awaitPainting();
  const from =
    chartFirstMillis === 0 ? undefined : charted.then(() => Promise.race([painted, after(chartFirstMillis)]));
  const breakdown = followBreakdown({ engine, opened, shownRange, from, onFailure });
  const overview = createOverview({ engine, opened, home, viewport, chart, from, onFailure });
  const details = followDetails({ engine, opened, selection, names, onFailure });
  const sliceArguments = followArguments({ engine, open: opened.open, selection, names });
  const search = createSearch({ engine, open: opened.open, chart, viewport, selection });
  const stopHiding = followHidden({ engine, opened, leftOut, chart, onFailure });
  const marks = signal<SliceMarks | null>(null);
  const profile = createProfileView({ opened, shownRange, details: details.value, names });

  const takeChart = async (): Promise<void> => {
    const answer = await charted;
    // To read it is a task of its own, and to draw it another.
    await nextTurn();
    if (abort.signal.aborted) return;
    if (!answer.ok) return onFailure(answer.failure);
    chart.value = answer.value;
    await from;
    if (abort.signal.aborted) return;
    const known = await engine.marks(opened.open, { signal: abort.signal });
    if (abort.signal.aborted) return;
    if (known.ok) marks.value = known.value;
    else onFailure(known.failure);
  };
  void takeChart();

  return {
    opened,
    origin: home.start,
    home,
    viewport,
    measured,
    selection,
    tracks,
    shownRange,
    chart,
    onPainted,
    afterChart: from,
    overview,
    breakdown: breakdown.value,
    details: details.value,
    sliceArguments: sliceArguments.value,
    search,
    notes,
    profile,
    source: signal(null),
    names,
    hidden,
    marks,
    dispose() {
      stopHiding();
      abort.abort();
      overview.dispose();
      tracks.dispose();
      breakdown.dispose();
      details.dispose();
      sliceArguments.dispose();
      search.dispose();
      profile.dispose();
    },
  };
}

/** What waits for the picture comes when the page has it: the frame that it was painted in ends first. */
function awaitPainting(): { readonly painted: Promise<void>; readonly onPainted: () => void } {
  let onPainted = (): void => undefined;
  const painted = new Promise<void>((resolve) => {
    onPainted = resolve;
  });
  return { painted: painted.then(nextTurn), onPainted: () => onPainted() };
}

const after = (millis: Millis): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

interface LeftOutOfChart {
  readonly hidden: readonly HideRule[];
  readonly ignored: readonly string[];
  /** Nothing is left out by it: other names are other labels. */
  readonly names: number;
}

/** Lays the chart out anew when something is hidden, shown or renamed. The first chart is asked for on opening. */
function followHidden({
  engine,
  opened,
  leftOut,
  chart,
  onFailure,
}: FollowOptions & {
  readonly leftOut: ReadonlySignal<LeftOutOfChart>;
  readonly chart: Signal<Chart | null>;
}): () => void {
  const latest = createLatest<LeftOutOfChart, Chart>({
    ask: ({ names: _names, ...what }, abortSignal) =>
      engine.chart(opened.open, { ...what, signal: abortSignal }),
    onAnswer: (next) => {
      chart.value = next;
    },
    onFailure,
  });
  // Other settings come as new objects, too.
  const keyOf = ({ hidden, ignored, names }: LeftOutOfChart): string =>
    JSON.stringify([hidden, ignored, names]);
  let asked = keyOf(leftOut.peek());
  const stop = effect(() => {
    const key = keyOf(leftOut.value);
    if (key === asked) return;
    asked = key;
    latest.ask(leftOut.value);
  });
  return () => {
    stop();
    latest.dispose();
  };
}

const isSame = (one: TimeRange, other: TimeRange): boolean =>
  // Zoom and pan are floating point: half a microsecond is below every trace clock.
  Math.abs(one.start - other.start) < 0.5 && Math.abs(one.end - other.end) < 0.5;

/** What is measured goes before what is visible. */
function chooseRange(measured: TimeRange | null, visible: TimeRange, opened: OpenedRecording): ShownRange {
  const range = measured ?? visible;
  if (opened.pageWindow !== null && isSame(range, opened.pageWindow)) return { kind: 'page-window', range };
  if (isSame(range, opened.bounds)) return { kind: 'whole', range };
  return { kind: measured === null ? 'visible' : 'measured', range };
}

interface Follower<T> {
  readonly value: ReadonlySignal<T | null>;
  readonly dispose: () => void;
}

interface FollowOptions {
  readonly engine: EngineApi;
  readonly opened: OpenedRecording;
  /** Nothing is asked before. */
  readonly from?: Promise<unknown> | undefined;
  readonly onFailure: (failure: Failure) => void;
}

function followBreakdown(
  options: FollowOptions & { readonly shownRange: ReadonlySignal<ShownRange> },
): Follower<RangeBreakdown> {
  const { engine, opened, shownRange, from, onFailure } = options;
  const value = signal<RangeBreakdown | null>(null);
  const thread = opened.mainThread ?? subjectThread(opened)?.thread ?? null;
  if (thread === null) return { value, dispose: () => undefined };
  const latest = createLatest<ShownRange, Breakdown>({
    ask: ({ range }, abortSignal) =>
      engine.breakdown(opened.open, { thread, range }, { signal: abortSignal }),
    onAnswer: (breakdown, shown) => {
      value.value = { ...shown, breakdown };
    },
    onFailure,
    from,
    pace: MOVING,
  });
  const stop = effect(() => latest.ask(shownRange.value));
  return {
    value,
    dispose() {
      stop();
      latest.dispose();
    },
  };
}

function followDetails(
  options: FollowOptions & {
    readonly selection: ReadonlySignal<SliceIndex | null>;
    readonly names: ReadonlySignal<number>;
  },
): Follower<SliceDetails> {
  const { engine, opened, selection, names, onFailure } = options;
  const value = signal<SliceDetails | null>(null);
  const latest = createLatest<SliceIndex, SliceDetails>({
    ask: (slice, abortSignal) => engine.details(opened.open, slice, { signal: abortSignal }),
    onAnswer: (details, slice) => {
      if (selection.peek() === slice) value.value = details;
    },
    onFailure,
  });
  const stop = effect(() => {
    const slice = selection.value;
    if (names.value < 0 || slice === null) value.value = null;
    else latest.ask(slice);
  });
  return {
    value,
    dispose() {
      stop();
      latest.dispose();
    },
  };
}

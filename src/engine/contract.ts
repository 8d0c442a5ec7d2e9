/**
 * What can be asked of an open recording: one interface, implemented by the Engine itself (command line, tests) and by
 * its client over a worker (panel). Types only.
 * Every question may be cancelled by its signal; it then answers the failure `cancelled`. Expected failures are
 * answers, never exceptions. Times are microseconds on the trace's own clock.
 */
import type {
  Breakdown,
  Category,
  Insight,
  LinkKind,
  Milestone,
  NetworkRequest,
  TimeRange,
  TraceVitals,
} from '../analysis/index.ts';
import type { Cargo } from '../backends/index.ts';
import type { Failure, Micros, Result, SliceIndex, ThreadIndex, TraceContext } from '../base/index.ts';
import type {
  Chart,
  CpuOverview,
  HideRule,
  SearchQuery,
  SearchTexts,
  SliceMarks,
  SourcePlace,
} from '../flame/index.ts';
import type { FileTimes } from '../profile/index.ts';
import type { Recording, SliceAnchor } from '../recording/index.ts';
import type { Diagnostics, ThreadRole } from '../trace/index.ts';
import type {
  ComparedGraph,
  CompareGraphQuestion,
  CompareScope,
  DocumentSource,
  FunctionChanges,
  OpenedProfiles,
  OpenId,
  ProfileFileQuestion,
  Source,
} from './document-questions.ts';
import type {
  Keeping,
  MapAnswer,
  MapQuestion,
  SourceText,
  SourceTimesQuestion,
  TextQuestion,
} from './scripts/source-questions.ts';
import type { SearchMatches } from './search/chart-search.ts';
import type { TextFlags } from './search/text-matcher.ts';
import type { SliceArguments } from './slices/slice-arguments.ts';
import type {
  EventList,
  EventQuestion,
  GraphQuestion,
  OccurrenceQuestion,
  Occurrences,
  TreeAnswer,
  TreeQuestion,
} from './view-questions.ts';

export type { OpenId, Source } from './document-questions.ts';

export interface OpenProgress {
  /** Bytes read of the stored (packed) source. */
  readonly readBytes: number;
  /** null where it is not known beforehand. */
  readonly totalBytes: number | null;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
}

export interface ChartOptions extends AskOptions {
  /** What is left out of the picture. */
  readonly hidden?: readonly HideRule[];
  /** Patterns of scripts whose calls are left out, too. */
  readonly ignored?: readonly string[];
}

export interface OpenOptions extends AskOptions {
  readonly onProgress?: (progress: OpenProgress) => void;
}

export interface ThreadSummary {
  readonly thread: ThreadIndex;
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  readonly role: ThreadRole;
  readonly url: string;
  readonly title: string;
  readonly onMainFrame: boolean;
  readonly slices: number;
  readonly samples: number;
}

/** Values of one counter over time: of one thread, or of one process. */
export interface CounterTrack {
  readonly name: string;
  readonly pid: number;
  /** Row of the thread whose own it is; -1 for one that counts its whole process. */
  readonly thread: number;
  readonly time: Float64Array<ArrayBuffer>;
  readonly value: Float64Array<ArrayBuffer>;
}

/** What is known as soon as a source is read: answered before the chart is laid out. */
export interface OpenedRecording {
  readonly open: OpenId;
  /** null for a bare trace. */
  readonly recording: Recording | null;
  readonly format: 'json' | 'perfetto';
  readonly events: number;
  readonly sampleCount: number;
  readonly bounds: TimeRange;
  /** Unix ms at trace time 0; null where the trace does not know. */
  readonly unixMillisAtZero: number | null;
  readonly url: string;
  /** null where the trace has no page. */
  readonly mainThread: ThreadIndex | null;
  readonly pageWindow: TimeRange | null;
  readonly milestones: readonly Milestone[];
  /** What the trace alone tells of the vitals; a recording's own are measured in the page and go first. */
  readonly vitals: TraceVitals;
  readonly threads: readonly ThreadSummary[];
  readonly requests: readonly NetworkRequest[];
  /** What is shown of the page's process. */
  readonly counters: readonly CounterTrack[];
  /** When the pictures of the page were taken that the trace itself holds, in order; a recording's own are kept beside it. */
  readonly pictures: readonly Micros[];
  readonly diagnostics: Readonly<Diagnostics>;
  /** What was given to its scripts, kept with it and can no longer be read. */
  readonly sourceFailures: readonly Failure[];
  /** How many events of each phase the trace holds: `X`, `b`, `O`, …. */
  readonly phaseCounts: Readonly<Record<string, number>>;
}

export type OpenedDocument =
  | { readonly kind: 'trace'; readonly opened: OpenedRecording }
  | { readonly kind: 'profiles'; readonly opened: OpenedProfiles };

export interface BreakdownQuestion {
  readonly thread: ThreadIndex;
  readonly range: TimeRange;
  /** false leaves the JavaScript calls out that samples tell of (`--events-only`). Default true. */
  readonly jsCalls?: boolean;
}

export interface OverviewQuestion {
  readonly thread: ThreadIndex;
  readonly range: TimeRange;
  /** How many equal parts the range is cut into. */
  readonly buckets: number;
}

/** One slice of a path: enough to name it and go there. */
export interface SliceStep {
  readonly slice: SliceIndex;
  readonly text: string;
  readonly category: Category;
}

/**
 * The other end of a cause: enough to name it, to go there, and to draw an arrow to (`time`, box of `slice`). A moment (a
 * timer's install, a scheduled layout) has no box: `slice` and `text` are then those of the slice in which it happened.
 * For arrows between all requests see `PageItem.initiator`.
 */
export interface SliceLink extends SliceStep {
  readonly kind: LinkKind;
  /** What happened there: `Install timer`. */
  readonly event: string;
  readonly time: Micros;
  readonly thread: ThreadIndex;
  readonly onThread: boolean;
}

export interface SliceDetails extends SliceStep {
  readonly thread: ThreadIndex;
  /** The event's own name; the function's for a JavaScript call. */
  readonly eventName: string;
  readonly traceCategory: string;
  readonly start: Micros;
  /** Microseconds. */
  readonly total: number;
  readonly self: number;
  readonly source: SourcePlace | null;
  /** Visible ancestors, outermost first. */
  readonly path: readonly SliceStep[];
  /** Visible children. */
  readonly children: number;
  readonly jsCall: boolean;
  readonly endInferred: boolean;
  readonly clipped: boolean;
  /** false for a request, frame, interaction …: it is the page's, not a thread's. */
  readonly onThread: boolean;
  /** Who caused it; where nobody did, who caused the nearest slice around it. */
  readonly initiators: readonly SliceLink[];
  /** The slice around it that they caused; null where they caused the slice itself, or there are none. */
  readonly initiatorsOf: SliceStep | null;
  /** What it caused, and moments in it that belong to no slice inside it: the first ones. */
  readonly initiated: readonly SliceLink[];
  readonly initiatedLeftOut: number;
}

/**
 * A trace as a file: JSON as DevTools loads it, or Perfetto's own form where it was recorded so. `pageflame` is a recording
 * of the library as a copy of its own, for who is to see less than all of it.
 */
export type TraceFileForm = 'json' | 'pftrace' | 'pageflame';

/** What is taken out of a file. */
export interface LeftOut {
  /** Query strings, fragments and user names of addresses, wherever they stand. */
  readonly addresses: boolean;
  readonly titles: boolean;
  /** The values of requests' and answers' headers. */
  readonly headers: boolean;
  readonly scripts: boolean;
  /** What the page gave to its marks and measures, in which it also names its own tracks. */
  readonly details: boolean;
  /** Screenshots in the trace, and the filmstrip of a recording. */
  readonly pictures: boolean;
}

export interface LeftOutKind {
  readonly count: number;
  /** The first few different ones, cut to what can be read. */
  readonly examples: readonly { readonly before: string; readonly after: string }[];
}

/** Of pictures there is a count alone. */
export type LeftOutExamples = Readonly<Record<keyof LeftOut, LeftOutKind>>;

export interface TraceFileQuestion {
  readonly form: TraceFileForm;
  readonly leaveOut: LeftOut;
}

/** What stands for a trace that is sent, and which part of it. */
export interface CargoFacts {
  /** Microseconds on the trace's own clock; left out for all of it. */
  readonly range?: TimeRange;
  readonly seed: string;
  readonly name: string;
  /** Unix ms at trace time 0. */
  readonly unixMillisAtZero: number;
}

/** What tracers of requests know of a slice. */
export interface Tracing {
  /** The server's span that the response of the request named, or that it is itself; null where none was named, and for all else. */
  readonly server: TraceContext | null;
  /** Which span of the load's trace it is, 0 the load itself; null for what is none. */
  readonly span: number | null;
}

/** A request whose response named the trace of its server. */
export interface ServedRequest {
  readonly slice: SliceIndex;
  readonly start: Micros;
  readonly end: Micros;
  readonly server: TraceContext;
}

/** A span of a server, on the trace's clock. */
export interface ServerSpanMark {
  readonly start: Micros;
  readonly end: Micros;
  readonly name: string;
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
}

export interface EngineApi {
  /** A trace, of the library or in a file. */
  open(source: Source, options?: OpenOptions): Promise<Result<OpenedRecording>>;
  chart(open: OpenId, options?: ChartOptions): Promise<Result<Chart>>;
  /** Boxes of the chart, which was asked for before. */
  search(open: OpenId, query: SearchQuery, options?: AskOptions): Promise<Result<SearchMatches>>;
  /** Which of some texts are found, where a pattern may take its time. */
  match(texts: SearchTexts, query: SearchQuery, options?: AskOptions): Promise<Result<TextFlags>>;
  /** A call tree of a range, for tables. */
  tree(open: OpenId, question: TreeQuestion, options?: AskOptions): Promise<Result<TreeAnswer>>;
  /** The same as boxes, for the flame graph. */
  graph(open: OpenId, question: GraphQuestion, options?: AskOptions): Promise<Result<Chart>>;
  /** Where in a range a function ran. */
  occurrences(open: OpenId, question: OccurrenceQuestion, options?: AskOptions): Promise<Result<Occurrences>>;
  /** The slices of a range, for the event log. */
  events(open: OpenId, question: EventQuestion, options?: AskOptions): Promise<Result<EventList>>;
  overview(open: OpenId, question: OverviewQuestion, options?: AskOptions): Promise<Result<CpuOverview>>;
  breakdown(open: OpenId, question: BreakdownQuestion, options?: AskOptions): Promise<Result<Breakdown>>;
  /** What is worth a look, from the load's beginning to its end. */
  insights(open: OpenId, options?: AskOptions): Promise<Result<readonly Insight[]>>;
  /** What is known at once. */
  details(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<SliceDetails>>;
  /** What the source says about the slice: it is read again for it, which takes a while in a large one. */
  arguments(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<SliceArguments>>;
  /** The JPEG of one of the trace's own pictures; empty where there is none. */
  picture(open: OpenId, picture: number, options?: AskOptions): Promise<Result<Uint8Array<ArrayBuffer>>>;
  /** The whole trace as a file; its bytes are read again for it. */
  traceFile(open: OpenId, question: TraceFileQuestion, options?: OpenOptions): Promise<Result<Blob>>;
  /** What could be left out of a file of it. */
  previewTraceFile(open: OpenId, options?: OpenOptions): Promise<Result<LeftOutExamples>>;
  /** What can be sent of it, or of a range. */
  cargo(open: OpenId, facts: CargoFacts, options?: AskOptions): Promise<Result<Cargo>>;
  /** Which span of the load it is, and the server's trace that answered it. */
  tracing(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<Tracing>>;
  /** The requests that name their server's trace, by start. */
  served(open: OpenId, options?: AskOptions): Promise<Result<readonly ServedRequest[]>>;
  /** What the next charts have beneath the requests, in the place of what was there. */
  showServerSpans(open: OpenId, spans: readonly ServerSpanMark[]): Promise<Result<undefined>>;
  /** Whose the slices are, and which were forced. */
  marks(open: OpenId, options?: AskOptions): Promise<Result<SliceMarks>>;
  /** How notes name a slice; null where it cannot be named. */
  anchor(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<SliceAnchor | null>>;
  /** The slices that notes name; null for what is not in this trace. */
  resolve(
    open: OpenId,
    anchors: readonly SliceAnchor[],
    options?: AskOptions,
  ): Promise<Result<readonly (SliceIndex | null)[]>>;
  /** Whatever the file holds: a trace, or profiles. */
  openDocument(source: DocumentSource, options?: OpenOptions): Promise<Result<OpenedDocument>>;
  /** What changed between two scopes of what is open, by function. */
  compare(scope: CompareScope, options?: AskOptions): Promise<Result<FunctionChanges>>;
  /** The same as boxes, for the flame graph. */
  compareGraph(question: CompareGraphQuestion, options?: AskOptions): Promise<Result<ComparedGraph>>;
  /** What a view is of, or all of a file's profiles, as a file of another tool. */
  profileFile(open: OpenId, question: ProfileFileQuestion, options?: AskOptions): Promise<Result<Blob>>;
  /** The text of a file of code, as far as the recording or a source map holds it. */
  sourceText(open: OpenId, place: SourcePlace, options?: AskOptions): Promise<Result<SourceText>>;
  /** Where in a file the time went. */
  sourceTimes(open: OpenId, question: SourceTimesQuestion, options?: AskOptions): Promise<Result<FileTimes>>;
  /** Gives a script its source map, or takes it away: all answers from then on bear the names of its authors. */
  mapScript(open: OpenId, question: MapQuestion, options?: AskOptions): Promise<Result<MapAnswer>>;
  /** Gives a file of code its text, or takes it away. */
  giveText(open: OpenId, question: TextQuestion, options?: AskOptions): Promise<Result<Keeping>>;
  close(open: OpenId): Promise<Result<undefined>>;
  /** Something will be opened soon: makes ready what can be. Takes at most half a second, and does nothing twice. */
  warmUp(): Promise<Result<undefined>>;
  /** Opens a made-up trace, for whoever wants to have shown one before anybody waits for a trace of his own. */
  practise(options?: AskOptions): Promise<Result<OpenedRecording>>;
}

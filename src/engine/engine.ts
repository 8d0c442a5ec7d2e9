/**
 * Holds open recordings and answers what is asked of them. Runs in a worker for the panel, in place for the command
 * line and in tests.
 * In: sources and questions. Out: answers as in {@link EngineApi}. Refuses: questions about a recording that was
 * closed meanwhile (`cancelled`).
 */

import { type Breakdown, computeBreakdown, type Insight } from '../analysis/index.ts';
import type { Cargo } from '../backends/index.ts';
import {
  assert,
  type Brand,
  fail,
  makeFailure,
  type Result,
  type SliceIndex,
  succeed,
  takeTurns,
} from '../base/index.ts';
import {
  type Chart,
  type CpuOverview,
  type SearchQuery,
  type SearchTexts,
  type SliceMarks,
  type SourcePlace,
  sumCpuOverTime,
} from '../flame/index.ts';
import type { FileTimes } from '../profile/index.ts';
import type { SliceAnchor } from '../recording/index.ts';
import { loadCargo, profileCargo } from './cargo.ts';
import type {
  AskOptions,
  BreakdownQuestion,
  CargoFacts,
  ChartOptions,
  EngineApi,
  LeftOutExamples,
  OpenedDocument,
  OpenedRecording,
  OpenId,
  OpenOptions,
  OverviewQuestion,
  ServedRequest,
  ServerSpanMark,
  SliceDetails,
  Source,
  TraceFileQuestion,
  Tracing,
} from './contract.ts';
import type {
  ComparedGraph,
  CompareGraphQuestion,
  CompareScope,
  DocumentSource,
  FunctionChanges,
  ProfileFileQuestion,
} from './document-questions.ts';
import { OpenRecording, openRecording, type RecordingPlaces } from './opening/open-recording.ts';
import { practiceSource } from './opening/practice-trace.ts';
import type { TraceSource } from './opening/sources.ts';
import type { OpenTrace } from './opening/summary.ts';
import { warmUp } from './opening/warm-up.ts';
import { type ComparedViews, Comparison } from './profiles/comparison.ts';
import { ProfileDocument, readDocument } from './profiles/profile-document.ts';
import { makeProfileFile } from './profiles/profile-file.ts';
import type { ProfileViews } from './profiles/profile-views.ts';
import type {
  Keeping,
  MapAnswer,
  MapQuestion,
  SourceText,
  SourceTimesQuestion,
  TextQuestion,
} from './scripts/source-questions.ts';
import { ChartSearch, type SearchMatches } from './search/chart-search.ts';
import { matchInPlace, type TextFlags, type TextMatcher } from './search/text-matcher.ts';
import { anchorOf, resolveAnchors } from './slices/anchors.ts';
import { listEvents } from './slices/event-list.ts';
import { tellTracing } from './slices/load-tracing.ts';
import { listServedRequests } from './slices/server-spans.ts';
import type { SliceArguments } from './slices/slice-arguments.ts';
import { listOccurrences } from './slices/slice-lists.ts';
import { markSlices } from './slices/slice-marks.ts';
import { makeTraceFile, previewTraceFile } from './trace-export.ts';
import type {
  EventList,
  EventQuestion,
  GraphQuestion,
  OccurrenceQuestion,
  Occurrences,
  TreeAnswer,
  TreeQuestion,
} from './view-questions.ts';

const openId = (number: number): OpenId => number as Brand<number, 'OpenId'>;

export interface EngineOptions extends Partial<RecordingPlaces> {
  /** Left out where nobody else waits for this thread: patterns then run in place. */
  readonly matcher?: TextMatcher;
}

export class Engine implements EngineApi {
  readonly #places: RecordingPlaces;
  readonly #matcher: TextMatcher;
  readonly #opened = new Map<OpenId, OpenRecording | ProfileDocument>();
  /** Of those whose chart was asked for. */
  readonly #searches = new Map<OpenId, ChartSearch>();
  readonly #comparison = new Comparison();
  #lastId = 0;
  /** Aborted when the first trace is opened. */
  readonly #wanted = new AbortController();
  #warm: Promise<void> | null = null;

  constructor({ library = null, matcher = matchInPlace, makeSpool = null }: EngineOptions) {
    this.#places = { library, makeSpool };
    this.#matcher = matcher;
  }

  async open(source: Source, options: OpenOptions = {}): Promise<Result<OpenedRecording>> {
    this.#wanted.abort();
    return this.#open(source, options);
  }

  async chart(open: OpenId, options: ChartOptions = {}): Promise<Result<Chart>> {
    const opened = this.#find(open, options);
    if (!opened.ok) return opened;
    const { value } = opened;
    const chart =
      value instanceof ProfileDocument ? value.chart() : await takeTurns(value.chart(options), options);
    // Closed meanwhile, there is nothing to search in, either.
    if (chart === undefined || !this.#opened.has(open)) return fail(CANCELLED);
    this.#searches.set(open, new ChartSearch(chart));
    return succeed(chart);
  }

  async search(open: OpenId, query: SearchQuery, options?: AskOptions): Promise<Result<SearchMatches>> {
    const search = this.#searches.get(open);
    if (search === undefined || options?.signal?.aborted === true) return fail(CANCELLED);
    return search.find(query, this.#matcher, options?.signal);
  }

  match(texts: SearchTexts, query: SearchQuery, options?: AskOptions): Promise<Result<TextFlags>> {
    return this.#matcher.match(texts, query, options?.signal);
  }

  tree(open: OpenId, question: TreeQuestion, options?: AskOptions): Promise<Result<TreeAnswer>> {
    return this.#answerViews(open, options, (views) => views.tree(question));
  }

  graph(open: OpenId, question: GraphQuestion, options?: AskOptions): Promise<Result<Chart>> {
    return this.#answerViews(open, options, (views) => views.graph(question));
  }

  occurrences(
    open: OpenId,
    question: OccurrenceQuestion,
    options?: AskOptions,
  ): Promise<Result<Occurrences>> {
    return this.#answer(open, options, ({ trace }) => listOccurrences(trace, question));
  }

  events(open: OpenId, question: EventQuestion, options?: AskOptions): Promise<Result<EventList>> {
    return this.#answer(open, options, ({ trace }) => listEvents(trace, question));
  }

  overview(open: OpenId, question: OverviewQuestion, options?: AskOptions): Promise<Result<CpuOverview>> {
    return this.#answer(open, options, ({ trace }) => sumCpuOverTime(trace.tables, trace.classes, question));
  }

  breakdown(open: OpenId, question: BreakdownQuestion, options?: AskOptions): Promise<Result<Breakdown>> {
    const { thread, range, jsCalls = true } = question;
    return this.#answer(open, options, ({ trace: { tables, classes } }) =>
      computeBreakdown(tables, classes, { thread, range, jsCalls }),
    );
  }

  async insights(open: OpenId, options?: AskOptions): Promise<Result<readonly Insight[]>> {
    const recording = this.#findRecording(open, options);
    return recording.ok ? succeed(await recording.value.insights(options?.signal)) : recording;
  }

  details(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<SliceDetails>> {
    return this.#answer(open, options, (recording) => recording.details(slice));
  }

  async picture(
    open: OpenId,
    picture: number,
    options?: AskOptions,
  ): Promise<Result<Uint8Array<ArrayBuffer>>> {
    const recording = this.#findRecording(open, options);
    return recording.ok ? recording.value.picture(picture, options?.signal) : recording;
  }

  async arguments(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<SliceArguments>> {
    const recording = this.#findRecording(open, options);
    return recording.ok ? recording.value.arguments(slice, options?.signal) : recording;
  }

  async sourceText(open: OpenId, place: SourcePlace, options?: AskOptions): Promise<Result<SourceText>> {
    const recording = this.#findRecording(open, options);
    return recording.ok ? recording.value.desk.text(place, options?.signal) : recording;
  }

  sourceTimes(open: OpenId, question: SourceTimesQuestion, options?: AskOptions): Promise<Result<FileTimes>> {
    return this.#answer(open, options, ({ desk }) => desk.times(question));
  }

  async mapScript(open: OpenId, question: MapQuestion, options?: AskOptions): Promise<Result<MapAnswer>> {
    const recording = this.#findRecording(open, options);
    return recording.ok ? recording.value.mapScript(question) : recording;
  }

  async giveText(open: OpenId, question: TextQuestion, options?: AskOptions): Promise<Result<Keeping>> {
    const recording = this.#findRecording(open, options);
    return recording.ok ? recording.value.giveText(question) : recording;
  }

  async traceFile(
    open: OpenId,
    question: TraceFileQuestion,
    options: OpenOptions = {},
  ): Promise<Result<Blob>> {
    const again = await this.#reopen(open, options.signal);
    if (!again.ok) return again;
    return makeTraceFile({ ...again.value, ...question, library: this.#places.library }, options);
  }

  async previewTraceFile(open: OpenId, options: OpenOptions = {}): Promise<Result<LeftOutExamples>> {
    const again = await this.#reopen(open, options.signal);
    return again.ok ? previewTraceFile(again.value, options) : again;
  }

  async cargo(open: OpenId, facts: CargoFacts, options?: AskOptions): Promise<Result<Cargo>> {
    const opened = this.#find(open, options);
    if (!opened.ok) return opened;
    const { value } = opened;
    if (value instanceof ProfileDocument) return succeed(profileCargo(value.profiles, facts));
    await value.renewEntry();
    return succeed(loadCargo(value.trace, facts));
  }

  tracing(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<Tracing>> {
    return this.#answer(open, options, ({ trace }) => tellTracing(trace, slice));
  }

  served(open: OpenId, options?: AskOptions): Promise<Result<readonly ServedRequest[]>> {
    return this.#answer(open, options, ({ trace }) => listServedRequests(trace));
  }

  showServerSpans(open: OpenId, spans: readonly ServerSpanMark[]): Promise<Result<undefined>> {
    return this.#answer(open, undefined, (recording) => recording.showServerSpans(spans));
  }

  marks(open: OpenId, options?: AskOptions): Promise<Result<SliceMarks>> {
    return this.#answer(open, options, ({ trace }) =>
      markSlices({ ...trace, tables: trace.asRun ?? trace.tables }),
    );
  }

  anchor(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<SliceAnchor | null>> {
    return this.#answer(open, options, ({ trace }) => anchorOf(trace, slice));
  }

  resolve(
    open: OpenId,
    anchors: readonly SliceAnchor[],
    options?: AskOptions,
  ): Promise<Result<readonly (SliceIndex | null)[]>> {
    return this.#answer(open, options, ({ trace }) => resolveAnchors(trace, anchors));
  }

  async openDocument(source: DocumentSource, options: OpenOptions = {}): Promise<Result<OpenedDocument>> {
    const read = await readDocument(source, options);
    if (read?.ok === true) {
      const opened = read.value.summarize(this.#keep(read.value));
      return succeed({ kind: 'profiles', opened });
    }
    // What is too big to be read as a profile may begin like one and be a trace.
    if (read !== null && read.failure.code !== 'profile-too-big') return read;
    assert(source.kind !== 'profiles' && source.kind !== 'parts', 'profiles at hand are a document');
    const opened = await this.open(source, options);
    if (opened.ok) return succeed({ kind: 'trace', opened: opened.value });
    return read !== null && opened.failure.code === 'not-a-trace' ? read : opened;
  }

  async compare(scope: CompareScope, options?: AskOptions): Promise<Result<FunctionChanges>> {
    const views = this.#findViews(scope, options);
    return views.ok ? this.#comparison.functions(views.value, scope) : views;
  }

  async compareGraph(question: CompareGraphQuestion, options?: AskOptions): Promise<Result<ComparedGraph>> {
    const views = this.#findViews(question.scope, options);
    return views.ok ? this.#comparison.graph(views.value, question) : views;
  }

  async profileFile(
    open: OpenId,
    { form, title, scope, what }: ProfileFileQuestion,
    options?: AskOptions,
  ): Promise<Result<Blob>> {
    const opened = this.#find(open, options);
    if (!opened.ok) return opened;
    const { value } = opened;
    const isWhole = what === 'all' && value instanceof ProfileDocument;
    return makeProfileFile(isWhole ? value.profiles : [value.views.profile(scope)], { form, title });
  }

  async close(open: OpenId): Promise<Result<undefined>> {
    const opened = this.#opened.get(open);
    this.#opened.delete(open);
    this.#searches.delete(open);
    this.#comparison.forget(open);
    if (opened instanceof OpenRecording) await opened.close();
    return succeed(undefined);
  }

  async warmUp(): Promise<Result<undefined>> {
    const { library } = this.#places;
    // What has opened anything is warm.
    if (library === null || this.#wanted.signal.aborted) return succeed(undefined);
    this.#warm ??= warmUp(new Engine({ library }), library, this.#wanted.signal);
    await this.#warm;
    return succeed(undefined);
  }

  async practise(options: AskOptions = {}): Promise<Result<OpenedRecording>> {
    return this.#open(practiceSource(), options);
  }

  /** Tables and what analysis made of them, for callers in the same thread (command line). */
  traceOf(open: OpenId): OpenTrace | null {
    const opened = this.#opened.get(open);
    return opened instanceof OpenRecording ? opened.trace : null;
  }

  async #open(source: Source, options: OpenOptions): Promise<Result<OpenedRecording>> {
    const opened = await openRecording(source, this.#places, options);
    return opened.ok ? succeed({ open: this.#keep(opened.value), ...opened.value.summary }) : opened;
  }

  #keep(opened: OpenRecording | ProfileDocument): OpenId {
    const id = openId(++this.#lastId);
    this.#opened.set(id, opened);
    return id;
  }

  #find(open: OpenId, options?: AskOptions): Result<OpenRecording | ProfileDocument> {
    const opened = this.#opened.get(open);
    return opened === undefined || options?.signal?.aborted === true ? fail(CANCELLED) : succeed(opened);
  }

  #findRecording(open: OpenId, options?: AskOptions): Result<OpenRecording> {
    const opened = this.#find(open, options);
    if (!opened.ok) return opened;
    assert(opened.value instanceof OpenRecording, 'profiles are not asked what only traces know');
    return succeed(opened.value);
  }

  /** Of both sides of a comparison. */
  #findViews({ before, after }: CompareScope, options?: AskOptions): Result<ComparedViews> {
    const one = this.#find(before.open, options);
    const other = this.#find(after.open, options);
    if (!one.ok) return one;
    return other.ok ? succeed({ before: one.value.views, after: other.value.views }) : other;
  }

  async #reopen(
    open: OpenId,
    signal: AbortSignal | undefined,
  ): Promise<Result<{ trace: OpenTrace; source: TraceSource }>> {
    const recording = this.#findRecording(open, signal === undefined ? {} : { signal });
    if (!recording.ok) return recording;
    const source = await recording.value.reopen(signal);
    return source.ok ? succeed({ trace: recording.value.trace, source: source.value }) : source;
  }

  async #answer<T>(
    open: OpenId,
    options: AskOptions | undefined,
    ask: (recording: OpenRecording) => T,
  ): Promise<Result<T>> {
    const recording = this.#findRecording(open, options);
    return recording.ok ? succeed(ask(recording.value)) : recording;
  }

  async #answerViews<T>(
    open: OpenId,
    options: AskOptions | undefined,
    ask: (views: ProfileViews) => T,
  ): Promise<Result<T>> {
    const opened = this.#find(open, options);
    return opened.ok ? succeed(ask(opened.value.views)) : opened;
  }
}

const CANCELLED = makeFailure('cancelled', { subject: 'The question' });

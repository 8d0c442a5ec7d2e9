/**
 * Holds open recordings and answers what is asked of them. Runs in a worker for the panel, in place for the command
 * line and in tests.
 * In: sources and questions. Out: answers as in {@link EngineApi}. Refuses: questions about a recording that was
 * closed meanwhile (`cancelled`).
 */

import type { Breakdown, Insight } from '../analysis/index.ts';
import { collectInsights, computeBreakdown } from '../analysis/index.ts';
import type { Cargo } from '../backends/index.ts';
import {
  assert,
  type Brand,
  type Failure,
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
  hideSlices,
  layOutChart,
  type SearchQuery,
  type SearchTexts,
  type SliceMarks,
  type SourcePlace,
  sumCpuOverTime,
} from '../flame/index.ts';
import type { FileTimes } from '../profile/index.ts';
import type { SliceAnchor } from '../recording/index.ts';
import { readTrace } from '../trace/index.ts';
import { analyseInSteps } from './analysed-trace.ts';
import { anchorOf, resolveAnchors } from './anchors.ts';
import { ArgumentSource } from './argument-source.ts';
import { loadCargo, profileCargo } from './cargo.ts';
import { ChartSearch, type SearchMatches } from './chart-search.ts';
import { type ComparedViews, Comparison } from './comparison.ts';
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
import { listEvents } from './event-list.ts';
import { type GivenMap, keepGivenMap, unpackMaps } from './kept-maps.ts';
import { tellTracing } from './load-tracing.ts';
import { type ProfileDocument, readDocument } from './profile-document.ts';
import { makeProfileFile } from './profile-file.ts';
import { ProfileViews } from './profile-views.ts';
import { TraceProfiles } from './scoped-profiles.ts';
import { pictureBytes } from './screenshots.ts';
import { thirdPartyNamer } from './script-parties.ts';
import { listServedRequests } from './server-spans.ts';
import type { SliceArguments } from './slice-arguments.ts';
import { describeSlice } from './slice-details.ts';
import { listOccurrences } from './slice-lists.ts';
import { markSlices } from './slice-marks.ts';
import { SourceDesk } from './source-desk.ts';
import type { MapAnswer, MapQuestion, SourceText, SourceTimesQuestion } from './source-questions.ts';
import { type LibraryReader, openSource, type TraceSource } from './sources.ts';
import type { MakeSpoolFile } from './spool-file.ts';
import { type OpenTrace, summarize } from './summary.ts';
import { matchInPlace, type TextFlags, type TextMatcher } from './text-matcher.ts';
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
import { warmUp } from './warm-up.ts';

const openId = (number: number): OpenId => number as Brand<number, 'OpenId'>;

export interface EngineOptions {
  /** null where there is none (command line): only files can be opened. */
  readonly library: LibraryReader | null;
  /** Left out where nobody else waits for this thread: patterns then run in place. */
  readonly matcher?: TextMatcher;
  /** Where inflated copies go. Left out where nobody asks for arguments, or a second reading is good enough. */
  readonly makeSpool?: MakeSpoolFile;
}

export class Engine implements EngineApi {
  readonly #library: LibraryReader | null;
  readonly #matcher: TextMatcher;
  readonly #makeSpool: MakeSpoolFile | null;
  readonly #traces = new Map<OpenId, OpenTrace>();
  /** Of those whose chart was asked for. */
  readonly #searches = new Map<OpenId, ChartSearch>();
  /** Of those whose aggregated views were asked for. */
  readonly #views = new Map<OpenId, ProfileViews>();
  /** How to read what is open once more. */
  readonly #sources = new Map<OpenId, ArgumentSource>();
  /** Of those whose source code was asked for. */
  readonly #desks = new Map<OpenId, SourceDesk>();
  /** Files of profiles that are open. */
  readonly #documents = new Map<OpenId, ProfileDocument>();
  readonly #comparison = new Comparison();
  /** Gives an open trace spans of servers. */
  readonly #showSpans = new Map<OpenId, (spans: readonly ServerSpanMark[]) => undefined>();
  #lastId = 0;
  /** Aborted when the first trace is opened. */
  readonly #wanted = new AbortController();
  #warm: Promise<void> | null = null;

  constructor({ library, matcher = matchInPlace, makeSpool }: EngineOptions) {
    this.#library = library;
    this.#makeSpool = makeSpool ?? null;
    this.#matcher = matcher;
  }

  async open(source: Source, options: OpenOptions = {}): Promise<Result<OpenedRecording>> {
    this.#wanted.abort();
    const opened = await openSource(source, this.#library, options.signal);
    if (!opened.ok) return opened;
    const { subject, totalBytes, bytes, failure, isPackedOnce } = opened.value;
    let readBytes = 0;
    const read = await readTrace(bytes, {
      subject,
      isPackedOnce,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onProgress: (bytesSoFar) => {
        readBytes = bytesSoFar;
        options.onProgress?.({ readBytes, totalBytes });
      },
    });
    if (!read.ok)
      return fail(options.signal?.aborted === true ? cancelled(subject) : (failure() ?? read.failure));
    const entry = await opened.value.entry();
    if (!entry.ok) return entry;
    const steps = analyseInSteps({ subject, recording: entry.value, tables: read.value });
    const analysed = await takeTurns(steps, {
      signal: options.signal,
      onPause: () => options.onProgress?.({ readBytes, totalBytes }),
    });
    if (analysed === undefined || options.signal?.aborted === true) return fail(cancelled(subject));
    const { trace, showSpans } = analysed;
    const id = openId(++this.#lastId);
    this.#traces.set(id, trace);
    this.#showSpans.set(id, showSpans);
    const { plain } = opened.value;
    const argumentOptions = { source, plain, library: this.#library, makeSpool: this.#makeSpool };
    this.#sources.set(id, new ArgumentSource(trace, argumentOptions));
    const maps = await unpackMaps(await opened.value.maps());
    if (maps.length > 0) this.#restoreMaps(id, maps);
    return succeed(summarize(id, trace));
  }

  chart(open: OpenId, options?: ChartOptions): Promise<Result<Chart>> {
    const document = this.#documents.get(open);
    if (document !== undefined) return this.#chartOf(open, document);
    return this.#answer(open, options, ({ tables, classes, page, items, asRun }) => {
      const { hidden = [], ignored = [] } = options ?? {};
      // An ignored script is ignored under the names of its sources, too.
      const served = asRun === undefined ? classes : hideSlices(asRun, classes, [], ignored);
      const shown = hideSlices(tables, served, hidden, ignored);
      const chart = layOutChart(tables, shown, page, items());
      this.#searches.set(open, new ChartSearch(chart));
      return chart;
    });
  }

  async search(open: OpenId, query: SearchQuery, options?: AskOptions): Promise<Result<SearchMatches>> {
    const search = this.#searches.get(open);
    if (search === undefined || options?.signal?.aborted === true) return fail(cancelled(undefined));
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
    return this.#answer(open, options, (trace) => listOccurrences(trace, question));
  }

  events(open: OpenId, question: EventQuestion, options?: AskOptions): Promise<Result<EventList>> {
    return this.#answer(open, options, (trace) => listEvents(trace, question));
  }

  overview(open: OpenId, question: OverviewQuestion, options?: AskOptions): Promise<Result<CpuOverview>> {
    return this.#answer(open, options, ({ tables, classes }) => sumCpuOverTime(tables, classes, question));
  }

  breakdown(open: OpenId, question: BreakdownQuestion, options?: AskOptions): Promise<Result<Breakdown>> {
    const { thread, range, jsCalls = true } = question;
    return this.#answer(open, options, ({ tables, classes }) =>
      computeBreakdown(tables, classes, { thread, range, jsCalls }),
    );
  }

  insights(open: OpenId, options?: AskOptions): Promise<Result<readonly Insight[]>> {
    return this.#answer(open, options, ({ tables, classes, page, items, initiators, scriptOf }) =>
      collectInsights({
        tables,
        classes,
        page,
        items: items(),
        initiators,
        thirdPartyOf: thirdPartyNamer(page.url),
        scriptOf,
      }),
    );
  }

  details(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<SliceDetails>> {
    return this.#answer(open, options, (trace) => {
      const count = trace.tables.slices.length + trace.items().length;
      assert(slice >= 0 && slice < count, `there is no slice ${slice}`);
      return describeSlice(trace, slice);
    });
  }

  async picture(
    open: OpenId,
    picture: number,
    { signal }: AskOptions = {},
  ): Promise<Result<Uint8Array<ArrayBuffer>>> {
    const source = this.#sources.get(open);
    const count = this.#traces.get(open)?.tables.pictures.length ?? 0;
    if (source === undefined) return fail(cancelled(undefined));
    if (picture < 0 || picture >= count) return succeed(new Uint8Array(0));
    const read = await source.picture(picture, signal);
    return read.ok ? succeed(pictureBytes(read.value.args)) : read;
  }

  async arguments(
    open: OpenId,
    slice: SliceIndex,
    { signal }: AskOptions = {},
  ): Promise<Result<SliceArguments>> {
    const source = this.#sources.get(open);
    if (source === undefined) return fail(cancelled(undefined));
    const read = await source.read(slice, signal);
    const desk = this.#desks.get(open);
    if (!read.ok || desk === undefined) return read;
    return succeed({ ...read.value, stack: desk.mapStack(read.value.stack) });
  }

  async sourceText(
    open: OpenId,
    place: SourcePlace,
    { signal }: AskOptions = {},
  ): Promise<Result<SourceText>> {
    const desk = this.#deskOf(open);
    return desk === null ? fail(cancelled(undefined)) : desk.text(place, signal);
  }

  async sourceTimes(open: OpenId, question: SourceTimesQuestion): Promise<Result<FileTimes>> {
    const desk = this.#deskOf(open);
    return desk === null ? fail(cancelled(undefined)) : succeed(desk.times(question));
  }

  async mapScript(open: OpenId, question: MapQuestion): Promise<Result<MapAnswer>> {
    const desk = this.#deskOf(open);
    if (desk === null) return fail(cancelled(undefined));
    const mapped = desk.map(question);
    if (!mapped.ok) return mapped;
    this.#rename(open, desk);
    const { recording } = desk.trace;
    const { isKept, failure } = await keepGivenMap(this.#library, recording?.id ?? null, {
      url: mapped.value.script,
      mapUrl: question.mapUrl,
      text: question.map,
    });
    return succeed({ ...mapped.value, isKept, keepFailure: failure });
  }

  #restoreMaps(open: OpenId, maps: readonly GivenMap[]): void {
    const desk = this.#deskOf(open);
    if (desk === null) return;
    desk.restore(maps);
    this.#rename(open, desk);
  }

  /** All that is asked from now on is asked of the trace with the names of its maps. */
  #rename(open: OpenId, { trace }: SourceDesk): void {
    this.#traces.set(open, trace);
    this.#sources.get(open)?.rename(trace);
    this.#views.delete(open);
  }

  #deskOf(open: OpenId): SourceDesk | null {
    const trace = this.#traces.get(open);
    const source = this.#sources.get(open);
    if (trace === undefined || source === undefined) return null;
    const desk =
      this.#desks.get(open) ?? new SourceDesk(trace, (slice, signal) => source.event(slice, signal));
    this.#desks.set(open, desk);
    return desk;
  }

  async traceFile(
    open: OpenId,
    question: TraceFileQuestion,
    options: OpenOptions = {},
  ): Promise<Result<Blob>> {
    const again = await this.#reopen(open, options.signal);
    return again.ok ? makeTraceFile({ ...again.value, ...question, library: this.#library }, options) : again;
  }

  async previewTraceFile(open: OpenId, options: OpenOptions = {}): Promise<Result<LeftOutExamples>> {
    const again = await this.#reopen(open, options.signal);
    return again.ok ? previewTraceFile(again.value, options) : again;
  }

  async cargo(open: OpenId, facts: CargoFacts, options?: AskOptions): Promise<Result<Cargo>> {
    const document = this.#documents.get(open);
    if (document !== undefined) return succeed(profileCargo(document.profiles, facts));
    await this.#renewEntry(open);
    return this.#answer(open, options, (trace) => loadCargo(trace, facts));
  }

  /** Tags are edited while it is open, and one that was opened while it was being made has its vitals later. */
  async #renewEntry(open: OpenId): Promise<void> {
    const id = this.#traces.get(open)?.recording?.id;
    const entry = id === undefined ? undefined : await this.#library?.get(id);
    const trace = this.#traces.get(open);
    if (entry?.ok === true && trace !== undefined)
      this.#traces.set(open, { ...trace, recording: entry.value });
  }

  tracing(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<Tracing>> {
    return this.#answer(open, options, (trace) => tellTracing(trace, slice));
  }

  served(open: OpenId, options?: AskOptions): Promise<Result<readonly ServedRequest[]>> {
    return this.#answer(open, options, listServedRequests);
  }

  showServerSpans(open: OpenId, spans: readonly ServerSpanMark[]): Promise<Result<undefined>> {
    return this.#answer(open, undefined, () => this.#showSpans.get(open)?.(spans));
  }

  marks(open: OpenId, options?: AskOptions): Promise<Result<SliceMarks>> {
    return this.#answer(open, options, (trace) =>
      markSlices({ ...trace, tables: trace.asRun ?? trace.tables }),
    );
  }

  anchor(open: OpenId, slice: SliceIndex, options?: AskOptions): Promise<Result<SliceAnchor | null>> {
    return this.#answer(open, options, (trace) => anchorOf(trace, slice));
  }

  resolve(
    open: OpenId,
    anchors: readonly SliceAnchor[],
    options?: AskOptions,
  ): Promise<Result<readonly (SliceIndex | null)[]>> {
    return this.#answer(open, options, (trace) => resolveAnchors(trace, anchors));
  }

  async openDocument(source: DocumentSource, options: OpenOptions = {}): Promise<Result<OpenedDocument>> {
    const read = await readDocument(source, options);
    if (read?.ok === true) {
      const id = openId(++this.#lastId);
      this.#documents.set(id, read.value);
      this.#views.set(id, read.value.views);
      return succeed({ kind: 'profiles', opened: read.value.summarize(id) });
    }
    // What is too big to be read as a profile may begin like one and be a trace.
    if (read !== null && read.failure.code !== 'profile-too-big') return read;
    assert(source.kind !== 'profiles', 'profiles at hand are a document');
    const opened = await this.open(source, options);
    if (opened.ok) return succeed({ kind: 'trace', opened: opened.value });
    return read !== null && opened.failure.code === 'not-a-trace' ? read : opened;
  }

  async compare(scope: CompareScope, options?: AskOptions): Promise<Result<FunctionChanges>> {
    const views = this.#comparedViews(scope, options);
    return views.ok ? this.#comparison.functions(views.value, scope) : views;
  }

  async compareGraph(question: CompareGraphQuestion, options?: AskOptions): Promise<Result<ComparedGraph>> {
    const views = this.#comparedViews(question.scope, options);
    return views.ok ? this.#comparison.graph(views.value, question) : views;
  }

  async profileFile(
    open: OpenId,
    { form, title, scope, what }: ProfileFileQuestion,
    options?: AskOptions,
  ): Promise<Result<Blob>> {
    const document = this.#documents.get(open);
    if (what === 'all' && document !== undefined) return makeProfileFile(document.profiles, { form, title });
    const profile = await this.#answerViews(open, options, (views) => views.profile(scope));
    return profile.ok ? makeProfileFile([profile.value], { form, title }) : profile;
  }

  async close(open: OpenId): Promise<Result<undefined>> {
    this.#traces.delete(open);
    this.#searches.delete(open);
    this.#showSpans.delete(open);
    this.#documents.delete(open);
    this.#comparison.forget(this.#views.get(open));
    this.#views.delete(open);
    this.#desks.delete(open);
    const source = this.#sources.get(open);
    this.#sources.delete(open);
    await source?.close();
    return succeed(undefined);
  }

  async warmUp(): Promise<Result<undefined>> {
    const library = this.#library;
    // What has opened anything is warm.
    if (library === null || this.#wanted.signal.aborted) return succeed(undefined);
    this.#warm ??= warmUp(new Engine({ library }), library, this.#wanted.signal);
    await this.#warm;
    return succeed(undefined);
  }

  /** Tables and what analysis made of them, for callers in the same thread (command line). */
  traceOf(open: OpenId): OpenTrace | null {
    return this.#traces.get(open) ?? null;
  }

  async #reopen(
    open: OpenId,
    signal: AbortSignal | undefined,
  ): Promise<Result<{ trace: OpenTrace; source: TraceSource }>> {
    const trace = this.#traces.get(open);
    const bytes = this.#sources.get(open);
    if (trace === undefined || bytes === undefined || signal?.aborted === true)
      return fail(cancelled(trace?.subject));
    const source = await bytes.reopen(signal);
    return source.ok ? succeed({ trace, source: source.value }) : source;
  }

  async #chartOf(open: OpenId, document: ProfileDocument): Promise<Result<Chart>> {
    const chart = document.chart();
    this.#searches.set(open, new ChartSearch(chart));
    return succeed(chart);
  }

  /** null for what is not open. */
  #viewsOf(open: OpenId): ProfileViews | null {
    const trace = this.#traces.get(open);
    const made = (): ProfileViews | null =>
      trace === undefined ? null : new ProfileViews(new TraceProfiles(trace));
    const views = this.#views.get(open) ?? made();
    if (views !== null) this.#views.set(open, views);
    return views;
  }

  async #answerViews<T>(
    open: OpenId,
    options: AskOptions | undefined,
    ask: (views: ProfileViews) => T,
  ): Promise<Result<T>> {
    const views = this.#viewsOf(open);
    if (views === null || options?.signal?.aborted === true) return fail(cancelled(undefined));
    return succeed(ask(views));
  }

  #comparedViews({ before, after }: CompareScope, options: AskOptions | undefined): Result<ComparedViews> {
    const one = this.#viewsOf(before.open);
    const other = this.#viewsOf(after.open);
    if (one === null || other === null || options?.signal?.aborted === true)
      return fail(cancelled(undefined));
    return succeed({ before: one, after: other });
  }

  async #answer<T>(
    open: OpenId,
    options: AskOptions | undefined,
    ask: (trace: OpenTrace) => T,
  ): Promise<Result<T>> {
    const trace = this.#traces.get(open);
    if (trace === undefined || options?.signal?.aborted === true) return fail(cancelled(trace?.subject));
    return succeed(ask(trace));
  }
}

const cancelled = (subject: string | undefined): Failure =>
  makeFailure('cancelled', { subject: subject === undefined ? 'The question' : `Opening ${subject}` });

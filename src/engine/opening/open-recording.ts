/**
 * One trace while it is open: what was read and analysed at once, and what is made only when somebody asks for it.
 * In: a source; then questions. Out: an {@link OpenRecording}, or the failure of its source (`cancelled` where the signal
 * said so); answers as in {@link EngineApi}.
 */
import type { Insight } from '../../analysis/index.ts';
import {
  assert,
  type Failure,
  fail,
  makeFailure,
  type Result,
  type SliceIndex,
  type Steps,
  succeed,
  takeTurns,
} from '../../base/index.ts';
import { type Chart, hideSlices, layOutChartInSteps } from '../../flame/index.ts';
import type { KeptSource } from '../../recording/index.ts';
import { readTrace } from '../../trace/index.ts';
import type { ChartOptions, OpenOptions, ServerSpanMark, SliceDetails, Source } from '../contract.ts';
import { ProfileViews } from '../profiles/profile-views.ts';
import { TraceProfiles } from '../profiles/scoped-profiles.ts';
import { GivenSources, unpackSources } from '../scripts/kept-sources.ts';
import { SourceDesk } from '../scripts/source-desk.ts';
import type { Keeping, MapAnswer, MapQuestion, TextQuestion } from '../scripts/source-questions.ts';
import { findInsights } from '../slices/insights.ts';
import { pictureBytes } from '../slices/screenshots.ts';
import type { SliceArguments } from '../slices/slice-arguments.ts';
import { describeSlice } from '../slices/slice-details.ts';
import { type AnalysedTrace, analyseInSteps } from './analysed-trace.ts';
import { ArgumentSource, type ArgumentSourceOptions } from './argument-source.ts';
import { type LibraryReader, openSource, type TraceSource } from './sources.ts';
import type { MakeSpoolFile } from './spool-file.ts';
import type { OpenTrace, TraceSummary } from './summary.ts';

export interface RecordingPlaces {
  /** null where there is none (command line): only files can be opened. */
  readonly library: LibraryReader | null;
  /** Where inflated copies go; null where a second reading is good enough. */
  readonly makeSpool: MakeSpoolFile | null;
}

export async function openRecording(
  source: Source,
  places: RecordingPlaces,
  { signal, onProgress }: OpenOptions,
): Promise<Result<OpenRecording>> {
  const opened = await openSource(source, places.library, signal);
  if (!opened.ok) return opened;
  const { subject, totalBytes, bytes, failure, plain, isPackedOnce } = opened.value;
  let readBytes = 0;
  const read = await readTrace(bytes, {
    subject,
    isPackedOnce,
    ...(signal === undefined ? {} : { signal }),
    onProgress: (bytesSoFar) => {
      readBytes = bytesSoFar;
      onProgress?.({ readBytes, totalBytes });
    },
  });
  if (!read.ok) return fail(signal?.aborted === true ? cancelled(subject) : (failure() ?? read.failure));
  const entry = await opened.value.entry();
  if (!entry.ok) return entry;
  const steps = analyseInSteps({ subject, recording: entry.value, tables: read.value });
  const onPause = (): void => onProgress?.({ readBytes, totalBytes });
  const analysed = await takeTurns(steps, { signal, onPause });
  if (analysed === undefined || signal?.aborted === true) return fail(cancelled(subject));
  const recording = new OpenRecording(analysed, { ...places, source, plain });
  await recording.restoreSources(await opened.value.sources());
  return succeed(recording);
}

export class OpenRecording {
  readonly #summary: TraceSummary;
  #sourceFailures: readonly Failure[] = [];
  readonly #library: LibraryReader | null;
  readonly #given: GivenSources;
  #trace: OpenTrace;
  readonly #itemsInSteps: AnalysedTrace['itemsInSteps'];
  readonly #showSpans: AnalysedTrace['showSpans'];
  readonly #source: ArgumentSource;
  #views: ProfileViews | null = null;
  #desk: SourceDesk | null = null;

  constructor({ trace, summary, itemsInSteps, showSpans }: AnalysedTrace, options: ArgumentSourceOptions) {
    this.#summary = summary;
    this.#library = options.library;
    this.#given = new GivenSources(options.library);
    this.#trace = trace;
    this.#itemsInSteps = itemsInSteps;
    this.#showSpans = showSpans;
    this.#source = new ArgumentSource(() => this.#trace, options);
  }

  /** What is told of it at once. */
  get summary(): TraceSummary {
    return { ...this.#summary, sourceFailures: this.#sourceFailures };
  }

  /** Under the names that source maps gave. */
  get trace(): OpenTrace {
    return this.#trace;
  }

  /** The aggregated views. */
  get views(): ProfileViews {
    this.#views ??= new ProfileViews(new TraceProfiles(this.#trace));
    return this.#views;
  }

  /** Its source code. */
  get desk(): SourceDesk {
    this.#desk ??= new SourceDesk(this.#trace, (slice, signal) => this.#source.event(slice, signal));
    return this.#desk;
  }

  *chart({ hidden = [], ignored = [] }: ChartOptions): Steps<Chart> {
    const items = yield* this.#itemsInSteps();
    const { tables, classes, page, asRun } = this.#trace;
    // An ignored script is ignored under the names of its sources, too.
    const served = asRun === undefined ? classes : hideSlices(asRun, classes, [], ignored);
    const shown = hideSlices(tables, served, hidden, ignored);
    yield;
    return yield* layOutChartInSteps(tables, shown, page, items);
  }

  insights(signal: AbortSignal | undefined): Promise<readonly Insight[]> {
    const ifQuick = async <T>(read: () => Promise<T>): Promise<T | null> =>
      this.#source.readsInPlace && signal?.aborted !== true ? read() : null;
    return findInsights(this.#trace, {
      told: (slice) => ifQuick(() => this.arguments(slice, signal)),
      event: (slice) => ifQuick(() => this.#source.event(slice, signal)),
    });
  }

  details(slice: SliceIndex): SliceDetails {
    const count = this.#trace.tables.slices.length + this.#trace.items().length;
    assert(slice >= 0 && slice < count, `there is no slice ${slice}`);
    return describeSlice(this.#trace, slice);
  }

  async arguments(slice: SliceIndex, signal: AbortSignal | undefined): Promise<Result<SliceArguments>> {
    const read = await this.#source.read(slice, signal);
    if (!read.ok || this.#desk === null) return read;
    return succeed({ ...read.value, stack: this.#desk.mapStack(read.value.stack) });
  }

  /** Empty where there is none. */
  async picture(picture: number, signal: AbortSignal | undefined): Promise<Result<Uint8Array<ArrayBuffer>>> {
    if (picture < 0 || picture >= this.#trace.tables.pictures.length) return succeed(new Uint8Array(0));
    const read = await this.#source.picture(picture, signal);
    return read.ok ? succeed(pictureBytes(read.value.args)) : read;
  }

  /** The stored bytes once more, from the start. */
  reopen(signal: AbortSignal | undefined): Promise<Result<TraceSource>> {
    return this.#source.reopen(signal);
  }

  async mapScript(question: MapQuestion): Promise<Result<MapAnswer>> {
    const mapped = this.desk.map(question);
    if (!mapped.ok) return mapped;
    this.#rename(this.desk.trace);
    const { script: url } = mapped.value;
    const source = { kind: 'map', url, fetchedFrom: question.mapUrl, text: question.map } as const;
    return succeed({ ...mapped.value, ...(await this.#keepSource(source)) });
  }

  async giveText({ url, text, fetchedFrom }: TextQuestion): Promise<Result<Keeping>> {
    this.desk.giveText({ url, text, fetchedFrom });
    return succeed(await this.#keepSource({ kind: 'text', url, fetchedFrom, text }));
  }

  #keepSource(source: Parameters<GivenSources['change']>[1]): Promise<Keeping> {
    return this.#given.change(this.#trace.recording?.id ?? null, source);
  }

  /** What was given when it was open before. */
  async restoreSources(kept: Result<readonly KeptSource[]>): Promise<void> {
    if (kept.ok) this.#given.restore(kept.value);
    const { given, failures } = await unpackSources(kept);
    this.#sourceFailures = given.length === 0 ? failures : [...failures, ...this.desk.restore(given)];
    if (given.length > 0) this.#rename(this.desk.trace);
  }

  /** Tags are edited while it is open, and one that was opened while it was being made has its vitals later. */
  async renewEntry(): Promise<void> {
    const id = this.#trace.recording?.id;
    const entry = id === undefined ? undefined : await this.#library?.get(id);
    if (entry?.ok === true) this.#trace = { ...this.#trace, recording: entry.value };
  }

  /** What the next charts have beneath the requests, in the place of what was there. */
  showServerSpans(spans: readonly ServerSpanMark[]): undefined {
    this.#showSpans(spans);
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** All that is asked from now on is asked of the trace with the names of its maps. */
  #rename(trace: OpenTrace): void {
    this.#trace = trace;
    this.#views = null;
  }
}

const cancelled = (subject: string): Failure => makeFailure('cancelled', { subject: `Opening ${subject}` });

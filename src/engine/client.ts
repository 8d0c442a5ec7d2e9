/**
 * The panel's side of the conversation, and the door of engine/ for it: the same questions as the engine answers,
 * asked of a worker.
 * In: questions. Out: answers; a crashed worker answers `engine-crashed` to everything asked, now and later.
 * A cancelled ask answers at once; what the worker still says about it is dropped.
 */
import { AskLine, type WorkerPort } from './ask-line.ts';
import type { EngineApi } from './contract.ts';

export type { WorkerPort } from './ask-line.ts';
export type { SearchMatches } from './chart-search.ts';
export type {
  AskOptions,
  BreakdownQuestion,
  CargoFacts,
  ChartOptions,
  CounterTrack,
  EngineApi,
  LeftOut,
  LeftOutExamples,
  LeftOutKind,
  OpenedDocument,
  OpenedRecording,
  OpenId,
  OpenOptions,
  OpenProgress,
  OverviewQuestion,
  ServedRequest,
  ServerSpanMark,
  SliceDetails,
  SliceLink,
  SliceStep,
  Source,
  ThreadSummary,
  TraceFileForm,
  TraceFileQuestion,
  Tracing,
} from './contract.ts';
export {
  type ComparedGraph,
  type ComparedSide,
  type CompareGraphQuestion,
  type CompareScope,
  type DocumentSource,
  type FunctionChanges,
  type OpenedProfiles,
  PROFILE_FILE_FORMS,
  type ProfileFileForm,
  type ProfileFileQuestion,
  type ProfileThread,
  type WeightChoice,
} from './document-questions.ts';
export type { SliceArguments } from './slice-arguments.ts';
export type {
  Keeping,
  MapAnswer,
  MapQuestion,
  ScriptFacts,
  SourceText,
  SourceTimesQuestion,
  TextOrigin,
  TextQuestion,
} from './source-questions.ts';
export type { TextFlags } from './text-matcher.ts';
export type {
  EventGrouping,
  EventList,
  EventQuestion,
  GraphQuestion,
  GraphShape,
  NamedFrames,
  OccurrenceQuestion,
  Occurrences,
  ProfileScope,
  TreeAnswer,
  TreeQuestion,
} from './view-questions.ts';

export interface EngineClient extends EngineApi {
  /** Ends the worker; what is asked afterwards answers `engine-crashed`. */
  end(): void;
}

/** Starts a worker and connects to it. `onCrash` is told once, with the browser's own words. */
export function startEngine(onCrash: (detail: string) => void): EngineClient {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'pageflame-engine',
  });
  return connectEngine(worker, onCrash);
}

export function connectEngine(worker: WorkerPort, onCrash: (detail: string) => void): EngineClient {
  const line = new AskLine(worker, onCrash);
  return {
    open: (source, options) => line.open(source, options),
    chart: (open, options) => {
      const { hidden = [], ignored = [] } = options ?? {};
      return line.ask('chart', { open, hidden, ignored }, options);
    },
    search: (open, query, options) => line.ask('search', { open, query }, options),
    match: (texts, query, options) => line.ask('match', { texts, query }, options),
    tree: (open, about, options) => line.ask('tree', { open, about }, options),
    graph: (open, about, options) => line.ask('graph', { open, about }, options),
    occurrences: (open, about, options) => line.ask('occurrences', { open, about }, options),
    events: (open, about, options) => line.ask('events', { open, about }, options),
    overview: (open, about, options) => line.ask('overview', { open, about }, options),
    breakdown: (open, about, options) => line.ask('breakdown', { open, about }, options),
    insights: (open, options) => line.ask('insights', { open }, options),
    details: (open, slice, options) => line.ask('details', { open, slice }, options),
    arguments: (open, slice, options) => line.ask('arguments', { open, slice }, options),
    picture: (open, picture, options) => line.ask('picture', { open, picture }, options),
    traceFile: (open, about, options) => line.ask('traceFile', { open, about }, options),
    previewTraceFile: (open, options) => line.ask('previewTraceFile', { open }, options),
    cargo: (open, facts, options) => line.ask('cargo', { open, facts }, options),
    tracing: (open, slice, options) => line.ask('tracing', { open, slice }, options),
    served: (open, options) => line.ask('served', { open }, options),
    showServerSpans: (open, spans) => line.ask('showServerSpans', { open, spans }),
    marks: (open, options) => line.ask('marks', { open }, options),
    anchor: (open, slice, options) => line.ask('anchor', { open, slice }, options),
    resolve: (open, anchors, options) => line.ask('resolve', { open, anchors }, options),
    openDocument: (source, options) => line.openDocument(source, options),
    compare: (scope, options) => line.ask('compare', scope, options),
    compareGraph: (question, options) => line.ask('compareGraph', question, options),
    profileFile: (open, about, options) => line.ask('profileFile', { open, about }, options),
    sourceText: (open, place, options) => line.ask('sourceText', { open, place }, options),
    sourceTimes: (open, about, options) => line.ask('sourceTimes', { open, about }, options),
    mapScript: (open, about, options) => line.ask('mapScript', { open, about }, options),
    giveText: (open, about, options) => line.ask('giveText', { open, about }, options),
    close: (open) => line.ask('close', { open }),
    warmUp: () => line.ask('warmUp', null),
    end: () => line.end('It was ended.'),
  };
}

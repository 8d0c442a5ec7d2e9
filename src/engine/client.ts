/**
 * The panel's side of the conversation, and the door of engine/ for it: the same questions as the engine answers,
 * asked of a worker.
 * In: questions. Out: answers; a crashed worker answers `engine-crashed` to everything asked, now and later.
 * A cancelled ask answers at once; what the worker still says about it is dropped.
 */
import { AskLine, type WorkerPort } from './ask-line.ts';
import type { EngineApi } from './contract.ts';
import { type AskKind, QUESTIONS } from './protocol.ts';

export type { WorkerPort } from './ask-line.ts';
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
export type {
  Keeping,
  MapAnswer,
  MapQuestion,
  ScriptFacts,
  SourceText,
  SourceTimesQuestion,
  TextOrigin,
  TextQuestion,
} from './scripts/source-questions.ts';
export type { SearchMatches } from './search/chart-search.ts';
export type { TextFlags } from './search/text-matcher.ts';
export type { SliceArguments } from './slices/slice-arguments.ts';
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
  const methods = Object.entries(QUESTIONS).map(([kind, count]) => [
    kind,
    (...args: readonly unknown[]) => line.ask(kind as AskKind, args.slice(0, count), args[count] ?? {}),
  ]);
  return {
    // One method per question, with that question's arguments: the compiler has QUESTIONS hold them all (protocol.ts).
    ...(Object.fromEntries(methods) as EngineApi),
    end: () => line.end('It was ended.'),
  };
}

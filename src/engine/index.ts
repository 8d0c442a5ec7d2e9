/**
 * The door of engine/ for callers that hold the engine themselves (command line, tests). The panel's door is client.ts,
 * and worker.ts is what it starts.
 */
export { loadCargo, profileCargo } from './cargo.ts';
export type {
  AskOptions,
  BreakdownQuestion,
  CargoFacts,
  CounterTrack,
  EngineApi,
  LeftOut,
  LeftOutExamples,
  OpenedRecording,
  OpenId,
  OpenOptions,
  OpenProgress,
  OverviewQuestion,
  SliceDetails,
  SliceLink,
  SliceStep,
  Source,
  ThreadSummary,
  TraceFileForm,
  TraceFileQuestion,
} from './contract.ts';
export { Engine, type EngineOptions } from './engine.ts';
export { type HostPort, hostEngine } from './host.ts';
export type { LibraryReader } from './opening/sources.ts';
export type { OpenTrace } from './opening/summary.ts';
export { makeProfileFile, ofOneWeight } from './profiles/profile-file.ts';
export type { SliceArguments } from './slices/slice-arguments.ts';
export { NOTHING_LEFT_OUT, streamTrace } from './trace-export.ts';

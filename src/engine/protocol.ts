/**
 * Panel ↔ engine worker: every message that crosses, in one place. Each ask has a number; its answer, its progress and
 * its cancelling carry it. Columns are transferred, never copied.
 */
import type { Breakdown, Insight } from '../analysis/index.ts';
import type { Cargo } from '../backends/index.ts';
import type { Result, SliceIndex } from '../base/index.ts';
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
import type { SliceAnchor } from '../recording/index.ts';
import type { SearchMatches } from './chart-search.ts';
import type {
  BreakdownQuestion,
  CargoFacts,
  LeftOutExamples,
  OpenedDocument,
  OpenedRecording,
  OpenId,
  OpenProgress,
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
import type { SliceArguments } from './slice-arguments.ts';
import type {
  Keeping,
  MapAnswer,
  MapQuestion,
  SourceText,
  SourceTimesQuestion,
  TextQuestion,
} from './source-questions.ts';
import type { TextFlags } from './text-matcher.ts';
import type {
  EventList,
  EventQuestion,
  GraphQuestion,
  OccurrenceQuestion,
  Occurrences,
  TreeAnswer,
  TreeQuestion,
} from './view-questions.ts';

/** What may be asked, and what comes back. */
export interface Asks {
  open: { question: Source; answer: OpenedRecording };
  chart: {
    question: { open: OpenId; hidden: readonly HideRule[]; ignored: readonly string[] };
    answer: Chart;
  };
  search: { question: { open: OpenId; query: SearchQuery }; answer: SearchMatches };
  match: { question: { texts: SearchTexts; query: SearchQuery }; answer: TextFlags };
  tree: { question: { open: OpenId; about: TreeQuestion }; answer: TreeAnswer };
  graph: { question: { open: OpenId; about: GraphQuestion }; answer: Chart };
  occurrences: { question: { open: OpenId; about: OccurrenceQuestion }; answer: Occurrences };
  events: { question: { open: OpenId; about: EventQuestion }; answer: EventList };
  overview: { question: { open: OpenId; about: OverviewQuestion }; answer: CpuOverview };
  breakdown: { question: { open: OpenId; about: BreakdownQuestion }; answer: Breakdown };
  insights: { question: { open: OpenId }; answer: readonly Insight[] };
  details: { question: { open: OpenId; slice: SliceIndex }; answer: SliceDetails };
  arguments: { question: { open: OpenId; slice: SliceIndex }; answer: SliceArguments };
  picture: { question: { open: OpenId; picture: number }; answer: Uint8Array<ArrayBuffer> };
  traceFile: { question: { open: OpenId; about: TraceFileQuestion }; answer: Blob };
  previewTraceFile: { question: { open: OpenId }; answer: LeftOutExamples };
  cargo: { question: { open: OpenId; facts: CargoFacts }; answer: Cargo };
  tracing: { question: { open: OpenId; slice: SliceIndex }; answer: Tracing };
  served: { question: { open: OpenId }; answer: readonly ServedRequest[] };
  showServerSpans: {
    question: { open: OpenId; spans: readonly ServerSpanMark[] };
    answer: undefined;
  };
  marks: { question: { open: OpenId }; answer: SliceMarks };
  anchor: { question: { open: OpenId; slice: SliceIndex }; answer: SliceAnchor | null };
  resolve: {
    question: { open: OpenId; anchors: readonly SliceAnchor[] };
    answer: readonly (SliceIndex | null)[];
  };
  openDocument: { question: DocumentSource; answer: OpenedDocument };
  compare: { question: CompareScope; answer: FunctionChanges };
  compareGraph: { question: CompareGraphQuestion; answer: ComparedGraph };
  profileFile: { question: { open: OpenId; about: ProfileFileQuestion }; answer: Blob };
  sourceText: { question: { open: OpenId; place: SourcePlace }; answer: SourceText };
  sourceTimes: { question: { open: OpenId; about: SourceTimesQuestion }; answer: FileTimes };
  mapScript: { question: { open: OpenId; about: MapQuestion }; answer: MapAnswer };
  giveText: { question: { open: OpenId; about: TextQuestion }; answer: Keeping };
  close: { question: { open: OpenId }; answer: undefined };
  warmUp: { question: null; answer: undefined };
}
export type AskKind = keyof Asks;
export type Answer = Asks[AskKind]['answer'];

export type AskMessage = {
  [Kind in AskKind]: {
    readonly type: 'ask';
    readonly ask: number;
    readonly kind: Kind;
    readonly question: Asks[Kind]['question'];
  };
}[AskKind];

export type ClientMessage = AskMessage | { readonly type: 'cancel'; readonly ask: number };

export type HostMessage =
  | { readonly type: 'answer'; readonly ask: number; readonly result: Result<Answer> }
  | { readonly type: 'progress'; readonly ask: number; readonly progress: OpenProgress }
  /** A bug of ours: an assertion failed or something threw. */
  | { readonly type: 'bug'; readonly ask: number; readonly message: string; readonly stack: string };

/** The buffers of `answer` that move with it instead of being copied. */
export function transferablesOf(answer: Answer): ArrayBuffer[] {
  if (answer === undefined || answer === null || typeof answer !== 'object') return [];
  if ('rowStart' in answer) return buffersOfChart(answer);
  if ('chart' in answer) return buffersOfChart(answer.chart);
  if (answer instanceof Uint8Array) return [answer.buffer];
  if ('forcedBy' in answer) return [answer.bits.buffer, answer.forced.buffer, answer.forcedBy.buffer];
  if ('slices' in answer && answer.slices instanceof Int32Array) return [answer.slices.buffer];
  if ('boxes' in answer) return [answer.boxes.buffer, answer.labels.buffer];
  if ('busy' in answer) return [answer.busy.buffer];
  if ('generated' in answer) return answer.text === null ? [] : [answer.text.buffer];
  if ('places' in answer) return Object.values(answer.places).map((column) => column.buffer);
  if ('counters' in answer) return answer.counters.flatMap(({ time, value }) => [time.buffer, value.buffer]);
  return [];
}

function buffersOfChart({ boxes, rowStart, longest }: Chart): ArrayBuffer[] {
  const levels = longest.levels.flatMap(({ box, duration }) => [box, duration]);
  const columns = [
    boxes.start,
    boxes.end,
    boxes.colour,
    boxes.slice,
    boxes.label,
    rowStart,
    longest.duration,
    ...levels,
  ];
  return columns.map((column) => column.buffer);
}

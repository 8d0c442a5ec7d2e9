/**
 * Panel ↔ engine worker: every message that crosses, in one place. Each ask has a number; its answer, its progress and
 * its cancelling carry it. Columns are transferred, never copied.
 */
import type { Result } from '../base/index.ts';
import type { Chart } from '../flame/index.ts';
import type { ListPart } from './answer-parts.ts';
import type { EngineApi, OpenProgress } from './contract.ts';

export type AskKind = keyof EngineApi;

/**
 * Every question of {@link EngineApi}, and how many arguments stand before its options. A question that is not here does not
 * compile; this and its answer in the engine are all that a new one needs.
 */
export const QUESTIONS = {
  open: 1,
  chart: 1,
  search: 2,
  match: 2,
  tree: 2,
  graph: 2,
  occurrences: 2,
  events: 2,
  overview: 2,
  breakdown: 2,
  insights: 1,
  details: 2,
  arguments: 2,
  picture: 2,
  traceFile: 2,
  previewTraceFile: 1,
  cargo: 2,
  tracing: 2,
  served: 1,
  showServerSpans: 2,
  marks: 1,
  anchor: 2,
  resolve: 2,
  openDocument: 1,
  compare: 1,
  compareGraph: 1,
  profileFile: 2,
  sourceText: 2,
  sourceTimes: 2,
  mapScript: 2,
  giveText: 2,
  close: 1,
  warmUp: 0,
  practise: 0,
} as const satisfies Readonly<Record<AskKind, number>>;

export type AnswerOf<Kind extends AskKind> = Extract<
  Awaited<ReturnType<EngineApi[Kind]>>,
  { readonly ok: true }
>['value'];
export type Answer = AnswerOf<AskKind>;

export interface AskMessage {
  readonly type: 'ask';
  readonly ask: number;
  readonly kind: AskKind;
  /** As many as {@link QUESTIONS} says. */
  readonly args: readonly unknown[];
  /** Without `signal` and `onProgress`, for which there are messages. */
  readonly options: Readonly<Record<string, unknown>>;
}

export type ClientMessage = AskMessage | { readonly type: 'cancel'; readonly ask: number };

export type HostMessage =
  /** Comes before the answer that it belongs to. */
  | { readonly type: 'part'; readonly ask: number; readonly part: ListPart }
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

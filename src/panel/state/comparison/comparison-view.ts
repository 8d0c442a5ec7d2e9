/**
 * Two open documents side by side: which profile of each, what is compared, and what changed. Loaded when the first
 * comparison is made.
 * In: two documents. Out: signals; the last answer stands until the next one is there. Refuses nothing: failures go to
 * `onFailure`. Call `dispose` when it is left.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../../analysis/index.ts';
import { type Failure, sliceIndex } from '../../../base/index.ts';
import type {
  ComparedGraph,
  CompareGraphQuestion,
  CompareScope,
  EngineApi,
  FunctionChanges,
  OpenedDocument,
  OpenId,
} from '../../../engine/client.ts';
import type { Chart } from '../../../flame/index.ts';
import type { CompareBy, FunctionRef, ProfileTransform } from '../../../profile/index.ts';
import type { Recording } from '../../../recording/index.ts';
import { createSearch, type Search } from '../chart/search.ts';
import type { DocumentOrigin } from '../document-view.ts';
import { type Asking, AskingNow, createLatest } from '../latest.ts';
import { createGraphPart, type GraphPart, widestBox } from '../profile/graph-part.ts';
import type { GraphShown } from '../profile/graph-view.ts';
import { type ProfileScoping, scopeProfiles, threadsOfTrace } from '../profile/profile-view.ts';
import { type ChangeList, createChangeList } from './change-list.ts';

/** A document that is open in the engine, as one side. */
export interface Held {
  readonly document: OpenedDocument;
  readonly name: string;
  readonly recording: Recording | null;
  readonly from: DocumentOrigin | null;
  /** What was measured in it when it was taken; null for nothing. */
  readonly measured: TimeRange | null;
}

export type SideName = 'before' | 'after';

export interface RangeChoice {
  readonly id: 'measured' | 'page-load' | 'whole';
  readonly name: string;
  readonly range: TimeRange;
}

export interface ComparedDocument {
  readonly held: Held;
  readonly open: OpenId;
  readonly profile: ProfileScoping;
  /** What is measured goes first, then the page's load. Empty where the document tells no times. */
  readonly ranges: readonly RangeChoice[];
  readonly range: Signal<RangeChoice['id']>;
}

export interface ComparisonView {
  readonly before: ComparedDocument;
  readonly after: ComparedDocument;
  readonly by: Signal<CompareBy>;
  readonly wide: Signal<SideName>;
  readonly shown: Signal<GraphShown>;
  /** Whose callers and callees the sandwich shows; null for nobody's. */
  readonly middle: Signal<FunctionRef | null>;
  readonly transforms: Signal<readonly ProfileTransform[]>;
  /** null until the first one is there. */
  readonly functions: ReadonlySignal<FunctionChanges | null>;
  readonly functionsAsking: Asking;
  readonly changes: ChangeList;
  readonly whole: ChangePart;
  readonly callers: ChangePart;
  readonly callees: ChangePart;
  readonly search: Search;
  /** A function that the flame graph selects with its next answer. */
  readonly wanted: Signal<FunctionRef | null>;
  /** Why there is nothing to show; null where there is. */
  readonly problem: ReadonlySignal<Failure | null>;
  /** Asks for as long as the table is shown. Call the answer to stop. */
  readonly followFunctions: () => () => void;
  readonly followGraph: () => () => void;
  readonly dispose: () => void;
}

/** One differential flame graph. */
export interface ChangePart {
  readonly part: GraphPart;
  /** null until the first one is there. */
  readonly graph: Signal<ComparedGraph | null>;
}

export interface ComparisonOptions {
  readonly engine: EngineApi;
  readonly before: Held;
  readonly after: Held;
  readonly onFailure: (failure: Failure) => void;
}

export function createComparisonView({ engine, onFailure, ...held }: ComparisonOptions): ComparisonView {
  const before = createSide(held.before);
  const after = createSide(held.after);
  const by = signal<CompareBy>(addsUpLoads(before) || addsUpLoads(after) ? 'share' : 'weight');
  const transforms = signal<readonly ProfileTransform[]>([]);
  const scope = computed(
    (): CompareScope => ({
      before: { open: before.open, scope: before.profile.scope.value },
      after: { open: after.open, scope: after.profile.scope.value },
      by: by.value,
      transforms: transforms.value,
    }),
  );
  const search = createSearch({ engine, open: after.open, ...NOT_IN_A_CHART() });
  const answers: Answers = {
    engine,
    scope,
    wide: signal<SideName>('after'),
    shown: signal<GraphShown>('top-down'),
    middle: signal(null),
    functions: signal(null),
    functionsAsking: new AskingNow(),
    whole: { part: createGraphPart(engine, search), graph: signal(null) },
    callers: { part: createGraphPart(engine, search), graph: signal(null) },
    callees: { part: createGraphPart(engine, search), graph: signal(null) },
    wanted: signal(null),
    problem: signal(null),
    onFailure,
  };
  const { wide, shown, middle, functions, functionsAsking, whole, callers, callees, wanted, problem } =
    answers;
  const stopMatching = matchWeights(before, after);
  return {
    before,
    after,
    by,
    wide,
    shown,
    middle,
    transforms,
    functions,
    functionsAsking,
    changes: createChangeList(functions, by),
    whole,
    callers,
    callees,
    search,
    wanted,
    problem,
    followFunctions: () => followFunctions(answers),
    followGraph: () => followGraph(answers),
    dispose() {
      stopMatching();
      search.dispose();
      before.profile.dispose();
      after.profile.dispose();
    },
  };
}

/** A backend's profile is the sum of all that was sent in its time: only shares can be compared. */
export const addsUpLoads = ({ held }: ComparedDocument): boolean => held.from !== null;

interface Answers {
  readonly engine: EngineApi;
  readonly scope: ReadonlySignal<CompareScope>;
  readonly wide: Signal<SideName>;
  readonly shown: Signal<GraphShown>;
  readonly middle: Signal<FunctionRef | null>;
  readonly functions: Signal<FunctionChanges | null>;
  readonly functionsAsking: AskingNow;
  readonly whole: ChangePart;
  readonly callers: ChangePart;
  readonly callees: ChangePart;
  readonly wanted: Signal<FunctionRef | null>;
  readonly problem: Signal<Failure | null>;
  readonly onFailure: (failure: Failure) => void;
}

function followFunctions(answers: Answers): () => void {
  const { engine, scope, functions, functionsAsking, problem } = answers;
  const latest = createLatest<CompareScope, FunctionChanges>({
    ask: (question, abort) => engine.compare(question, { signal: abort }),
    onAnswer(answer) {
      problem.value = null;
      functions.value = answer;
    },
    onFailure: (failure) => tellProblem(answers, failure),
    asking: functionsAsking,
  });
  return stopAll(
    effect(() => latest.ask(scope.value)),
    latest.dispose,
  );
}

function followGraph(answers: Answers): () => void {
  const { scope, wide, shown, middle, wanted, whole, callers, callees } = answers;
  const asks = {
    whole: askFor(answers, whole),
    callers: askFor(answers, callers),
    callees: askFor(answers, callees),
  };
  const asking = effect(() => {
    const about = { scope: scope.value, order: 'heavy', wide: wide.value } as const;
    const kind = shown.value;
    // A sandwich is of one function: what is looked for is it.
    if (kind === 'sandwich' && wanted.value !== null) {
      middle.value = wanted.value;
      wanted.value = null;
    }
    const ref = middle.value;
    if (kind !== 'sandwich') asks.whole.ask({ ...about, shape: { kind } });
    else if (ref !== null) {
      asks.callers.ask({ ...about, shape: { kind: 'callers', function: ref } });
      asks.callees.ask({ ...about, shape: { kind: 'callees', function: ref } });
    }
  });
  return stopAll(
    asking,
    ...[whole, callers, callees].map(({ part }) => part.follow()),
    ...Object.values(asks).map(({ dispose }) => dispose),
  );
}

function askFor(answers: Answers, { part, graph }: ChangePart) {
  const { engine, problem, wanted, whole } = answers;
  return createLatest<CompareGraphQuestion, ComparedGraph>({
    ask: (question, abort) => engine.compareGraph(question, { signal: abort }),
    onAnswer(answer) {
      problem.value = null;
      graph.value = answer;
      part.show(answer.chart);
      if (part === whole.part) selectWanted(part, answer.chart, wanted);
    },
    onFailure: (failure) => tellProblem(answers, failure),
    asking: part.asking,
  });
}

/** Sides that cannot be compared are no accident: it is said in their place. */
function tellProblem({ problem, onFailure }: Answers, failure: Failure): void {
  if (failure.code === 'units-differ') problem.value = failure;
  else onFailure(failure);
}

function selectWanted(part: GraphPart, chart: Chart, wanted: Signal<FunctionRef | null>): void {
  const ref = wanted.peek();
  const box = ref === null ? -1 : widestBox(chart, ref);
  wanted.value = null;
  if (box >= 0) part.selection.value = sliceIndex(chart.boxes.slice[box]);
}

const stopAll =
  (...stops: readonly (() => void)[]) =>
  (): void => {
    for (const stop of stops) stop();
  };

/** The search looks through the flame graph alone. */
const NOT_IN_A_CHART = () => ({
  chart: signal<Chart | null>(null),
  viewport: signal<TimeRange>({ start: 0, end: 1 }),
  selection: signal(null),
});

/** The name of a document's own `open`. */
export const openOf = ({ document }: Held): OpenId => document.opened.open;

function createSide(held: Held): ComparedDocument {
  const ranges = rangesOf(held);
  const range = signal<RangeChoice['id']>(ranges[0]?.id ?? 'whole');
  const chosen = computed(() => ranges.find(({ id }) => id === range.value)?.range ?? { start: 0, end: 0 });
  const { document } = held;
  const profile = scopeProfiles({
    threads: document.kind === 'trace' ? threadsOfTrace(document.opened) : document.opened.threads,
    first: document.kind === 'trace' ? document.opened.mainThread : null,
    range: chosen,
    within: signal(null),
    hasSlices: document.kind === 'trace',
    names: signal(0),
  });
  return { held, open: openOf(held), profile, ranges, range };
}

function rangesOf({ document, measured }: Held): RangeChoice[] {
  const { bounds } = document.opened;
  if (bounds === null) return [];
  const pageWindow = document.kind === 'trace' ? document.opened.pageWindow : null;
  return [
    ...(measured === null ? [] : [{ id: 'measured', name: 'Measured range', range: measured } as const]),
    ...(pageWindow === null ? [] : [{ id: 'page-load', name: 'Page load', range: pageWindow } as const]),
    { id: 'whole', name: 'All of it', range: bounds },
  ];
}

/** What one side is weighed by, the other is, too, where it can be: of the same name, else of the same unit. */
function matchWeights(before: ComparedDocument, after: ComparedDocument): () => void {
  const follow = (leader: ComparedDocument, other: ComparedDocument): (() => void) =>
    effect(() => {
      const { id, unit } = weightOf(leader);
      const mine = other.profile.weights.peek();
      const fits = mine.find((each) => each.id === other.profile.type.peek());
      if (fits?.id === id || (fits?.unit === unit && !mine.some((each) => each.id === id))) return;
      const same = mine.find((each) => each.id === id) ?? mine.find((each) => each.unit === unit);
      if (same !== undefined) other.profile.type.value = same.id;
    });
  return stopAll(follow(after, before), follow(before, after));
}

function weightOf({ profile }: ComparedDocument) {
  const { weights, type } = profile;
  return weights.value.find(({ id }) => id === type.value) ?? { id: '', unit: 'none' as const };
}

/**
 * The overview's state: which part of the trace the strip shows (breadcrumbs), and what its lanes hold.
 * In: the trace, what the chart shows. Out: signals and steps between breadcrumbs. The strip always holds what the chart
 * shows: where that leaves a breadcrumb, the nearest one around it is shown again; deeper ones stay to go back to.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../../analysis/index.ts';
import { type Failure, nextTurn } from '../../../base/index.ts';
import type { EngineApi, OpenedRecording } from '../../../engine/client.ts';
import {
  type Chart,
  type CpuOverview,
  longTasksOf,
  sameRange,
  seriesOfPage,
  sumRequestsOverTime,
} from '../../../flame/index.ts';
import type { OverviewContent } from '../../canvas/index.ts';
import { subjectThread } from '../facts/subject-thread.ts';
import { createLatest } from '../latest.ts';

/** Enough for the widest screens; the strip is painted from it at any width. */
const OVERVIEW_BUCKETS = 1_200;
/** Microseconds: zoom and pan are floating point. */
const HAIR = 0.5;
/** What is shown is a breadcrumb of its own from this share of the one around it down. */
const NARROWER = 0.98;

export interface OverviewState {
  /** The whole trace first, each inside the one before. */
  readonly crumbs: ReadonlySignal<readonly TimeRange[]>;
  /** Which of them the strip shows. */
  readonly active: ReadonlySignal<number>;
  readonly range: ReadonlySignal<TimeRange>;
  readonly content: ReadonlySignal<OverviewContent>;
  /** Makes a breadcrumb of what the chart shows. False where that is (nearly) all that the strip shows. */
  readonly zoomInto: () => boolean;
  /** False where the strip shows the whole trace. */
  readonly stepOut: () => boolean;
  /** Back to the deeper one that was stepped out of. */
  readonly stepIn: () => boolean;
  readonly goTo: (crumb: number) => void;
  readonly dispose: () => void;
}

export interface OverviewOptions {
  readonly engine: EngineApi;
  readonly opened: OpenedRecording;
  readonly home: TimeRange;
  readonly viewport: Signal<TimeRange>;
  /** null until it is laid out. */
  readonly chart: ReadonlySignal<Chart | null>;
  /** Nothing is asked before. */
  readonly from?: Promise<unknown> | undefined;
  readonly onFailure: (failure: Failure) => void;
}

export function createOverview(options: OverviewOptions): OverviewState {
  const { opened, home, viewport } = options;
  const crumbs = signal<readonly TimeRange[]>([opened.bounds]);
  const active = signal(0);
  const range = computed(() => crumbs.value[active.value]);
  const cpu = followCpu(options, range);
  const isDue = signal(options.from === undefined);
  const counters = computed(() => countersOf(opened));
  const network = computed(() =>
    opened.requests.length === 0 ? null : sumRequestsOverTime(opened.requests, range.value, OVERVIEW_BUCKETS),
  );
  const longTasks = computed(() => {
    const chart = options.chart.value;
    return chart === null ? null : longTasksOf(chart);
  });
  /** Each lane in a task of its own; shown at once, because one that comes by itself has the others painted anew. */
  const becomeDue = async (from: Promise<unknown>): Promise<void> => {
    await from;
    for (const lane of [counters, network, longTasks]) {
      lane.peek();
      await nextTurn();
    }
    isDue.value = true;
  };
  if (options.from !== undefined) void becomeDue(options.from);
  const content = computed(() =>
    isDue.value
      ? { cpu: cpu.value.value, network: network.value, ...counters.value, longTasks: longTasks.value }
      : NO_CONTENT,
  );
  const show = (crumb: number): void => {
    active.value = crumb;
    viewport.value = crumb === 0 ? home : crumbs.peek()[crumb];
  };
  const stopLeaving = effect(() => {
    const seen = viewport.value;
    let around = active.peek();
    while (around > 0 && !holds(crumbs.peek()[around], seen)) around--;
    if (around !== active.peek()) active.value = around;
  });
  return {
    crumbs,
    active,
    range,
    content,
    zoomInto() {
      const seen = viewport.peek();
      const around = range.peek();
      if (seen.end - seen.start > (around.end - around.start) * NARROWER) return false;
      const deeper = crumbs.peek()[active.peek() + 1];
      if (deeper === undefined || !sameRange(deeper, seen))
        crumbs.value = [...crumbs.peek().slice(0, active.peek() + 1), seen];
      active.value++;
      return true;
    },
    stepOut() {
      if (active.peek() === 0) return false;
      show(active.peek() - 1);
      return true;
    },
    stepIn() {
      if (active.peek() + 1 >= crumbs.peek().length) return false;
      show(active.peek() + 1);
      return true;
    },
    goTo: show,
    dispose() {
      stopLeaving();
      cpu.dispose();
    },
  };
}

const holds = (around: TimeRange, seen: TimeRange): boolean =>
  seen.start >= around.start - HAIR && seen.end <= around.end + HAIR;

const NO_CONTENT: OverviewContent = { cpu: null, network: null, heap: null, nodes: null, longTasks: null };

/** Of the page's main thread; of its process what that counts as a whole. */
function countersOf({
  counters,
  threads,
  mainThread,
}: OpenedRecording): Pick<OverviewContent, 'heap' | 'nodes'> {
  const main = threads.find(({ thread }) => thread === mainThread);
  const series = main === undefined ? [] : seriesOfPage(counters, main);
  const find = (name: string) => series.find((each) => each.name === name) ?? null;
  return { heap: find('jsHeapSizeUsed'), nodes: find('nodes') };
}

/** Of the page's main thread, or the one that holds most, over the range; of the range before until the engine has answered. */
function followCpu(
  { engine, opened, from, onFailure }: OverviewOptions,
  range: ReadonlySignal<TimeRange>,
): { readonly value: ReadonlySignal<CpuOverview | null>; readonly dispose: () => void } {
  const value = signal<CpuOverview | null>(null);
  const thread = opened.mainThread ?? subjectThread(opened)?.thread ?? null;
  if (thread === null) return { value, dispose: () => undefined };
  const latest = createLatest<TimeRange, CpuOverview>({
    ask: (asked, abortSignal) =>
      engine.overview(
        opened.open,
        { thread, range: asked, buckets: OVERVIEW_BUCKETS },
        { signal: abortSignal },
      ),
    onAnswer: (overview) => {
      value.value = overview;
    },
    onFailure,
    from,
  });
  const stop = effect(() => latest.ask(range.value));
  return {
    value,
    dispose() {
      stop();
      latest.dispose();
    },
  };
}

/**
 * What the aggregated views (tables, flame graph, event log) are of: the thread, the range or one slice of it, what is
 * weighed, and the transforms that were made. One for all of them.
 * In: what is opened, the shown range, the selection. Out: signals; `scope` is what the engine is asked about.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../../analysis/index.ts';
import { type ThreadIndex, threadIndex } from '../../../base/index.ts';
import type {
  OpenedProfiles,
  OpenedRecording,
  ProfileScope,
  ProfileThread,
  SliceDetails,
  WeightChoice,
} from '../../../engine/client.ts';
import type { ProfileTransform, WeightUnit } from '../../../profile/index.ts';

/** Which profile of what is open. */
export interface ProfileScoping {
  /** In the order of the tracks. Without any there is nothing to ask about. */
  readonly threads: readonly Pick<ProfileThread, 'thread' | 'title'>[];
  readonly thread: Signal<ThreadIndex>;
  /** What the thread can be weighed by. */
  readonly weights: ReadonlySignal<readonly WeightChoice[]>;
  /** The id of one of them. */
  readonly type: Signal<string>;
  readonly unit: ReadonlySignal<WeightUnit>;
  readonly jsOnly: Signal<boolean>;
  readonly transforms: Signal<readonly ProfileTransform[]>;
  readonly scope: ReadonlySignal<ProfileScope>;
  /** A trace: with slices to look into, and work of the browser beside JavaScript. */
  readonly hasSlices: boolean;
  readonly dispose: () => void;
}

/** Of a trace, its thread follows the selection; it may be chosen otherwise. */
export interface ProfileView extends ProfileScoping {
  /** Only what runs in this slice; null for all. It stays when another slice is selected. */
  readonly within: Signal<SliceDetails | null>;
  /** The selected slice. */
  readonly selected: ReadonlySignal<SliceDetails | null>;
}

export interface ProfileViewOptions {
  readonly opened: OpenedRecording;
  readonly shownRange: ReadonlySignal<{ readonly range: TimeRange }>;
  readonly details: ReadonlySignal<SliceDetails | null>;
  /** Counts up when functions got other names: the same scope is asked about anew. */
  readonly names: ReadonlySignal<number>;
}

const TRACE_WEIGHTS: readonly WeightChoice[] = [
  { id: 'cpu', name: 'Busy time', unit: 'microseconds' },
  { id: 'wall', name: 'All time', unit: 'microseconds' },
  { id: 'samples', name: 'V8 samples', unit: 'count' },
];

/** The threads of a trace that have slices, and what they can be weighed by. */
export const threadsOfTrace = ({ threads }: OpenedRecording): readonly ProfileThread[] =>
  threads
    .filter(({ slices }) => slices > 0)
    .map(({ thread, title }) => ({ thread, title, weights: TRACE_WEIGHTS }));

export function createProfileView({ opened, shownRange, details, names }: ProfileViewOptions): ProfileView {
  const threads = threadsOfTrace(opened);
  const within = signal<SliceDetails | null>(null);
  const range = computed(() => (within.value === null ? shownRange.value.range : rangeOf(within.value)));
  const view = scopeProfiles({ threads, first: opened.mainThread, range, within, hasSlices: true, names });
  // Requests, frames and their like are of no thread that has slices.
  const selected = computed(() => {
    const slice = details.value;
    return threads.some((each) => each.thread === slice?.thread) ? slice : null;
  });
  const stops = [
    effect(() => {
      if (selected.value !== null && within.peek() === null) view.thread.value = selected.value.thread;
    }),
    effect(() => {
      const chosen = view.thread.value;
      if (within.peek()?.thread !== chosen) within.value = null;
    }),
  ];
  return {
    ...view,
    within,
    selected,
    dispose() {
      for (const stop of stops) stop();
      view.dispose();
    },
  };
}

/** Of a file of profiles: nothing in it is selected. */
export function createFileProfileView(opened: OpenedProfiles, range: ReadonlySignal<TimeRange>): ProfileView {
  const within = signal<SliceDetails | null>(null);
  const view = scopeProfiles({
    threads: opened.threads,
    first: null,
    range,
    within,
    hasSlices: false,
    names: signal(0),
  });
  return { ...view, within, selected: signal(null) };
}

export interface ScopingOptions {
  readonly threads: readonly ProfileThread[];
  /** null for the first of them. */
  readonly first: ThreadIndex | null;
  readonly range: ReadonlySignal<TimeRange>;
  readonly within: ReadonlySignal<SliceDetails | null>;
  readonly hasSlices: boolean;
  /** Counts up when functions got other names. */
  readonly names: ReadonlySignal<number>;
}

const NO_WEIGHT: WeightChoice = { id: 'cpu', name: 'Busy time', unit: 'microseconds' };

export function scopeProfiles({
  threads,
  first,
  range,
  within,
  hasSlices,
  names,
}: ScopingOptions): ProfileScoping {
  const thread = signal<ThreadIndex>(first ?? threads[0]?.thread ?? threadIndex(0));
  const weights = computed(
    () => threads.find((each) => each.thread === thread.value)?.weights ?? threads[0]?.weights ?? [NO_WEIGHT],
  );
  const type = signal((weights.peek()[0] ?? NO_WEIGHT).id);
  const jsOnly = signal(false);
  const transforms = signal<readonly ProfileTransform[]>([]);
  /** Another thread may not be weighed by what this one is. */
  const weight = computed(
    () => weights.value.find(({ id }) => id === type.value) ?? weights.value[0] ?? NO_WEIGHT,
  );
  const scope = computed((): ProfileScope => {
    void names.value;
    return {
      thread: thread.value,
      range: range.value,
      within: within.value?.slice ?? null,
      type: weight.value.id,
      jsOnly: jsOnly.value,
      transforms: transforms.value,
    };
  });
  const dispose = effect(() => {
    type.value = weight.value.id;
  });
  const unit = computed(() => weight.value.unit);
  return { threads, thread, weights, type, unit, jsOnly, transforms, scope, hasSlices, dispose };
}

const rangeOf = ({ start, total }: SliceDetails): TimeRange => ({ start, end: start + total });

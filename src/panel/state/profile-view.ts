/**
 * What the aggregated views (tables, flame graph, event log) are of: the thread, the range or one slice of it, what is
 * weighed, and the transforms that were made. One for all of them.
 * In: what is opened, the shown range, the selection. Out: signals; `scope` is what the engine is asked about.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../analysis/index.ts';
import { type ThreadIndex, threadIndex } from '../../base/index.ts';
import type { OpenedRecording, ProfileScope, SliceDetails, ThreadSummary } from '../../engine/client.ts';
import type { ProfileTransform, ProfileType } from '../../profile/index.ts';

export interface ProfileView {
  /** Those that have slices, in the order of the tracks. Without any there is nothing to ask about. */
  readonly threads: readonly ThreadSummary[];
  /** Follows the selection; may be chosen otherwise. */
  readonly thread: Signal<ThreadIndex>;
  /** Only what runs in this slice; null for all. It stays when another slice is selected. */
  readonly within: Signal<SliceDetails | null>;
  /** The selected slice. */
  readonly selected: ReadonlySignal<SliceDetails | null>;
  readonly type: Signal<ProfileType>;
  readonly jsOnly: Signal<boolean>;
  readonly transforms: Signal<readonly ProfileTransform[]>;
  readonly scope: ReadonlySignal<ProfileScope>;
  readonly dispose: () => void;
}

export interface ProfileViewOptions {
  readonly opened: OpenedRecording;
  readonly shownRange: ReadonlySignal<{ readonly range: TimeRange }>;
  readonly details: ReadonlySignal<SliceDetails | null>;
}

export function createProfileView({ opened, shownRange, details }: ProfileViewOptions): ProfileView {
  const threads = opened.threads.filter(({ slices }) => slices > 0);
  const thread = signal<ThreadIndex>(opened.mainThread ?? threads[0]?.thread ?? threadIndex(0));
  const within = signal<SliceDetails | null>(null);
  const type = signal<ProfileType>('cpu');
  const jsOnly = signal(false);
  const transforms = signal<readonly ProfileTransform[]>([]);
  const scope = computed(
    (): ProfileScope => ({
      thread: thread.value,
      range: within.value === null ? shownRange.value.range : rangeOf(within.value),
      within: within.value?.slice ?? null,
      type: type.value,
      jsOnly: jsOnly.value,
      transforms: transforms.value,
    }),
  );
  // Requests, frames and their like are of no thread that has slices.
  const selected = computed(() => {
    const slice = details.value;
    return threads.some((each) => each.thread === slice?.thread) ? slice : null;
  });
  const stops = [
    effect(() => {
      if (selected.value !== null && within.peek() === null) thread.value = selected.value.thread;
    }),
    effect(() => {
      const chosen = thread.value;
      if (within.peek()?.thread !== chosen) within.value = null;
    }),
  ];
  return {
    threads,
    thread,
    within,
    selected,
    type,
    jsOnly,
    transforms,
    scope,
    dispose() {
      for (const stop of stops) stop();
    },
  };
}

const rangeOf = ({ start, total }: SliceDetails): TimeRange => ({ start, end: start + total });

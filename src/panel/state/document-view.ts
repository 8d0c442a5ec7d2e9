/**
 * The state of one open file of profiles: what is seen of its chart, where it has one, and which profile the tables and
 * the flame graph are of. Loaded when the first of them is opened.
 * In: what the engine told on opening. Out: signals; the chart arrives later. Refuses nothing: failures go to
 * `onFailure`. Call `dispose` when it is left.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../analysis/index.ts';
import type { Failure, Micros, SliceIndex } from '../../base/index.ts';
import type { EngineApi, OpenedProfiles } from '../../engine/client.ts';
import { type Chart, NO_TRACK_CHOICES, type SourcePlace, type TrackChoices } from '../../flame/index.ts';
import { createSearch, type Search } from './chart/search.ts';
import { createFileProfileView, type ProfileView } from './profile/profile-view.ts';

/** What a backend's profile is of, and where it stands there. */
export interface DocumentOrigin {
  /** `Pyroscope at 127.0.0.1:4040`. */
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** The backend's own page of it; null where it has none. */
  readonly page: string | null;
  /** What was left out; '' for nothing. */
  readonly limit: string;
}

export interface DocumentView {
  readonly opened: OpenedProfiles;
  /** null for a file. */
  readonly from: DocumentOrigin | null;
  /** Times count from here. */
  readonly origin: Micros;
  readonly viewport: Signal<TimeRange>;
  readonly measured: Signal<TimeRange | null>;
  readonly selection: Signal<SliceIndex | null>;
  readonly tracks: Signal<TrackChoices>;
  /** null until it is laid out, and always where nothing tells its time. */
  readonly chart: ReadonlySignal<Chart | null>;
  readonly search: Search;
  readonly profile: ProfileView;
  /** A file of profiles holds no source texts, and its names stay. */
  readonly source: Signal<SourcePlace | null>;
  readonly names: Signal<number>;
  readonly dispose: () => void;
}

export interface DocumentViewOptions {
  readonly engine: EngineApi;
  readonly opened: OpenedProfiles;
  readonly from: DocumentOrigin | null;
  readonly onFailure: (failure: Failure) => void;
}

/** So many threads are all looked at; of more, the busiest first. */
const MOST_OPEN = 6;

function chooseOpen({ tracks, rowStart }: Chart): TrackChoices {
  const boxesOf = ({ firstRow, rows }: Chart['tracks'][number]): number =>
    rowStart[firstRow + rows] - rowStart[firstRow];
  const most = Math.max(0, ...tracks.map(boxesOf));
  const closed = tracks.length <= MOST_OPEN ? [] : tracks.filter((track) => boxesOf(track) < most);
  return { ...NO_TRACK_CHOICES, collapsed: new Set(closed.map(({ key }) => key)) };
}

const NOWHERE: TimeRange = { start: 0, end: 0 };

export function createDocumentView(options: DocumentViewOptions): DocumentView {
  const { engine, opened, from, onFailure } = options;
  const abort = new AbortController();
  const bounds = opened.bounds ?? NOWHERE;
  const viewport = signal(bounds);
  const measured = signal<TimeRange | null>(null);
  const selection = signal<SliceIndex | null>(null);
  const chart = signal<Chart | null>(null);
  const tracks = signal<TrackChoices>(NO_TRACK_CHOICES);
  const range = computed(() => measured.value ?? viewport.value);
  const profile = createFileProfileView(opened, range);
  const search = createSearch({ engine, open: opened.open, chart, viewport, selection });
  const takeChart = async (): Promise<void> => {
    const answer = await engine.chart(opened.open, { signal: abort.signal });
    if (abort.signal.aborted) return;
    if (!answer.ok) return onFailure(answer.failure);
    tracks.value = chooseOpen(answer.value);
    chart.value = answer.value;
  };
  if (opened.bounds !== null) void takeChart();
  return {
    opened,
    from,
    origin: bounds.start,
    viewport,
    measured,
    selection,
    tracks,
    chart,
    search,
    profile,
    source: signal(null),
    names: signal(0),
    dispose() {
      abort.abort();
      search.dispose();
      profile.dispose();
    },
  };
}

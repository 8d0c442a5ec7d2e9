/**
 * All aggregated views of one open trace, made when the first of them is looked at and kept while it is open.
 * In: the trace's view and the outside. Out: tables, event log, flame graph, and what they do beyond themselves: show a
 * function in the chart, show its source, copy text.
 */
import { effect, type Signal, signal } from '@preact/signals';
import {
  type Failure,
  type Micros,
  type SliceIndex,
  sliceIndex,
  type ThreadIndex,
} from '../../../base/index.ts';
import type { OpenId, ProfileFileForm } from '../../../engine/client.ts';
import type { Chart } from '../../../flame/index.ts';
import type { FunctionRef } from '../../../profile/index.ts';
import { countOf, shortenMiddle } from '../../words/format.ts';
import type { Search } from '../chart/search.ts';
import type { Outside } from '../doors.ts';
import type { Asking } from '../latest.ts';
import { createSourceView, type SourceDoor, type SourceView } from '../source/source-view.ts';
import type { TraceView } from '../trace-view.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { widestBox } from './graph-part.ts';
import { createGraphView, type GraphView } from './graph-view.ts';
import { createProfileSaving } from './profile-saving.ts';
import type { ProfileView } from './profile-view.ts';
import { createTextDoor, type TextDoor } from './text-door.ts';
import { createTreeView, type TreeView } from './tree-view.ts';

export interface Aggregated extends TextDoor {
  readonly profile: ProfileView;
  readonly search: Search;
  readonly origin: Micros;
  readonly bottomUp: TreeView;
  readonly callTree: TreeView;
  /** The list of functions beside a sandwich. */
  readonly functions: TreeView;
  readonly events: EventLog;
  readonly graph: GraphView;
  readonly source: SourceView;
  /** What a screen reader is told next, and what stands at the foot of the view. */
  readonly said: Signal<string>;
  /** Selects the longest slice of the function. */
  readonly showInChart: (ref: FunctionRef) => Promise<void>;
  /** Turns the flame graph to callers and callees of the function. */
  readonly openSandwich: (ref: FunctionRef) => void;
  /** Shows the function's source code, or says why there is none. */
  readonly openSource: (ref: FunctionRef) => void;
  /** Saves the profile that the views are of as a file of another tool. */
  readonly save: (form: ProfileFileForm) => void;
  /** How that stands. */
  readonly saving: Asking;
  readonly dispose: () => void;
}

/** What they are of: a trace, or a file of profiles, which has neither slices nor sources. */
export type AggregatedSubject = Pick<
  TraceView,
  'origin' | 'profile' | 'search' | 'chart' | 'selection' | 'source' | 'names'
> & { readonly opened: { readonly open: OpenId } };

export interface AggregatedOptions {
  readonly outside: Pick<Outside, 'engine' | 'copy' | 'download'>;
  readonly view: AggregatedSubject;
  readonly sources: SourceDoor;
  readonly onFailure: (failure: Failure) => void;
}

export function createAggregated({ outside, view, sources, onFailure }: AggregatedOptions): Aggregated {
  const { engine } = outside;
  const { profile, search, origin } = view;
  const { open } = view.opened;
  const said = signal('');
  const shared = { engine, open, profile, onFailure };
  const saving = createProfileSaving({
    ...shared,
    download: outside.download,
    onSaved: (name) => {
      said.value = `Saved as ${name}.`;
    },
  });
  const functions = createTreeView({ ...shared, inverted: true });
  const graph = createGraphView({ ...shared, search });
  const source = createSourceView({
    ...shared,
    door: sources,
    onRenamed() {
      // What they name bears another name now.
      profile.transforms.value = [];
      graph.middle.value = null;
      view.names.value++;
    },
    say: (text) => {
      said.value = text;
    },
  });
  const stopOpening = effect(() => {
    if (view.source.value !== null) void source.open(view.source.value);
  });
  return {
    profile,
    search,
    origin,
    bottomUp: createTreeView({ ...shared, inverted: true }),
    callTree: createTreeView({ ...shared, inverted: false }),
    functions,
    events: createEventLog({ ...shared, chart: view.chart, selection: view.selection }),
    graph,
    source,
    said,
    async showInChart(ref) {
      const { thread, range } = profile.scope.peek();
      if (!profile.hasSlices) {
        said.value = selectCall(view, thread, ref);
        return;
      }
      const answer = await engine.occurrences(open, { thread, range, function: ref });
      if (!answer.ok) return onFailure(answer.failure);
      const { count, longest } = answer.value;
      if (longest === null) {
        said.value = `The chart has no slice of ${short(ref.name)} by itself.`;
        return;
      }
      view.selection.value = longest;
      said.value =
        count === 1
          ? `${short(ref.name)} is selected in the chart.`
          : `The longest of ${countOf(count, 'slice')} of ${short(ref.name)} is selected in the chart.`;
    },
    openSandwich(ref) {
      functions.activateFunction(ref);
      graph.middle.value = ref;
      graph.shown.value = 'sandwich';
    },
    openSource({ name, url, line, column }) {
      if (!profile.hasSlices) said.value = 'Source texts are in recordings; a file of profiles holds none.';
      else if (url === '') said.value = `${short(name)} has no source: it is the browser's own work.`;
      else view.source.value = { url, line, column };
    },
    dispose() {
      stopOpening();
      source.dispose();
      saving.dispose();
    },
    ...createTextDoor(outside, said),
    saving: saving.asking,
    save(form) {
      const scope = profile.scope.peek();
      saving.save({ form, title: nameThread(profile, scope.thread), scope, what: 'scope' });
    },
  };
}

/** Letters and marks that turn the order of what follows them. */
const TURNS = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name of a page's own within a sentence: it may be as long as it likes, and turns nothing else round. */
function short(name: string): string {
  const text = shortenMiddle(name, 80);
  return TURNS.test(text) ? `\u2068${text}\u2069` : text;
}

/** What a file is called that holds a thread's profile: its title, as file names take it. */
const nameThread = ({ threads }: ProfileView, thread: ThreadIndex): string =>
  (threads.find((each) => each.thread === thread)?.title ?? '')
    .replace(/https?:\/\//g, '')
    .replace(/[^\p{L}\p{N}._]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80) || 'profile';

/** Selects the longest call of a function in the chart of a file; says what became of it. */
function selectCall({ chart, selection }: AggregatedSubject, thread: ThreadIndex, ref: FunctionRef): string {
  if (chart.peek() === null) return 'There is no chart: the file does not tell when its samples were taken.';
  const found = longestCall(chart.peek(), thread, ref);
  if (found === null) return `The chart has no call of ${short(ref.name)}.`;
  selection.value = found;
  return `The longest call of ${short(ref.name)} is selected in the chart.`;
}

/** Of a chart whose boxes are calls: the longest of the function in the thread's track; null where there is none. */
function longestCall(chart: Chart | null, thread: ThreadIndex, ref: FunctionRef): SliceIndex | null {
  const track = chart?.tracks.find((each) => each.thread === thread);
  if (chart === null || track === undefined) return null;
  const { boxes, rowStart } = chart;
  const box = widestBox(chart, ref, rowStart[track.firstRow], rowStart[track.firstRow + track.rows]);
  return box < 0 ? null : sliceIndex(boxes.slice[box]);
}

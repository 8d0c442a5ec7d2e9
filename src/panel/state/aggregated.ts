/**
 * All aggregated views of one open trace, made when the first of them is looked at and kept while it is open.
 * In: the trace's view and the outside. Out: tables, event log, flame graph, and what they do beyond themselves: show a
 * function in the chart, copy text.
 */
import { type Signal, signal } from '@preact/signals';
import type { Failure, Micros } from '../../base/index.ts';
import type { FunctionRef } from '../../profile/index.ts';
import { countOf } from '../words/format.ts';
import type { Outside } from './doors.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { createGraphView, type GraphView } from './graph-view.ts';
import type { ProfileView } from './profile-view.ts';
import type { Search } from './search.ts';
import type { TraceView } from './trace-view.ts';
import { createTreeView, type TreeView } from './tree-view.ts';

export interface Aggregated {
  readonly profile: ProfileView;
  readonly search: Search;
  readonly origin: Micros;
  readonly bottomUp: TreeView;
  readonly callTree: TreeView;
  /** The list of functions beside a sandwich. */
  readonly functions: TreeView;
  readonly events: EventLog;
  readonly graph: GraphView;
  /** What a screen reader is told next, and what stands at the foot of the view. */
  readonly said: Signal<string>;
  /** Selects the longest slice of the function. */
  readonly showInChart: (ref: FunctionRef) => Promise<void>;
  /** Turns the flame graph to callers and callees of the function. */
  readonly openSandwich: (ref: FunctionRef) => void;
  readonly copy: (text: string, what: string) => Promise<void>;
}

export interface AggregatedOptions {
  readonly outside: Pick<Outside, 'engine' | 'copy'>;
  readonly view: TraceView;
  readonly onFailure: (failure: Failure) => void;
}

export function createAggregated({ outside, view, onFailure }: AggregatedOptions): Aggregated {
  const { engine } = outside;
  const { profile, search, origin } = view;
  const { open } = view.opened;
  const said = signal('');
  const shared = { engine, open, profile, onFailure };
  const functions = createTreeView({ ...shared, inverted: true });
  const graph = createGraphView({ ...shared, search });
  return {
    profile,
    search,
    origin,
    bottomUp: createTreeView({ ...shared, inverted: true }),
    callTree: createTreeView({ ...shared, inverted: false }),
    functions,
    events: createEventLog({ ...shared, chart: view.chart, selection: view.selection }),
    graph,
    said,
    async showInChart(ref) {
      const { thread, range } = profile.scope.peek();
      const answer = await engine.occurrences(open, { thread, range, function: ref });
      if (!answer.ok) return onFailure(answer.failure);
      const { count, longest } = answer.value;
      if (longest === null) {
        said.value = `The chart has no slice of ${ref.name} by itself.`;
        return;
      }
      view.selection.value = longest;
      said.value =
        count === 1
          ? `${ref.name} is selected in the chart.`
          : `The longest of ${countOf(count, 'slice')} of ${ref.name} is selected in the chart.`;
    },
    openSandwich(ref) {
      functions.activateFunction(ref);
      graph.middle.value = ref;
      graph.shown.value = 'sandwich';
    },
    async copy(text, what) {
      const isCopied = await outside.copy(text);
      said.value = isCopied ? `${what} copied.` : 'The browser did not let us write to the clipboard.';
    },
  };
}

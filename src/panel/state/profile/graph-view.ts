/**
 * The flame graph: which way it is turned, what its functions become, the sandwich of one function.
 * In: the scope and the search that all aggregated views share. Out: three graphs (all; callers and callees of one
 * function), and what can be done to a box. Refuses nothing: failures go to `onFailure`.
 */
import { effect, type Signal, signal } from '@preact/signals';
import type { Failure } from '../../../base/index.ts';
import type { EngineApi, GraphQuestion, OpenId } from '../../../engine/client.ts';
import type { Chart } from '../../../flame/index.ts';
import type { FunctionRef, ProfileTransform, SiblingOrder } from '../../../profile/index.ts';
import type { Search } from '../chart/search.ts';
import { createLatest } from '../latest.ts';
import { createGraphPart, functionOfBox, type GraphPart, pathOf } from './graph-part.ts';
import type { ProfileView } from './profile-view.ts';

export type GraphShown = 'top-down' | 'bottom-up' | 'sandwich';

export interface GraphView {
  readonly shown: Signal<GraphShown>;
  readonly order: Signal<SiblingOrder>;
  /** Roots at the bottom: flames, not icicles. */
  readonly upward: Signal<boolean>;
  /** Whose callers and callees the sandwich shows. */
  readonly middle: Signal<FunctionRef | null>;
  readonly whole: GraphPart;
  readonly callers: GraphPart;
  readonly callees: GraphPart;
  /** Makes a transform of what a key or a menu says of a box; false where it says nothing of that box. */
  readonly transform: (kind: BoxTransform, chart: Chart, box: number) => boolean;
  readonly follow: () => () => void;
}

export type BoxTransform =
  | 'focus-function'
  | 'focus-subtree'
  | 'merge'
  | 'collapse-function'
  | 'collapse-source'
  | 'collapse-recursion'
  | 'collapse-all-recursion'
  | 'drop';

export interface GraphViewOptions {
  readonly engine: EngineApi;
  readonly open: OpenId;
  readonly profile: ProfileView;
  readonly search: Search;
  readonly onFailure: (failure: Failure) => void;
}

export function createGraphView(options: GraphViewOptions): GraphView {
  const { engine, profile, search } = options;
  const shown = signal<GraphShown>('top-down');
  const order = signal<SiblingOrder>('heavy');
  const middle = signal<FunctionRef | null>(null);
  const parts = {
    whole: createGraphPart(engine, search),
    callers: createGraphPart(engine, search),
    callees: createGraphPart(engine, search),
  };
  return {
    shown,
    order,
    upward: signal(false),
    middle,
    ...parts,
    transform(kind, chart, box) {
      const made = makeTransform(kind, chart, box, shown.peek());
      if (made !== null) profile.transforms.value = [...profile.transforms.peek(), made];
      return made !== null;
    },
    follow() {
      const asks = {
        whole: askFor(options, parts.whole),
        callers: askFor(options, parts.callers),
        callees: askFor(options, parts.callees),
      };
      const stops = [
        effect(() => {
          const about = { scope: profile.scope.value, order: order.value };
          const kind = shown.value;
          const ref = middle.value;
          if (kind !== 'sandwich') asks.whole.ask({ ...about, shape: { kind } });
          else if (ref !== null) {
            asks.callers.ask({ ...about, shape: { kind: 'callers', function: ref } });
            asks.callees.ask({ ...about, shape: { kind: 'callees', function: ref } });
          }
        }),
        ...Object.values(parts).map((part) => part.follow()),
      ];
      return () => {
        for (const stop of stops) stop();
        for (const ask of Object.values(asks)) ask.dispose();
      };
    },
  };
}

function askFor({ engine, open, onFailure }: GraphViewOptions, part: GraphPart) {
  return createLatest<GraphQuestion, Chart>({
    ask: (question, abort) => engine.graph(open, question, { signal: abort }),
    onAnswer: (chart) => part.show(chart),
    onFailure,
    asking: part.asking,
  });
}

/** What a key or a menu says of a box; null where it says nothing of that one. */
export function makeTransform(
  kind: BoxTransform,
  chart: Chart,
  box: number,
  shown: GraphShown,
): ProfileTransform | null {
  if (kind === 'collapse-all-recursion') return { kind: 'collapse-recursion', function: null };
  if (box < 0) return null;
  const ref = functionOfBox(chart, box);
  switch (kind) {
    case 'focus-function':
      return { kind, function: ref };
    case 'focus-subtree':
      // The sides of a sandwich begin at its function, wherever that stands: there is no path from a root.
      return shown === 'sandwich'
        ? { kind: 'focus-function', function: ref }
        : { kind, path: pathOf(chart, box), inverted: shown === 'bottom-up' };
    case 'merge':
      return { kind: 'merge-function', function: ref };
    case 'collapse-function':
      return { kind, function: ref };
    case 'collapse-source':
      return ref.url === '' ? null : { kind, url: ref.url };
    case 'collapse-recursion':
      return { kind, function: ref };
    case 'drop':
      return { kind: 'drop-function', function: ref };
  }
}

/**
 * Searching the open trace: what is looked for, what of the chart it finds, and the way through the finds.
 * In: the chart, what is seen and selected. Out: signals; `step` writes the selection, and the chart brings it into
 * view. A broken or endless pattern stands as a sentence where the count would; the finds before it are dropped.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../../analysis/index.ts';
import { type SliceIndex, sliceIndex } from '../../../base/index.ts';
import type { EngineApi, OpenId, SearchMatches } from '../../../engine/client.ts';
import {
  boxOfSlice,
  type Chart,
  countBefore,
  firstMatchFrom,
  neighbourMatch,
  type SearchQuery,
} from '../../../flame/index.ts';

export interface Search {
  /** Whether the search bar is there; nothing is found without it. */
  readonly isOpen: Signal<boolean>;
  /** Counts how often it was asked for: the bar takes the focus each time. */
  readonly asked: ReadonlySignal<number>;
  readonly query: Signal<SearchQuery>;
  /** null while nothing is looked for. */
  readonly matches: ReadonlySignal<SearchMatches | null>;
  /** The place of the selection among the finds, from 1; 0 where it is none of them. */
  readonly place: ReadonlySignal<number>;
  readonly isBusy: ReadonlySignal<boolean>;
  /** Why there is no answer; '' where there is. */
  readonly problem: ReadonlySignal<string>;
  readonly start: () => void;
  readonly close: () => void;
  /** Steps in another view that has the focus; answers whether it did. null where there is none. */
  readonly other: Signal<((towards: 1 | -1) => boolean) | null>;
  /** Selects the find after or before the selection; the first one seen where nothing is selected. */
  readonly step: (towards: 1 | -1) => void;
  readonly dispose: () => void;
}

export interface SearchOptions {
  readonly engine: EngineApi;
  readonly open: OpenId;
  readonly chart: ReadonlySignal<Chart | null>;
  readonly viewport: ReadonlySignal<TimeRange>;
  readonly selection: Signal<SliceIndex | null>;
}

const NOTHING_ASKED: SearchQuery = { text: '', regex: false, matchCase: false, wholeWord: false };

export function createSearch({ engine, open, chart, viewport, selection }: SearchOptions): Search {
  const isOpen = signal(false);
  const asked = signal(0);
  const query = signal(NOTHING_ASKED);
  const matches = signal<SearchMatches | null>(null);
  const isBusy = signal(false);
  const problem = signal('');
  const other = signal<((towards: 1 | -1) => boolean) | null>(null);
  const place = computed(() => placeOf(chart.value, matches.value, selection.value));
  /** Asked for before the answer was there: Enter may follow the last letter at once, and Esc that. */
  let awaited: { readonly towards: 1 | -1; closes: boolean } | null = null;

  const ask = async (what: SearchQuery, abort: AbortSignal): Promise<void> => {
    const answer = await engine.search(open, what, { signal: abort });
    if (abort.aborted) return;
    isBusy.value = false;
    matches.value = answer.ok ? answer.value : null;
    problem.value = answer.ok ? '' : answer.failure.message;
    if (awaited === null) return;
    const { towards, closes } = awaited;
    awaited = null;
    stepInChart(towards);
    if (closes) isOpen.value = false;
  };
  const stepInChart = (towards: 1 | -1): void => {
    const found = matches.peek();
    const whole = chart.peek();
    if (found === null || whole === null) return;
    const selected = selection.peek();
    const box = selected === null ? -1 : boxOfSlice(whole, selected);
    const next =
      box < 0
        ? firstMatchFrom(whole, found.boxes, viewport.peek().start)
        : neighbourMatch(whole, found.boxes, box, towards);
    if (next >= 0) selection.value = sliceIndex(whole.boxes.slice[next]);
  };
  let searched: Chart | null = null;
  let lookedFor = NOTHING_ASKED;
  const dispose = effect(() => {
    const what = query.value;
    // Finds are rows of their chart: of another one they say nothing.
    if (chart.value !== searched) matches.value = null;
    // What another chart (of new names, say) is searched for once more, Enter was pressed for all the same.
    else awaited = null;
    if (what !== lookedFor || !isOpen.value) awaited = null;
    lookedFor = what;
    searched = chart.value;
    if (!isOpen.value || what.text === '' || chart.value === null) {
      matches.value = null;
      problem.value = '';
      isBusy.value = false;
      return undefined;
    }
    const abort = new AbortController();
    isBusy.value = true;
    void ask(what, abort.signal);
    return () => abort.abort();
  });

  return {
    isOpen,
    asked,
    query,
    matches,
    place,
    isBusy,
    problem,
    other,
    start() {
      isOpen.value = true;
      asked.value++;
    },
    close() {
      if (awaited === null) isOpen.value = false;
      else awaited.closes = true;
    },
    step(towards) {
      if (other.peek()?.(towards) === true) return;
      if (isBusy.peek()) awaited = { towards, closes: false };
      else stepInChart(towards);
    },
    dispose,
  };
}

function placeOf(chart: Chart | null, matches: SearchMatches | null, selected: SliceIndex | null): number {
  if (chart === null || matches === null || selected === null) return 0;
  const box = boxOfSlice(chart, selected);
  if (box < 0 || matches.labels[chart.boxes.label[box]] === 0) return 0;
  return countBefore(chart, matches.boxes, box) + 1;
}

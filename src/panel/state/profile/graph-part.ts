/**
 * One flame graph: its boxes, what of it is seen and selected, and what a search finds in it.
 * In: charts as the engine answers them, the search that all views share. Out: signals for the canvas. When the boxes
 * change (another range), the same path stays selected where it is still there, and everything is in sight again.
 */
import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../../analysis/index.ts';
import { type SliceIndex, sliceIndex } from '../../../base/index.ts';
import type { EngineApi, SearchMatches, TextFlags } from '../../../engine/client.ts';
import {
  boxOfSlice,
  type Chart,
  childBoxes,
  countLabels,
  findBoxes,
  firstMatchFrom,
  NO_TRACK_CHOICES,
  neighbourMatch,
  parentBox,
  searchTextsOf,
  type TrackChoices,
} from '../../../flame/index.ts';
import type { FunctionRef } from '../../../profile/index.ts';
import type { Search } from '../chart/search.ts';
import { AskingNow } from '../latest.ts';

export interface GraphPart {
  readonly chart: ReadonlySignal<Chart | null>;
  /** How its question stands; whoever asks for the part tells it. */
  readonly asking: AskingNow;
  readonly viewport: Signal<TimeRange>;
  readonly selection: Signal<SliceIndex | null>;
  readonly tracks: Signal<TrackChoices>;
  readonly measured: Signal<TimeRange | null>;
  readonly matches: ReadonlySignal<SearchMatches | null>;
  readonly show: (chart: Chart) => void;
  readonly step: (towards: 1 | -1) => void;
  /** Searches for as long as it is shown. Call the answer to stop. */
  readonly follow: () => () => void;
}

export function createGraphPart(engine: EngineApi, search: Search): GraphPart {
  const chart = signal<Chart | null>(null);
  const viewport = signal<TimeRange>({ start: 0, end: 1 });
  const selection = signal<SliceIndex | null>(null);
  const matches = signal<SearchMatches | null>(null);
  return {
    chart,
    asking: new AskingNow(),
    viewport,
    selection,
    tracks: signal<TrackChoices>(NO_TRACK_CHOICES),
    measured: signal<TimeRange | null>(null),
    matches,
    show(next) {
      const before = chart.peek();
      const selected = selection.peek();
      const path = before === null || selected === null ? [] : pathOf(before, boxOfSlice(before, selected));
      matches.value = null;
      selection.value = null;
      viewport.value = next.bounds;
      chart.value = next;
      const box = findPathEnd(next, path);
      if (box >= 0) selection.value = sliceIndex(next.boxes.slice[box]);
    },
    step(towards) {
      const whole = chart.peek();
      const found = matches.peek()?.boxes;
      if (whole === null || found === undefined) return;
      const selected = selection.peek();
      const next =
        selected === null
          ? firstMatchFrom(whole, found, viewport.peek().start)
          : neighbourMatch(whole, found, boxOfSlice(whole, selected), towards);
      if (next >= 0) selection.value = sliceIndex(whole.boxes.slice[next]);
    },
    follow: () =>
      effect(() => {
        const whole = chart.value;
        const query = search.query.value;
        if (whole === null || !search.isOpen.value || query.text === '') {
          matches.value = null;
          return undefined;
        }
        const abort = new AbortController();
        const ask = async (): Promise<void> => {
          const flags = await engine.match(searchTextsOf(whole.labels), query, { signal: abort.signal });
          if (abort.signal.aborted) return;
          // What is wrong with the pattern is said in the search bar.
          matches.value = flags.ok ? { boxes: findIn(whole, flags.value), labels: flags.value } : null;
        };
        void ask();
        return () => abort.abort();
      }),
  };
}

/** The function that a box stands for. */
export function functionOfBox({ boxes, labels }: Chart, box: number): FunctionRef {
  const { text, source } = labels[boxes.label[box]];
  return { name: text, url: source?.url ?? '', line: source?.line ?? 0, column: source?.column ?? 0 };
}

/** The widest box of a function among the boxes [from, to); -1 where it has none. */
export function widestBox(chart: Chart, ref: FunctionRef, from = 0, to = chart.boxes.length): number {
  const { start, end } = chart.boxes;
  let widest = -1;
  for (let box = from; box < to; box++) {
    if (widest >= 0 && end[box] - start[box] <= end[widest] - start[widest]) continue;
    const { name, url, line, column } = functionOfBox(chart, box);
    if (name === ref.name && url === ref.url && line === ref.line && column === ref.column) widest = box;
  }
  return widest;
}

/** The box that is selected; -1 for none. */
export const boxIn = (chart: Chart, selected: SliceIndex | null): number =>
  selected === null ? -1 : boxOfSlice(chart, selected);

/** Functions from the root to the box. */
export function pathOf(chart: Chart, box: number): FunctionRef[] {
  const path: FunctionRef[] = [];
  for (let at = box; at >= 0; at = parentBox(chart, at)) path.unshift(functionOfBox(chart, at));
  return path;
}

/** The same where the path, or as much of its end as there is, begins at a root: a transform may have cut what was above. */
function findPathEnd(chart: Chart, path: readonly FunctionRef[]): number {
  for (let from = 0; from < path.length; from++) {
    const box = findPath(chart, path.slice(from));
    if (box >= 0) return box;
  }
  return -1;
}

/** The box at the end of a path, -1 where it is not there. */
function findPath(chart: Chart, path: readonly FunctionRef[]): number {
  let candidates = { from: 0, to: chart.rowStart[1] ?? 0 };
  let box = -1;
  for (const wanted of path) {
    box = -1;
    for (let at = candidates.from; at < candidates.to && box < 0; at++) {
      const { name, url, line, column } = functionOfBox(chart, at);
      if (name === wanted.name && url === wanted.url && line === wanted.line && column === wanted.column)
        box = at;
    }
    if (box < 0) return -1;
    candidates = childBoxes(chart, box);
  }
  return box;
}

function findIn({ boxes, labels }: Chart, flags: TextFlags): SearchMatches['boxes'] {
  return findBoxes(boxes.label, countLabels(boxes.label, labels.length), flags);
}

/** What of the whole the finds are, each counted once however often it calls itself. */
export function weightOfMatches(chart: Chart, { boxes, labels }: SearchMatches): number {
  const { start, end, label } = chart.boxes;
  let weight = 0;
  for (const box of boxes) {
    let isInner = false;
    for (let at = parentBox(chart, box); at >= 0 && !isInner; at = parentBox(chart, at))
      isInner = labels[label[at]] === 1;
    if (!isInner) weight += end[box] - start[box];
  }
  return weight;
}

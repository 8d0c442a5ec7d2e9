/**
 * Slices → the flame chart's boxes: one track per thread, one row per visible depth. Hidden slices take neither box
 * nor row; their children stand in their place.
 * In: trace tables, what analysis says of each slice and of the page, what happened to the page. Out: a chart whose
 * columns may be transferred.
 * Two passes over the slices: count per row, then fill.
 */
import type { PageItem, PageLoad, SliceClasses } from '../analysis/index.ts';
import { runThrough, type Steps, stringIndex, type ThreadIndex, threadIndex } from '../base/index.ts';
import { SLICE_JS_CALL, type ThreadRole, type TraceTables } from '../trace/index.ts';

import type { BoxColumns, BoxLabel, Chart, ItemTable, Track } from './chart.ts';
import { type CounterSeries, heapsOfWorkers, seriesOfPage, splitCounters } from './counters.ts';
import { type ItemNote, noteOfItem } from './item-parts.ts';
import { LabelCollector } from './labels.ts';
import { endWithin, findLastSigns } from './last-signs.ts';
import { buildLongestForest } from './longest.ts';
import { fillPageBoxes, type PagePlacement, placePageTracks } from './page-tracks.ts';
import { orderThreads, roleOfThread, titleThreads } from './tracks.ts';

export const layOutChart = (
  tables: TraceTables,
  classes: SliceClasses,
  page: PageLoad,
  items: readonly PageItem[] = [],
): Chart => runThrough(layOutChartInSteps(tables, classes, page, items));

export function* layOutChartInSteps(
  tables: TraceTables,
  classes: SliceClasses,
  page: PageLoad,
  items: readonly PageItem[],
): Steps<Chart> {
  const { depths, around } = measureVisible(tables, classes);
  yield;
  const ofPage = yield* placePageTracks(items, tables);
  yield;
  const { tracks, rowStart, counters } = placeTracks(tables, classes, { page, depths, ofPage });
  yield;
  const { boxes, labels } = yield* fillBoxes(tables, classes, {
    lastSigns: findLastSigns(tables, page),
    tracks,
    rowStart,
    depths,
    around,
    items,
    ofPage,
  });
  const longest = buildLongestForest(boxes);
  yield;
  const noted = items.length === 0 ? null : yield* noteItems(items, tables.slices.length);
  return {
    bounds: tables.bounds,
    tracks,
    rowStart,
    boxes,
    longest,
    labels,
    ...(counters.size === 0 ? {} : { counters }),
    ...(noted === null ? {} : { items: noted }),
  };
}

/** Items of one step: some milliseconds. */
const STEP_ITEMS = 4_096;

function* noteItems(items: readonly PageItem[], first: number): Steps<ItemTable> {
  const notes: ItemNote[] = [];
  for (const item of items) {
    if (notes.length % STEP_ITEMS === 0) yield;
    notes.push(noteOfItem(item));
  }
  return {
    first,
    notes,
    initiator: Int32Array.from(items, ({ initiator }) => (initiator < 0 ? -1 : first + initiator)),
  };
}

/** Stands for the category of nothing. */
const NO_CATEGORY = 0xff;

/**
 * Per slice the number of its visible ancestors (the row of its track that a visible slice stands in), and the category of
 * the nearest.
 */
function measureVisible(
  { slices }: TraceTables,
  { visible, category }: SliceClasses,
): { depths: Uint16Array; around: Uint8Array } {
  const { parent, length } = slices;
  const depths = new Uint16Array(length);
  const around = new Uint8Array(length);
  for (let slice = 0; slice < length; slice++) {
    const above = parent[slice];
    if (above < 0) around[slice] = NO_CATEGORY;
    else if (visible[above] === 0) {
      depths[slice] = depths[above];
      around[slice] = around[above];
    } else {
      depths[slice] = depths[above] + 1;
      around[slice] = category[above];
    }
  }
  return { depths, around };
}

/** A function of its own: V8 throws away what it has made of a loop each time that it leaves it for the loop around. */
function countBoxes(
  boxesPerRow: number[],
  { from, end }: { readonly from: number; readonly end: number },
  {
    firstRow,
    depths,
    visible,
  }: { readonly firstRow: number; readonly depths: Uint16Array; readonly visible: Uint8Array },
): void {
  for (let slice = from; slice < end; slice++) {
    if (visible[slice] === 0) continue;
    const row = firstRow + depths[slice];
    while (boxesPerRow.length <= row) boxesPerRow.push(0);
    boxesPerRow[row]++;
  }
}

function placeTracks(
  tables: TraceTables,
  classes: SliceClasses,
  {
    page,
    depths,
    ofPage,
  }: { readonly page: PageLoad; readonly depths: Uint16Array; readonly ofPage: PagePlacement },
): { tracks: Track[]; rowStart: Int32Array<ArrayBuffer>; counters: ReadonlyMap<number, CounterSeries> } {
  const { threads } = tables;
  const { visible } = classes;
  const counters = new Map<number, CounterSeries>();
  const tracks: Track[] = [...ofPage.tracks];
  const boxesPerRow: number[] = [...ofPage.boxesPerRow];
  const titles = titleThreads(tables, page);
  const placeCounters = (): void => {
    const firstRow = boxesPerRow.length;
    for (const series of page.mainThread < 0 ? [] : countersOfPage(tables, page, titles)) {
      counters.set(boxesPerRow.length, series);
      boxesPerRow.push(0);
    }
    if (counters.size > 0)
      tracks.push(trackOfCounters(firstRow, counters.size, threadIndex(ofPage.nextNumber)));
  };
  let hasPlaced = false;
  for (const thread of orderThreads(tables, page)) {
    // Under the threads that run the page's scripts, above those that help.
    if (!hasPlaced && !RUN_SCRIPTS.has(roleOfThread(tables, thread))) {
      placeCounters();
      hasPlaced = true;
    }
    const firstRow = boxesPerRow.length;
    const slices = { from: threads.firstSlice[thread], end: threads.endSlice[thread] };
    countBoxes(boxesPerRow, slices, { firstRow, depths, visible });
    tracks.push({
      kind: 'thread',
      key: `${threads.pid[thread]}:${threads.tid[thread]}`,
      group: '',
      thread: threadIndex(thread),
      pid: threads.pid[thread],
      tid: threads.tid[thread],
      role: roleOfThread(tables, thread),
      title: titles[thread],
      onMainFrame: page.onMainFrame.has(thread),
      firstRow,
      rows: boxesPerRow.length - firstRow,
      firstSlice: threads.firstSlice[thread],
      endSlice: threads.endSlice[thread],
    });
  }
  if (!hasPlaced) placeCounters();
  const rowStart = new Int32Array(boxesPerRow.length + 1);
  for (const [row, count] of boxesPerRow.entries()) rowStart[row + 1] = rowStart[row] + count;
  return { tracks, rowStart, counters };
}

const RUN_SCRIPTS: ReadonlySet<ThreadRole> = new Set(['main', 'worker', 'service-worker']);

/** The page's own, then its workers' heaps. */
function countersOfPage(
  { counters, strings, threads }: TraceTables,
  { mainThread }: PageLoad,
  titles: readonly string[],
): CounterSeries[] {
  const main = { thread: mainThread, pid: threads.pid[mainThread] };
  const split = splitCounters(counters, strings, main.pid);
  return [...seriesOfPage(split, main), ...heapsOfWorkers(split, main, titles)];
}

const trackOfCounters = (firstRow: number, rows: number, thread: ThreadIndex): Track => ({
  kind: 'counters',
  key: 'counters',
  group: '',
  thread,
  pid: 0,
  tid: 0,
  role: 'other',
  title: 'Counters',
  onMainFrame: true,
  firstRow,
  rows,
  firstSlice: 0,
  endSlice: 0,
});

interface Placement {
  /** By process id: when it was last heard of. */
  readonly lastSigns: ReadonlyMap<number, number>;
  readonly tracks: readonly Track[];
  readonly rowStart: Int32Array;
  readonly depths: Uint16Array;
  readonly around: Uint8Array;
  readonly items: readonly PageItem[];
  readonly ofPage: PagePlacement;
}

/** Slices of one step: some milliseconds. */
const STEP_SLICES = 1 << 16;

function* fillBoxes(
  tables: TraceTables,
  classes: SliceClasses,
  { lastSigns, tracks, rowStart, depths, around, items, ofPage }: Placement,
): Steps<{ boxes: BoxColumns; labels: readonly BoxLabel[] }> {
  const { slices } = tables;
  const boxes = makeBoxes(rowStart[rowStart.length - 1]);
  const labels = new LabelCollector(tables);
  const next = rowStart.slice();
  yield* fillPageBoxes(boxes, next, { items, placement: ofPage, firstSlice: slices.length, labels });
  for (const { kind, firstRow, firstSlice, endSlice, pid } of tracks) {
    if (kind !== 'thread') continue;
    const lastSign = lastSigns.get(pid) ?? Number.POSITIVE_INFINITY;
    const filling = { tables, classes, depths, around, boxes, labels, next, firstRow, lastSign };
    for (let from = firstSlice; from < endSlice; from += STEP_SLICES) {
      yield;
      fillSlices(filling, from, Math.min(endSlice, from + STEP_SLICES));
    }
  }
  return { boxes, labels: labels.settle() };
}

interface Filling extends Pick<Placement, 'depths' | 'around'> {
  readonly tables: TraceTables;
  readonly classes: SliceClasses;
  readonly boxes: BoxColumns;
  readonly labels: LabelCollector;
  /** Per row the box that is filled next. */
  readonly next: Int32Array;
  readonly firstRow: number;
  readonly lastSign: number;
}

/** A function of its own, with columns looked up once: it runs before any of this is compiled, and V8 compiles it as it runs. */
function fillSlices(
  { tables, classes, depths, around, boxes, labels, next, firstRow, lastSign }: Filling,
  firstSlice: number,
  endSlice: number,
): void {
  const { start, duration, name, flags, detail } = tables.slices;
  const { visible, category } = classes;
  const { start: starts, end: ends, colour, slice: sliceOf, label } = boxes;
  for (let slice = firstSlice; slice < endSlice; slice++) {
    if (visible[slice] === 0) continue;
    const box = next[firstRow + depths[slice]]++;
    const from = start[slice];
    starts[box] = from;
    ends[box] = endWithin(from + duration[slice], flags[slice], lastSign);
    // The lighter shade of its category for a slice in one of the same.
    colour[box] = category[slice] * 2 + (around[slice] === category[slice] ? 1 : 0);
    sliceOf[box] = slice;
    label[box] =
      (flags[slice] & SLICE_JS_CALL) === 0
        ? labels.ofEvent(stringIndex(name[slice]))
        : labels.ofStack(detail[slice]);
  }
}

function makeBoxes(length: number): BoxColumns {
  return {
    length,
    start: new Float64Array(length),
    end: new Float64Array(length),
    colour: new Uint8Array(length),
    slice: new Int32Array(length),
    label: new Int32Array(length),
  };
}

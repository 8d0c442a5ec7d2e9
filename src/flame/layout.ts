/**
 * Slices → the flame chart's boxes: one track per thread, one row per visible depth. Hidden slices take neither box
 * nor row; their children stand in their place.
 * In: trace tables, what analysis says of each slice and of the page, what happened to the page. Out: a chart whose
 * columns may be transferred.
 * Two passes over the slices: count per row, then fill.
 */
import type { PageItem, PageLoad, SliceClasses } from '../analysis/index.ts';
import { stringIndex, threadIndex } from '../base/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import type { BoxColumns, BoxLabel, Chart, Track } from './chart.ts';
import { LabelCollector } from './labels.ts';
import { buildLongestForest } from './longest.ts';
import { fillPageBoxes, type PagePlacement, placePageTracks } from './page-tracks.ts';
import { orderThreads, roleOfThread, titleThreads } from './tracks.ts';

export function layOutChart(
  tables: TraceTables,
  classes: SliceClasses,
  page: PageLoad,
  items: readonly PageItem[] = [],
): Chart {
  const depths = measureVisibleDepths(tables, classes);
  const ofPage = placePageTracks(items, tables);
  const { tracks, rowStart } = placeTracks(tables, classes, { page, depths, ofPage });
  const { boxes, labels } = fillBoxes(tables, classes, { tracks, rowStart, depths, items, ofPage });
  return { bounds: tables.bounds, tracks, rowStart, boxes, longest: buildLongestForest(boxes), labels };
}

/** Per slice the number of its visible ancestors: the row of its track that a visible slice stands in. */
function measureVisibleDepths({ slices }: TraceTables, { visible }: SliceClasses): Uint16Array {
  const depths = new Uint16Array(slices.length);
  for (let slice = 0; slice < slices.length; slice++) {
    const parent = slices.parent[slice];
    if (parent >= 0) depths[slice] = depths[parent] + visible[parent];
  }
  return depths;
}

function placeTracks(
  tables: TraceTables,
  classes: SliceClasses,
  {
    page,
    depths,
    ofPage,
  }: { readonly page: PageLoad; readonly depths: Uint16Array; readonly ofPage: PagePlacement },
): { tracks: Track[]; rowStart: Int32Array<ArrayBuffer> } {
  const { threads } = tables;
  const tracks: Track[] = [...ofPage.tracks];
  const boxesPerRow: number[] = [...ofPage.boxesPerRow];
  const titles = titleThreads(tables, page);
  for (const thread of orderThreads(tables, page)) {
    const firstRow = boxesPerRow.length;
    for (let slice = threads.firstSlice[thread]; slice < threads.endSlice[thread]; slice++) {
      if (classes.visible[slice] === 0) continue;
      const row = firstRow + depths[slice];
      while (boxesPerRow.length <= row) boxesPerRow.push(0);
      boxesPerRow[row]++;
    }
    tracks.push({
      kind: 'thread',
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
  const rowStart = new Int32Array(boxesPerRow.length + 1);
  for (const [row, count] of boxesPerRow.entries()) rowStart[row + 1] = rowStart[row] + count;
  return { tracks, rowStart };
}

interface Placement {
  readonly tracks: readonly Track[];
  readonly rowStart: Int32Array;
  readonly depths: Uint16Array;
  readonly items: readonly PageItem[];
  readonly ofPage: PagePlacement;
}

function fillBoxes(
  tables: TraceTables,
  classes: SliceClasses,
  { tracks, rowStart, depths, items, ofPage }: Placement,
): { boxes: BoxColumns; labels: readonly BoxLabel[] } {
  const { slices } = tables;
  const boxes = makeBoxes(rowStart[rowStart.length - 1]);
  const labels = new LabelCollector(tables);
  const next = rowStart.slice();
  fillPageBoxes(boxes, next, { items, placement: ofPage, firstSlice: slices.length, labels });
  for (const { kind, firstRow, firstSlice, endSlice } of tracks) {
    if (kind !== 'thread') continue;
    for (let slice = firstSlice; slice < endSlice; slice++) {
      if (classes.visible[slice] === 0) continue;
      const box = next[firstRow + depths[slice]]++;
      const start = slices.start[slice];
      boxes.start[box] = start;
      boxes.end[box] = start + slices.duration[slice];
      boxes.colour[box] = colourOf(tables, classes, slice);
      boxes.slice[box] = slice;
      boxes.label[box] =
        (slices.flags[slice] & SLICE_JS_CALL) === 0
          ? labels.ofEvent(stringIndex(slices.name[slice]))
          : labels.ofStack(slices.detail[slice]);
    }
  }
  return { boxes, labels: labels.settle() };
}

function colourOf({ slices }: TraceTables, { category, visible }: SliceClasses, slice: number): number {
  let parent = slices.parent[slice];
  while (parent >= 0 && visible[parent] === 0) parent = slices.parent[parent];
  const child = parent >= 0 && category[parent] === category[slice] ? 1 : 0;
  return category[slice] * 2 + child;
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

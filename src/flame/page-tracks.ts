/**
 * What happened to the page → boxes: one track per kind, in lanes, so that nothing covers another.
 * In: items track by track, by start within each. Out: the tracks, and how many boxes each of their rows has; then the
 * boxes. An item goes to the first lane that is free; more lanes than {@link MOST_LANES} at once are not drawn, and the
 * track's title says how many items that leaves out.
 */
import { categoryNumber, PAGE_TRACKS, type PageItem, type PageTrack } from '../analysis/index.ts';
import { threadIndex } from '../base/index.ts';
import type { TraceTables } from '../trace/index.ts';
import type { BoxColumns, Track } from './chart.ts';
import { formatCount } from './format.ts';
import type { LabelCollector } from './labels.ts';

const MOST_LANES = 512;

const TITLES: Readonly<Record<PageTrack, string>> = {
  network: 'Network',
  frames: 'Frames',
  interactions: 'Interactions',
  timings: 'Timings',
  'layout-shifts': 'Layout shifts',
};

export interface PagePlacement {
  readonly tracks: readonly Track[];
  readonly boxesPerRow: readonly number[];
  /** Per item its row; -1 where it is not drawn. */
  readonly rowOfItem: Int32Array;
}

export function placePageTracks(items: readonly PageItem[], { slices, threads }: TraceTables): PagePlacement {
  const tracks: Track[] = [];
  const boxesPerRow: number[] = [];
  const rowOfItem = new Int32Array(items.length);
  let from = 0;
  for (const [index, kind] of PAGE_TRACKS.entries()) {
    let to = from;
    while (to < items.length && items[to].track === kind) to++;
    const firstRow = boxesPerRow.length;
    const leftOut = placeInLanes(items, { from, to, firstRow, boxesPerRow, rowOfItem });
    if (to > from) {
      tracks.push({
        kind,
        thread: threadIndex(threads.length + index),
        pid: 0,
        tid: 0,
        role: 'other',
        title:
          leftOut === 0 ? TITLES[kind] : `${TITLES[kind]} (${formatCount(leftOut)} more at once than fit)`,
        onMainFrame: true,
        firstRow,
        rows: boxesPerRow.length - firstRow,
        firstSlice: slices.length + from,
        endSlice: slices.length + to,
      });
    }
    from = to;
  }
  return { tracks, boxesPerRow, rowOfItem };
}

interface Lanes {
  readonly from: number;
  readonly to: number;
  readonly firstRow: number;
  readonly boxesPerRow: number[];
  readonly rowOfItem: Int32Array;
}

/** Returns how many items found no lane. */
function placeInLanes(
  items: readonly PageItem[],
  { from, to, firstRow, boxesPerRow, rowOfItem }: Lanes,
): number {
  const laneEnd: number[] = [];
  let leftOut = 0;
  for (let item = from; item < to; item++) {
    const { start, end } = items[item];
    let lane = laneEnd.findIndex((free) => free <= start);
    if (lane < 0 && laneEnd.length < MOST_LANES) {
      lane = laneEnd.push(end) - 1;
      boxesPerRow.push(0);
    }
    if (lane < 0) {
      rowOfItem[item] = -1;
      leftOut++;
      continue;
    }
    laneEnd[lane] = end;
    rowOfItem[item] = firstRow + lane;
    boxesPerRow[firstRow + lane] += hasTwoBoxes(items[item]) ? 2 : 1;
  }
  return leftOut;
}

const hasTwoBoxes = ({ start, settled, end }: PageItem): boolean => start < settled && settled < end;

interface PageBoxes {
  readonly items: readonly PageItem[];
  readonly placement: PagePlacement;
  /** Slice number of the first item. */
  readonly firstSlice: number;
  readonly labels: LabelCollector;
}

/** `next`: per row where its next box goes; moved on. */
export function fillPageBoxes(
  boxes: BoxColumns,
  next: Int32Array,
  { items, placement, firstSlice, labels }: PageBoxes,
): void {
  for (const [index, item] of items.entries()) {
    const row = placement.rowOfItem[index];
    if (row < 0) continue;
    const colour = categoryNumber(item.category) * 2;
    const label = labels.ofText(item.title);
    const add = (start: number, end: number, shade: number): void => {
      const box = next[row]++;
      boxes.start[box] = start;
      boxes.end[box] = end;
      boxes.colour[box] = shade;
      boxes.slice[box] = firstSlice + index;
      boxes.label[box] = label;
    };
    if (!hasTwoBoxes(item)) add(item.start, item.end, item.settled > item.start ? colour + 1 : colour);
    else {
      add(item.start, item.settled, colour + 1);
      add(item.settled, item.end, colour);
    }
  }
}

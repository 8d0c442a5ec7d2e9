/**
 * The flame chart as data: boxes in columns, grouped into one track per thread. Types only.
 * Times are microseconds on the trace's own clock. Built by `layOutChart`, culled by `cullRow`, painted in panel/.
 *
 *   rowStart   [0 ... 3) [3 ... 9) [9 ... 10)     boxes of row r are [rowStart[r], rowStart[r + 1])
 *   tracks     └ Main: rows 0, 1 ┘ └ Worker ┘     a track is a run of rows; row = visible depth
 *
 * Tracks of the page (requests, frames, …) stand above the threads. Their items have a box per part, all of one slice
 * number (item-parts.ts): one of them has the text.
 *
 * Within a row boxes are sorted by start, never overlap, and their slice rows ascend. Rows of counters have no boxes.
 */
import type { PageTrack, TimeRange } from '../analysis/index.ts';
import type { ThreadIndex } from '../base/index.ts';
import type { ThreadRole } from '../trace/index.ts';
import type { CounterSeries } from './counters.ts';
import type { ItemNote } from './item-parts.ts';

/** What the chart draws, all columns of one length. */
export interface BoxColumns {
  readonly length: number;
  readonly start: Float64Array<ArrayBuffer>;
  readonly end: Float64Array<ArrayBuffer>;
  /** Colour key (looks.ts): 2 × index into CATEGORIES, + 1 where the parent is of the same category (the lighter shade). */
  readonly colour: Uint8Array<ArrayBuffer>;
  /** Row in the slice table that the box stands for; from its length on, the rows of the page's items. */
  readonly slice: Int32Array<ArrayBuffer>;
  /** Row in {@link Chart.labels}. */
  readonly label: Int32Array<ArrayBuffer>;
}

/** Where a JavaScript function stands. Line and column are 1-based, 0 unknown. */
export interface SourcePlace {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** What a box is called: the text on it and, for a JavaScript call, where its function stands. */
export interface BoxLabel {
  readonly text: string;
  /** Chrome's own name for the event (`UpdateLayoutTree`); '' for a JavaScript call. */
  readonly eventName: string;
  readonly source: SourcePlace | null;
}

export interface Track {
  /**
   * What its boxes are: slices of a thread, nested; or what happened to the page, in lanes that only save room. Rows of
   * counters have curves, a group has no rows: the tracks that name it stand under it.
   */
  readonly kind: 'thread' | PageTrack | 'counters' | 'group';
  /** Tells tracks apart, in this chart and the next of the same trace: `PID:TID` of a thread, else what it shows. */
  readonly key: string;
  /** Key of the group that it stands in; '' none. */
  readonly group: string;
  /** The thread's row, or for other tracks a number beyond them. */
  readonly thread: ThreadIndex;
  readonly pid: number;
  readonly tid: number;
  readonly role: ThreadRole;
  /** `Main — https://shop.example/cart`, `Compositor`, … */
  readonly title: string;
  /** Whether its process renders (part of) the page's outermost main frame. */
  readonly onMainFrame: boolean;
  /** Its rows are [firstRow, firstRow + rows) of {@link Chart.rowStart}; 0 rows where nothing on it is visible. */
  readonly firstRow: number;
  readonly rows: number;
  /** Its slices are the rows [firstSlice, endSlice) of the slice table. */
  readonly firstSlice: number;
  readonly endSlice: number;
}

/** Blocks of 4, 16, 64 … boxes: of each the box that lasts longest, and how long. */
export interface LongestLevel {
  readonly box: Int32Array<ArrayBuffer>;
  readonly duration: Float32Array<ArrayBuffer>;
}

/**
 * Answers "which of these boxes lasts longest" in logarithmic time. Durations are rounded to 32 bits and kept apart from
 * the boxes' starts and ends: half the memory to walk through, which is what the question costs.
 */
export interface LongestForest {
  /** Per box. */
  readonly duration: Float32Array<ArrayBuffer>;
  readonly levels: readonly LongestLevel[];
}

export interface Chart {
  /** What can be scrolled to: the trace's bounds. */
  readonly bounds: TimeRange;
  /** The page's own main thread first, then by role. Empty tracks are there too, with 0 rows. */
  readonly tracks: readonly Track[];
  /** One entry per row over all tracks, and one past the last. */
  readonly rowStart: Int32Array<ArrayBuffer>;
  readonly boxes: BoxColumns;
  readonly longest: LongestForest;
  readonly labels: readonly BoxLabel[];
  /** By row of the chart what its counter is; left out where there are none. */
  readonly counters?: ReadonlyMap<number, CounterSeries>;
  readonly items?: ItemTable;
}

/** What happened to the page, beyond boxes: by slice number from `first` on. */
export interface ItemTable {
  readonly first: number;
  readonly notes: readonly ItemNote[];
  /** Slice number of the request that brought what asked for this one; -1 none. */
  readonly initiator: Int32Array<ArrayBuffer>;
}

/** CPU time by category over equal buckets of a range, for the overview strip. */
export interface CpuOverview {
  readonly range: TimeRange;
  readonly buckets: number;
  /** Microseconds, `CATEGORIES.length` rows of `buckets` entries: `busy[category * buckets + bucket]`. Idle stays 0. */
  readonly busy: Float32Array<ArrayBuffer>;
}

/** What the user has done to the tracks, and what stands so by itself; by {@link Track.key}. */
export interface TrackChoices {
  readonly collapsed: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  /** Stay in sight above all others, in this order. */
  readonly pinned: readonly string[];
  /** All tracks from top to bottom; empty where nothing was moved. */
  readonly order: readonly string[];
  /** Draw tracks without a single box, too. */
  readonly showEmpty: boolean;
}

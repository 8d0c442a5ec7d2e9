/**
 * Values over time (JS heap, DOM nodes, listeners, documents): which there are of the page, what they were at a moment,
 * and what of them each pixel column shows.
 * In: counters as the trace has them (times ascending; a value holds until the next). Out: series in a fixed order, lows
 * and highs per column. Blocks of 8, 64, 512 … values keep their extremes, so that a column of a million costs little more
 * than one of a hundred.
 */
import { lowerBound, type Micros, type StringIndex, stringIndex, upperBound } from '../base/index.ts';
import type { CounterTable } from '../trace/index.ts';
import { formatBytes, formatCount } from './format.ts';
import type { PixelGrid } from './grid.ts';

/** One counter of one thread, or of one process. */
export interface Counter {
  readonly name: string;
  readonly pid: number;
  /** Row of the thread whose own it is; -1 for one that counts its whole process. */
  readonly thread: number;
  readonly time: Float64Array<ArrayBuffer>;
  readonly value: Float64Array<ArrayBuffer>;
}

export interface CounterSeries extends Counter {
  readonly title: string;
  readonly unit: 'bytes' | 'count';
  /** Extremes of all values. */
  readonly least: number;
  readonly most: number;
  /** The values themselves, then the extremes of every 8 of the level before. */
  readonly levels: readonly ExtremesLevel[];
}

interface ExtremesLevel {
  readonly least: Float64Array;
  readonly most: Float64Array;
}

const FAN_BITS = 3;
const FAN = 1 << FAN_BITS;

/** Chrome's names (`UpdateCounters`), in order of showing. */
const KNOWN: readonly (readonly [name: string, title: string, unit: CounterSeries['unit']])[] = [
  ['jsHeapSizeUsed', 'JS heap', 'bytes'],
  ['nodes', 'DOM nodes', 'count'],
  ['jsEventListeners', 'Listeners', 'count'],
  ['documents', 'Documents', 'count'],
  ['gpuMemoryUsedKB', 'GPU memory', 'bytes'],
  // Of memory dumps.
  ['private_footprint_bytes', 'Private memory', 'bytes'],
  ['resident_set_bytes', 'Resident memory', 'bytes'],
  ['v8', 'V8 heap', 'bytes'],
  ['blink_gc', 'Blink heap', 'bytes'],
  ['malloc', 'malloc', 'bytes'],
  ['partition_alloc', 'PartitionAlloc', 'bytes'],
];

/** Of the counter table what is shown of process `pid`: a counter per name and thread (or process), each by time. */
export function splitCounters(
  { length, time, pid, thread, name, value }: CounterTable,
  strings: { readonly find: (text: string) => StringIndex; readonly get: (row: StringIndex) => string },
  ofProcess: number,
): Counter[] {
  const known = new Set<number>(KNOWN.map(([text]) => strings.find(text)));
  const tracks: { name: string; pid: number; thread: number; rows: number[] }[] = [];
  // By number, not by a text of both: there may be hundreds of thousands of rows.
  const byThread = new Map<number, Map<number, number[]>>();
  for (let row = 0; row < length; row++) {
    if (pid[row] !== ofProcess || !known.has(name[row])) continue;
    let own = byThread.get(thread[row]);
    if (own === undefined) {
      own = new Map();
      byThread.set(thread[row], own);
    }
    const rows = own.get(name[row]);
    if (rows !== undefined) rows.push(row);
    else {
      const text = strings.get(stringIndex(name[row]));
      const track = { name: text, pid: pid[row], thread: thread[row], rows: [row] };
      own.set(name[row], track.rows);
      tracks.push(track);
    }
  }
  return tracks.map(({ rows, ...about }) => {
    sortByTime(rows, time);
    const own = { time: new Float64Array(rows.length), value: new Float64Array(rows.length) };
    for (let i = 0; i < rows.length; i++) {
      own.time[i] = time[rows[i]];
      own.value[i] = value[rows[i]];
    }
    return { ...about, ...own };
  });
}

/** Mostly they are in order already, and there may be hundreds of thousands. */
function sortByTime(rows: number[], time: Float64Array): void {
  for (let i = 1; i < rows.length; i++) {
    if (time[rows[i]] >= time[rows[i - 1]]) continue;
    rows.sort((one, other) => time[one] - time[other]);
    return;
  }
}

/** A page's main thread: its row, and its process. */
export interface PageThread {
  readonly thread: number;
  readonly pid: number;
}

/** The known counters of a page that have a value, in order of showing: its main thread's own, or else its process's. */
export function seriesOfPage(counters: readonly Counter[], { thread, pid }: PageThread): CounterSeries[] {
  const ofPage = counters.filter(({ time }) => time.length > 0);
  return KNOWN.flatMap(([name, title, unit]) => {
    const counter =
      ofPage.find((each) => each.name === name && each.thread === thread) ??
      ofPage.find((each) => each.name === name && each.thread < 0 && each.pid === pid);
    return counter === undefined ? [] : [prepareSeries(counter, title, unit)];
  });
}

/** The JS heaps of the page's workers: of other threads of its process, each by its thread's title. */
export function heapsOfWorkers(
  counters: readonly Counter[],
  { thread, pid }: PageThread,
  titles: readonly string[],
): CounterSeries[] {
  const [name, title, unit] = KNOWN[0];
  return counters
    .filter((each) => each.name === name && each.pid === pid && each.thread >= 0 && each.thread !== thread)
    .map((each) => prepareSeries(each, `${title}, ${titles[each.thread]}`, unit));
}

function prepareSeries(counter: Counter, title: string, unit: CounterSeries['unit']): CounterSeries {
  const value = counter.name.endsWith('KB') ? counter.value.map((each) => each * 1024) : counter.value;
  const levels: ExtremesLevel[] = [{ least: value, most: value }];
  for (let below = levels[0]; below.least.length > FAN; ) {
    below = gatherExtremes(below);
    levels.push(below);
  }
  const top = levels[levels.length - 1];
  const least = top.least.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const most = top.most.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  return { ...counter, value, title, unit, least, most, levels };
}

function gatherExtremes(below: ExtremesLevel): ExtremesLevel {
  const blocks = Math.ceil(below.least.length / FAN);
  const least = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(blocks).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < below.least.length; row++) {
    const block = row >>> FAN_BITS;
    if (below.least[row] < least[block]) least[block] = below.least[row];
    if (below.most[row] > most[block]) most[block] = below.most[row];
  }
  return { least, most };
}

/** null before the first value. */
export function valueAt({ time, value }: CounterSeries, moment: Micros): number | null {
  const row = upperBound(time, moment) - 1;
  return row < 0 ? null : value[row];
}

export const formatCounter = ({ unit }: CounterSeries, value: number): string =>
  unit === 'bytes' ? formatBytes(value) : formatCount(value);

/** Filled anew by every {@link sampleSeries}; NaN where there is no value yet. */
export interface ColumnExtremes {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export const makeExtremes = (columns: number): ColumnExtremes => ({
  low: new Float64Array(columns),
  high: new Float64Array(columns),
});

/** Lows and highs of every column of the grid; what a column begins with is of it, too. */
export function sampleSeries(series: CounterSeries, grid: PixelGrid, extremes: ColumnExtremes): void {
  const { time, value } = series;
  const { anchor, scale, firstColumn, columns } = grid;
  let row = lowerBound(time, anchor + firstColumn / scale);
  for (let column = 0; column < columns; column++) {
    const next = firstFrom(time, anchor + (firstColumn + column + 1) / scale, row);
    const before = row > 0 ? value[row - 1] : Number.NaN;
    if (next === row) {
      extremes.low[column] = before;
      extremes.high[column] = before;
      continue;
    }
    extremes.low[column] = leastOf(series, row, next, before);
    extremes.high[column] = mostOf(series, row, next, before);
    row = next;
  }
}

/** First row from `from` on whose time is not before `end`. Gallops: it is near. */
function firstFrom(time: Float64Array, end: Micros, from: number): number {
  let low = from;
  let step = 1;
  while (low + step <= time.length && time[low + step - 1] < end) {
    low += step;
    step *= 2;
  }
  return lowerBound(time, end, low, Math.min(time.length, low + step));
}

/** Of rows [from, to), and of `before` where that is a number. Climbs from both ends. */
function leastOf({ levels }: CounterSeries, from: number, to: number, before: number): number {
  let best = Number.isNaN(before) ? Number.POSITIVE_INFINITY : before;
  let left = from;
  let right = to;
  for (let height = 0; left < right; height++) {
    const { least } = levels[height];
    const isTop = height + 1 >= levels.length || right - left <= 2 * FAN;
    const stop = isTop ? right : Math.min(right, (left + FAN - 1) & -FAN);
    for (; left < stop; left++) if (least[left] < best) best = least[left];
    const start = isTop ? right : Math.max(left, right & -FAN);
    for (; right > start; right--) if (least[right - 1] < best) best = least[right - 1];
    left >>>= FAN_BITS;
    right >>>= FAN_BITS;
  }
  return best;
}

function mostOf({ levels }: CounterSeries, from: number, to: number, before: number): number {
  let best = Number.isNaN(before) ? Number.NEGATIVE_INFINITY : before;
  let left = from;
  let right = to;
  for (let height = 0; left < right; height++) {
    const { most } = levels[height];
    const isTop = height + 1 >= levels.length || right - left <= 2 * FAN;
    const stop = isTop ? right : Math.min(right, (left + FAN - 1) & -FAN);
    for (; left < stop; left++) if (most[left] > best) best = most[left];
    const start = isTop ? right : Math.max(left, right & -FAN);
    for (; right > start; right--) if (most[right - 1] > best) best = most[right - 1];
    left >>>= FAN_BITS;
    right >>>= FAN_BITS;
  }
  return best;
}

/**
 * Values over time (JS heap, DOM nodes, listeners, documents): which there are of the page, what they were at a moment,
 * and what of them each pixel column shows.
 * In: counters as the trace has them (times ascending; a value holds until the next). Out: series in a fixed order, lows
 * and highs per column. Blocks of {@link BLOCK} values keep their extremes, so that a column of a million costs no more
 * than one of a hundred.
 */
import { lowerBound, type Micros, type StringIndex, stringIndex, upperBound } from '../base/index.ts';
import type { CounterTable } from '../trace/index.ts';
import { formatBytes, formatCount } from './format.ts';
import type { PixelGrid } from './grid.ts';

/** One counter of one process. */
export interface Counter {
  readonly name: string;
  readonly pid: number;
  readonly time: Float64Array<ArrayBuffer>;
  readonly value: Float64Array<ArrayBuffer>;
}

export interface CounterSeries extends Counter {
  readonly title: string;
  readonly unit: 'bytes' | 'count';
  /** Extremes of all values. */
  readonly least: number;
  readonly most: number;
  /** Extremes of every {@link BLOCK} values. */
  readonly blockLeast: Float64Array;
  readonly blockMost: Float64Array;
}

const BLOCK = 64;

/** Chrome's names (`UpdateCounters`), in order of showing. */
const KNOWN: readonly (readonly [name: string, title: string, unit: CounterSeries['unit']])[] = [
  ['jsHeapSizeUsed', 'JS heap', 'bytes'],
  ['nodes', 'DOM nodes', 'count'],
  ['jsEventListeners', 'Listeners', 'count'],
  ['documents', 'Documents', 'count'],
  ['gpuMemoryUsedKB', 'GPU memory', 'bytes'],
];

/** The counter table as one counter per process and name, each by time. */
export function splitCounters(
  { length, time, pid, name, value }: CounterTable,
  strings: { readonly get: (row: StringIndex) => string },
): Counter[] {
  const tracks: { name: string; pid: number; rows: number[] }[] = [];
  // By number, not by a text of both: there may be hundreds of thousands of rows.
  const rowsOf = new Map<number, Map<number, number[]>>();
  for (let row = 0; row < length; row++) {
    let ofProcess = rowsOf.get(pid[row]);
    if (ofProcess === undefined) {
      ofProcess = new Map();
      rowsOf.set(pid[row], ofProcess);
    }
    const rows = ofProcess.get(name[row]);
    if (rows !== undefined) rows.push(row);
    else {
      const track = { name: strings.get(stringIndex(name[row])), pid: pid[row], rows: [row] };
      ofProcess.set(name[row], track.rows);
      tracks.push(track);
    }
  }
  return tracks.map(({ rows, ...about }) => {
    rows.sort((one, other) => time[one] - time[other]);
    return {
      ...about,
      time: Float64Array.from(rows, (row) => time[row]),
      value: Float64Array.from(rows, (row) => value[row]),
    };
  });
}

/** The known counters of process `pid` that have a value, in order of showing. */
export function seriesOfProcess(counters: readonly Counter[], pid: number): CounterSeries[] {
  return KNOWN.flatMap(([name, title, unit]) => {
    const counter = counters.find((each) => each.name === name && each.pid === pid && each.time.length > 0);
    return counter === undefined ? [] : [prepareSeries(counter, title, unit)];
  });
}

function prepareSeries(counter: Counter, title: string, unit: CounterSeries['unit']): CounterSeries {
  const value = counter.name.endsWith('KB') ? counter.value.map((each) => each * 1024) : counter.value;
  const blocks = Math.ceil(value.length / BLOCK);
  const blockLeast = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY);
  const blockMost = new Float64Array(blocks).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < value.length; row++) {
    const each = value[row];
    const block = Math.floor(row / BLOCK);
    if (each < blockLeast[block]) blockLeast[block] = each;
    if (each > blockMost[block]) blockMost[block] = each;
  }
  const least = blockLeast.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const most = blockMost.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  return { ...counter, value, title, unit, least, most, blockLeast, blockMost };
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
    const end = anchor + (firstColumn + column + 1) / scale;
    const next = row < time.length && time[row] < end ? lowerBound(time, end, row) : row;
    const before = row > 0 ? value[row - 1] : Number.NaN;
    let low = Number.isNaN(before) ? Number.POSITIVE_INFINITY : before;
    let high = Number.isNaN(before) ? Number.NEGATIVE_INFINITY : before;
    for (let at = row; at < next; ) {
      const block = at / BLOCK;
      const isWhole = Number.isInteger(block) && at + BLOCK <= next;
      const least = isWhole ? series.blockLeast[block] : value[at];
      const most = isWhole ? series.blockMost[block] : value[at];
      if (least < low) low = least;
      if (most > high) high = most;
      at += isWhole ? BLOCK : 1;
    }
    extremes.low[column] = low === Number.POSITIVE_INFINITY ? Number.NaN : low;
    extremes.high[column] = high === Number.NEGATIVE_INFINITY ? Number.NaN : high;
    row = next;
  }
}

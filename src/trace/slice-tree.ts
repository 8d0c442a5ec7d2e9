/**
 * Sorted raw slices and JS calls of each thread → the depth-first slice table.
 *
 *   |-------- A --------|            row  name  depth parent subtreeEnd
 *     |-- B --| |-- C ----|           0   A      0    -1     4
 *       |x|                           1   B      1     0     3
 *                                     2   x      2     1     3
 *                                     3   C      1     0     4     (cut at A's end)
 */
import type { JsCalls } from './js-calls.ts';
import type { ProfileTables } from './profiles.ts';
import { RAW_SAMPLED, type RawSlices } from './raw-slices.ts';
import {
  type Diagnostics,
  SLICE_CLIPPED,
  SLICE_END_INFERRED,
  SLICE_JS_CALL,
  type SliceTable,
} from './tables.ts';

const DEEPEST = 0xffff;
/**
 * Microseconds by which the sum of a start and a duration may be off (both are rounded decimals, and doubles near 10^11
 * are 1.5e-5 apart): an end that is late by no more is on time.
 */
const ROUNDING = 0.0005;

export interface SliceTreeInput {
  readonly raw: RawSlices;
  /** Thread t's raw rows, sorted: order[firstRow[t] .. firstRow[t + 1]). */
  readonly order: Int32Array;
  readonly firstRow: Int32Array;
  /** JS calls by thread. */
  readonly calls: readonly JsCalls[];
  readonly profiles: ProfileTables;
  readonly traceEnd: number;
  readonly diagnostics: Diagnostics;
}

export interface SettledSlices {
  readonly table: SliceTable;
  /** One row more than threads: thread t's slices are [firstSlice[t], firstSlice[t + 1]). */
  readonly firstSlice: Int32Array;
}

export function buildSliceTable(input: SliceTreeInput): SettledSlices {
  const threadCount = input.calls.length;
  let length = input.order.length;
  for (const calls of input.calls) length += calls.length;
  const table = allocate(length);
  const firstSlice = new Int32Array(threadCount + 1);
  const writer = new TreeWriter(table, input);
  for (let thread = 0; thread < threadCount; thread++) {
    firstSlice[thread] = writer.row;
    writer.writeThread(thread);
  }
  firstSlice[threadCount] = writer.row;
  return { table, firstSlice };
}

function allocate(length: number): SliceTable {
  return {
    length,
    start: new Float64Array(length),
    duration: new Float64Array(length),
    thread: new Uint16Array(length),
    depth: new Uint16Array(length),
    parent: new Int32Array(length),
    subtreeEnd: new Int32Array(length),
    name: new Int32Array(length),
    traceCategory: new Int32Array(length),
    flags: new Uint8Array(length),
    detail: new Float64Array(length),
  };
}

/** Writes one thread after the other; the hot loop of reading, so its columns are fields of their own. */
class TreeWriter {
  /** Next row to write. */
  row = 0;
  readonly #input: SliceTreeInput;
  readonly #table: SliceTable;
  /** Open rows and their ends, outermost first; the first `#depth` count. */
  readonly #open: number[] = [];
  readonly #openEnd: number[] = [];
  #depth = 0;

  constructor(table: SliceTable, input: SliceTreeInput) {
    this.#table = table;
    this.#input = input;
  }

  /** Merges the thread's slices and JS calls; a call comes before a slice of the same start and end. */
  writeThread(thread: number): void {
    const { raw, order, firstRow, diagnostics } = this.#input;
    const { name, traceCategory, flags, detail } = this.#table;
    const calls = this.#input.calls[thread];
    const last = firstRow[thread + 1];
    let call = 0;
    for (let i = firstRow[thread]; i < last; i++) {
      const source = order[i];
      const start = raw.start[source];
      const end = start + raw.duration[source];
      while (call < calls.length && callIsBefore(calls, call, start, end))
        this.#writeCall(thread, calls, call++);
      const row = this.#place(thread, start, end, raw.duration[source]);
      const rawFlags = raw.flags[source];
      const clipped =
        (rawFlags & SLICE_END_INFERRED) === 0 && end - this.#openEnd[this.#depth - 1] > ROUNDING;
      if (clipped) diagnostics.overlappingSlices++;
      name[row] = raw.name[source];
      traceCategory[row] = raw.category[source];
      flags[row] = (rawFlags & ~RAW_SAMPLED) | (clipped ? SLICE_CLIPPED : 0);
      detail[row] = raw.detail[source];
    }
    while (call < calls.length) this.#writeCall(thread, calls, call++);
    this.#closeUntil(Number.POSITIVE_INFINITY);
  }

  #writeCall(thread: number, calls: JsCalls, call: number): void {
    const { frames, stacks } = this.#input.profiles;
    const start = calls.start[call];
    const end = calls.end[call];
    const row = this.#place(thread, start, end, end - start);
    const table = this.#table;
    const stack = calls.stack[call];
    table.name[row] = frames.functionName[stacks.frame[stack]];
    table.flags[row] = SLICE_JS_CALL;
    table.detail[row] = stack;
  }

  /** Opens a row at `start` under what is open there, cut at the parent's end; returns it. */
  #place(thread: number, start: number, end: number, duration: number): number {
    this.#closeUntil(start);
    const table = this.#table;
    const depth = this.#depth;
    const row = this.row++;
    const limit = depth > 0 ? this.#openEnd[depth - 1] : this.#input.traceEnd;
    const cut = depth > 0 || end === Number.POSITIVE_INFINITY ? Math.min(end, Math.max(limit, start)) : end;
    table.start[row] = start;
    table.duration[row] = cut === end ? duration : cut - start;
    table.thread[row] = thread;
    table.depth[row] = Math.min(depth, DEEPEST);
    table.parent[row] = depth > 0 ? this.#open[depth - 1] : -1;
    this.#open[depth] = row;
    this.#openEnd[depth] = cut;
    this.#depth = depth + 1;
    return row;
  }

  /** Ends what has ended by `time`; what is late by rounding only ends there. */
  #closeUntil(time: number): void {
    const { start, duration, subtreeEnd } = this.#table;
    const openEnd = this.#openEnd;
    let depth = this.#depth;
    while (depth > 0 && openEnd[depth - 1] <= time + ROUNDING) {
      depth--;
      const row = this.#open[depth];
      subtreeEnd[row] = this.row;
      if (openEnd[depth] > time) duration[row] = time - start[row];
    }
    this.#depth = depth;
  }
}

function callIsBefore(calls: JsCalls, call: number, start: number, end: number): boolean {
  if (calls.start[call] !== start) return calls.start[call] < start;
  return calls.end[call] >= end;
}

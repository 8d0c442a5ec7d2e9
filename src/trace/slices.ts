/**
 * Slices: begin, end, complete and instant events of each thread → one depth-first table.
 * In: events in file order, which need not be in time order. Out: the slice table, JS calls laid in.
 *
 * Each thread keeps its own open slices (DevTools' engine keeps one stack for all threads and mixes them up).
 *  - An end with a name ends the innermost open slice of that name; slices inside it end with it.
 *  - An end without a name (Perfetto) ends the innermost.
 *  - A begin without an end lasts to its parent's end, or to the end of the trace; a task to the next task.
 *  - A slice that reaches past its parent's end is cut there.
 */
import { float64Column, int32Column, type StringTable, uint8Column, uint16Column } from '../base/index.ts';
import type { EventRecord } from './event.ts';
import { type JsCalls, layJsCalls, NO_JS_CALLS, nameTraits } from './js-calls.ts';
import type { ProfileTables } from './profiles.ts';
import { endLostTasks, RAW_SAMPLED, type RawSlices, sortRows } from './raw-slices.ts';
import { buildSliceTable, type SettledSlices } from './slice-tree.ts';
import { type Diagnostics, SLICE_END_INFERRED, SLICE_INSTANT } from './tables.ts';

/** Duration of a begin whose end has not come yet. */
const OPEN = -1;

export interface SettleSlices {
  readonly threadCount: number;
  readonly traceEnd: number;
  readonly strings: StringTable;
  readonly profiles: ProfileTables;
}

export class SliceCollector {
  readonly #diagnostics: Diagnostics;
  readonly #start = float64Column();
  readonly #duration = float64Column();
  readonly #thread = uint16Column();
  readonly #name = int32Column();
  readonly #category = int32Column();
  readonly #flags = uint8Column();
  readonly #detail = float64Column();
  /** Sparse: raw row and trace id of the events that V8 sampled, ascending by row. */
  readonly #sampledRow = int32Column(256);
  readonly #sampledId = float64Column(256);
  /** Ends, in file order; each comes after the raw rows below `endAfter`. */
  readonly #endTime = float64Column(256);
  readonly #endThread = uint16Column(256);
  readonly #endName = int32Column(256);
  readonly #endAfter = int32Column(256);

  /** By string row: how many slices of that name are open while a thread's ends are paired. */
  #openOfName = new Uint32Array(0);
  /** String row of `RunTask`; -1 where the trace has none. */
  #taskName = -1;
  /** A task of the thread at hand was never ended. */
  #lostTask = false;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  addComplete(event: EventRecord, thread: number): void {
    let duration = event.duration;
    if (!(duration >= 0)) {
      if (duration < 0) this.#diagnostics.negativeDurations++;
      duration = 0;
    }
    this.#add(event, thread, duration, 0);
  }

  addBegin(event: EventRecord, thread: number): void {
    this.#add(event, thread, OPEN, 0);
  }

  addInstant(event: EventRecord, thread: number): void {
    this.#add(event, thread, 0, SLICE_INSTANT);
  }

  addEnd(event: EventRecord, thread: number): void {
    this.#endTime.push(event.time);
    this.#endThread.push(thread);
    this.#endName.push(event.name);
    this.#endAfter.push(this.#start.length);
  }

  settle(options: SettleSlices): SettledSlices {
    const { threadCount } = options;
    const rows = groupByThread(this.#thread.values, this.#start.length, threadCount);
    const ends = groupByThread(this.#endThread.values, this.#endTime.length, threadCount);
    const raw: RawSlices = {
      start: this.#start.values,
      duration: this.#duration.values,
      name: this.#name.values,
      category: this.#category.values,
      flags: this.#flags.values,
      detail: this.#detail.values,
      sampledRow: this.#sampledRow.settle(),
      sampledId: this.#sampledId.settle(),
    };
    this.#openOfName = new Uint32Array(options.strings.length);
    this.#taskName = options.strings.find('RunTask');
    const traits = nameTraits(options.strings);
    const calls: JsCalls[] = [];
    for (let thread = 0; thread < threadCount; thread++) {
      const own = rows.order.subarray(rows.first[thread], rows.first[thread + 1]);
      const ownEnds = ends.order.subarray(ends.first[thread], ends.first[thread + 1]);
      this.#lostTask = false;
      this.#pair(own, ownEnds);
      sortRows(own, raw);
      if (this.#lostTask) endLostTasks(own, raw, this.#taskName);
      const profile = options.profiles.byThread[thread];
      calls.push(
        profile === undefined
          ? NO_JS_CALLS
          : layJsCalls({
              rows: own,
              raw,
              traits,
              profile,
              profiles: options.profiles,
              strings: options.strings,
            }),
      );
    }
    return buildSliceTable({
      raw,
      order: rows.order,
      firstRow: rows.first,
      calls,
      profiles: options.profiles,
      traceEnd: options.traceEnd,
      diagnostics: this.#diagnostics,
    });
  }

  #add(event: EventRecord, thread: number, duration: number, flags: number): void {
    const row = this.#start.push(event.time);
    this.#duration.push(duration);
    this.#thread.push(thread);
    this.#name.push(event.name);
    this.#category.push(event.category);
    this.#flags.push(event.sampleTraceId === 0 ? flags : flags | RAW_SAMPLED);
    this.#detail.push(event.offset);
    if (event.sampleTraceId !== 0) {
      this.#sampledRow.push(row);
      this.#sampledId.push(event.sampleTraceId);
    }
  }

  /**
   * Ends the open slices of one thread. `rows` and `ends` are in file order; where their times are not, they are
   * taken in time order (file order where times tie).
   */
  #pair(rows: Int32Array, ends: Int32Array): void {
    const duration = this.#duration.values;
    const tokens = this.#mergeTokens(rows, ends);
    const open: number[] = [];
    for (const token of tokens) {
      if (token >= 0) {
        open.push(token);
        this.#openOfName[this.#name.values[token]]++;
        continue;
      }
      const end = -1 - token;
      const at = this.#findOpen(open, this.#endName.values[end]);
      if (at < 0) continue;
      const time = this.#endTime.values[end];
      // Slices inside the ended one never got their own end: they end with it, where the tree cuts them.
      for (let i = at + 1; i < open.length; i++) this.#leaveOpen(open[i]);
      this.#openOfName[this.#name.values[open[at]]]--;
      duration[open[at]] = Math.max(0, time - this.#start.values[open[at]]);
      open.length = at;
    }
    for (const row of open) this.#leaveOpen(row);
  }

  /** Begins as raw rows (>= 0) and ends as -1 - end, in the order in which they happened. */
  #mergeTokens(rows: Int32Array, ends: Int32Array): number[] {
    const tokens: number[] = [];
    let nextEnd = 0;
    let sorted = true;
    let lastTime = Number.NEGATIVE_INFINITY;
    const push = (token: number, time: number): void => {
      if (time < lastTime) sorted = false;
      lastTime = time;
      tokens.push(token);
    };
    for (const row of rows) {
      if (this.#duration.values[row] !== OPEN) continue;
      while (nextEnd < ends.length && this.#endAfter.values[ends[nextEnd]] <= row) {
        push(-1 - ends[nextEnd], this.#endTime.values[ends[nextEnd]]);
        nextEnd++;
      }
      push(row, this.#start.values[row]);
    }
    for (; nextEnd < ends.length; nextEnd++) push(-1 - ends[nextEnd], this.#endTime.values[ends[nextEnd]]);
    if (sorted) return tokens;
    const timeOf = (token: number): number =>
      token >= 0 ? this.#start.values[token] : this.#endTime.values[-1 - token];
    return tokens.sort((a, b) => timeOf(a) - timeOf(b));
  }

  /** Position in `open` of the slice that an end of this name ends; -1 (counted) where there is none. */
  #findOpen(open: readonly number[], name: number): number {
    if (open.length === 0) {
      this.#diagnostics.endsWithoutBegin++;
      return -1;
    }
    const top = open.length - 1;
    if (name === 0 || this.#name.values[open[top]] === name) return top;
    this.#diagnostics.endsOfOtherSlice++;
    if (this.#openOfName[name] === 0) return -1;
    for (let i = top - 1; i >= 0; i--) if (this.#name.values[open[i]] === name) return i;
    return -1;
  }

  #leaveOpen(row: number): void {
    this.#diagnostics.beginsWithoutEnd++;
    const name = this.#name.values[row];
    this.#openOfName[name]--;
    if (name === this.#taskName) this.#lostTask = true;
    this.#flags.values[row] |= SLICE_END_INFERRED;
    this.#duration.values[row] = Number.POSITIVE_INFINITY;
  }
}

/** A counting sort by thread: thread t's rows are order[first[t] .. first[t + 1]), in file order. */
function groupByThread(
  thread: Uint16Array,
  length: number,
  threadCount: number,
): { order: Int32Array; first: Int32Array } {
  const first = new Int32Array(threadCount + 1);
  for (let i = 0; i < length; i++) first[thread[i] + 1]++;
  for (let t = 0; t < threadCount; t++) first[t + 1] += first[t];
  const next = first.slice();
  const order = new Int32Array(length);
  for (let i = 0; i < length; i++) order[next[thread[i]]++] = i;
  return { order, first };
}

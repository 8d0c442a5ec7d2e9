/**
 * Slices: begin, end, complete and instant events of each thread → one depth-first table, JS calls laid in.
 * In: what the kernel has filed, and the settled profiles. Out: the slice table; thread after thread, a piece at a time,
 * so that whoever waits can be told and can give up in between.
 */
import type { Steps, StringTable } from '../base/index.ts';
import type { Kernel } from './kernel.ts';
import type { ProfileTables } from './profiles.ts';
import { fitsOf, SliceColumns } from './settled-columns.ts';
import type { SliceTable } from './tables.ts';

export interface SettledSlices {
  readonly table: SliceTable;
  /** One row more than threads: thread t's slices are [firstSlice[t], firstSlice[t + 1]). */
  readonly firstSlice: Int32Array;
}

export interface SettleSlices {
  readonly kernel: Kernel;
  readonly threadCount: number;
  readonly traceEnd: number;
  readonly strings: StringTable;
  readonly profiles: ProfileTables;
}

/** V8's own C++ functions, which it puts into stacks when its runtime statistics are on: no JavaScript calls. */
const NATIVE_URL = 'native V8Runtime';

/** The outermost frames that are no code: V8's own names for what it was doing. */
const [ROOT, PROGRAM, IDLE, COLLECTOR] = ['(root)', '(program)', '(idle)', '(garbage collector)'];

/** Tells the kernel the words by which it settles. Once, before profiles are settled. */
export function tellWords({ calls }: Kernel, strings: StringTable): void {
  calls.setWords(
    strings.find(ROOT),
    strings.find(PROGRAM),
    strings.find(IDLE),
    strings.find(COLLECTOR),
    strings.find(NATIVE_URL),
  );
}

export class SliceSettler {
  readonly #settle: SettleSlices;
  readonly #columns: { now: SliceColumns | null } = { now: null };

  constructor(settle: SettleSlices) {
    this.#settle = settle;
  }

  /** The columns that the kernel fills. */
  get columns(): SliceColumns | null {
    return this.#columns.now;
  }

  /** Yields between pieces of work. */
  *run(): Steps<SettledSlices> {
    const { kernel, threadCount, strings } = this.#settle;
    const { calls } = kernel;
    calls.startGrouping(threadCount);
    while (calls.groupSome() !== 0) yield;
    calls.startPairing(strings.length);
    yield;
    const firstCall = yield* this.#layCalls();
    const columns = new SliceColumns(
      kernel,
      calls.rawSliceCount() + calls.callCount(),
      fitsOf(kernel, strings.length),
    );
    this.#columns.now = columns;
    const firstSlice = new Int32Array(threadCount + 1);
    for (let thread = 0; thread < threadCount; thread++) {
      firstSlice[thread] = calls.sliceCount();
      calls.startTree(thread, this.#settle.traceEnd, firstCall[thread], firstCall[thread + 1]);
      while (calls.writeSlices() !== 0) yield;
      yield;
    }
    calls.flushSlices();
    firstSlice[threadCount] = calls.sliceCount();
    return { table: columns.table, firstSlice };
  }

  /** Pairs each thread's ends, sorts its slices and lays its calls; returns where each thread's calls begin. */
  *#layCalls(): Steps<Int32Array> {
    const { kernel, threadCount, profiles } = this.#settle;
    const { calls } = kernel;
    const firstCall = new Int32Array(threadCount + 1);
    for (let thread = 0; thread < threadCount; thread++) {
      firstCall[thread] = calls.callCount();
      calls.startThread(thread);
      while (calls.settleSome() !== 0) yield;
      // There may be thousands of threads.
      yield;
      const profile = profiles.byThread[thread];
      if (profile === undefined) continue;
      calls.startCalls(thread, profile.firstSample, profile.endSample);
      while (calls.layCalls() !== 0) yield;
    }
    firstCall[threadCount] = calls.callCount();
    return firstCall;
  }
}

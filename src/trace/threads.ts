/**
 * Threads by (pid, tid), in the order in which they first appear. Rows never move.
 * In: ids and name events. Out: the thread table.
 */
import { float64Column, int32Column, type StringTable } from '../base/index.ts';
import type { Args, EventRecord } from './event.ts';
import { THREAD_ROLES, type ThreadRole, type ThreadTable } from './tables.ts';

/** Columns of thread rows are 16 bits wide: in a trace of more threads, all further ones share the last row. */
const MOST_THREADS = 0x10000;

export class ThreadCollector {
  readonly #strings: StringTable;
  readonly #rows = new Map<number, Map<number, number>>();
  readonly #pid = float64Column(64);
  readonly #tid = float64Column(64);
  readonly #name = int32Column(64);
  readonly #processNames = new Map<number, number>();
  #lastPid = Number.NaN;
  #lastTid = Number.NaN;
  #lastRow = -1;

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  get length(): number {
    return this.#pid.length;
  }

  /** The row of thread `tid` of process `pid`, new or old. */
  rowOf(pid: number, tid: number): number {
    if (pid === this.#lastPid && tid === this.#lastTid) return this.#lastRow;
    let threads = this.#rows.get(pid);
    if (threads === undefined) {
      threads = new Map();
      this.#rows.set(pid, threads);
    }
    let row = threads.get(tid);
    if (row === undefined) {
      row = Math.min(this.length, MOST_THREADS - 1);
      if (row === this.length) {
        this.#pid.push(pid);
        this.#tid.push(tid);
        this.#name.push(0);
      }
      threads.set(tid, row);
    }
    this.#lastPid = pid;
    this.#lastTid = tid;
    this.#lastRow = row;
    return row;
  }

  /** The row, or -1 where the trace has not named the thread yet. */
  find(pid: number, tid: number): number {
    return this.#rows.get(pid)?.get(tid) ?? -1;
  }

  /** Takes a `thread_name` or `process_name` event. */
  describe(event: EventRecord, what: 'thread-name' | 'process-name', args: Args): void {
    if (typeof args.name !== 'string') return;
    if (what === 'thread-name') this.nameThread(event.pid, event.tid, args.name);
    else this.nameProcess(event.pid, args.name);
  }

  nameThread(pid: number, tid: number, name: string): void {
    const row = this.rowOf(pid, tid);
    this.#name.values[row] = this.#strings.intern(name);
  }

  nameProcess(pid: number, name: string): void {
    this.#processNames.set(pid, this.#strings.intern(name));
  }

  /**
   * `firstSlice` has length + 1 rows: thread t's slices are [firstSlice[t], firstSlice[t + 1]). `samples`: how many each has.
   */
  settle(firstSlice: Int32Array, samples: Int32Array): ThreadTable {
    const length = this.length;
    const pid = this.#pid.settle();
    const name = this.#name.settle();
    return {
      length,
      pid,
      tid: this.#tid.settle(),
      name,
      processName: Int32Array.from(pid, (id) => this.#processNames.get(id) ?? 0),
      role: Uint8Array.from(name, (row) => THREAD_ROLES.indexOf(roleOf(this.#strings.get(row)))),
      firstSlice: firstSlice.slice(0, length),
      endSlice: firstSlice.slice(1, length + 1),
      samples,
    };
  }
}

/** What a thread of this name is for. Names as Chromium gives them; `ThreadPool…` were `TaskScheduler…` before Chrome 79. */
export function roleOf(name: string): ThreadRole {
  if (name === 'CrRendererMain') return 'main';
  if (name === 'CrBrowserMain') return 'browser';
  if (name === 'CrGpuMain' || name === 'VizCompositorThread') return 'gpu';
  if (name === 'Compositor') return 'compositor';
  if (name.startsWith('CompositorTileWorker')) return 'raster';
  if (name.startsWith('ServiceWorker')) return 'service-worker';
  if (name.startsWith('DedicatedWorker') || name.startsWith('SharedWorker')) return 'worker';
  if (name.startsWith('ThreadPool') || name.startsWith('TaskScheduler')) return 'pool';
  if (name === 'v8:ProfEvntProc') return 'profiler';
  if (name.includes('IOThread')) return 'io';
  return 'other';
}

/**
 * The tables that the kernel hands out row by row: exact-length columns, filled from its stage batch by batch.
 * In: how many rows there are, then batches. Out: SliceTable, AsyncSliceTable, and the tables of profiles.
 */
import type { Kernel } from './kernel.ts';
import type { AsyncSliceTable, FrameTable, SampleTable, SliceTable, StackTable } from './tables.ts';

type Address = { readonly value: number };

/** The `count` numbers at an address of the kernel's memory. */
class Stage {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  doubles({ value }: Address, count: number): Float64Array {
    return new Float64Array(this.#kernel.bytes.buffer, value >>> 0, count);
  }

  ints({ value }: Address, count: number): Int32Array {
    return new Int32Array(this.#kernel.bytes.buffer, value >>> 0, count);
  }

  shorts({ value }: Address, count: number): Uint16Array {
    return new Uint16Array(this.#kernel.bytes.buffer, value >>> 0, count);
  }

  bytes({ value }: Address, count: number): Uint8Array {
    return new Uint8Array(this.#kernel.bytes.buffer, value >>> 0, count);
  }
}

export class SliceColumns {
  readonly table: SliceTable;
  readonly #kernel: Kernel;
  readonly #stage: Stage;

  constructor(kernel: Kernel, length: number) {
    this.#kernel = kernel;
    this.#stage = new Stage(kernel);
    this.table = {
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

  take(from: number, count: number): void {
    const stage = this.#stage;
    const { calls } = this.#kernel;
    const { table } = this;
    table.start.set(stage.doubles(calls.stageStart, count), from);
    table.duration.set(stage.doubles(calls.stageDuration, count), from);
    table.thread.set(stage.shorts(calls.stageThread, count), from);
    table.depth.set(stage.shorts(calls.stageDepth, count), from);
    table.parent.set(stage.ints(calls.stageParent, count), from);
    table.subtreeEnd.set(stage.ints(calls.stageSubtreeEnd, count), from);
    table.name.set(stage.ints(calls.stageName, count), from);
    table.traceCategory.set(stage.ints(calls.stageCategory, count), from);
    table.flags.set(stage.bytes(calls.stageFlags, count), from);
    table.detail.set(stage.doubles(calls.stageDetail, count), from);
  }

  /** A slice that was taken before it was over. */
  end(row: number, subtreeEnd: number, duration: number): void {
    this.table.subtreeEnd[row] = subtreeEnd;
    if (!Number.isNaN(duration)) this.table.duration[row] = duration;
  }
}

export class AsyncColumns {
  readonly table: AsyncSliceTable;
  readonly #kernel: Kernel;
  readonly #stage: Stage;

  constructor(kernel: Kernel, length: number) {
    this.#kernel = kernel;
    this.#stage = new Stage(kernel);
    this.table = {
      length,
      start: new Float64Array(length),
      duration: new Float64Array(length),
      pid: new Float64Array(length),
      name: new Int32Array(length),
      traceCategory: new Int32Array(length),
      id: new Int32Array(length),
      flags: new Uint8Array(length),
      detail: new Float64Array(length),
    };
  }

  take(from: number, count: number): void {
    const stage = this.#stage;
    const { calls } = this.#kernel;
    const { table } = this;
    table.start.set(stage.doubles(calls.asyncStart, count), from);
    table.duration.set(stage.doubles(calls.asyncDuration, count), from);
    table.pid.set(stage.doubles(calls.asyncPid, count), from);
    table.name.set(stage.ints(calls.asyncName, count), from);
    table.traceCategory.set(stage.ints(calls.asyncCategory, count), from);
    table.id.set(stage.ints(calls.asyncId, count), from);
    table.flags.set(stage.bytes(calls.asyncFlags, count), from);
    table.detail.set(stage.doubles(calls.asyncDetail, count), from);
  }
}

export function handOutFrames(kernel: Kernel): FrameTable {
  const { calls } = kernel;
  const stage = new Stage(kernel);
  const length = calls.frameCount();
  const table: FrameTable = {
    length,
    functionName: new Int32Array(length),
    url: new Int32Array(length),
    line: new Int32Array(length),
    column: new Int32Array(length),
    scriptId: new Int32Array(length),
  };
  for (let from = 0, count = 0; from < length; from += count) {
    count = calls.stageFrames(from);
    table.functionName.set(stage.ints(calls.stageParent, count), from);
    table.url.set(stage.ints(calls.stageSubtreeEnd, count), from);
    table.line.set(stage.ints(calls.stageName, count), from);
    table.column.set(stage.ints(calls.stageCategory, count), from);
    table.scriptId.set(stage.doubles(calls.stageStart, count), from);
  }
  return table;
}

export function handOutStacks(kernel: Kernel): StackTable {
  const { calls } = kernel;
  const stage = new Stage(kernel);
  const length = calls.stackCount();
  const table: StackTable = { length, frame: new Int32Array(length), prefix: new Int32Array(length) };
  for (let from = 0, count = 0; from < length; from += count) {
    count = calls.stageStacks(from);
    table.frame.set(stage.ints(calls.stageParent, count), from);
    table.prefix.set(stage.ints(calls.stageName, count), from);
  }
  return table;
}

/** `thread` is filled in by whoever knows whose samples these are. */
export function handOutSamples(kernel: Kernel): SampleTable {
  const { calls } = kernel;
  const stage = new Stage(kernel);
  const length = calls.sampleCount();
  const table: SampleTable = {
    length,
    time: new Float64Array(length),
    thread: new Uint16Array(length),
    stack: new Int32Array(length),
    line: new Int32Array(length),
    column: new Int32Array(length),
  };
  for (let from = 0, count = 0; from < length; from += count) {
    count = calls.stageSamples(from);
    table.time.set(stage.doubles(calls.stageStart, count), from);
    table.stack.set(stage.ints(calls.stageParent, count), from);
    table.line.set(stage.ints(calls.stageName, count), from);
    table.column.set(stage.ints(calls.stageCategory, count), from);
  }
  return table;
}

/**
 * The tables that the kernel hands out row by row: exact-length columns, filled from its stage batch by batch.
 * In: how many rows there are, then batches. Out: SliceTable, AsyncSliceTable, CounterTable, LinkTable, FlowTable,
 * and the tables of profiles.
 */
import type { Kernel } from './kernel.ts';
import type { StageName } from './kernel-calls.ts';
import type { CounterTable, FlowTable, FrameTable, LinkTable, SampleTable, StackTable } from './tables.ts';

const KINDS = { doubles: Float64Array, ints: Int32Array, shorts: Uint16Array, bytes: Uint8Array } as const;
type Kind = keyof typeof KINDS;

/** What a table's columns hold, and where on the stage each lies; null for one that is filled in otherwise. */
type ColumnPlan = Readonly<Record<string, readonly [Kind, StageName | null]>>;
type TableOf<P extends ColumnPlan> = { readonly length: number } & {
  readonly [Name in keyof P]: InstanceType<(typeof KINDS)[P[Name][0]]>;
};

const SLICES = {
  start: ['doubles', 'stageStart'],
  duration: ['doubles', 'stageDuration'],
  thread: ['shorts', 'stageThread'],
  depth: ['shorts', 'stageDepth'],
  parent: ['ints', 'stageParent'],
  subtreeEnd: ['ints', 'stageSubtreeEnd'],
  name: ['ints', 'stageName'],
  traceCategory: ['ints', 'stageCategory'],
  flags: ['bytes', 'stageFlags'],
  detail: ['doubles', 'stageDetail'],
} as const satisfies ColumnPlan;

const ASYNC_SLICES = {
  start: ['doubles', 'asyncStart'],
  duration: ['doubles', 'asyncDuration'],
  pid: ['doubles', 'asyncPid'],
  name: ['ints', 'asyncName'],
  traceCategory: ['ints', 'asyncCategory'],
  id: ['ints', 'asyncId'],
  flags: ['bytes', 'asyncFlags'],
  detail: ['doubles', 'asyncDetail'],
} as const satisfies ColumnPlan;

const FLOWS = {
  time: ['doubles', 'flowTime'],
  thread: ['shorts', 'flowThread'],
  key: ['ints', 'flowKey'],
  traceCategory: ['ints', 'flowCategory'],
  step: ['bytes', 'flowStep'],
  detail: ['doubles', 'flowDetail'],
} as const satisfies ColumnPlan;

// As kernel/counters.ts, links.ts and hand-out.ts put them.
const COUNTERS = {
  time: ['doubles', 'stageStart'],
  pid: ['doubles', 'stageDuration'],
  name: ['ints', 'stageCategory'],
  value: ['doubles', 'stageDetail'],
} as const satisfies ColumnPlan;

const LINKS = {
  time: ['doubles', 'stageStart'],
  thread: ['shorts', 'stageThread'],
  name: ['ints', 'stageName'],
  detail: ['doubles', 'stageDetail'],
  frame: ['ints', 'stageParent'],
  id: ['ints', 'stageCategory'],
} as const satisfies ColumnPlan;

const FRAMES = {
  functionName: ['ints', 'stageParent'],
  url: ['ints', 'stageSubtreeEnd'],
  line: ['ints', 'stageName'],
  column: ['ints', 'stageCategory'],
  scriptId: ['ints', 'stageDetail'],
} as const satisfies ColumnPlan;

const STACKS = {
  frame: ['ints', 'stageParent'],
  prefix: ['ints', 'stageName'],
} as const satisfies ColumnPlan;

/** `thread` is filled in by whoever knows whose samples these are. */
const SAMPLES = {
  time: ['doubles', 'stageStart'],
  thread: ['shorts', null],
  stack: ['ints', 'stageParent'],
  line: ['ints', 'stageName'],
  column: ['ints', 'stageCategory'],
} as const satisfies ColumnPlan;

/** A table on its way out of the kernel. */
class Columns<P extends ColumnPlan> {
  readonly table: TableOf<P>;
  readonly #kernel: Kernel;
  readonly #fill: ((from: number, count: number) => void)[] = [];

  constructor(kernel: Kernel, plan: P, length: number) {
    this.#kernel = kernel;
    const columns = Object.entries(plan).map(([name, [kind, at]]) => [name, this.#make(kind, at, length)]);
    // One column for each of the plan, of its kind.
    this.table = { length, ...Object.fromEntries(columns) } as TableOf<P>;
  }

  /** Takes the batch that lies on the stage as the rows from `from` on. */
  take(from: number, count: number): void {
    for (const fill of this.#fill) fill(from, count);
  }

  #make(kind: Kind, at: StageName | null, length: number): InstanceType<(typeof KINDS)[Kind]> {
    const column = new KINDS[kind](length);
    if (at === null) return column;
    const address = this.#kernel.calls[at];
    this.#fill.push((from, count) => {
      column.set(new KINDS[kind](this.#kernel.bytes.buffer, address.value >>> 0, count), from);
    });
    return column;
  }
}

export class SliceColumns extends Columns<typeof SLICES> {
  constructor(kernel: Kernel, length: number) {
    super(kernel, SLICES, length);
  }

  /** A slice that was taken before it was over. */
  end(row: number, subtreeEnd: number, duration: number): void {
    this.table.subtreeEnd[row] = subtreeEnd;
    if (!Number.isNaN(duration)) this.table.duration[row] = duration;
  }
}

export class AsyncColumns extends Columns<typeof ASYNC_SLICES> {
  constructor(kernel: Kernel, length: number) {
    super(kernel, ASYNC_SLICES, length);
  }
}

/** Yields between batches. */
function* handOut<P extends ColumnPlan>(
  kernel: Kernel,
  plan: P,
  length: number,
  stage: (from: number) => number,
): Generator<undefined, TableOf<P>> {
  const columns = new Columns(kernel, plan, length);
  for (let from = 0; from < length; ) {
    const count = stage(from);
    columns.take(from, count);
    from += count;
    yield;
  }
  return columns.table;
}

export function handOutCounters(kernel: Kernel): Generator<undefined, CounterTable> {
  const { calls } = kernel;
  return handOut(kernel, COUNTERS, calls.counterCount(), (from) => calls.stageCounters(from));
}

export function handOutLinks(kernel: Kernel): Generator<undefined, LinkTable> {
  const { calls } = kernel;
  return handOut(kernel, LINKS, calls.linkCount(), (from) => calls.stageLinks(from));
}

export function handOutFrames(kernel: Kernel): Generator<undefined, FrameTable> {
  const { calls } = kernel;
  return handOut(kernel, FRAMES, calls.frameCount(), (from) => calls.stageFrames(from));
}

export function handOutStacks(kernel: Kernel): Generator<undefined, StackTable> {
  const { calls } = kernel;
  return handOut(kernel, STACKS, calls.stackCount(), (from) => calls.stageStacks(from));
}

export function handOutSamples(kernel: Kernel): Generator<undefined, SampleTable> {
  const { calls } = kernel;
  return handOut(kernel, SAMPLES, calls.sampleCount(), (from) => calls.stageSamples(from));
}

/** Steps of flows. */
export function handOutFlows(kernel: Kernel): Generator<undefined, FlowTable> {
  const { calls } = kernel;
  return handOut(kernel, FLOWS, calls.flowCount(), (from) => calls.stageFlows(from));
}

/**
 * The tables that the kernel hands out row by row: exact-length columns, filled from its stage batch by batch.
 * In: how many rows there are, then batches. Out: SliceTable, AsyncSliceTable, CounterTable, LinkTable, FlowTable,
 * and the tables of profiles.
 */
import type { Steps } from '../base/index.ts';
import type { Kernel } from './kernel.ts';
import type { StageName } from './kernel-calls.ts';
import type {
  CounterTable,
  FlowTable,
  FrameTable,
  LinkTable,
  OffsetColumn,
  RowColumn,
  SampleTable,
  StackTable,
} from './tables.ts';

const KINDS = { doubles: Float64Array, ints: Int32Array, shorts: Uint16Array, bytes: Uint8Array } as const;
type Kind = keyof typeof KINDS;
/** What may be narrower in a table than on the stage: a row or line, an offset in the source. */
const NARROW = { rows: 'ints', offsets: 'doubles' } as const;
type NarrowKind = keyof typeof NARROW;

/** What a table's columns hold, and where on the stage each lies; null for one that is filled in otherwise. */
type ColumnPlan = Readonly<Record<string, readonly [Kind | NarrowKind, StageName | null]>>;
type ColumnOf<K extends Kind | NarrowKind> = K extends Kind
  ? InstanceType<(typeof KINDS)[K]>
  : K extends 'rows'
    ? RowColumn
    : OffsetColumn;
type TableOf<P extends ColumnPlan> = { readonly length: number } & {
  readonly [Name in keyof P]: ColumnOf<P[Name][0]>;
};

/** Whether all that is handed out fits into the narrower columns. */
export interface Fits {
  /** 16 bits. */
  readonly rows: boolean;
  /** 32 bits. */
  readonly offsets: boolean;
}

const MOST_SHORT = 0x1_0000;
const MOST_INT = 0x1_0000_0000;

/** Of a trace whose strings are all known: nearly all of them fit, and a long one takes a quarter less memory. */
export function fitsOf({ calls }: Kernel, stringCount: number): Fits {
  return { rows: stringCount <= MOST_SHORT, offsets: calls.largestOffset.value < MOST_INT };
}

const SLICES = {
  start: ['doubles', 'stageStart'],
  duration: ['doubles', 'stageDuration'],
  thread: ['shorts', 'stageThread'],
  depth: ['shorts', 'stageDepth'],
  parent: ['ints', 'stageParent'],
  subtreeEnd: ['ints', 'stageSubtreeEnd'],
  name: ['rows', 'stageName'],
  traceCategory: ['rows', 'stageCategory'],
  flags: ['bytes', 'stageFlags'],
  detail: ['offsets', 'stageDetail'],
} as const satisfies ColumnPlan;

const ASYNC_SLICES = {
  start: ['doubles', 'asyncStart'],
  duration: ['doubles', 'asyncDuration'],
  pid: ['doubles', 'asyncPid'],
  name: ['rows', 'asyncName'],
  traceCategory: ['rows', 'asyncCategory'],
  id: ['rows', 'asyncId'],
  flags: ['bytes', 'asyncFlags'],
  detail: ['offsets', 'asyncDetail'],
} as const satisfies ColumnPlan;

const FLOWS = {
  time: ['doubles', 'flowTime'],
  thread: ['shorts', 'flowThread'],
  key: ['ints', 'flowKey'],
  name: ['rows', 'flowName'],
  traceCategory: ['rows', 'flowCategory'],
  step: ['bytes', 'flowStep'],
  detail: ['offsets', 'flowDetail'],
} as const satisfies ColumnPlan;

// As kernel/counters.ts, links.ts and hand-out.ts put them.
const COUNTERS = {
  time: ['doubles', 'stageStart'],
  pid: ['doubles', 'stageDuration'],
  thread: ['ints', 'stageParent'],
  name: ['ints', 'stageCategory'],
  value: ['doubles', 'stageDetail'],
} as const satisfies ColumnPlan;

const LINKS = {
  time: ['doubles', 'stageStart'],
  thread: ['shorts', 'stageThread'],
  name: ['rows', 'stageName'],
  detail: ['offsets', 'stageDetail'],
  frame: ['rows', 'stageParent'],
  id: ['rows', 'stageCategory'],
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
  line: ['rows', 'stageName'],
  column: ['rows', 'stageCategory'],
} as const satisfies ColumnPlan;

/** A table on its way out of the kernel. */
class Columns<P extends ColumnPlan> {
  readonly table: TableOf<P>;
  readonly #kernel: Kernel;
  readonly #fits: Fits;
  readonly #fill: ((from: number, count: number) => void)[] = [];

  constructor(kernel: Kernel, plan: P, length: number, fits: Fits) {
    this.#kernel = kernel;
    this.#fits = fits;
    const columns = Object.entries(plan).map(([name, [kind, at]]) => [name, this.#make(kind, at, length)]);
    // One column for each of the plan, of its kind.
    this.table = { length, ...Object.fromEntries(columns) } as TableOf<P>;
  }

  /** Takes the batch that lies on the stage as the rows from `from` on. */
  take(from: number, count: number): void {
    for (const fill of this.#fill) fill(from, count);
  }

  #make(kind: Kind | NarrowKind, at: StageName | null, length: number): ColumnOf<Kind | NarrowKind> {
    const staged = kind === 'rows' || kind === 'offsets' ? NARROW[kind] : kind;
    const column = this.#isNarrow(kind)
      ? new (kind === 'rows' ? Uint16Array : Uint32Array)(length)
      : new KINDS[staged](length);
    if (at === null) return column;
    const address = this.#kernel.calls[at];
    this.#fill.push((from, count) => {
      column.set(new KINDS[staged](this.#kernel.bytes.buffer, address.value >>> 0, count), from);
    });
    return column;
  }

  #isNarrow(kind: Kind | NarrowKind): boolean {
    return (kind === 'rows' || kind === 'offsets') && this.#fits[kind];
  }
}

export class SliceColumns extends Columns<typeof SLICES> {
  constructor(kernel: Kernel, length: number, fits: Fits) {
    super(kernel, SLICES, length, fits);
  }

  /** A slice that was taken before it was over. */
  end(row: number, subtreeEnd: number, duration: number): void {
    this.table.subtreeEnd[row] = subtreeEnd;
    if (!Number.isNaN(duration)) this.table.duration[row] = duration;
  }
}

export class AsyncColumns extends Columns<typeof ASYNC_SLICES> {
  constructor(kernel: Kernel, length: number, fits: Fits) {
    super(kernel, ASYNC_SLICES, length, fits);
  }
}

/** Nothing is to be narrower. */
const WIDE: Fits = { rows: false, offsets: false };

interface HandOut<P extends ColumnPlan> {
  readonly plan: P;
  readonly length: number;
  readonly fits?: Fits;
  /** Puts the rows from `from` on the stage, and returns how many. */
  readonly stage: (from: number) => number;
}

/** Yields between batches. */
function* handOut<P extends ColumnPlan>(
  kernel: Kernel,
  { plan, length, fits = WIDE, stage }: HandOut<P>,
): Steps<TableOf<P>> {
  const columns = new Columns(kernel, plan, length, fits);
  for (let from = 0; from < length; ) {
    const count = stage(from);
    columns.take(from, count);
    from += count;
    yield;
  }
  return columns.table;
}

export function handOutCounters(kernel: Kernel): Steps<CounterTable> {
  const { calls } = kernel;
  const stage = (from: number): number => calls.stageCounters(from);
  return handOut(kernel, { plan: COUNTERS, length: calls.counterCount(), stage });
}

export function handOutLinks(kernel: Kernel, fits: Fits): Steps<LinkTable> {
  const { calls } = kernel;
  const stage = (from: number): number => calls.stageLinks(from);
  return handOut(kernel, { plan: LINKS, length: calls.linkCount(), fits, stage });
}

export function handOutFrames(kernel: Kernel): Steps<FrameTable> {
  const { calls } = kernel;
  const stage = (from: number): number => calls.stageFrames(from);
  return handOut(kernel, { plan: FRAMES, length: calls.frameCount(), stage });
}

export function handOutStacks(kernel: Kernel): Steps<StackTable> {
  const { calls } = kernel;
  const stage = (from: number): number => calls.stageStacks(from);
  return handOut(kernel, { plan: STACKS, length: calls.stackCount(), stage });
}

export function handOutSamples(kernel: Kernel): Steps<SampleTable> {
  const { calls } = kernel;
  const fits = { ...WIDE, rows: calls.placesAreShort() !== 0 };
  const stage = (from: number): number => calls.stageSamples(from);
  return handOut(kernel, { plan: SAMPLES, length: calls.sampleCount(), fits, stage });
}

/** Steps of flows. */
export function handOutFlows(kernel: Kernel, fits: Fits): Steps<FlowTable> {
  const { calls } = kernel;
  const stage = (from: number): number => calls.stageFlows(from);
  return handOut(kernel, { plan: FLOWS, length: calls.flowCount(), fits, stage });
}

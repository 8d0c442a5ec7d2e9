/**
 * The trace tables: what a reader hands to everything downstream. Structs of arrays; all columns of a table have one
 * length; a parent's row comes before its child's; -1 is none; times are {@link Micros} on the trace's own clock.
 *
 *   threads   0: main          1: compositor
 *   slices    [0 ......... 41) [42 .... 90)      contiguous per thread, depth-first
 *               RunTask           a subtree is the row range [i, subtreeEnd[i])
 *               ├ FunctionCall
 *               │ └ f1 (JS call, laid from samples)
 *               └ Layout
 */
import type { Micros, StringTable } from '../base/index.ts';

/** What a thread is for. Read from its name; `main` is a renderer's main thread (`CrRendererMain`). */
export const THREAD_ROLES = [
  'main',
  'worker',
  'service-worker',
  'compositor',
  'raster',
  'pool',
  'io',
  'gpu',
  'browser',
  'profiler',
  'other',
] as const;
export type ThreadRole = (typeof THREAD_ROLES)[number];

/** Rows of another table, or lines: in as few bytes as the largest of them needs. */
export type RowColumn = Int32Array | Uint16Array;
/** Offsets in the source: in as few bytes as the largest of them needs. */
export type OffsetColumn = Float64Array | Uint32Array;

export interface ThreadTable {
  readonly length: number;
  /** As the file has it: some tools write ids of 64 bits. Below -1 000 000 000 where it has a text. */
  readonly pid: Float64Array;
  readonly tid: Float64Array;
  /** String row of the thread's name; 0 ('') where the trace names none. */
  readonly name: Int32Array;
  /** String row of its process's name. */
  readonly processName: Int32Array;
  /** Index into {@link THREAD_ROLES}. */
  readonly role: Uint8Array;
  /** Its slices are the rows [firstSlice, endSlice). */
  readonly firstSlice: Int32Array;
  readonly endSlice: Int32Array;
  /** Samples that V8 took on it. */
  readonly samples: Int32Array;
}

/** The end of the slice was never written: it is the end of the trace, or of its parent. */
export const SLICE_END_INFERRED = 1;
/** The slice overlapped its parent's end and was cut there. */
export const SLICE_CLIPPED = 2;
/** A JavaScript call that V8's samples tell of, not an event of the trace. `detail` is then its stack row. */
export const SLICE_JS_CALL = 4;
/** An instant event: a moment on the thread, duration 0. It is found and listed, never drawn as a box or timed. */
export const SLICE_INSTANT = 8;

export interface SliceTable {
  readonly length: number;
  readonly start: Float64Array;
  readonly duration: Float64Array;
  /** Row in the thread table. */
  readonly thread: Uint16Array;
  /** 0 for a root. Counts every slice, hidden ones too. */
  readonly depth: Uint16Array;
  /** Row of the parent, -1 for a root. */
  readonly parent: Int32Array;
  /** One past the last row of the subtree. */
  readonly subtreeEnd: Int32Array;
  /** String row: the event's name, or the function's for a JS call. */
  readonly name: RowColumn;
  /** String row of Chrome's trace category (`cat`). */
  readonly traceCategory: RowColumn;
  /** SLICE_* bits. */
  readonly flags: Uint8Array;
  /** Byte offset of the event in the inflated source, where its arguments are read on demand; stack row for a JS call. */
  readonly detail: OffsetColumn;
}

/** Intervals that belong to no one thread's stack: async events and async tracks; and moments of theirs (SLICE_INSTANT). */
export interface AsyncSliceTable {
  readonly length: number;
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly pid: Float64Array;
  readonly name: RowColumn;
  readonly traceCategory: RowColumn;
  /** String row of the id that tied begin and end together. */
  readonly id: RowColumn;
  readonly flags: Uint8Array;
  readonly detail: OffsetColumn;
}

/** JavaScript functions, one row per function and position. */
export interface FrameTable {
  readonly length: number;
  /** String row; '' is an anonymous function. */
  readonly functionName: Int32Array;
  readonly url: Int32Array;
  /** 0-based as V8 gives it; -1 unknown. */
  readonly line: Int32Array;
  readonly column: Int32Array;
  readonly scriptId: Int32Array;
}

/** JavaScript stacks as a forest: a stack is its innermost frame and the stack that called it. */
export interface StackTable {
  readonly length: number;
  readonly frame: Int32Array;
  readonly prefix: Int32Array;
}

/** V8's ticks, sorted by thread, then time. */
export interface SampleTable {
  readonly length: number;
  readonly time: Float64Array;
  readonly thread: Uint16Array;
  readonly stack: Int32Array;
  /** Script line that ran, 1-based; 0 unknown. */
  readonly line: RowColumn;
  /** Column in that line, 1-based; 0 unknown (Chromes before 2025 do not tell it). */
  readonly column: RowColumn;
}

/** Values over time: JS heap bytes, documents, nodes, listeners (`UpdateCounters`) and other counter events. */
export interface CounterTable {
  readonly length: number;
  readonly time: Float64Array;
  readonly pid: Float64Array;
  /** Thread row: `UpdateCounters` counts what is its thread's. -1 for all else, which counts its whole process. */
  readonly thread: Int32Array;
  /** String row: `jsHeapSizeUsed`, `nodes`, … */
  readonly name: Int32Array;
  readonly value: Float64Array;
}

/**
 * Slices and instants that name what they belong together with (a timer's install and its firing bear one id), in file
 * order. Their rows in the slice table are found by thread, time and `detail`.
 */
export interface LinkTable {
  readonly length: number;
  readonly time: Float64Array;
  readonly thread: Uint16Array;
  readonly name: RowColumn;
  /** As the slice's. */
  readonly detail: OffsetColumn;
  /** String rows of the frame's id and of its own (timer, callback, message, socket); 0 where it says none. */
  readonly frame: RowColumn;
  readonly id: RowColumn;
}

/** Pictures of the page that the trace itself holds, by time. They are large, and read when somebody looks. */
export interface PictureTable {
  readonly length: number;
  readonly time: Float64Array;
  /** Of its event's first byte in the inflated source. */
  readonly offset: Float64Array;
}

/** What a step does to its flow. */
export const FLOW_START = 1;
export const FLOW_STEP = 2;
export const FLOW_END = 4;
/** Whose step it is: of the slice that begins next; of the slice or instant that `detail` is of. Else of the one around. */
export const FLOW_OF_NEXT = 8;
export const FLOW_OF_ITSELF = 16;

/** Steps of flows, which lead from slice to slice, in file order. Which slice is meant is found in analysis/. */
export interface FlowTable {
  readonly length: number;
  readonly time: Float64Array;
  readonly thread: Uint16Array;
  /** Steps of one flow have one number; they count from 0. */
  readonly key: Int32Array;
  /** The flow event's own; the slice's, where it is a step itself. */
  readonly name: RowColumn;
  readonly traceCategory: RowColumn;
  /** FLOW_* bits. */
  readonly step: Uint8Array;
  /** As the slice's, where it is a step itself. */
  readonly detail: OffsetColumn;
}

/**
 * An event whose arguments say something about the page as a whole (navigations, commits, paints, requests): few, and
 * kept while reading. What they mean is decided in analysis/.
 */
export interface Mark {
  readonly name: string;
  readonly traceCategory: string;
  readonly phase: string;
  readonly time: Micros;
  /** Microseconds; 0 where the event has none. */
  readonly duration: number;
  readonly pid: number;
  readonly tid: number;
  readonly id: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Dirty or lost data, counted by kind; never thrown. Every kind is always there. */
export interface Diagnostics {
  /** The file ends in the middle of an event or of its gzip stream: 1, else 0. */
  cutOff: number;
  /** Array entries or packets that are no readable event. */
  malformedEvents: number;
  /** End events with no open slice to end. */
  endsWithoutBegin: number;
  /** End events whose name is not that of the slice they would end. */
  endsOfOtherSlice: number;
  /** Slices that never end. */
  beginsWithoutEnd: number;
  /** Slices that reached past their parent's end and were cut there. */
  overlappingSlices: number;
  /** Events with no or an impossible time. */
  badTimes: number;
  /** Negative durations, taken as 0. */
  negativeDurations: number;
  /** Async ends with no begin, and begins with no end. */
  unmatchedAsync: number;
  /** Samples of a profile whose head names no thread, or that name an unknown node. */
  orphanSamples: number;
  /** Chunks of samples that could not be decoded. */
  malformedProfileChunks: number;
  /** Phases that the reader does not know. */
  unknownPhases: number;
  /** Packets dropped by Chrome's tracing service (data loss). */
  droppedPackets: number;
  /** Packets whose interning state was lost, skipped until the sequence starts anew. */
  packetsWithoutState: number;
}

/** What one source held. */
export interface TraceTables {
  readonly format: 'json' | 'perfetto';
  /** Entries of `traceEvents`, or TrackEvent packets. */
  readonly eventCount: number;
  /** Inflated size of the source. */
  readonly byteLength: number;
  /**
   * First to last event as DevTools' engine takes them (phases B, E, X, I; not `ts` 0, not `*::UMA`; begins at
   * TracingStartedInBrowser where there is one); first to last sample where there is nothing else. start = end = 0 for a
   * trace without any.
   */
  readonly bounds: { readonly start: Micros; readonly end: Micros };
  /** Unix ms at trace time 0, where the trace knows it (Perfetto clock snapshots); null otherwise. */
  readonly unixMillisAtZero: number | null;
  readonly strings: StringTable;
  readonly threads: ThreadTable;
  readonly slices: SliceTable;
  readonly asyncSlices: AsyncSliceTable;
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly samples: SampleTable;
  readonly counters: CounterTable;
  readonly links: LinkTable;
  readonly pictures: PictureTable;
  readonly flows: FlowTable;
  /** How many events of each phase there are: `X`, `b`, …; '?' for none that is one letter. */
  readonly phaseCounts: Readonly<Record<string, number>>;
  /** By time. */
  readonly marks: readonly Mark[];
  /** The `metadata` object of a JSON trace, or {}. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The `stackFrames` object of a JSON trace, which events' own stacks (`sf`) name; or {}. */
  readonly stackFrames: Readonly<Record<string, unknown>>;
  readonly diagnostics: Readonly<Diagnostics>;
}

/**
 * One event on its way from a reader to the builder. Readers fill the one record of their run and hand it over again
 * and again; the builder copies what it keeps. Names and ids are rows of the builder's string table.
 */

/** Phases of the trace-event format, as ASCII codes. Perfetto's slices are handed over as B and E. */
export const PHASE = {
  begin: 0x42, // B
  end: 0x45, // E
  complete: 0x58, // X
  instant: 0x49, // I
  instantOld: 0x69, // i, before Chrome 31
  mark: 0x52, // R
  asyncBegin: 0x62, // b, nestable
  asyncInstant: 0x6e, // n
  asyncEnd: 0x65, // e
  asyncStartOld: 0x53, // S, legacy: paired by name as well
  asyncStepOld: 0x54, // T
  asyncPastOld: 0x70, // p
  asyncFinishOld: 0x46, // F
  flowStart: 0x73, // s
  flowStep: 0x74, // t
  flowEnd: 0x66, // f
  counter: 0x43, // C
  metadata: 0x4d, // M
  sample: 0x50, // P: V8 profile chunks
  objectNew: 0x4e, // N
  objectSnapshot: 0x4f, // O
  objectDelete: 0x44, // D
  memoryDump: 0x76, // v
  memoryDumpGlobal: 0x56, // V
  clockSync: 0x63, // c
  contextEnter: 0x28, // (
  contextLeave: 0x29, // )
} as const;

export type Args = Readonly<Record<string, unknown>>;

export interface EventRecord {
  /** ASCII code, see {@link PHASE}; 0 where the event gives none. */
  phase: number;
  /** String row; 0 where the event has no name (Perfetto's slice ends). */
  name: number;
  /** String row of `cat`. */
  category: number;
  /** Microseconds on the trace clock; NaN where missing or unreadable. */
  time: number;
  /** Microseconds; NaN where the event gives none. */
  duration: number;
  pid: number;
  tid: number;
  /** String row of the event's id, of whatever spelling; 0 for none. Scope included. */
  id: number;
  /** The id counts within its process only (`id2.local`, Perfetto's local ids). */
  idIsLocal: boolean;
  /** V8 took a sample for this event: key into its profile's `trace_ids`; 0 for none. */
  sampleTraceId: number;
  /** Of a flow's end (`f`): it ends in the slice around it, not in the next one. */
  endsAround: boolean;
  /** The flows that the slice or instant is itself a step of (Perfetto). */
  flows: readonly FlowStep[];
  /** Byte offset of the event in the inflated source. */
  offset: number;
}

/** A flow by the halves of its number; whether this is its first step, or its last. */
export interface FlowStep {
  readonly high: number;
  readonly low: number;
  readonly starts?: boolean;
  readonly ends: boolean;
}

/** Decodes the arguments of the event just handed over. Valid only while the builder handles that event. */
export type ReadArgs = () => Args;

/** Keeps what is needed to read the arguments of the event at hand when it is gone. */
export type KeepArgs = () => ReadArgs;

/** Where the value of `data` among an event's arguments lies in the kernel's memory, as JSON. */
export interface DataText {
  readonly from: number;
  readonly to: number;
}

export function makeEventRecord(): EventRecord {
  return {
    phase: 0,
    name: 0,
    category: 0,
    time: Number.NaN,
    duration: Number.NaN,
    pid: 0,
    tid: 0,
    id: 0,
    idIsLocal: false,
    sampleTraceId: 0,
    endsAround: false,
    flows: [],
    offset: 0,
  };
}

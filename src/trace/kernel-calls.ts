/**
 * What the kernel exports (src/trace/kernel/index.ts), as JavaScript sees it. Addresses and counts are unsigned, but come
 * back signed: `>>> 0` makes them what they are. Types only.
 */

/** A variable of the kernel. */
export interface KernelValue {
  readonly value: number;
}

/** Skipping JSON bytes, and where the last string lay. */
interface ByteCalls {
  setInputEnd(end: number): void;
  skipSpace(at: number): number;
  skipString(at: number): number;
  skipValue(at: number): number;
  readonly textStart: KernelValue;
  readonly textEnd: KernelValue;
}

/** The input, and the list of events in it. */
interface ReadingCalls {
  reserve(bytes: number): number;
  received(bytes: number): void;
  position(): number;
  moveTo(at: number): void;
  unread(): number;
  sourceLength(): number;
  /** 1 when the list is over, and passed. */
  readEvents(): number;
  /** NEXT_* of kernel/read-events.ts: an event is only scanned. It lies at [eventFrom, position()). */
  nextEvent(): number;
  readonly eventFrom: KernelValue;
  /** 1 where another event is in sight. */
  dropUnended(): number;
  dropUnread(): void;
  readonly foundEntry: KernelValue;
  readonly foundPhase: KernelValue;
  scanEvent(at: number): number;
}

/** Packets of a Perfetto stream, and what the kernel has to know of their sequences. */
interface PacketCalls {
  /** Why it stopped: STOP_* of kernel/packets.ts. */
  readPackets(): number;
  readonly packetFrom: KernelValue;
  readonly packetTo: KernelValue;
  readonly packetOffset: KernelValue;
  /** The kernel's row of a sequence, new or old. */
  sequenceRow(number: number): number;
  setSequence(row: number, state: number, trackHigh: number, trackLow: number): void;
  setClock(row: number, micros: number, fraction: number): void;
  clockOf(row: number): number;
  /** Where `count` string rows by iid are to be written: of events, categories, annotations. */
  rowTable(row: number, kind: number, count: number): number;
  /** String rows of `data`, `sampleTraceId` and `beginData`. */
  setKeys(data: number, traceId: number, beginData: number): void;
  setWriter(row: number, pid: number, tid: number): void;
  /** `kind`: TRACK_* of kernel/sequences.ts; `id`: the string row of an async track's events' id. */
  setTrack(high: number, low: number, kind: number, pid: number, tid: number, id: number): void;
  forgetAsyncTracks(): void;
  setTraceClock(clock: number): void;
  /** Async events that wait to be taken, in columns. */
  readonly stagedCount: KernelValue;
  readonly stagedTime: KernelValue;
  readonly stagedOffset: KernelValue;
  readonly stagedPid: KernelValue;
  readonly stagedTid: KernelValue;
  readonly stagedName: KernelValue;
  readonly stagedCategory: KernelValue;
  readonly stagedId: KernelValue;
  readonly stagedPhase: KernelValue;
  clearStaged(): void;
  setJoinedCategory(first: number, second: number, both: number): void;
}

/** The event at hand. */
interface EventCalls {
  readonly phase: KernelValue;
  readonly name: KernelValue;
  readonly category: KernelValue;
  readonly id: KernelValue;
  readonly idIsLocal: KernelValue;
  readonly time: KernelValue;
  readonly duration: KernelValue;
  readonly pid: KernelValue;
  readonly tid: KernelValue;
  readonly traceId: KernelValue;
  readonly offset: KernelValue;
  readonly argsFrom: KernelValue;
  readonly argsTo: KernelValue;
  setEvent(phase: number, name: number, category: number, time: number, duration: number): void;
  setOrigin(pid: number, tid: number, offset: number): void;
  setId(row: number, isLocal: number): void;
  setTraceId(traceId: number): void;
  /** Of a flow's end: in the slice around it (`bp: "e"`). */
  setEndsAround(isAround: number): void;
  /** The event is a step of this flow: FLOW_* of tables.ts. */
  stageFlowOf(high: number, low: number, step: number): void;
  /** The value of `data` in its arguments, as JSON. */
  setData(from: number, to: number): void;
  takeEvent(): void;
  /** Writes the event at hand to `told`, a number for each of the fields above. */
  tellEvent(): void;
  readonly told: KernelValue;
  /** 0 where they are no JSON. */
  argsAreJson(): number;
  isJson(from: number, to: number): number;
  /** Counts an entry that is in no table. */
  countEvent(): void;
  readonly eventCount: KernelValue;
  /** Address of a count for each ASCII code. */
  readonly phaseCounts: KernelValue;
  readonly largestOffset: KernelValue;
  readonly boundsStart: KernelValue;
  readonly boundsEnd: KernelValue;
}

/** Numbers over time, and what belongs together: of the event at hand. */
interface RowCalls {
  addCounter(name: number, value: number): void;
  addLink(frame: number, id: number): void;
  counterCount(): number;
  linkCount(): number;
  stageCounters(from: number): number;
  stageLinks(from: number): number;
}

/** V8's profiles: raw, then settled. */
interface ProfileCalls {
  beginChunk(): void;
  addNode(id: number, parent: number, kind: number): void;
  setCode(functionName: number, url: number, line: number, column: number, scriptId: number): void;
  addSample(node: number, delta: number, line: number, column: number): void;
  addTraceStack(traceId: number, node: number): void;
  endChunk(profile: number, time: number): void;
  samplesOfProfile(profile: number): number;
  /** Begins to find when the last sample of a profile was taken; to be called again while it is not 0; then. */
  startEnd(profile: number, start: number): void;
  findEnd(): number;
  readonly profileEnd: KernelValue;
  startProfile(profile: number, thread: number, start: number): void;
  settleProfile(): number;
  startSamples(first: number): void;
  sortSamples(): number;
  frameCount(): number;
  stackCount(): number;
  sampleCount(): number;
  stageFrames(from: number): number;
  stageStacks(from: number): number;
  stageSamples(from: number): number;
  /** 0 where a sample's line or column does not fit into 16 bits. */
  placesAreShort(): number;
}

/** Slices: their ends, their calls, their tree; what returns a number is to be called again while it is not 0. */
interface SliceCalls {
  rawSliceCount(): number;
  startGrouping(threadCount: number): void;
  groupSome(): number;
  setWords(root: number, program: number, idle: number, collector: number, nativeUrl: number): void;
  startPairing(stringCount: number): void;
  startThread(thread: number): void;
  settleSome(): number;
  startCalls(thread: number, firstSample: number, endSample: number): void;
  layCalls(): number;
  callCount(): number;
  startTree(thread: number, traceEnd: number, firstCall: number, endCall: number): void;
  writeSlices(): number;
  flushSlices(): void;
  sliceCount(): number;
  asyncCount(): number;
  startAsync(traceEnd: number): void;
  pairAsync(): number;
  writeAsync(): number;
  /** Rows passed while settling: all, those of the longest turn, and what a turn may pass but for its last step. */
  passedRows(): number;
  longestTurn(): number;
  readonly TURN_ROWS: KernelValue;
}

/** Steps of flows, in columns. */
interface FlowCalls {
  flowCount(): number;
  stageFlows(from: number): number;
}

export type StageName =
  | 'flowTime'
  | 'flowDetail'
  | 'flowKey'
  | 'flowName'
  | 'flowCategory'
  | 'flowThread'
  | 'flowStep'
  | 'stageStart'
  | 'stageDuration'
  | 'stageDetail'
  | 'stageParent'
  | 'stageSubtreeEnd'
  | 'stageName'
  | 'stageCategory'
  | 'stageThread'
  | 'stageDepth'
  | 'stageFlags'
  | 'asyncStart'
  | 'asyncDuration'
  | 'asyncPid'
  | 'asyncDetail'
  | 'asyncName'
  | 'asyncCategory'
  | 'asyncId'
  | 'asyncFlags';

/** Kinds of dirty data that the kernel counts. */
export const KERNEL_COUNTS = [
  'badTimes',
  'malformedEvents',
  'malformedProfileChunks',
  'unknownPhases',
  'negativeDurations',
  'endsWithoutBegin',
  'endsOfOtherSlice',
  'beginsWithoutEnd',
  'overlappingSlices',
  'unmatchedAsync',
  'orphanSamples',
] as const;

/** Addresses of columns in which rows are handed out. */
type Stages = { readonly [Name in StageName]: KernelValue };
type Counts = { readonly [Kind in (typeof KERNEL_COUNTS)[number]]: KernelValue };

export interface KernelCalls
  extends ByteCalls,
    ReadingCalls,
    EventCalls,
    PacketCalls,
    RowCalls,
    ProfileCalls,
    SliceCalls,
    FlowCalls,
    Stages,
    Counts {
  readonly memory: WebAssembly.Memory;
  setSeed(seed: number): void;
  allocate(bytes: number): number;
}

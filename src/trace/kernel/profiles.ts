/**
 * V8's profiles → frames, stacks and samples.
 * In: profiles that JavaScript has chosen, thread after thread. Out: rows of the frame, stack and sample tables, and the
 * stack of each trace id.
 *
 * Sample times: the head's event time plus the sum of all deltas so far. Deltas may be negative (V8 writes samples out
 * of order), so a thread's samples are sorted when all its profiles are there.
 */
import { countOrphanSamples } from './counts.ts';
import { allocate, Int, makeRows } from './memory.ts';
import { joinRows, makePairMap, numberKey } from './pair-map.ts';
import {
  Chunk,
  chunks,
  firstChunkOf,
  NO_NODE,
  Node,
  nodes,
  PARENT_LINK,
  PARENT_NONE,
  PARENT_UNKNOWN,
  samples as rawSamples,
  Sample,
  traceStacks,
} from './raw-profiles.ts';
import { sortRows } from './sort.ts';
import { LAST_TIME } from './take-event.ts';
import { rootName } from './words.ts';

@unmanaged
export class Frame {
  functionName: i32;
  url: i32;
  line: i32;
  column: i32;
  scriptId: i32;
}

@unmanaged
export class Stack {
  frame: i32;
  prefix: i32;
}

export const frames = makeRows<Frame>();
export const stacks = makeRows<Stack>();
/** Settled samples, by thread and time: rows of the raw ones, which hold time and stack by then. */
export const sampleRows = makeRows<Int>();
/** Place in the code → its number; that and function → frame row. */
const places = makePairMap(4096);
const frameRows = makePairMap(4096);
/** Trace id and thread → stack row, plus 1. */
const stackOfTrace = makePairMap(4096);

/** The nodes of the profile at hand: id → row of `known`. */
const knownRows = makePairMap(4096);

@unmanaged
class KnownNode {
  /** Row in `nodes`; -1 where others only speak of it. */
  node: i32;
  /** Row in `known`; -1 where it has none, or one that is no node. */
  parent: i32;
  /** Stack row, -1 for the root's; not laid yet: NOT_LAID. */
  stack: i32;
  /** It is on the path that is laid now. */
  onPath: i32;
}

const NOT_LAID: i32 = -2;
const known = makeRows<KnownNode>();
/** Rows of `known`, in the order in which they came as nodes. */
const inOrder = makeRows<Int>();
const path = makeRows<Int>();
/** The profile's chunks by time. */
const ownChunks = makeRows<Int>();

/** Settles one profile; its samples come after those that are there. */
export function settleProfile(profile: i32, thread: i32, start: f64): void {
  sortChunks(profile);
  knowNodes();
  for (let i: u32 = 0; i < inOrder.length; i++) layStack(inOrder.at(i).value);
  let time = start;
  for (let i: u32 = 0; i < ownChunks.length; i++) time = settleChunk(ownChunk(i), time);
  for (let i: u32 = 0; i < ownChunks.length; i++) settleTraceIds(ownChunk(i), thread);
}

function ownChunk(index: u32): Chunk {
  return chunks.at(ownChunks.at(index).value);
}

function isEarlierChunk(a: u32, b: u32): bool {
  return chunks.at(a).time < chunks.at(b).time;
}

function isEarlierSample(a: u32, b: u32): bool {
  return rawSamples.at(a).time < rawSamples.at(b).time;
}

function sortChunks(profile: i32): void {
  ownChunks.length = 0;
  for (let at = firstChunkOf(profile); at !== 0; at = chunks.at(at - 1).next) {
    ownChunks.push().value = at - 1;
  }
  const count = ownChunks.length;
  const rows = allocate(count << 2);
  for (let i: u32 = 0; i < count; i++) store<u32>(rows + (i << 2), ownChunks.at(i).value);
  sortRows(rows, count, isEarlierChunk);
  for (let i: u32 = 0; i < count; i++) ownChunks.at(i).value = load<u32>(rows + (i << 2));
}

/** Who is whose parent, by all that the chunks say; what comes later counts. */
function knowNodes(): void {
  knownRows.clear();
  known.length = 0;
  inOrder.length = 0;
  for (let i: u32 = 0; i < ownChunks.length; i++) {
    const chunk = ownChunk(i);
    for (let row = chunk.firstNode; row < chunk.endNode; row++) knowNode(<i32>row);
  }
}

function knowNode(row: i32): void {
  const node = nodes.at(row);
  const at = knownRow(node.id);
  if (node.kind !== PARENT_LINK) {
    if (known.at(at).node < 0) inOrder.push().value = at;
    known.at(at).node = row;
  }
  if (node.kind === PARENT_UNKNOWN) known.at(at).parent = -1;
  else if (node.kind !== PARENT_NONE) {
    const parent = knownRow(node.parent);
    known.at(at).parent = parent;
  }
}

/** The row in `known` of a node id, new or old. */
function knownRow(id: i32): i32 {
  const row = knownRows.find(<u64>id, 0);
  if (row >= 0) return row;
  knownRows.add(known.length);
  const made = known.push();
  made.node = -1;
  made.parent = -1;
  made.stack = NOT_LAID;
  made.onPath = 0;
  return known.length - 1;
}

/**
 * Gives a node its stack row. A parent's stack row comes before its children's; the root has none of its own, so that
 * its children are outermost. Nodes whose parent never came, or that are their own ancestor, are taken as outermost.
 */
function layStack(row: i32): void {
  // Up to the first ancestor that has its row, then back down.
  path.length = 0;
  let at = row;
  while (at >= 0 && isLayable(known.at(at))) {
    known.at(at).onPath = 1;
    path.push().value = at;
    at = known.at(at).parent;
  }
  for (let i = <i32>path.length - 1; i >= 0; i--) {
    const node = known.at(path.at(i).value);
    const prefix = stackOfParent(node);
    node.onPath = 0;
    const frame = frameOf(nodes.at(node.node));
    if (prefix < 0 && frames.at(frame).functionName === rootName) {
      node.stack = -1;
      continue;
    }
    const stack = stacks.push();
    stack.frame = frame;
    stack.prefix = prefix;
    node.stack = <i32>stacks.length - 1;
  }
}

function isLayable(node: KnownNode): bool {
  return node.node >= 0 && node.stack === NOT_LAID && node.onPath === 0;
}

function stackOfParent(node: KnownNode): i32 {
  if (node.parent < 0) return -1;
  return max(known.at(node.parent).stack, -1);
}

/** One row per function and place. */
function frameOf(node: Node): i32 {
  let place = places.find(joinRows(node.line, node.column), <u64>node.scriptId);
  if (place < 0) {
    place = places.pairs.length;
    places.add(place);
  }
  const row = frameRows.find(joinRows(node.functionName, node.url), <u64>place);
  if (row >= 0) return row;
  frameRows.add(frames.length);
  const frame = frames.push();
  frame.functionName = node.functionName;
  frame.url = node.url;
  frame.line = node.line;
  frame.column = node.column;
  frame.scriptId = node.scriptId;
  return <i32>frames.length - 1;
}

/** Lays the samples of a chunk from `start` on; returns the time of the last. */
function settleChunk(chunk: Chunk, start: f64): f64 {
  let time = start;
  for (let row = chunk.firstSample; row < chunk.endSample; row++) {
    const sample = rawSamples.at(row);
    const next = time + sample.time;
    const at = sample.node === NO_NODE ? -1 : knownRows.find(<u64>sample.node, 0);
    const hasTime = abs(next) <= LAST_TIME;
    if (hasTime) time = next;
    if (!hasTime || at < 0 || known.at(at).stack === NOT_LAID) {
      countOrphanSamples(1);
      continue;
    }
    sample.time = time;
    sample.node = known.at(at).stack;
    sampleRows.push().value = row;
  }
  return time;
}

function settleTraceIds(chunk: Chunk, thread: i32): void {
  for (let row = chunk.firstTrace; row < chunk.endTrace; row++) {
    const trace = traceStacks.at(row);
    const at = trace.node === NO_NODE ? -1 : knownRows.find(<u64>trace.node, 0);
    if (at < 0 || known.at(at).stack === NOT_LAID) continue;
    stackOfTrace.set(numberKey(trace.traceId), <u64>thread, known.at(at).stack + 1);
  }
}

/** The stack that V8 tied to a trace id of a thread: its row, -1 for the root's; -2 where there is none. */
export function stackOfTraceId(traceId: f64, thread: i32): i32 {
  const found = stackOfTrace.find(numberKey(traceId), <u64>thread);
  return found < 0 ? -2 : found - 1;
}

/** A settled sample: its time, and its stack row as its node. */
export function sampleAt(index: u32): Sample {
  return rawSamples.at(sampleRows.at(index).value);
}

/** A sample out of order is shifted past so many others on the average before the whole is sorted instead. */
const SHIFTS_PER_SAMPLE: i64 = 8;

/**
 * Sorts the samples from `first` on by time, in the order in which they came where they tie. V8 writes a sample out of
 * order now and then, a few places late: one by one they are soon moved there. Others are sorted as a whole.
 */
export function sortSamples(first: u32): void {
  let budget = SHIFTS_PER_SAMPLE * (sampleRows.length - first);
  for (let i = first + 1; i < sampleRows.length; i++) {
    const moved = moveSample(first, i);
    budget -= moved;
    if (budget < 0) {
      sortAllSamples(first);
      return;
    }
  }
}

/** Moves a sample to its place among those before it; returns how many it passed. */
function moveSample(first: u32, index: u32): u32 {
  const row = sampleRows.at(index).value;
  const time = rawSamples.at(row).time;
  let at = index;
  while (at > first && sampleAt(at - 1).time > time) {
    sampleRows.at(at).value = sampleRows.at(at - 1).value;
    at--;
  }
  if (at < index) sampleRows.at(at).value = row;
  return index - at;
}

function sortAllSamples(first: u32): void {
  const count = sampleRows.length - first;
  const rows = allocate(count << 2);
  for (let i: u32 = 0; i < count; i++) store<u32>(rows + (i << 2), sampleRows.at(first + i).value);
  sortRows(rows, count, isEarlierSample);
  for (let i: u32 = 0; i < count; i++) sampleRows.at(first + i).value = load<u32>(rows + (i << 2));
}

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
import { sortSome, startSort } from './sort.ts';
import { addStack, frames } from './stacks.ts';
import { LAST_TIME } from './take-event.ts';
import { beginTurn, goesOn, passRows } from './turns.ts';
import { rootName } from './words.ts';

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

const SORTING_CHUNKS: i32 = 0;
const KNOWING: i32 = 1;
const LAYING: i32 = 2;
const TIMING: i32 = 3;
const TRACING: i32 = 4;
let stage: i32 = SORTING_CHUNKS;
/** Of the stage at hand: what is done of the profile's chunks, and of the rows of the next one. */
let nextChunk: u32 = 0;
let nextRow: u32 = 0;
/** Where the rows of its chunks lie while these are sorted. */
let chunkOrder: usize = 0;
let chunkRoom: u32 = 0;
let ofThread: i32 = 0;
/** Of the last sample. */
let lastTime: f64 = 0;

/** Begins to settle a profile; its samples come after those that are there. */
export function startProfile(profile: i32, thread: i32, start: f64): void {
  ofThread = thread;
  lastTime = start;
  ownChunks.length = 0;
  for (let at = firstChunkOf(profile); at !== 0; at = chunks.at(at - 1).next) {
    ownChunks.push().value = at - 1;
  }
  const count = ownChunks.length;
  if (count > chunkRoom) {
    chunkRoom = max(count, chunkRoom * 2);
    chunkOrder = allocate(chunkRoom << 2);
  }
  for (let i: u32 = 0; i < count; i++) store<u32>(chunkOrder + (i << 2), ownChunks.at(i).value);
  startSort(chunkOrder, count, isEarlierChunk);
  stage = SORTING_CHUNKS;
}

/** Settles some more of it; false when it is done. */
export function settleProfile(): bool {
  beginTurn();
  if (stage === SORTING_CHUNKS) {
    if (sortSome()) return true;
    for (let i: u32 = 0; i < ownChunks.length; i++) ownChunks.at(i).value = load<u32>(chunkOrder + (i << 2));
    passRows(2 * ownChunks.length);
    knownRows.clear();
    known.length = 0;
    inOrder.length = 0;
    goTo(KNOWING);
  }
  if (stage === KNOWING) {
    if (knowNodes()) return true;
    goTo(LAYING);
  }
  if (stage === LAYING) {
    for (; nextRow < inOrder.length; nextRow++) {
      if (!goesOn()) return true;
      layStack(inOrder.at(nextRow).value);
    }
    lastNode = NO_NODE;
    goTo(TIMING);
  }
  if (stage === TIMING) {
    if (settleSamples()) return true;
    goTo(TRACING);
  }
  return settleTraceIds();
}

function goTo(next: i32): void {
  stage = next;
  nextChunk = 0;
  nextRow = 0;
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

/** Who is whose parent, by all that the chunks say; what comes later counts. True where the turn is over. */
function knowNodes(): bool {
  for (; nextChunk < ownChunks.length; nextChunk++) {
    const chunk = ownChunk(nextChunk);
    for (nextRow = max(nextRow, chunk.firstNode); nextRow < chunk.endNode; nextRow++) {
      if (!goesOn()) return true;
      knowNode(<i32>nextRow);
    }
    nextRow = 0;
  }
  return false;
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
    node.stack = addStack(frame, prefix);
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

/** Times and stacks of the samples, chunk after chunk; true where the turn is over. */
function settleSamples(): bool {
  for (; nextChunk < ownChunks.length; nextChunk++) {
    const chunk = ownChunk(nextChunk);
    for (nextRow = max(nextRow, chunk.firstSample); nextRow < chunk.endSample; nextRow++) {
      if (!goesOn()) return true;
      settleSample(nextRow);
    }
    nextRow = 0;
  }
  return false;
}

function settleSample(row: u32): void {
  const sample = rawSamples.at(row);
  const next = lastTime + sample.time;
  const stack = stackOfNode(sample.node);
  const hasTime = abs(next) <= LAST_TIME;
  if (hasTime) lastTime = next;
  if (!hasTime || stack === NOT_LAID) {
    countOrphanSamples(1);
    return;
  }
  sample.time = lastTime;
  sample.node = stack;
  sampleRows.push().value = row;
}

/** Samples name the same node again and again. */
let lastNode: i32 = NO_NODE;
let lastStack: i32 = NOT_LAID;

/** The stack row of a node id, -1 for the root's; NOT_LAID where there is none. */
function stackOfNode(node: i32): i32 {
  if (node === NO_NODE) return NOT_LAID;
  if (node !== lastNode) {
    const at = knownRows.find(<u64>node, 0);
    lastNode = node;
    lastStack = at < 0 ? NOT_LAID : known.at(at).stack;
  }
  return lastStack;
}

/** True where the turn is over. */
function settleTraceIds(): bool {
  for (; nextChunk < ownChunks.length; nextChunk++) {
    const chunk = ownChunk(nextChunk);
    for (nextRow = max(nextRow, chunk.firstTrace); nextRow < chunk.endTrace; nextRow++) {
      if (!goesOn()) return true;
      const trace = traceStacks.at(nextRow);
      const stack = stackOfNode(trace.node);
      if (stack !== NOT_LAID) stackOfTrace.set(numberKey(trace.traceId), <u64>ofThread, stack + 1);
    }
    nextRow = 0;
  }
  return false;
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

/** Of the samples that are sorted: the first, and the next that is not in its place yet. */
let firstSorted: u32 = 0;
let nextSorted: u32 = 0;
/** A sample may be shifted past so many others before the whole is sorted instead. */
let budget: i64 = 0;
let sampleOrder: usize = 0;

/**
 * Begins to sort the samples from `first` on by time, in the order in which they came where they tie. V8 writes a sample
 * out of order now and then, a few places late: one by one they are soon moved there. Others are sorted as a whole.
 */
export function startSamples(first: u32): void {
  firstSorted = first;
  nextSorted = first + 1;
  budget = SHIFTS_PER_SAMPLE * (sampleRows.length - first);
  sampleOrder = 0;
}

/** Sorts some more; false when all are sorted. */
export function sortSamples(): bool {
  beginTurn();
  for (; nextSorted < sampleRows.length && sampleOrder === 0; nextSorted++) {
    if (!goesOn()) return true;
    const moved = moveSample(firstSorted, nextSorted);
    passRows(moved >>> 3);
    budget -= moved;
    if (budget < 0) startSortingAll();
  }
  if (sampleOrder === 0) return false;
  if (sortSome()) return true;
  const count = sampleRows.length - firstSorted;
  for (let i: u32 = 0; i < count; i++)
    sampleRows.at(firstSorted + i).value = load<u32>(sampleOrder + (i << 2));
  passRows(count >>> 3);
  return false;
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

function startSortingAll(): void {
  const count = sampleRows.length - firstSorted;
  sampleOrder = allocate(count << 2);
  for (let i: u32 = 0; i < count; i++)
    store<u32>(sampleOrder + (i << 2), sampleRows.at(firstSorted + i).value);
  passRows(count >>> 3);
  startSort(sampleOrder, count, isEarlierSample);
}

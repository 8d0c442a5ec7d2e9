/**
 * V8's profiles as they are read: per profile its chunks, and of each the nodes, samples and trace ids.
 * In: a chunk's parts one by one, out of bytes (profile-chunk.ts) or from JavaScript (what has an unusual shape, and
 * Perfetto's). Out: rows; a chunk that is given up leaves none.
 * Node ids are whole numbers of 0 to 2^30; JavaScript gives others negative numbers of their own.
 */
import { Int, makeRows } from './memory.ts';
import { joinRows, makePairMap } from './pair-map.ts';
import { beginTurn, goesOn } from './turns.ts';

/** How a node says who called it. */
export const PARENT_NONE: i32 = 0;
export const PARENT_GIVEN: i32 = 1;
/** It names something that is no node. */
export const PARENT_UNKNOWN: i32 = 2;
/** No node: `id` is a child of `parent`, as older Chromes write it. */
export const PARENT_LINK: i32 = 3;

/** Node id of a sample that names none. */
export const NO_NODE: i32 = i32.MIN_VALUE;

@unmanaged
export class Node {
  id: i32;
  parent: i32;
  kind: i32;
  functionName: i32;
  url: i32;
  line: i32;
  column: i32;
  scriptId: i32;
}

@unmanaged
export class Sample {
  /** Microseconds since the sample before, NaN where unreadable; the sample's time, once it is settled. */
  time: f64;
  /** Its node's id; its stack row, once it is settled. */
  node: i32;
  /** Row in `samplePlaces`. */
  place: u32;
}

/** Line and column of a sample: there are few pairs of them. */
@unmanaged
class Place {
  line: i32;
  column: i32;
}

@unmanaged
export class TraceStack {
  traceId: f64;
  node: i32;
}

/** Its nodes, samples and trace ids are the rows from its first to the next chunk's first. */
@unmanaged
export class Chunk {
  time: f64;
  firstNode: u32;
  endNode: u32;
  firstSample: u32;
  endSample: u32;
  firstTrace: u32;
  endTrace: u32;
  /** Row of the profile's next chunk in the file, plus 1; 0 is none. */
  next: u32;
}

/** What came of a profile so far. */
@unmanaged
export class Profile {
  /** Rows of `chunks`, plus 1; 0 is none. */
  firstChunk: u32;
  lastChunk: u32;
  sampleCount: u32;
}

export const nodes = makeRows<Node>();
export const samples = makeRows<Sample>();
export const samplePlaces = makeRows<Place>();
/** Line and column → row in `samplePlaces`. */
const placeRows = makePairMap(1024);
/** One of them does not fit into 16 bits. */
let hasWidePlace: bool = false;
/** Of the chunk at hand: lines and columns of its samples, as many as it has. */
export const linesOfChunk = makeRows<Int>();
export const columnsOfChunk = makeRows<Int>();
export const traceStacks = makeRows<TraceStack>();
export const chunks = makeRows<Chunk>();
/** By the number that JavaScript gave it. */
const profiles = makeRows<Profile>();

let firstNode: u32 = 0;
let firstSample: u32 = 0;
let firstTrace: u32 = 0;

export function beginChunk(): void {
  firstNode = nodes.length;
  firstSample = samples.length;
  firstTrace = traceStacks.length;
  linesOfChunk.length = 0;
  columnsOfChunk.length = 0;
}

/** Forgets what came since `beginChunk`. */
export function dropChunk(): void {
  nodes.length = firstNode;
  samples.length = firstSample;
  traceStacks.length = firstTrace;
}

export function endChunk(profile: i32, time: f64): void {
  for (let i: u32 = 0; i < samples.length - firstSample; i++) {
    const line = i < linesOfChunk.length ? linesOfChunk.at(i).value : 0;
    const column = i < columnsOfChunk.length ? columnsOfChunk.at(i).value : 0;
    samples.at(firstSample + i).place = placeOf(line, column);
  }
  const chunk = chunks.push();
  chunk.time = time;
  chunk.firstNode = firstNode;
  chunk.endNode = nodes.length;
  chunk.firstSample = firstSample;
  chunk.endSample = samples.length;
  chunk.firstTrace = firstTrace;
  chunk.endTrace = traceStacks.length;
  chunk.next = 0;
  appendChunk(profile, chunks.length - 1);
}

/** Sample number `index` of the chunk, made if need be. */
export function sampleOfChunk(index: u32): Sample {
  while (samples.length <= firstSample + index) {
    const made = samples.push();
    made.time = NaN;
    made.node = NO_NODE;
    made.place = 0;
  }
  return samples.at(firstSample + index);
}

/** Gives up samples of the chunk behind the first `count`. */
export function cutSamples(count: u32): void {
  if (samples.length > firstSample + count) samples.length = firstSample + count;
}

export function addNode(id: i32, parent: i32, kind: i32): void {
  const node = nodes.push();
  node.id = id;
  node.parent = parent;
  node.kind = kind;
}

/** The code of the node added last. */
export function setCode(functionName: i32, url: i32, line: i32, column: i32, scriptId: i32): void {
  const node = nodes.at(nodes.length - 1);
  node.functionName = functionName;
  node.url = url;
  node.line = line;
  node.column = column;
  node.scriptId = scriptId;
}

export function addSample(node: i32, delta: f64, line: i32, column: i32): void {
  const sample = samples.push();
  sample.node = node;
  sample.time = delta;
  sample.place = 0;
  linesOfChunk.push().value = line;
  columnsOfChunk.push().value = column;
}

let lastPlace: u32 = 0;

function placeOf(line: i32, column: i32): u32 {
  if (lastPlace < samplePlaces.length) {
    const last = samplePlaces.at(lastPlace);
    if (last.line === line && last.column === column) return lastPlace;
  }
  const known = placeRows.find(joinRows(line, column), 0);
  if (known >= 0) lastPlace = known;
  else {
    lastPlace = samplePlaces.length;
    placeRows.add(<i32>lastPlace);
    const place = samplePlaces.push();
    place.line = line;
    place.column = column;
    if (<u32>line > 0xffff || <u32>column > 0xffff) hasWidePlace = true;
  }
  return lastPlace;
}

/** All lines and columns fit into 16 bits. */
export function placesAreShort(): bool {
  return !hasWidePlace;
}

export function addTraceStack(traceId: f64, node: i32): void {
  const row = traceStacks.push();
  row.traceId = traceId;
  row.node = node;
}

/** A profile that has no chunk yet has none here either. */
function profileAt(number: i32): Profile {
  while (profiles.length <= <u32>number) {
    const made = profiles.push();
    made.firstChunk = 0;
    made.lastChunk = 0;
    made.sampleCount = 0;
  }
  return profiles.at(number);
}

/** Row of the profile's first chunk plus 1, 0 for none; and of the chunk behind one. */
export function firstChunkOf(number: i32): u32 {
  return profileAt(number).firstChunk;
}

function appendChunk(number: i32, row: u32): void {
  const profile = profileAt(number);
  if (profile.lastChunk === 0) profile.firstChunk = row + 1;
  else chunks.at(profile.lastChunk - 1).next = row + 1;
  profile.lastChunk = row + 1;
  profile.sampleCount += chunks.at(row).endSample - chunks.at(row).firstSample;
}

/** How many samples the profile's chunks hold. */
export function samplesOfProfile(number: i32): u32 {
  return profileAt(number).sampleCount;
}

/** When the last sample of a profile was taken; and where the walk to it stands. */
export let profileEnd: f64 = 0;
let endChunkAt: u32 = 0;
let endSampleAt: u32 = 0;

/** Begins to find `profileEnd` of a profile whose first delta counts from `start`. */
export function startEnd(number: i32, start: f64): void {
  profileEnd = start;
  endChunkAt = firstChunkOf(number);
  endSampleAt = endChunkAt === 0 ? 0 : chunks.at(endChunkAt - 1).firstSample;
}

/** Goes on; false when it is found. */
export function findEnd(): bool {
  beginTurn();
  while (endChunkAt !== 0) {
    const chunk = chunks.at(endChunkAt - 1);
    for (; endSampleAt < chunk.endSample; endSampleAt++) {
      if (!goesOn()) return true;
      const delta = samples.at(endSampleAt).time;
      if (!isNaN(delta)) profileEnd += delta;
    }
    endChunkAt = chunk.next;
    if (endChunkAt !== 0) endSampleAt = chunks.at(endChunkAt - 1).firstSample;
  }
  return false;
}

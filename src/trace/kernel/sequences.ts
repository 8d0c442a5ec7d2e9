/**
 * What the kernel knows of packet sequences and tracks, so that it can read their events: JavaScript, which reads the
 * packets that change any of it (src/trace/perfetto), writes it here.
 * In: rows of sequences, texts by number (iid), clocks, the threads of tracks. Out: the same, by packet.
 * A sequence is `ready` where its state is known and its clock counts in microseconds from packet to packet; the packets
 * of all others are JavaScript's.
 */
import { allocate, makeRows } from './memory.ts';
import { makePairMap } from './pair-map.ts';
import { readVarint } from './varint.ts';

@unmanaged
export class Sequence {
  ready: bool;
  /** Microseconds of the trace clock: of the sequence's last packet, and what its snapshot had beyond whole ones. */
  micros: f64;
  fraction: f64;
  /** Uuid of the track of events that name none; 0 for none. */
  track: u64;
  /** The thread that writes it. */
  pid: f64;
  tid: f64;
  /** By iid: string rows of event names, of categories, and of the names of annotations. */
  names: usize;
  nameCount: u32;
  nameRoom: u32;
  categories: usize;
  categoryCount: u32;
  categoryRoom: u32;
  keys: usize;
  keyCount: u32;
  keyRoom: u32;
}

@unmanaged
export class Track {
  /** TRACK_*. */
  kind: i32;
  pid: f64;
  tid: f64;
  /** Of an async track: the string row of its events' id. */
  id: i32;
  /** Of an async track: it was told since tracks were forgotten last. */
  round: u32;
}

/** What a track is: JavaScript's; a thread's; an async track under a thread, or under a process. */
const TRACK_UNKNOWN: i32 = 0;
export const TRACK_THREAD: i32 = 1;
export const TRACK_OF_PROCESS: i32 = 3;

const sequences = makeRows<Sequence>();
/** Sequence number → row. */
const sequenceRows = makePairMap(256);
const tracks = makeRows<Track>();
/** Uuid → row of the track. */
const trackRows = makePairMap(256);
/** Rows of two trace categories → row of both, joined with a comma. */
const joined = makePairMap(256);

// What was found last.
let lastNumber: u64 = u64.MAX_VALUE;
let lastSequence: Sequence = changetype<Sequence>(0);
let lastUuid: u64 = 0;
let lastTrack: Track = changetype<Track>(0);
/** How often async tracks were forgotten. */
let round: u32 = 0;
/** The clock of the machine that the trace's times are of; 0 while it is not known. */
export let traceClock: u64 = 0;

/** The row of sequence `number`, new or old. */
export function sequenceRow(number: u32): i32 {
  let row = sequenceRows.find(number, 0);
  if (row < 0) {
    row = <i32>sequences.length;
    sequences.push();
    sequenceRows.add(row);
  }
  return row;
}

/** The sequence of that number; null where JavaScript has not named it. */
export function findSequence(number: u64): Sequence | null {
  if (number === lastNumber) return lastSequence;
  const row = sequenceRows.find(number, 0);
  if (row < 0) return null;
  lastNumber = number;
  lastSequence = sequences.at(<u32>row);
  return lastSequence;
}

export function setSequence(row: i32, ready: bool, trackHigh: u32, trackLow: u32): void {
  const sequence = sequences.at(<u32>row);
  sequence.ready = ready;
  sequence.track = ((<u64>trackHigh) << 32) | <u64>trackLow;
}

export function setClock(row: i32, micros: f64, fraction: f64): void {
  const sequence = sequences.at(<u32>row);
  sequence.micros = micros;
  sequence.fraction = fraction;
}

export function clockOf(row: i32): f64 {
  return sequences.at(<u32>row).micros;
}

/** Where JavaScript writes the sequence's `count` string rows of names. */
export function nameTable(row: i32, count: u32): usize {
  const sequence = sequences.at(<u32>row);
  if (count > sequence.nameRoom) {
    sequence.nameRoom = roomFor(count);
    sequence.names = allocate(sequence.nameRoom << 2);
  }
  sequence.nameCount = count;
  return sequence.names;
}

/** …of categories. */
export function categoryTable(row: i32, count: u32): usize {
  const sequence = sequences.at(<u32>row);
  if (count > sequence.categoryRoom) {
    sequence.categoryRoom = roomFor(count);
    sequence.categories = allocate(sequence.categoryRoom << 2);
  }
  sequence.categoryCount = count;
  return sequence.categories;
}

/** …of annotations' names. */
export function keyTable(row: i32, count: u32): usize {
  const sequence = sequences.at(<u32>row);
  if (count > sequence.keyRoom) {
    sequence.keyRoom = roomFor(count);
    sequence.keys = allocate(sequence.keyRoom << 2);
  }
  sequence.keyCount = count;
  return sequence.keys;
}

/** String rows of `data`, `sampleTraceId` and `beginData`. */
export let dataKey: i32 = -1;
export let traceIdKey: i32 = -1;
export let beginDataKey: i32 = -1;

export function setKeys(data: i32, traceId: i32, beginData: i32): void {
  dataKey = data;
  traceIdKey = traceId;
  beginDataKey = beginData;
}

/** The string row of the annotation name whose number stands at `at`; 0 for none. */
export function keyOf(at: usize, to: usize, sequence: Sequence): i32 {
  const iid = readVarint(at, to);
  return iid < sequence.keyCount ? load<i32>(sequence.keys + ((<usize>iid) << 2)) : 0;
}

/** Memory is never given back: tables double, so that all of a sequence's cost at most twice the last. */
function roomFor(count: u32): u32 {
  let room: u32 = 32;
  while (room < count) room *= 2;
  return room;
}

export function setTraceClock(clock: u32): void {
  traceClock = clock;
}

export function setWriter(row: i32, pid: f64, tid: f64): void {
  const sequence = sequences.at(<u32>row);
  sequence.pid = pid;
  sequence.tid = tid;
}

/** What the track of that uuid is (TRACK_*), its process, its thread, and the id of its events. */
export function setTrack(high: u32, low: u32, kind: i32, pid: f64, tid: f64, id: i32): void {
  const uuid = ((<u64>high) << 32) | <u64>low;
  let row = trackRows.find(uuid, 0);
  if (row < 0) {
    row = <i32>tracks.length;
    tracks.push();
    trackRows.add(row);
  }
  const track = tracks.at(<u32>row);
  track.kind = kind;
  track.pid = pid;
  track.tid = tid;
  track.id = id;
  track.round = round;
}

/** Async tracks are JavaScript's until they are told again: what they hang under has changed. */
export function forgetAsyncTracks(): void {
  round++;
}

/** The track with that uuid; null where it is JavaScript's. */
export function findTrack(uuid: u64): Track | null {
  if (uuid !== lastUuid || uuid === 0) {
    const row = trackRows.find(uuid, 0);
    if (row < 0) return null;
    lastUuid = uuid;
    lastTrack = tracks.at(<u32>row);
  }
  const kind = lastTrack.kind;
  if (kind === TRACK_THREAD) return lastTrack;
  return kind === TRACK_UNKNOWN || lastTrack.round !== round ? null : lastTrack;
}

/** The row of two categories joined; -1 where JavaScript has not joined them yet. */
export function joinedCategory(first: i32, second: i32): i32 {
  return joined.find(first, second);
}

export function setJoinedCategory(first: i32, second: i32, row: i32): void {
  joined.set(first, second, row);
}

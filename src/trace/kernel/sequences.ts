/**
 * What the kernel knows of packet sequences and tracks, so that it can read their events: JavaScript, which reads the
 * packets that change any of it (src/trace/perfetto), writes it here.
 * In: rows of sequences, texts by number (iid), clocks, the threads of tracks. Out: the same, by packet.
 * Packets of a sequence whose state is not known are JavaScript's, and so are those that count from the packet before them
 * by anything but microseconds.
 */
import { allocate, makeRows } from './memory.ts';
import { makePairMap } from './pair-map.ts';
import { readVarint } from './varint.ts';

/** What is known of a sequence: nothing; its state; and that its clock counts in microseconds from packet to packet. */
export const KNOWN: i32 = 1;
export const COUNTING: i32 = 2;

/** By iid: string rows. */
@unmanaged
export class RowTable {
  rows: usize;
  count: u32;
  room: u32;

  /** The row of a number below `count`. */
  at(iid: u64): i32 {
    return load<i32>(this.rows + ((<usize>iid) << 2));
  }
}

function makeTable(): RowTable {
  return changetype<RowTable>(allocate(offsetof<RowTable>()));
}

@unmanaged
export class Sequence {
  /** 0, KNOWN or COUNTING. */
  state: i32;
  /** Microseconds of the trace clock: of the sequence's last packet, and what its snapshot had beyond whole ones. */
  micros: f64;
  fraction: f64;
  /** Uuid of the track of events that name none; 0 for none. */
  track: u64;
  /** The thread that writes it. */
  pid: f64;
  tid: f64;
  names: RowTable;
  categories: RowTable;
  /** Of annotations' names. */
  keys: RowTable;
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
    const made = sequences.push();
    made.names = makeTable();
    made.categories = makeTable();
    made.keys = makeTable();
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

export function setSequence(row: i32, state: i32, trackHigh: u32, trackLow: u32): void {
  const sequence = sequences.at(<u32>row);
  sequence.state = state;
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

const NAMES: i32 = 0;
const CATEGORIES: i32 = 1;

/** Where JavaScript writes `count` string rows of the sequence: NAMES, CATEGORIES, or those of annotations' names. */
export function rowTable(row: i32, kind: i32, count: u32): usize {
  const sequence = sequences.at(<u32>row);
  const table = kind === NAMES ? sequence.names : kind === CATEGORIES ? sequence.categories : sequence.keys;
  if (count > table.room) {
    table.room = roomFor(count);
    table.rows = allocate(table.room << 2);
  }
  table.count = count;
  return table.rows;
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
  return iid < sequence.keys.count ? sequence.keys.at(iid) : 0;
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

/**
 * Tracks: where an event belongs. A track is a thread's, a process's, a counter's, or one that was made for events
 * that belong to no thread's stack (async); that one hangs under another track.
 * In: TrackDescriptor messages, which a sequence repeats whenever its state is cleared. Out: tracks by uuid, names of
 * threads and processes.
 * Refuses: descriptors without uuid; parents that go in a circle or too deep count as none.
 */
import type { ThreadCollector } from '../threads.ts';
import { hexOf, type Wire } from './wire.ts';

const DEEPEST_PARENT = 32;
const TWO_32 = 0x1_0000_0000;

export type TrackKind = 'thread' | 'process' | 'other';

export class Track {
  readonly high: number;
  readonly low: number;
  /** Another track whose uuid is the same once it is rounded to 53 bits. */
  readonly next: Track | undefined;
  kind: TrackKind = 'other';
  name = '';
  pid = 0;
  tid = 0;
  parentHigh = 0;
  parentLow = 0;
  /** A counter's values are distances from the one before. */
  isIncremental = false;
  unitMultiplier = 1;
  /** The counter is its thread's processor time, in nanoseconds times `unitMultiplier`. */
  isThreadTime = false;
  counterValue = 0;
  /** Its last descriptor told of another place than the one before. */
  hasMoved = false;
  /** String row of the id that ties its async events together; -1 until asked. */
  idRow = -1;

  constructor(high: number, low: number, next: Track | undefined) {
    this.high = high;
    this.low = low;
    this.next = next;
  }

  get idText(): string {
    return `track:${hexOf(this.high, this.low)}`;
  }
}

export class Tracks {
  /** By the uuid, rounded to 53 bits. */
  readonly #byKey = new Map<number, Track>();
  readonly #threads: ThreadCollector;
  /** Processes named by a descriptor that also has Chrome's process type. */
  readonly #wellNamed = new Set<number>();

  constructor(threads: ThreadCollector) {
    this.#threads = threads;
  }

  find(high: number, low: number): Track | undefined {
    let track = this.#byKey.get(high * TWO_32 + low);
    while (track !== undefined && (track.low !== low || track.high !== high)) track = track.next;
    return track;
  }

  /** The thread's or process's track under which `track` hangs; itself where it is one. */
  ownerOf(track: Track): Track | undefined {
    let at: Track | undefined = track;
    for (let i = 0; i < DEEPEST_PARENT && at !== undefined && at.kind === 'other'; i++)
      at = at.parentHigh === 0 && at.parentLow === 0 ? undefined : this.find(at.parentHigh, at.parentLow);
    return at?.kind === 'other' ? undefined : at;
  }

  /** Takes a TrackDescriptor up to `end`; answers its track, undefined where it is malformed. */
  describe(wire: Wire, end: number): Track | undefined {
    const found = new Descriptor(wire, end);
    if (wire.at !== end || (found.high === 0 && found.low === 0)) return undefined;
    let track = this.find(found.high, found.low);
    const isNew = track === undefined;
    if (track === undefined) {
      const key = found.high * TWO_32 + found.low;
      track = new Track(found.high, found.low, this.#byKey.get(key));
      this.#byKey.set(key, track);
    }
    track.hasMoved = !isNew && movesTo(track, found);
    track.parentHigh = found.parentHigh;
    track.parentLow = found.parentLow;
    track.name = found.name;
    track.isIncremental = found.isIncremental;
    track.unitMultiplier = found.unitMultiplier;
    track.isThreadTime = found.isThreadTime;
    track.counterValue = 0;
    if (found.kind !== 'other') {
      track.kind = found.kind;
      track.pid = found.pid;
      track.tid = found.tid;
      this.#name(found);
    }
    return track;
  }

  #name(found: Descriptor): void {
    if (found.kind === 'thread') {
      if (found.threadName !== '') this.#threads.nameThread(found.pid, found.tid, found.threadName);
      return;
    }
    // Chrome describes a process in two ways: with its type and `Renderer`, or with no type and its command line.
    if (found.processName === '' || (found.processType === 0 && this.#wellNamed.has(found.pid))) return;
    if (found.processType !== 0) this.#wellNamed.add(found.pid);
    this.#threads.nameProcess(found.pid, found.processName);
  }
}

/** Whether the descriptor tells of another place than `track` has. */
function movesTo(track: Track, found: Descriptor): boolean {
  if (track.parentHigh !== found.parentHigh || track.parentLow !== found.parentLow) return true;
  return (
    found.kind !== 'other' &&
    (track.kind !== found.kind || track.pid !== found.pid || track.tid !== found.tid)
  );
}

/** The fields of one TrackDescriptor. */
class Descriptor {
  high = 0;
  low = 0;
  parentHigh = 0;
  parentLow = 0;
  name = '';
  kind: TrackKind = 'other';
  pid = 0;
  tid = 0;
  threadName = '';
  processName = '';
  processType = 0;
  isIncremental = false;
  unitMultiplier = 1;
  isThreadTime = false;

  constructor(wire: Wire, end: number) {
    while (wire.at < end) this.#readField(wire, wire.varint(), end);
  }

  #readField(wire: Wire, tag: number, end: number): void {
    switch (tag) {
      case 0x08: // 1 uuid
        wire.varint64();
        this.high = wire.high;
        this.low = wire.low;
        return;
      case 0x28: // 5 parent_uuid
        wire.varint64();
        this.parentHigh = wire.high;
        this.parentLow = wire.low;
        return;
      case 0x12: // 2 name
      case 0x52: // 10 static_name
        this.name = wire.textTo(wire.fieldEnd(end));
        return;
      case 0x1a: // 3 process
        this.#readProcess(wire, wire.fieldEnd(end));
        return;
      case 0x22: // 4 thread
        this.#readThread(wire, wire.fieldEnd(end));
        return;
      case 0x32: // 6 chrome_process
        this.#readProcessType(wire, wire.fieldEnd(end));
        return;
      case 0x42: // 8 counter
        this.#readCounter(wire, wire.fieldEnd(end));
        return;
      default:
        wire.skip(tag, end);
    }
  }

  #readProcess(wire: Wire, end: number): void {
    // A thread's descriptor may repeat its process.
    if (this.kind === 'other') this.kind = 'process';
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x08) this.pid = wire.signedVarint();
      else if (tag === 0x32) this.processName = wire.textTo(wire.fieldEnd(end));
      else wire.skip(tag, end);
    }
    wire.close(end);
  }

  #readThread(wire: Wire, end: number): void {
    this.kind = 'thread';
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x08) this.pid = wire.signedVarint();
      else if (tag === 0x10) this.tid = wire.signedVarint();
      else if (tag === 0x2a) this.threadName = wire.textTo(wire.fieldEnd(end));
      else wire.skip(tag, end);
    }
    wire.close(end);
  }

  #readProcessType(wire: Wire, end: number): void {
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x08) this.processType = wire.signedVarint();
      else wire.skip(tag, end);
    }
    wire.close(end);
  }

  #readCounter(wire: Wire, end: number): void {
    while (wire.at < end) {
      const tag = wire.varint();
      // 1 type: 1 is COUNTER_THREAD_TIME_NS
      if (tag === 0x08) this.isThreadTime = wire.varint() === 1;
      else if (tag === 0x20) this.unitMultiplier = wire.signedVarint();
      else if (tag === 0x28) this.isIncremental = wire.varint() !== 0;
      else wire.skip(tag, end);
    }
    wire.close(end);
  }
}

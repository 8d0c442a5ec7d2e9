/**
 * The kernel's side of a stream of packets: it reads those of slices and instants by itself (kernel/packets.ts) and stops
 * at all others; and it has to know what those change.
 * In: blocks of the stream of any size; after each packet that JavaScript has read, the state of its sequence.
 * Out: the kernel has taken all events of its own, in file order with those of JavaScript.
 * Refuses: anything but packets, and packets above 256 MB: it is `broken` and reads no further then.
 */
import type { StringTable } from '../../base/index.ts';
import type { Kernel } from '../kernel.ts';
import { CLOCK } from './clocks.ts';
import type { InternedNumbers } from './interned.ts';
import type { Sequence } from './sequence.ts';
import type { Track, Tracks } from './tracks.ts';

/** As STOP_* of kernel/packets.ts. */
const STOP = { out: 0, packet: 1, broken: 2 } as const;
/** As TRACK_* of kernel/sequences.ts. */
const TRACK = { unknown: 0, thread: 1, ofThread: 2, ofProcess: 3 } as const;
/** As in kernel/sequences.ts. */
const STATE = { known: 1, counting: 2 } as const;
const ROWS = { names: 0, categories: 1, keys: 2 } as const;
/** Taken at once; a larger block is fed in pieces, so that the kernel's memory, which only grows, stays small. */
const PIECE = 1 << 18;
/** As kernel/packet-async.ts and kernel/packets.ts: events that wait at most, and packets of one call. */
const MOST_STAGED = 8192;
const MOST_PACKETS = 2048;

/** The packet lies at [start, end) of the kernel's memory, and began at `offset` in the stream. */
type TakePacket = (start: number, end: number, offset: number) => void;

export class KernelPackets {
  /** Bytes taken so far. */
  byteLength = 0;
  broken = false;
  readonly #kernel: Kernel;
  readonly #take: TakePacket;
  readonly #takeStaged: () => void;

  /** `takeStaged` is called before there is no room for more. */
  constructor(kernel: Kernel, take: TakePacket, takeStaged: () => void) {
    this.#kernel = kernel;
    this.#take = take;
    this.#takeStaged = takeStaged;
  }

  /** The stream has ended in the middle of a packet, if it ends here. */
  get unfinished(): boolean {
    return this.broken || this.#kernel.calls.unread() !== 0;
  }

  push(block: Uint8Array): void {
    const { calls } = this.#kernel;
    for (let from = 0; from < block.length && !this.broken; from += PIECE) {
      const piece = block.subarray(from, from + PIECE);
      const at = calls.reserve(piece.length) >>> 0;
      this.#kernel.bytes.set(piece, at);
      calls.received(piece.length);
      this.byteLength += piece.length;
      this.#read();
    }
  }

  #read(): void {
    const { calls } = this.#kernel;
    for (;;) {
      const stop = calls.readPackets();
      if (calls.stagedCount.value > MOST_STAGED - MOST_PACKETS) this.#takeStaged();
      switch (stop) {
        case STOP.packet:
          this.#take(calls.packetFrom.value >>> 0, calls.packetTo.value >>> 0, calls.packetOffset.value);
          break;
        case STOP.broken:
          this.broken = true;
          return;
        case STOP.out:
          return;
      }
    }
  }
}

/**
 * What the kernel knows of sequences and tracks. It is told behind each packet: what it is told may make its memory grow,
 * and whoever reads a packet of that memory loses it then.
 */
export class KernelState {
  readonly #kernel: Kernel;
  readonly #strings: StringTable;
  /** To be told. */
  #track: Track | undefined;
  readonly #joins: [first: number, second: number, both: number][] = [];

  constructor(kernel: Kernel, strings: StringTable) {
    this.#kernel = kernel;
    this.#strings = strings;
    const row = (text: string): number => strings.intern(text);
    kernel.calls.setKeys(row('data'), row('sampleTraceId'), row('beginData'));
  }

  /** Before JavaScript reads a packet of `sequence`: its clock may have gone on. */
  fetch(sequence: Sequence): void {
    const clock = sequence.kernelClock;
    if (clock !== undefined) clock.micros = this.#kernel.calls.clockOf(sequence.kernelRow);
  }

  /** After it: the clock has gone on here, and if `isNew` all else may have changed. */
  update(sequence: Sequence, tracks: Tracks, isNew: boolean): void {
    for (const [first, second, both] of this.#joins)
      this.#kernel.calls.setJoinedCategory(first, second, both);
    this.#joins.length = 0;
    if (this.#track !== undefined) this.#describe(this.#track, tracks);
    this.#track = undefined;
    if (isNew) this.#writeState(sequence);
    const clock = sequence.kernelClock;
    if (clock !== undefined) this.#kernel.calls.setClock(sequence.kernelRow, clock.micros, clock.fraction);
  }

  /** The packet describes this track. */
  describe(track: Track): void {
    this.#track = track;
  }

  /** The packet holds a pair of categories that was not joined before. */
  join(first: number, second: number, both: number): void {
    this.#joins.push([first, second, both]);
  }

  /** Tells what an event's track is, as {@link Tracks} know it. */
  #describe(track: Track, tracks: Tracks): void {
    const { calls } = this.#kernel;
    // What hangs under it has another thread now, or may have.
    if (track.hasMoved) calls.forgetAsyncTracks();
    const { high, low, kind } = track;
    const owner = tracks.ownerOf(track);
    if (kind === 'thread') calls.setTrack(high, low, TRACK.thread, track.pid, track.tid, 0);
    else if (kind === 'process' || owner === undefined) calls.setTrack(high, low, TRACK.unknown, 0, 0, 0);
    else {
      if (track.idRow < 0) track.idRow = this.#strings.intern(track.idText);
      const isThreads = owner.kind === 'thread';
      const tid = isThreads ? owner.tid : owner.pid;
      calls.setTrack(high, low, isThreads ? TRACK.ofThread : TRACK.ofProcess, owner.pid, tid, track.idRow);
    }
  }

  setTraceClock(clock: number): void {
    this.#kernel.calls.setTraceClock(clock > 0 && clock < CLOCK.firstOfSequence ? clock : 0);
  }

  #writeState(sequence: Sequence): void {
    const { calls } = this.#kernel;
    // Number 0 is that of packets which name no sequence.
    if (sequence.id <= 0 || sequence.id > 0xffff_ffff) return;
    if (sequence.kernelRow < 0) sequence.kernelRow = calls.sequenceRow(sequence.id);
    const row = sequence.kernelRow;
    const clock = sequence.usualClock();
    sequence.kernelClock = sequence.valid && clock?.countsMicros ? clock : undefined;
    const state = sequence.kernelClock !== undefined ? STATE.counting : sequence.valid ? STATE.known : 0;
    calls.setSequence(row, state, sequence.defaultTrackHigh, sequence.defaultTrackLow);
    calls.setWriter(row, sequence.thread?.pid ?? 0, sequence.thread?.tid ?? 0);
    const { names, categories, annotationRows } = sequence.interned;
    this.#write(row, ROWS.names, names);
    this.#write(row, ROWS.categories, categories);
    this.#write(row, ROWS.keys, annotationRows);
  }

  #write(row: number, kind: number, numbers: InternedNumbers): void {
    if (!numbers.changed) return;
    const rows = numbers.rows();
    const at = this.#kernel.calls.rowTable(row, kind, rows.length) >>> 0;
    new Int32Array(this.#kernel.calls.memory.buffer, at, rows.length).set(rows);
  }
}

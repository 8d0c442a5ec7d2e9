/**
 * Perfetto's protobuf stream, as Chromium writes it for `Tracing.start {streamFormat: 'proto'}` → events for the builder.
 * In: plain (inflated) bytes in blocks of any size. Out: one `builder.add` for each TrackEvent packet that can be read,
 * names of threads and processes, counts of what was lost; the link to Unix time.
 * Refuses: nothing aloud. A packet that is malformed is counted and skipped; a stream that is no longer packets, or ends
 * in the middle of one, is counted as cut off.
 */
import type { EventSink } from '../event-sink.ts';
import type { Kernel } from '../kernel.ts';
import { readBundle } from './bundle.ts';
import { Clocks } from './clocks.ts';
import { EventPlacer } from './event-placer.ts';
import { KernelPackets, KernelState } from './kernel-packets.ts';
import { NEEDS_STATE, NONE, Packet, STATE_CLEARED } from './packet.ts';
import { PacketStream } from './packet-stream.ts';
import { type Sequence, Sequences } from './sequence.ts';
import { Tracks } from './tracks.ts';
import { Wire } from './wire.ts';

export interface PerfettoFacts {
  readonly byteLength: number;
  /** Unix milliseconds at trace time 0; null where no clock snapshot tells. */
  readonly unixMillisAtZero: number | null;
  /** What the trace says of itself; {} where it says nothing in Chrome's words. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** False where not one packet was read: the bytes begin like a trace, but are none. */
  readonly isTrace: boolean;
}

export async function readPerfetto(
  blocks: AsyncIterable<Uint8Array>,
  builder: EventSink,
): Promise<PerfettoFacts> {
  const reader = new PerfettoReader(builder);
  for await (const block of blocks) if (!reader.push(block)) break;
  return reader.finish();
}

/** The same, fed block by block. A sink with a kernel gets most events from that, all others each by `add`. */
export class PerfettoReader {
  readonly #sink: EventSink;
  readonly #packets: PacketReader;
  readonly #stream: PacketStream | KernelPackets;

  constructor(sink: EventSink) {
    const { kernel } = sink;
    const packets = new PacketReader(sink);
    this.#sink = sink;
    this.#packets = packets;
    this.#stream =
      kernel === undefined
        ? new PacketStream((bytes, start, end, offset) => packets.read(bytes, start, end, offset))
        : new KernelPackets(
            kernel,
            (start, end, offset) => packets.read(kernel.bytes, start, end, offset),
            () => packets.takeStaged(kernel),
          );
  }

  /** False where the bytes are packets no more: nothing behind can be read. */
  push(block: Uint8Array): boolean {
    this.#stream.push(block);
    return !this.#stream.broken;
  }

  finish(): PerfettoFacts {
    this.#packets.finish();
    if (this.#stream.broken) this.#sink.diagnostics.malformedEvents++;
    if (this.#stream.unfinished) this.#sink.diagnostics.cutOff = 1;
    const { unixMillisAtZero, metadata, isTrace } = this.#packets;
    const byteLength = this.#stream.byteLength;
    return { byteLength, unixMillisAtZero, metadata: Object.fromEntries(metadata), isTrace };
  }
}

class PacketReader {
  isTrace = false;
  readonly metadata = new Map<string, unknown>();
  readonly #builder: EventSink;
  readonly #wire = new Wire();
  readonly #packet = new Packet();
  readonly #clocks = new Clocks();
  /** What the kernel knows; null where there is none. */
  readonly #kernel: KernelState | null;
  readonly #tracks: Tracks;
  readonly #placer: EventPlacer;
  readonly #sequences: Sequences;
  /** Chunks of packets that found the buffer full, by the last statistics in the stream. */
  #lostChunks = 0;

  constructor(builder: EventSink) {
    this.#builder = builder;
    this.#kernel = builder.kernel === undefined ? null : new KernelState(builder.kernel, builder.strings);
    this.#tracks = new Tracks(builder.threads);
    this.#placer = new EventPlacer({
      builder,
      tracks: this.#tracks,
      wire: this.#wire,
      onJoin: (first, second, both) => this.#kernel?.join(first, second, both),
    });
    this.#sequences = new Sequences(builder.strings);
  }

  get unixMillisAtZero(): number | null {
    return this.#clocks.unixMillisAtZero;
  }

  finish(): void {
    this.#builder.diagnostics.droppedPackets += this.#lostChunks;
    this.#placer.finish();
  }

  takeStaged(kernel: Kernel): void {
    this.#placer.takeStaged(kernel);
  }

  read(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const packet = this.#packet;
    const wire = this.#wire;
    wire.bytes = bytes;
    wire.at = start;
    const sequence = packet.read(wire, end) ? this.#sequences.enter(packet) : null;
    if (sequence === null) {
      if (packet.event === NONE) this.#builder.diagnostics.malformedEvents++;
      else this.#builder.addMalformed();
      return;
    }
    if (packet.sequenceId !== 0 || packet.event !== NONE) this.isTrace = true;
    const changesState = packet.hasMore || (packet.flags & STATE_CLEARED) !== 0;
    this.#kernel?.fetch(sequence);
    if (changesState) this.#takeState(packet, sequence);
    this.#readRest(packet, sequence, offset);
    this.#kernel?.update(sequence, this.#tracks, changesState);
  }

  /** What the packet says once the state of its sequence is that of the packet. */
  #readRest(packet: Packet, sequence: Sequence, offset: number): void {
    if ((packet.flags & NEEDS_STATE) !== 0 && !sequence.valid) {
      this.#builder.diagnostics.packetsWithoutState++;
      if (packet.event !== NONE) this.#builder.addSkipped();
      return;
    }
    if (packet.descriptor !== NONE) this.#takeDescriptor(packet, sequence);
    // Also where the packet holds no event: an incremental clock counts from packet to packet.
    const time = this.#readTime(packet, sequence);
    if (packet.event !== NONE) this.#placer.place(packet, sequence, time, offset);
  }

  /** Brings the sequence's state up to this packet. */
  #takeState(packet: Packet, sequence: Sequence): void {
    const wire = this.#wire;
    if (packet.previousDropped) this.#builder.diagnostics.droppedPackets++;
    sequence.take(packet, wire);
    if (packet.snapshot !== NONE) {
      wire.at = packet.snapshot;
      this.#clocks.addSnapshot(wire, packet.snapshotEnd, sequence.clocks);
      sequence.forgetClock();
      this.#kernel?.setTraceClock(this.#clocks.traceClock);
    }
    if (packet.bundle !== NONE) {
      wire.at = packet.bundle;
      this.#builder.diagnostics.malformedEvents += readBundle(wire, packet.bundleEnd, this.metadata);
    }
    if (packet.stats !== NONE) {
      wire.at = packet.stats;
      this.#lostChunks = readLostChunks(wire, packet.statsEnd);
    }
  }

  #takeDescriptor(packet: Packet, sequence: Sequence): void {
    this.#wire.at = packet.descriptor;
    const track = this.#tracks.describe(this.#wire, packet.descriptorEnd);
    if (track !== undefined) this.#kernel?.describe(track);
    if (track?.kind === 'thread' && sequence.valid) sequence.thread = track;
  }

  /** Microseconds of the trace clock; NaN where the packet has no time or its clock is unknown. */
  #readTime(packet: Packet, sequence: Sequence): number {
    if (!packet.hasTime) return Number.NaN;
    const own = packet.clock === 0 ? sequence.usualClock() : sequence.clocks.get(packet.clock);
    if (own !== undefined) return own.read(packet.timeHigh, packet.timeLow);
    return this.#clocks.read(packet.clock || sequence.defaultClock, packet.timeHigh, packet.timeLow);
  }
}

/** TraceStats up to `end`: chunks that the trace buffers discarded or overwrote. */
function readLostChunks(wire: Wire, end: number): number {
  let lost = 0;
  while (wire.at < end) {
    const tag = wire.varint();
    // 1 buffer_stats
    if (tag !== 0x0a) {
      wire.skip(tag, end);
      continue;
    }
    const bufferEnd = wire.fieldEnd(end);
    while (wire.at < bufferEnd) {
      const field = wire.varint();
      // 3 chunks_overwritten, 18 chunks_discarded
      if (field === 0x18 || field === 0x90) lost += wire.varint();
      else wire.skip(field, bufferEnd);
    }
    wire.close(bufferEnd);
  }
  return lost;
}

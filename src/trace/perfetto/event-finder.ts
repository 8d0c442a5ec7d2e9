/**
 * One slice's or instant's event out of a Perfetto stream, with what its end packet adds.
 * In: the inflated stream from its first byte, for what a packet says by number was written out anywhere before it; or
 * from the event on, with a log of the packets that say so.
 * Out: its arguments as Chrome's JSON shows them, and the processor time between its begin and its end (`tdur`); null where
 * there is no such event.
 * Up to the event only the state of sequences is read; behind it, the events until its end. Holds one packet.
 * Refuses: an event whose sequence lost its state.
 */
import { StringTable } from '../../base/index.ts';
import { type Args, PHASE } from '../event.ts';
import { EndSearch, type EventArguments, mergeArgs, type SoughtEvent } from '../event-search.ts';
import { ThreadCollector } from '../threads.ts';
import { readArguments } from './arguments.ts';
import { NEEDS_STATE, NONE, Packet, STATE_CLEARED } from './packet.ts';
import { PacketStream } from './packet-stream.ts';
import { type Sequence, Sequences } from './sequence.ts';
import { changesState, type StateLog } from './state-log.ts';
import { EVENT_TYPE, TrackEvent } from './track-event.ts';
import { Tracks } from './tracks.ts';
import { Wire } from './wire.ts';

export async function findPerfettoEvent(
  blocks: AsyncIterable<Uint8Array>,
  sought: SoughtEvent,
): Promise<EventArguments | null> {
  const finder = new PacketFinder(sought);
  const stream = new PacketStream((bytes, start, end, offset) => finder.take(bytes, start, end, offset));
  for await (const block of blocks) {
    stream.push(block);
    if (finder.isDone || stream.broken) break;
  }
  return finder.found;
}

/** The same where the blocks begin with the event; what it needs of the packets before it is in the log. */
export async function findLoggedEvent(
  blocks: AsyncIterable<Uint8Array>,
  sought: SoughtEvent,
  log: StateLog,
): Promise<EventArguments | null> {
  const finder = new PacketFinder(sought);
  const stream = new PacketStream((bytes, start, end, offset) =>
    finder.take(bytes, start, end, sought.offset + offset),
  );
  let isReady = false;
  for await (const block of blocks) {
    // The log may still grow with its source; by now it reaches the event.
    if (!isReady)
      log.replay(sought.offset, (bytes, start, end, offset) => finder.take(bytes, start, end, offset));
    isReady = true;
    stream.push(block);
    if (finder.isDone || stream.broken) break;
  }
  return finder.found;
}

class PacketFinder {
  found: EventArguments | null = null;
  isDone = false;
  readonly #sought: SoughtEvent;
  readonly #wire = new Wire();
  readonly #packet = new Packet();
  readonly #strings = new StringTable();
  readonly #sequences = new Sequences(this.#strings);
  readonly #event = new TrackEvent(this.#strings);
  readonly #tracks = new Tracks(new ThreadCollector(this.#strings));
  #search: EndSearch | null = null;
  // Of the event that is sought.
  #stack = '';
  #writer: Sequence | null = null;
  /** Microseconds of processor time since its begin; NaN where they cannot be told. */
  #threadTime = Number.NaN;

  constructor(sought: SoughtEvent) {
    this.#sought = sought;
  }

  take(bytes: Uint8Array, start: number, end: number, offset: number): void {
    if (this.isDone) return;
    const packet = this.#packet;
    const wire = this.#wire;
    wire.bytes = bytes;
    wire.at = start;
    const isWhole = packet.read(wire, end);
    const isStateful = changesState(packet);
    if (offset < this.#sought.offset && !isStateful) return;
    const sequence = isWhole ? this.#sequences.enter(packet) : null;
    if (sequence !== null && isStateful) this.#takeState(sequence);
    if (offset < this.#sought.offset) return;
    const canRead = sequence !== null && packet.event !== NONE && this.#readEvent(sequence);
    if (this.found === null) {
      // Whatever stands here: nothing behind it is the event.
      this.isDone = true;
      if (canRead && offset === this.#sought.offset) this.#takeFirst(sequence);
    } else if (canRead) this.#takeNext(sequence);
  }

  #takeState(sequence: Sequence): void {
    const packet = this.#packet;
    const wire = this.#wire;
    // Counters, too, count anew.
    if (sequence === this.#writer && (packet.flags & STATE_CLEARED) !== 0) this.#threadTime = Number.NaN;
    sequence.take(packet, wire);
    if (packet.descriptor === NONE) return;
    wire.at = packet.descriptor;
    this.#tracks.describe(wire, packet.descriptorEnd);
  }

  #readEvent(sequence: Sequence): boolean {
    const packet = this.#packet;
    if ((packet.flags & NEEDS_STATE) !== 0 && !sequence.valid) return false;
    this.#wire.at = packet.event;
    return this.#event.read(this.#wire, packet.eventEnd, sequence);
  }

  #takeFirst(sequence: Sequence): void {
    const event = this.#event;
    if (this.#strings.get(event.name) !== this.#sought.name) return;
    const fields = {
      ...(event.id === 0 ? {} : { id: this.#strings.get(event.id) }),
      ...(Number.isNaN(event.threadTime) ? {} : { tts: event.threadTime }),
      ...(Number.isNaN(event.threadDuration) ? {} : { tdur: event.threadDuration }),
    };
    this.found = { args: this.#readArgs(sequence), fields };
    if (!isBegin(event) || !this.#sought.hasEnd) return;
    this.#search = new EndSearch(event.name);
    this.#stack = stackOf(event, sequence);
    this.#writer = sequence;
    this.#threadTime = Number.isNaN(this.#threadTimeScale(sequence)) ? Number.NaN : 0;
    this.isDone = false;
  }

  /** Microseconds that 1 in the sequence's extra counter stands for; NaN where that counts no thread's time. */
  #threadTimeScale({ counterTrackHigh, counterTrackLow }: Sequence): number {
    const track = this.#tracks.find(counterTrackHigh, counterTrackLow);
    // Chrome's count from event to event.
    return track?.isThreadTime && track.isIncremental ? track.unitMultiplier / 1000 : Number.NaN;
  }

  #takeNext(sequence: Sequence): void {
    const event = this.#event;
    if (sequence === this.#writer && !Number.isNaN(event.extraCounter))
      this.#threadTime += event.extraCounter * this.#threadTimeScale(sequence);
    const begins = isBegin(event);
    if (!begins && event.type !== EVENT_TYPE.sliceEnd && event.phase !== PHASE.end) return;
    if (this.#search === null || this.found === null || stackOf(event, sequence) !== this.#stack) return;
    if (begins) this.#search.begin(event.name);
    else if (this.#search.end(event.name)) {
      const { args, fields } = this.found;
      const isOneThreads = sequence === this.#writer && this.#threadTime >= 0;
      this.found = {
        args: mergeArgs(args, this.#readArgs(sequence)),
        fields: isOneThreads ? { ...fields, tdur: this.#threadTime } : fields,
      };
      this.isDone = true;
    }
  }

  #readArgs(sequence: Sequence): Args {
    return readArguments(this.#wire, this.#packet.event, this.#packet.eventEnd, sequence.interned);
  }
}

function isBegin({ type, phase }: TrackEvent): boolean {
  return phase === PHASE.begin || (phase === 0 && type === EVENT_TYPE.sliceBegin);
}

/** Names the stack of slices that an event is on: its track's, else its writer's or the thread that it overrides. */
function stackOf(event: TrackEvent, sequence: Sequence): string {
  const high = event.hasTrack ? event.trackHigh : sequence.defaultTrackHigh;
  const low = event.hasTrack ? event.trackLow : sequence.defaultTrackLow;
  if (high !== 0 || low !== 0) return `track ${high} ${low}`;
  return `writer ${sequence.id} ${event.pidOverride} ${event.tidOverride}`;
}

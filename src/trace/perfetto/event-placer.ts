/**
 * Puts a TrackEvent where it belongs (thread, process, async track), gives it the phase that Chrome's JSON gives it, and
 * hands it to the builder.
 * In: where a TrackEvent's bytes are, its sequence and time. Out: one `builder.add`, or a count of why not, for each.
 *
 *   the event's track   slice begin / end       instant            legacy phase
 *   a thread's          B / E                   I                  as it is
 *   a process's         b / e, id = the track   I                  B, E, I as to the left; others as they are
 *   any other           b / e, id = the track   n, id = the track  B, E, I as to the left; others as they are
 *
 * An event of a track that hangs under a thread has the thread's pid and tid; one that hangs under a process has the
 * tid of the thread that wrote it.
 */
import { type Args, type EventRecord, makeEventRecord, PHASE, type ReadArgs } from '../event.ts';
import type { EventSink } from '../event-sink.ts';
import { interestOf } from '../interests.ts';
import type { Kernel } from '../kernel.ts';
import { readArguments } from './arguments.ts';
import { AsyncOrder } from './async-order.ts';
import { NONE, Packet } from './packet.ts';
import { Sequence } from './sequence.ts';
import { EVENT_TYPE, type OnJoin, TrackEvent } from './track-event.ts';
import type { Track, Tracks } from './tracks.ts';
import { Wire } from './wire.ts';

const NO_TRACK = 'track:none';

export interface EventPlacerOptions {
  readonly builder: EventSink;
  readonly tracks: Tracks;
  /** Holds the packet at hand. */
  readonly wire: Wire;
  readonly onJoin: OnJoin;
}

export class EventPlacer {
  readonly #builder: EventSink;
  readonly #tracks: Tracks;
  readonly #wire: Wire;
  readonly #fields: TrackEvent;
  readonly #record: EventRecord = makeEventRecord();
  readonly #async = new AsyncOrder();
  /** By string row of the name: whether the tables need its arguments. */
  readonly #isSought: (boolean | undefined)[] = [];
  readonly #isTimingCategory: boolean[] = [];
  // Of the event at hand.
  #packet: Packet;
  #sequence: Sequence;
  #counterArgs: Args | undefined;
  readonly #readArgs = (): Args => {
    if (this.#counterArgs !== undefined) return this.#counterArgs;
    // The kernel's memory may have grown since: its bytes are others then.
    if (this.#builder.kernel !== undefined) this.#wire.bytes = this.#builder.kernel.bytes;
    return readArguments(this.#wire, this.#packet.event, this.#packet.eventEnd, this.#sequence.interned);
  };

  readonly #keepArgs = (): ReadArgs => {
    if (this.#counterArgs !== undefined) return this.#readArgs;
    const { event, eventEnd } = this.#packet;
    const { kernel } = this.#builder;
    const bytes = (kernel === undefined ? this.#wire.bytes : kernel.bytes).slice(event, eventEnd);
    const words = this.#sequence.interned.words();
    return () => {
      const wire = new Wire();
      wire.bytes = bytes;
      return readArguments(wire, 0, bytes.length, words);
    };
  };

  constructor({ builder, tracks, wire, onJoin }: EventPlacerOptions) {
    this.#builder = builder;
    this.#tracks = tracks;
    this.#wire = wire;
    this.#fields = new TrackEvent(builder.strings, onJoin);
    this.#packet = new Packet();
    this.#sequence = new Sequence(NONE, builder.strings);
  }

  /** `time`: microseconds of the trace clock, NaN where unknown; `offset`: of the packet in the stream. */
  place(packet: Packet, sequence: Sequence, time: number, offset: number): void {
    const fields = this.#fields;
    this.#wire.at = packet.event;
    if (!fields.read(this.#wire, packet.eventEnd, sequence)) {
      this.#builder.addMalformed();
      return;
    }
    const track = fields.hasTrack
      ? this.#tracks.find(fields.trackHigh, fields.trackLow)
      : sequence.usualTrack(this.#tracks);
    if (track === undefined && this.#isOnUnknownTrack(sequence)) {
      this.#builder.diagnostics.packetsWithoutState++;
      this.#builder.addSkipped();
      return;
    }
    this.#packet = packet;
    this.#sequence = sequence;
    this.#counterArgs = undefined;
    const record = this.#record;
    record.time = time;
    record.offset = offset;
    record.name = fields.name;
    record.category = fields.category;
    record.duration = fields.duration;
    record.id = fields.id;
    record.idIsLocal = fields.idIsLocal;
    record.sampleTraceId = fields.sampleTraceId;
    record.flows = fields.flows;
    record.endsAround = fields.endsAround;
    if (track?.kind === 'thread') {
      record.pid = track.pid;
      record.tid = track.tid;
    } else this.#setThread(track, sequence);
    this.#setPhase(track);
    if (isAsync(record.phase) && Number.isFinite(time)) this.#keep(record);
    else if (fields.dataFrom === 0) this.#builder.add(record, this.#readArgs, undefined, this.#keepArgs);
    else this.#builder.add(record, this.#readArgs, { from: fields.dataFrom, to: fields.dataTo });
  }

  /** Takes the async events that the kernel has read: those of JavaScript come after them. */
  takeStaged(kernel: Kernel): void {
    this.#async.addStaged(kernel);
  }

  /** All packets were read: hands over what waited for that. */
  finish(): void {
    if (this.#builder.kernel !== undefined) this.takeStaged(this.#builder.kernel);
    this.#async.handOver(this.#builder);
  }

  #keep(record: EventRecord): void {
    if (this.#builder.kernel !== undefined) this.takeStaged(this.#builder.kernel);
    this.#isSought[record.name] ??=
      this.#builder.wantsAllArguments === true ||
      interestOf(this.#builder.strings.get(record.name)) !== 'none';
    const { phase } = record;
    const isSought =
      this.#isSought[record.name] ||
      (phase === PHASE.asyncBegin && this.#isTiming(record)) ||
      // A step's own name is in its arguments.
      phase === PHASE.asyncStepOld ||
      phase === PHASE.asyncPastOld;
    this.#async.add(record, isSought ? this.#readArgs() : undefined);
  }

  /** Measures may ask for tracks of their own, whatever they are called. */
  #isTiming({ category }: EventRecord): boolean {
    this.#isTimingCategory[category] ??= interestOf(this.#builder.strings.get(category)) === 'user-timing';
    return this.#isTimingCategory[category];
  }

  /** The event names a track that nobody described: its descriptor was lost. Track 0 is no track. */
  #isOnUnknownTrack(sequence: Sequence): boolean {
    const fields = this.#fields;
    if (fields.hasTrack) return fields.trackHigh !== 0 || fields.trackLow !== 0;
    return sequence.defaultTrackHigh !== 0 || sequence.defaultTrackLow !== 0;
  }

  /** Process and thread of an event that is not on a thread's track. */
  #setThread(track: Track | undefined, sequence: Sequence): void {
    const record = this.#record;
    const writer = sequence.thread;
    const owner = track === undefined ? undefined : this.#tracks.ownerOf(track);
    if (owner !== undefined) {
      record.pid = owner.pid;
      if (owner.kind === 'thread') record.tid = owner.tid;
      else record.tid = writer?.pid === owner.pid ? writer.tid : owner.pid;
      return;
    }
    record.pid = writer?.pid ?? 0;
    record.tid = writer?.tid ?? 0;
    const { pidOverride, tidOverride } = this.#fields;
    if (pidOverride >= 0) {
      record.pid = pidOverride;
      record.tid = -1;
    }
    if (tidOverride >= 0) record.tid = tidOverride;
  }

  #setPhase(track: Track | undefined): void {
    const fields = this.#fields;
    const onThread = track === undefined ? this.#isOnWriterThread() : track.kind === 'thread';
    this.#record.phase = fields.phase;
    if (onThread && fields.phase !== 0) return;
    switch (fields.phase || fields.type) {
      case EVENT_TYPE.sliceBegin:
      case PHASE.begin:
        this.#setPhaseOn(track, onThread ? PHASE.begin : PHASE.asyncBegin);
        return;
      case EVENT_TYPE.sliceEnd:
      case PHASE.end:
        this.#setPhaseOn(track, onThread ? PHASE.end : PHASE.asyncEnd);
        return;
      case EVENT_TYPE.instant:
      case PHASE.instant:
      case PHASE.instantOld:
        this.#setPhaseOn(track, track?.kind === 'other' ? PHASE.asyncInstant : PHASE.instant);
        return;
      case EVENT_TYPE.counter:
        this.#setCounter(track);
    }
  }

  #setPhaseOn(track: Track | undefined, phase: number): void {
    this.#record.phase = phase;
    if (isAsync(phase)) this.#record.id = this.#trackId(track);
  }

  /** Legacy events name no track and mean the thread that writes, or one that they override it with. */
  #isOnWriterThread(): boolean {
    const { hasTrack, type, pidOverride, tidOverride } = this.#fields;
    return pidOverride >= 0 || tidOverride >= 0 || ((!hasTrack || type === 0) && this.#record.tid !== 0);
  }

  #trackId(track: Track | undefined): number {
    if (track === undefined) return this.#builder.strings.intern(NO_TRACK);
    if (track.idRow < 0) track.idRow = this.#builder.strings.intern(track.idText);
    return track.idRow;
  }

  #setCounter(track: Track | undefined): void {
    const { strings } = this.#builder;
    const record = this.#record;
    let value = this.#fields.counterValue;
    record.phase = PHASE.counter;
    if (track !== undefined) {
      value *= track.unitMultiplier;
      if (track.isIncremental) {
        track.counterValue += value;
        value = track.counterValue;
      }
      if (track.name !== '') record.name = strings.intern(track.name);
    }
    this.#counterArgs = this.#fields.hasCounterValue ? { [strings.get(record.name)]: value } : {};
  }
}

/** Whether begin and end of the event may come in any order. */
function isAsync(phase: number): boolean {
  switch (phase) {
    case PHASE.asyncBegin:
    case PHASE.asyncEnd:
    case PHASE.asyncInstant:
    case PHASE.asyncStartOld:
    case PHASE.asyncStepOld:
    case PHASE.asyncPastOld:
    case PHASE.asyncFinishOld:
      return true;
    default:
      return false;
  }
}

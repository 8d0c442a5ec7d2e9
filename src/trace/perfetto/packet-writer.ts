/**
 * Events → packets of one Perfetto sequence: what track-event.ts and tracks.ts read, written.
 * In: events with string rows of their names, one by one. Out: packets; names and categories are written once and given by
 * number, threads and processes are tracks, described before the first event that is on them.
 * Times are nanoseconds of one clock (monotonic), which the first packet says is the trace's.
 * Refuses: times beyond 285 years: such an event has none.
 * Field numbers: protos/perfetto/trace of google/perfetto.
 */
import { type StringTable, WireWriter } from '../../base/index.ts';
import type { Args } from '../event.ts';
import { writeArguments } from './argument-writer.ts';
import { writeBundle } from './bundle.ts';
import { CLOCK } from './clocks.ts';
import { NEEDS_STATE, STATE_CLEARED } from './packet.ts';
import { EVENT_TYPE } from './track-event.ts';

const SEQUENCE = 1;
/** So many texts are known by number; then the sequence begins anew, so that no reader has to remember more. */
const MOST_INTERNED = 1 << 15;
/** As track-event.ts joins; Chromium gives at most four. */
const MOST_CATEGORIES = 16;
/** 2^53 microseconds, as the reader of the tables takes them. */
const LAST_TIME = Number.MAX_SAFE_INTEGER;

/** `InternedData` by field. */
const INTERNED = { categories: 1, names: 2, annotationNames: 3 } as const;
/** `LegacyEvent.flow_direction` and `instant_event_scope`. */
export const FLOW_DIRECTION = { in: 1, out: 2, both: 3 } as const;
export const INSTANT_SCOPE = { global: 1, process: 2 } as const;

export interface EventId {
  readonly value: bigint;
  readonly scope: string;
  readonly isLocal: boolean;
}

/** What a TrackEvent has no field of its own for. */
export interface LegacyFields {
  /** ASCII code; 0 where the event's type says it. */
  readonly phase: number;
  /** Microseconds; NaN for none. */
  readonly duration: number;
  readonly threadDuration: number;
  readonly id: EventId | null;
  readonly bind: { readonly id: bigint; readonly direction: number } | null;
  /** A flow ends in the slice around. */
  readonly endsAround: boolean;
  /** {@link INSTANT_SCOPE}; 0 for the thread. */
  readonly instantScope: number;
}

export interface PacketEvent {
  /** Microseconds; NaN for none. */
  readonly time: number;
  /** Of a track. */
  readonly uuid: number;
  /** {@link EVENT_TYPE}; 0 where the legacy fields say the phase, or nobody does. */
  readonly type: number;
  /** String rows; 0 for none. */
  readonly name: number;
  readonly category: number;
  readonly args: Args;
  /** `data` of the arguments is JSON text. */
  readonly asJson?: boolean;
  readonly legacy?: LegacyFields | null;
  /** Microseconds of processor time until now; NaN for none. */
  readonly threadTime?: number;
  /** Of a counter. */
  readonly value?: number;
}

export class PacketWriter {
  readonly #strings: StringTable;
  readonly #out = new WireWriter(1 << 16);
  /** InternedData that the packet at hand adds. */
  readonly #interned = new WireWriter(1 << 12);
  #isFirst = true;
  #isCleared = false;
  #internedCount = 0;
  readonly #names = new Map<number, number>();
  /** By row of the whole text: numbers of its parts. */
  readonly #categories = new Map<number, readonly number[]>();
  readonly #categoryParts = new Map<string, number>();
  readonly #annotationNames = new Map<string, number>();
  #lastUuid = 0;
  readonly #processes = new Map<number, number>();
  readonly #threads = new Map<number, Map<number, number>>();
  readonly #counters = new Map<string, number>();
  readonly #iidOf = (name: string): number =>
    this.#iid(this.#annotationNames, name, INTERNED.annotationNames, name);

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  /** Whole packets since the last time. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#out.take();
    this.#out.clear();
    return bytes;
  }

  get length(): number {
    return this.#out.length;
  }

  /** The track of a thread. */
  threadTrack(pid: number, tid: number): number {
    let threads = this.#threads.get(pid);
    if (threads === undefined) {
      threads = new Map();
      this.#threads.set(pid, threads);
    }
    let uuid = threads.get(tid);
    if (uuid === undefined) {
      uuid = ++this.#lastUuid;
      threads.set(tid, uuid);
      this.nameThread(pid, tid, '');
    }
    return uuid;
  }

  nameThread(pid: number, tid: number, name: string): void {
    const parent = this.#processTrack(pid);
    const uuid = this.threadTrack(pid, tid);
    this.#describe(uuid, (out) => {
      out.number(5, parent);
      const thread = out.open(4);
      out.choice(1, pid);
      out.choice(2, tid);
      if (name !== '') out.text(5, name);
      out.close(thread);
    });
  }

  nameProcess(pid: number, name: string): void {
    this.#describe(this.#processTrack(pid), (out) => {
      const process = out.open(3);
      out.choice(1, pid);
      if (name !== '') out.text(6, name);
      out.close(process);
    });
  }

  /** The track of a counter of a process. */
  counterTrack(pid: number, name: string): number {
    const key = `${pid} ${name}`;
    const known = this.#counters.get(key);
    if (known !== undefined) return known;
    const parent = this.#processTrack(pid);
    const uuid = ++this.#lastUuid;
    this.#counters.set(key, uuid);
    this.#describe(uuid, (out) => {
      out.text(2, name);
      out.number(5, parent);
      out.close(out.open(8));
    });
    return uuid;
  }

  #processTrack(pid: number): number {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    const uuid = ++this.#lastUuid;
    this.#processes.set(pid, uuid);
    this.nameProcess(pid, '');
    return uuid;
  }

  /** What the trace says of itself. */
  metadata(metadata: Readonly<Record<string, unknown>>): void {
    if (Object.keys(metadata).length === 0) return;
    this.#packet(Number.NaN, (out) => {
      // 5 chrome_events
      const bundle = out.open(5);
      writeBundle(out, metadata);
      out.close(bundle);
    });
  }

  event(event: PacketEvent): void {
    if (this.#internedCount >= MOST_INTERNED) this.#forget();
    this.#packet(event.time, (out) => {
      // 11 track_event
      const at = out.open(11);
      this.#writeEvent(out, event);
      out.close(at);
    });
  }

  #writeEvent(out: WireWriter, event: PacketEvent): void {
    const { type, name, category, uuid, args, legacy, threadTime = Number.NaN, value } = event;
    out.number(9, type);
    for (const iid of this.#categoriesOf(category)) out.number(3, iid);
    if (name !== 0) out.number(10, this.#iid(this.#names, name, INTERNED.names, this.#strings.get(name)));
    out.number(11, uuid);
    writeArguments(out, args, { iidOf: this.#iidOf, asJson: event.asJson === true });
    if (legacy !== undefined && legacy !== null) writeLegacy(out, legacy);
    // 17 thread_time_absolute_us
    if (isGiven(threadTime)) out.choice(17, Math.round(threadTime));
    if (type === EVENT_TYPE.counter && value !== undefined) {
      // 30 counter_value, 44 double_counter_value
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) out.choice(30, value);
      else out.double(44, value);
    }
  }

  #describe(uuid: number, write: (out: WireWriter) => void): void {
    this.#packet(Number.NaN, (out) => {
      // 60 track_descriptor
      const at = out.open(60);
      out.number(1, uuid);
      write(out);
      out.close(at);
    });
  }

  #packet(time: number, write: (out: WireWriter) => void): void {
    if (this.#isFirst) this.#begin();
    const out = this.#out;
    const packet = out.open(1);
    if (Math.abs(time) <= LAST_TIME) {
      // 8 timestamp, 58 timestamp_clock_id
      writeNanos(out, 8, time);
      out.number(58, CLOCK.monotonic);
    }
    // 13 sequence_flags
    out.number(13, this.#isCleared ? STATE_CLEARED | NEEDS_STATE : NEEDS_STATE);
    this.#isCleared = false;
    write(out);
    if (this.#interned.length > 0) {
      // 12 interned_data
      out.bytes(12, this.#interned.take());
      this.#interned.clear();
    }
    // 10 trusted_packet_sequence_id
    out.number(10, SEQUENCE);
    out.close(packet);
  }

  /** The clock, and where the sequence begins. */
  #begin(): void {
    this.#isFirst = false;
    const out = this.#out;
    const packet = out.open(1);
    // 6 clock_snapshot
    const snapshot = out.open(6);
    const clock = out.open(1);
    out.number(1, CLOCK.monotonic);
    out.choice(2, 0);
    out.close(clock);
    out.number(2, CLOCK.monotonic);
    out.close(snapshot);
    out.number(13, STATE_CLEARED);
    // 87 first_packet_on_sequence
    out.number(87, 1);
    out.number(10, SEQUENCE);
    out.close(packet);
  }

  #forget(): void {
    this.#isCleared = true;
    this.#internedCount = 0;
    this.#names.clear();
    this.#categories.clear();
    this.#categoryParts.clear();
    this.#annotationNames.clear();
  }

  /** Chrome's JSON joins them with commas. */
  #categoriesOf(row: number): readonly number[] {
    if (row === 0) return [];
    const known = this.#categories.get(row);
    if (known !== undefined) return known;
    const text = this.#strings.get(row);
    const parts = text.split(',');
    const isPlain = parts.length <= MOST_CATEGORIES && parts.every((part) => part !== '');
    const iids = (isPlain ? parts : [text]).map((part) =>
      this.#iid(this.#categoryParts, part, INTERNED.categories, part),
    );
    this.#categories.set(row, iids);
    return iids;
  }

  #iid<K>(known: Map<K, number>, key: K, field: number, text: string): number {
    const found = known.get(key);
    if (found !== undefined) return found;
    const iid = known.size + 1;
    known.set(key, iid);
    this.#internedCount++;
    const at = this.#interned.open(field);
    this.#interned.number(1, iid);
    this.#interned.text(2, text);
    this.#interned.close(at);
    return iid;
  }
}

function writeLegacy(out: WireWriter, legacy: LegacyFields): void {
  const { phase, duration, threadDuration, id, bind, endsAround, instantScope } = legacy;
  // 6 legacy_event
  const at = out.open(6);
  out.number(2, phase);
  // 3 duration_us, 4 thread_duration_us
  if (!Number.isNaN(duration)) out.choice(3, Math.round(Math.max(-LAST_TIME, Math.min(duration, 2 ** 62))));
  if (isGiven(threadDuration)) out.choice(4, Math.round(threadDuration));
  if (id !== null) {
    // 6 unscoped_id, 10 local_id, 7 id_scope
    writeUnsigned(out, id.isLocal ? 10 : 6, id.value);
    if (id.scope !== '') out.text(7, id.scope);
  }
  if (bind !== null) {
    // 8 bind_id, 13 flow_direction
    writeUnsigned(out, 8, bind.id);
    out.number(13, bind.direction);
  }
  if (endsAround) out.number(12, 1);
  out.number(14, instantScope);
  out.close(at);
}

const isGiven = (value: number): boolean => Math.abs(value) <= LAST_TIME;

function writeUnsigned(out: WireWriter, field: number, value: bigint): void {
  if (value === 0n) out.choice(field, 0);
  else out.bigint(field, value);
}

/** Microseconds as nanoseconds, to the last one: those since 1970 do not fit into a double. */
function writeNanos(out: WireWriter, field: number, micros: number): void {
  const whole = Math.floor(micros);
  const nanos = Math.round((micros - whole) * 1000);
  const all = whole * 1000 + nanos;
  if (Number.isSafeInteger(all)) out.choice(field, all);
  else out.bigint(field, BigInt(whole) * 1000n + BigInt(nanos));
}

/**
 * Chrome's trace-event JSON → a Perfetto stream of the same events, as Chrome writes it for what TrackEvent has a type for,
 * and as Chrome wrote it before (`LegacyEvent`) for the rest: a slice with its duration, marks, async events, flow events,
 * objects, dumps, V8's samples.
 * In: inflated bytes, scanned as the tables' reader scans them (kernel/read-events.ts). Out: packets, some at a time.
 * Holds one event, and the distinct texts of the trace. What the tables hold of one form they hold of the other, but:
 *  - A slice whose duration has a fraction of a microsecond, which LegacyEvent cannot tell, is a begin and an end; rounded,
 *    where slices of its thread do not come in the order in which they begin.
 *  - An id that is no number of 64 bits is the scope of the id 0.
 *  - A counter of several numbers is as many events.
 * Lost: entries that are no events, halves of characters in names, fields of an event that no form of Chrome's names
 * (`cname`, `sf`, `selfTime`).
 */
import { noDiagnostics } from './diagnostics.ts';
import { type Args, PHASE } from './event.ts';
import { JsonReader, type JsonSink } from './json/reader.ts';
import { StringsAlone } from './json/strings-alone.ts';
import { type Kernel, openKernel } from './kernel.ts';
import {
  type EventId,
  FLOW_DIRECTION,
  INSTANT_SCOPE,
  type LegacyFields,
  type PacketEvent,
  PacketWriter,
} from './perfetto/packet-writer.ts';
import { EVENT_TYPE } from './perfetto/track-event.ts';
import { asObject } from './profile-chunk.ts';
import type { SampledThread } from './stack-samples.ts';

export async function* writePacketEvents(
  blocks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const sink = new PacketSink(await openKernel());
  const reader = new JsonReader(sink);
  for await (const block of blocks) {
    const goesOn = reader.push(block);
    yield* sink.take();
    if (!goesOn) break;
  }
  sink.packets.metadata(reader.finish().metadata);
  yield* sink.take();
}

/** As NEXT_* of kernel/read-events.ts. */
const NEXT = { out: 0, event: 1, none: 2, over: 3 } as const;

/** V8's samples, and events of one name each: their bodies are JSON text in Chrome's streams, too. */
const PROFILES: ReadonlySet<string> = new Set(['Profile', 'ProfileChunk', 'CpuProfile']);
const PROFILE_CATEGORY = 'disabled-by-default-v8.cpu_profiler';
/** Of profiles that are made of samples beside the events: no id of V8's is as large. */
const FIRST_PROFILE_ID = 0x7061_6765_0000_0000n;
/** Its numbers are its thread's, where the name says so. */
const THREAD_COUNTERS = 'UpdateCounters';

/** Phases that may be steps of flows themselves. */
const SLICES: ReadonlySet<number> = new Set([
  PHASE.complete,
  PHASE.begin,
  PHASE.instant,
  PHASE.instantOld,
  PHASE.mark,
]);
const FLOWS: ReadonlySet<number> = new Set([PHASE.flowStart, PHASE.flowStep, PHASE.flowEnd]);

/** The event at hand. */
interface Told {
  readonly phase: number;
  readonly name: number;
  readonly category: number;
  readonly time: number;
  readonly duration: number;
  readonly pid: number;
  readonly tid: number;
  /** String row. */
  readonly id: number;
  readonly idIsLocal: boolean;
  readonly fields: Args;
  readonly args: Args;
}

class PacketSink implements JsonSink {
  readonly kernel: Kernel;
  readonly diagnostics = noDiagnostics();
  readonly packets: PacketWriter;
  readonly #answers = new StringsAlone();
  /** By track: which slices with fractions are open. */
  readonly #nests = new Map<number, Nest>();
  #profileCount = 0n;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.packets = new PacketWriter(this.#answers.strings);
    kernel.listen(this.#answers);
  }

  *take(): Generator<Uint8Array<ArrayBuffer>> {
    if (this.packets.length > 0) yield this.packets.take();
  }

  readEvents(): boolean {
    for (;;) {
      const next = this.kernel.calls.nextEvent();
      if (next === NEXT.event) this.#write(this.#tell());
      else if (next !== NEXT.none) return next === NEXT.over;
    }
  }

  addProfile({ pid, tid, time, args }: SampledThread): void {
    const { data } = args;
    const { timeDeltas, cpuProfile } = asObject(data);
    const { nodes, samples } = asObject(cpuProfile);
    const id = { value: FIRST_PROFILE_ID + this.#profileCount++, scope: '', isLocal: false };
    const common = {
      time,
      uuid: this.packets.threadTrack(pid, tid),
      type: 0,
      category: this.#answers.strings.intern(PROFILE_CATEGORY),
      asJson: true,
      legacy: { ...NO_LEGACY, phase: PHASE.sample, id },
    };
    const name = (text: string): number => this.#answers.strings.intern(text);
    this.packets.event({ ...common, name: name('Profile'), args: { data: { startTime: time } } });
    const chunk = { data: { cpuProfile: { nodes, samples }, timeDeltas } };
    this.packets.event({ ...common, name: name('ProfileChunk'), args: chunk });
  }

  /** The event at hand as the kernel has scanned it; what that leaves out as `JSON.parse` reads it. */
  #tell(): Told {
    const { kernel } = this;
    const [phase, name, category, time, duration, pid, tid, id, isLocal, , , argsFrom, argsTo] =
      kernel.tellEvent();
    const whole = kernel.parse(kernel.calls.eventFrom.value, kernel.calls.position());
    const fields = asObject(whole);
    const args = whole === undefined && argsFrom !== 0 ? kernel.parse(argsFrom, argsTo) : fields.args;
    return {
      phase,
      name,
      category,
      time,
      duration,
      pid,
      tid,
      id,
      idIsLocal: isLocal !== 0,
      fields,
      args: asObject(args),
    };
  }

  #write(told: Told): void {
    const { phase, pid, tid, name, category, time, args } = told;
    if (phase === PHASE.metadata) this.#takeName(told);
    if (phase === PHASE.counter && this.#writeCounters(told)) return;
    const event = {
      time,
      uuid: this.packets.threadTrack(pid, tid),
      name,
      category,
      args,
      asJson: PROFILES.has(this.#answers.strings.get(name)),
      threadTime: numberOf(told.fields.tts),
    };
    if (phase === PHASE.complete && this.#writePair(event, told.duration)) return;
    const legacy = this.#legacyOf(told);
    const type = legacy.instantScope === 0 && Number.isNaN(legacy.duration) ? typeOf(phase) : 0;
    const isPlain = (type !== 0 || phase === 0) && legacy.bind === null && legacy.id === null;
    this.packets.event({
      ...event,
      type,
      legacy: isPlain ? null : { ...legacy, phase: type === 0 ? phase : 0 },
    });
  }

  #takeName({ name, pid, tid, args }: Told): void {
    const what = this.#answers.strings.get(name);
    if (typeof args.name !== 'string') return;
    if (what === 'thread_name') this.packets.nameThread(pid, tid, args.name);
    else if (what === 'process_name') this.packets.nameProcess(pid, args.name);
  }

  /** False where it has no numbers, or they are its thread's. */
  #writeCounters({ name, category, pid, time, args }: Told): boolean {
    const text = this.#answers.strings.get(name);
    if (text === THREAD_COUNTERS) return false;
    const values = typeof args.data === 'object' && args.data !== null ? args.data : args;
    let isWritten = false;
    for (const [key, value] of Object.entries(values)) {
      if (typeof value !== 'number') continue;
      isWritten = true;
      // What Chrome calls `value` has no name but its event's.
      const uuid = this.packets.counterTrack(pid, key === 'value' ? text : key);
      this.packets.event({ time, uuid, type: EVENT_TYPE.counter, name: 0, category, args: {}, value });
    }
    return isWritten;
  }

  /** A slice whose end lies between two microseconds. False where it can be told otherwise, or not so. */
  #writePair(event: Omit<PacketEvent, 'type' | 'legacy'>, duration: number): boolean {
    const { time, uuid } = event;
    if (!(duration > 0) || Number.isInteger(duration)) return false;
    let nest = this.#nests.get(uuid);
    if (nest === undefined) {
      nest = new Nest();
      this.#nests.set(uuid, nest);
    }
    const end = time + duration;
    if (!nest.take(time, end)) return false;
    this.packets.event({ ...event, type: EVENT_TYPE.sliceBegin });
    this.packets.event({ time: end, uuid, type: EVENT_TYPE.sliceEnd, name: 0, category: 0, args: {} });
    return true;
  }

  #legacyOf({ phase, duration, fields, id, idIsLocal }: Told): LegacyFields {
    const number = FLOWS.has(phase) && typeof fields.id === 'number' ? String(fields.id) : '';
    const text = number || this.#answers.strings.get(id);
    return {
      phase,
      duration,
      threadDuration: numberOf(fields.tdur),
      id: text === '' ? null : idOf(text, typeof fields.scope === 'string' ? fields.scope : '', idIsLocal),
      bind: SLICES.has(phase) ? bindOf(fields) : null,
      endsAround: FLOWS.has(phase) && typeof fields.bp === 'string' && fields.bp.startsWith('e'),
      instantScope: phase === PHASE.instant ? scopeOf(fields.s) : 0,
    };
  }
}

const NO_LEGACY: LegacyFields = {
  phase: 0,
  duration: Number.NaN,
  threadDuration: Number.NaN,
  id: null,
  bind: null,
  endsAround: false,
  instantScope: 0,
};

/** Slices of one thread that are told by their begins and ends: each within those that are open, none before another. */
class Nest {
  #last = Number.NEGATIVE_INFINITY;
  readonly #ends: number[] = [];

  take(start: number, end: number): boolean {
    if (!(start >= this.#last)) return false;
    const ends = this.#ends;
    while (ends.length > 0 && ends[ends.length - 1] <= start) ends.pop();
    if (ends.length > 0 && ends[ends.length - 1] < end) return false;
    this.#last = start;
    ends.push(end);
    return true;
  }
}

/** 0 where TrackEvent has no type for it. */
function typeOf(phase: number): number {
  if (phase === PHASE.begin) return EVENT_TYPE.sliceBegin;
  if (phase === PHASE.end) return EVENT_TYPE.sliceEnd;
  return phase === PHASE.instant ? EVENT_TYPE.instant : 0;
}

function scopeOf(scope: unknown): number {
  if (scope === 'g') return INSTANT_SCOPE.global;
  return scope === 'p' ? INSTANT_SCOPE.process : 0;
}

/** The kernel puts the scope before the id. */
function idOf(text: string, scope: string, isLocal: boolean): EventId {
  const isScoped = scope !== '' && text.startsWith(`${scope}:`);
  const value = parseNumber(isScoped ? text.slice(scope.length + 1) : text);
  return value === null
    ? { value: 0n, scope: text, isLocal }
    : { value, scope: isScoped ? scope : '', isLocal };
}

/** Sixteen hexadecimal digits, or as many decimal ones as fit into 64 bits whatever they are; null for all else. */
function parseNumber(text: string): bigint | null {
  return /^(0x[0-9a-f]{1,16}|\d{1,19})$/i.test(text) ? BigInt(text) : null;
}

function bindOf({ bind_id: id, flow_in: isIn, flow_out: isOut }: Args): LegacyFields['bind'] {
  if (isIn !== true && isOut !== true) return null;
  if (typeof id !== 'string' && typeof id !== 'number') return null;
  const text = String(id);
  const direction =
    isIn === true ? (isOut === true ? FLOW_DIRECTION.both : FLOW_DIRECTION.in) : FLOW_DIRECTION.out;
  return { id: parseNumber(text) ?? hashOf(text), direction };
}

/** FNV-1a, 64 bits: an id that is no number has to be one. */
function hashOf(text: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  return hash;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

/**
 * Clocks: what a packet's timestamp says in microseconds of the trace clock.
 * In: ClockSnapshot messages, and timestamps with the clock they are of. Out: microseconds as Chrome's JSON counts
 * them (its `ts`), and the link to Unix time.
 *
 * The trace clock is the one that the first snapshot calls primary: CLOCK_MONOTONIC in Chromium, boottime where none is
 * named. Clocks below 64 are the machine's; 64 and up belong to one packet sequence. An incremental clock's timestamp
 * counts from the sequence's last one.
 *
 * Nanoseconds since boot or 1970 may need more than the 53 bits of a double, so a moment is held as whole microseconds
 * and 0 … 999 nanoseconds, and joined last.
 * Refuses: clocks that no snapshot relates to the trace clock: NaN.
 */
import type { Wire } from './wire.ts';

export const CLOCK = { realtime: 1, monotonic: 3, boottime: 6, firstOfSequence: 64 } as const;

const TWO_32 = 0x1_0000_0000;

/** A moment or a distance: `micros` whole, `nanos` in 0 … 999. */
interface Nanotime {
  readonly micros: number;
  readonly nanos: number;
}

/** `count` units of `unit` nanoseconds; `high` and `low` are the halves of the count, a negative one's `high` has a sign. */
export function nanotimeOf(high: number, low: number, unit: number): Nanotime {
  const count = high * TWO_32 + low;
  if (Math.abs(count * unit) <= Number.MAX_SAFE_INTEGER) return normalize(0, count * unit);
  // Divides the 64-bit count by 1000 in two steps, so that nothing is rounded.
  const quotient = Math.floor(high / 1000);
  const rest = (high - quotient * 1000) * TWO_32 + low;
  const thousands = quotient * TWO_32 + Math.floor(rest / 1000);
  return normalize(thousands * unit, (rest % 1000) * unit);
}

function normalize(micros: number, nanos: number): Nanotime {
  const carry = Math.floor(nanos / 1000);
  return { micros: micros + carry, nanos: nanos - carry * 1000 };
}

/** Equal nanoseconds give equal numbers, however they were counted. */
function join(micros: number, nanos: number): number {
  const carry = Math.floor(nanos / 1000);
  return micros + carry + (nanos - carry * 1000) / 1000;
}

/** One clock at one moment, in its own time and in the trace's. */
interface Tie {
  readonly own: Nanotime;
  readonly trace: Nanotime;
}

/** A clock of one packet sequence. */
export class SequenceClock {
  /** Whole microseconds of the trace clock: an incremental clock's time now. */
  micros: number;
  readonly #unit: number;
  readonly #incremental: boolean;
  readonly #tie: Tie;
  #nanos: number;

  constructor(tie: Tie, unit: number, incremental: boolean) {
    this.#unit = unit;
    this.#incremental = incremental;
    this.#tie = tie;
    this.micros = tie.trace.micros;
    this.#nanos = tie.trace.nanos;
  }

  /** It goes on by whole microseconds from packet to packet, as Chromium's do. */
  get countsMicros(): boolean {
    return this.#incremental && this.#unit === 1000;
  }

  /** What the time now has beyond whole microseconds. */
  get fraction(): number {
    return this.#nanos / 1000;
  }

  /** The timestamp with these halves, in microseconds of the trace clock. */
  read(high: number, low: number): number {
    if (!this.#incremental) return shift(nanotimeOf(high, low, this.#unit), this.#tie);
    const count = (high | 0) * TWO_32 + low;
    if (this.#unit === 1000) this.micros += count;
    else {
      const nanos = this.#nanos + count * this.#unit;
      const carry = Math.floor(nanos / 1000);
      this.micros += carry;
      this.#nanos = nanos - carry * 1000;
    }
    return this.micros + this.#nanos / 1000;
  }
}

function shift(time: Nanotime, tie: Tie): number {
  return join(time.micros - tie.own.micros + tie.trace.micros, time.nanos - tie.own.nanos + tie.trace.nanos);
}

interface Reading {
  id: number;
  high: number;
  low: number;
  incremental: boolean;
  unit: number;
}

export class Clocks {
  /** Unix milliseconds at trace time 0, from the first snapshot that has both; null before. */
  unixMillisAtZero: number | null = null;
  #traceClock = 0;
  /** The machine's clocks in the order of their snapshots. */
  readonly #ties = new Map<number, Tie[]>();

  /** Takes a ClockSnapshot up to `end`; the sequence's own clocks among it go into `own`. */
  addSnapshot(wire: Wire, end: number, own: Map<number, SequenceClock>): void {
    const readings: Reading[] = [];
    let primary = 0;
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x0a) readings.push(readClock(wire, wire.fieldEnd(end)));
      else if (tag === 0x10) primary = wire.varint();
      else wire.skip(tag, end);
    }
    if (wire.at !== end || readings.length === 0) return;
    if (this.#traceClock === 0) this.#traceClock = chooseTraceClock(readings, primary);
    const trace = this.#traceTimeOf(readings);
    if (trace === null) return;
    for (const { id, high, low, unit, incremental } of readings) {
      const tie = { own: nanotimeOf(high, low, unit), trace };
      if (id >= CLOCK.firstOfSequence) own.set(id, new SequenceClock(tie, unit, incremental));
      else if (id !== this.#traceClock) this.#addTie(id, tie);
    }
  }

  /** The clock that the trace's times are of; 0 while no snapshot has told. */
  get traceClock(): number {
    return this.#traceClock;
  }

  /** A timestamp of a machine clock (0: of the trace clock itself) in microseconds of the trace clock. */
  read(clock: number, high: number, low: number): number {
    // Times before 0 are of traces whose clock began within them.
    const time = nanotimeOf(high | 0, low, 1);
    if (clock === 0 || clock === this.#traceClock) return join(time.micros, time.nanos);
    const ties = this.#ties.get(clock);
    return ties === undefined ? Number.NaN : shift(time, tieAt(ties, time));
  }

  #traceTimeOf(readings: readonly Reading[]): Nanotime | null {
    for (const { id, high, low } of readings) if (id === this.#traceClock) return nanotimeOf(high, low, 1);
    for (const { id, high, low } of readings) {
      const ties = this.#ties.get(id);
      if (ties === undefined) continue;
      const time = nanotimeOf(high, low, 1);
      const { own, trace } = tieAt(ties, time);
      return normalize(time.micros - own.micros + trace.micros, time.nanos - own.nanos + trace.nanos);
    }
    return null;
  }

  #addTie(id: number, tie: Tie): void {
    const ties = this.#ties.get(id);
    if (ties === undefined) this.#ties.set(id, [tie]);
    else ties.push(tie);
    if (id === CLOCK.realtime && this.unixMillisAtZero === null) {
      const { own, trace } = tie;
      this.unixMillisAtZero = (own.micros - trace.micros) / 1000 + (own.nanos - trace.nanos) / 1e6;
    }
  }
}

/** The last snapshot at or before `time`, else the first. */
function tieAt(ties: readonly Tie[], time: Nanotime): Tie {
  let low = 1;
  let high = ties.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ties[middle].own.micros <= time.micros) low = middle + 1;
    else high = middle;
  }
  return ties[low - 1];
}

function chooseTraceClock(readings: readonly Reading[], primary: number): number {
  const has = (id: number): boolean => readings.some((reading) => reading.id === id);
  if (primary !== 0 && has(primary)) return primary;
  if (has(CLOCK.boottime)) return CLOCK.boottime;
  return readings.find((reading) => reading.id < CLOCK.firstOfSequence)?.id ?? 0;
}

function readClock(wire: Wire, end: number): Reading {
  const reading: Reading = { id: 0, high: 0, low: 0, incremental: false, unit: 1 };
  while (wire.at < end) {
    const tag = wire.varint();
    if (tag === 0x08) reading.id = wire.varint();
    else if (tag === 0x10) {
      wire.varint64();
      reading.high = wire.high;
      reading.low = wire.low;
    } else if (tag === 0x18) reading.incremental = wire.varint() !== 0;
    else if (tag === 0x20) reading.unit = Math.max(1, wire.varint());
    else wire.skip(tag, end);
  }
  wire.close(end);
  return reading;
}

/**
 * One TrackEvent message, decoded into plain fields; its arguments are only located.
 * In: the message's bytes and the state of its sequence. Out: the fields, by `read()`; used again for each event.
 * Refuses: malformed messages: `read()` answers false.
 *
 * Names and categories come by number (iid) or as text; several categories are joined with commas, as JSON has them.
 */
import type { StringTable } from '../../base/index.ts';
import type { Sequence } from './sequence.ts';
import { hexOf, type Wire } from './wire.ts';

export const EVENT_TYPE = { sliceBegin: 1, sliceEnd: 2, instant: 3, counter: 4 } as const;

export class TrackEvent {
  /** See {@link EVENT_TYPE}; 0 where a legacy event gives its phase instead. */
  type = 0;
  /** String rows. */
  name = 0;
  category = 0;
  hasTrack = false;
  trackHigh = 0;
  trackLow = 0;
  hasAnnotations = false;
  hasCounterValue = false;
  counterValue = 0;
  sampleTraceId = 0;
  /** Legacy event: ASCII phase, 0 for none. */
  phase = 0;
  /** Microseconds; NaN for none. */
  duration = Number.NaN;
  /** String row, the scope included; 0 for none. */
  id = 0;
  idIsLocal = false;
  /** -1 for none. */
  pidOverride = -1;
  tidOverride = -1;
  readonly #strings: StringTable;
  /** First category's row → second's → row of both joined. */
  readonly #joined = new Map<number, Map<number, number>>();
  #legacyName = 0;
  #idText = '';
  #scope = '';
  #hasLegacy = false;
  /** Where the trace id was found: 3 in beginData, 2 at the top, 1 in data, 0 nowhere. */
  #traceIdRank = 0;

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  read(wire: Wire, end: number, sequence: Sequence): boolean {
    this.#clear();
    while (wire.at < end) this.#readField(wire, wire.varint(), end, sequence);
    if (this.name === 0) this.name = this.#legacyName;
    if (this.#idText !== '') {
      const text = this.#scope === '' ? this.#idText : `${this.#scope}:${this.#idText}`;
      this.id = this.#strings.intern(text);
    }
    return wire.at === end;
  }

  #clear(): void {
    this.type = 0;
    this.name = 0;
    this.category = 0;
    this.hasTrack = false;
    this.trackHigh = 0;
    this.trackLow = 0;
    this.hasAnnotations = false;
    this.hasCounterValue = false;
    this.sampleTraceId = 0;
    this.#traceIdRank = 0;
    if (!this.#hasLegacy) return;
    this.#hasLegacy = false;
    this.phase = 0;
    this.duration = Number.NaN;
    this.id = 0;
    this.idIsLocal = false;
    this.pidOverride = -1;
    this.tidOverride = -1;
    this.#legacyName = 0;
    this.#idText = '';
    this.#scope = '';
  }

  #readField(wire: Wire, tag: number, end: number, sequence: Sequence): void {
    switch (tag) {
      case 0x48: // 9 type
        this.type = wire.varint();
        return;
      case 0x18: // 3 category_iids
        this.#addCategory(sequence.interned.categories.get(wire.varint()));
        return;
      case 0x50: // 10 name_iid
        this.name = sequence.interned.names.get(wire.varint());
        return;
      case 0x58: // 11 track_uuid
        wire.varint64();
        this.hasTrack = true;
        this.trackHigh = wire.high;
        this.trackLow = wire.low;
        return;
      case 0x22: // 4 debug_annotations
        this.hasAnnotations = true;
        this.#lookForTraceId(wire, wire.fieldEnd(end), sequence);
        return;
      case 0x32: // 6 legacy_event
        this.#readLegacy(wire, wire.fieldEnd(end), sequence);
        return;
      default:
        this.#readRareField(wire, tag, end);
    }
  }

  #readRareField(wire: Wire, tag: number, end: number): void {
    switch (tag) {
      case 0xb2: // 22 categories
        this.#addCategory(this.#strings.intern(wire.textTo(wire.fieldEnd(end))));
        return;
      case 0xba: // 23 name
        this.name = this.#strings.intern(wire.textTo(wire.fieldEnd(end)));
        return;
      case 0xf0: // 30 counter_value
        this.hasCounterValue = true;
        this.counterValue = wire.signedVarint();
        return;
      case 0x161: // 44 double_counter_value
        this.hasCounterValue = true;
        this.counterValue = wire.double();
        return;
      default:
        wire.skip(tag, end);
    }
  }

  #addCategory(row: number): void {
    const first = this.category;
    if (first === 0 || row === 0) {
      this.category = first || row;
      return;
    }
    let bySecond = this.#joined.get(first);
    if (bySecond === undefined) {
      bySecond = new Map();
      this.#joined.set(first, bySecond);
    }
    let both = bySecond.get(row);
    if (both === undefined) {
      both = this.#strings.intern(`${this.#strings.get(first)},${this.#strings.get(row)}`);
      bySecond.set(row, both);
    }
    this.category = both;
  }

  #readLegacy(wire: Wire, end: number, sequence: Sequence): void {
    this.#hasLegacy = true;
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x08) this.#legacyName = sequence.interned.names.get(wire.varint());
      else if (tag === 0x10) this.phase = wire.varint();
      else this.#readLegacyField(wire, tag, end);
    }
    wire.close(end);
  }

  #readLegacyField(wire: Wire, tag: number, end: number): void {
    switch (tag) {
      case 0x18: // 3 duration_us
        this.duration = wire.signedVarint();
        return;
      case 0x30: // 6 unscoped_id
      case 0x58: // 11 global_id
        wire.varint64();
        this.#idText = hexOf(wire.high, wire.low);
        return;
      case 0x50: // 10 local_id
        wire.varint64();
        this.#idText = hexOf(wire.high, wire.low);
        this.idIsLocal = true;
        return;
      case 0x3a: // 7 id_scope
        this.#scope = wire.textTo(wire.fieldEnd(end));
        return;
      case 0x90: // 18 pid_override
        this.pidOverride = wire.signedVarint();
        return;
      case 0x98: // 19 tid_override
        this.tidOverride = wire.signedVarint();
        return;
      default:
        wire.skip(tag, end);
    }
  }

  /**
   * Looks into one annotation for V8's `sampleTraceId`, where Chrome's JSON has it too: in `beginData`, at the top, in
   * `data`, the first of these that has one. The cursor ends at `end`.
   */
  #lookForTraceId(wire: Wire, end: number, sequence: Sequence): void {
    const { sought } = sequence.interned;
    const start = wire.at;
    // Chrome writes the name first, as a number.
    if (sought.sampleTraceId < 0 || end === start || wire.bytes[start] !== 0x08) {
      wire.at = end;
      return;
    }
    wire.at = start + 1;
    const name = wire.varint();
    if (name === sought.beginData) this.#lookInDict(wire, end, sought.sampleTraceId, 3);
    else if (name === sought.sampleTraceId) this.#takeTraceId(wire, end, 2);
    else if (name === sought.data) this.#lookInDict(wire, end, sought.sampleTraceId, 1);
    wire.at = end;
  }

  #lookInDict(wire: Wire, end: number, sought: number, rank: number): void {
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag !== 0x5a) {
        wire.skip(tag, end);
        continue;
      }
      const entryEnd = wire.fieldEnd(end);
      if (entryEnd <= end && wire.bytes[wire.at] === 0x08) {
        wire.at++;
        if (wire.varint() === sought) this.#takeTraceId(wire, entryEnd, rank);
      }
      wire.at = entryEnd;
    }
  }

  #takeTraceId(wire: Wire, end: number, rank: number): void {
    while (wire.at < end) {
      const tag = wire.varint();
      // 3 uint_value, 4 int_value
      if (tag !== 0x18 && tag !== 0x20) {
        wire.skip(tag, end);
        continue;
      }
      const value = wire.varint();
      if (rank > this.#traceIdRank) {
        this.#traceIdRank = rank;
        this.sampleTraceId = value;
      }
    }
  }
}

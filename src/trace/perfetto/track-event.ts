/**
 * One TrackEvent message, decoded into plain fields; its arguments are only located.
 * In: the message's bytes and the state of its sequence. Out: the fields, by `read()`; used again for each event.
 * Refuses: malformed messages: `read()` answers false.
 *
 * Names and categories come by number (iid) or as text; several categories are joined with commas, as JSON has them.
 */
import type { StringTable } from '../../base/index.ts';
import type { FlowStep } from '../event.ts';
import { type Interned, TRACE_ID_RANKS } from './interned.ts';
import type { Sequence } from './sequence.ts';
import { hexOf, type Wire } from './wire.ts';

export const EVENT_TYPE = { sliceBegin: 1, sliceEnd: 2, instant: 3, counter: 4 } as const;

/** Chromium gives at most four; a hostile stream must not make us join texts without end. */
const MOST_CATEGORIES = 16;

/** Of the flows of one event; Chromium gives at most a few. */
const MOST_FLOWS = 16;

/** Of `flow_direction`: the slice is the end, or the start, of its flow. */
const FLOW_IN = 1;
const FLOW_OUT = 2;

/** String rows of two categories, and of both joined. */
export type OnJoin = (first: number, second: number, both: number) => void;

export class TrackEvent {
  /** See {@link EVENT_TYPE}; 0 where a legacy event gives its phase instead. */
  type = 0;
  /** String rows. */
  name = 0;
  category = 0;
  hasTrack = false;
  trackHigh = 0;
  trackLow = 0;
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
  /** The flows that it is a step of. */
  flows: FlowStep[] = [];
  /** Of a legacy flow's end: in the slice around it. */
  endsAround = false;
  /** Of its extra counters the first: in Chrome's events, thread time. NaN for none. */
  extraCounter = Number.NaN;
  /** Microseconds of processor time until the event (`tts`), and of a legacy slice (`tdur`); NaN for none. */
  threadTime = Number.NaN;
  threadDuration = Number.NaN;
  /** JSON text that is the value of `data` lies at [dataFrom, dataTo); 0 for none. */
  dataFrom = 0;
  dataTo = 0;
  readonly #strings: StringTable;
  readonly #onJoin: OnJoin | undefined;
  /** First category's row → second's → row of both joined. */
  readonly #joined = new Map<number, Map<number, number>>();
  #categories = 0;
  #legacyName = 0;
  #idText = '';
  #scope = '';
  /** A legacy slice's `bind_id`, and FLOW_* of what it does to that flow. */
  #bound: Pick<FlowStep, 'high' | 'low'> | null = null;
  #direction = 0;
  /** Whether any but type, name and category was set. */
  #hasMore = false;
  /** {@link TRACE_ID_RANKS} of where the trace id was found. */
  #traceIdRank = 0;

  /** `onJoin` is told of each pair of categories that is joined into one. */
  constructor(strings: StringTable, onJoin?: OnJoin) {
    this.#strings = strings;
    this.#onJoin = onJoin;
  }

  /** Reads the event from the cursor to `end`. */
  read(wire: Wire, end: number, sequence: Sequence): boolean {
    this.#clear();
    const { names, categories } = sequence.interned;
    const { bytes } = wire;
    let { at } = wire;
    while (at < end) {
      const value = bytes[at + 1];
      // Most tags, values and lengths take one byte each: these here, the rest field by field.
      if (value < 0x80) {
        switch (bytes[at]) {
          case 0x48: // 9 type
            this.type = value;
            at += 2;
            continue;
          case 0x60: // 12 extra_counter_values
            this.#addExtraCounter(value);
            at += 2;
            continue;
          case 0x18: // 3 category_iids
            this.#addCategory(categories.get(value));
            at += 2;
            continue;
          case 0x50: // 10 name_iid
            this.name = names.get(value);
            at += 2;
            continue;
          case 0x2a: // 5 task_execution
            at += 2 + value;
            continue;
        }
      }
      wire.at = at;
      this.#readField(wire, wire.varint(), end, sequence);
      at = wire.at;
    }
    if (this.#hasMore) this.#settleLegacy();
    return at === end;
  }

  #clear(): void {
    this.type = 0;
    this.name = 0;
    this.category = 0;
    this.#categories = 0;
    this.extraCounter = Number.NaN;
    if (!this.#hasMore) return;
    this.#hasMore = false;
    this.hasTrack = false;
    this.trackHigh = 0;
    this.trackLow = 0;
    this.hasCounterValue = false;
    this.counterValue = 0;
    this.sampleTraceId = 0;
    this.#traceIdRank = 0;
    this.phase = 0;
    this.duration = Number.NaN;
    this.id = 0;
    this.idIsLocal = false;
    this.pidOverride = -1;
    this.tidOverride = -1;
    this.threadTime = Number.NaN;
    this.threadDuration = Number.NaN;
    this.dataFrom = 0;
    this.flows = [];
    this.endsAround = false;
    this.#legacyName = 0;
    this.#idText = '';
    this.#scope = '';
    this.#direction = 0;
    this.#bound = null;
  }

  #settleLegacy(): void {
    if (this.name === 0) this.name = this.#legacyName;
    if (this.#bound !== null && this.flows.length < MOST_FLOWS) {
      const direction = this.#direction;
      this.flows.push({ ...this.#bound, starts: direction === FLOW_OUT, ends: direction === FLOW_IN });
    }
    if (this.#idText === '') return;
    const text = this.#scope === '' ? this.#idText : `${this.#scope}:${this.#idText}`;
    this.id = this.#strings.intern(text);
  }

  #readField(wire: Wire, tag: number, end: number, sequence: Sequence): void {
    this.#hasMore = true;
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
      case 0x60: // 12 extra_counter_values
        this.#addExtraCounter(wire.signedVarint());
        return;
      case 0x58: // 11 track_uuid
        wire.varint64();
        this.hasTrack = true;
        this.trackHigh = wire.high;
        this.trackLow = wire.low;
        return;
      case 0x22: // 4 debug_annotations
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
      case 0x88: // 17 thread_time_absolute_us
        this.threadTime = wire.signedVarint();
        return;
      case 0x179: // 47 flow_ids
      case 0x181: // 48 terminating_flow_ids
        if (wire.at + 8 > end) wire.skip(tag, end);
        else this.#addFlow(wire.fixed32(), wire.fixed32(), tag === 0x181);
        return;
      case 0x120: // 36 flow_ids_old
      case 0x150: // 42 terminating_flow_ids_old
        wire.varint64();
        this.#addFlow(wire.low, wire.high, tag === 0x150);
        return;
      default:
        wire.skip(tag, end);
    }
  }

  #addFlow(low: number, high: number, ends: boolean): void {
    if (this.flows.length < MOST_FLOWS) this.flows.push({ high, low, ends });
  }

  #addExtraCounter(value: number): void {
    if (Number.isNaN(this.extraCounter)) this.extraCounter = value;
  }

  #addCategory(row: number): void {
    const first = this.category;
    if (++this.#categories > MOST_CATEGORIES) return;
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
      this.#onJoin?.(first, row, both);
    }
    this.category = both;
  }

  #readLegacy(wire: Wire, end: number, sequence: Sequence): void {
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
      case 0x40: // 8 bind_id
        wire.varint64();
        this.#bound = { high: wire.high, low: wire.low };
        return;
      case 0x68: // 13 flow_direction
        this.#direction = wire.varint();
        return;
      case 0x20: // 4 thread_duration_us
        this.threadDuration = wire.signedVarint();
        return;
      case 0x60: // 12 bind_to_enclosing
        this.endsAround = wire.varint() !== 0;
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
  #lookForTraceId(wire: Wire, end: number, { interned }: Sequence): void {
    // Chrome writes the name first, and at this level as a number.
    if (wire.at < end && wire.bytes[wire.at] === 0x08) {
      wire.at++;
      const rank = interned.traceIdRanks.get(wire.varint());
      if (rank === TRACE_ID_RANKS.sampleTraceId) this.#takeTraceId(wire, end, rank);
      else if (rank !== 0) this.#lookInDict(wire, end, interned, rank);
    }
    wire.at = end;
  }

  #lookInDict(wire: Wire, end: number, interned: Interned, rank: number): void {
    while (wire.at < end) {
      const tag = wire.varint();
      // 9 legacy_json_value
      if (tag === 0x4a && rank === TRACE_ID_RANKS.data) this.#takeData(wire, wire.fieldEnd(end), end);
      else if (tag !== 0x5a) wire.skip(tag, end);
      else this.#lookInEntry(wire, wire.fieldEnd(end), interned, rank);
    }
  }

  /** `to`: where the text ends; past `end` where it is cut off. */
  #takeData(wire: Wire, to: number, end: number): void {
    if (to > end) return;
    this.dataFrom = wire.at;
    this.dataTo = to;
    wire.at = to;
  }

  #lookInEntry(wire: Wire, end: number, interned: Interned, rank: number): void {
    const nameTag = wire.bytes[wire.at++];
    const isTraceId =
      nameTag === 0x08
        ? interned.traceIdRanks.get(wire.varint()) === TRACE_ID_RANKS.sampleTraceId
        : nameTag === 0x52 && isTraceIdName(wire);
    if (isTraceId) this.#takeTraceId(wire, end, rank);
    wire.at = end;
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

const TRACE_ID_NAME = new TextEncoder().encode('sampleTraceId');

/** Whether the text whose length comes next is `sampleTraceId`; the cursor stands behind it then. */
function isTraceIdName(wire: Wire): boolean {
  const { bytes, at } = wire;
  if (bytes[at] !== TRACE_ID_NAME.length) return false;
  for (let i = 0; i < TRACE_ID_NAME.length; i++) if (bytes[at + 1 + i] !== TRACE_ID_NAME[i]) return false;
  wire.at = at + 1 + TRACE_ID_NAME.length;
  return true;
}

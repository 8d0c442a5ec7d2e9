/**
 * What a packet sequence says once and refers to by number afterwards: names, categories, annotation names and texts,
 * source locations. Valid until the sequence's incremental state is cleared.
 * In: InternedData messages. Out: string rows and texts by number (iid); 0, '' or undefined for numbers never given.
 */
import type { StringTable } from '../../base/index.ts';
import type { Wire } from './wire.ts';

/** Numbers are given out from 1 on: one that is far from the others does not cost an array of its size. */
const DENSE = 0x1_0000;
const FAR = 4;
/** Room for this many costs nothing worth saving. */
const FEW = 32;

/** Small numbers (string rows) by iid; 0 where none was set. */
export class InternedNumbers {
  /** Since {@link rows} were asked for. */
  changed = false;
  #dense = new Int32Array(FEW);
  readonly #sparse = new Map<number, number>();

  get(iid: number): number {
    return iid < this.#dense.length ? this.#dense[iid] : (this.#sparse.get(iid) ?? 0);
  }

  /** The values of the lower numbers. */
  rows(): Int32Array {
    this.changed = false;
    return this.#dense;
  }

  set(iid: number, value: number): void {
    this.changed = true;
    const { length } = this.#dense;
    if (iid >= DENSE || iid >= FAR * length) {
      this.#sparse.set(iid, value);
      return;
    }
    if (iid >= length) this.#grow(Math.max(iid + 1, 2 * length));
    this.#dense[iid] = value;
  }

  #grow(length: number): void {
    const larger = new Int32Array(length);
    larger.set(this.#dense);
    for (const [iid, value] of this.#sparse) {
      if (iid >= length) continue;
      larger[iid] = value;
      this.#sparse.delete(iid);
    }
    this.#dense = larger;
  }

  clear(): void {
    this.changed = true;
    // A stream may clear its state with each packet: that must not cost what was once interned.
    if (this.#dense.length > 32 * FEW) this.#dense = new Int32Array(FEW);
    else this.#dense.fill(0);
    this.#sparse.clear();
  }
}

export interface SourceLocation {
  readonly file: string;
  readonly function: string;
  readonly line: number;
}

/** Where V8's `sampleTraceId` may stand: inside these annotations, or as one. The higher rank counts. */
export const TRACE_ID_RANKS: Readonly<Record<string, number>> = { data: 1, sampleTraceId: 2, beginData: 3 };

/** What the arguments of an event refer to. */
export interface InternedWords {
  readonly annotationNames: ReadonlyMap<number, string>;
  readonly texts: ReadonlyMap<number, string>;
  readonly locations: ReadonlyMap<number, SourceLocation>;
}

export class Interned implements InternedWords {
  readonly names = new InternedNumbers();
  readonly categories = new InternedNumbers();
  annotationNames = new Map<number, string>();
  /** String rows of the same. */
  readonly annotationRows = new InternedNumbers();
  texts = new Map<number, string>();
  locations = new Map<number, SourceLocation>();
  /** {@link TRACE_ID_RANKS} of annotation names; Chrome gives one text several numbers. */
  readonly traceIdRanks = new InternedNumbers();
  readonly #strings: StringTable;

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  /** As they are until the state is cleared. */
  words(): InternedWords {
    const { annotationNames, texts, locations } = this;
    return { annotationNames, texts, locations };
  }

  clear(): void {
    this.names.clear();
    this.categories.clear();
    this.annotationNames = new Map();
    this.annotationRows.clear();
    this.texts = new Map();
    this.locations = new Map();
    this.traceIdRanks.clear();
  }

  /** Takes an InternedData message up to `end`. */
  add(wire: Wire, end: number): void {
    while (wire.at < end) {
      const tag = wire.varint();
      switch (tag) {
        case 0x0a: // 1 event_categories
        case 0x12: // 2 event_names
        case 0x1a: // 3 debug_annotation_names
        case 0xea: // 29 debug_annotation_string_values
          this.#addText(wire, tag, wire.fieldEnd(end));
          break;
        case 0x22: // 4 source_locations
          this.#addLocation(wire, wire.fieldEnd(end));
          break;
        default:
          wire.skip(tag, end);
      }
    }
  }

  #addText(wire: Wire, kind: number, end: number): void {
    let iid = -1;
    let text = '';
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x08) iid = wire.varint();
      else if (tag === 0x12) text = wire.textTo(wire.fieldEnd(end));
      else wire.skip(tag, end);
    }
    wire.close(end);
    if (iid < 0) return;
    if (kind === 0x0a) this.categories.set(iid, this.#strings.intern(text));
    else if (kind === 0x12) this.names.set(iid, this.#strings.intern(text));
    else if (kind === 0xea) this.texts.set(iid, text);
    else {
      this.annotationNames.set(iid, text);
      this.annotationRows.set(iid, this.#strings.intern(text));
      if (Object.hasOwn(TRACE_ID_RANKS, text)) this.traceIdRanks.set(iid, TRACE_ID_RANKS[text]);
    }
  }

  #addLocation(wire: Wire, end: number): void {
    let iid = -1;
    let file = '';
    let name = '';
    let line = 0;
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x08) iid = wire.varint();
      else if (tag === 0x12) file = wire.textTo(wire.fieldEnd(end));
      else if (tag === 0x1a) name = wire.textTo(wire.fieldEnd(end));
      else if (tag === 0x20) line = wire.varint();
      else wire.skip(tag, end);
    }
    wire.close(end);
    if (iid >= 0) this.locations.set(iid, { file, function: name, line });
  }
}

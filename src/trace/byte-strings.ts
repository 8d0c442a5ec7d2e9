/**
 * Text interned straight from bytes: the same bytes give the same string row without making a string first.
 * In: UTF-8 bytes (JSON escapes already absent). Out: rows of the string table.
 * An open-addressing hash table over a pool of the distinct texts' bytes; a text is decoded once, when first seen. Only a
 * few bytes are hashed at first: every hit is compared whole anyway, and a trace's names and categories differ in those
 * few. Texts that do not (hostile ones, long numbered ones) make the table hash all bytes from then on.
 */
import type { StringTable } from '../base/index.ts';

/** So many entries in a row at one slot mean that the few hashed bytes do not tell the texts apart. */
const LONGEST_PROBE = 24;

export class ByteStrings {
  readonly #strings: StringTable;
  readonly #decoder = new TextDecoder();
  /** Slot → entry + 1; 0 is empty. The length is a power of two. */
  #slots = new Int32Array(4096);
  #count = 0;
  /** By entry. */
  #hash = new Int32Array(2048);
  #poolStart = new Int32Array(2048);
  #poolEnd = new Int32Array(2048);
  #row = new Int32Array(2048);
  #pool = new Uint8Array(65536);
  #poolLength = 0;
  #hashesAll = false;

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  /** The string row of bytes[from, to). */
  intern(bytes: Uint8Array, from: number, to: number): number {
    if (from === to) return 0;
    const hash = this.#hashesAll ? hashAll(bytes, from, to) : hashSome(bytes, from, to);
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let probes = 0; ; probes++) {
      const entry = this.#slots[slot] - 1;
      if (entry < 0) return this.#add(bytes.subarray(from, to), hash, slot);
      if (this.#hash[entry] === hash && this.#equals(entry, bytes, from, to)) return this.#row[entry];
      if (probes === LONGEST_PROBE && !this.#hashesAll) {
        this.#hashAllFromNow();
        return this.intern(bytes, from, to);
      }
      slot = (slot + 1) & mask;
    }
  }

  #hashAllFromNow(): void {
    this.#hashesAll = true;
    for (let entry = 0; entry < this.#count; entry++) {
      this.#hash[entry] = hashAll(this.#pool, this.#poolStart[entry], this.#poolEnd[entry]);
    }
    this.#fillSlots(this.#slots.length);
  }

  #equals(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#poolStart[entry];
    if (this.#poolEnd[entry] - start !== to - from) return false;
    for (let i = from, p = start; i < to; i++, p++) if (bytes[i] !== this.#pool[p]) return false;
    return true;
  }

  #add(text: Uint8Array, hash: number, slot: number): number {
    const entry = this.#count++;
    if (entry === this.#row.length) this.#growEntries();
    while (this.#poolLength + text.length > this.#pool.length) {
      const larger = new Uint8Array(this.#pool.length * 2);
      larger.set(this.#pool);
      this.#pool = larger;
    }
    this.#pool.set(text, this.#poolLength);
    this.#hash[entry] = hash;
    this.#poolStart[entry] = this.#poolLength;
    this.#poolLength += text.length;
    this.#poolEnd[entry] = this.#poolLength;
    const row = this.#strings.intern(this.#decoder.decode(text));
    this.#row[entry] = row;
    this.#slots[slot] = entry + 1;
    if (this.#count * 2 > this.#slots.length) this.#fillSlots(this.#slots.length * 2);
    return row;
  }

  #growEntries(): void {
    const grow = (column: Int32Array): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(column.length * 2);
      larger.set(column);
      return larger;
    };
    this.#hash = grow(this.#hash);
    this.#poolStart = grow(this.#poolStart);
    this.#poolEnd = grow(this.#poolEnd);
    this.#row = grow(this.#row);
  }

  #fillSlots(slotCount: number): void {
    const slots = new Int32Array(slotCount);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#count; entry++) {
      const hash = this.#hash[entry];
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.#slots = slots;
  }
}

const FNV_PRIME = 0x01000193;

function hashAll(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], FNV_PRIME);
  return hash;
}

/** Length, and bytes spread over the text: front, back and two in between. */
function hashSome(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  let hash = length;
  hash = Math.imul(hash ^ bytes[from], FNV_PRIME);
  hash = Math.imul(hash ^ bytes[from + (length >>> 2)], FNV_PRIME);
  hash = Math.imul(hash ^ bytes[from + (length >>> 1)], FNV_PRIME);
  hash = Math.imul(hash ^ bytes[to - 1], FNV_PRIME);
  if (length > 2) hash = Math.imul(hash ^ (bytes[to - 2] | (bytes[to - 3] << 8)), FNV_PRIME);
  return hash;
}

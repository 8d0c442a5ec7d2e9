/**
 * Pairs of 64-bit numbers → a number: threads, async ids, frames, nodes of a profile.
 * In: two keys. Out: their value, or -1. Open addressing over records in the order in which they were added; seeded, so
 * that nobody can write a file whose keys all meet in one slot.
 */
import { allocate, makeRows, Rows } from './memory.ts';

let seed: u64 = 0;

/** Once, before anything is kept. */
export function setSeed(value: u32): void {
  seed = <u64>value * 0x9e3779b1;
}

@unmanaged
class Pair {
  first: u64;
  second: u64;
  hash: u32;
  value: i32;
  slot: u32;
}

@unmanaged
export class PairMap {
  /** Slot → pair + 1; 0 is empty. The number of slots is a power of two. */
  slots: usize;
  mask: u32;
  pairs: Rows<Pair>;
  /** Of the keys that `find` did not find, for `add`. */
  missedFirst: u64;
  missedSecond: u64;
  missedHash: u32;

  /** The value of the keys, or -1; then `add` gives them one. */
  find(first: u64, second: u64): i32 {
    const hash = hashPair(first, second);
    const mask = this.mask;
    let slot = hash & mask;
    for (;;) {
      const entry = load<u32>(this.slots + (slot << 2));
      if (entry === 0) break;
      const pair = this.pairs.at(entry - 1);
      if (pair.hash === hash && pair.first === first && pair.second === second) return pair.value;
      slot = (slot + 1) & mask;
    }
    this.missedFirst = first;
    this.missedSecond = second;
    this.missedHash = hash;
    return -1;
  }

  /** Gives the keys that were just sought in vain their value. */
  add(value: i32): void {
    if (this.pairs.length * 2 > this.mask) this.grow();
    const pair = this.pairs.push();
    pair.first = this.missedFirst;
    pair.second = this.missedSecond;
    pair.hash = this.missedHash;
    pair.value = value;
    this.place(pair.hash, this.pairs.length);
  }

  /** Gives keys a value, new or old. */
  set(first: u64, second: u64, value: i32): void {
    const hash = hashPair(first, second);
    let slot = hash & this.mask;
    for (;;) {
      const entry = load<u32>(this.slots + (slot << 2));
      if (entry === 0) break;
      const pair = this.pairs.at(entry - 1);
      if (pair.hash === hash && pair.first === first && pair.second === second) {
        pair.value = value;
        return;
      }
      slot = (slot + 1) & this.mask;
    }
    this.missedFirst = first;
    this.missedSecond = second;
    this.missedHash = hash;
    this.add(value);
  }

  /** Forgets all pairs. */
  clear(): void {
    for (let i: u32 = 0; i < this.pairs.length; i++) store<u32>(this.slots + (this.pairs.at(i).slot << 2), 0);
    this.pairs.length = 0;
  }

  place(hash: u32, entry: u32): void {
    let slot = hash & this.mask;
    while (load<u32>(this.slots + (slot << 2)) !== 0) slot = (slot + 1) & this.mask;
    store<u32>(this.slots + (slot << 2), entry);
    this.pairs.at(entry - 1).slot = slot;
  }

  grow(): void {
    const slotCount = (this.mask + 1) * 2;
    this.slots = allocate(slotCount << 2);
    this.mask = slotCount - 1;
    const count = this.pairs.length;
    for (let i: u32 = 0; i < count; i++) this.place(this.pairs.at(i).hash, i + 1);
  }
}

/** `slotCount` is a power of two. */
export function makePairMap(slotCount: u32): PairMap {
  const map = changetype<PairMap>(allocate(offsetof<PairMap>()));
  map.slots = allocate(slotCount << 2);
  map.mask = slotCount - 1;
  map.pairs = makeRows<Pair>();
  return map;
}

/** Two rows as one key. */
export function joinRows(high: i32, low: i32): u64 {
  return ((<u64>high) << 32) | (<u64>low & 0xffffffff);
}

/** A number as a key: 0 and -0 are one. */
export function numberKey(value: f64): u64 {
  return reinterpret<u64>(value + 0);
}

function hashPair(first: u64, second: u64): u32 {
  return finish(mix(mix(seed, first), second));
}

/** A hash with another 64 bits in it. */
export function mix(hash: u64, value: u64): u64 {
  const mixed = (hash ^ value) * 0x9e3779b97f4a7c15;
  return mixed ^ (mixed >> 29);
}

export function finish(hash: u64): u32 {
  const mixed = hash * 0xbf58476d1ce4e5b9;
  return <u32>(mixed >> 32);
}

export function startHash(length: u32): u64 {
  return seed ^ length;
}

/**
 * Text interned straight from bytes: the same bytes give the same string row without making a string first.
 * In: bytes of a JSON string, without its quotes. Out: rows of JavaScript's string table, which is asked once per text.
 * Only a few bytes are hashed at first: every hit is compared whole anyway, and a trace's names and categories differ in
 * those few. Texts that do not (hostile ones, long numbered ones) make the table hash all bytes from then on.
 */
import { allocate, makeRows } from './memory.ts';
import { newText } from './outside.ts';
import { finish, mix, startHash } from './pair-map.ts';

/** So many entries in a row at one slot mean that the few hashed bytes do not tell the texts apart. */
const LONGEST_PROBE: u32 = 24;
const POOL_BLOCK: u32 = 1 << 16;

@unmanaged
class Text {
  at: usize;
  length: u32;
  hash: u32;
  row: i32;
}

const texts = makeRows<Text>();
let slotMask: u32 = 4095;
let slots: usize = allocate((slotMask + 1) << 2);
let hashesAll: bool = false;
let pool: usize = 0;
let poolRest: u32 = 0;

/** The string row of the `length` bytes at `at`, which must be followed by eight that may be read. */
export function internText(at: usize, length: u32, isEscaped: bool): i32 {
  if (length === 0) return 0;
  const hash = hashesAll ? hashAll(at, length) : hashSome(at, length);
  let slot = hash & slotMask;
  let probes: u32 = 0;
  while (true) {
    const entry = load<u32>(slots + (slot << 2));
    if (entry === 0) return addText(at, length, hash, isEscaped);
    const text = texts.at(entry - 1);
    if (text.hash === hash && text.length === length && isSame(text.at, at, length)) return text.row;
    if (probes++ === LONGEST_PROBE && !hashesAll) {
      hashAllFromNow();
      return internText(at, length, isEscaped);
    }
    slot = (slot + 1) & slotMask;
  }
}

function addText(at: usize, length: u32, hash: u32, isEscaped: bool): i32 {
  const row = newText(at, length, isEscaped);
  const text = texts.push();
  text.at = keep(at, length);
  text.length = length;
  text.hash = hash;
  text.row = row;
  if (texts.length * 2 > slotMask) growSlots(slotMask * 2 + 1);
  else placeText(hash, texts.length);
  return row;
}

/** A copy of the bytes, with eight behind them that may be read. */
function keep(at: usize, length: u32): usize {
  const needed = length + 8;
  if (needed > poolRest) {
    poolRest = max(needed, POOL_BLOCK);
    pool = allocate(poolRest);
  }
  const kept = pool;
  memory.copy(kept, at, length);
  pool += length;
  poolRest -= length;
  return kept;
}

function placeText(hash: u32, entry: u32): void {
  let slot = hash & slotMask;
  while (load<u32>(slots + (slot << 2)) !== 0) slot = (slot + 1) & slotMask;
  store<u32>(slots + (slot << 2), entry);
}

function growSlots(mask: u32): void {
  slotMask = mask;
  slots = allocate((mask + 1) << 2);
  for (let i: u32 = 0; i < texts.length; i++) placeText(texts.at(i).hash, i + 1);
}

function hashAllFromNow(): void {
  hashesAll = true;
  for (let i: u32 = 0; i < texts.length; i++) {
    const text = texts.at(i);
    text.hash = hashAll(text.at, text.length);
  }
  memory.fill(slots, 0, (slotMask + 1) << 2);
  for (let i: u32 = 0; i < texts.length; i++) placeText(texts.at(i).hash, i + 1);
}

function isSame(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0;
  while (i + 8 <= length) {
    if (load<u64>(a + i) !== load<u64>(b + i)) return false;
    i += 8;
  }
  return i === length || lowBytes(load<u64>(a + i) ^ load<u64>(b + i), length - i) === 0;
}

/** The first `count` bytes of eight, 1 to 7. */
function lowBytes(value: u64, count: u32): u64 {
  return value & (((<u64>1) << (<u64>count * 8)) - 1);
}

function hashAll(at: usize, length: u32): u32 {
  let hash = startHash(length);
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) hash = mix(hash, load<u64>(at + i));
  if (i < length) hash = mix(hash, lowBytes(load<u64>(at + i), length - i));
  return finish(hash);
}

/** Length, and bytes from the front, the back and the middle. */
function hashSome(at: usize, length: u32): u32 {
  const hash = startHash(length);
  if (length < 8) return finish(mix(hash, lowBytes(load<u64>(at), length)));
  const ends = mix(mix(hash, load<u64>(at)), load<u64>(at + length - 8));
  return finish(length <= 16 ? ends : mix(ends, load<u64>(at + (length >>> 1) - 4)));
}

/**
 * V8's `sampleTraceId` in the arguments of a TrackEvent, where Chrome's JSON has it too: in `beginData`, at the top, in
 * `data`, the first of these that has one.
 * In: one debug annotation after the other. Out: the number (`foundTraceId`), 0 for none.
 */
import { beginDataKey, dataKey, keyOf, Sequence, traceIdKey } from './sequences.ts';
import { after, isBroken, readVarint } from './varint.ts';

/** As TRACE_ID_RANKS of src/trace/perfetto/interned.ts: where it may stand, and which counts. */
const RANK_DATA: i32 = 1;
const RANK_ITSELF: i32 = 2;
const RANK_BEGIN_DATA: i32 = 3;

export let foundTraceId: f64 = 0;
let foundRank: i32 = 0;

/** Looks into the annotation at [from, to); forgets the last event's where `from` is 0. False where it is malformed. */
export function lookForTraceId(from: usize, to: usize, sequence: Sequence): bool {
  if (from === 0) {
    foundTraceId = 0;
    foundRank = 0;
    return true;
  }
  // Chrome writes the name first, and at this level as a number.
  if (from >= to || load<u8>(from) !== 0x08) return true;
  const rank = rankOf(from + 1, to, sequence);
  if (isBroken()) return false;
  if (rank === RANK_ITSELF) return takeTraceId(after, to, rank);
  return rank === 0 || lookInDict(after, to, sequence, rank);
}

/** The rank of the annotation name whose number stands at `at`; 0 for none. */
function rankOf(at: usize, to: usize, sequence: Sequence): i32 {
  const key = keyOf(at, to, sequence);
  if (key === dataKey) return RANK_DATA;
  if (key === traceIdKey) return RANK_ITSELF;
  return key === beginDataKey ? RANK_BEGIN_DATA : 0;
}

function lookInDict(from: usize, to: usize, sequence: Sequence, rank: i32): bool {
  let at = from;
  while (at < to) {
    const tag: u32 = load<u8>(at);
    const isEntry = tag === 0x5a;
    const value = readVarint(at + 1, to);
    // Dictionaries hold nothing but entries; what else there is comes with a tag of one byte.
    if (isBroken() || tag >= 0x80) return false;
    at = after;
    if ((tag & 7) === 0) continue;
    if ((tag & 7) !== 2 || value > <u64>(to - at)) return false;
    const entryTo = at + <usize>value;
    if (isEntry && !lookInEntry(at, entryTo, sequence, rank)) return false;
    at = entryTo;
  }
  return true;
}

function lookInEntry(from: usize, to: usize, sequence: Sequence, rank: i32): bool {
  if (from >= to) return false;
  const tag: u32 = load<u8>(from);
  if (tag === 0x08) {
    const isTraceId = rankOf(from + 1, to, sequence) === RANK_ITSELF;
    if (isBroken()) return false;
    return !isTraceId || takeTraceId(after, to, rank);
  }
  return tag !== 0x52 || !isTraceIdName(from + 1, to) || takeTraceId(from + 15, to, rank);
}

/** Whether the text whose length comes at `at` is `sampleTraceId`. */
function isTraceIdName(at: usize, to: usize): bool {
  // 13, sampleTr, aceI, d
  if (to - at < 14 || load<u8>(at) !== 13) return false;
  if (load<u64>(at + 1) !== 0x7254656c706d6173 || load<u32>(at + 9) !== 0x49656361) return false;
  return load<u8>(at + 13) === 0x64;
}

function takeTraceId(from: usize, to: usize, rank: i32): bool {
  let at = from;
  while (at < to) {
    const tag: u32 = load<u8>(at);
    const value = readVarint(at + 1, to);
    // 3 uint_value, 4 int_value
    if (isBroken() || (tag !== 0x18 && tag !== 0x20)) return false;
    at = after;
    if (rank > foundRank) {
      foundRank = rank;
      foundTraceId = <f64>value;
    }
  }
  return true;
}

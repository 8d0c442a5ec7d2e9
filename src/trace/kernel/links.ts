/**
 * Links, as they are read: events that name what they belong together with (src/trace/links.ts says which).
 * In: string rows of the frame and the id that the arguments of the event at hand name. Out: rows in file order, handed
 * out in batches.
 */
import { name, offset, pid, tid, time } from './event.ts';
import { makeRows } from './memory.ts';
import {
  STAGE_ROWS,
  stageCategory,
  stageDetail,
  stageName,
  stageParent,
  stageStart,
  stageThread,
} from './stage.ts';
import { threadRow } from './threads.ts';

@unmanaged
class Link {
  time: f64;
  offset: f64;
  name: i32;
  frame: i32;
  id: i32;
  thread: u16;
}

const links = makeRows<Link>();

export function addLink(frame: i32, id: i32): void {
  const link = links.push();
  link.time = time;
  link.offset = offset;
  link.name = name;
  link.frame = frame;
  link.id = id;
  link.thread = <u16>threadRow(pid, tid);
}

export function linkCount(): u32 {
  return links.length;
}

/** Links: as slices are; frame and id as their parent and category. */
export function stageLinks(from: u32): u32 {
  const count = min(links.length - from, STAGE_ROWS);
  for (let i: u32 = 0; i < count; i++) {
    const link = links.at(from + i);
    store<f64>(stageStart + (i << 3), link.time);
    store<f64>(stageDetail + (i << 3), link.offset);
    store<i32>(stageName + (i << 2), link.name);
    store<i32>(stageParent + (i << 2), link.frame);
    store<i32>(stageCategory + (i << 2), link.id);
    store<u16>(stageThread + (i << 1), link.thread);
  }
  return count;
}

/** Keys that links are told by: the frame, and ids by rank, of which the first that there is counts. 0 is none of them. */
export const KEY_FRAME: u32 = 6;
/** No key is longer. */
const LONGEST: u32 = 10;

/** The key of so many bytes: timerId 1, traceId 2, taskId 3, identifier 4, id 5, frame 6. */
export function keyOfLink(at: usize, length: u32): u32 {
  if (length < 2 || length > LONGEST) return 0;
  switch (length) {
    case 2:
      return <u32>load<u16>(at) === 0x6469 ? 5 : 0; // id
    case 5: // fram e
      return load<u32>(at) === 0x6d617266 && load<u8>(at + 4) === 0x65 ? KEY_FRAME : 0;
    case 6: // task Id
      return load<u32>(at) === 0x6b736174 && load<u16>(at + 4) === 0x6449 ? 3 : 0;
    case 7: {
      if (load<u16>(at + 5) !== 0x6449) return 0; // Id
      const letters = load<u32>(at);
      const fifth: u32 = load<u8>(at + 4);
      if (letters === 0x656d6974 && fifth === 0x72) return 1; // time r
      return letters === 0x63617274 && fifth === 0x65 ? 2 : 0; // trac e
    }
    case 10: // identifi er
      return load<u64>(at) === 0x696669746e656469 && load<u16>(at + 8) === 0x7265 ? 4 : 0;
    default:
      return 0;
  }
}

/** What the event at hand says so far. */
let frame: i32 = 0;
let id: i32 = 0;
/** Of the id's key; 0 while there is none. */
let rank: u32 = 0;
let hasFrame: bool = false;
let isRead: bool = false;

export function beginLink(): void {
  frame = 0;
  id = 0;
  rank = 0;
  hasFrame = false;
  isRead = false;
}

/** What its arguments say of a key: a string row, 0 for what is neither text nor number. False for a key that came already. */
export function takeLinkKey(key: u32, row: i32): bool {
  if (key === KEY_FRAME) {
    if (hasFrame) return false;
    hasFrame = true;
    frame = row;
    return true;
  }
  if (key === rank) return false;
  if (rank === 0 || key < rank) {
    rank = key;
    id = row;
  }
  return true;
}

/** All of them were read. */
export function endLink(): void {
  isRead = true;
}

export function hasLink(): bool {
  return isRead;
}

/** Files what was read. */
export function tellLink(): void {
  addLink(frame, id);
  isRead = false;
}

/** The event was not taken. */
export function dropLink(): void {
  isRead = false;
}

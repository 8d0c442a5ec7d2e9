/**
 * What a name makes of the events that bear it. JavaScript is asked once per name.
 * In: string rows. Out: TRAIT_* bits.
 */
import { allocate } from './memory.ts';
import { traitsOfName } from './outside.ts';

/** The tables need its arguments; as a category: of all its events but ends. */
export const TRAIT_LOOK: u32 = 1;
/** …and it is a `thread_name` or `process_name`: those count as metadata events only, all others never as such. */
export const TRAIT_TELLS_NAME: u32 = 2;
/** It is a `ProfileChunk`. */
export const TRAIT_CHUNK: u32 = 4;
/** It does not count for the trace's bounds. */
export const TRAIT_UMA: u32 = 8;
/** Slices of that name run JavaScript; start a task. */
export const TRAIT_RUNS_JS: u32 = 16;
export const TRAIT_STARTS_TASK: u32 = 32;
/** It has numbers over time in its arguments. */
export const TRAIT_COUNTERS: u32 = 64;
/** It names what it belongs together with. */
export const TRAIT_LINK: u32 = 128;
/** Slices of that name are tasks of their thread. */
export const TRAIT_TASK: u32 = 512;
const TRAIT_KNOWN: u32 = 256;

let traits: usize = 0;
let room: u32 = 0;

export function traitsOf(name: i32): u32 {
  if (<u32>name < room) {
    const known: u32 = load<u16>(traits + ((<usize>name) << 1));
    if (known !== 0) return known;
  } else grow(<u32>name + 1);
  const asked = <u32>traitsOfName(name) | TRAIT_KNOWN;
  store<u16>(traits + ((<usize>name) << 1), <u16>asked);
  return asked;
}

function grow(needed: u32): void {
  const larger = max<u32>(4096, needed * 2);
  const moved = allocate(larger << 1);
  memory.copy(moved, traits, room << 1);
  traits = moved;
  room = larger;
}

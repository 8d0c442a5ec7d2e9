/**
 * The kernel's memory: handed out once, never taken back. A kernel lives as long as one trace is read; then the whole of
 * its memory goes.
 * In: numbers of bytes; rows one by one. Out: addresses, 16-aligned, zeroed; tables of records that grow without moving.
 * Runs out (and traps) at 4 GB.
 */

const PAGE: usize = 65536;
/** Pages taken at once, at least. Pages that nothing was written to cost nothing. */
const FEWEST_PAGES: i32 = 32;

let next: usize = (__heap_base + 15) & ~15;
let limit: usize = <usize>memory.size() * PAGE;

/** `bytes` of fresh memory, all 0. */
export function allocate(bytes: usize): usize {
  const at = next;
  const end = at + ((bytes + 15) & ~15);
  if (end < at) unreachable();
  if (end > limit) grow(<i32>((end - limit + PAGE - 1) / PAGE));
  next = end;
  return at;
}

/**
 * Takes at least so many pages, and half of what there is already: with every step V8 counts the whole memory as new, and
 * collects garbage all the sooner.
 */
function grow(fewest: i32): void {
  const pages = max(max(fewest, FEWEST_PAGES), memory.size() >> 1);
  if (memory.grow(pages) >= 0) {
    limit += <usize>pages * PAGE;
    return;
  }
  if (memory.grow(fewest) < 0) unreachable();
  limit += <usize>fewest * PAGE;
}

const BLOCK_SHIFT: u32 = 11;
const BLOCK_ROWS: u32 = 1 << BLOCK_SHIFT;

/** Records of type T, in blocks, so that growing copies nothing and leaves nothing behind. */
@unmanaged
export class Rows<T> {
  /** Addresses of the blocks. */
  blocks: usize;
  blockCount: u32;
  blockRoom: u32;
  length: u32;

  /** Row `row`, below `length`. Stays where it is. */
  at(row: u32): T {
    const block = load<usize>(this.blocks + ((row >>> BLOCK_SHIFT) << 2));
    return changetype<T>(block + (row & (BLOCK_ROWS - 1)) * sizeOf<T>());
  }

  /** A new last row. What was there before a row was dropped is still in it. */
  push(): T {
    const row = this.length++;
    if (row >>> BLOCK_SHIFT >= this.blockCount) this.addBlock();
    return this.at(row);
  }

  addBlock(): void {
    if (this.blockCount === this.blockRoom) {
      const room = max<u32>(16, this.blockRoom * 2);
      const blocks = allocate(room << 2);
      memory.copy(blocks, this.blocks, this.blockCount << 2);
      this.blocks = blocks;
      this.blockRoom = room;
    }
    store<usize>(this.blocks + (this.blockCount++ << 2), allocate(BLOCK_ROWS * sizeOf<T>()));
  }
}

export function makeRows<T>(): Rows<T> {
  return changetype<Rows<T>>(allocate(offsetof<Rows<T>>()));
}

/** Bytes of a record in a row of them: WebAssembly reads doubles from any address, and most records are of `i32`. */
function sizeOf<T>(): u32 {
  return (<u32>offsetof<T>() + 3) & ~3;
}

/** A record of one number. */
@unmanaged
export class Int {
  value: i32;
}

@unmanaged
export class Double {
  value: f64;
}

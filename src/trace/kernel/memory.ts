/**
 * The kernel's memory: handed out once, never taken back. A kernel lives as long as one trace is read; then the whole of
 * its memory goes.
 * In: numbers of bytes. Out: addresses, 16-aligned, zeroed. Runs out (and traps) at 4 GB.
 */

const PAGE: usize = 65536;

let next: usize = (__heap_base + 15) & ~15;
let limit: usize = <usize>memory.size() * PAGE;

/** `bytes` of fresh memory, all 0. */
export function allocate(bytes: usize): usize {
  const at = next;
  const end = at + ((bytes + 15) & ~15);
  if (end < at) unreachable();
  if (end > limit) {
    const pages = <i32>((end - limit + PAGE - 1) / PAGE);
    // Few, larger steps: each one makes JavaScript look at the memory anew.
    const step = max(pages, 16);
    if (memory.grow(step) < 0) unreachable();
    limit += <usize>step * PAGE;
  }
  next = end;
  return at;
}

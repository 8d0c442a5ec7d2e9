/** String rows of the words that the tables are settled by; -1 where the trace has none. */

/** V8's own names for what it was doing, as outermost frames. */
export let rootName: i32 = -1;
export let programName: i32 = -1;
export let idleName: i32 = -1;
export let collectorName: i32 = -1;
/** Address of V8's own C++ functions, which it puts into stacks when its runtime statistics are on. */
export let nativeUrl: i32 = -1;

export function setWords(root: i32, program: i32, idle: i32, collector: i32, native: i32): void {
  rootName = root;
  programName = program;
  idleName = idle;
  collectorName = collector;
  nativeUrl = native;
}

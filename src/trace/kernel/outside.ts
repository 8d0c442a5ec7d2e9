/**
 * What the kernel asks of JavaScript (src/trace/kernel.ts answers). Rare things only: each text, thread and name once,
 * odd numbers and ids, events whose arguments the tables need, and finished rows in batches.
 */

/** The string row of a text seen for the first time. Escaped: it has a backslash. */
export declare function newText(at: usize, length: u32, isEscaped: bool): i32;
/** The row of a thread seen for the first time. */
export declare function newThread(pid: f64, tid: f64): i32;
/** What events of this name are to us: TRAIT_* bits (traits.ts). */
export declare function traitsOfName(name: i32): i32;
/** A number that is no plain integer or short decimal; NaN where it is none at all. */
export declare function parseNumber(at: usize, length: u32): f64;
/** The string row of an id of unusual form, times 2, plus 1 where it is local to its process. */
export declare function parseId(at: usize, length: u32): i32;
/** The string row of an id with its scope. */
export declare function scopeId(scope: i32, id: i32): i32;
/** Hands over the event at hand (event.ts), whose arguments the tables need. */
export declare function look(): void;
/** Hands over the counter event at hand. */
export declare function takeCounter(): void;
/** The string row of the step that the async event at hand names (`step` of its arguments); 0 where it names none. */
export declare function stepName(): i32;
/** The number of the profile of this process and id, new or old, and that its source is named so (0: not named). */
export declare function profileOf(pid: f64, id: i32, source: i32): i32;
/** Copies `count` finished slices out of the stage; the first is row `from`. */
export declare function takeSlices(from: i32, count: i32): void;
/** A slice already taken ends here. */
export declare function endTakenSlice(row: i32, subtreeEnd: i32, duration: f64): void;
/** Copies `count` finished async slices out of the stage. */
export declare function takeAsyncSlices(from: i32, count: i32): void;

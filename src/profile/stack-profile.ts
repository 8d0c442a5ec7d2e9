/**
 * A stack profile: weighted stacks. The one currency between recordings, flame graphs, tables, file formats, backends
 * and comparing. Types only. Structs of arrays; all columns of a table have one length; a stack's prefix comes before it;
 * -1 is none.
 *
 *   frames   0 main   1 render   2 Layout (browser)         one row per function, or per kind of browser work
 *   stacks   0 main   1 main;render   2 main;render;Layout   a stack is its innermost frame and the stack that called it
 *   samples  stack 2, 1 250 µs, rendering                    many samples may share a stack
 */

/** What the weights of a profile are. `cpu`: a thread's time without idle; `wall`: the same with `(idle)`; `samples`: V8's. */
export type ProfileType = 'cpu' | 'wall' | 'samples';

/** Imported profiles may weigh bytes, or something that nobody names. */
export type WeightUnit = 'microseconds' | 'count' | 'bytes' | 'none';

/** What a frame is: a JavaScript function, or work of the browser itself (Layout, Parse HTML, GC). */
export const FRAME_KINDS = ['js', 'browser', 'native', 'other'] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

export interface ProfileFrames {
  readonly length: number;
  /** Bare names: `f1`, never `f1 (app.js:3)`. Row in `strings`; `(anonymous)` for a function without a name. */
  readonly name: Int32Array;
  /** Row in `strings`; 0 ('') unknown. */
  readonly url: Int32Array;
  /** Where the function begins, 1-based; 0 unknown. */
  readonly line: Int32Array;
  readonly column: Int32Array;
  /** Index into {@link FRAME_KINDS}. */
  readonly kind: Uint8Array;
}

export interface ProfileStacks {
  readonly length: number;
  readonly frame: Int32Array;
  readonly prefix: Int32Array;
}

export interface WeightedSamples {
  readonly length: number;
  /** Row in the stacks; -1 for weight that belongs to no stack. */
  readonly stack: Int32Array;
  /** In the profile's unit. */
  readonly weight: Float64Array;
  /** categoryNumber() of analysis/; 255 where the source knows none. */
  readonly category: Uint8Array;
  /** Microseconds on the source's own clock; NaN where the source does not tell. In order where told. */
  readonly time: Float64Array;
  /** Script line that ran, 1-based; 0 unknown. */
  readonly line: Int32Array;
}

/** The thread that a profile is of. Imported profiles know a name at most. */
export interface ProfiledThread {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** The page's main thread, or one of its workers … as trace/ names roles; 'other' where unknown. */
  readonly role: string;
}

export interface StackProfile {
  readonly thread: ProfiledThread;
  /** `cpu`, `wall`, `samples`, or the name that an imported profile has. */
  readonly type: string;
  readonly unit: WeightUnit;
  readonly strings: readonly string[];
  readonly frames: ProfileFrames;
  readonly stacks: ProfileStacks;
  readonly samples: WeightedSamples;
  /** What the profile covers, microseconds on the source's own clock. */
  readonly range: { readonly start: number; readonly end: number };
  /** Unix ms of the range's start; null where the source does not know. */
  readonly startUnixMillis: number | null;
  /** Labels that hold for every sample (tags of a recording, labels of a pprof file). */
  readonly labels: Readonly<Record<string, string>>;
}

/** Which part of a recording a profile is of. */
export interface ProfileQuestion {
  /** Row in the trace's thread table. */
  readonly thread: number;
  readonly range: { readonly start: number; readonly end: number };
  readonly type: ProfileType;
  /** true: JavaScript frames alone; browser work counts for the function that caused it. */
  readonly jsOnly?: boolean;
}

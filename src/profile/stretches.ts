/**
 * Writes a thread's stretches of time as samples: neighbours of one stack, category and line are one.
 * In: slices as they open, and until when the open ones ran, in order of time. Out: weighted samples. A stretch of a
 * JavaScript call is cut where V8's samples say that another line of it runs. Idle time is kept for `wall` alone.
 *
 * A range of a big trace holds millions of stretches, so the times are handed over in {@link StretchWriter.until} and
 * not as arguments: V8 allocates for every fraction that it passes on.
 */
import { categoryNumber, type SliceClasses } from '../analysis/index.ts';
import { lowerBound, upperBound } from '../base/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import type { ProfileBuilder } from './profile-builder.ts';
import { IDLE, PROGRAM, type RangeFrames } from './range-frames.ts';
import type { ProfileQuestion, WeightedSamples } from './stack-profile.ts';

export interface StretchWriterInput {
  readonly tables: TraceTables;
  readonly classes: SliceClasses;
  readonly question: ProfileQuestion;
  readonly builder: ProfileBuilder;
  readonly frames: RangeFrames;
}

const IDLE_CATEGORY = categoryNumber('idle');
const NOT_YET = -2;

export class StretchWriter {
  /** Where the next stretch begins. */
  readonly cursor = new Float64Array(1);
  /** Where the stretch in hand ends. */
  readonly until = new Float64Array(1);
  readonly #builder: ProfileBuilder;
  readonly #frames: RangeFrames;
  readonly #jsOnly: boolean;
  // Columns of the tables, looked up once and not a million times.
  readonly #flags: TraceTables['slices']['flags'];
  readonly #detail: TraceTables['slices']['detail'];
  readonly #name: TraceTables['slices']['name'];
  readonly #categoryOf: SliceClasses['category'];
  readonly #frameOf: TraceTables['stacks']['frame'];
  readonly #sampleTime: TraceTables['samples']['time'];
  readonly #sampleLine: TraceTables['samples']['line'];
  readonly #sampleStack: TraceTables['samples']['stack'];
  /** Innermost last: slices that are open, and their stacks. */
  readonly #slice: number[] = [];
  readonly #stackOf: number[] = [];
  /** NOT_YET until needed; idle time is left out where it is -1. */
  #idleStack: number;
  #programStack = NOT_YET;
  /** The thread's V8 samples from the cursor on. */
  #sample: number;
  readonly #lastSample: number;
  /** The call that was written last, and the line of it that ran last. */
  #call = -1;
  #lineOfCall = 0;
  // The samples, while they grow.
  #length = 0;
  #stack: Int32Array;
  #start: Float64Array;
  /** Until when, and in the end how long. */
  #end: Float64Array;
  #category: Uint8Array;
  #line: Int32Array;

  constructor({ tables, classes, question, builder, frames }: StretchWriterInput, expected: number) {
    this.#builder = builder;
    this.#frames = frames;
    this.#flags = tables.slices.flags;
    this.#detail = tables.slices.detail;
    this.#name = tables.slices.name;
    this.#categoryOf = classes.category;
    this.#frameOf = tables.stacks.frame;
    this.#sampleTime = tables.samples.time;
    this.#sampleLine = tables.samples.line;
    this.#sampleStack = tables.samples.stack;
    this.#jsOnly = question.jsOnly ?? false;
    this.#idleStack = question.type === 'wall' ? NOT_YET : -1;
    const first = lowerBound(tables.samples.thread, question.thread);
    this.#lastSample = upperBound(tables.samples.thread, question.thread, first);
    this.#sample = lowerBound(tables.samples.time, question.range.start, first, this.#lastSample);
    this.#stack = new Int32Array(expected);
    this.#start = new Float64Array(expected);
    this.#end = new Float64Array(expected);
    this.#category = new Uint8Array(expected);
    this.#line = new Int32Array(expected);
  }

  /** `slice` begins inside the `depth` slices that are open. */
  open(slice: number, depth: number): void {
    const prefix = depth > 0 ? this.#stackOf[depth - 1] : -1;
    const isCall = (this.#flags[slice] & SLICE_JS_CALL) !== 0;
    this.#slice[depth] = slice;
    if (!isCall && this.#jsOnly) {
      this.#stackOf[depth] = prefix;
      return;
    }
    const frame = isCall
      ? this.#frames.ofFunction(this.#frameOf[this.#detail[slice]])
      : this.#frames.ofEvent(this.#name[slice]);
    this.#stackOf[depth] = this.#builder.stack(prefix, frame);
  }

  /** From the cursor until {@link until} the slice at `depth` ran, nothing inside it; -1: none did. */
  writeOpen(depth: number): void {
    if (!(this.until[0] > this.cursor[0])) return;
    const slice = depth < 0 ? -1 : this.#slice[depth];
    const category = slice < 0 ? IDLE_CATEGORY : this.#categoryOf[slice];
    if (category === IDLE_CATEGORY) {
      if (this.#idleStack === NOT_YET) this.#idleStack = this.#meta(IDLE);
      if (this.#idleStack >= 0) this.#add(this.#idleStack, category, 0);
    } else if ((this.#flags[slice] & SLICE_JS_CALL) !== 0) {
      this.#writeCall(slice, this.#stackOf[depth], category);
    } else if (this.#stackOf[depth] < 0) {
      if (this.#programStack === NOT_YET) this.#programStack = this.#meta(PROGRAM);
      this.#add(this.#programStack, category, 0);
    } else this.#add(this.#stackOf[depth], category, 0);
    this.cursor[0] = this.until[0];
  }

  /** The columns are views of what they grew in: a copy of a million rows costs more than the room they spare. */
  settle(): WeightedSamples {
    const length = this.#length;
    const weight = this.#end.subarray(0, length);
    for (let i = 0; i < length; i++) weight[i] -= this.#start[i];
    return {
      length,
      stack: this.#stack.subarray(0, length),
      weight,
      category: this.#category.subarray(0, length),
      time: this.#start.subarray(0, length),
      line: this.#line.subarray(0, length),
    };
  }

  /** A sample's line runs until the next sample; before the first of a call, it is the first's. */
  #writeCall(slice: number, stack: number, category: number): void {
    const time = this.#sampleTime;
    const frame = this.#frameOf[this.#detail[slice]];
    const from = this.cursor[0];
    const to = this.until[0];
    const end = this.#lastSample;
    let row = this.#sample;
    while (row < end && time[row] < from) row++;
    let line = this.#call === slice ? this.#lineOfCall : 0;
    for (; row < end && time[row] < to; row++) {
      const seen = this.#sampleStack[row];
      const ran = this.#sampleLine[row];
      if (seen < 0 || this.#frameOf[seen] !== frame || ran === 0) continue;
      if (line !== 0 && line !== ran && time[row] > this.cursor[0]) {
        this.until[0] = time[row];
        this.#add(stack, category, line);
        this.cursor[0] = this.until[0];
      }
      line = ran;
    }
    this.#sample = row;
    this.until[0] = to;
    this.#add(stack, category, line);
    this.#call = slice;
    this.#lineOfCall = line;
  }

  /** The stretch from the cursor until {@link until}. */
  #add(stack: number, category: number, line: number): void {
    const last = this.#length - 1;
    if (
      last >= 0 &&
      this.#stack[last] === stack &&
      this.#category[last] === category &&
      this.#line[last] === line &&
      this.#end[last] === this.cursor[0]
    ) {
      this.#end[last] = this.until[0];
      return;
    }
    const row = this.#length++;
    if (row === this.#stack.length) this.#grow();
    this.#stack[row] = stack;
    this.#start[row] = this.cursor[0];
    this.#end[row] = this.until[0];
    this.#category[row] = category;
    this.#line[row] = line;
  }

  #grow(): void {
    const grown = <A extends Int32Array | Float64Array | Uint8Array>(column: A, larger: A): A => {
      larger.set(column);
      return larger;
    };
    const size = Math.max(64, this.#stack.length * 2);
    this.#stack = grown(this.#stack, new Int32Array(size));
    this.#start = grown(this.#start, new Float64Array(size));
    this.#end = grown(this.#end, new Float64Array(size));
    this.#category = grown(this.#category, new Uint8Array(size));
    this.#line = grown(this.#line, new Int32Array(size));
  }

  #meta(name: string): number {
    return this.#builder.stack(-1, this.#frames.meta(name));
  }
}

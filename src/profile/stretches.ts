/**
 * Writes a thread's stretches of time as samples: neighbours of one stack, category and line are one.
 * In: stretches in order of time, each with its slice and stack. Out: samples of a {@link ProfileBuilder}. A stretch of
 * a JavaScript call is cut where V8's samples say that another line of it runs. Idle time is kept for `wall` alone.
 */
import { categoryNumber, type SliceClasses } from '../analysis/index.ts';
import { lowerBound, upperBound } from '../base/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import type { ProfileBuilder } from './profile-builder.ts';
import { IDLE, PROGRAM, type RangeFrames } from './range-frames.ts';
import type { ProfileQuestion } from './stack-profile.ts';

export interface StretchWriterInput {
  readonly tables: TraceTables;
  readonly classes: SliceClasses;
  readonly question: ProfileQuestion;
  readonly builder: ProfileBuilder;
  readonly frames: RangeFrames;
}

const IDLE_CATEGORY = categoryNumber('idle');

export class StretchWriter {
  readonly #input: StretchWriterInput;
  /** -1 where idle time is left out. */
  readonly #idleStack: number;
  /** The thread's V8 samples from the cursor on. */
  #sample: number;
  readonly #lastSample: number;
  /** The stretch in hand; -2 is none. */
  #stack = -2;
  #category = 0;
  #line = 0;
  #start = 0;
  #end = 0;
  #weight = 0;
  /** Stack of work with no JavaScript above it, where only JavaScript is told; -1 not yet needed. */
  #programStack = -1;
  /** What ran when the call in hand was last seen. */
  #lineOfCall = 0;
  #call = -1;

  constructor(input: StretchWriterInput) {
    this.#input = input;
    const { builder, frames, question, tables } = input;
    this.#idleStack = question.type === 'wall' ? builder.stack(-1, frames.meta(IDLE)) : -1;
    const first = lowerBound(tables.samples.thread, question.thread);
    this.#lastSample = upperBound(tables.samples.thread, question.thread, first);
    this.#sample = lowerBound(tables.samples.time, question.range.start, first, this.#lastSample);
  }

  /** Time of `slice` itself, running as `stack`; answers where the next stretch begins. */
  write(slice: number, stack: number, from: number, to: number): number {
    if (to <= from) return from;
    const { tables, classes } = this.#input;
    const category = classes.category[slice];
    if (category === IDLE_CATEGORY) return this.idle(from, to);
    const isCall = (tables.slices.flags[slice] & SLICE_JS_CALL) !== 0;
    if (isCall && this.#lastSample > this.#sample) this.#writeCall(slice, stack, from, to);
    else this.#add(stack < 0 ? this.#program() : stack, category, 0, from, to);
    return to;
  }

  idle(from: number, to: number): number {
    if (to <= from) return from;
    if (this.#idleStack >= 0) this.#add(this.#idleStack, IDLE_CATEGORY, 0, from, to);
    return to;
  }

  finish(): void {
    if (this.#stack === -2) return;
    this.#input.builder.samples.add({
      stack: this.#stack,
      weight: this.#weight,
      category: this.#category,
      time: this.#start,
      line: this.#line,
    });
    this.#stack = -2;
  }

  /** A sample's line runs until the next sample; before the first of a call, it is the first's. */
  #writeCall(slice: number, stack: number, from: number, to: number): void {
    const { samples, slices, stacks } = this.#input.tables;
    const category = this.#input.classes.category[slice];
    const frame = stacks.frame[slices.detail[slice]];
    while (this.#sample < this.#lastSample && samples.time[this.#sample] < from) this.#sample++;
    let line = this.#call === slice ? this.#lineOfCall : 0;
    let at = from;
    for (; this.#sample < this.#lastSample && samples.time[this.#sample] < to; this.#sample++) {
      const row = this.#sample;
      const seen = samples.stack[row];
      if (seen < 0 || stacks.frame[seen] !== frame || samples.line[row] === 0) continue;
      if (line !== 0 && line !== samples.line[row]) {
        this.#add(stack, category, line, at, samples.time[row]);
        at = samples.time[row];
      }
      line = samples.line[row];
    }
    this.#add(stack, category, line, at, to);
    this.#call = slice;
    this.#lineOfCall = line;
  }

  #add(stack: number, category: number, line: number, from: number, to: number): void {
    if (to <= from) return;
    if (stack === this.#stack && category === this.#category && line === this.#line && this.#end === from) {
      this.#weight += to - from;
      this.#end = to;
      return;
    }
    this.finish();
    this.#stack = stack;
    this.#category = category;
    this.#line = line;
    this.#start = from;
    this.#end = to;
    this.#weight = to - from;
  }

  #program(): number {
    if (this.#programStack < 0) {
      const { builder, frames } = this.#input;
      this.#programStack = builder.stack(-1, frames.meta(PROGRAM));
    }
    return this.#programStack;
  }
}

/**
 * Grows the tables of a stack profile: equal frames share a row, equal stacks share a row.
 * In: frames, stacks and samples one by one; a stack's prefix before it. Out: exact-length columns. Refuses: rows that
 * it never gave (they are kept as they are).
 */
import { float64Column, int32Column, StringTable, uint8Column } from '../base/index.ts';
import {
  FRAME_KINDS,
  type FrameKind,
  type ProfileFrames,
  type ProfileStacks,
  type StackProfile,
  type WeightedSamples,
} from './stack-profile.ts';

export interface FrameFacts {
  readonly name: string;
  readonly url?: string;
  /** 1-based; 0 unknown. */
  readonly line?: number;
  readonly column?: number;
  readonly kind?: FrameKind;
}

/** All of a profile that is no table. */
export type ProfileHead = Omit<StackProfile, 'strings' | 'frames' | 'stacks' | 'samples'>;

/** Category of samples whose source knows none. */
export const NO_CATEGORY = 255;

export class ProfileBuilder {
  readonly samples = new SampleColumns();
  readonly #strings = new StringTable();
  readonly #frameRows = new Map<string, number>();
  readonly #name = int32Column(64);
  readonly #url = int32Column(64);
  readonly #line = int32Column(64);
  readonly #column = int32Column(64);
  readonly #kind = uint8Column(64);
  readonly #stacks = new StackInterner();

  get frameCount(): number {
    return this.#name.length;
  }

  get stackCount(): number {
    return this.#stacks.length;
  }

  frame({ name, url = '', line = 0, column = 0, kind = 'js' }: FrameFacts): number {
    const nameRow = this.#strings.intern(name);
    const urlRow = this.#strings.intern(url);
    const kindRow = FRAME_KINDS.indexOf(kind);
    const key = `${nameRow} ${urlRow} ${line} ${column} ${kindRow}`;
    let row = this.#frameRows.get(key);
    if (row === undefined) {
      row = this.#name.push(nameRow);
      this.#url.push(urlRow);
      this.#line.push(line);
      this.#column.push(column);
      this.#kind.push(kindRow);
      this.#frameRows.set(key, row);
    }
    return row;
  }

  /** The stack `frame` called by `prefix` (-1: by none). */
  stack(prefix: number, frame: number): number {
    return this.#stacks.intern(prefix, frame);
  }

  /** With `samples` where they were gathered elsewhere. */
  settle(head: ProfileHead, samples: WeightedSamples = this.samples.settle()): StackProfile {
    const frames: ProfileFrames = {
      length: this.#name.length,
      name: this.#name.settle(),
      url: this.#url.settle(),
      line: this.#line.settle(),
      column: this.#column.settle(),
      kind: this.#kind.settle(),
    };
    return {
      ...head,
      strings: this.#strings.texts,
      frames,
      stacks: this.#stacks.settle(),
      samples,
    };
  }
}

/** Stacks by prefix and frame: an open-addressed table, because a range of a big trace asks a million times. */
export class StackInterner {
  readonly #frame = int32Column();
  readonly #prefix = int32Column();
  /** Row + 1 by hash; 0 is free. Its length is a power of two, at least twice the rows. */
  #slots = new Int32Array(2048);

  get length(): number {
    return this.#frame.length;
  }

  intern(prefix: number, frame: number): number {
    const mask = this.#slots.length - 1;
    const frames = this.#frame.values;
    const prefixes = this.#prefix.values;
    for (let slot = hash(prefix, frame) & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot] - 1;
      if (row < 0) return this.#add(prefix, frame, slot);
      if (frames[row] === frame && prefixes[row] === prefix) return row;
    }
  }

  frameOf(stack: number): number {
    return this.#frame.values[stack];
  }

  prefixOf(stack: number): number {
    return this.#prefix.values[stack];
  }

  settle(): ProfileStacks {
    return { length: this.length, frame: this.#frame.settle(), prefix: this.#prefix.settle() };
  }

  #add(prefix: number, frame: number, slot: number): number {
    const row = this.#frame.push(frame);
    this.#prefix.push(prefix);
    this.#slots[slot] = row + 1;
    if (this.length * 2 > this.#slots.length) this.#grow();
    return row;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    for (let row = 0; row < this.length; row++) {
      let slot = hash(this.#prefix.values[row], this.#frame.values[row]) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
    this.#slots = slots;
  }
}

function hash(prefix: number, frame: number): number {
  const mixed = Math.imul(prefix + 1, 0x9e3779b1) ^ Math.imul(frame + 1, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/** Weighted samples while they grow. */
export class SampleColumns {
  readonly #stack = int32Column();
  readonly #weight = float64Column();
  readonly #category = uint8Column();
  readonly #time = float64Column();
  readonly #line = int32Column();

  get length(): number {
    return this.#stack.length;
  }

  /** One sample; `line` 0 and `time` NaN where not known. */
  add(sample: { stack: number; weight: number; category?: number; time?: number; line?: number }): void {
    this.#stack.push(sample.stack);
    this.#weight.push(sample.weight);
    this.#category.push(sample.category ?? NO_CATEGORY);
    this.#time.push(sample.time ?? Number.NaN);
    this.#line.push(sample.line ?? 0);
  }

  settle(): WeightedSamples {
    return {
      length: this.length,
      stack: this.#stack.settle(),
      weight: this.#weight.settle(),
      category: this.#category.settle(),
      time: this.#time.settle(),
      line: this.#line.settle(),
    };
  }
}

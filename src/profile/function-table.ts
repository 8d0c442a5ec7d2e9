/**
 * What each function took, and each line of one function: the tables of `pageflame top` and `pageflame list`.
 * In: a profile. Out: columns, heaviest self first. Time of a function that calls itself is counted once, at its
 * outermost call.
 */

import { weighStacks } from './call-tree.ts';
import { DepthFirst } from './depth-first.ts';
import type { StackProfile } from './stack-profile.ts';

export interface FunctionTable {
  readonly length: number;
  /** Row in the profile's frames. */
  readonly frame: Int32Array;
  readonly self: Float64Array;
  readonly total: Float64Array;
}

/** Every frame of the profile that has any weight. */
export function tabulateFunctions(profile: StackProfile): FunctionTable {
  const { self, total } = sumFrames(profile);
  const rows: number[] = [];
  for (let frame = 0; frame < profile.frames.length; frame++) if (total[frame] > 0) rows.push(frame);
  rows.sort((one, other) => self[other] - self[one] || total[other] - total[one] || one - other);
  return {
    length: rows.length,
    frame: Int32Array.from(rows),
    self: Float64Array.from(rows, (row) => self[row]),
    total: Float64Array.from(rows, (row) => total[row]),
  };
}

/** By frame row. */
export function sumFrames(profile: StackProfile): { self: Float64Array; total: Float64Array } {
  const { stacks, frames } = profile;
  const weights = weighStacks(profile);
  const self = new Float64Array(frames.length);
  const total = new Float64Array(frames.length);
  const stackTotal = weights.self.slice();
  for (let s = stacks.length - 1; s >= 0; s--) {
    self[stacks.frame[s]] += weights.self[s];
    if (stacks.prefix[s] >= 0) stackTotal[stacks.prefix[s]] += stackTotal[s];
  }
  const { row, subtreeEnd } = new DepthFirst(stacks, () => true).order((one, other) => one - other);
  /** Calls of a frame that are open at the row in hand: where the outermost one ends. */
  const openUntil = new Int32Array(frames.length);
  for (let at = 0; at < row.length; at++) {
    const frame = stacks.frame[row[at]];
    if (openUntil[frame] > at) continue;
    openUntil[frame] = subtreeEnd[at];
    total[frame] += stackTotal[row[at]];
  }
  return { self, total };
}

export interface LineTable {
  readonly length: number;
  /** 1-based; 0 where neither the line that ran nor the function's own is known. Ascending. */
  readonly line: Int32Array;
  readonly self: Float64Array;
  readonly total: Float64Array;
}

/**
 * Time per line of the functions `frames` (one function may have several rows). V8 tells the line that ran for the innermost function
 * of a sample alone: what a function spent in others is counted at the line where it begins.
 */
export function tabulateLines(profile: StackProfile, frames: ReadonlySet<number>): LineTable {
  const { stacks, samples } = profile;
  /** By stack: its outermost frame of the function, -1 none. */
  const within = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    const above = stacks.prefix[s] < 0 ? -1 : within[stacks.prefix[s]];
    within[s] = above >= 0 ? above : frames.has(stacks.frame[s]) ? stacks.frame[s] : -1;
  }
  const self = new Map<number, number>();
  const total = new Map<number, number>();
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i];
    if (stack < 0 || within[stack] < 0) continue;
    const leaf = stacks.frame[stack];
    const isSelf = frames.has(leaf);
    const line = isSelf ? samples.line[i] || profile.frames.line[leaf] : profile.frames.line[within[stack]];
    total.set(line, (total.get(line) ?? 0) + samples.weight[i]);
    if (isSelf) self.set(line, (self.get(line) ?? 0) + samples.weight[i]);
  }
  const lines = [...total.keys()].sort((one, other) => one - other);
  return {
    length: lines.length,
    line: Int32Array.from(lines),
    self: Float64Array.from(lines, (line) => self.get(line) ?? 0),
    total: Float64Array.from(lines, (line) => total.get(line) ?? 0),
  };
}

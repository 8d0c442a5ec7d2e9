/**
 * Call trees over a stack profile: what flame graphs and tree tables show.
 * In: a profile (transformed or not; see transforms.ts). Out: {@link CallTree}, depth-first columns, in the profile's unit.
 *
 *   top-down (callees)                  bottom-up (callers; `inverted`)
 *   0 main        self 1 total 9       0 f   self 0 total 5   what f itself took, wherever it was called from
 *   1 ├ f         self 5 total 8       1 └ main  self 5 total 5
 *   2 │ └ g       self 3 total 3       2 g   …
 *
 * Top-down, a node's `self` is what ran in it with nothing below. Bottom-up, a root's `total` is its function's self
 * time, and a node's `self` is what ends there: the callers go no further.
 */
import { CATEGORIES } from '../analysis/index.ts';
import { DepthFirst } from './depth-first.ts';
import { NO_CATEGORY, StackInterner } from './profile-builder.ts';
import { FRAME_KINDS, type ProfileStacks, type StackProfile } from './stack-profile.ts';

/** Which of several children comes first: the heaviest, the first in time (of the samples), or by name. */
export type SiblingOrder = 'heavy' | 'time' | 'name';

export interface CallTreeOptions {
  readonly inverted?: boolean;
  /** `heavy` unless told. */
  readonly order?: SiblingOrder;
}

export interface CallTree {
  readonly length: number;
  /** Row in the profile's frames. */
  readonly frame: Int32Array;
  /** Row of the parent, before its children; -1 for a root. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** One past the last row of the subtree: the next sibling, where there is one. */
  readonly subtreeEnd: Int32Array;
  readonly self: Float64Array;
  readonly total: Float64Array;
  /** The category that most of the node's own time has; of its total where it has none of its own; 255 unknown. */
  readonly category: Uint8Array;
  /** What all roots add up to, with weight that belongs to no stack. */
  readonly weight: number;
  /** Weight of samples that have no stack at all. */
  readonly unstacked: number;
  readonly maxDepth: number;
}

export function buildCallTree(profile: StackProfile, options: CallTreeOptions = {}): CallTree {
  const { inverted = false, order = 'heavy' } = options;
  const weights = weighStacks(profile);
  const grown = inverted ? growInverted(profile, weights) : growTopDown(profile, weights);
  return layOut(profile, grown, { order, unstacked: weights.unstacked });
}

/** Callers and callees of one function, each weight counted once: at the outermost call of the function in a stack. */
export function buildSandwich(
  profile: StackProfile,
  frame: number,
  options: { readonly order?: SiblingOrder } = {},
): { readonly callers: CallTree; readonly callees: CallTree } {
  const { order = 'heavy' } = options;
  const weights = weighStacks(profile);
  const outermost = outermostCalls(profile, frame);
  const callers = growCallers(profile, weights, outermost);
  const callees = growCallees(profile, weights, outermost);
  return {
    callers: withOwnCategories(profile, weights, layOut(profile, callers, { order, unstacked: 0 })),
    callees: layOut(profile, callees, { order, unstacked: 0 }),
  };
}

interface StackWeights {
  /** By stack row. */
  readonly self: Float64Array;
  readonly category: Uint8Array;
  /** When the stack was first seen: the row of its first sample; Infinity never. */
  readonly first: Float64Array;
  readonly unstacked: number;
}

/** Sums the samples by stack; a stack's category is that of most of its weight. */
export function weighStacks({ stacks, samples }: StackProfile): StackWeights {
  const self = new Float64Array(stacks.length);
  const category = new Uint8Array(stacks.length).fill(NO_CATEGORY);
  const first = new Float64Array(stacks.length).fill(Number.POSITIVE_INFINITY);
  const mixed = new Set<number>();
  let unstacked = 0;
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i];
    if (stack < 0) {
      unstacked += samples.weight[i];
      continue;
    }
    self[stack] += samples.weight[i];
    if (first[stack] === Number.POSITIVE_INFINITY) {
      first[stack] = i;
      category[stack] = samples.category[i];
    } else if (category[stack] !== samples.category[i]) mixed.add(stack);
  }
  if (mixed.size > 0) settleMixed(samples, mixed, category);
  return { self, category, first, unstacked };
}

function settleMixed(
  samples: StackProfile['samples'],
  mixed: ReadonlySet<number>,
  category: Uint8Array,
): void {
  const sums = new Map<number, Float64Array>();
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i];
    if (!mixed.has(stack)) continue;
    const sum = sums.get(stack) ?? new Float64Array(NO_CATEGORY + 1);
    sum[samples.category[i]] += samples.weight[i];
    sums.set(stack, sum);
  }
  for (const [stack, sum] of sums) category[stack] = heaviest(sum);
}

function heaviest(sums: Float64Array): number {
  let best = NO_CATEGORY;
  for (let c = 0; c < sums.length; c++) if (sums[c] > 0 && !(sums[c] <= sums[best])) best = c;
  return best;
}

/** A tree in the making: a parent before its children, in no other order. */
interface GrownTree {
  readonly nodes: ProfileStacks;
  readonly self: Float64Array;
  readonly category: Uint8Array;
  readonly first: Float64Array;
}

/** The stacks are the tree already; equal siblings (of a source that repeats them) become one. */
function growTopDown({ stacks }: StackProfile, weights: StackWeights): GrownTree {
  const nodes = new StackInterner();
  const nodeOf = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    const prefix = stacks.prefix[s];
    nodeOf[s] = nodes.intern(prefix < 0 ? -1 : nodeOf[prefix], stacks.frame[s]);
  }
  return gather(nodes.settle(), nodeOf, weights);
}

function growInverted({ stacks }: StackProfile, weights: StackWeights): GrownTree {
  const nodes = new StackInterner();
  const nodeOf = new Int32Array(stacks.length).fill(-1);
  for (let s = 0; s < stacks.length; s++) {
    if (weights.self[s] === 0) continue;
    let node = -1;
    for (let at = s; at >= 0; at = stacks.prefix[at]) node = nodes.intern(node, stacks.frame[at]);
    nodeOf[s] = node;
  }
  return gather(nodes.settle(), nodeOf, weights);
}

/** By stack row: the row of the outermost call of `frame` at or above it; -1 where it is not called. */
function outermostCalls({ stacks }: StackProfile, frame: number): Int32Array {
  const outermost = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    const prefix = stacks.prefix[s];
    const above = prefix < 0 ? -1 : outermost[prefix];
    outermost[s] = above >= 0 ? above : stacks.frame[s] === frame ? s : -1;
  }
  return outermost;
}

function growCallers({ stacks }: StackProfile, weights: StackWeights, outermost: Int32Array): GrownTree {
  const nodes = new StackInterner();
  const endOf = new Int32Array(stacks.length).fill(-1);
  const nodeOf = new Int32Array(stacks.length).fill(-1);
  for (let s = 0; s < stacks.length; s++) {
    const call = outermost[s];
    if (call < 0 || weights.self[s] === 0) continue;
    if (endOf[call] < 0)
      for (let at = call; at >= 0; at = stacks.prefix[at])
        endOf[call] = nodes.intern(endOf[call], stacks.frame[at]);
    nodeOf[s] = endOf[call];
  }
  return gather(nodes.settle(), nodeOf, weights);
}

/**
 * Callers by what they are for themselves: the category of what a function took, wherever; a function of JavaScript that
 * took nothing is scripting. Their time here is that of what
 * they called.
 */
function withOwnCategories(
  { stacks, frames }: StackProfile,
  weights: StackWeights,
  tree: CallTree,
): CallTree {
  const ofFrame = new Uint8Array(frames.length).fill(NO_CATEGORY);
  const heaviestSelf = new Float64Array(frames.length);
  for (let s = 0; s < stacks.length; s++) {
    const frame = stacks.frame[s];
    if (weights.self[s] <= heaviestSelf[frame]) continue;
    heaviestSelf[frame] = weights.self[s];
    ofFrame[frame] = weights.category[s];
  }
  const js = FRAME_KINDS.indexOf('js');
  const scripting = CATEGORIES.indexOf('scripting');
  const category = tree.category.map((own, node) => {
    const frame = tree.frame[node];
    if (heaviestSelf[frame] > 0) return ofFrame[frame];
    return own !== NO_CATEGORY && frames.kind[frame] === js ? scripting : own;
  });
  return { ...tree, category };
}

function growCallees({ stacks }: StackProfile, weights: StackWeights, outermost: Int32Array): GrownTree {
  const nodes = new StackInterner();
  const nodeOf = new Int32Array(stacks.length).fill(-1);
  for (let s = 0; s < stacks.length; s++) {
    if (outermost[s] < 0) continue;
    nodeOf[s] = nodes.intern(outermost[s] === s ? -1 : nodeOf[stacks.prefix[s]], stacks.frame[s]);
  }
  return gather(nodes.settle(), nodeOf, weights);
}

/** Hands the weights of stacks to the nodes that stand for them. */
function gather(nodes: ProfileStacks, nodeOf: Int32Array, weights: StackWeights): GrownTree {
  const self = new Float64Array(nodes.length);
  const category = new Uint8Array(nodes.length).fill(NO_CATEGORY);
  const heaviestSelf = new Float64Array(nodes.length);
  const first = new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY);
  for (let s = 0; s < nodeOf.length; s++) {
    const node = nodeOf[s];
    const weight = weights.self[s];
    if (node < 0 || weight === 0) continue;
    self[node] += weight;
    if (weights.first[s] < first[node]) first[node] = weights.first[s];
    if (weight > heaviestSelf[node]) {
      heaviestSelf[node] = weight;
      category[node] = weights.category[s];
    }
  }
  return { nodes, self, category, first };
}

/** Adds up totals, orders siblings and writes the tree depth-first. Nodes without any weight are left out. */
function layOut(
  profile: StackProfile,
  grown: GrownTree,
  { order, unstacked }: { order: SiblingOrder; unstacked: number },
): CallTree {
  const { nodes, self, category, first } = grown;
  const total = self.slice();
  const best = self.slice();
  let weight = unstacked;
  for (let n = nodes.length - 1; n >= 0; n--) {
    const parent = nodes.prefix[n];
    if (parent < 0) {
      weight += total[n];
      continue;
    }
    total[parent] += total[n];
    if (first[n] < first[parent]) first[parent] = first[n];
    // Where a node has no time of its own, its heaviest child tells what it is for.
    if (self[parent] === 0 && total[n] > best[parent]) {
      best[parent] = total[n];
      category[parent] = category[n];
    }
  }
  const walk = new DepthFirst(nodes, (n) => first[n] !== Number.POSITIVE_INFINITY);
  const ordered = walk.order(comparison(profile, { nodes, total, first }, order));
  const { length, row } = ordered;
  return {
    length,
    parent: ordered.parent,
    depth: ordered.depth,
    subtreeEnd: ordered.subtreeEnd,
    frame: Int32Array.from(row, (n) => nodes.frame[n]),
    self: Float64Array.from(row, (n) => self[n]),
    total: Float64Array.from(row, (n) => total[n]),
    category: Uint8Array.from(row, (n) => category[n]),
    weight,
    unstacked,
    maxDepth: ordered.maxDepth,
  };
}

function comparison(
  { strings, frames }: StackProfile,
  { nodes, total, first }: { nodes: ProfileStacks; total: Float64Array; first: Float64Array },
  order: SiblingOrder,
): (one: number, other: number) => number {
  if (order === 'time') return (one, other) => first[one] - first[other] || one - other;
  const heavier = (one: number, other: number): number =>
    total[other] - total[one] || first[one] - first[other] || one - other;
  if (order === 'heavy') return heavier;
  const nameOf = (node: number): string => strings[frames.name[nodes.frame[node]]];
  return (one, other) => {
    const [a, b] = [nameOf(one), nameOf(other)];
    return a < b ? -1 : a > b ? 1 : heavier(one, other);
  };
}

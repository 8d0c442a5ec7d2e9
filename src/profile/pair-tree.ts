/**
 * One call tree of two profiles: every node that either has, with what it took in each.
 * In: profiles over one table (align-profiles.ts), transformed alike or not at all. Out: a {@link PairTree}; siblings are
 * ordered by what they took in both together, so that nothing moves when the other side is looked at.
 */
import type { ProfilePair } from './align-profiles.ts';
import { buildCallTree, type CallTree, type CallTreeOptions, weighStacks } from './call-tree.ts';
import type { StackProfile, WeightedSamples } from './stack-profile.ts';

export interface NodeWeights {
  readonly self: Float64Array<ArrayBuffer>;
  readonly total: Float64Array<ArrayBuffer>;
  /** What all roots add up to. */
  readonly weight: number;
}

export interface PairTree {
  /** Its weights are those of both sides together. */
  readonly tree: CallTree;
  readonly before: NodeWeights;
  readonly after: NodeWeights;
}

export function buildPairTree({ before, after }: ProfilePair, options: CallTreeOptions = {}): PairTree {
  const both = { ...after, samples: concatenate(before.samples, after.samples) };
  const tree = buildCallTree(both, options);
  const nodes = new NodeIndex(tree, after.frames.length);
  const weigh = (profile: StackProfile): NodeWeights => {
    const { self } = weighStacks(profile);
    const ends = options.inverted === true ? nodes.ofInverted(profile, self) : nodes.ofStacks(profile);
    return weighNodes(tree, self, ends);
  };
  return { tree, before: weigh(before), after: weigh(after) };
}

/** A tree's node by its parent and frame. */
class NodeIndex {
  readonly #rows = new Map<number, number>();
  readonly #frames: number;

  constructor({ length, parent, frame }: CallTree, frames: number) {
    this.#frames = frames;
    for (let node = 0; node < length; node++) this.#rows.set((parent[node] + 1) * frames + frame[node], node);
  }

  /** The node of each stack; -1 where nothing was ever seen of it. */
  ofStacks({ stacks }: StackProfile): Int32Array {
    const nodeOf = new Int32Array(stacks.length);
    for (let s = 0; s < stacks.length; s++) {
      const prefix = stacks.prefix[s];
      const above = prefix < 0 ? -1 : nodeOf[prefix];
      nodeOf[s] = prefix >= 0 && above < 0 ? -1 : this.#find(above, stacks.frame[s]);
    }
    return nodeOf;
  }

  /**
   * The node where each stack that weighs something, read from its leaf, ends; -1 of the others: all prefixes of a deep one
   * would be read as often as it is deep.
   */
  ofInverted({ stacks }: StackProfile, self: Float64Array): Int32Array {
    const nodeOf = new Int32Array(stacks.length).fill(-1);
    for (let s = 0; s < stacks.length; s++) {
      if (self[s] === 0) continue;
      let node = this.#find(-1, stacks.frame[s]);
      for (let at = stacks.prefix[s]; at >= 0 && node >= 0; at = stacks.prefix[at])
        node = this.#find(node, stacks.frame[at]);
      nodeOf[s] = node;
    }
    return nodeOf;
  }

  #find(parent: number, frame: number): number {
    return this.#rows.get((parent + 1) * this.#frames + frame) ?? -1;
  }
}

function weighNodes({ length, parent }: CallTree, ofStacks: Float64Array, nodeOf: Int32Array): NodeWeights {
  const self = new Float64Array(length);
  for (let s = 0; s < nodeOf.length; s++) if (nodeOf[s] >= 0) self[nodeOf[s]] += ofStacks[s];
  const total = self.slice();
  let weight = 0;
  for (let node = length - 1; node >= 0; node--) {
    if (parent[node] < 0) weight += total[node];
    else total[parent[node]] += total[node];
  }
  return { self, total, weight };
}

function concatenate(one: WeightedSamples, other: WeightedSamples): WeightedSamples {
  const length = one.length + other.length;
  const joined = {
    stack: new Int32Array(length),
    weight: new Float64Array(length),
    category: new Uint8Array(length),
    time: new Float64Array(length),
    line: new Int32Array(length),
  };
  for (const column of ['stack', 'weight', 'category', 'time', 'line'] as const) {
    joined[column].set(one[column]);
    joined[column].set(other[column], one.length);
  }
  return { length, ...joined };
}

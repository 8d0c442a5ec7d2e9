/**
 * Nodes that name their parent → the same depth-first, siblings in a given order.
 * In: nodes, a parent before its children; which of them to keep (a parent of a kept one is kept). Out: rows in order.
 * Never recursive: stacks of hostile profiles are as deep as they like.
 */
import type { ProfileStacks } from './stack-profile.ts';

export interface OrderedNodes {
  readonly length: number;
  /** Node by row. */
  readonly row: Int32Array;
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  readonly subtreeEnd: Int32Array;
  readonly maxDepth: number;
}

export class DepthFirst {
  readonly #nodes: ProfileStacks;
  /** Children of node n (of the roots: at `nodes.length`) are `#child[#begin[n] .. #begin[n + 1])`. */
  readonly #begin: Int32Array;
  readonly #child: Int32Array;

  constructor(nodes: ProfileStacks, isKept: (node: number) => boolean) {
    this.#nodes = nodes;
    const { length, prefix } = nodes;
    const begin = new Int32Array(length + 2);
    let kept = 0;
    for (let n = 0; n < length; n++) {
      if (!isKept(n)) continue;
      begin[(prefix[n] < 0 ? length : prefix[n]) + 1]++;
      kept++;
    }
    for (let n = 0; n <= length; n++) begin[n + 1] += begin[n];
    const next = begin.slice();
    const child = new Int32Array(kept);
    for (let n = 0; n < length; n++) if (isKept(n)) child[next[prefix[n] < 0 ? length : prefix[n]]++] = n;
    this.#begin = begin;
    this.#child = child;
  }

  order(compare: (one: number, other: number) => number): OrderedNodes {
    const { length } = this.#nodes;
    const count = this.#child.length;
    const row = new Int32Array(count);
    const parent = new Int32Array(count);
    const depth = new Int32Array(count);
    const subtreeEnd = new Int32Array(count);
    /** Nodes still to write, the next on top, each with its parent's row. */
    const waiting = new Int32Array(count);
    const parentOfWaiting = new Int32Array(count);
    let top = 0;
    let written = 0;
    let maxDepth = 0;
    const push = (of: number, parentRow: number): void => {
      const siblings = this.#child.subarray(this.#begin[of], this.#begin[of + 1]);
      if (siblings.length > 1) siblings.sort(compare);
      for (let i = siblings.length - 1; i >= 0; i--) {
        waiting[top] = siblings[i];
        parentOfWaiting[top++] = parentRow;
      }
    };
    push(length, -1);
    while (top > 0) {
      const node = waiting[--top];
      const at = written++;
      row[at] = node;
      parent[at] = parentOfWaiting[top];
      depth[at] = parent[at] < 0 ? 0 : depth[parent[at]] + 1;
      if (depth[at] > maxDepth) maxDepth = depth[at];
      push(node, at);
    }
    for (let at = count - 1; at >= 0; at--) {
      if (subtreeEnd[at] === 0) subtreeEnd[at] = at + 1;
      if (parent[at] >= 0) subtreeEnd[parent[at]] = Math.max(subtreeEnd[parent[at]], subtreeEnd[at]);
    }
    return { length: count, row, parent, depth, subtreeEnd, maxDepth };
  }
}

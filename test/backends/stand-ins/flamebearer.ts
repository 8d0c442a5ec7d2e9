/**
 * Flame graphs in Pyroscope's encoding (reference/protocols.md §2.1).
 * In: merged stacks. Out: names and levels; single in groups of 4, diff in groups of 7; offsets as differences per level.
 * What is smaller than the smallest of the `maxNodes` largest boxes is gathered in `other`.
 */
import type { MergedStack } from './profile-data.ts';

interface Node {
  readonly name: string;
  self: [number, number];
  total: [number, number];
  readonly children: Map<string, Node>;
}

export interface FlameGraph {
  readonly names: string[];
  readonly levels: number[][];
  readonly total: number;
  readonly maxSelf: number;
}

const newNode = (name: string): Node => ({ name, self: [0, 0], total: [0, 0], children: new Map() });

function growTree(sides: readonly (readonly MergedStack[])[]): Node {
  const root = newNode('total');
  sides.forEach((stacks, side) => {
    for (const { frames, value } of stacks) {
      let node = root;
      node.total[side] += value;
      for (const { name } of [...frames].reverse()) {
        let child = node.children.get(name);
        if (child === undefined) {
          child = newNode(name);
          node.children.set(name, child);
        }
        child.total[side] += value;
        node = child;
      }
      node.self[side] += value;
    }
  });
  return root;
}

function smallestKept(root: Node, maxNodes: number): number {
  const totals: number[] = [];
  const visit = (node: Node): void => {
    totals.push(node.total[0] + node.total[1]);
    for (const child of node.children.values()) visit(child);
  };
  visit(root);
  if (maxNodes <= 0 || totals.length <= maxNodes) return 0;
  return totals.sort((a, b) => b - a)[maxNodes - 1];
}

export function drawSingle(stacks: readonly MergedStack[], maxNodes: number): FlameGraph {
  return draw(growTree([stacks]), maxNodes, 1);
}

export function drawDiff(
  left: readonly MergedStack[],
  right: readonly MergedStack[],
  maxNodes: number,
): FlameGraph {
  return draw(growTree([left, right]), maxNodes, 2);
}

function draw(root: Node, maxNodes: number, sides: 1 | 2): FlameGraph {
  const names: string[] = [];
  const levels: number[][] = [];
  const ends: [number, number][] = [];
  const least = smallestKept(root, maxNodes);
  let maxSelf = 0;
  const visit = (node: Node, depth: number, at: [number, number]): void => {
    let row = names.indexOf(node.name);
    if (row < 0) row = names.push(node.name) - 1;
    levels[depth] ??= [];
    ends[depth] ??= [0, 0];
    for (let side = 0; side < sides; side++) {
      levels[depth].push(at[side] - ends[depth][side], node.total[side], node.self[side]);
      ends[depth][side] = at[side] + node.total[side];
      maxSelf = Math.max(maxSelf, node.self[side]);
    }
    levels[depth].push(row);
    const next: [number, number] = [at[0] + node.self[0], at[1] + node.self[1]];
    const other = newNode('other');
    const children = [...node.children.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const child of children) {
      if (child.total[0] + child.total[1] < least || child.name === 'other') {
        for (const side of [0, 1]) {
          other.self[side] += child.total[side];
          other.total[side] += child.total[side];
        }
        continue;
      }
      visit(child, depth + 1, [next[0], next[1]]);
      next[0] += child.total[0];
      next[1] += child.total[1];
    }
    if (other.total[0] + other.total[1] > 0) visit(other, depth + 1, next);
  };
  visit(root, 0, [0, 0]);
  return { names, levels, total: root.total[0] + root.total[1], maxSelf };
}

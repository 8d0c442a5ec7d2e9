/**
 * A call tree → the rows of a table: which nodes are seen, in which order. Pure.
 * In: an answered tree, what is open, the column that sorts, a text to look for. Out: rows from top to bottom.
 * A row's key is its path of functions: what is open stays open when the range changes and the tree is another.
 */
import type { TreeAnswer } from '../../engine/client.ts';
import type { FunctionRef } from '../../profile/index.ts';

export type TreeSort = 'self' | 'total' | 'name';

export interface TreeRow {
  readonly node: number;
  readonly depth: number;
  readonly key: string;
  readonly expandable: boolean;
  readonly expanded: boolean;
}

export interface RowOptions {
  /** Bottom-up: a row adds up to self time of the function at its root. */
  readonly inverted: boolean;
  readonly open: ReadonlySet<string>;
  readonly sort: TreeSort;
  /** The other way round: least first, Z first. */
  readonly reversed: boolean;
  /** From {@link keepMatching}; null for all. */
  readonly kept: Uint8Array | null;
}

export const nameOfNode = ({ tree, strings, frames }: TreeAnswer, node: number): string =>
  strings[frames.name[tree.frame[node]]];

export function functionOfNode({ tree, strings, frames }: TreeAnswer, node: number): FunctionRef {
  const frame = tree.frame[node];
  return {
    name: strings[frames.name[frame]],
    url: strings[frames.url[frame]],
    line: frames.line[frame],
    column: frames.column[frame],
  };
}

export function listRows(answer: TreeAnswer, options: RowOptions): TreeRow[] {
  const { tree } = answer;
  const rows: TreeRow[] = [];
  const addSiblings = (first: number, end: number, path: string): void => {
    for (const node of orderSiblings(answer, first, end, options)) {
      const key = path + keyOfFunction(functionOfNode(answer, node));
      const expandable = hasChild(answer, node, options.kept);
      const expanded = expandable && options.open.has(key);
      rows.push({ node, depth: tree.depth[node], key, expandable, expanded });
      if (expanded) addSiblings(node + 1, tree.subtreeEnd[node], key);
    }
  };
  addSiblings(0, tree.length, '');
  return rows;
}

/** 1 for nodes whose name or address has `text` in it, and for all above them; null where `text` is empty. */
export function keepMatching({ tree, strings, frames }: TreeAnswer, text: string): Uint8Array | null {
  if (text === '') return null;
  const wanted = text.toLowerCase();
  const byFrame = new Int8Array(frames.length);
  const isFound = (frame: number): boolean => {
    if (byFrame[frame] === 0) {
      const facts = [strings[frames.name[frame]], strings[frames.url[frame]]];
      byFrame[frame] = facts.some((fact) => fact.toLowerCase().includes(wanted)) ? 1 : -1;
    }
    return byFrame[frame] === 1;
  };
  const kept = new Uint8Array(tree.length);
  for (let node = tree.length - 1; node >= 0; node--) {
    if (isFound(tree.frame[node])) kept[node] = 1;
    if (kept[node] === 1 && tree.parent[node] >= 0) kept[tree.parent[node]] = 1;
  }
  return kept;
}

/** The way down by the heaviest child, from `node` or from the heaviest root. */
export function heaviestPath({ tree }: TreeAnswer, node: number): number[] {
  const path: number[] = [];
  // Siblings stand by weight: the first child is the heaviest.
  for (let at = Math.max(0, node); at < tree.length; at++) {
    path.push(at);
    if (tree.subtreeEnd[at] === at + 1) break;
  }
  return path;
}

function hasChild({ tree }: TreeAnswer, node: number, kept: Uint8Array | null): boolean {
  if (kept === null) return tree.subtreeEnd[node] > node + 1;
  for (let child = node + 1; child < tree.subtreeEnd[node]; child = tree.subtreeEnd[child])
    if (kept[child] === 1) return true;
  return false;
}

function orderSiblings(answer: TreeAnswer, first: number, end: number, options: RowOptions): number[] {
  const { tree } = answer;
  const { kept, sort, reversed } = options;
  const siblings: number[] = [];
  for (let node = first; node < end; node = tree.subtreeEnd[node])
    if (kept === null || kept[node] === 1) siblings.push(node);
  const weights = weightsOf(answer, options);
  // As they stand, siblings are in order of total weight.
  if (weights !== null) siblings.sort((one, other) => weights(other) - weights(one) || one - other);
  if (sort === 'name') {
    const names = new Map(siblings.map((node) => [node, nameOfNode(answer, node)]));
    const nameOf = (node: number): string => names.get(node) ?? '';
    siblings.sort((one, other) => COLLATOR.compare(nameOf(one), nameOf(other)) || one - other);
  }
  return reversed ? siblings.reverse() : siblings;
}

/** What siblings are put in order by; null where they stand so. */
function weightsOf(
  { tree, totals }: TreeAnswer,
  { sort, inverted }: RowOptions,
): ((node: number) => number) | null {
  if (sort === 'name') return null;
  if (inverted) return sort === 'self' ? null : (node) => totals[tree.frame[node]] ?? tree.total[node];
  return sort === 'total' ? null : (node) => tree.self[node];
}

const COLLATOR = new Intl.Collator('en');

/** The key of a function's row among the roots. */
export const keyOfFunction = ({ name, url, line, column }: FunctionRef): string =>
  `${name} ${url}:${line}:${column}\n`;

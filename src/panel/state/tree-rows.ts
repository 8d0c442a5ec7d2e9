/**
 * A call tree → the rows of a table: which nodes are seen, in which order. Pure.
 * In: an answered tree, what is open, the column that sorts, a text to look for. Out: rows from top to bottom.
 */
import type { TreeAnswer } from '../../engine/client.ts';
import type { FunctionRef } from '../../profile/index.ts';
import { ROOT_KEY, type RowKey, type RowKeys } from './row-keys.ts';

export type TreeSort = 'self' | 'total' | 'name' | 'source';

export interface TreeRow {
  readonly node: number;
  readonly depth: number;
  readonly key: RowKey;
  readonly expandable: boolean;
  readonly expanded: boolean;
}

export interface RowOptions {
  /** Bottom-up: a row adds up to self time of the function at its root. */
  readonly inverted: boolean;
  readonly keys: RowKeys;
  readonly open: ReadonlySet<RowKey>;
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
  const { keys, open, kept } = options;
  const rows: TreeRow[] = [];
  /** Siblings still to write, the next one last, under the key of the row above them. */
  const waiting: { readonly nodes: number[]; readonly above: RowKey }[] = [];
  const push = (first: number, end: number, above: RowKey): void => {
    waiting.push({ nodes: orderSiblings(answer, first, end, options).reverse(), above });
  };
  push(0, tree.length, ROOT_KEY);
  for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
    const node = top.nodes.pop();
    if (node === undefined) {
      waiting.pop();
      continue;
    }
    const key = keys.ofNode(answer, node, top.above);
    const expandable = hasChild(answer, node, kept);
    const expanded = expandable && open.has(key);
    rows.push({ node, depth: tree.depth[node], key, expandable, expanded });
    if (expanded) push(node + 1, tree.subtreeEnd[node], key);
  }
  return rows;
}

/** Keys of the rows that open all below a row, from the top, as long as no more than `most` rows come of it. */
export function keysBelow(
  answer: TreeAnswer,
  { node: from, key }: Pick<TreeRow, 'node' | 'key'>,
  { keys, kept, most }: Pick<RowOptions, 'keys' | 'kept'> & { readonly most: number },
): RowKey[] {
  const { tree } = answer;
  const found: RowKey[] = [];
  let level: { readonly node: number; readonly key: RowKey }[] = [{ node: from, key }];
  for (let rows = 0; level.length > 0 && rows < most; ) {
    const next: typeof level = [];
    for (const above of level) {
      if (!hasChild(answer, above.node, kept)) continue;
      found.push(above.key);
      for (let node = above.node + 1; node < tree.subtreeEnd[above.node]; node = tree.subtreeEnd[node])
        if (kept === null || kept[node] === 1) next.push({ node, key: keys.ofNode(answer, node, above.key) });
    }
    rows += next.length;
    level = next;
  }
  return found;
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
  if (sort === 'name' || sort === 'source') {
    const textOf = sort === 'name' ? nameOfNode : placeOfNode;
    const texts = new Map(siblings.map((node) => [node, textOf(answer, node)]));
    const at = (node: number): string => texts.get(node) ?? '';
    siblings.sort((one, other) => COLLATOR.compare(at(one), at(other)) || one - other);
  }
  return reversed ? siblings.reverse() : siblings;
}

/** What siblings are put in order by; null where they stand so. */
function weightsOf(
  { tree, totals }: TreeAnswer,
  { sort, inverted }: RowOptions,
): ((node: number) => number) | null {
  if (sort === 'name' || sort === 'source') return null;
  if (inverted) return sort === 'self' ? null : (node) => totals[tree.frame[node]] ?? tree.total[node];
  return sort === 'total' ? null : (node) => tree.self[node];
}

/** By address, then line and column; what has no source comes after all that has one. */
function placeOfNode(answer: TreeAnswer, node: number): string {
  const { url, line, column } = functionOfNode(answer, node);
  return url === '' ? '\uffff' : `${url}:${line}:${column}`;
}

/** `app.js:9` before `app.js:10`. */
const COLLATOR = new Intl.Collator('en', { numeric: true });

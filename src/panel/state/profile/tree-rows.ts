/**
 * A call tree → the rows of a table: which nodes are seen, in which order. Pure. Of a million roots, too: what takes long is
 * done in steps, and a row is put together when it is looked at.
 * In: an answered tree, what is open, the column that sorts, a text to look for. Out: rows from top to bottom.
 */
import { type Steps, sortInSteps } from '../../../base/index.ts';
import type { TreeAnswer } from '../../../engine/client.ts';
import { isOfFunction, type KeyedFunction, ROOT_KEY, type RowKey, type RowKeys } from './row-keys.ts';
import { sortKeyOf } from './sort-key.ts';

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

/** Steps of long loops. */
const AT_ONCE = 2048;

export const nameOfNode = ({ tree, strings, frames }: TreeAnswer, node: number): string =>
  strings[frames.name[tree.frame[node]]];

/** What is listed, by row. */
interface Listed {
  readonly nodes: number[];
  /** Key of the row above. */
  readonly above: RowKey[];
  readonly expanded: boolean[];
}

export class TreeRows {
  readonly #answer: TreeAnswer | null;
  readonly #options: Pick<RowOptions, 'keys' | 'kept'>;
  readonly #listed: Listed;

  constructor(answer: TreeAnswer | null, options: Pick<RowOptions, 'keys' | 'kept'>, listed: Listed) {
    this.#answer = answer;
    this.#options = options;
    this.#listed = listed;
  }

  static none(keys: RowKeys): TreeRows {
    return new TreeRows(null, { keys, kept: null }, { nodes: [], above: [], expanded: [] });
  }

  get length(): number {
    return this.#listed.nodes.length;
  }

  get nodes(): readonly number[] {
    return this.#listed.nodes;
  }

  /** undefined beyond both ends. */
  at(row: number): TreeRow | undefined {
    const answer = this.#answer;
    const { nodes, above, expanded } = this.#listed;
    if (answer === null || row < 0 || row >= nodes.length) return undefined;
    const node = nodes[row];
    const { keys, kept } = this.#options;
    return {
      node,
      depth: answer.tree.depth[node],
      key: keys.ofNode(answer, node, above[row]),
      expandable: hasChild(answer, node, kept),
      expanded: expanded[row],
    };
  }

  /** -1 where it is not among them. */
  rowOf(key: RowKey): number {
    const answer = this.#answer;
    const facts = this.#options.keys.factsOf(key);
    if (answer === null || facts === null) return -1;
    const { nodes, above } = this.#listed;
    return nodes.findIndex(
      (node, row) => above[row] === facts.above && isOfFunction(answer, node, facts.ref),
    );
  }

  *[Symbol.iterator](): Generator<TreeRow> {
    for (let row = 0; row < this.length; row++) {
      const next = this.at(row);
      if (next !== undefined) yield next;
    }
  }
}

export function* listRows(answer: TreeAnswer, options: RowOptions): Steps<TreeRows> {
  const { tree } = answer;
  const { keys, open, kept } = options;
  const opened = keys.gather(open);
  const listed: Listed = { nodes: [], above: [], expanded: [] };
  /** Siblings still to write, under the key of the row above them. */
  const waiting: { readonly nodes: readonly number[]; next: number; readonly above: RowKey }[] = [];
  const roots = yield* orderSiblings(answer, 0, tree.length, options);
  waiting.push({ nodes: roots, next: 0, above: ROOT_KEY });
  for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
    if (top.next === top.nodes.length) {
      waiting.pop();
      continue;
    }
    const { above } = top;
    const node = top.nodes[top.next++];
    const key = openKeyOf(answer, node, opened.get(above));
    const expanded = key !== null && hasChild(answer, node, kept);
    listed.nodes.push(node);
    listed.above.push(above);
    listed.expanded.push(expanded);
    if (expanded) {
      const nodes = yield* orderSiblings(answer, node + 1, tree.subtreeEnd[node], options);
      waiting.push({ nodes, next: 0, above: key });
    }
    if (listed.nodes.length % AT_ONCE === 0) yield;
  }
  return new TreeRows(answer, options, listed);
}

/** null for what is not open. */
function openKeyOf(
  answer: TreeAnswer,
  node: number,
  opened: ReadonlyMap<string, readonly KeyedFunction[]> | undefined,
): RowKey | null {
  const named = opened?.get(nameOfNode(answer, node));
  return named?.find(({ ref }) => isOfFunction(answer, node, ref))?.key ?? null;
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

/** 1 for nodes whose name or address has `text` in it, and for all above them. */
export function* keepMatching({ tree, strings, frames }: TreeAnswer, text: string): Steps<Uint8Array> {
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
    if (node % AT_ONCE === 0) yield;
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

function* orderSiblings(
  answer: TreeAnswer,
  first: number,
  end: number,
  options: RowOptions,
): Steps<readonly number[]> {
  const { tree } = answer;
  const { kept, reversed } = options;
  const siblings: number[] = [];
  for (let node = first; node < end; node = tree.subtreeEnd[node]) {
    if (kept === null || kept[node] === 1) siblings.push(node);
    if (siblings.length % AT_ONCE === AT_ONCE - 1) yield;
  }
  const compare = yield* comparisonOf(answer, siblings, options);
  const sorted = compare === null ? siblings : yield* sortInSteps(siblings, compare);
  return reversed ? [...sorted].reverse() : sorted;
}

type Compare = (one: number, other: number) => number;

/** null where siblings stand so: they are in order of total weight. */
function* comparisonOf(
  answer: TreeAnswer,
  siblings: readonly number[],
  { sort, inverted }: RowOptions,
): Generator<undefined, Compare | null> {
  const { tree, totals } = answer;
  switch (sort) {
    case 'self':
      return inverted ? null : (one, other) => tree.self[other] - tree.self[one];
    case 'total': {
      const whole = (node: number): number => totals[tree.frame[node]] ?? tree.total[node];
      return inverted ? (one, other) => whole(other) - whole(one) : null;
    }
    case 'name': {
      const keys = yield* sortKeysOf(answer, siblings, ({ name }) => name);
      return (one, other) => compareTexts(keys(one), keys(other));
    }
    case 'source': {
      const { line, column } = answer.frames;
      const keys = yield* sortKeysOf(answer, siblings, ({ url }) => url);
      return (one, other) => {
        const [frame, next] = [tree.frame[one], tree.frame[other]];
        return (
          compareTexts(keys(one), keys(other)) || line[frame] - line[next] || column[frame] - column[next]
        );
      };
    }
  }
}

/** What texts of nodes are put in order by, each distinct text's worked out once. What has none comes last. */
function* sortKeysOf(
  { tree, frames, strings }: TreeAnswer,
  siblings: readonly number[],
  columnOf: (columns: TreeAnswer['frames']) => ArrayLike<number>,
): Generator<undefined, (node: number) => string> {
  const column = columnOf(frames);
  /** By string row. */
  const keys: string[] = [];
  for (const [at, node] of siblings.entries()) {
    const row = column[tree.frame[node]];
    keys[row] ??= strings[row] === '' ? '\uffff' : sortKeyOf(strings[row]);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  return (node) => keys[column[tree.frame[node]]];
}

const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Numbers for the rows of a tree table: one per path of functions, so that what is open stays open when the range changes
 * and the tree is another. In: an answer's node and the key of the row above it. Out: its key; 0 is above the roots.
 */
import type { TreeAnswer } from '../../../engine/client.ts';
import type { FunctionRef } from '../../../profile/index.ts';

export type RowKey = number;

export const ROOT_KEY: RowKey = 0;

/** A function among those below a row. */
export interface KeyedFunction {
  readonly key: RowKey;
  readonly ref: FunctionRef;
}

export class RowKeys {
  readonly #functions = new Map<string, number>();
  readonly #rows = new Map<string, RowKey>();
  /** By key. */
  readonly #facts: { readonly above: RowKey; readonly ref: FunctionRef }[] = [];

  ofNode(answer: TreeAnswer, node: number, above: RowKey): RowKey {
    return this.#below(above, functionOfNode(answer, node));
  }

  /** Of a function's own row among the roots. */
  ofRoot(ref: FunctionRef): RowKey {
    return this.#below(ROOT_KEY, ref);
  }

  /** The row that stands above a key's row, and the function there; null for {@link ROOT_KEY}. */
  factsOf(key: RowKey): { readonly above: RowKey; readonly ref: FunctionRef } | null {
    return this.#facts[key - 1] ?? null;
  }

  /** Keys by the row above them and the name of their function: who looks for few in many rows makes no key for each. */
  gather(keys: Iterable<RowKey>): ReadonlyMap<RowKey, ReadonlyMap<string, readonly KeyedFunction[]>> {
    const found = new Map<RowKey, Map<string, KeyedFunction[]>>();
    for (const key of keys) {
      const facts = this.factsOf(key);
      if (facts === null) continue;
      const { above, ref } = facts;
      const byName = found.get(above) ?? new Map<string, KeyedFunction[]>();
      found.set(above, byName);
      byName.set(ref.name, [...(byName.get(ref.name) ?? []), { key, ref }]);
    }
    return found;
  }

  #below(above: RowKey, ref: FunctionRef): RowKey {
    const { name, url, line, column } = ref;
    const own = numberIn(this.#functions, `${name}\n${url}:${line}:${column}`);
    const key = 1 + numberIn(this.#rows, `${above} ${own}`);
    this.#facts[key - 1] ??= { above, ref };
    return key;
  }
}

export function functionOfNode({ tree, strings, frames }: TreeAnswer, node: number): FunctionRef {
  const frame = tree.frame[node];
  return {
    name: strings[frames.name[frame]],
    url: strings[frames.url[frame]],
    line: frames.line[frame],
    column: frames.column[frame],
  };
}

/** Whether a node is of the function. */
export function isOfFunction({ tree, strings, frames }: TreeAnswer, node: number, ref: FunctionRef): boolean {
  const frame = tree.frame[node];
  return (
    frames.line[frame] === ref.line &&
    frames.column[frame] === ref.column &&
    strings[frames.name[frame]] === ref.name &&
    strings[frames.url[frame]] === ref.url
  );
}

function numberIn(numbers: Map<string, number>, text: string): number {
  let number = numbers.get(text);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(text, number);
  }
  return number;
}

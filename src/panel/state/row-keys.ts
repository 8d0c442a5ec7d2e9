/**
 * Numbers for the rows of a tree table: one per path of functions, so that what is open stays open when the range changes
 * and the tree is another. In: an answer's node and the key of the row above it. Out: its key; 0 is above the roots.
 */
import type { TreeAnswer } from '../../engine/client.ts';
import type { FunctionRef } from '../../profile/index.ts';

export type RowKey = number;

export const ROOT_KEY: RowKey = 0;

export class RowKeys {
  readonly #functions = new Map<string, number>();
  readonly #rows = new Map<string, RowKey>();
  #answer: TreeAnswer | null = null;
  /** By frame of the answer: its function's number plus 1; 0 not yet. */
  #ofFrame = new Int32Array(0);

  ofNode(answer: TreeAnswer, node: number, above: RowKey): RowKey {
    const { tree, frames, strings } = answer;
    if (this.#answer !== answer) {
      this.#answer = answer;
      this.#ofFrame = new Int32Array(frames.length);
    }
    const frame = tree.frame[node];
    if (this.#ofFrame[frame] === 0)
      this.#ofFrame[frame] =
        1 +
        this.#numberOf({
          name: strings[frames.name[frame]],
          url: strings[frames.url[frame]],
          line: frames.line[frame],
          column: frames.column[frame],
        });
    return this.#below(above, this.#ofFrame[frame] - 1);
  }

  /** Of a function's own row among the roots. */
  ofRoot(ref: FunctionRef): RowKey {
    return this.#below(ROOT_KEY, this.#numberOf(ref));
  }

  #numberOf({ name, url, line, column }: FunctionRef): number {
    return numberIn(this.#functions, `${name}\n${url}:${line}:${column}`);
  }

  #below(above: RowKey, own: number): RowKey {
    return 1 + numberIn(this.#rows, `${above} ${own}`);
  }
}

function numberIn(numbers: Map<string, number>, text: string): number {
  let number = numbers.get(text);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(text, number);
  }
  return number;
}

/**
 * The table of what changed: which functions are listed and in which order, worked out in turns.
 * In: the comparison's answers. Out: signals for the view; what was listed stands until the next is there, and stays when
 * the flame graph is looked at meanwhile.
 */
import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FunctionChanges } from '../../../engine/client.ts';
import type { CompareBy } from '../../../profile/index.ts';
import { workInTurns } from '../in-turns.ts';
import {
  type ChangeKind,
  type ChangeOptions,
  type ChangeRow,
  type ChangeSort,
  functionOfChange,
  listChanges,
} from './change-rows.ts';

export interface ChangeOrder {
  readonly by: ChangeSort;
  readonly reversed: boolean;
}

/** The rows, and what they were asked with. */
export interface ListedChanges {
  readonly answer: FunctionChanges;
  readonly options: ChangeOptions;
  readonly rows: readonly ChangeRow[];
}

export interface ChangeList {
  readonly kind: Signal<ChangeKind>;
  readonly text: Signal<string>;
  readonly sort: Signal<ChangeOrder>;
  /** null until the first one is there. */
  readonly listed: ReadonlySignal<ListedChanges | null>;
  /** Rows are put in order for longer than is worth no word. */
  readonly isListing: ReadonlySignal<boolean>;
  /** The row of the answer that keys move; -1 for none. */
  readonly active: Signal<number>;
  readonly sortBy: (by: ChangeSort) => void;
  /** Goes back to the order and the filters that are shown. */
  readonly cancel: () => void;
  /** Lists for as long as it is shown. Call the answer to stop. */
  readonly follow: () => () => void;
}

type Ask = Pick<ListedChanges, 'answer' | 'options'>;

export function createChangeList(
  functions: ReadonlySignal<FunctionChanges | null>,
  by: ReadonlySignal<CompareBy>,
): ChangeList {
  const kind = signal<ChangeKind>('all');
  const text = signal('');
  const sort = signal<ChangeOrder>({ by: 'self', reversed: false });
  const listed = signal<ListedChanges | null>(null);
  const isListing = signal(false);
  const active = signal(-1);
  let giveUp = (): void => undefined;
  const ask = (): Ask | null => {
    const answer = functions.value;
    const { by: order, reversed } = sort.value;
    const options = { by: by.value, kind: kind.value, text: text.value, sort: order, reversed };
    return answer === null ? null : { answer, options };
  };
  return {
    kind,
    text,
    sort,
    listed,
    isListing,
    active,
    sortBy(wanted) {
      const now = sort.peek();
      sort.value = { by: wanted, reversed: now.by === wanted && !now.reversed };
    },
    cancel() {
      const now = listed.peek();
      giveUp();
      if (now === null) return;
      batch(() => {
        kind.value = now.options.kind;
        text.value = now.options.text;
        sort.value = { by: now.options.sort, reversed: now.options.reversed };
      });
    },
    follow() {
      const { cancel, end } = workInTurns<Ask, ListedChanges>({
        ask,
        steps: function* ({ answer, options }) {
          const before = listed.peek();
          if (before !== null && before.answer === answer && isSame(before.options, options)) return before;
          return { answer, options, rows: yield* listChanges(answer, options) };
        },
        onDone: (next) => {
          const before = listed.peek();
          batch(() => {
            if (before !== null) active.value = rowOfSame(before.answer, active.peek(), next.answer);
            listed.value = next;
          });
        },
        isLong: isListing,
      });
      giveUp = cancel;
      return end;
    },
  };
}

const isSame = (one: ChangeOptions, other: ChangeOptions): boolean =>
  one.by === other.by &&
  one.kind === other.kind &&
  one.text === other.text &&
  one.sort === other.sort &&
  one.reversed === other.reversed;

/** Where another answer has the function of a row; -1 where it has none. */
function rowOfSame(before: FunctionChanges, row: number, after: FunctionChanges): number {
  if (before === after || row < 0) return row;
  const { name, url, line, column } = functionOfChange(before, row);
  for (let at = 0; at < after.length; at++) {
    const other = functionOfChange(after, at);
    if (other.name === name && other.url === url && other.line === line && other.column === column) return at;
  }
  return -1;
}

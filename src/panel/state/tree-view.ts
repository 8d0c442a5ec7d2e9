/**
 * One table of a call tree, bottom-up or top-down: what it asks for, what is open in it, and how its keys move.
 * In: the scope that all aggregated views share. Out: signals for the view; the last answer stands until the next one
 * is there. Refuses nothing: failures go to `onFailure`.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Failure } from '../../base/index.ts';
import type { EngineApi, OpenId, TreeAnswer, TreeQuestion } from '../../engine/client.ts';
import type { Grouping } from '../../flame/index.ts';
import type { FunctionRef } from '../../profile/index.ts';
import { createLatest } from './latest.ts';
import type { ProfileView } from './profile-view.ts';
import { ROOT_KEY, type RowKey, RowKeys } from './row-keys.ts';
import { keepMatching, keysBelow, listRows, nameOfNode, type TreeRow, type TreeSort } from './tree-rows.ts';

export interface TreeView {
  readonly inverted: boolean;
  readonly group: Signal<Grouping>;
  readonly filter: Signal<string>;
  readonly sort: Signal<{ readonly by: TreeSort; readonly reversed: boolean }>;
  /** null until the first one is there. */
  readonly answer: ReadonlySignal<TreeAnswer | null>;
  readonly rows: ReadonlySignal<readonly TreeRow[]>;
  /** The row that keys move, -1 for none. It stays with its function when the rows change. */
  readonly active: ReadonlySignal<number>;
  readonly activate: (row: number) => void;
  /** Activates the function's own row, now or when it is there. */
  readonly activateFunction: (ref: FunctionRef) => void;
  readonly sortBy: (by: TreeSort) => void;
  readonly setOpen: (row: number, open: boolean) => void;
  /** Opens all that is below the row. */
  readonly openAll: (row: number) => void;
  /** Whether the key was one of a tree's. */
  readonly press: (key: string, pageRows: number) => boolean;
  /** Asks for as long as it is shown. Call the answer to stop. */
  readonly follow: () => () => void;
}

export interface TreeViewOptions {
  readonly engine: EngineApi;
  readonly open: OpenId;
  readonly profile: ProfileView;
  readonly inverted: boolean;
  readonly onFailure: (failure: Failure) => void;
}

/** More rows than this are not opened by one key. */
const MOST_OPENED = 5_000;

export function createTreeView(options: TreeViewOptions): TreeView {
  const { inverted } = options;
  const group = signal<Grouping>('none');
  const filter = signal('');
  const sort = signal<{ by: TreeSort; reversed: boolean }>({
    by: inverted ? 'self' : 'total',
    reversed: false,
  });
  const answer = signal<TreeAnswer | null>(null);
  const keys = new RowKeys();
  const openKeys = signal<ReadonlySet<RowKey>>(new Set());
  const activeKey = signal(ROOT_KEY);
  const kept = computed(() =>
    answer.value === null ? null : keepMatching(answer.value, filter.value.trim()),
  );
  const rows = computed((): readonly TreeRow[] => {
    if (answer.value === null) return [];
    const { by, reversed } = sort.value;
    const look = { inverted, keys, open: openKeys.value, kept: kept.value };
    return listRows(answer.value, { ...look, sort: by, reversed });
  });
  const active = computed(() => rows.value.findIndex(({ key }) => key === activeKey.value));
  const change = (changed: Iterable<RowKey>, isOpen: boolean): void => {
    const next = new Set(openKeys.peek());
    for (const key of changed) {
      if (isOpen) next.add(key);
      else next.delete(key);
    }
    openKeys.value = next;
  };
  const view: TreeView = {
    inverted,
    group,
    filter,
    sort,
    answer,
    rows,
    active,
    activate(row) {
      activeKey.value = rows.peek()[row]?.key ?? ROOT_KEY;
    },
    activateFunction(ref) {
      activeKey.value = keys.ofRoot(ref);
    },
    sortBy(by) {
      const now = sort.peek();
      sort.value = { by, reversed: now.by === by && !now.reversed };
    },
    setOpen(row, isOpen) {
      const at = rows.peek()[row];
      if (at?.expandable === true) change([at.key], isOpen);
    },
    openAll(row) {
      const at = rows.peek()[row];
      const whole = answer.peek();
      if (at !== undefined && whole !== null)
        change(keysBelow(whole, at, { keys, kept: kept.peek(), most: MOST_OPENED }), true);
    },
    press: (key, pageRows) => pressTreeKey(view, key, pageRows),
    follow: () => followTree(options, group, answer),
  };
  return view;
}

/** Asks whenever the scope or the grouping changes. Call the answer to stop. */
function followTree(
  { engine, open, profile, inverted, onFailure }: TreeViewOptions,
  group: ReadonlySignal<Grouping>,
  answer: Signal<TreeAnswer | null>,
): () => void {
  const latest = createLatest<TreeQuestion, TreeAnswer>({
    ask: (question, signal) => engine.tree(open, question, { signal }),
    onAnswer: (next) => {
      answer.value = next;
    },
    onFailure,
  });
  const stop = effect(() => latest.ask({ scope: profile.scope.value, inverted, group: group.value }));
  return () => {
    stop();
    latest.dispose();
  };
}

/** Keys of a tree grid, as ARIA describes them. */
function pressTreeKey(view: TreeView, key: string, pageRows: number): boolean {
  const rows = view.rows.peek();
  const here = view.active.peek();
  if (rows.length === 0) return false;
  const go = (row: number): void => view.activate(Math.max(0, Math.min(rows.length - 1, row)));
  switch (key) {
    case 'ArrowDown':
      go(here + 1);
      return true;
    case 'ArrowUp':
      go(here < 0 ? 0 : here - 1);
      return true;
    case 'PageDown':
      go(here + pageRows);
      return true;
    case 'PageUp':
      go(here - pageRows);
      return true;
    case 'Home':
      go(0);
      return true;
    case 'End':
      go(rows.length - 1);
      return true;
    case 'ArrowRight':
      if (here < 0) go(0);
      else if (rows[here].expandable && !rows[here].expanded) view.setOpen(here, true);
      else if (rows[here].expanded) go(here + 1);
      return true;
    case 'ArrowLeft':
      if (here < 0) go(0);
      else if (rows[here].expanded) view.setOpen(here, false);
      else go(parentRow(rows, here));
      return true;
    case '*':
      view.openAll(here);
      return true;
    default:
      return false;
  }
}

function parentRow(rows: readonly TreeRow[], row: number): number {
  let at = row;
  while (at > 0 && rows[at].depth >= rows[row].depth) at--;
  return at;
}

/** The next row, round the end, whose name begins with `typed`; -1 for none. */
export function findTyped(view: TreeView, typed: string): number {
  const answer = view.answer.peek();
  const rows = view.rows.peek();
  if (answer === null || typed === '') return -1;
  const wanted = typed.toLowerCase();
  // One letter goes on to the next row; more of a word may stay.
  const from = Math.max(0, view.active.peek()) + (typed.length === 1 ? 1 : 0);
  for (let step = 0; step < rows.length; step++) {
    const row = (from + step) % rows.length;
    if (nameOfNode(answer, rows[row].node).toLowerCase().startsWith(wanted)) return row;
  }
  return -1;
}

/**
 * One table of a call tree, bottom-up or top-down: what it asks for, what is open in it, and how its keys move.
 * In: the scope that all aggregated views share. Out: signals for the view; the last answer stands until the next one
 * is there. Refuses nothing: failures go to `onFailure`.
 */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { CATEGORIES } from '../../../analysis/index.ts';
import type { Failure, Steps } from '../../../base/index.ts';
import type { EngineApi, OpenId, TreeAnswer, TreeQuestion } from '../../../engine/client.ts';
import type { Grouping } from '../../../flame/index.ts';
import type { FunctionRef } from '../../../profile/index.ts';
import { CATEGORY_NAMES } from '../../words/categories.ts';
import { workInTurns } from '../in-turns.ts';
import { type Asking, AskingNow, createLatest } from '../latest.ts';
import type { ProfileView } from './profile-view.ts';
import { ROOT_KEY, type RowKey, RowKeys } from './row-keys.ts';
import { keepMatching, keysBelow, listRows, nameOfNode, TreeRows, type TreeSort } from './tree-rows.ts';

export interface TreeView {
  readonly inverted: boolean;
  readonly group: Signal<Grouping>;
  readonly filter: Signal<string>;
  readonly sort: Signal<TreeOrder>;
  /** What the rows are of; null until the first one is there. */
  readonly answer: ReadonlySignal<TreeAnswer | null>;
  readonly rows: ReadonlySignal<TreeRows>;
  /** How the answer stands. */
  readonly asking: Asking;
  /** Rows are put in order for longer than is worth no word; those that were there stand. */
  readonly isListing: ReadonlySignal<boolean>;
  /** Goes back to the order and the filter that are shown. */
  readonly cancelListing: () => void;
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

interface TreeOrder {
  readonly by: TreeSort;
  readonly reversed: boolean;
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
  const sort = signal<TreeOrder>({ by: inverted ? 'self' : 'total', reversed: false });
  const answered = signal<TreeAnswer | null>(null);
  const keys = new RowKeys();
  const asking = new AskingNow();
  const openKeys = signal<ReadonlySet<RowKey>>(new Set());
  const activeKey = signal(ROOT_KEY);
  const { shown, isListing, cancel } = listInTurns({ inverted, keys, answered, openKeys, filter, sort });
  const answer = computed(() => shown.value?.answer ?? null);
  const rows = computed(() => shown.value?.rows ?? TreeRows.none(keys));
  /** Where the active row was put; of others it has to be looked for. */
  let near = -1;
  const active = computed(() => {
    if (rows.value.at(near)?.key !== activeKey.value) near = rows.value.rowOf(activeKey.value);
    return near;
  });
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
    asking,
    isListing,
    cancelListing: cancel,
    active,
    activate(row) {
      near = row;
      activeKey.value = rows.peek().at(row)?.key ?? ROOT_KEY;
    },
    activateFunction(ref) {
      activeKey.value = keys.ofRoot(ref);
    },
    sortBy(by) {
      const now = sort.peek();
      sort.value = { by, reversed: now.by === by && !now.reversed };
    },
    setOpen(row, isOpen) {
      const at = rows.peek().at(row);
      if (at?.expandable === true) change([at.key], isOpen);
    },
    openAll(row) {
      const at = rows.peek().at(row);
      const now = shown.peek();
      if (at !== undefined && now !== null)
        change(keysBelow(now.answer, at, { keys, kept: now.kept, most: MOST_OPENED }), true);
    },
    press: (key, pageRows) => pressTreeKey(view, key, pageRows),
    follow: () => followTree(options, group, { answered, asking }),
  };
  return view;
}

interface Listing extends ListingAsk {
  readonly rows: TreeRows;
  readonly kept: Uint8Array | null;
}

interface ListingOptions {
  readonly inverted: boolean;
  readonly keys: RowKeys;
  readonly answered: ReadonlySignal<TreeAnswer | null>;
  readonly openKeys: ReadonlySignal<ReadonlySet<RowKey>>;
  readonly filter: Signal<string>;
  readonly sort: Signal<TreeOrder>;
}

interface ListingAsk {
  readonly answer: TreeAnswer;
  readonly open: ReadonlySet<RowKey>;
  readonly text: string;
  readonly order: TreeOrder;
}

/** The rows of whatever is asked for last; what they are of goes with them. */
function listInTurns({ inverted, keys, answered, openKeys, filter, sort }: ListingOptions) {
  const shown = signal<Listing | null>(null);
  const isListing = signal(false);
  const steps = function* ({ answer, open, text, order }: ListingAsk): Steps<Listing> {
    const before = shown.peek();
    const isKnown = before?.answer === answer && before.text === text;
    if (isKnown && before.open === open && before.order === order) return before;
    const kept = text === '' ? null : isKnown ? before.kept : yield* keepMatching(answer, text);
    const { by, reversed } = order;
    const rows = yield* listRows(answer, { inverted, keys, open, kept, sort: by, reversed });
    return { answer, open, rows, text, kept, order };
  };
  const { cancel } = workInTurns<ListingAsk, Listing>({
    ask: () => {
      const answer = answered.value;
      const [open, text, order] = [openKeys.value, filter.value.trim(), sort.value];
      return answer === null ? null : { answer, open, text, order };
    },
    steps,
    onDone: (listing) => {
      shown.value = listing;
    },
    isLong: isListing,
  });
  return {
    shown,
    isListing,
    cancel: () => {
      const now = shown.peek();
      cancel();
      if (now === null) return;
      batch(() => {
        sort.value = now.order;
        filter.value = now.text;
      });
    },
  };
}

/** Asks whenever the scope or the grouping changes. Call the answer to stop. */
function followTree(
  { engine, open, profile, inverted, onFailure }: TreeViewOptions,
  group: ReadonlySignal<Grouping>,
  { answered, asking }: { readonly answered: Signal<TreeAnswer | null>; readonly asking: AskingNow },
): () => void {
  const latest = createLatest<TreeQuestion, TreeAnswer>({
    ask: (question, signal) => engine.tree(open, question, { signal }),
    onAnswer: (next, question) => {
      answered.value = question.group === 'category' ? nameCategories(next) : next;
    },
    onFailure,
    asking,
  });
  const stop = effect(() => latest.ask({ scope: profile.scope.value, inverted, group: group.value }));
  return () => {
    stop();
    latest.dispose();
  };
}

/** Groups of categories under the names that people read: in the table, in what is copied, and for letters that are typed. */
function nameCategories(answer: TreeAnswer): TreeAnswer {
  const strings = [...answer.strings];
  const { frames, firstGroup } = answer;
  for (let group = firstGroup; group < frames.length; group++) {
    const key = CATEGORIES.find((each) => each === strings[frames.name[group]]);
    if (key !== undefined) strings[frames.name[group]] = CATEGORY_NAMES[key];
  }
  return { ...answer, strings };
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
      else if (rows.at(here)?.expanded === true) go(here + 1);
      else view.setOpen(here, true);
      return true;
    case 'ArrowLeft':
      if (here < 0) go(0);
      else if (rows.at(here)?.expanded === true) view.setOpen(here, false);
      else go(parentRow(rows, here));
      return true;
    case '*':
      view.openAll(here);
      return true;
    default:
      return false;
  }
}

function parentRow(rows: TreeRows, row: number): number {
  const depth = rows.at(row)?.depth ?? 0;
  let at = row;
  while (at > 0 && (rows.at(at)?.depth ?? 0) >= depth) at--;
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
    if (nameOfNode(answer, rows.nodes[row]).toLowerCase().startsWith(wanted)) return row;
  }
  return -1;
}

/**
 * The event log: the slices of the range, one after the other or in groups, and what is left out of them.
 * In: the scope that all aggregated views share, the chart. Out: signals; a row's facts are read from the chart, so a
 * list of millions is no more than its slice rows.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { CATEGORIES, type Category } from '../../../analysis/index.ts';
import { type Failure, type SliceIndex, sliceIndex } from '../../../base/index.ts';
import type { EngineApi, EventGrouping, EventList, EventQuestion, OpenId } from '../../../engine/client.ts';
import { boxOfSlice, type Chart, type SourcePlace, selfTimeOfBox } from '../../../flame/index.ts';
import { CATEGORY_NAMES } from '../../words/categories.ts';
import { type Asking, AskingNow, createLatest } from '../latest.ts';
import { EventRows, type NamedEvents } from './event-rows.ts';
import type { ProfileView } from './profile-view.ts';

export type EventOrder = EventQuestion['order'];

export interface EventLog {
  readonly sort: Signal<{ readonly by: EventOrder; readonly reversed: boolean }>;
  /** The same column again turns the order round. */
  readonly sortBy: (by: EventOrder) => void;
  readonly group: Signal<EventGrouping>;
  /** Microseconds: shorter ones are left out. */
  readonly least: Signal<number>;
  /** null for all. */
  readonly categories: Signal<readonly Category[] | null>;
  readonly text: Signal<string>;
  readonly asking: Asking;
  /** Slice rows; null until the first answer. */
  readonly slices: ReadonlySignal<Int32Array | null>;
  /** null until the first answer. */
  readonly rows: ReadonlySignal<EventRows | null>;
  /** The row of the chosen group or of the selected slice, -1 where it is not listed. */
  readonly active: ReadonlySignal<number>;
  readonly factsOf: (slice: number) => EventFacts | null;
  readonly activate: (row: number) => void;
  /** Of a group's head. */
  readonly setOpen: (row: number, open: boolean) => void;
  readonly press: (key: string, pageRows: number) => boolean;
  readonly follow: () => () => void;
}

export interface EventFacts {
  readonly text: string;
  readonly source: SourcePlace | null;
  readonly category: Category;
  readonly start: number;
  readonly total: number;
  readonly self: number;
}

export interface EventLogOptions {
  readonly engine: EngineApi;
  readonly open: OpenId;
  readonly profile: ProfileView;
  readonly chart: ReadonlySignal<Chart | null>;
  readonly selection: Signal<SliceIndex | null>;
  readonly onFailure: (failure: Failure) => void;
}

export function createEventLog(options: EventLogOptions): EventLog {
  const { profile, chart, selection } = options;
  const asked = {
    sort: signal<{ readonly by: EventOrder; readonly reversed: boolean }>({ by: 'start', reversed: false }),
    group: signal<EventGrouping>('none'),
    least: signal(0),
    categories: signal<readonly Category[] | null>(null),
    text: signal(''),
  };
  const list = signal<NamedEvents | null>(null);
  const asking = new AskingNow();
  const openGroups = signal<ReadonlySet<string>>(new Set());
  /** The head of a group that was gone to; a slice of the chart goes before. */
  const chosenGroup = signal<string | null>(null);
  const rows = computed(() => (list.value === null ? null : new EventRows(list.value, openGroups.value)));
  const active = computed(() => {
    if (rows.value === null) return -1;
    if (chosenGroup.value !== null) return rows.value.rowOfGroup(chosenGroup.value);
    return selection.value === null ? -1 : rows.value.rowOfSlice(selection.value);
  });
  const log: EventLog = {
    asking,
    ...asked,
    sortBy(by) {
      const now = asked.sort.peek();
      asked.sort.value = { by, reversed: now.by === by && !now.reversed };
    },
    slices: computed(() => list.value?.slices ?? null),
    rows,
    active,
    factsOf: (slice) => factsOfSlice(chart.value, slice),
    activate(wanted) {
      const all = rows.peek();
      if (all === null || all.length === 0) return;
      const row = all.at(Math.max(0, Math.min(all.length - 1, wanted)));
      chosenGroup.value = row.kind === 'group' ? row.group.name : null;
      if (row.kind === 'slice') selection.value = sliceIndex(row.slice);
    },
    setOpen(at, isOpen) {
      const row = rows.peek()?.at(at);
      if (row?.kind !== 'group') return;
      const next = new Set(openGroups.peek());
      if (isOpen) next.add(row.group.name);
      else next.delete(row.group.name);
      openGroups.value = next;
    },
    press: (key, pageRows) => pressEventKey(log, key, pageRows),
    follow() {
      // What is selected in the chart is what is active again.
      const stopChoosing = selection.subscribe(() => {
        chosenGroup.value = null;
      });
      const stopAsking = followEvents(options, log, profile, { list, asking });
      return () => {
        stopChoosing();
        stopAsking();
      };
    },
  };
  return log;
}

function followEvents(
  { engine, open, onFailure }: EventLogOptions,
  { sort, group, least, categories, text }: EventLog,
  profile: ProfileView,
  { list, asking }: { readonly list: Signal<NamedEvents | null>; readonly asking: AskingNow },
): () => void {
  const latest = createLatest<EventQuestion, EventList>({
    ask: (question, abort) => engine.events(open, question, { signal: abort }),
    onAnswer: (next, question) => {
      list.value = question.group === 'category' ? nameCategories(next) : { ...next, categories: null };
    },
    onFailure,
    asking,
  });
  const stop = effect(() => {
    const { thread, range, within } = profile.scope.value;
    latest.ask({
      thread,
      range,
      within,
      least: least.value,
      categories: categories.value,
      text: text.value.trim(),
      order: sort.value.by,
      reversed: sort.value.reversed,
      group: group.value,
    });
  });
  return () => {
    stop();
    latest.dispose();
  };
}

/** Groups of categories under the names that people read: in the table, and in what is copied. */
function nameCategories(list: EventList): NamedEvents {
  const { groups } = list;
  if (groups === null) return { ...list, categories: null };
  const categories = groups.names.map((name) => CATEGORIES.find((each) => each === name) ?? null);
  const names = categories.map((key, group) => (key === null ? groups.names[group] : CATEGORY_NAMES[key]));
  return { ...list, groups: { ...groups, names }, categories };
}

/** Keys of a grid, and of a tree where there are groups. */
function pressEventKey(log: EventLog, key: string, pageRows: number): boolean {
  const rows = log.rows.peek();
  if (rows === null) return false;
  const here = log.active.peek();
  const to: Readonly<Record<string, number>> = {
    ArrowDown: here + 1,
    ArrowUp: here < 0 ? 0 : here - 1,
    PageDown: here + pageRows,
    PageUp: here - pageRows,
    Home: 0,
    End: rows.length - 1,
  };
  if (Object.hasOwn(to, key)) {
    log.activate(to[key]);
    return true;
  }
  if (here < 0 || log.group.peek() === 'none' || (key !== 'ArrowRight' && key !== 'ArrowLeft')) return false;
  const row = rows.at(here);
  const isOpen = row.kind === 'group' && row.group.isOpen;
  if (row.kind === 'group' && isOpen === (key === 'ArrowLeft')) log.setOpen(here, !isOpen);
  else log.activate(key === 'ArrowLeft' ? rows.headOf(here) : here + (isOpen ? 1 : 0));
  return true;
}

function factsOfSlice(chart: Chart | null, slice: number): EventFacts | null {
  const box = chart === null ? -1 : boxOfSlice(chart, slice);
  if (chart === null || box < 0) return null;
  const { boxes, labels } = chart;
  const { text, source } = labels[boxes.label[box]];
  return {
    text,
    source,
    category: CATEGORIES[boxes.colour[box] >> 1],
    start: boxes.start[box],
    total: boxes.end[box] - boxes.start[box],
    self: selfTimeOfBox(chart, box),
  };
}

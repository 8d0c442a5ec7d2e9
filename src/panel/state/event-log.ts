/**
 * The event log: the slices of the range, one after the other, and what is left out of them.
 * In: the scope that all aggregated views share, the chart. Out: signals; a row's facts are read from the chart, so a
 * list of millions is no more than its slice rows.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { CATEGORIES, type Category } from '../../analysis/index.ts';
import { type Failure, type SliceIndex, sliceIndex } from '../../base/index.ts';
import type { EngineApi, EventQuestion, OpenId } from '../../engine/client.ts';
import { boxOfSlice, type Chart, type SourcePlace, selfTimeOfBox } from '../../flame/index.ts';
import { createLatest } from './latest.ts';
import type { ProfileView } from './profile-view.ts';

export type EventOrder = EventQuestion['order'];

export interface EventLog {
  readonly order: Signal<EventOrder>;
  /** Microseconds: shorter ones are left out. */
  readonly least: Signal<number>;
  /** null for all. */
  readonly categories: Signal<readonly Category[] | null>;
  readonly text: Signal<string>;
  /** Slice rows; null until the first answer. */
  readonly slices: ReadonlySignal<Int32Array | null>;
  /** Place of the selected slice, -1 where it is not listed. */
  readonly active: ReadonlySignal<number>;
  readonly factsOf: (row: number) => EventFacts | null;
  readonly activate: (row: number) => void;
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
  const { engine, open, profile, chart, selection, onFailure } = options;
  const order = signal<EventOrder>('start');
  const least = signal(0);
  const categories = signal<readonly Category[] | null>(null);
  const text = signal('');
  const slices = signal<Int32Array | null>(null);
  const active = computed(() =>
    selection.value === null ? -1 : (slices.value?.indexOf(selection.value) ?? -1),
  );
  const activate = (row: number): void => {
    const list = slices.peek();
    if (list === null || list.length === 0) return;
    selection.value = sliceIndex(list[Math.max(0, Math.min(list.length - 1, row))]);
  };
  return {
    order,
    least,
    categories,
    text,
    slices,
    active,
    activate,
    factsOf: (row) => factsOfSlice(chart.value, slices.value?.[row] ?? -1),
    press(key, pageRows) {
      const end = (slices.peek()?.length ?? 0) - 1;
      const here = active.peek();
      const rows: Readonly<Record<string, number>> = {
        ArrowDown: here + 1,
        ArrowUp: here < 0 ? 0 : here - 1,
        PageDown: here + pageRows,
        PageUp: here - pageRows,
        Home: 0,
        End: end,
      };
      if (!Object.hasOwn(rows, key)) return false;
      activate(rows[key]);
      return true;
    },
    follow() {
      const latest = createLatest<EventQuestion, Int32Array>({
        async ask(question, abort) {
          const answer = await engine.events(open, question, { signal: abort });
          return answer.ok ? { ok: true, value: answer.value.slices } : answer;
        },
        onAnswer: (next) => {
          slices.value = next;
        },
        onFailure,
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
          order: order.value,
        });
      });
      return () => {
        stop();
        latest.dispose();
      };
    },
  };
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

/**
 * Charts for tests: laid out from hand-made tables, every slice visible unless said otherwise.
 * In: tables, names to hide, categories by name (else `system`). Out: classes, a page, a chart.
 */
import { CATEGORIES, type Category, type PageLoad, type SliceClasses } from '../../src/analysis/index.ts';
import { type Chart, layOutChart } from '../../src/flame/index.ts';
import type { TraceTables } from '../../src/trace/index.ts';

export interface ClassRules {
  readonly hidden?: readonly string[];
  readonly categories?: Readonly<Record<string, Category>>;
}

export const NO_PAGE: PageLoad = {
  mainThread: -1,
  url: '',
  window: null,
  milestones: [],
  onMainFrame: new Set(),
  urlOfProcess: new Map(),
  others: { frames: new Set(), pids: new Set() },
};

export function classesOf({ slices, strings }: TraceTables, rules: ClassRules = {}): SliceClasses {
  const names = Array.from(slices.name, (name) => strings.get(name));
  const categories = rules.categories ?? {};
  const visible = Uint8Array.from(names, (name) => (rules.hidden?.includes(name) === true ? 0 : 1));
  const self = Float64Array.from(slices.duration, (duration, slice) => (visible[slice] === 1 ? duration : 0));
  for (let slice = 0; slice < slices.length; slice++) {
    let parent = slices.parent[slice];
    while (parent >= 0 && visible[parent] === 0) parent = slices.parent[parent];
    if (parent >= 0 && visible[slice] === 1) self[parent] -= slices.duration[slice];
  }
  return {
    category: Uint8Array.from(names, (name) => CATEGORIES.indexOf(categories[name] ?? 'system')),
    visible,
    self,
  };
}

export function chartOf(tables: TraceTables, rules: ClassRules = {}, page: PageLoad = NO_PAGE): Chart {
  return layOutChart(tables, classesOf(tables, rules), page);
}

/** Texts and times of every box, row by row: what a reader of a test can follow. */
export function listRows({ rowStart, boxes, labels }: Chart): string[][] {
  return Array.from({ length: rowStart.length - 1 }, (_, row) =>
    Array.from({ length: rowStart[row + 1] - rowStart[row] }, (_, index) => {
      const box = rowStart[row] + index;
      return `${labels[boxes.label[box]].text} ${boxes.start[box]}–${boxes.end[box]}`;
    }),
  );
}

/** Whose script a slice is of, and which style and layout a script forced. */
import { describe, expect, it } from 'vitest';
import { findInitiators } from '../../../src/analysis/index.ts';
import { markSlices } from '../../../src/engine/slices/slice-marks.ts';
import { forcerOf, MARK_FORCED, MARK_THIRD_PARTY } from '../../../src/flame/index.ts';
import type { TraceTables } from '../../../src/trace/index.ts';
import { classesOf, NO_PAGE } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const OWN = { url: 'https://cdn.page.test/app.js' };
const THEIRS = { url: 'https://ads.example/ad.js' };

const marksOf = (tables: TraceTables, url = 'https://www.page.test/') =>
  markSlices({
    subject: 'test',
    recording: null,
    tables,
    classes: classesOf(tables),
    page: { ...NO_PAGE, url },
    items: () => [],
    initiators: () => findInitiators(tables, []),
  });

/** `name bits` per slice. */
const list = (tables: TraceTables, bit: number, url?: string): string[] => {
  const { bits } = marksOf(tables, url);
  const { slices, strings } = tables;
  return Array.from(slices.name, (name) => strings.get(name)).filter((_, slice) => (bits[slice] & bit) !== 0);
};

const tables = traceOf(
  thread('CrRendererMain')
    .slice('RunTask', 0, 100)
    .slice('FunctionCall', 5, 60)
    .call('ad', 5, 60, THEIRS)
    .slice('Layout', 10, 20)
    .call('callback', 22, 40, OWN)
    .slice('UpdateLayoutTree', 25, 30)
    .slice('Layout', 70, 80)
    .slice('EvaluateScript', 82, 95)
    .call('own', 83, 90, OWN),
);

describe('third parties', () => {
  it('are told by the innermost script; what it makes the browser do is theirs', () => {
    expect(list(tables, MARK_THIRD_PARTY)).toEqual(['FunctionCall', 'ad', 'Layout']);
  });

  it('are unknown where there is no page', () => {
    expect(list(tables, MARK_THIRD_PARTY, '')).toEqual([]);
  });
});

describe('forced style and layout', () => {
  it('are marked with who forced them; layout of the frame itself is not', () => {
    expect(list(tables, MARK_FORCED)).toEqual(['Layout', 'UpdateLayoutTree']);
    const marks = marksOf(tables);
    expect(forcerOf(marks, 3)).toBe(2);
    expect(forcerOf(marks, 5)).toBe(4);
    expect(forcerOf(marks, 6)).toBe(-1);
    expect(forcerOf(marks, 0)).toBe(-1);
  });
});

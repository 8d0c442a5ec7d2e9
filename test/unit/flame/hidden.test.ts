import { describe, expect, test } from 'vitest';
import { sliceIndex } from '../../../src/base/index.ts';
import { type HideRule, hideSlices, layOutChart } from '../../../src/flame/index.ts';
import { classesOf, listRows, NO_PAGE } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const tables = traceOf(
  thread('CrRendererMain')
    .slice('RunTask', 0, 100)
    .slice('walk', 10, 90)
    .call('visit', 20, 80)
    .slice('walk', 30, 70)
    .slice('Layout', 40, 50)
    .slice('Paint', 92, 98),
);
const classes = classesOf(tables);

const rowsWith = (...rules: readonly (readonly [HideRule['what'], number])[]): string[] =>
  listRows(
    layOutChart(
      tables,
      hideSlices(
        tables,
        classes,
        rules.map(([what, slice]) => ({ what, slice: sliceIndex(slice) })),
      ),
      NO_PAGE,
    ),
  ).map((row) => row.join(' | '));

describe('hiding', () => {
  test('a slice puts what is inside it in its place', () => {
    expect(rowsWith(['slice', 1])).toEqual([
      'Task 0–100',
      'visit 20–80 | Paint 92–98',
      'walk 30–70',
      'Layout 40–50',
    ]);
  });

  test('its children leaves the slice alone', () => {
    expect(rowsWith(['children', 2])).toEqual(['Task 0–100', 'walk 10–90 | Paint 92–98', 'visit 20–80']);
  });

  test('repeats takes the same function inside it away, and nothing else', () => {
    expect(rowsWith(['repeats', 1])).toEqual([
      'Task 0–100',
      'walk 10–90 | Paint 92–98',
      'visit 20–80',
      'Layout 40–50',
    ]);
  });

  test('goes on from rule to rule, and none changes nothing', () => {
    expect(rowsWith(['slice', 1], ['slice', 2], ['slice', 99])[1]).toBe('walk 30–70 | Paint 92–98');
    expect(hideSlices(tables, classes, [])).toBe(classes);
  });
});

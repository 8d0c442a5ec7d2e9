import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boxOfSlice,
  childBoxes,
  parentBox,
  rowOfBox,
  selfTimeOfBox,
  siblingBox,
  trackOfRow,
} from '../../../src/flame/index.ts';
import { chartOf, classesOf } from '../../builders/charts.ts';
import { randomTables } from '../../builders/random-tables.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const RULES = { hidden: ['Hidden'] };

describe('walking the boxes', () => {
  test('parent, children and self time agree with the slice table', () => {
    fc.assert(
      fc.property(randomTables, (tables) => {
        const chart = chartOf(tables, RULES);
        const classes = classesOf(tables, RULES);
        const walked: unknown[] = [];
        const expected: unknown[] = [];
        for (let box = 0; box < chart.boxes.length; box++) {
          const slice = chart.boxes.slice[box];
          let parent = tables.slices.parent[slice];
          while (parent >= 0 && classes.visible[parent] === 0) parent = tables.slices.parent[parent];
          const found = parentBox(chart, box);
          const isAmong =
            found < 0 || (childBoxes(chart, found).from <= box && box < childBoxes(chart, found).to);
          const { from, to } = childBoxes(chart, box);
          const children = Array.from({ length: to - from }, (_, index) => parentBox(chart, from + index));
          const isSelf = Math.abs(selfTimeOfBox(chart, box) - Math.max(0, classes.self[slice])) < 1e-6;
          walked.push([
            found < 0 ? -1 : chart.boxes.slice[found],
            isAmong,
            children,
            isSelf,
            boxOfSlice(chart, slice),
          ]);
          expected.push([parent, true, children.map(() => box), true, box]);
        }
        expect(walked).toEqual(expected);
      }),
    );
  });

  test('has no box for a hidden slice or one of another trace', () => {
    const tables = traceOf(thread('Main').slice('RunTask', 0, 9).slice('Hidden', 1, 8));
    const chart = chartOf(tables, RULES);
    expect([boxOfSlice(chart, 0), boxOfSlice(chart, 1), boxOfSlice(chart, 99)]).toEqual([0, -1, -1]);
  });

  test('siblings stay in their row and their track', () => {
    const chart = chartOf(
      traceOf(
        thread('Main').slice('a', 0, 4).slice('b', 5, 9),
        thread('Compositor', { role: 'compositor' }).slice('c', 0, 9),
      ),
    );
    expect([siblingBox(chart, 0, 1), siblingBox(chart, 0, -1), siblingBox(chart, 1, 1)]).toEqual([1, -1, -1]);
    expect(trackOfRow(chart, rowOfBox(chart, 2))?.title).toBe('Compositor');
    expect(trackOfRow(chart, 7)).toBeNull();
  });
});

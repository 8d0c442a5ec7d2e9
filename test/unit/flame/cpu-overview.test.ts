import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATEGORIES, type Category } from '../../../src/analysis/index.ts';
import { type CpuOverview, sumCpuOverTime } from '../../../src/flame/index.ts';
import { classesOf } from '../../builders/charts.ts';
import { randomTables } from '../../builders/random-tables.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const RULES = { hidden: ['Hidden'], categories: { Layout: 'rendering', Paint: 'painting' } as const };

function busyOf({ busy, buckets }: CpuOverview, category: Category): number[] {
  const row = CATEGORIES.indexOf(category) * buckets;
  return [...busy.subarray(row, row + buckets)];
}

describe('sumCpuOverTime', () => {
  test('gives each moment to the innermost visible slice', () => {
    const tables = traceOf(
      thread('Main')
        .slice('RunTask', 0, 40)
        .slice('Layout', 10, 30)
        .slice('Hidden', 12, 28)
        .slice('Paint', 15, 20),
    );
    const range = { start: 0, end: 60 };
    const overview = sumCpuOverTime(tables, classesOf(tables, RULES), { thread: 0, range, buckets: 6 });
    expect(busyOf(overview, 'system')).toEqual([10, 0, 0, 10, 0, 0]);
    expect(busyOf(overview, 'rendering')).toEqual([0, 5, 10, 0, 0, 0]);
    expect(busyOf(overview, 'painting')).toEqual([0, 5, 0, 0, 0, 0]);
  });

  test('a range inside a slice counts what lies inside', () => {
    const tables = traceOf(thread('Main').slice('RunTask', 0, 100).slice('Layout', 40, 45));
    const range = { start: 42, end: 50 };
    const overview = sumCpuOverTime(tables, classesOf(tables, RULES), { thread: 0, range, buckets: 2 });
    expect(busyOf(overview, 'rendering')).toEqual([3, 0]);
    expect(busyOf(overview, 'system')).toEqual([1, 4]);
  });

  test('over the whole trace the parts add up to the self times', () => {
    fc.assert(
      fc.property(randomTables, fc.integer({ min: 1, max: 50 }), (tables, buckets) => {
        const classes = classesOf(tables, RULES);
        const range = { start: -10, end: 10_010 };
        const overview = sumCpuOverTime(tables, classes, { thread: 0, range, buckets });
        for (const category of ['system', 'rendering', 'painting'] as const) {
          let self = 0;
          for (let slice = 0; slice < tables.threads.endSlice[0]; slice++) {
            if (CATEGORIES[classes.category[slice]] === category) self += classes.self[slice];
          }
          const sum = busyOf(overview, category).reduce((one, other) => one + other, 0);
          expect(sum).toBeCloseTo(self, 1);
        }
      }),
    );
  });
});

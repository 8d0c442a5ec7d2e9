/** Sorting in steps: the same as `Array.sort`, whatever is sorted. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runThrough, sortInSteps } from '../../../src/base/index.ts';

test('has the order of Array.sort, equal ones as they stood', () => {
  const items = fc.array(fc.record({ key: fc.integer({ min: 0, max: 50 }), row: fc.nat() }), {
    maxLength: 5_000,
  });
  fc.assert(
    fc.property(items, (list) => {
      const compare = (one: { key: number }, other: { key: number }): number => one.key - other.key;
      expect(runThrough(sortInSteps(list, compare))).toEqual([...list].sort(compare));
    }),
    { numRuns: 30 },
  );
});

test('comes in many steps where there is much', () => {
  const steps = sortInSteps(
    Array.from({ length: 100_000 }, (_, row) => (row * 7_919) % 100_003),
    (a, b) => a - b,
  );
  let count = 0;
  while (steps.next().done !== true) count++;
  expect(count).toBeGreaterThan(500);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forcedCallers } from '../../../src/analysis/index.ts';
import { nearestAround } from '../../../src/analysis/nearest.ts';
import { thread, traceOf } from '../../builders/tables.ts';

/** Each row's parent is a row before it, or none. */
const parents = fc
  .array(fc.nat(), { minLength: 1, maxLength: 40 })
  .map((numbers) => Int32Array.from(numbers, (number, row) => (number % (row + 1)) - 1));

test('says what walking up says, whatever was asked before', () => {
  fc.assert(
    fc.property(parents, fc.nat({ max: 5 }), fc.array(fc.nat(), { maxLength: 60 }), (parent, kind, asked) => {
      const fits = (row: number): boolean => row % 6 === kind;
      const around = nearestAround({ parent }, fits);
      for (const each of asked) {
        const row = each % parent.length;
        let expected = parent[row];
        while (expected >= 0 && !fits(expected)) expected = parent[expected];
        expect(around(row)).toBe(expected);
      }
    }),
  );
});

test('looks at each slice once, however deep they lie', () => {
  const deep = 2_000;
  const parent = Int32Array.from({ length: 2 * deep }, (_, row) => (row < deep ? row - 1 : row - deep));
  let looks = 0;
  const around = nearestAround({ parent }, () => {
    looks++;
    return false;
  });
  for (let row = 0; row < 2 * deep; row++) expect(around(row)).toBe(-1);
  expect(looks).toBe(deep);
});

test('layouts forced by one script deep inside each other', () => {
  const deep = 300;
  const recipe = thread('CrRendererMain').slice('FunctionCall', 0, 10 * deep);
  for (let i = 1; i < deep; i++) recipe.slice('Odd', i, 10 * deep - i).slice('Layout', i, i + 0.5);
  const { slices, strings, ...tables } = traceOf(recipe);
  let reads = 0;
  const parent = new Proxy(slices.parent, {
    get(column, row) {
      reads++;
      return Reflect.get(column, row);
    },
  });
  const callerOf = forcedCallers({ ...tables, strings, slices: { ...slices, parent } });
  const rows = Array.from({ length: slices.length }, (_, row) => row);
  const forced = rows.filter((row) => strings.get(slices.name[row]) === 'Layout');
  expect(forced.map(callerOf)).toEqual(forced.map(() => 0));
  expect(reads).toBeLessThan(4 * slices.length);
});

/** Rows of trees as large and as deep as hostile pages make them. */
import { describe, expect, test } from 'vitest';
import { runThrough } from '../../../src/base/index.ts';
import type { TreeAnswer } from '../../../src/engine/client.ts';
import { RowKeys } from '../../../src/panel/state/profile/row-keys.ts';
import { sortKeyOf } from '../../../src/panel/state/profile/sort-key.ts';
import {
  keysBelow,
  listRows as listInSteps,
  type RowOptions,
  type TreeRow,
} from '../../../src/panel/state/profile/tree-rows.ts';
import { buildCallTree } from '../../../src/profile/index.ts';
import { profileOf } from '../../builders/profiles.ts';

function answerOf(folded: Readonly<Record<string, number>>, inverted = false): TreeAnswer {
  const profile = profileOf(folded);
  const tree = buildCallTree(profile, { inverted });
  const { strings, frames } = profile;
  return { tree, strings, frames, firstGroup: frames.length, totals: new Float64Array(frames.length) };
}

const listRows = (answer: TreeAnswer, options: RowOptions): TreeRow[] => [
  ...runThrough(listInSteps(answer, options)),
];

const look = (changes: Partial<RowOptions> = {}): RowOptions => ({
  inverted: false,
  keys: new RowKeys(),
  open: new Set(),
  sort: 'total',
  reversed: false,
  kept: null,
  ...changes,
});

describe('rows of a tree', () => {
  test('a function that calls itself 20 000 times is opened as far as is wanted, and listed', () => {
    const answer = answerOf({ [Array.from({ length: 20_000 }, () => 'deep').join(';')]: 5 });
    const options = look();
    const [root] = listRows(answer, options);
    const open = new Set(keysBelow(answer, root, { ...options, most: 5_000 }));
    expect(open.size).toBe(5_000);
    const rows = listRows(answer, { ...options, open });
    expect([rows.length, rows.at(-1)?.depth, rows.at(-1)?.expanded]).toEqual([5_001, 5_000, false]);
    const all = new Set(keysBelow(answer, root, { ...options, most: Number.POSITIVE_INFINITY }));
    expect(listRows(answer, { ...options, open: all })).toHaveLength(20_000);
  });

  test('a hundred thousand functions, by name and by source, each once', () => {
    const answer = answerOf(
      Object.fromEntries(
        Array.from({ length: 100_000 }, (_, row) => [`f${row}@https://a.test/${row % 7}.js:${row}`, row + 1]),
      ),
    );
    for (const sort of ['self', 'total', 'name', 'source'] as const) {
      const rows = listRows(answer, look({ sort }));
      expect(new Set(rows.map(({ key }) => key)).size, sort).toBe(100_000);
    }
    const bySource = listRows(answer, look({ sort: 'source' }));
    const lines = bySource.slice(0, 3).map(({ node }) => answer.frames.line[answer.tree.frame[node]]);
    expect(lines).toEqual([0, 7, 14]);
  });

  test('what is open stays so in another tree, wherever its rows stand there', () => {
    const keys = new RowKeys();
    const before = answerOf({ 'a;b': 5, c: 9 });
    const [, a] = listRows(before, look({ keys }));
    const open = new Set([a.key]);
    const after = answerOf({ 'a;d': 50, 'a;b': 1, e: 2 });
    const names = listRows(after, look({ keys, open })).map(
      ({ node }) => after.strings[after.frames.name[after.tree.frame[node]]],
    );
    expect(names).toEqual(['a', 'd', 'b', 'e']);
  });

  test('names stand in any case, without accents, numbers by what they are worth', () => {
    const names = ['f10', 'F9', 'éclair', 'Zebra', 'apple', '(idle)', 'f9'];
    const sorted = [...names].sort((one, other) => (sortKeyOf(one) < sortKeyOf(other) ? -1 : 1));
    expect(sorted.map((name) => name.toLowerCase())).toEqual([
      '(idle)',
      'apple',
      'éclair',
      'f9',
      'f9',
      'f10',
      'zebra',
    ]);
  });

  test('long lists are listed in many short steps', () => {
    const answer = answerOf(Object.fromEntries(Array.from({ length: 50_000 }, (_, row) => [`f${row}`, 1])));
    for (const sort of ['name', 'source', 'total', 'self'] as const) {
      const steps = listInSteps(answer, look({ sort }));
      let count = 0;
      while (steps.next().done !== true) count++;
      expect(count, sort).toBeGreaterThan(20);
    }
  });

  test('a row is found again by its key, without keys for the others', () => {
    const answer = answerOf({ a: 5, b: 9, 'c;d': 3 });
    const options = look();
    const rows = runThrough(listInSteps(answer, options));
    const key = rows.at(2)?.key ?? -1;
    const again = runThrough(listInSteps(answer, { ...options, sort: 'name', open: new Set([key]) }));
    expect([again.length, again.rowOf(key), again.at(2)?.expanded, again.rowOf(999)]).toEqual([
      4,
      2,
      true,
      -1,
    ]);
  });
});

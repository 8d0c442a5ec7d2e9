/** Call trees: top-down, bottom-up, sandwich; beside slow and obvious sums over random profiles. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { categoryNumber } from '../../../src/analysis/index.ts';
import {
  buildCallTree,
  buildSandwich,
  type CallTree,
  type StackProfile,
  tabulateFunctions,
  tabulateLines,
} from '../../../src/profile/index.ts';
import { foldProfile, profileOf } from '../../builders/profiles.ts';

/** `  f 5/8` per row: indented by depth, self and total. */
function print(profile: StackProfile, tree: CallTree): string[] {
  return Array.from({ length: tree.length }, (_, row) => {
    const name = profile.strings[profile.frames.name[tree.frame[row]]];
    return `${' '.repeat(tree.depth[row])}${name} ${tree.self[row]}/${tree.total[row]}`;
  });
}

const frameNamed = (profile: StackProfile, name: string): number =>
  Array.from(profile.frames.name).findIndex((row) => profile.strings[row] === name);

const small = profileOf({ main: 1, 'main;a;b': 2, 'main;b': 5, 'main;a': 1, idle: 3 });

describe('a small profile', () => {
  test('top-down, heaviest sibling first', () => {
    expect(print(small, buildCallTree(small))).toEqual([
      'main 1/9',
      ' b 5/5',
      ' a 1/3',
      '  b 2/2',
      'idle 3/3',
    ]);
  });

  test('in order of time, and by name', () => {
    expect(print(small, buildCallTree(small, { order: 'time' }))).toEqual([
      'main 1/9',
      ' a 1/3',
      '  b 2/2',
      ' b 5/5',
      'idle 3/3',
    ]);
    expect(print(small, buildCallTree(small, { order: 'name' }))[0]).toBe('idle 3/3');
  });

  test('bottom-up: a root is what its function took itself', () => {
    expect(print(small, buildCallTree(small, { inverted: true }))).toEqual([
      'b 0/7',
      ' main 5/5',
      ' a 0/2',
      '  main 2/2',
      'idle 3/3',
      'main 1/1',
      'a 0/1',
      ' main 1/1',
    ]);
  });

  test('sandwich: callers and callees of one function', () => {
    const { callers, callees } = buildSandwich(small, frameNamed(small, 'a'));
    expect(print(small, callers)).toEqual(['a 0/3', ' main 3/3']);
    expect(print(small, callees)).toEqual(['a 1/3', ' b 2/2']);
  });

  test('a function that calls itself counts once, in its total and in the sandwich', () => {
    const profile = profileOf({ 'f;g;f;f': 4, 'f;f': 1 });
    const table = tabulateFunctions(profile);
    expect(Array.from(table.frame, (_, row) => [table.self[row], table.total[row]])).toEqual([
      [5, 5],
      [0, 4],
    ]);
    const { callers, callees } = buildSandwich(profile, 0);
    expect([callers.weight, callees.weight]).toEqual([5, 5]);
  });

  test('callers in a sandwich have the category of what they are, not of what they called', () => {
    const painted = profileOf({ main: 1, 'main;a': 1, 'main;a;[Layout]': 50, 'main;b;[Layout]': 3 });
    const { callers } = buildSandwich(painted, frameNamed(painted, 'a'));
    expect(print(painted, callers)).toEqual(['a 0/51', ' main 51/51']);
    expect(Array.from(callers.category)).toEqual([categoryNumber('scripting'), categoryNumber('scripting')]);
    // b took nothing by itself.
    const ofB = buildSandwich(painted, frameNamed(painted, 'b')).callers;
    expect(Array.from(ofB.category)).toEqual([categoryNumber('scripting'), categoryNumber('scripting')]);
    // What no tool told a category of has none.
    const untold = { ...painted, samples: { ...painted.samples, category: new Uint8Array(4).fill(255) } };
    const { callers: plain } = buildSandwich(untold, frameNamed(untold, 'b'));
    expect([...plain.category]).toEqual([255, 255]);
  });

  test('a node has the category of most of its own time, or of its heaviest child', () => {
    const profile = profileOf({ 'f;[Layout]': 5, 'f;g': 1 });
    const tree = buildCallTree(profile);
    expect(Array.from(tree.category)).toEqual(
      ['rendering', 'rendering', 'scripting'].map((name) => categoryNumber(name as 'rendering')),
    );
  });

  test('subtrees are row ranges', () => {
    expect(Array.from(buildCallTree(small).subtreeEnd)).toEqual([4, 2, 4, 4, 5]);
  });

  test('nothing at all', () => {
    const empty = profileOf({});
    expect([buildCallTree(empty).length, buildCallTree(empty, { inverted: true }).length]).toEqual([0, 0]);
    expect(tabulateFunctions(empty).length).toBe(0);
  });

  test('a stack as deep as a hostile file likes', () => {
    const depth = 200_000;
    const frame = new Int32Array(depth);
    const prefix = Int32Array.from({ length: depth }, (_, i) => i - 1);
    const deep = {
      ...small,
      stacks: { length: depth, frame, prefix },
      samples: { ...small.samples, length: 1, stack: Int32Array.of(depth - 1) },
    };
    expect(buildCallTree(deep).maxDepth).toBe(depth - 1);
    expect(buildCallTree(deep, { inverted: true }).length).toBe(depth);
    expect(Array.from(tabulateFunctions(deep).total)).toEqual([1]);
  });
});

test('lines: the line that ran for the innermost, the first line of the function for what it called', () => {
  const profile = profileOf({
    'f@a.js:10': 5,
    'f@a.js:10;g@a.js:20': 3,
    'g@a.js:20': 1,
    'f@a.js:10;g@a.js:20;f@a.js:10': 2,
  });
  const line = Int32Array.of(12, 0, 21, 13);
  const lines = tabulateLines({ ...profile, samples: { ...profile.samples, line } }, new Set([0]));
  expect(Array.from(lines.line, (at, row) => [at, lines.self[row], lines.total[row]])).toEqual([
    [10, 0, 3],
    [12, 5, 5],
    [13, 2, 2],
  ]);
});

const randomFolded = fc.dictionary(
  fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 6 }).map((path) => path.join(';')),
  fc.integer({ min: 1, max: 50 }),
);

describe('random profiles', () => {
  test('weights are neither lost nor doubled; children fit into their parents', () => {
    fc.assert(
      fc.property(randomFolded, fc.boolean(), (folded, inverted) => {
        const profile = profileOf(folded);
        const tree = buildCallTree(profile, { inverted });
        const sum = Object.values(folded).reduce((all, each) => all + each, 0);
        expect(tree.weight).toBe(sum);
        expect(tree.self.reduce((all, each) => all + each, 0)).toBe(sum);
        for (let row = 0; row < tree.length; row++) {
          let inside = tree.self[row];
          for (let child = row + 1; child < tree.subtreeEnd[row]; child = tree.subtreeEnd[child]) {
            expect(tree.parent[child]).toBe(row);
            inside += tree.total[child];
          }
          expect(inside).toBe(tree.total[row]);
        }
      }),
    );
  });

  test('every path of the tree is a path of the profile, with its weight', () => {
    fc.assert(
      fc.property(randomFolded, (folded) => {
        const profile = profileOf(folded);
        const tree = buildCallTree(profile);
        const found: Record<string, number> = {};
        const path: string[] = [];
        for (let row = 0; row < tree.length; row++) {
          path.length = tree.depth[row];
          path.push(profile.strings[profile.frames.name[tree.frame[row]]]);
          if (tree.self[row] > 0) found[path.join(';')] = tree.self[row];
        }
        expect(found).toEqual(foldProfile(profile));
      }),
    );
  });

  test('self and total per function, and the sandwich', () => {
    fc.assert(
      fc.property(randomFolded, (folded) => {
        const profile = profileOf(folded);
        const table = tabulateFunctions(profile);
        for (let row = 0; row < table.length; row++) {
          const name = profile.strings[profile.frames.name[table.frame[row]]];
          let self = 0;
          let total = 0;
          for (const [path, weight] of Object.entries(folded)) {
            const names = path.split(';');
            if (names.at(-1) === name) self += weight;
            if (names.includes(name)) total += weight;
          }
          expect([table.self[row], table.total[row]]).toEqual([self, total]);
          const { callers, callees } = buildSandwich(profile, table.frame[row]);
          expect([callers.weight, callees.weight]).toEqual([total, total]);
        }
      }),
    );
  });
});

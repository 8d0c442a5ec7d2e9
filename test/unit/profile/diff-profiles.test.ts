import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  alignProfiles,
  applyTransforms,
  buildPairTree,
  diffPair,
  diffProfiles,
  fileWithoutHashes,
  functionOf,
  type ProfileDiff,
  weightOf,
} from '../../../src/profile/index.ts';
import { foldProfile, profileOf } from '../../builders/profiles.ts';

/** `name self before>after total before>after`, largest change of self first. */
function listDiff({ pair, frame, self, total, length }: ProfileDiff): string[] {
  const rows = Array.from({ length }, (_, row) => row).sort(
    (one, other) => Math.abs(self.delta[other]) - Math.abs(self.delta[one]) || one - other,
  );
  return rows.map((row) => {
    const { name } = functionOf(pair.after, frame[row]);
    return `${name} ${self.before[row]}>${self.after[row]} ${total.before[row]}>${total.after[row]}`;
  });
}

const name = fc.constantFrom('a', 'b', 'c', '(anonymous)', '[Layout]');
const place = fc.constantFrom(
  '',
  '@https://x.example/app.js',
  '@https://x.example/lib.js:3',
  '@https://x.example/lib.js:9',
);
const frame = fc.tuple(name, place).map(([text, at]) => (text.startsWith('[') ? text : text + at));
const folded = fc.dictionary(
  fc.array(frame, { minLength: 1, maxLength: 5 }).map((path) => path.join(';')),
  fc.integer({ min: 1, max: 1_000 }),
  { maxKeys: 12 },
);
const profile = folded.map((stacks) => profileOf(stacks));

describe('what changed between two profiles', () => {
  test('is told per function, with those that are new and gone', () => {
    const before = profileOf({ 'main@a.js:1': 10, 'main@a.js:1;old@a.js:5': 40, 'main@a.js:1;f@a.js:9': 20 });
    const after = profileOf({
      'main@a.js:1': 10,
      'main@a.js:1;f@a.js:12': 50,
      'main@a.js:1;fresh@a.js:7': 5,
    });
    expect(listDiff(diffProfiles(before, after))).toEqual([
      'old 40>0 40>0',
      'f 20>50 20>50',
      'fresh 0>5 0>5',
      'main 10>10 70>65',
    ]);
  });

  test('by share is of what each profile holds in all', () => {
    const before = profileOf({ f: 25, g: 75 });
    const after = profileOf({ f: 100, g: 300 });
    const diff = diffProfiles(before, after, 'share');
    expect([...diff.self.delta]).toEqual([0, 0]);
    expect([...diff.self.after]).toEqual([0.25, 0.75]);
    expect(diff.weights).toEqual({ before: 100, after: 400 });
  });

  test('of an empty profile is all new', () => {
    const diff = diffProfiles(profileOf({}), profileOf({ f: 3 }), 'share');
    expect(listDiff(diff)).toEqual(['f 0>1 0>1']);
  });

  test('with itself is nothing', () => {
    fc.assert(
      fc.property(profile, fc.constantFrom('weight' as const, 'share' as const), (one, by) => {
        const { self, total } = diffProfiles(one, one, by);
        expect([...self.delta, ...total.delta].every((delta) => delta === 0)).toBe(true);
      }),
    );
  });

  test('keeps the sums of both sides', () => {
    fc.assert(
      fc.property(profile, profile, (one, other) => {
        const { self, weights } = diffProfiles(one, other);
        const sum = (column: Float64Array): number => column.reduce((all, each) => all + each, 0);
        expect(sum(self.before)).toBe(weightOf(one));
        expect(sum(self.after)).toBe(weightOf(other));
        expect(sum(self.delta)).toBe(weights.after - weights.before);
      }),
    );
  });

  test('with the sides swapped is the negative', () => {
    const changes = ({ self, total, length }: ProfileDiff, sign: 1 | -1): string[] =>
      Array.from({ length }, (_, row) =>
        [
          ...[self.before[row], self.after[row]].slice()[sign === 1 ? 'slice' : 'reverse'](),
          ...[total.before[row], total.after[row]][sign === 1 ? 'slice' : 'reverse'](),
          sign * self.delta[row] + 0,
          sign * total.delta[row] + 0,
        ].join(),
      ).sort();
    fc.assert(
      fc.property(profile, profile, (one, other) => {
        expect(changes(diffProfiles(other, one), -1)).toEqual(changes(diffProfiles(one, other), 1));
      }),
    );
  });
});

describe('the same function', () => {
  /** Names with weights before and after. */
  const match = (before: Record<string, number>, after: Record<string, number>): string[] =>
    listDiff(diffProfiles(profileOf(before), profileOf(after))).map((row) =>
      row.split(' ').slice(0, 2).join(' '),
    );

  test('has its name and file, wherever its lines went', () => {
    expect(match({ 'f@a.js:10': 1 }, { 'f@a.js:99': 2 })).toEqual(['f 1>2']);
    expect(match({ 'f@a.js': 1 }, { 'f@b.js': 2 })).toEqual(['f 0>2', 'f 1>0']);
  });

  test('may have another hash in its file’s name, another host where nothing fits better', () => {
    expect(
      match({ 'f@https://x.example/app.3f9a2b1c.js': 1 }, { 'f@https://x.example/app.77ab01ee.js?v=2': 2 }),
    ).toEqual(['f 1>2']);
    expect(match({ 'f@https://staging.example/a.js': 1 }, { 'f@https://x.example/a.js': 2 })).toEqual([
      'f 1>2',
    ]);
    expect(
      match(
        { 'f@https://x.example/a.js': 1, 'f@https://y.example/a.js': 5 },
        { 'f@https://x.example/a.js': 2, 'f@https://z.example/a.js': 7 },
      ),
    ).toEqual(['f 5>7', 'f 1>2']);
    expect(fileWithoutHashes('https://x.example/assets/index-B1x2Yz3Q.js')).toBe(
      'https://x.example/assets/index-*.js',
    );
    expect(fileWithoutHashes('https://x.example/jquery-3.7.1.min.js')).toBe(
      'https://x.example/jquery-3.7.1.min.js',
    );
    expect(fileWithoutHashes('https://x.example/2023/polyfills-es2017.js')).toBe(
      'https://x.example/2023/polyfills-es2017.js',
    );
  });

  test('is found by name where one side knows no files', () => {
    expect(match({ f: 1, g: 1 }, { 'f@a.js:3': 2, 'h@a.js': 4 })).toEqual(['h 0>4', 'f 1>2', 'g 1>0']);
  });

  test('may carry its file in its name', () => {
    const own = { 'render@https://x.example/js/app.js:3': 1, 'render@https://x.example/js/lib.js:3': 5 };
    const carried = {
      'app.js:render@https://x.example/js/app.js:4': 2,
      'lib.js:render@https://x.example/js/lib.js:3': 5,
    };
    expect(match(own, carried)).toEqual(['app.js:render 1>2', 'lib.js:render 5>5']);
    // As a span of a backend has them: no file beside the name.
    expect(match(own, { 'app.js:render': 2, 'lib.js:render': 5 })).toEqual([
      'app.js:render 1>2',
      'lib.js:render 5>5',
    ]);
  });

  test('of several is that at the same place, else the same in order, else one with all of its name', () => {
    expect(match({ 'f@a.js:1': 1, 'f@a.js:5': 10 }, { 'f@a.js:1': 2, 'f@a.js:5': 30 })).toEqual([
      'f 10>30',
      'f 1>2',
    ]);
    expect(match({ 'f@a.js:1': 1, 'f@a.js:5': 10 }, { 'f@a.js:2': 2, 'f@a.js:6': 30 })).toEqual([
      'f 10>30',
      'f 1>2',
    ]);
    expect(match({ 'f@a.js:1': 1, 'f@a.js:5': 10 }, { 'f@a.js:2': 2 })).toEqual(['f 11>2']);
  });
});

test('one script loaded twice under two queries is itself first: nothing changed against itself', () => {
  const ads = 'https://x.example/ads.js';
  const twice = profileOf({ [`show@${ads}?again:1`]: 5, [`show@${ads}:1`]: 9 });
  const { length, self } = diffProfiles(twice, twice);
  expect(Array.from({ length }, (_, row) => [self.before[row], self.after[row]]).toSorted()).toEqual([
    [5, 5],
    [9, 9],
  ]);
});

describe('a tree of two profiles', () => {
  const before = profileOf({ main: 10, 'main;old': 30, 'main;f': 20 });
  const after = profileOf({ main: 10, 'main;f': 50, 'main;f;g': 5 });
  const list = (inverted: boolean): string[] => {
    const pair = alignProfiles(before, after);
    const { tree, before: one, after: other } = buildPairTree(pair, { inverted });
    return Array.from({ length: tree.length }, (_, node) => {
      const { name: text } = functionOf(pair.after, tree.frame[node]);
      return `${'·'.repeat(tree.depth[node])}${text} ${one.total[node]}>${other.total[node]} ${one.self[node]}>${other.self[node]}`;
    });
  };

  test('has every node of either', () => {
    expect(list(false)).toEqual(['main 60>65 10>10', '·f 20>55 20>50', '··g 0>5 0>5', '·old 30>0 30>0']);
    expect(list(true)).toEqual([
      'f 20>50 0>0',
      '·main 20>50 20>50',
      'old 30>0 0>0',
      '·main 30>0 30>0',
      'main 10>10 10>10',
      'g 0>5 0>0',
      '·f 0>5 0>0',
      '··main 0>5 0>5',
    ]);
  });

  test('holds what each profile holds, also transformed', () => {
    fc.assert(
      fc.property(profile, profile, fc.boolean(), (one, other, inverted) => {
        const pair = alignProfiles(one, other);
        const tree = buildPairTree(pair, { inverted });
        expect(tree.before.weight).toBe(weightOf(one));
        expect(tree.after.weight).toBe(weightOf(other));
        const drop = { kind: 'drop-function', function: { name: 'a', url: '', line: 0, column: 0 } } as const;
        const cut = {
          before: applyTransforms(pair.before, [drop]),
          after: applyTransforms(pair.after, [drop]),
        };
        expect(buildPairTree(cut, { inverted }).after.weight).toBe(weightOf(cut.after));
        expect(diffPair(cut, 'weight').weights.before).toBe(weightOf(cut.before));
      }),
    );
  });

  test('leaves the profiles as they were', () => {
    const pair = alignProfiles(before, after);
    expect(foldProfile(pair.before)).toEqual(foldProfile(before));
    expect(foldProfile(pair.after)).toEqual(foldProfile(after));
  });

  test('a recursion 40 000 deep is read from its leaf once, not once from each of its calls', () => {
    const deep = profileOf({ [Array.from({ length: 40_000 }, () => 'f').join(';')]: 7 });
    const { tree, before, after } = buildPairTree(alignProfiles(deep, deep), { inverted: true });
    expect([tree.length, before.weight, after.total[0]]).toEqual([40_000, 7, 7]);
  });
});

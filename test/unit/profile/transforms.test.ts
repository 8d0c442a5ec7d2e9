/** Each transform on a profile small enough to see, and that lists of them are plain data. */
import { describe, expect, test } from 'vitest';
import {
  alignProfiles,
  applyTransforms,
  buildPairTree,
  type FunctionRef,
  functionOf,
  type ProfileTransform,
  type StackProfile,
} from '../../../src/profile/index.ts';
import { foldProfile, profileOf } from '../../builders/profiles.ts';

const profile = profileOf({
  'main;a;b': 1,
  'main;a;b;a;c': 2,
  'main;b;[Layout]': 4,
  'main;lib1@x.js;lib2@x.js;d': 8,
  'main;a': 16,
});
const ref = (name: string): FunctionRef => {
  for (let row = 0; row < profile.frames.length; row++)
    if (functionOf(profile, row).name === name) return functionOf(profile, row);
  throw new Error(`no ${name}`);
};
const transformed = (...transforms: ProfileTransform[]): Record<string, number> =>
  foldProfile(applyTransforms(profile, JSON.parse(JSON.stringify(transforms))));

describe('one transform', () => {
  test('focus on a function', () => {
    expect(transformed({ kind: 'focus-function', function: ref('b') })).toEqual({
      b: 1,
      'b;a;c': 2,
      'b;Layout': 4,
    });
  });

  test('focus on a subtree, top-down', () => {
    const path = [ref('main'), ref('a'), ref('b')];
    expect(transformed({ kind: 'focus-subtree', path, inverted: false })).toEqual({ b: 1, 'b;a;c': 2 });
  });

  test('focus on a subtree, bottom-up: what the leaf took when called so', () => {
    const path = [ref('b'), ref('a')];
    expect(transformed({ kind: 'focus-subtree', path, inverted: true })).toEqual({ 'main;a': 1 });
  });

  test('focus on a category', () => {
    expect(transformed({ kind: 'focus-category', category: 'rendering' })).toEqual({ 'main;b;Layout': 4 });
  });

  test('merge a function into its callers', () => {
    expect(transformed({ kind: 'merge-function', function: ref('a') })).toEqual({
      'main;b': 1,
      'main;b;c': 2,
      'main;b;Layout': 4,
      'main;lib1;lib2;d': 8,
      main: 16,
    });
  });

  test('merge the root', () => {
    expect(transformed({ kind: 'merge-function', function: ref('main') })).toMatchObject({ 'a;b': 1, a: 16 });
  });

  test('merge what nobody calls: its own time stays, under a name that says so', () => {
    const merge = (name: string): ProfileTransform => ({ kind: 'merge-function', function: ref(name) });
    expect(transformed(merge('a'), merge('main'))).toEqual({
      b: 1,
      'b;c': 2,
      'b;Layout': 4,
      'lib1;lib2;d': 8,
      '(no function)': 16,
    });
    expect(transformed(merge('a'), merge('main'), merge('b'), merge('d'))['(no function)']).toBe(1 + 16);
  });

  test('two profiles of one table of frames and stacks have one after a merge, too: no time is lost', () => {
    const pair = alignProfiles(profileOf({ main: 10, 'main;a': 5 }), profileOf({ 'main;a': 7 }));
    const main = functionOf(pair.before, 0);
    const merge = (each: StackProfile): StackProfile =>
      applyTransforms(each, [{ kind: 'merge-function', function: main }]);
    const merged = { before: merge(pair.before), after: merge(pair.after) };
    expect(merged.before.frames).toEqual(merged.after.frames);
    expect(merged.before.stacks).toEqual(merged.after.stacks);
    for (const inverted of [false, true]) {
      const { tree, before, after } = buildPairTree(merged, { inverted });
      const told = Array.from(tree.frame, (frame, node) => [
        functionOf(merged.after, frame).name,
        before.total[node],
        after.total[node],
      ]);
      expect(told).toEqual([
        ['a', 5, 7],
        ['(no function)', 10, 0],
      ]);
      expect([before.weight, after.weight]).toEqual([15, 7]);
    }
  });

  test('collapse what a function calls', () => {
    expect(transformed({ kind: 'collapse-function', function: ref('a') })).toEqual({
      'main;a': 1 + 2 + 16,
      'main;b;Layout': 4,
      'main;lib1;lib2;d': 8,
    });
  });

  test('collapse recursion, of one and of all', () => {
    expect(transformed({ kind: 'collapse-recursion', function: ref('a') })['main;a;c']).toBe(2);
    expect(transformed({ kind: 'collapse-recursion', function: null })['main;a;c']).toBe(2);
    expect(transformed({ kind: 'collapse-recursion', function: ref('b') })['main;a;b;a;c']).toBe(2);
  });

  test('collapse a script', () => {
    expect(transformed({ kind: 'collapse-source', url: 'x.js' })['main;x.js;d']).toBe(8);
  });

  test('drop a function with all that it calls', () => {
    expect(transformed({ kind: 'drop-function', function: ref('b') })).toEqual({
      'main;lib1;lib2;d': 8,
      'main;a': 16,
    });
  });
});

test('several, one after the other; undo is a shorter list', () => {
  const transforms: ProfileTransform[] = [
    { kind: 'drop-function', function: ref('d') },
    { kind: 'focus-function', function: ref('a') },
    { kind: 'merge-function', function: ref('b') },
  ];
  expect(transformed(...transforms)).toEqual({ a: 1 + 16, 'a;a;c': 2 });
  expect(transformed(...transforms.slice(0, 1))['main;a;b']).toBe(1);
  expect(transformed()).toEqual(foldProfile(profile));
});

test('a function that is not there: focus leaves nothing, all else changes nothing', () => {
  const nobody = { name: 'nobody', url: '', line: 0, column: 0 };
  expect(transformed({ kind: 'focus-function', function: nobody })).toEqual({});
  expect(transformed({ kind: 'focus-subtree', path: [nobody], inverted: true })).toEqual({});
  for (const kind of ['merge-function', 'collapse-function', 'collapse-recursion', 'drop-function'] as const)
    expect(transformed({ kind, function: nobody })).toEqual(foldProfile(profile));
  expect(transformed({ kind: 'collapse-source', url: 'y.js' })).toEqual(foldProfile(profile));
});

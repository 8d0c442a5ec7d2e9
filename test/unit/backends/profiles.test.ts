/** Profiles on their way out and in: cut, thinned, named by file; flame graphs read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compactProfile } from '../../../src/backends/compact.ts';
import { nameFramesByFile } from '../../../src/backends/frame-names.ts';
import { profileOfFlameGraph } from '../../../src/backends/index.ts';
import { nameThreadLabels } from '../../../src/backends/pack-series.ts';
import { splitToFit } from '../../../src/backends/split.ts';
import { type StackProfile, writePprof } from '../../../src/profile/index.ts';
import { foldProfile, profileOf } from '../../builders/profiles.ts';

const CPU = 'process_cpu:cpu:nanoseconds:cpu:nanoseconds';

describe('cut until they fit', () => {
  const sumUp = (profiles: readonly StackProfile[]): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const profile of profiles)
      for (const [path, weight] of Object.entries(foldProfile(profile)))
        sums[path] = (sums[path] ?? 0) + weight;
    return sums;
  };

  test('nothing is lost, all pieces fit, and they follow each other', () => {
    const weights = fc.dictionary(
      fc.stringMatching(/^[a-c](;[a-e]){0,3}$/),
      fc.integer({ min: 1, max: 99 }),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 5 }), fc.boolean(), (folded, most, timeless) => {
        const told = profileOf(folded, { startUnixMillis: 1_000 });
        const profile = timeless
          ? { ...told, samples: { ...told.samples, time: told.samples.time.map(() => Number.NaN) } }
          : told;
        const split = splitToFit([profile], {
          encode: (profiles) => writePprof(profiles),
          fits: () => true,
        });
        expect(split.ok && split.value).toHaveLength(1);
        let pieces: StackProfile[] = [];
        const cut = splitToFit([profile], {
          encode: (profiles) => {
            pieces = [...pieces, ...profiles];
            return new Uint8Array(profiles[0].samples.length);
          },
          fits: ({ length }) => length <= most,
        });
        if (!cut.ok) throw new Error(cut.failure.message);
        const kept = cut.value.flatMap(({ profiles }) => profiles);
        expect(sumUp(kept)).toEqual(foldProfile(profile));
        for (const { samples } of kept) expect(samples.length).toBeLessThanOrEqual(most);
        const starts = kept.map(({ range }) => range.start);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        for (const { range, startUnixMillis } of kept)
          expect(startUnixMillis).toBeCloseTo(1_000 + range.start / 1_000);
      }),
    );
  });

  test('one sample that does not fit is refused', () => {
    const refused = splitToFit([profileOf({ a: 1, b: 2 })], {
      encode: () => new Uint8Array(9),
      fits: () => false,
    });
    expect(refused.ok ? '' : refused.failure.code).toBe('backend-too-big');
  });

  test('a piece carries the texts of its own samples only', () => {
    const profile = profileOf({ 'a;b': 1, 'c;d': 2 });
    const piece = compactProfile({ ...profile, samples: sliceOf(profile, 1, 2) });
    expect(foldProfile(piece)).toEqual({ 'c;d': 2 });
    expect(piece.strings.filter((text) => text !== '').sort()).toEqual(['c', 'd']);
  });
});

function sliceOf({ samples }: StackProfile, from: number, to: number): StackProfile['samples'] {
  return {
    length: to - from,
    stack: samples.stack.slice(from, to),
    weight: samples.weight.slice(from, to),
    category: samples.category.slice(from, to),
    time: samples.time.slice(from, to),
    line: samples.line.slice(from, to),
  };
}

test('names carry their file', () => {
  const profile = profileOf({ 'f@https://a.example/js/app.js?v=1;g@https://a.example/;[Layout]': 1 });
  expect(Object.keys(foldProfile(nameFramesByFile(profile)))).toEqual(['app.js:f;a.example:g;Layout']);
});

test('threads are called by what they are for, and never alike', () => {
  const thread = (role: string, tid: number) =>
    profileOf({ a: 1 }, { thread: { name: '', pid: 1, tid, role } });
  expect(
    nameThreadLabels([thread('main', 1), thread('main', 1), thread('worker', 2), thread('worker', 3)]),
  ).toEqual(['main', 'main', 'worker', 'worker-2']);
});

describe('flame graphs', () => {
  const read = (names: string[], levels: number[][]): Record<string, number> =>
    foldProfile(profileOfFlameGraph({ names, levels: levels.map((values) => ({ values })) }, CPU));

  test('as recorded', () => {
    const levels = [
      [0, 270e6, 0, 0],
      [0, 270e6, 0, 1],
      [0, 270e6, 40e6, 2],
      [40e6, 230e6, 80e6, 3],
      [120e6, 150e6, 150e6, 4],
    ];
    expect(read(['total', '(root)', 'f1', 'f2', 'f3'], levels)).toEqual({
      '(root);f1': 40_000,
      '(root);f1;f2': 80_000,
      '(root);f1;f2;f3': 150_000,
    });
  });

  test('with siblings, whatever their order', () => {
    const names = ['total', 'a', 'b', 'c'];
    const wanted = { a: 1_000, 'a;c': 2_000, b: 3_000, 'b;c': 4_000 };
    expect(
      read(names, [
        [0, 10e6, 0, 0],
        [0, 3e6, 1e6, 1, 0, 7e6, 3e6, 2],
        [1e6, 2e6, 2e6, 3, 3e6, 4e6, 4e6, 3],
      ]),
    ).toEqual(wanted);
    // From right to left: offsets are negative then.
    expect(
      read(names, [
        [0, 10e6, 0, 0],
        [3e6, 7e6, 3e6, 2, -10e6, 3e6, 1e6, 1],
        [6e6, 4e6, 4e6, 3, -9e6, 2e6, 2e6, 3],
      ]),
    ).toEqual(wanted);
  });

  test('of nothing', () => expect(read(['total'], [[0, 0, 0, 0]])).toEqual({}));
});

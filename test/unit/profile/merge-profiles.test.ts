/** Several profiles as one. */
import { expect, test } from 'vitest';
import { mergeProfiles } from '../../../src/profile/index.ts';
import { tellProfile } from '../../builders/profile-comparison.ts';
import { foldProfile, profileOf } from '../../builders/profiles.ts';

const worker = { name: 'Worker', pid: 1, tid: 3, role: 'worker' };
const main = profileOf({ 'f@a.js:3;[Layout]': 5, g: 2 });
const other = profileOf({ 'f@a.js:3': 4, h: 1 }, { thread: worker, range: { start: 1, end: 9 } });

test('one is itself', () => {
  expect(mergeProfiles([main])).toBe(main);
});

test('functions and stacks are shared, weights stay, samples are in order of time', () => {
  const merged = mergeProfiles([main, other]);
  expect(foldProfile(merged)).toEqual({ 'f;Layout': 5, g: 2, f: 4, h: 1 });
  expect(merged.frames.length).toBe(4);
  expect(merged.range).toEqual({ start: 0, end: 9 });
  expect(merged.thread.name).toBe('CrRendererMain');
  expect([...merged.samples.time]).toEqual([...merged.samples.time].sort((a, b) => a - b));
  expect(tellProfile(merged, { category: true })).toMatchObject({
    'f|a.js|3|0|js;Layout||0|0|browser rendering  ': 5,
  });
});

test('each below a root of its own', () => {
  const stackless = { ...other, samples: { ...other.samples, stack: Int32Array.of(0, -1) } };
  expect(foldProfile(mergeProfiles([main, stackless], ['Main', 'Worker']))).toEqual({
    'Main;f;Layout': 5,
    'Main;g': 2,
    'Worker;f': 4,
    Worker: 1,
  });
});

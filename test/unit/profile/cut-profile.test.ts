import { describe, expect, test } from 'vitest';
import { cutProfile, dropIdle, hasIdle, hasTimes } from '../../../src/profile/index.ts';
import { foldProfile, profileOf } from '../../builders/profiles.ts';

const timed = profileOf({ f: 10, 'f;g': 20, '(idle)': 5, h: 10 });

describe('a part of a profile', () => {
  test('has its samples cut at the ends of the range', () => {
    const part = cutProfile(timed, { start: 5, end: 32 });
    expect(foldProfile(part)).toEqual({ f: 5, 'f;g': 20, '(idle)': 2 });
    expect([...part.samples.time]).toEqual([5, 10, 30]);
    expect(part.range).toEqual({ start: 5, end: 32 });
    expect(cutProfile(timed, { start: 0, end: 45 })).toBe(timed);
  });

  test('counts a sample where it was taken, whole', () => {
    const counted = { ...timed, unit: 'count' as const };
    expect(foldProfile(cutProfile(counted, { start: 5, end: 31 }))).toEqual({ 'f;g': 20, '(idle)': 5 });
  });

  test('of one without times is all of it', () => {
    const { samples } = timed;
    const untimed = { ...timed, samples: { ...samples, time: samples.time.map(() => Number.NaN) } };
    expect(hasTimes(untimed)).toBe(false);
    expect(cutProfile(untimed, { start: 5, end: 6 })).toBe(untimed);
    expect(hasTimes(timed)).toBe(true);
  });

  test('may be all but idle time', () => {
    expect(hasIdle(timed)).toBe(true);
    expect(hasIdle(dropIdle(timed))).toBe(true);
    expect(foldProfile(dropIdle(timed))).toEqual({ f: 10, 'f;g': 20, h: 10 });
    expect(hasIdle(profileOf({ f: 1 }))).toBe(false);
  });
});

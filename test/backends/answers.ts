/** Answers in tests: what there is of it, or a failed test. */
import { ensure, type Result } from '../../src/base/index.ts';
import { readPprof, type StackProfile } from '../../src/profile/index.ts';
import { foldProfile } from '../builders/profiles.ts';

export function take<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.message} (${result.failure.detail})`);
  return result.value;
}

/** The one profile in a pprof file, inflated. */
export function readOne(pprof: Uint8Array): StackProfile {
  return ensure(readPprof(pprof)?.profiles[0], 'the answer is a pprof');
}

/** Folded, to a whole microsecond: weights travel as nanoseconds. */
export function foldRounded(profile: StackProfile): Record<string, number> {
  return Object.fromEntries(
    Object.entries(foldProfile(profile)).map(([path, weight]) => [path, Math.round(weight)]),
  );
}

/** The fixture's functions as they come back: names alone. */
export const BARE = { f1: 10_000, 'f1;f2': 20_000, 'f1;f2;f3': 30_000, 'f1;Layout': 5_000 };

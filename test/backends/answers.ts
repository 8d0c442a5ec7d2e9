/** Answers in tests: what there is of it, or a failed test. */
import { expect } from 'vitest';
import { ensure, type Result } from '../../src/base/index.ts';
import { readPprof, type StackProfile } from '../../src/profile/index.ts';
import { foldProfile } from '../builders/profiles.ts';

export function take<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.message} (${result.failure.detail})`);
  return result.value;
}

/** The one profile in the one pprof file, inflated. */
export function readOne([pprof]: readonly Uint8Array[]): StackProfile {
  return ensure(readPprof(ensure(pprof, 'something was answered'))?.profiles[0], 'the answer is a pprof');
}

/** Weights by stack; of a server that has nothing, none: it may say so by an empty profile, or by nothing at all. */
export function foldAnswer(pprofs: readonly Uint8Array[]): Record<string, number> {
  return pprofs.length === 0 ? {} : foldProfile(readOne(pprofs));
}

/** Folded, to a whole microsecond: weights travel as nanoseconds. */
export function foldRounded(profile: StackProfile): Record<string, number> {
  return Object.fromEntries(
    Object.entries(foldProfile(profile)).map(([path, weight]) => [path, Math.round(weight)]),
  );
}

/** What a server shows a moment after it has taken it. */
export async function expectSoon(
  ask: () => Promise<StackProfile>,
  wanted: Readonly<Record<string, number>>,
): Promise<void> {
  await expect.poll(async () => foldRounded(await ask()), { timeout: 15_000, interval: 200 }).toEqual(wanted);
}

/** The fixture's functions as they come back: names alone. */
export const BARE = { f1: 10_000, 'f1;f2': 20_000, 'f1;f2;f3': 30_000, 'f1;Layout': 5_000 };

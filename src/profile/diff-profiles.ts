/**
 * What changed between two profiles, function by function.
 * In: two profiles of one unit; whether weights or shares of the whole are compared. Out: per function what it took
 * itself and with all that it called, before, after and the difference. A function that calls itself is counted once.
 * Compared with itself a profile has no differences; with the sides swapped they are the negative ones.
 */
import { alignProfiles, type ProfilePair } from './align-profiles.ts';
import { sumFrames } from './function-table.ts';
import type { StackProfile } from './stack-profile.ts';

/** `weight`: as measured. `share`: of what each profile holds in all, 0 to 1. */
export type CompareBy = 'weight' | 'share';

export interface Change {
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** After less before. */
  readonly delta: Float64Array;
}

export interface ProfileDiff {
  readonly length: number;
  /** Row in the frames of {@link ProfileDiff.pair}. */
  readonly frame: Int32Array;
  readonly self: Change;
  readonly total: Change;
  /** What each profile holds in all, as measured. */
  readonly weights: { readonly before: number; readonly after: number };
  readonly pair: ProfilePair;
}

export function diffProfiles(
  before: StackProfile,
  after: StackProfile,
  by: CompareBy = 'weight',
): ProfileDiff {
  return diffPair(alignProfiles(before, after), by);
}

/** Of profiles that have one table already: functions with any weight, in order of their rows. */
export function diffPair(pair: ProfilePair, by: CompareBy): ProfileDiff {
  const sums = [sumFrames(pair.before), sumFrames(pair.after)] as const;
  const weights = { before: weightOf(pair.before), after: weightOf(pair.after) };
  const scales = by === 'weight' ? [1, 1] : [perWhole(weights.before), perWhole(weights.after)];
  const rows: number[] = [];
  for (let frame = 0; frame < pair.after.frames.length; frame++)
    if (sums[0].total[frame] > 0 || sums[1].total[frame] > 0) rows.push(frame);
  const change = (column: 'self' | 'total'): Change => {
    const before = Float64Array.from(rows, (row) => sums[0][column][row] * scales[0]);
    const after = Float64Array.from(rows, (row) => sums[1][column][row] * scales[1]);
    return { before, after, delta: after.map((weight, row) => weight - before[row]) };
  };
  return {
    length: rows.length,
    frame: Int32Array.from(rows),
    self: change('self'),
    total: change('total'),
    weights,
    pair,
  };
}

/** What a profile holds in all. */
export function weightOf({ samples }: StackProfile): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples.weight[i];
  return sum;
}

const perWhole = (whole: number): number => (whole > 0 ? 1 / whole : 0);

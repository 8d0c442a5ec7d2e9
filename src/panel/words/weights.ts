/** Weights of a profile in words: milliseconds of time, or a count of samples. Pure. */
import { formatCount, formatDuration } from '../../flame/index.ts';
import type { ProfileType } from '../../profile/index.ts';
import { formatMillisExact } from './format.ts';

/** What a column of weights is headed with. */
export const weightHead = (type: ProfileType): string => (type === 'samples' ? 'samples' : 'ms');

/** In a column that names the unit: `1 204.357`, or a count. */
export const formatWeight = (weight: number, type: ProfileType): string =>
  type === 'samples' ? formatCount(weight) : formatMillisExact(weight / 1_000);

/** By itself: `34.1 ms`, `12 samples`. */
export function tellWeight(weight: number, type: ProfileType): string {
  if (type !== 'samples') return formatDuration(weight);
  return `${formatCount(weight)} ${weight === 1 ? 'sample' : 'samples'}`;
}

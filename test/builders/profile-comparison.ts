/**
 * What two profiles have in common, in a form that tests can compare: stacks with all facts of their frames, by thread.
 */
import { CATEGORIES } from '../../src/analysis/index.ts';
import { FRAME_KINDS, type StackProfile } from '../../src/profile/index.ts';

export interface Told {
  /** Names only: `main;render`. Otherwise each frame as `name|url|line|column|kind`. */
  readonly bare?: boolean;
  readonly category?: boolean;
  readonly line?: boolean;
  readonly time?: boolean;
  /** True unless told. */
  readonly column?: boolean;
}

/** `thread stack category line` → weight, to 3 decimals. */
export function tellProfile(profile: StackProfile, told: Told = {}): Record<string, number> {
  const { samples, stacks, frames, strings } = profile;
  const sums: Record<string, number> = {};
  for (let i = 0; i < samples.length; i++) {
    const path: string[] = [];
    for (let at = samples.stack[i]; at >= 0; at = stacks.prefix[at]) {
      const frame = stacks.frame[at];
      const name = strings[frames.name[frame]];
      const facts = [
        name,
        strings[frames.url[frame]],
        frames.line[frame],
        told.column === false ? 0 : frames.column[frame],
        FRAME_KINDS[frames.kind[frame]],
      ];
      path.unshift(told.bare === true ? name : facts.join('|'));
    }
    const key = [
      path.join(';'),
      told.category === true ? (CATEGORIES[samples.category[i]] ?? 'none') : '',
      told.line === true ? samples.line[i] : '',
      told.time === true ? (samples.time[i] - profile.range.start).toFixed(1) : '',
    ].join(' ');
    sums[key] = (sums[key] ?? 0) + samples.weight[i];
  }
  return Object.fromEntries(
    Object.entries(sums)
      .sort()
      .map(([key, weight]) => [key, Math.round(weight * 1000) / 1000]),
  );
}

export const totalOf = ({ samples }: StackProfile): number =>
  samples.weight.subarray(0, samples.length).reduce((sum, weight) => sum + weight, 0);

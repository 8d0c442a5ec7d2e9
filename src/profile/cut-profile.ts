/**
 * A part of a profile by time, and without what is idle.
 * In: a profile of a file; times on its own clock. Out: a profile of the same tables with fewer, or shorter, samples.
 * A profile that tells no times has no parts: it is answered as it is.
 */
import type { StackProfile } from './stack-profile.ts';

/** Whether every sample tells when it was, so that it can be laid out over time. */
export function hasTimes({ samples }: StackProfile): boolean {
  for (let i = 0; i < samples.length; i++) if (Number.isNaN(samples.time[i])) return false;
  return samples.length > 0;
}

/** What lies in the range: times are cut at its ends, counts belong to the moment of their sample. */
export function cutProfile(
  profile: StackProfile,
  range: { readonly start: number; readonly end: number },
): StackProfile {
  const { samples, unit } = profile;
  if (!hasTimes(profile)) return profile;
  if (range.start <= profile.range.start && range.end >= profile.range.end) return profile;
  const isTime = unit === 'microseconds';
  const weightOf = (i: number): number => {
    const { [i]: time } = samples.time;
    if (!isTime) return time >= range.start && time < range.end ? samples.weight[i] : 0;
    return Math.max(0, Math.min(time + samples.weight[i], range.end) - Math.max(time, range.start));
  };
  return {
    ...keepSamples(profile, weightOf, (i) =>
      isTime ? Math.max(samples.time[i], range.start) : samples.time[i],
    ),
    range: { start: range.start, end: range.end },
  };
}

/** V8's own name for time in which nothing ran; profiles of all time hold it. */
const IDLE_NAME = '(idle)';

export function hasIdle(profile: StackProfile): boolean {
  return idleFrames(profile).includes(1);
}

/** Without the samples that end in `(idle)`. */
export function dropIdle(profile: StackProfile): StackProfile {
  const { samples, stacks } = profile;
  const isIdle = idleFrames(profile);
  const weightOf = (i: number): number =>
    samples.stack[i] >= 0 && isIdle[stacks.frame[samples.stack[i]]] === 1 ? 0 : samples.weight[i];
  return keepSamples(profile, weightOf, (i) => samples.time[i]);
}

function idleFrames({ frames, strings }: StackProfile): Uint8Array {
  return Uint8Array.from({ length: frames.length }, (_, row) =>
    frames.url[row] === 0 && strings[frames.name[row]] === IDLE_NAME ? 1 : 0,
  );
}

/** Samples with the weights that are left; those without any go. */
function keepSamples(
  profile: StackProfile,
  weightOf: (i: number) => number,
  timeOf: (i: number) => number,
): StackProfile {
  const { samples } = profile;
  const kept: number[] = [];
  for (let i = 0; i < samples.length; i++) if (weightOf(i) > 0) kept.push(i);
  return {
    ...profile,
    samples: {
      length: kept.length,
      stack: Int32Array.from(kept, (i) => samples.stack[i]),
      weight: Float64Array.from(kept, weightOf),
      category: Uint8Array.from(kept, (i) => samples.category[i]),
      time: Float64Array.from(kept, timeOf),
      line: Int32Array.from(kept, (i) => samples.line[i]),
    },
  };
}

/**
 * Cuts profiles until each piece is as small as a backend takes it: nothing is left out.
 * In: the profiles that travel together, how they are encoded, and what fits. Out: pieces, each encoded, in order of time. Cut is
 * by time, in the middle of the samples; where a profile tells no times, by its rows.
 * Refuses: a single sample that is too big by itself.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { StackProfile, WeightedSamples } from '../profile/index.ts';
import { compactProfile } from './compact.ts';

export interface Piece {
  /** As it goes over the wire, before compression. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly profiles: readonly StackProfile[];
}

export interface Encoding {
  /** Whether it may fit at all: what is too much by its samples alone need not be encoded to be cut. */
  readonly mayFit?: (profiles: readonly StackProfile[]) => boolean;
  readonly encode: (profiles: readonly StackProfile[]) => Uint8Array<ArrayBuffer>;
  readonly fits: (bytes: Uint8Array) => boolean;
}

/** Pieces of one series are told apart by their time: so far apart, ms. */
export const PIECE_GAP_MILLIS = 20;

export function splitToFit(profiles: readonly StackProfile[], encoding: Encoding): Result<Piece[]> {
  const bytes = encoding.mayFit?.(profiles) === false ? null : encoding.encode(profiles);
  if (bytes !== null && encoding.fits(bytes)) return succeed([{ bytes, profiles }]);
  const halves = halve(profiles);
  if (halves === null) return fail(makeFailure('backend-too-big', { subject: 'One sample' }));
  const pieces: Piece[] = [];
  for (const half of halves) {
    const split = splitToFit(half, encoding);
    if (!split.ok) return split;
    pieces.push(...split.value);
  }
  return succeed(pieces);
}

/** Null where there is only one sample left. */
function halve(profiles: readonly StackProfile[]): [StackProfile[], StackProfile[]] | null {
  const longest = profiles.reduce((one, other) => (other.samples.length > one.samples.length ? other : one));
  const { samples } = longest;
  if (samples.length < 2) return null;
  const middle = samples.time[samples.length >> 1];
  const first = samples.time[0];
  // Equal times cannot be told apart by them.
  if (Number.isNaN(middle) || middle === first) return halveByRow(profiles);
  const cuts = profiles.map((profile) => countBefore(profile.samples, middle));
  return [
    profiles.map((profile, i) => cut(profile, 0, cuts[i], { end: middle })),
    profiles.map((profile, i) => cut(profile, cuts[i], profile.samples.length, { start: middle })),
  ];
}

function halveByRow(profiles: readonly StackProfile[]): [StackProfile[], StackProfile[]] {
  const sides = [0, 1].map((side) =>
    profiles.map((profile) => {
      const { length } = profile.samples;
      const middle = length >> 1;
      return side === 0 ? cut(profile, 0, middle, {}) : cut(profile, middle, length, {});
    }),
  );
  return [sides[0], sides[1]];
}

function countBefore({ time, length }: WeightedSamples, moment: number): number {
  let low = 0;
  for (let high = length; low < high; ) {
    const middle = (low + high) >> 1;
    if (time[middle] < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cut(
  profile: StackProfile,
  from: number,
  to: number,
  range: Partial<StackProfile['range']>,
): StackProfile {
  const { samples, startUnixMillis } = profile;
  const next = { ...profile.range, ...range };
  return compactProfile({
    ...profile,
    range: next,
    startUnixMillis:
      startUnixMillis === null ? null : startUnixMillis + (next.start - profile.range.start) / 1000,
    samples: {
      length: to - from,
      stack: samples.stack.subarray(from, to),
      weight: samples.weight.subarray(from, to),
      category: samples.category.subarray(from, to),
      time: samples.time.subarray(from, to),
      line: samples.line.subarray(from, to),
    },
  });
}

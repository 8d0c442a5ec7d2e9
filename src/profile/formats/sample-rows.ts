/**
 * Samples of a profile summed for formats that keep no order: one row per stack, line and category.
 * In: a profile. Out: columns, in order of first appearance. And whole numbers for formats that take no fractions:
 * what rounding takes from one row goes to the next of its category, so that no sum is off by more than half a unit.
 */
import { NO_CATEGORY, StackInterner } from '../profile-builder.ts';
import type { StackProfile } from '../stack-profile.ts';

export interface SampleRows {
  readonly length: number;
  /** -1 for weight that belongs to no stack. */
  readonly stack: Int32Array;
  readonly line: Int32Array;
  readonly category: Uint8Array;
  readonly weight: Float64Array;
}

/** `byLine` false sums the lines of a stack, too. */
export function sumSamples({ samples }: StackProfile, { byLine }: { byLine: boolean }): SampleRows {
  const places = new StackInterner();
  const rows = new StackInterner();
  const weight = new Float64Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const place = places.intern(samples.stack[i], byLine ? samples.line[i] : 0);
    weight[rows.intern(place, samples.category[i])] += samples.weight[i];
  }
  const { length, prefix: placeOf, frame: categories } = rows.settle();
  const { prefix: stackOf, frame: lineOf } = places.settle();
  const stack = new Int32Array(length);
  const line = new Int32Array(length);
  const category = new Uint8Array(length);
  for (let row = 0; row < length; row++) {
    stack[row] = stackOf[placeOf[row]];
    line[row] = lineOf[placeOf[row]];
    category[row] = categories[row];
  }
  return { length, stack, line, category, weight: weight.subarray(0, length) };
}

/** The weights times `scale` as whole numbers. */
export function roundWeights({ length, weight, category }: SampleRows, scale: number): Float64Array {
  const whole = new Float64Array(length);
  const owed = new Float64Array(NO_CATEGORY + 1);
  for (let i = 0; i < length; i++) {
    const exact = weight[i] * scale + owed[category[i]];
    whole[i] = Math.round(exact);
    owed[category[i]] = exact - whole[i];
  }
  return whole;
}

/** Readers find samples by stack; in a profile they are in order of time, where it is told. */
export function sortByTime(profile: StackProfile): StackProfile {
  const { samples } = profile;
  const order = Int32Array.from({ length: samples.length }, (_, i) => i);
  if (!samples.time.some((time, i) => i > 0 && time < samples.time[i - 1])) return profile;
  order.sort((one, other) => samples.time[one] - samples.time[other] || one - other);
  return {
    ...profile,
    samples: {
      length: samples.length,
      stack: Int32Array.from(order, (i) => samples.stack[i]),
      weight: Float64Array.from(order, (i) => samples.weight[i]),
      category: Uint8Array.from(order, (i) => samples.category[i]),
      time: Float64Array.from(order, (i) => samples.time[i]),
      line: Int32Array.from(order, (i) => samples.line[i]),
    },
  };
}

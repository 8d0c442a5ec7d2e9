/** Weights of a profile in words: milliseconds of time, counts, bytes. Pure. */
import { formatBytes, formatCount, formatDuration } from '../../flame/index.ts';
import type { WeightUnit } from '../../profile/index.ts';
import { formatMillisExact } from './format.ts';

const HEADS: Readonly<Record<WeightUnit, string>> = {
  microseconds: 'ms',
  count: 'count',
  bytes: 'bytes',
  none: 'weight',
};

/** What a column of weights is headed with. */
export const weightHead = (unit: WeightUnit): string => HEADS[unit];

/** In a column that names the unit: `1 204.357`, or a count. */
export const formatWeight = (weight: number, unit: WeightUnit): string =>
  unit === 'microseconds' ? formatMillisExact(weight / 1_000) : formatPlain(weight);

/** By itself: `34.1 ms`, `3.2 MB`; of what only counts (samples, objects) the number. */
export function tellWeight(weight: number, unit: WeightUnit): string {
  if (unit === 'microseconds') return formatDuration(weight);
  if (unit === 'bytes') return formatBytes(weight);
  return formatPlain(weight);
}

/** The same of a change: `+34.1 ms`, `−3`, `±0`. */
export function tellChange(delta: number, unit: WeightUnit): string {
  if (delta === 0) return '±0';
  return `${delta < 0 ? '−' : '+'}${tellWeight(Math.abs(delta), unit)}`;
}

/** Whole as a rule; what other tools weigh may have fractions. */
function formatPlain(weight: number): string {
  return Number.isInteger(weight) || Math.abs(weight) >= 1_000
    ? formatCount(weight)
    : String(Number(weight.toPrecision(4)));
}

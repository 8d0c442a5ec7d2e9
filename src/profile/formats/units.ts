/**
 * Weights and their names as pprof and OTLP have them: `cpu/nanoseconds`, `samples/count`; times and addresses as they do.
 * In: a profile's type and unit, or a type and unit out of a file. Out: the other.
 */
import type { StackProfile, WeightUnit } from '../stack-profile.ts';

export interface ValueType {
  readonly type: string;
  readonly unit: string;
  /** Weights of the profile times this are the values. */
  readonly scale: number;
}

export function valueTypeOf({ type, unit }: Pick<StackProfile, 'type' | 'unit'>): ValueType {
  if (unit === 'microseconds') return { type, unit: 'nanoseconds', scale: 1000 };
  return { type, unit: unit === 'none' ? 'count' : unit, scale: 1 };
}

/** Microseconds, where the unit is one of time. */
const UNITS: Readonly<Record<string, { readonly unit: WeightUnit; readonly factor: number }>> = {
  nanoseconds: { unit: 'microseconds', factor: 0.001 },
  ns: { unit: 'microseconds', factor: 0.001 },
  microseconds: { unit: 'microseconds', factor: 1 },
  us: { unit: 'microseconds', factor: 1 },
  milliseconds: { unit: 'microseconds', factor: 1000 },
  ms: { unit: 'microseconds', factor: 1000 },
  seconds: { unit: 'microseconds', factor: 1e6 },
  s: { unit: 'microseconds', factor: 1e6 },
  bytes: { unit: 'bytes', factor: 1 },
  count: { unit: 'count', factor: 1 },
};

/** Values of `unit` times `factor` are weights. */
export function weightUnitOf(unit: string): { readonly unit: WeightUnit; readonly factor: number } {
  return Object.hasOwn(UNITS, unit) ? UNITS[unit] : { unit: 'none', factor: 1 };
}

/** What code is called whose function nobody knows. */
export const nameOfAddress = (address: bigint): string => `0x${address.toString(16)}`;

/** A time as Unix nanoseconds; microseconds are kept, below that a double has none. */
export function unixNanos(unixMillis: number): bigint {
  return BigInt(Math.round(unixMillis * 1000)) * 1000n;
}

/** Nanoseconds from one of V8's samples to the next, on the whole; 0 where fewer than two were taken. */
export function samplingInterval({ samples: { time, length } }: StackProfile): number {
  const span = length > 1 ? time[length - 1] - time[0] : 0;
  return span > 0 ? Math.max(1, Math.round((span * 1000) / (length - 1))) : 0;
}

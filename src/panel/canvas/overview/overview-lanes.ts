/**
 * Where the overview's lanes stand, and what each of their pixel columns holds. Pure.
 * In: the strip's height and what there is to show; a range and a width. Out: lanes from top to bottom in device pixels;
 * shares 0 to 1 by kind and column. A bucket that lies in two columns counts in both by its parts.
 */
import type { TimeRange } from '../../../analysis/index.ts';
import type { Measures } from '../measures.ts';

export interface Lane {
  readonly top: number;
  readonly height: number;
}

/** null where there is nothing of the kind. */
export interface Lanes {
  readonly cpu: Lane;
  readonly network: Lane | null;
  readonly counters: Lane | null;
}

/** Parts of the room under the ruler: the CPU has the rest. */
const NETWORK_SHARE = 0.2;
const COUNTERS_SHARE = 0.3;
/** CSS pixels. */
const LEAST_LANE = 4;

export function layOutLanes(
  height: number,
  { ruler, gap, ratio }: Measures,
  has: { readonly network: boolean; readonly counters: boolean },
): Lanes {
  const room = Math.max(1, height - ruler);
  const least = Math.round(LEAST_LANE * ratio);
  const heightOf = (share: number): number => Math.max(least, Math.round(room * share));
  const network = has.network ? heightOf(NETWORK_SHARE) : 0;
  const counters = has.counters ? heightOf(COUNTERS_SHARE) : 0;
  const gaps = (has.network ? gap : 0) + (has.counters ? gap : 0);
  const cpu = Math.max(1, room - network - counters - gaps);
  const networkTop = ruler + cpu + gap;
  const countersTop = has.network ? networkTop + network + gap : networkTop;
  return {
    cpu: { top: ruler, height: cpu },
    network: has.network ? { top: networkTop, height: network } : null,
    counters: has.counters ? { top: countersTop, height: counters } : null,
  };
}

/** Amounts over equal parts of a range, by kind. */
export interface Amounts {
  readonly range: TimeRange;
  readonly buckets: number;
  /** `kinds` rows of `buckets` entries. */
  readonly amounts: Float32Array;
  readonly kinds: number;
  /** What of a microsecond's worth counts as 1: amounts are divided by it and by the column's length. */
  readonly perMicro: number;
}

/** `kinds` rows of `columns` entries. */
export function shareColumns(
  { range, buckets, amounts, kinds, perMicro }: Amounts,
  shown: TimeRange,
  columns: number,
): Float32Array {
  const shares = new Float32Array(kinds * columns);
  const perBucket = (range.end - range.start) / buckets;
  const perColumn = (shown.end - shown.start) / columns;
  if (!(perBucket > 0) || !(perColumn > 0)) return shares;
  const whole = perColumn * perMicro;
  for (let column = 0; column < columns; column++) {
    const from = (shown.start + column * perColumn - range.start) / perBucket;
    const to = from + perColumn / perBucket;
    const first = Math.max(0, Math.floor(from));
    const last = Math.min(buckets, Math.ceil(to));
    for (let bucket = first; bucket < last; bucket++) {
      const part = Math.min(bucket + 1, to) - Math.max(bucket, from);
      for (let kind = 0; kind < kinds; kind++)
        shares[kind * columns + column] += (amounts[kind * buckets + bucket] * part) / whole;
    }
  }
  return shares;
}

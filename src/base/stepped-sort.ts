/**
 * Sorting in steps, for long lists on a thread that others wait for.
 * In: a list, a comparison as `Array.sort` takes it. Out: a new list in order; what compares as equal stays in order. A step
 * takes some milliseconds where a comparison takes a microsecond.
 */
import type { Steps } from './turns.ts';

const COMPARED_AT_ONCE = 1024;

export function* sortInSteps<T>(
  items: readonly T[],
  compare: (one: T, other: T) => number,
): Steps<readonly T[]> {
  let sorted: T[] = [];
  for (let at = 0; at < items.length; at += COMPARED_AT_ONCE) {
    for (const item of items.slice(at, at + COMPARED_AT_ONCE).sort(compare)) sorted.push(item);
    yield;
  }
  for (let width = COMPARED_AT_ONCE; width < items.length; width *= 2) {
    const merged: T[] = [];
    for (let at = 0; at < items.length; at += 2 * width) {
      const middle = Math.min(items.length, at + width);
      const end = Math.min(items.length, at + 2 * width);
      for (let one = at, other = middle; one < middle || other < end; ) {
        const isFirst = one < middle && (other >= end || compare(sorted[one], sorted[other]) <= 0);
        merged.push(isFirst ? sorted[one++] : sorted[other++]);
        if (merged.length % COMPARED_AT_ONCE === 0) yield;
      }
    }
    sorted = merged;
  }
  return sorted;
}

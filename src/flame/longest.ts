/**
 * "Which of these boxes lasts longest?", asked for every pixel column that holds more boxes than one.
 * In: box starts and ends, once; then row ranges. Out: the box's row; of equals the first.
 * A block is 4 boxes, or 4 blocks of the level below: 33 MB for 5 million boxes, their durations included.
 */
import type { LongestForest, LongestLevel } from './chart.ts';

const FAN = 4;
const FAN_BITS = 2;

export interface BoxTimes {
  readonly length: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

export function buildLongestForest({ length, start, end }: BoxTimes): LongestForest {
  const duration = new Float32Array(length);
  for (let box = 0; box < length; box++) duration[box] = end[box] - start[box];
  const levels: LongestLevel[] = [];
  let below: LongestLevel = { box: new Int32Array(0), duration };
  do {
    below = gatherBlocks(below, levels.length === 0);
    levels.push(below);
  } while (below.duration.length > FAN);
  return { duration, levels };
}

/** `isLowest`: the entries below are the boxes themselves. */
function gatherBlocks(below: LongestLevel, isLowest: boolean): LongestLevel {
  const entries = below.duration.length;
  const blocks = Math.ceil(entries / FAN);
  const level = { box: new Int32Array(blocks), duration: new Float32Array(blocks).fill(-1) };
  for (let entry = 0; entry < entries; entry++) {
    const block = entry >>> FAN_BITS;
    if (below.duration[entry] > level.duration[block]) {
      level.duration[block] = below.duration[entry];
      level.box[block] = isLowest ? entry : below.box[entry];
    }
  }
  return level;
}

/** The longest box of rows [from, to), which must not be empty. */
export function findLongest({ duration, levels }: LongestForest, from: number, to: number): number {
  // What does not fill a block is compared one by one, whole blocks through the levels.
  const firstWhole = Math.min(to, (from + FAN - 1) & -FAN);
  const lastWhole = Math.max(firstWhole, to & -FAN);
  let longest = from;
  for (let box = from + 1; box < firstWhole; box++) {
    if (duration[box] > duration[longest]) longest = box;
  }
  if (firstWhole < lastWhole) {
    const best = longestOfBlocks(levels, firstWhole >>> FAN_BITS, lastWhole >>> FAN_BITS);
    if (duration[best] > duration[longest]) longest = best;
  }
  for (let box = lastWhole; box < to; box++) {
    if (duration[box] > duration[longest]) longest = box;
  }
  return longest;
}

/** The longest of the boxes in blocks [from, to) of the lowest level: climbs from both ends. */
function longestOfBlocks(levels: readonly LongestLevel[], from: number, to: number): number {
  let longest = -1;
  let most = -1;
  let left = from;
  let right = to;
  for (let height = 0; left < right; height++) {
    const { box, duration } = levels[height];
    const isTop = height + 1 >= levels.length || right - left <= 2 * FAN;
    const firstWhole = isTop ? right : Math.min(right, (left + FAN - 1) & -FAN);
    for (; left < firstWhole; left++) {
      if (duration[left] > most || (duration[left] === most && box[left] < longest)) {
        most = duration[left];
        longest = box[left];
      }
    }
    const lastWhole = Math.max(left, right & -FAN);
    while (right > lastWhole) {
      right--;
      if (duration[right] > most || (duration[right] === most && box[right] < longest)) {
        most = duration[right];
        longest = box[right];
      }
    }
    left >>>= FAN_BITS;
    right >>>= FAN_BITS;
  }
  return longest;
}

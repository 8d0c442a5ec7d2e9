/**
 * Frames, stacks and samples in batches: columns on the stage that the slice tree uses later.
 * In: the first row of a batch. Out: how many rows were written, in columns of `stageInts` and `stageTimes`.
 */
import { calls } from './js-calls.ts';
import { sampleAt, sampleRows } from './profiles.ts';
import { samplePlaces } from './raw-profiles.ts';
import { slices } from './raw-slices.ts';
import { frames, stacks } from './stacks.ts';
import {
  STAGE_ROWS,
  stageCategory,
  stageDetail,
  stageName,
  stageParent,
  stageStart,
  stageSubtreeEnd,
} from './stage.ts';

export function frameCount(): u32 {
  return frames.length;
}
export function stackCount(): u32 {
  return stacks.length;
}
export function sampleCount(): u32 {
  return sampleRows.length;
}
export function callCount(): u32 {
  return calls.length;
}
export function rawSliceCount(): u32 {
  return slices.length;
}

/** Samples: time, and stack, line and column as the parent, name and category of slices are. */
export function stageSamples(from: u32): u32 {
  const count = min(sampleRows.length - from, STAGE_ROWS);
  for (let i: u32 = 0; i < count; i++) {
    const sample = sampleAt(from + i);
    store<f64>(stageStart + (i << 3), sample.time);
    store<i32>(stageParent + (i << 2), sample.node);
    const place = samplePlaces.at(sample.place);
    store<i32>(stageName + (i << 2), place.line);
    store<i32>(stageCategory + (i << 2), place.column);
  }
  return count;
}

/** Stacks: frame and prefix as the parent and name of slices are. */
export function stageStacks(from: u32): u32 {
  const count = min(stacks.length - from, STAGE_ROWS);
  for (let i: u32 = 0; i < count; i++) {
    const stack = stacks.at(from + i);
    store<i32>(stageParent + (i << 2), stack.frame);
    store<i32>(stageName + (i << 2), stack.prefix);
  }
  return count;
}

/**
 * Frames: function, address, line and column as the parent, subtree's end, name and category of slices are; the script's
 * id where their details are.
 */
export function stageFrames(from: u32): u32 {
  const count = min(frames.length - from, STAGE_ROWS);
  for (let i: u32 = 0; i < count; i++) {
    const frame = frames.at(from + i);
    store<i32>(stageParent + (i << 2), frame.functionName);
    store<i32>(stageSubtreeEnd + (i << 2), frame.url);
    store<i32>(stageName + (i << 2), frame.line);
    store<i32>(stageCategory + (i << 2), frame.column);
    store<i32>(stageDetail + (i << 2), frame.scriptId);
  }
  return count;
}

/**
 * A call tree → the flame graph's boxes: one row per depth, x is weight instead of time. The same {@link Chart} as the
 * flame chart's, so that culling, painting, pointing, walking and searching are the same, too.
 * In: a profile, a tree over it. Out: a chart of one track; a box's `slice` is its row in the tree, which is depth-first
 * as slices are. Children stand at the left of their parent, its own weight is what is left free at the right.
 *
 *   0 main   self 1 total 9      |main           |
 *   1 ├ f    self 5 total 8      |f            | |
 *   2 │ └ g  self 3 total 3      |g   |
 */
import { threadIndex } from '../base/index.ts';
import {
  type CallTree,
  type CompareBy,
  NO_CATEGORY,
  type PairTree,
  type ProfilePair,
  type StackProfile,
} from '../profile/index.ts';
import type { BoxColumns, BoxLabel, Chart, Track } from './chart.ts';
import { changeKey, changeStep, fileKey } from './colour-keys.ts';
import { buildLongestForest } from './longest.ts';

export function layOutGraph(profile: StackProfile, tree: CallTree): Chart {
  const { total, weight, unstacked } = tree;
  return layOutNodes(profile, tree, {
    total,
    whole: weight - unstacked,
    colourOf: colourByCategory(profile, tree),
  });
}

export interface PairLook {
  readonly wide: 'before' | 'after';
  readonly by: CompareBy;
  /** What both sides come to, where the tree is of a part of them. */
  readonly weights?: { readonly before: number; readonly after: number };
}

/** One side of a comparison: wide as that side is, coloured by how much a node changed. */
export function layOutPair(
  pair: ProfilePair,
  { tree, before, after }: PairTree,
  { wide, by, weights: sides }: PairLook,
): Chart {
  const weights = { before, after }[wide];
  const { before: wholeBefore, after: wholeAfter } = sides ?? { before: before.weight, after: after.weight };
  const scale = by === 'share' && wholeBefore > 0 ? wholeAfter / wholeBefore : 1;
  const whole = Math.max(wholeBefore * scale, wholeAfter);
  return layOutNodes(pair.after, tree, {
    total: weights.total,
    whole: weights.weight,
    colourOf: (node) => changeKey(changeStep(before.total[node] * scale, after.total[node], whole)),
  });
}

interface NodeLook {
  /** By node: how wide its box is; those without any width have none. */
  readonly total: Float64Array;
  readonly whole: number;
  readonly colourOf: (node: number) => number;
}

function layOutNodes(profile: StackProfile, tree: CallTree, look: NodeLook): Chart {
  const rowStart = countRows(tree, look);
  const boxes = fillBoxes(tree, look, rowStart);
  return {
    bounds: { start: 0, end: look.whole },
    tracks: [trackOf(tree, rowStart.length - 1)],
    rowStart,
    boxes,
    longest: buildLongestForest(boxes),
    labels: labelFrames(profile),
  };
}

function countRows(tree: CallTree, { total }: NodeLook): Int32Array<ArrayBuffer> {
  let rows = 0;
  for (let node = 0; node < tree.length; node++)
    if (total[node] > 0) rows = Math.max(rows, tree.depth[node] + 1);
  const rowStart = new Int32Array(rows + 1);
  for (let node = 0; node < tree.length; node++) if (total[node] > 0) rowStart[tree.depth[node] + 1]++;
  for (let row = 1; row < rowStart.length; row++) rowStart[row] += rowStart[row - 1];
  return rowStart;
}

function fillBoxes(tree: CallTree, { total, colourOf }: NodeLook, rowStart: Int32Array): BoxColumns {
  const { [rowStart.length - 1]: length } = rowStart;
  const boxes: BoxColumns = {
    length,
    start: new Float64Array(length),
    end: new Float64Array(length),
    colour: new Uint8Array(length),
    slice: new Int32Array(length),
    label: new Int32Array(length),
  };
  const nextBox = rowStart.slice();
  /** Where the next child of a node begins; of the roots it is `rootStart`. */
  const childStart = new Float64Array(tree.length);
  let rootStart = 0;
  for (let node = 0; node < tree.length; node++) {
    if (!(total[node] > 0)) continue;
    const parent = tree.parent[node];
    const start = parent < 0 ? rootStart : childStart[parent];
    const end = start + total[node];
    if (parent < 0) rootStart = end;
    else childStart[parent] = end;
    childStart[node] = start;
    const box = nextBox[tree.depth[node]]++;
    boxes.start[box] = start;
    boxes.end[box] = end;
    boxes.colour[box] = colourOf(node);
    boxes.slice[box] = node;
    boxes.label[box] = tree.frame[node];
  }
  return boxes;
}

/** Where no category is known, files tell apart. */
function colourByCategory(
  profile: StackProfile,
  { category, parent, frame }: CallTree,
): (node: number) => number {
  return (node) => {
    if (category[node] === NO_CATEGORY) return keyOfFrame(profile, frame[node]);
    return category[node] * 2 + (parent[node] >= 0 && category[parent[node]] === category[node] ? 1 : 0);
  };
}

/** By the frame's file; by its name where it has none. */
export function keyOfFrame({ strings, frames }: StackProfile, frame: number): number {
  return fileKey(strings[frames.url[frame]] || strings[frames.name[frame]]);
}

/** One label per frame of the profile, in the same order. */
export function labelFrames({ frames, strings }: StackProfile): BoxLabel[] {
  return Array.from({ length: frames.length }, (_, frame) => {
    const url = strings[frames.url[frame]];
    return {
      text: strings[frames.name[frame]],
      eventName: '',
      source: url === '' ? null : { url, line: frames.line[frame], column: frames.column[frame] },
    };
  });
}

function trackOf(tree: CallTree, rows: number): Track {
  return {
    kind: 'thread',
    key: 'graph',
    group: '',
    thread: threadIndex(0),
    pid: 0,
    tid: 0,
    role: 'other',
    title: '',
    onMainFrame: false,
    firstRow: 0,
    rows,
    firstSlice: 0,
    endSlice: tree.length,
  };
}

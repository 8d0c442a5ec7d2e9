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
import { CATEGORIES } from '../analysis/index.ts';
import { threadIndex } from '../base/index.ts';
import { type CallTree, NO_CATEGORY, type StackProfile } from '../profile/index.ts';
import type { BoxColumns, BoxLabel, Chart, Track } from './chart.ts';
import { buildLongestForest } from './longest.ts';

/** What no category is known of has the colour of this one. */
const UNKNOWN = CATEGORIES.indexOf('system');

export function layOutGraph(profile: StackProfile, tree: CallTree): Chart {
  const rowStart = countRows(tree);
  const boxes = fillBoxes(tree, rowStart);
  return {
    bounds: { start: 0, end: tree.weight - tree.unstacked },
    tracks: [trackOf(tree, rowStart.length - 1)],
    rowStart,
    boxes,
    longest: buildLongestForest(boxes),
    labels: labelFrames(profile),
  };
}

function countRows(tree: CallTree): Int32Array<ArrayBuffer> {
  const rowStart = new Int32Array(tree.length === 0 ? 1 : tree.maxDepth + 2);
  for (let node = 0; node < tree.length; node++) rowStart[tree.depth[node] + 1]++;
  for (let row = 1; row < rowStart.length; row++) rowStart[row] += rowStart[row - 1];
  return rowStart;
}

function fillBoxes(tree: CallTree, rowStart: Int32Array): BoxColumns {
  const { length } = tree;
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
  const childStart = new Float64Array(length);
  let rootStart = 0;
  for (let node = 0; node < length; node++) {
    const parent = tree.parent[node];
    const start = parent < 0 ? rootStart : childStart[parent];
    const end = start + tree.total[node];
    if (parent < 0) rootStart = end;
    else childStart[parent] = end;
    childStart[node] = start;
    const box = nextBox[tree.depth[node]]++;
    boxes.start[box] = start;
    boxes.end[box] = end;
    boxes.colour[box] = colourOf(tree, node);
    boxes.slice[box] = node;
    boxes.label[box] = tree.frame[node];
  }
  return boxes;
}

function colourOf({ category, parent }: CallTree, node: number): number {
  const own = category[node] === NO_CATEGORY ? UNKNOWN : category[node];
  return own * 2 + (parent[node] >= 0 && category[parent[node]] === category[node] ? 1 : 0);
}

/** One label per frame of the profile, in the same order. */
function labelFrames({ frames, strings }: StackProfile): BoxLabel[] {
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

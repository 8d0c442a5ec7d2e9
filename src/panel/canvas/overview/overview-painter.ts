/**
 * Paints the overview strip: a ruler; below it CPU time by category and requests under way by kind as stacked areas, JS
 * heap as an area and DOM nodes as a dotted line; milestones as lines, the lanes' names at their right.
 * In: a scene and a target. Out: strokes. All lanes are pixels of one image, put on the canvas once.
 */
import { CATEGORIES, type TimeRange } from '../../../analysis/index.ts';
import {
  type CounterSeries,
  type CpuOverview,
  keyOfLook,
  makeExtremes,
  makeGrid,
  type NetworkOverview,
  type PixelGrid,
  REQUEST_KINDS,
  sampleSeries,
  timeToX,
} from '../../../flame/index.ts';
import { type Axis, paintTickTexts, ticksOf } from '../paint/axis-painter.ts';
import type { DrawTarget } from '../paint/draw-target.ts';
import type { Palette } from '../paint/palette.ts';
import { type Lane, layOutLanes, shareColumns } from './overview-lanes.ts';

/** What the lanes show. */
export interface OverviewContent {
  /** null while it is computed, and where no main thread is known. */
  readonly cpu: CpuOverview | null;
  /** null where the trace has no requests. */
  readonly network: NetworkOverview | null;
  readonly heap: CounterSeries | null;
  readonly nodes: CounterSeries | null;
  /** Start and end of each, by time; null until they are known. */
  readonly longTasks: Float64Array | null;
}

export interface OverviewScene extends Axis {
  readonly content: OverviewContent;
  readonly bounds: TimeRange;
  readonly fontFamily: string;
}

/** How much of each pixel column every category takes, 0 to 1: `CATEGORIES.length` rows of `columns` entries. */
export function stackColumns(
  { busy, buckets, range }: CpuOverview,
  bounds: TimeRange,
  columns: number,
): Float32Array {
  return shareColumns(
    { range, buckets, amounts: busy, kinds: CATEGORIES.length, perMicro: 1 },
    bounds,
    columns,
  );
}

const REQUEST_KEYS = REQUEST_KINDS.map((kind) => keyOfLook(`request-${kind}`));
const CATEGORY_KEYS = CATEGORIES.map((_, category) => category * 2);

export function paintOverview(target: DrawTarget, scene: OverviewScene): void {
  const { palette, measures, bounds, milestones, content } = scene;
  const { width, height } = target;
  target.setFont(`${measures.font}px ${scene.fontFamily}`);
  target.fill(palette.ground, { x: 0, y: 0, width, height });
  const ticks = ticksOf(scene);
  for (const { x } of ticks) target.fill(palette.grid, { x, y: 0, width: measures.gap, height });
  const lanes = layOutLanes(height, measures, {
    network: content.network !== null,
    counters: content.heap !== null || content.nodes !== null,
  });
  const lines = Math.max(0, height - measures.ruler);
  const pixels = target.takeLines(lines);
  const strip: Strip = { pixels, width, top: measures.ruler };
  fillCpu(strip, lanes.cpu, scene);
  if (lanes.network !== null && content.network !== null)
    fillNetwork(strip, lanes.network, content.network, scene);
  if (lanes.counters !== null) fillCounters(strip, lanes.counters, scene);
  target.keepLines(lines);
  target.showPart({ line: 0, lines, columns: width }, { x: 0, y: measures.ruler, width, height: lines });
  const grid = makeGrid(bounds.start, bounds, width);
  paintLongTasks(target, lanes.cpu, { scene, grid });
  for (const { time } of milestones) {
    const x = Math.round(timeToX(grid, time));
    if (x >= 0 && x < width) target.fill(palette.quietText, { x, y: 0, width: measures.gap, height });
  }
  paintTickTexts(target, scene, ticks);
}

/** A line along the top of the CPU's lane, as the tasks themselves have one. */
function paintLongTasks(
  target: DrawTarget,
  { top }: Lane,
  { scene, grid }: { readonly scene: OverviewScene; readonly grid: PixelGrid },
): void {
  const { content, palette, measures } = scene;
  const edges = content.longTasks ?? [];
  let free = 0;
  for (let edge = 0; edge < edges.length; edge += 2) {
    const x = Math.max(free, Math.floor(timeToX(grid, edges[edge])));
    const to = Math.min(target.width, Math.max(x + 1, Math.floor(timeToX(grid, edges[edge + 1]))));
    if (to <= x || timeToX(grid, edges[edge + 1]) < x) continue;
    target.fill(palette.error, { x, y: top, width: to - x, height: measures.outline });
    free = to;
  }
}

interface Strip {
  readonly pixels: Uint32Array;
  readonly width: number;
  /** Pixels of the target above its first line. */
  readonly top: number;
}

function fillCpu(strip: Strip, lane: Lane, { content, bounds, palette }: OverviewScene): void {
  if (content.cpu === null) return;
  const shares = stackColumns(content.cpu, bounds, strip.width);
  fillStack(strip, lane, { shares, keys: CATEGORY_KEYS, colours: palette.pixels });
}

function fillNetwork(
  strip: Strip,
  lane: Lane,
  { underWay, buckets, range, most }: NetworkOverview,
  { bounds, palette }: OverviewScene,
): void {
  const perBucket = (range.end - range.start) / buckets;
  const perMicro = most / perBucket;
  if (!(perMicro > 0)) return;
  const amounts = { range, buckets, amounts: underWay, kinds: REQUEST_KINDS.length, perMicro };
  const shares = shareColumns(amounts, bounds, strip.width);
  fillStack(strip, lane, { shares, keys: REQUEST_KEYS, colours: palette.pixels });
}

interface Stack {
  readonly shares: Float32Array;
  /** Colour key of each kind. */
  readonly keys: readonly number[];
  readonly colours: Palette['pixels'];
}

/** Fills each column from the bottom up, in the kinds' order. What is more than nothing has a pixel at least. */
function fillStack({ pixels, width, top }: Strip, lane: Lane, { shares, keys, colours }: Stack): void {
  const bottom = lane.top + lane.height - 1 - top;
  for (let column = 0; column < width; column++) {
    let stacked = 0;
    let filled = 0;
    for (const [kind, key] of keys.entries()) {
      const share = shares[kind * width + column];
      if (share === 0) continue;
      stacked += share;
      const until = Math.min(lane.height, Math.round(stacked * lane.height));
      for (; filled < until; filled++) pixels[(bottom - filled) * width + column] = colours[key];
    }
  }
}

/** The heap as an area under a line, the nodes as dots over it: both from 0 to the most there was. */
function fillCounters(strip: Strip, lane: Lane, scene: OverviewScene): void {
  const { content, bounds, palette, measures } = scene;
  const grid = makeGrid(bounds.start, bounds, strip.width);
  const extremes = makeExtremes(strip.width);
  const bottom = lane.top + lane.height - 1 - strip.top;
  const lineOf = (value: number, most: number): number =>
    bottom - Math.min(lane.height - 1, Math.round((value / most) * (lane.height - 1)));
  const set = (line: number, column: number, colour: number): void => {
    strip.pixels[line * strip.width + column] = colour;
  };
  if (content.heap !== null && content.heap.most > 0) {
    sampleSeries(content.heap, grid, extremes);
    for (let column = 0; column < strip.width; column++) {
      if (Number.isNaN(extremes.high[column])) continue;
      const high = lineOf(extremes.high[column], content.heap.most);
      const low = lineOf(extremes.low[column], content.heap.most);
      for (let line = high; line <= bottom; line++)
        set(line, column, line <= Math.max(low, high) ? palette.heapLine : palette.heapArea);
    }
  }
  if (content.nodes !== null && content.nodes.most > 0) {
    sampleSeries(content.nodes, grid, extremes);
    const dot = Math.max(1, measures.gap);
    for (let column = 0; column < strip.width; column++) {
      if (Number.isNaN(extremes.high[column]) || Math.floor(column / dot) % 4 > 1) continue;
      const line = lineOf(extremes.high[column], content.nodes.most);
      for (let below = 0; below < dot; below++)
        set(Math.min(bottom, line + below), column, palette.nodesLine);
    }
  }
}

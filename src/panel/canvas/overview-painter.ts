/**
 * Paints the overview strip: a ruler, CPU time by category as stacked areas below, milestones as lines.
 * In: a scene and a target. Out: strokes. `stackColumns` is pure: shares of each pixel column by category.
 */
import { CATEGORIES, type TimeRange } from '../../analysis/index.ts';
import { type CpuOverview, makeGrid, timeToX } from '../../flame/index.ts';
import { type Axis, ticksOf } from './axis-painter.ts';
import type { DrawTarget } from './draw-target.ts';

export interface OverviewScene extends Axis {
  readonly overview: CpuOverview | null;
  readonly bounds: TimeRange;
  readonly fontFamily: string;
}

/**
 * How much of each pixel column every category takes, 0 to 1: `CATEGORIES.length` rows of `columns` entries. Buckets
 * that lie in two columns count in both by their parts.
 */
export function stackColumns(
  { busy, buckets, range }: CpuOverview,
  bounds: TimeRange,
  columns: number,
): Float32Array {
  const shares = new Float32Array(CATEGORIES.length * columns);
  const perBucket = (range.end - range.start) / buckets;
  const perColumn = (bounds.end - bounds.start) / columns;
  if (!(perBucket > 0) || !(perColumn > 0)) return shares;
  for (let column = 0; column < columns; column++) {
    const from = (bounds.start + column * perColumn - range.start) / perBucket;
    const to = from + perColumn / perBucket;
    const first = Math.max(0, Math.floor(from));
    const last = Math.min(buckets, Math.ceil(to));
    for (let bucket = first; bucket < last; bucket++) {
      const part = Math.min(bucket + 1, to) - Math.max(bucket, from);
      for (let category = 0; category < CATEGORIES.length; category++) {
        shares[category * columns + column] += (busy[category * buckets + bucket] * part) / perColumn;
      }
    }
  }
  return shares;
}

export function paintOverview(target: DrawTarget, scene: OverviewScene): void {
  const { palette, measures, overview, bounds, milestones } = scene;
  const { width, height } = target;
  target.setFont(`${measures.font}px ${scene.fontFamily}`);
  target.fill(palette.ground, { x: 0, y: 0, width, height });
  const ticks = ticksOf(scene);
  for (const { x } of ticks) target.fill(palette.grid, { x, y: 0, width: measures.gap, height });
  if (overview !== null) {
    const lines = height - measures.ruler;
    fillStack(
      target.takeLines(lines),
      stackColumns(overview, bounds, width),
      { width, lines },
      palette.pixels,
    );
    target.keepLines(lines);
    for (let line = 0; line < lines; line++) target.showLine(line, measures.ruler + line, 1);
  }
  const grid = makeGrid(bounds.start, bounds, width);
  for (const { time } of milestones) {
    const x = Math.round(timeToX(grid, time));
    if (x >= 0 && x < width) target.fill(palette.quietText, { x, y: 0, width: measures.gap, height });
  }
  for (const { x, text } of ticks) {
    target.text(palette.quietText, text, x + measures.padding, Math.round(measures.ruler * 0.7));
  }
}

/** Fills each column from the bottom up, in the categories' order. Idle stays empty. */
function fillStack(
  pixels: Uint32Array,
  shares: Float32Array,
  { width, lines }: { readonly width: number; readonly lines: number },
  colours: Uint32Array,
): void {
  for (let column = 0; column < width; column++) {
    let stacked = 0;
    let filled = 0;
    for (let category = 0; category < CATEGORIES.length; category++) {
      stacked += shares[category * width + column];
      const until = Math.min(lines, Math.round(stacked * lines));
      for (; filled < until; filled++) pixels[(lines - 1 - filled) * width + column] = colours[category * 2];
    }
  }
}

/**
 * The time axis: ticks with their times, milestones as flags, and the lines that both send down.
 * In: a grid, an origin, milestones. Out: strokes on a target, and where each flag stands (pure, for tests).
 */
import type { Milestone } from '../../../analysis/index.ts';
import type { Micros } from '../../../base/index.ts';
import { layOutTicks, type PixelGrid, type Tick, timeToX } from '../../../flame/index.ts';
import type { Measures } from '../measures.ts';
import type { DrawTarget, Ground } from './draw-target.ts';
import type { Palette } from './palette.ts';

export interface Axis {
  readonly grid: PixelGrid;
  readonly origin: Micros;
  readonly milestones: readonly Milestone[];
  readonly palette: Palette;
  readonly measures: Measures;
}

/** Milestones as flags say them; one that is not here has a line and no flag. */
const FLAGS: Readonly<Record<string, string>> = {
  navigationStart: 'Nav',
  firstPaint: 'FP',
  firstContentfulPaint: 'FCP',
  largestContentfulPaint: 'LCP',
  domContentLoaded: 'DCL',
  load: 'L',
};

export interface Flag {
  readonly name: string;
  readonly text: string;
  /** Where its line stands. */
  readonly lineX: number;
  /** Left edge and width of the flag itself: beside the one before it where both would overlap. */
  readonly x: number;
  readonly width: number;
}

/** Flags from left to right. `measure` gives a text's width without padding. */
export function layOutFlags(
  { grid, milestones, measures }: Pick<Axis, 'grid' | 'milestones' | 'measures'>,
  measure: (text: string) => number,
): Flag[] {
  const flags: Flag[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const { name, time } of [...milestones].sort((one, other) => one.time - other.time)) {
    const lineX = Math.round(timeToX(grid, time));
    const text = FLAGS[name];
    if (text === undefined || lineX < 0 || lineX >= grid.columns) continue;
    const width = Math.ceil(measure(text)) + 2 * measures.padding;
    const x = Math.max(lineX, free);
    free = x + width + measures.gap;
    flags.push({ name, text, lineX, x, width });
  }
  return movedInside(flags, { columns: grid.columns, gap: measures.gap });
}

/** What would stand out at the right is moved to the left, and what is in its way with it. */
function movedInside(
  flags: readonly Flag[],
  { columns, gap }: { readonly columns: number; readonly gap: number },
): Flag[] {
  let limit = columns;
  const moved = flags.toReversed().map((flag) => {
    const x = Math.max(0, Math.min(flag.x, limit - flag.width));
    limit = x - gap;
    return { ...flag, x };
  });
  return moved.reverse();
}

/** With a vertical line at every tick: boxes lie over them. */
export const groundOf = ({ palette, measures }: Axis, ticks: readonly Tick[]): Ground => ({
  colour: palette.ground,
  upright: palette.grid,
  uprights: ticks.map(({ x }) => x),
  thickness: measures.gap,
  pixel: palette.groundPixel,
  uprightPixel: palette.gridPixel,
});

export const ticksOf = ({ grid, origin, measures }: Axis): Tick[] => layOutTicks(grid, origin, measures.tick);

/** The times beside the ticks; one that would be cut off is left out. */
export function paintTickTexts(
  target: DrawTarget,
  { palette, measures }: Axis,
  ticks: readonly Tick[],
): void {
  const baseline = Math.round(measures.ruler * 0.7);
  for (const { x, text } of ticks) {
    const left = x + measures.padding;
    // Texts stand between ticks: only the last one may have too little room.
    if (x + measures.tick > target.width && left + target.measure(text) > target.width) continue;
    target.text(palette.quietText, text, left, baseline);
  }
}

/** Ruler and flags over everything that scrolls; the flags' lines go down to the bottom. */
export function paintAxis(target: DrawTarget, axis: Axis, ticks: readonly Tick[]): void {
  const { palette, measures } = axis;
  const flags = layOutFlags(axis, (text) => target.measure(text));
  const top = measures.ruler + measures.flags;
  for (const { lineX } of flags) {
    const area = { x: lineX, y: measures.ruler, width: measures.gap, height: target.height - measures.ruler };
    target.fill(palette.quietText, area);
  }
  target.fill(palette.ground, { x: 0, y: 0, width: target.width, height: top });
  for (const { x } of ticks)
    target.fill(palette.divider, { x, y: 0, width: measures.gap, height: measures.ruler });
  paintTickTexts(target, axis, ticks);
  // A flag that had to move lies over the lines of others: none goes through its text.
  for (const { lineX } of flags)
    target.fill(palette.quietText, {
      x: lineX,
      y: measures.ruler,
      width: measures.gap,
      height: measures.flags,
    });
  for (const { x, width, text } of flags) {
    target.fill(palette.quietText, { x, y: measures.ruler, width, height: measures.flags - measures.gap });
    target.text(
      palette.ground,
      text,
      x + measures.padding,
      measures.ruler + Math.round(measures.flags * 0.72),
    );
  }
  target.fill(palette.divider, { x: 0, y: top - measures.gap, width: target.width, height: measures.gap });
}

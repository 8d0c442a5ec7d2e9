/**
 * Ticks of a time axis: round distances (1, 2 or 5 of a power of ten), counted from the axis' origin.
 * In: a grid, the origin, the least distance in pixels. Out: ticks from left to right with their text.
 */
import type { Micros } from '../base/index.ts';
import { formatTick } from './format.ts';
import { type PixelGrid, timeToX, xToTime } from './grid.ts';

export interface Tick {
  /** Whole pixels from the left edge. */
  readonly x: number;
  readonly text: string;
}

/** The smallest round step, in microseconds, that is at least `micros` long. */
export function roundStep(micros: number): number {
  const power = 10 ** Math.floor(Math.log10(micros));
  const lead = micros / power;
  const round = lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10;
  return round * power;
}

export function layOutTicks(grid: PixelGrid, origin: Micros, leastPixels: number): Tick[] {
  const step = roundStep(leastPixels / grid.scale);
  const first = Math.ceil((xToTime(grid, 0) - origin) / step);
  const last = Math.floor((xToTime(grid, grid.columns) - origin) / step);
  const ticks: Tick[] = [];
  // Counted from 0: a number of steps beyond 2 ** 53 has no next one.
  for (let tick = 0; tick <= Math.min(last - first, grid.columns); tick++) {
    const time = (first + tick) * step;
    ticks.push({ x: Math.round(timeToX(grid, origin + time)), text: formatTick(time, step) });
  }
  return ticks;
}

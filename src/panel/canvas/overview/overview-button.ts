/**
 * Where the button over the overview's window stands: on the ruler, near the window's middle, between the ticks' texts.
 * In: the ticks, the ruler's width. Out: the middle of the button; all in device pixels. Pure.
 */
import type { Tick } from '../../../flame/index.ts';
import type { Measures } from '../measures.ts';

/** CSS pixels: the button and a hair. */
const HALF = 11;
/** Of the font's height: no character of a tick's text is wider. */
const WIDEST_CHARACTER = 0.7;

export function placeButton(
  wanted: number,
  {
    ticks,
    width,
    measures,
  }: { readonly ticks: readonly Tick[]; readonly width: number; readonly measures: Measures },
): number {
  const half = HALF * measures.ratio;
  const edges = ticks.flatMap(({ x, text }) => [
    x,
    x + 2 * measures.padding + text.length * measures.font * WIDEST_CHARACTER,
  ]);
  const free = [0, ...edges, width];
  let best = Number.NaN;
  for (let at = 0; at < free.length; at += 2) {
    const from = Math.max(0, free[at]) + half;
    const to = free[at + 1] - half;
    if (to < from) continue;
    const place = Math.min(to, Math.max(from, wanted));
    if (!(Math.abs(best - wanted) <= Math.abs(place - wanted))) best = place;
  }
  // Where every gap is too narrow it stands over a text, rather than nowhere.
  return Number.isNaN(best) ? Math.min(width - half, Math.max(half, wanted)) : best;
}

/**
 * The chart's two parts: pinned tracks under the axis, which stand still (and scroll by themselves where they are too
 * high), and below them all others. In: an arrangement, how far each part is scrolled, device pixels. Out: where on the
 * canvas what stands.
 */
import type { Arrangement, RowPlace } from '../../flame/index.ts';
import type { Measures } from './measures.ts';

export interface Pane {
  readonly pinned: boolean;
  /** On the canvas. */
  readonly top: number;
  readonly bottom: number;
  /** To be added to a place's `top`. */
  readonly shift: number;
}

export interface PaneFacts {
  readonly arrangement: Arrangement;
  readonly measures: Measures;
  /** How far each part is scrolled up. */
  readonly scrollTop: number;
  readonly pinnedScrollTop: number;
  /** Of the canvas. */
  readonly height: number;
}

/** Pinned tracks take at most so much of the room under the axis. */
const MOST_PINNED = 0.6;

export const axisHeight = ({ ruler, flags }: Measures): number => ruler + flags;

/** What of the pinned tracks is seen. */
export function pinnedHeightOf({
  arrangement,
  measures,
  height,
}: Omit<PaneFacts, 'scrollTop' | 'pinnedScrollTop'>): number {
  const room = Math.max(0, height - axisHeight(measures));
  return Math.min(arrangement.pinnedHeight, Math.round(room * MOST_PINNED));
}

/** What scrolls first: what is pinned is painted over it. */
export function panesOf(facts: PaneFacts): readonly Pane[] {
  const { measures, scrollTop, pinnedScrollTop, height } = facts;
  const top = axisHeight(measures);
  const middle = top + pinnedHeightOf(facts);
  const scrolled = { pinned: false, top: middle, bottom: height, shift: middle - scrollTop };
  if (middle === top) return [scrolled];
  return [scrolled, { pinned: true, top, bottom: middle, shift: top - pinnedScrollTop }];
}

/** Where on the canvas a place begins; it may be out of sight. */
export function yOfPlace(facts: PaneFacts, { top, pinned }: RowPlace): number {
  const pane = panesOf(facts).find((each) => each.pinned === pinned);
  return top + (pane?.shift ?? 0);
}

/** The part that is seen at `y` of the canvas, and the place there; null on the axis. */
export function placeAtY(
  facts: PaneFacts,
  y: number,
): { readonly y: number; readonly pinned: boolean } | null {
  const pane = panesOf(facts).find((each) => y >= each.top && y < each.bottom);
  return pane === undefined ? null : { y: y - pane.shift, pinned: pane.pinned };
}

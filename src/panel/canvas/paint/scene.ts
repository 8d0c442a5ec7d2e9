/**
 * What one frame of a chart is painted from. Types only: painters, notes and pictures share it.
 */
import type { TimeRange } from '../../../analysis/index.ts';
import type { Arrangement, Chart, SliceMarks } from '../../../flame/index.ts';
import type { Axis } from './axis-painter.ts';
import type { DrawTarget, Picture } from './draw-target.ts';

/** Somewhere on the canvas, device pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What lies over the boxes and under the axis: notes. */
export interface ChartOverlay {
  readonly paint: (target: DrawTarget, scene: ChartScene) => void;
  /** What a click at a point does; null where nothing of it is there. */
  readonly actionAt: (point: Point) => (() => void) | null;
}

export interface PictureSource {
  /** Width by height, as far as is known: how much room one takes that is not read yet. */
  readonly aspect: number;
  /** null until it is read: who asked is painted again then. */
  readonly get: (picture: number) => Picture | 'damaged' | null;
}

export interface ChartScene extends Axis {
  readonly chart: Chart;
  readonly arrangement: Arrangement;
  /** Device pixels that the tracks, and the pinned ones, are scrolled up by. */
  readonly scrollTop: number;
  readonly pinnedScrollTop: number;
  /** Box rows, -1 for none. Of the hovered one no more than its arrows is painted. */
  readonly selected: number;
  readonly hovered: number;
  readonly measured: TimeRange | null;
  /** What a search found; everything else is dimmed. null while nothing is searched. */
  readonly matches: SceneMatches | null;
  /** Whose slices are, and which were forced; null where it is not known. */
  readonly marks: SliceMarks | null;
  /** Third parties stand back. */
  readonly dims: boolean;
  /** Of the page, by their numbers; null where there are none. */
  readonly pictures: PictureSource | null;
  /** Painted over the boxes, under the axis. */
  readonly overlay: ChartOverlay | null;
  readonly fontFamily: string;
  /** While the picture moves only so many labels are drawn; the rest when it rests. */
  readonly mostLabels: number;
}

export interface SceneMatches {
  /** Box rows, ascending. */
  readonly boxes: Int32Array;
  /** Per label row 1 where it matches. */
  readonly labels: Uint8Array;
}

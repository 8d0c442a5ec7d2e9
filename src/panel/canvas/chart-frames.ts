/**
 * Which frames of a chart are painted, and on which of its two canvases: the first picture in two tasks, then those in which
 * it moves, with what there is time for, and those at rest, whole; none where nothing is seen of a change.
 * In: a canvas, what is to be shown there, frame times. Out: pictures; whether another frame is wanted.
 */
import type { ReadonlySignal } from '@preact/signals';
import type { TimeRange } from '../../analysis/index.ts';
import type { Millis, Steps } from '../../base/index.ts';
import { sameRange } from '../../flame/index.ts';
import type { FramePainter } from './frame-scheduler.ts';
import type { CanvasSize } from './paint/canvas-size.ts';
import { CanvasTarget } from './paint/canvas-target.ts';
import { ChartPainter } from './paint/chart-painter.ts';
import { MovingCanvas } from './paint/moving-canvas.ts';
import { ReadPictures } from './paint/read-pictures.ts';
import type { ChartScene } from './paint/scene.ts';
import type { PagePictures } from './props.ts';

/** What moves from frame to frame. */
export interface Place {
  readonly range: TimeRange;
  readonly scrolled: number;
}

export interface ShownChart {
  readonly size: ReadonlySignal<CanvasSize>;
  /** Takes the step of a jump. True while there are more. */
  readonly advance: (time: Millis) => boolean;
  readonly place: () => Place;
  /** At rest: every label, nothing pointed at. */
  readonly scene: () => ChartScene;
  readonly pictures: () => PagePictures | null;
  /** Looks again at what is pointed at: the box whose arrows are to be painted, or -1. */
  readonly look: () => number;
  /** Points at nothing while it moves. True where a pointer rests on the chart. */
  readonly lookAway: () => boolean;
  /** It has a size: the first picture is about to be painted. */
  readonly onBegin: () => void;
  /** The first picture is painted. */
  readonly onWhole: () => void;
}

const isSame = (one: Place, other: Place): boolean =>
  sameRange(one.range, other.range) && one.scrolled === other.scrolled;

export class ChartFrames {
  readonly #shown: ShownChart;
  readonly #target: CanvasTarget;
  readonly #moving: MovingCanvas;
  readonly #painter = new ChartPainter();
  #isBegun = false;
  #isWhole = false;
  #firstParts: Steps<boolean> | null = null;
  #lastPlace: Place | null = null;
  /** More has changed than where the pointer is. */
  #isDirty = true;
  /** What is seen is not what is seen at rest. */
  #isUnfinished = false;
  /** What is pointed at is looked up when the motion has ended. */
  #isUnlooked = false;
  #paintedHover = -1;

  constructor(canvas: HTMLCanvasElement, shown: ShownChart) {
    this.#shown = shown;
    this.#target = new CanvasTarget(canvas);
    this.#moving = new MovingCanvas(canvas, this.#target);
  }

  close(): void {
    this.#moving.close();
  }

  /** What is shown has changed. */
  touch(): void {
    this.#isDirty = true;
  }

  readonly paint: FramePainter = (time) => {
    const shown = this.#shown;
    const size = shown.size.peek();
    if (size.width === 0 || size.height === 0) return false;
    if (!this.#isBegun) {
      this.#isBegun = true;
      shown.onBegin();
    }
    if (!this.#isWhole) return this.#paintFirst(size);
    const isJumping = shown.advance(time);
    const place = shown.place();
    const isMoving = this.#lastPlace !== null && !isSame(place, this.#lastPlace);
    this.#lastPlace = place;
    const isOpen = this.#isUnfinished || this.#isUnlooked;
    if (!isMoving && !this.#isDirty && isOpen && this.#moving.holds(time)) return true;
    // What flies by under a pointer at rest is not pointed at.
    this.#isUnlooked = isMoving && shown.lookAway();
    const hovered = isMoving ? -1 : shown.look();
    // A pointer that moves on over the same box moves its card alone.
    const isSamePicture = !isMoving && !this.#isDirty && !this.#isUnfinished;
    if (isSamePicture && hovered === this.#paintedHover) return false;
    this.#paintedHover = hovered;
    this.#isDirty = false;
    if (isMoving) this.#isUnfinished = this.#paintMoving(size, time);
    else {
      this.#isUnfinished = false;
      this.#painter.paint(this.#moving.rest(size), { ...shown.scene(), hovered });
    }
    return isJumping || this.#isUnfinished || this.#isUnlooked;
  };

  /** True where the picture at rest is another one. */
  #paintMoving(size: CanvasSize, time: Millis): boolean {
    const moving = this.#moving;
    const target = moving.move(size, time);
    const tell = moving.watch();
    const pictures = this.#shown.pictures();
    const read = pictures === null ? null : new ReadPictures(pictures);
    const scene = { ...this.#shown.scene(), mostLabels: moving.mostLabels, pictures: read };
    const isPartial = this.#painter.paint(target, scene);
    tell(isPartial);
    return isPartial || read?.isPartial === true || target !== this.#target;
  }

  /** A part at a time: all of it would hold the page's thread for longer than a frame, because nothing is compiled yet. */
  #paintFirst({ width, height }: CanvasSize): true | 'unfinished' {
    if (this.#firstParts === null || this.#isDirty) {
      this.#target.resize(width, height);
      this.#isDirty = false;
      this.#lastPlace = this.#shown.place();
      this.#firstParts = this.#painter.paintInSteps(this.#target, this.#shown.scene());
    }
    if (this.#firstParts.next().done !== true) return 'unfinished';
    this.#firstParts = null;
    this.#isWhole = true;
    this.#shown.onWhole();
    // What is pointed at, and where the viewport is on its way to.
    return true;
  }
}

/**
 * The canvases of one chart: its own, in all of the device's pixels, and over it one in CSS pixels that is seen instead
 * while the picture moves on a machine that is too slow for all of them. Strokes are given to both in the device's
 * pixels, and everything stands in the same place, so that whoever points at the picture need not know which it is.
 * In: the chart's canvas, its size, when it moves. Out: the target of a frame; which of both is seen. The second canvas is
 * made between frames, once; where CSS pixels are hardly fewer there is none.
 */
import type { Millis } from '../../../base/index.ts';
import type { CanvasSize } from './canvas-size.ts';
import { CanvasTarget } from './canvas-target.ts';
import { MotionBudget, makeAfterFrame } from './motion-budget.ts';

/** A hand that pauses for less is still moving. */
const SETTLING: Millis = 100;
const LEAST_RATIO = 1.5;

interface CoarseCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly target: CanvasTarget;
}

export class MovingCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #fine: CanvasTarget;
  readonly #budget: MotionBudget;
  readonly #stop: () => void;
  #coarse: CoarseCanvas | null = null;
  #isCoarseSeen = false;
  #movedAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(canvas: HTMLCanvasElement, fine: CanvasTarget, makeBudget = MotionBudget) {
    this.#canvas = canvas;
    this.#fine = fine;
    const { afterFrame, close } = makeAfterFrame();
    this.#stop = close;
    this.#budget = new makeBudget((learn) =>
      afterFrame(() => {
        learn();
        this.#prepare();
      }),
    );
  }

  close(): void {
    this.#stop();
    this.#coarse?.canvas.remove();
    this.#coarse = null;
  }

  /** The picture is what a motion has left, and a hand that has paused may go on. `time`: of the frame. */
  holds(time: Millis): boolean {
    return time - this.#movedAt < SETTLING;
  }

  get mostLabels(): number {
    return this.#budget.labels;
  }

  /** The target of a frame at rest. */
  rest({ width, height }: CanvasSize): CanvasTarget {
    this.#show(false);
    this.#fine.resize(width, height);
    return this.#fine;
  }

  /** The target of a frame in which the picture moves. */
  move({ width, height, ratio }: CanvasSize, time: Millis): CanvasTarget {
    if (!this.holds(time)) this.#budget.begin();
    this.#movedAt = time;
    this.#budget.allowCoarse(ratio >= LEAST_RATIO);
    const coarse = this.#budget.isCoarse ? this.#coarse : null;
    this.#show(coarse !== null);
    if (coarse === null) this.#fine.resize(width, height);
    else coarse.target.resize(width, height, ratio);
    return coarse?.target ?? this.#fine;
  }

  watch(): (isPartial: boolean) => void {
    return this.#budget.watch();
  }

  #prepare(): void {
    if (this.#coarse !== null || !this.#budget.isCoarse) return;
    const canvas = document.createElement('canvas');
    canvas.className = 'flame-chart-moving';
    canvas.style.visibility = 'hidden';
    this.#coarse = { canvas, target: new CanvasTarget(canvas) };
    this.#canvas.after(canvas);
  }

  #show(isCoarse: boolean): void {
    if (this.#isCoarseSeen === isCoarse || this.#coarse === null) return;
    this.#isCoarseSeen = isCoarse;
    // Not out of the layout, whose sizes are the charts.
    this.#coarse.canvas.style.visibility = isCoarse ? '' : 'hidden';
    this.#canvas.style.visibility = isCoarse ? 'hidden' : '';
  }
}

/**
 * How many labels a frame may draw while the picture moves: as many as the machine has time for. Labels are what a frame
 * can do without; what it costs to rasterise them only the machine knows.
 * In: after each such frame, whether labels were left out of it. Out: the number for the next.
 */
import type { Millis } from '../../../base/index.ts';

const FIRST_LABELS = 250;
const LEAST_LABELS = 60;
const MOST_LABELS = 500;
/** From the chart's painting to the end of the frame's rasterising; a screen of 60 Hz leaves 16.7. */
const LONG_FRAME: Millis = 8.5;
const SHORT_FRAME: Millis = 6.5;
/** Down at once, up by and by: what a picture wants next is not known. */
const SHRINK = 0.6;
const GROW = 1.02;

/** Runs `callback` when the frame that is being made is done with. */
export type AfterFrame = (callback: () => void) => void;

export class MotionBudget {
  labels = FIRST_LABELS;
  readonly #afterFrame: AfterFrame;
  readonly #now: () => Millis;

  constructor(afterFrame: AfterFrame, now: () => Millis = () => performance.now()) {
    this.#afterFrame = afterFrame;
    this.#now = now;
  }

  /** Call as the frame's painting begins; call the answer when the picture is painted. */
  watch(): (isPartial: boolean) => void {
    const begun = this.#now();
    return (isPartial) => {
      // Where none was left out their number decides nothing.
      if (isPartial) this.#afterFrame(() => this.#learn(this.#now() - begun));
    };
  }

  #learn(millis: Millis): void {
    if (millis > LONG_FRAME) this.labels = Math.max(LEAST_LABELS, Math.floor(this.labels * SHRINK));
    else if (millis < SHORT_FRAME) this.labels = Math.min(MOST_LABELS, Math.ceil(this.labels * GROW));
  }
}

/** A frame is one task of the page: a message that is sent while it is made comes after it. Call `close` in the end. */
export function makeAfterFrame(): { readonly afterFrame: AfterFrame; readonly close: () => void } {
  const channel = new MessageChannel();
  let waiting: (() => void) | null = null;
  channel.port1.onmessage = () => {
    const callback = waiting;
    waiting = null;
    callback?.();
  };
  return {
    afterFrame(callback) {
      waiting = callback;
      channel.port2.postMessage(null);
    },
    close: () => channel.port1.close(),
  };
}

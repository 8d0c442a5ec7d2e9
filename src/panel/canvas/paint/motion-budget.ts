/**
 * What a frame may do while the picture moves: as many labels as the machine has time for, and where it has none even for
 * the few that are always drawn, CSS pixels alone. What rasterising costs only the machine knows.
 * In: how long such frames took, whether labels were left out of them, whether there are pixels to be given up. Out: what
 * holds for the next. Within one motion pixels are given up once and not taken back; the next one begins with all of them
 * where there was time to spare.
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

/** Where more than every tenth frame is longer, the picture has too many pixels. */
const STRAINED_FRAME: Millis = 10;
/** Where hardly a frame of few pixels is longer, there is time for all of them: they cost three times as much at most. */
const EASY_FRAME: Millis = 3;
const STRAINED = 5;
const RELIEF = 0.1;

/** Runs `callback` when the frame that is being made is done with. */
export type AfterFrame = (callback: () => void) => void;

export class MotionBudget {
  /** The picture that moves has CSS pixels alone. */
  isCoarse = false;
  #mayBeCoarse = true;
  #strain = 0;
  #labels = FIRST_LABELS;
  readonly #afterFrame: AfterFrame;
  readonly #now: () => Millis;

  constructor(afterFrame: AfterFrame, now: () => Millis = () => performance.now()) {
    this.#afterFrame = afterFrame;
    this.#now = now;
  }

  get labels(): number {
    return this.#labels;
  }

  /** Call before the first frame of a motion. */
  begin(): void {
    if (this.isCoarse && this.#strain === 0) this.#turn(false);
  }

  /** Whether CSS pixels are so much fewer than the device's that giving those up is worth it. */
  allowCoarse(mayBeCoarse: boolean): void {
    this.#mayBeCoarse = mayBeCoarse;
    if (this.isCoarse && !mayBeCoarse) this.#turn(false);
  }

  /** Call as the frame's painting begins; call the answer when the picture is painted. */
  watch(): (isPartial: boolean) => void {
    const begun = this.#now();
    return (isPartial) => this.#afterFrame(() => this.#learn(this.#now() - begun, isPartial));
  }

  #learn(millis: Millis, isPartial: boolean): void {
    const isLong = millis > (this.isCoarse ? EASY_FRAME : STRAINED_FRAME);
    this.#strain = Math.min(STRAINED, Math.max(0, this.#strain + (isLong ? 1 : -RELIEF)));
    if (!this.isCoarse && this.#mayBeCoarse && this.#strain === STRAINED) {
      this.#turn(true);
      return;
    }
    // Where no label was left out their number decides nothing.
    if (!isPartial) return;
    if (millis > LONG_FRAME) this.#labels = Math.max(LEAST_LABELS, Math.floor(this.#labels * SHRINK));
    else if (millis < SHORT_FRAME) this.#labels = Math.min(MOST_LABELS, Math.ceil(this.#labels * GROW));
  }

  #turn(isCoarse: boolean): void {
    this.isCoarse = isCoarse;
    this.#strain = isCoarse ? STRAINED : 0;
    this.#labels = FIRST_LABELS;
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

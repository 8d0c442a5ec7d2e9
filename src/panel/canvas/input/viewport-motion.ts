/**
 * Jumps of the viewport (fit, show all, go to a selection): eased over 150 ms, at once where the user asks for reduced
 * motion. What the user does himself (zoom, pan) sets the viewport directly and ends a jump.
 * In: targets and frame times. Out: values of the viewport signal.
 */
import type { Signal } from '@preact/signals';
import type { TimeRange } from '../../../analysis/index.ts';
import { easeViewport, sameRange } from '../../../flame/index.ts';

const JUMP_MILLIS = 150;

interface Jump {
  readonly from: TimeRange;
  readonly to: TimeRange;
  /** Frame time of its first step; null before that. */
  startedAt: number | null;
  /** What the last step set: anything else there means that somebody else moved. */
  last: TimeRange;
}

export class ViewportMotion {
  readonly #wantsCalm: () => boolean;
  #jump: Jump | null = null;

  constructor(wantsCalm: () => boolean = () => matchMedia('(prefers-reduced-motion: reduce)').matches) {
    this.#wantsCalm = wantsCalm;
  }

  /** Where the viewport is going, or is. */
  goalOf(viewport: Signal<TimeRange>): TimeRange {
    return this.#jump?.to ?? viewport.peek();
  }

  /** Starts a jump; the frames that follow call `advance`. */
  jump(viewport: Signal<TimeRange>, to: TimeRange): void {
    const from = viewport.peek();
    this.#jump = null;
    if (sameRange(from, to)) return;
    if (this.#wantsCalm()) viewport.value = to;
    else this.#jump = { from, to, startedAt: null, last: from };
  }

  /** Takes the step of the frame at `time`. True while there are more. */
  advance(viewport: Signal<TimeRange>, time: number): boolean {
    const jump = this.#jump;
    if (jump === null) return false;
    if (!sameRange(viewport.peek(), jump.last)) {
      this.#jump = null;
      return false;
    }
    jump.startedAt ??= time;
    const share = Math.min(1, (time - jump.startedAt) / JUMP_MILLIS);
    jump.last = easeViewport(jump.from, jump.to, share);
    if (share >= 1) this.#jump = null;
    viewport.value = jump.last;
    return share < 1;
  }
}

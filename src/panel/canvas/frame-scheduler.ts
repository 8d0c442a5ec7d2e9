/**
 * One frame for all canvases of a page. In: painters, and calls of `invalidate` when what they show has changed.
 * Out: each painter at most once per frame, only where something changed. Says when nothing is left to paint:
 * `idle` is a signal, and tests wait for it instead of sleeping.
 */
import { type ReadonlySignal, signal } from '@preact/signals';

/** Paints one canvas. `time` is the frame's own (performance.now() clock). Returns true to be called next frame, too. */
export type FramePainter = (time: number) => boolean;

export interface FrameScheduler {
  /** Registers a painter and paints it in the next frame. Call the answer to take it out again. */
  add(painter: FramePainter): () => void;
  /** Paints `painter` in the next frame. */
  invalidate(painter: FramePainter): void;
  /** True while nothing waits to be painted. */
  readonly idle: ReadonlySignal<boolean>;
}

/** What asks for a frame: `requestAnimationFrame`, or a test's own. */
export type RequestFrame = (callback: (time: number) => void) => number;

export function createFrameScheduler(
  requestFrame: RequestFrame = (callback) => requestAnimationFrame(callback),
): FrameScheduler {
  const painters = new Set<FramePainter>();
  const waiting = new Set<FramePainter>();
  const idle = signal(true);
  let asked = false;

  const ask = (): void => {
    idle.value = false;
    if (asked) return;
    asked = true;
    requestFrame(runFrame);
  };
  const runFrame = (time: number): void => {
    asked = false;
    const due = [...waiting];
    waiting.clear();
    for (const painter of due) {
      if (painters.has(painter) && painter(time)) waiting.add(painter);
    }
    if (waiting.size > 0) ask();
    else idle.value = true;
  };
  const invalidate = (painter: FramePainter): void => {
    waiting.add(painter);
    ask();
  };
  return {
    add(painter) {
      painters.add(painter);
      invalidate(painter);
      return () => {
        painters.delete(painter);
        waiting.delete(painter);
      };
    },
    invalidate,
    idle,
  };
}

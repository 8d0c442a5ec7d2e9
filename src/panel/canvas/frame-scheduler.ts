/**
 * One frame for all canvases of a page. In: painters, and calls of `invalidate` when what they show has changed.
 * Out: each painter at most once per frame, only where something changed; the first time, and where its owner says so, in tasks of
 * its own before the frame; those for which a frame has no time left come first in the next. Says when nothing is left to paint: `idle` is a signal, and tests wait for it instead of sleeping.
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import { type Millis, nextTurn } from '../../base/index.ts';

/**
 * Paints one canvas. `time` is the frame's own (performance.now() clock). Returns true to be called next frame, too;
 * `unfinished` where the picture is not whole yet: it goes on in another task, before the next frame.
 */
export type FramePainter = (time: number) => boolean | 'unfinished';

export interface FrameScheduler {
  /** Registers a painter and paints it in a task of its own, for the next frame to show. Call the answer to take it out again. */
  add(painter: FramePainter): () => void;
  /** Paints `painter` in the next frame. */
  invalidate(painter: FramePainter): void;
  /** Paints `painter` in a task of its own, for the next frame to show: where a frame would be long with it. */
  paintApart(painter: FramePainter): void;
  /** True while nothing waits to be painted. */
  readonly idle: ReadonlySignal<boolean>;
}

/** What asks for a frame: `requestAnimationFrame`, or a test's own. */
export type RequestFrame = (callback: (time: number) => void) => number;

/** Painters that took so long together leave the rest to the next frame: all of a frame is one task of the page. */
const FRAME_MILLIS: Millis = 8;

export function createFrameScheduler(
  requestFrame: RequestFrame = (callback) => requestAnimationFrame(callback),
  now: () => Millis = () => performance.now(),
): FrameScheduler {
  const painters = new Set<FramePainter>();
  const waiting = new Set<FramePainter>();
  /** Those that have a task of their own to come. */
  const apart = new Set<FramePainter>();
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
    const begun = now();
    const due = [...waiting];
    waiting.clear();
    const left: FramePainter[] = [];
    const again: FramePainter[] = [];
    for (const painter of due) {
      if (!painters.has(painter)) continue;
      if (now() - begun > FRAME_MILLIS) {
        left.push(painter);
        continue;
      }
      const answer = painter(time);
      if (answer === 'unfinished') paintApart(painter);
      else if (answer) again.push(painter);
    }
    // What had no time comes first, then what was invalidated meanwhile.
    const next = [...left, ...waiting, ...again];
    waiting.clear();
    for (const painter of next) waiting.add(painter);
    if (waiting.size > 0) ask();
    else idle.value = apart.size === 0;
  };
  const invalidate = (painter: FramePainter): void => {
    if (apart.has(painter)) return;
    waiting.add(painter);
    ask();
  };
  const paintApart = (painter: FramePainter): void => {
    if (!painters.has(painter) || apart.has(painter)) return;
    apart.add(painter);
    // Invalidated before, it would be painted in a frame already asked for.
    waiting.delete(painter);
    idle.value = false;
    void nextTurn().then(() => paintNow(painter));
  };
  const paintNow = (painter: FramePainter): void => {
    if (!apart.delete(painter)) return;
    const answer = painter(now());
    if (answer === 'unfinished') paintApart(painter);
    else {
      if (answer) waiting.add(painter);
      ask();
    }
  };
  return {
    add(painter) {
      painters.add(painter);
      // The first picture is a task of its own: a frame lays out and paints the page that has come with it.
      paintApart(painter);
      return () => {
        painters.delete(painter);
        if (apart.delete(painter)) ask();
        waiting.delete(painter);
      };
    },
    invalidate,
    paintApart,
    idle,
  };
}

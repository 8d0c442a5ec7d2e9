/**
 * A canvas' size in whole device pixels, as it changes by layout, zoom of the page and moves between screens.
 * In: an element. Out: a signal.
 */
import { type Signal, signal } from '@preact/signals';

export interface CanvasSize {
  /** Device pixels; 0 before the first layout. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

export const makeCanvasSize = (): Signal<CanvasSize> => signal({ width: 0, height: 0, ratio: 1 });

/** Writes the size of `canvas` into `size` whenever it changes. Call the answer to stop. */
export function observeCanvasSize(canvas: HTMLCanvasElement, size: Signal<CanvasSize>): () => void {
  const observer = new ResizeObserver((entries) => {
    const box = entries.at(-1)?.devicePixelContentBoxSize[0];
    if (box !== undefined) {
      size.value = { width: box.inlineSize, height: box.blockSize, ratio: devicePixelRatio };
    }
  });
  // The box in device pixels changes with the pixel ratio, too: no second listener is needed.
  observer.observe(canvas, { box: 'device-pixel-content-box' });
  return () => observer.disconnect();
}

/**
 * A canvas' size in whole device pixels, as it changes by layout, zoom of the page and moves between screens; and how large the
 * browser makes the text around it, which a canvas by itself knows nothing of.
 * In: an element whose style asks for text of the usual size. Out: a signal.
 */
import { type Signal, signal } from '@preact/signals';
import { USUAL_FONT } from '../measures.ts';

export interface CanvasSize {
  /** Device pixels; 0 before the first layout. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  /** 1 at the usual size of text; more where the browser's settings make it larger. */
  readonly textGrowth: number;
}

export const makeCanvasSize = (): Signal<CanvasSize> =>
  signal({ width: 0, height: 0, ratio: 1, textGrowth: 1 });

/** Writes the size of `canvas` into `size` whenever it changes. Call the answer to stop. */
export function observeCanvasSize(canvas: HTMLCanvasElement, size: Signal<CanvasSize>): () => void {
  const take = (next: CanvasSize): void => {
    const { width, height, ratio, textGrowth } = size.peek();
    const isSame = next.width === width && next.height === height && next.ratio === ratio;
    if (!isSame || next.textGrowth !== textGrowth) size.value = next;
  };
  const growth = (): number => Math.max(1, Number.parseFloat(getComputedStyle(canvas).fontSize) / USUAL_FONT);
  const takeLayout = (): void => {
    const { width, height } = canvas.getBoundingClientRect();
    const ratio = devicePixelRatio;
    const [columns, lines] = [Math.round(width * ratio), Math.round(height * ratio)];
    take({ width: columns, height: lines, ratio, textGrowth: growth() });
  };
  // The observer tells after the next frame's painters have run: by what is laid out now they can paint a frame earlier.
  takeLayout();
  const observer = new ResizeObserver((entries) => {
    const entry = entries.at(-1);
    const css = entry?.contentBoxSize[0];
    const exact = entry?.devicePixelContentBoxSize[0];
    if (css === undefined || exact === undefined) return;
    const ratio = devicePixelRatio;
    take({
      width: devicePixels(css.inlineSize * ratio, exact.inlineSize),
      height: devicePixels(css.blockSize * ratio, exact.blockSize),
      ratio,
      textGrowth: growth(),
    });
  });
  observer.observe(canvas, { box: 'device-pixel-content-box' });
  return () => observer.disconnect();
}

/**
 * The exact size differs from the reckoned one by how layout rounds, at most a pixel. DevTools' device emulation sets
 * a ratio of which the exact size knows nothing: there the reckoned one holds.
 */
function devicePixels(reckoned: number, exact: number): number {
  return Math.abs(reckoned - exact) <= 1 ? exact : Math.round(reckoned);
}

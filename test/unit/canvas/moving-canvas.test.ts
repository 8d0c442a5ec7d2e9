/** Which of a chart's two canvases is painted and seen: on a machine that is too slow for all pixels, and on one that is not. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nextTurn } from '../../../src/base/index.ts';
import { CanvasTarget } from '../../../src/panel/canvas/paint/canvas-target.ts';
import { type AfterFrame, MotionBudget } from '../../../src/panel/canvas/paint/motion-budget.ts';
import { MovingCanvas } from '../../../src/panel/canvas/paint/moving-canvas.ts';

class StandInCanvas {
  width = 0;
  height = 0;
  className = '';
  isRemoved = false;
  readonly style = { visibility: '' };
  readonly followers: StandInCanvas[] = [];
  getContext() {
    return { putImageData: () => undefined, setTransform: () => undefined };
  }
  after(other: StandInCanvas): void {
    this.followers.push(other);
  }
  remove(): void {
    this.isRemoved = true;
  }
}

let moving: MovingCanvas | null = null;
afterEach(() => moving?.close());

beforeEach(() => {
  vi.stubGlobal('OffscreenCanvas', StandInCanvas);
  vi.stubGlobal(
    'ImageData',
    class {
      readonly data = new Uint8ClampedArray(4);
    },
  );
  vi.stubGlobal('document', { createElement: () => new StandInCanvas() });
});

/** `millis`: what a frame costs with so many pixels. */
function makeCanvases(ratio: number, millis: (pixels: number) => number) {
  let clock = 0;
  let time = 0;
  const canvas = new StandInCanvas();
  const fine = new CanvasTarget(canvas as unknown as HTMLCanvasElement);
  const made = new MovingCanvas(
    canvas as unknown as HTMLCanvasElement,
    fine,
    class extends MotionBudget {
      constructor(afterFrame: AfterFrame) {
        super(afterFrame, () => clock);
      }
    },
  );
  moving = made;
  const size = { width: 800 * ratio, height: 300 * ratio, ratio, textGrowth: 1 };
  /** Moves for some frames; the last one's target. */
  const move = async (frames: number): Promise<CanvasTarget> => {
    let target = fine;
    for (let frame = 0; frame < frames; frame++) {
      time += 16;
      target = made.move(size, time);
      const tell = made.watch();
      clock += millis(target.columns * (target.columns / target.width) * target.height);
      tell(false);
      await nextTurn();
      await nextTurn();
    }
    return target;
  };
  const pause = (millisOfRest: number): void => {
    time += millisOfRest;
  };
  const seen = (): string[] =>
    [canvas, ...canvas.followers].flatMap(({ style, className }) =>
      style.visibility === '' ? [className === '' ? 'fine' : className] : [],
    );
  return { canvas, fine, made, size, move, pause, seen, at: () => time };
}

const SLOW = (pixels: number): number => pixels / 60_000;
const QUICK = (pixels: number): number => pixels / 600_000;

test('a quick machine has one canvas, of all pixels', async () => {
  const { canvas, fine, move, seen } = makeCanvases(2, QUICK);
  expect(await move(40)).toBe(fine);
  expect([canvas.width, canvas.height]).toEqual([1_600, 600]);
  expect(canvas.followers).toEqual([]);
  expect(seen()).toEqual(['fine']);
});

test('on a slow one the picture moves in CSS pixels, strokes are still given in the device’s, and it rests sharp', async () => {
  const { canvas, fine, made, size, move, seen, at } = makeCanvases(2, SLOW);
  const target = await move(20);
  expect(target).not.toBe(fine);
  expect([target.width, target.height, target.columns]).toEqual([1_600, 600, 800]);
  expect(canvas.followers).toMatchObject([{ width: 800, height: 300 }]);
  expect(seen()).toEqual(['flame-chart-moving']);
  // The one that rests keeps its pixels meanwhile.
  expect([canvas.width, canvas.height]).toEqual([1_600, 600]);
  expect(made.holds(at() + 60)).toBe(true);
  expect(made.holds(at() + 120)).toBe(false);
  expect(made.rest(size)).toBe(fine);
  expect(seen()).toEqual(['fine']);
});

test('a motion that goes on, and the next one, are in CSS pixels from their first frame on', async () => {
  const { fine, move, pause, made, size } = makeCanvases(2, SLOW);
  await move(20);
  pause(60);
  expect(await move(1)).not.toBe(fine);
  pause(5_000);
  made.rest(size);
  expect(await move(1)).not.toBe(fine);
});

test('where a CSS pixel is one of the device there is nothing to be given up', async () => {
  const { canvas, fine, move } = makeCanvases(1, () => 30);
  expect(await move(40)).toBe(fine);
  expect(canvas.followers).toEqual([]);
});

test('moved to a screen of another ratio, the picture is whole at once', async () => {
  const { fine, made, size, move, seen, at } = makeCanvases(2, SLOW);
  await move(20);
  expect(made.move({ ...size, width: 800, height: 300, ratio: 1 }, at() + 16)).toBe(fine);
  expect(fine.width).toBe(800);
  expect(seen()).toEqual(['fine']);
});

test('a chart that goes takes its second canvas with it', async () => {
  const { canvas, made, move } = makeCanvases(2, SLOW);
  await move(20);
  made.close();
  expect(canvas.followers).toMatchObject([{ isRemoved: true }]);
});

/** Lines on their ground: a canvas that counts how often each of its pixels was painted, and with what. */
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { CanvasTarget } from '../../../src/panel/canvas/paint/canvas-target.ts';
import type { Ground, LineBand } from '../../../src/panel/canvas/paint/draw-target.ts';

const WIDTH = 40;
const HEIGHT = 60;
const GROUND: Ground = {
  ...{ colour: 'ground', upright: 'upright', uprights: [7, 20], thickness: 2, pixel: 11, uprightPixel: 22 },
};
const PIXELS: Readonly<Record<string, number>> = { ground: 11, upright: 22 };

/** Of the ground's two colours, or of a run as `cssOfPixel` writes it. */
const pixelOf = (css: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(css.slice(at, at + 2), 16));
  return PIXELS[css] ?? (blue << 16) | (green << 8) | red;
};

/** Of `fillRect`, `putImageData` and `drawImage` what the target needs; a strip's pixels are numbers. */
class StandInCanvas {
  width: number;
  height: number;
  readonly times: number[] = [];
  readonly pixels: number[] = [];
  stretched = 0;
  #image: { readonly data: Uint8ClampedArray; readonly width: number } | null = null;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  pixelAt(x: number, y: number): number {
    const { data, width } = this.#image ?? { data: new Uint8ClampedArray(), width: 0 };
    return new Uint32Array(data.buffer)[y * width + x];
  }

  #put(x: number, y: number, pixel: number, isUpright: boolean): void {
    if (x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT) return;
    const at = y * WIDTH + x;
    this.pixels[at] = pixel;
    if (!isUpright) this.times[at] = (this.times[at] ?? 0) + 1;
  }

  getContext() {
    const context = {
      fillStyle: '',
      fillRect: (x: number, y: number, width: number, height: number): void => {
        expect(width).toBeGreaterThan(0);
        expect(height).toBeGreaterThan(0);
        const { fillStyle } = context;
        for (let row = y; row < y + height; row++)
          for (let column = x; column < x + width; column++)
            this.#put(column, row, pixelOf(fillStyle), fillStyle === 'upright');
      },
      putImageData: (image: { data: Uint8ClampedArray; width: number }): void => {
        this.#image = image;
      },
      drawImage: (strip: StandInCanvas, ...[fromX, line, span, , x, y, , height]: number[]): void => {
        this.stretched++;
        for (let row = y; row < y + height; row++)
          for (let at = 0; at < span; at++) this.#put(x + at, row, strip.pixelAt(fromX + at, line), false);
      },
    };
    return context;
  }
}

beforeEach(() => {
  vi.stubGlobal('OffscreenCanvas', StandInCanvas);
  vi.stubGlobal(
    'ImageData',
    class {
      readonly data: Uint8ClampedArray;
      readonly width: number;
      readonly height: number;
      constructor(width: number, height: number) {
        this.width = width;
        this.height = height;
        this.data = new Uint8ClampedArray(width * height * 4);
      }
    },
  );
});

/** Gaps before each line, its height, and the columns that something is written to. */
const someLines = fc.array(
  fc.record({
    gap: fc.integer({ min: 0, max: 5 }),
    // So high that runs are wide enough to be filled; what does not fit is cut off.
    height: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(400)),
    columns: fc.uniqueArray(fc.integer({ min: 0, max: WIDTH - 1 }), { maxLength: 12 }),
  }),
  { maxLength: 8 },
);

test('every pixel is painted once, with what was written there or with the ground', () => {
  fc.assert(
    fc.property(someLines, fc.integer({ min: 0, max: 9 }), (lines, scrolled) => {
      const canvas = new StandInCanvas(WIDTH, HEIGHT);
      const target = new CanvasTarget(canvas as unknown as HTMLCanvasElement);
      const pixels = target.takeLines(lines.length, GROUND);
      const top = 5;
      const expected = new Map<number, number>();
      let y = top - scrolled;
      const bands = lines.map(({ gap, height, columns }, line): LineBand => {
        y += gap;
        for (const column of columns) {
          pixels[line * WIDTH + column] = 99;
          for (let row = y; row < y + height; row++) expected.set(row * WIDTH + column, 99);
        }
        const band = { line, y, height };
        y += height;
        return band;
      });
      target.showBands(bands, GROUND, { top, bottom: HEIGHT });
      const places = Array.from({ length: (HEIGHT - top) * WIDTH }, (_, at) => top * WIDTH + at);
      const groundAt = (at: number): number => ([7, 8, 20, 21].includes(at % WIDTH) ? 22 : 11);
      expect(places.filter((at) => canvas.times[at] !== 1)).toEqual([]);
      expect(places.map((at) => canvas.pixels[at])).toEqual(
        places.map((at) => expected.get(at) ?? groundAt(at)),
      );
    }),
  );
});

test('wide runs are filled, and only what lies between is stretched', () => {
  const canvas = new StandInCanvas(WIDTH, HEIGHT);
  const target = new CanvasTarget(canvas as unknown as HTMLCanvasElement);
  const show = (paint: (pixels: Uint32Array) => void): number => {
    paint(target.takeLines(1, GROUND));
    target.showBands([{ line: 0, y: 0, height: 400 }], GROUND, { top: 0, bottom: HEIGHT });
    const { stretched } = canvas;
    canvas.stretched = 0;
    return stretched;
  };
  expect(show((pixels) => pixels.fill(99, 0, WIDTH))).toBe(0);
  expect(show((pixels) => pixels.fill(99, 2, 30))).toBe(0);
  // Every other pixel, then a wide run.
  expect(
    show((pixels) => {
      for (let x = 0; x < 12; x += 2) pixels[x] = 99;
      pixels.fill(88, 14, 38);
    }),
  ).toBe(1);
});

test('a canvas of half the pixels shows every line in its place, and leaves no pixel out', () => {
  fc.assert(
    fc.property(someLines, fc.integer({ min: 0, max: 9 }), (lines, scrolled) => {
      const canvas = new StandInCanvas(1, 1);
      const target = new CanvasTarget(canvas as unknown as HTMLCanvasElement);
      target.resize(2 * WIDTH, 2 * HEIGHT, 2);
      expect([canvas.width, canvas.height, target.columns]).toEqual([WIDTH, HEIGHT, WIDTH]);
      const pixels = target.takeLines(lines.length, GROUND);
      const top = 10;
      let y = top - scrolled;
      const bands = lines.map(({ gap, height, columns }, line): LineBand => {
        y += gap;
        for (const column of columns) pixels[line * target.width + column] = 99;
        const band = { line, y, height };
        y += height;
        return band;
      });
      target.showBands(bands, GROUND, { top, bottom: 2 * HEIGHT });
      const places = Array.from({ length: (HEIGHT - 5) * WIDTH }, (_, at) => 5 * WIDTH + at);
      expect(places.filter((at) => canvas.times[at] === undefined)).toEqual([]);
      for (const { line, y, height } of bands) {
        const middle = Math.floor((y + height / 2) / 2);
        if (height < 4 || middle < 5 || middle >= HEIGHT) continue;
        for (const column of lines[line].columns) expect(canvas.pixels[middle * WIDTH + column]).toBe(99);
      }
    }),
  );
});

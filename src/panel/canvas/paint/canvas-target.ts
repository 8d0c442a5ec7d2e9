/**
 * The draw target of the screen: a 2D canvas, in whole device pixels. The canvas itself may have fewer than are drawn on:
 * what is drawn covers whole pixels of it, too.
 * In: strokes; lines of pixels. Out: the canvas. Without a graphics card most of a frame's time is Chromium's, by the
 * pixels that it puts there: each is put once, runs of one colour as rectangles where they are wide enough (a fifth of
 * the time of stretching a line over them), and as stretched lines where they are not.
 */
import {
  type Area,
  type Corner,
  cssOfPixel,
  type DrawTarget,
  type Ground,
  type LineBand,
  type LinePart,
  type Picture,
  type Span,
} from './draw-target.ts';
import { PixelScale } from './pixel-scale.ts';

/**
 * Device pixels, measured in Chromium without a graphics card: a rectangle of one colour costs as much as stretching a
 * line over so many more; a run that covers more than twice of it is worth to part a line for.
 */
const RUN_AREA = 2_000;
const WIDE_AREA = 2 * RUN_AREA;
/** What a stretched line costs by itself, in rectangles. */
const STRETCHED_RUNS = 2;

/** Columns of a line in which there is something. */
interface Extent {
  readonly from: number;
  readonly to: number;
}

export class CanvasTarget implements DrawTarget {
  readonly #context: CanvasRenderingContext2D;
  readonly #canvas: HTMLCanvasElement;
  readonly #strip = new Strip();
  #colour = '';
  #font = '';
  #width: number;
  #height: number;
  #coarseness = 1;
  #across = new PixelScale(1, 1);
  #down = new PixelScale(1, 1);
  /** The canvas squeezes what is drawn by itself: shapes and texts. */
  #isSqueezing = false;
  /** A line in which nothing is written. */
  #blank = new Uint32Array(0);
  /** CSS by pixel: there are as many as the theme has colours. */
  readonly #css = new Map<number, string>();

  constructor(canvas: HTMLCanvasElement) {
    // Not `alpha: false`, though nothing shines through: Chromium's software compositor takes twice as long over such a
    // canvas (docs/benchmarks.md).
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('Pageflame bug: this canvas draws something else');
    this.#canvas = canvas;
    this.#context = context;
    this.#width = canvas.width;
    this.#height = canvas.height;
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  get columns(): number {
    return this.#canvas.width;
  }

  /**
   * Sets the size that is drawn on; the canvas has one pixel for `coarseness` of them, each way. Forgets what was drawn
   * where it changes.
   */
  resize(width: number, height: number, coarseness = 1): void {
    if (this.#width === width && this.#height === height && this.#coarseness === coarseness) return;
    const [columns, lines] = [Math.ceil(width / coarseness), Math.ceil(height / coarseness)];
    this.#squeeze(false);
    this.#width = width;
    this.#height = height;
    this.#coarseness = coarseness;
    this.#across = new PixelScale(width, columns);
    this.#down = new PixelScale(height, lines);
    if (this.#canvas.width === columns && this.#canvas.height === lines) return;
    this.#canvas.width = columns;
    this.#canvas.height = lines;
    this.#colour = '';
    this.#font = '';
    this.#isSqueezing = false;
  }

  fill(colour: string, { x, y, width, height }: Area): void {
    this.#setColour(colour);
    this.#fillPixels(x, y, width, height);
  }

  outline(colour: string, { x, y, width, height }: Area, thickness: number): void {
    this.#setColour(colour);
    this.#fillPixels(x, y, width, thickness);
    this.#fillPixels(x, y + height - thickness, width, thickness);
    this.#fillPixels(x, y + thickness, thickness, height - 2 * thickness);
    this.#fillPixels(x + width - thickness, y + thickness, thickness, height - 2 * thickness);
  }

  #fillPixels(x: number, y: number, width: number, height: number): void {
    this.#squeeze(false);
    const [across, down] = [this.#across, this.#down];
    this.#context.fillRect(across.at(x), down.at(y), across.long(x, width), down.long(y, height));
  }

  #squeeze(isSqueezing: boolean): void {
    if (this.#isSqueezing === isSqueezing || (this.#across.share === 1 && this.#down.share === 1)) return;
    this.#isSqueezing = isSqueezing;
    if (isSqueezing) this.#context.setTransform(this.#across.share, 0, 0, this.#down.share, 0, 0);
    else this.#context.setTransform(1, 0, 0, 1, 0, 0);
  }

  corners(colour: string, places: readonly Corner[], size: number): void {
    this.#setColour(colour);
    this.#squeeze(true);
    this.#context.beginPath();
    for (const { x, y } of places) {
      this.#context.moveTo(x - size, y);
      this.#context.lineTo(x, y);
      this.#context.lineTo(x, y + size);
    }
    this.#context.fill();
  }

  diamonds(colour: string, places: readonly Corner[], reach: number): void {
    const half = reach + 0.5;
    this.#setColour(colour);
    this.#squeeze(true);
    this.#context.beginPath();
    for (const { x, y } of places) {
      this.#context.moveTo(x + 0.5 - half, y + 0.5);
      this.#context.lineTo(x + 0.5, y + 0.5 - half);
      this.#context.lineTo(x + 0.5 + half, y + 0.5);
      this.#context.lineTo(x + 0.5, y + 0.5 + half);
    }
    this.#context.fill();
  }

  takeLines(count: number, ground?: Ground): Uint32Array {
    const width = this.#width;
    const pixels = this.#strip.take(width, count);
    if (ground === undefined) pixels.fill(0, 0, width * count);
    else {
      this.#makeBlank(ground, this.columns);
      for (let line = 0; line < count; line++) pixels.set(this.#blank, line * width);
    }
    return pixels;
  }

  #makeBlank({ pixel, uprightPixel, uprights, thickness }: Ground, width: number): void {
    if (this.#blank.length !== width) this.#blank = new Uint32Array(width);
    this.#blank.fill(pixel);
    for (const upright of uprights) {
      const x = this.#across.at(upright);
      const end = x + this.#across.long(upright, thickness);
      this.#blank.fill(uprightPixel, Math.max(0, x), Math.max(0, end));
    }
  }

  keepLines(count: number): void {
    this.#strip.keep(count);
    this.#context.imageSmoothingEnabled = false;
  }

  showLine(line: number, y: number, height: number): void {
    const area = { x: 0, y, width: this.#width, height };
    this.showPart({ line, lines: 1, columns: this.columns }, area);
  }

  showPart({ line, lines, columns }: LinePart, { x, y, width, height }: Area): void {
    this.#squeeze(false);
    const [left, wide] = [this.#across.at(x), this.#across.long(x, width)];
    const [top, tall] = [this.#down.at(y), this.#down.long(y, height)];
    this.#context.drawImage(this.#strip.canvas, 0, line, columns, lines, left, top, wide, tall);
  }

  showBands(bands: readonly LineBand[], ground: Ground, span: Span): void {
    const full = bands.flatMap((band) => {
      const extent = this.#extentOf(band.line);
      if (extent === null) return [];
      const { line, y, height } = band;
      return [{ line, y: this.#down.at(y), height: this.#down.long(y, height), ...extent }];
    });
    this.keepLines(bands.reduce((most, { line }) => Math.max(most, line + 1), 0));
    this.#squeeze(false);
    this.#showGround(full, ground, { top: this.#down.at(span.top), bottom: this.#down.at(span.bottom) });
    for (const band of full) this.#showRuns(band);
  }

  /** null where nothing was written. */
  #extentOf(line: number): Extent | null {
    const width = this.columns;
    const { pixels } = this.#strip;
    const first = line * this.#width;
    let from = 0;
    while (from < width && pixels[first + from] === this.#blank[from]) from++;
    if (from === width) return null;
    let to = width;
    while (pixels[first + to - 1] === this.#blank[to - 1]) to--;
    return { from, to };
  }

  /** In the canvas' own pixels from here on. */
  #showGround(full: readonly (LineBand & Extent)[], ground: Ground, { top, bottom }: Span): void {
    const width = this.columns;
    this.#setColour(ground.colour);
    let free = top;
    for (const { y, height, from, to } of full) {
      const begin = Math.max(y, top);
      const end = Math.min(y + height, bottom);
      // Of a row that is scrolled nearly out of sight only the gap may be left.
      if (end <= begin) continue;
      if (begin > free) this.#context.fillRect(0, free, width, begin - free);
      if (from > 0) this.#context.fillRect(0, begin, from, end - begin);
      if (to < width) this.#context.fillRect(to, begin, width - to, end - begin);
      free = end;
    }
    if (bottom > free) this.#context.fillRect(0, free, width, bottom - free);
    this.#setColour(ground.upright);
    for (const upright of ground.uprights) {
      const thick = this.#across.long(upright, ground.thickness);
      this.#context.fillRect(this.#across.at(upright), top, thick, bottom - top);
    }
  }

  /** From left to right; what waits to be shown together with what follows lies from `waiting` on. */
  #showRuns(band: LineBand & Extent): void {
    const { from, to, line, height } = band;
    const { pixels } = this.#strip;
    const first = line * this.#width;
    let waiting = from;
    let runs = 0;
    for (let run = from; run < to; ) {
      const end = this.#endOfRun(first, run, to);
      if ((end - run) * height < WIDE_AREA) runs++;
      else {
        this.#showWaiting(band, { from: waiting, to: run }, runs);
        this.#fillRun(pixels[first + run], run, end, band);
        waiting = end;
        runs = 0;
      }
      run = end;
    }
    this.#showWaiting(band, { from: waiting, to }, runs);
  }

  #showWaiting(band: LineBand, { from, to }: Extent, runs: number): void {
    const { line, y, height } = band;
    if (runs === 0) return;
    if (runs > STRETCHED_RUNS + ((to - from) * height) / RUN_AREA) {
      this.#context.drawImage(this.#strip.canvas, from, line, to - from, 1, from, y, to - from, height);
      return;
    }
    const { pixels } = this.#strip;
    const first = line * this.#width;
    for (let run = from; run < to; ) {
      const end = this.#endOfRun(first, run, to);
      this.#fillRun(pixels[first + run], run, end, band);
      run = end;
    }
  }

  #endOfRun(first: number, from: number, to: number): number {
    const { pixels } = this.#strip;
    const colour = pixels[first + from];
    let end = from + 1;
    while (end < to && pixels[first + end] === colour) end++;
    return end;
  }

  #fillRun(pixel: number, from: number, to: number, { y, height }: LineBand): void {
    let css = this.#css.get(pixel);
    if (css === undefined) {
      css = cssOfPixel(pixel);
      this.#css.set(pixel, css);
    }
    this.#setColour(css);
    this.#context.fillRect(from, y, to - from, height);
  }

  picture({ image }: Picture, { x, y, width, height }: Area): void {
    if (image === null) return;
    this.#squeeze(false);
    this.#context.imageSmoothingEnabled = true;
    const [wide, tall] = [this.#across.long(x, width), this.#down.long(y, height)];
    this.#context.drawImage(image, this.#across.at(x), this.#down.at(y), wide, tall);
    this.#context.imageSmoothingEnabled = false;
  }

  setFont(font: string): void {
    if (font === this.#font) return;
    this.#context.font = font;
    this.#font = font;
  }

  measure(text: string): number {
    return this.#context.measureText(text).width;
  }

  text(colour: string, text: string, x: number, y: number): void {
    this.#setColour(colour);
    this.#squeeze(true);
    this.#context.fillText(text, x, this.#down.at(y) / this.#down.share);
  }

  #setColour(colour: string): void {
    if (colour === this.#colour) return;
    this.#context.fillStyle = colour;
    this.#colour = colour;
  }
}

/** Lines of pixels, and the canvas that they are shown from. */
class Strip {
  readonly canvas = new OffscreenCanvas(1, 1);
  readonly #context: OffscreenCanvasRenderingContext2D;
  #image = new ImageData(1, 1);
  pixels = new Uint32Array(this.#image.data.buffer);

  constructor() {
    const context = this.canvas.getContext('2d');
    if (context === null) throw new Error('Pageflame bug: a canvas of its own draws nothing');
    this.#context = context;
  }

  /** Room for lines; what they hold is what they held. */
  take(width: number, count: number): Uint32Array {
    if (width === this.#image.width && count <= this.#image.height) return this.pixels;
    // Room for some more, so that scrolling by a row does not make a new one.
    const height = count + 8;
    this.#image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.#image.data.buffer);
    this.canvas.width = width;
    this.canvas.height = height;
    return this.pixels;
  }

  keep(count: number): void {
    this.#context.putImageData(this.#image, 0, 0, 0, 0, this.#image.width, count);
  }
}

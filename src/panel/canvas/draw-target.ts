/**
 * What the painters draw on: a handful of operations in whole device pixels, so that a test's log can stand in for a
 * canvas. `CanvasTarget` is the real one.
 */

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** A picture that is ready to be drawn. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** null where it cannot be drawn here. */
  readonly image: ImageBitmap | null;
}

/** What lies under lines: one colour, with thin uprights in another. */
export interface Ground {
  readonly colour: string;
  readonly upright: string;
  /** Left edges of the uprights, and how wide they are. */
  readonly uprights: readonly number[];
  readonly thickness: number;
  /** Both colours as pixels. */
  readonly pixel: number;
  readonly uprightPixel: number;
}

/** Where a line stands, stretched. */
export interface LineBand {
  readonly line: number;
  readonly y: number;
  readonly height: number;
}

export interface Span {
  readonly top: number;
  readonly bottom: number;
}

export interface DrawTarget {
  readonly width: number;
  readonly height: number;
  fill(colour: string, area: Area): void;
  /** A frame of `thickness` pixels inside `area`. */
  outline(colour: string, area: Area, thickness: number): void;
  /** Triangles in the upper right corner of boxes: `x` is their right edge, `y` their top. */
  corners(colour: string, places: readonly Corner[], size: number): void;
  picture(picture: Picture, area: Area): void;
  /**
   * Pixels for `count` lines, each `width` wide, as they are where nothing is written: 0, which is see-through, or
   * `ground`, for a target that shows bands of them.
   */
  takeLines(count: number, ground?: Ground): Uint32Array;
  /** Ends the writing of lines: from here on they may be shown. */
  keepLines(count: number): void;
  /** Ends the writing of lines, and shows them on their ground across `span`; bands are given from top to bottom. */
  showBands(bands: readonly LineBand[], ground: Ground, span: Span): void;
  /** Shows one line, stretched to `height`, across the whole width. */
  showLine(line: number, y: number, height: number): void;
  /** Shows `count` lines one under the other, as they are. */
  showLines(line: number, count: number, y: number): void;
  setFont(font: string): void;
  measure(text: string): number;
  /** `y` is the baseline. */
  text(colour: string, text: string, x: number, y: number): void;
}

/** Columns of a line in which there is something. */
interface Extent {
  readonly from: number;
  readonly to: number;
}

function makeBlank({ pixel, uprightPixel, uprights, thickness }: Ground, width: number): Uint32Array {
  const blank = new Uint32Array(width).fill(pixel);
  for (const x of uprights) blank.fill(uprightPixel, Math.max(0, x), Math.max(0, x + thickness));
  return blank;
}

/** {@link DrawTarget.showBands} for targets that do not hurry: ground, then lines over it. */
export function showBandsPlainly(
  target: DrawTarget,
  bands: readonly LineBand[],
  { colour, upright, uprights, thickness }: Ground,
  { top, bottom }: Span,
): void {
  target.fill(colour, { x: 0, y: top, width: target.width, height: bottom - top });
  for (const x of uprights) target.fill(upright, { x, y: top, width: thickness, height: bottom - top });
  for (const { line, y, height } of bands) target.showLine(line, y, height);
}

export class CanvasTarget implements DrawTarget {
  readonly #context: CanvasRenderingContext2D;
  readonly #canvas: HTMLCanvasElement;
  readonly #strip = new OffscreenCanvas(1, 1);
  readonly #stripContext: OffscreenCanvasRenderingContext2D;
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(this.#image.data.buffer);
  #colour = '';
  #font = '';
  /** A line in which nothing is written; null for one that is see-through. */
  #blank: Uint32Array | null = null;

  constructor(canvas: HTMLCanvasElement) {
    // Not `alpha: false`, though nothing shines through: Chromium's software compositor takes twice as long over such a
    // canvas (docs/benchmarks.md).
    const context = canvas.getContext('2d');
    const strip = this.#strip.getContext('2d');
    if (context === null || strip === null)
      throw new Error('Pageflame bug: this canvas draws something else');
    this.#canvas = canvas;
    this.#context = context;
    this.#stripContext = strip;
  }

  get width(): number {
    return this.#canvas.width;
  }

  get height(): number {
    return this.#canvas.height;
  }

  /** Sets the canvas' size in device pixels. Forgets what was drawn. */
  resize(width: number, height: number): void {
    if (this.#canvas.width === width && this.#canvas.height === height) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#colour = '';
    this.#font = '';
  }

  fill(colour: string, { x, y, width, height }: Area): void {
    this.#setColour(colour);
    this.#context.fillRect(x, y, width, height);
  }

  outline(colour: string, { x, y, width, height }: Area, thickness: number): void {
    this.#setColour(colour);
    this.#context.fillRect(x, y, width, thickness);
    this.#context.fillRect(x, y + height - thickness, width, thickness);
    this.#context.fillRect(x, y + thickness, thickness, height - 2 * thickness);
    this.#context.fillRect(x + width - thickness, y + thickness, thickness, height - 2 * thickness);
  }

  corners(colour: string, places: readonly Corner[], size: number): void {
    this.#setColour(colour);
    this.#context.beginPath();
    for (const { x, y } of places) {
      this.#context.moveTo(x - size, y);
      this.#context.lineTo(x, y);
      this.#context.lineTo(x, y + size);
    }
    this.#context.fill();
  }

  takeLines(count: number, ground?: Ground): Uint32Array {
    const { width } = this.#canvas;
    this.#blank = ground === undefined ? null : makeBlank(ground, width);
    if (width !== this.#image.width || count > this.#image.height) {
      // Room for some more, so that scrolling by a row does not make a new one.
      const height = count + 8;
      this.#image = new ImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
      this.#strip.width = width;
      this.#strip.height = height;
    } else if (this.#blank === null) this.#pixels.fill(0, 0, width * count);
    if (this.#blank !== null)
      for (let line = 0; line < count; line++) this.#pixels.set(this.#blank, line * width);
    return this.#pixels;
  }

  keepLines(count: number): void {
    this.#stripContext.putImageData(this.#image, 0, 0, 0, 0, this.#image.width, count);
    this.#context.imageSmoothingEnabled = false;
  }

  showLine(line: number, y: number, height: number): void {
    const { width } = this.#canvas;
    this.#context.drawImage(this.#strip, 0, line, width, 1, 0, y, width, height);
  }

  /**
   * Every pixel is put on the canvas once: without a graphics card that is most of a frame's time. Ground lies where no
   * line has anything; between a line's boxes it is a part of the line.
   */
  showBands(bands: readonly LineBand[], ground: Ground, span: Span): void {
    const full = bands.flatMap((band) => {
      const extent = this.#extentOf(band.line);
      return extent === null ? [] : [{ ...band, ...extent }];
    });
    this.keepLines(bands.reduce((most, { line }) => Math.max(most, line + 1), 0));
    this.#showGround(full, ground, span);
    for (const { line, y, height, from, to } of full)
      this.#context.drawImage(this.#strip, from, line, to - from, 1, from, y, to - from, height);
  }

  /** null where nothing was written. */
  #extentOf(line: number): Extent | null {
    const { width } = this.#canvas;
    const first = line * width;
    let from = 0;
    const isBlank = (x: number): boolean => this.#pixels[first + x] === (this.#blank?.[x] ?? 0);
    while (from < width && isBlank(from)) from++;
    if (from === width) return null;
    let to = width;
    while (isBlank(to - 1)) to--;
    return { from, to };
  }

  #showGround(full: readonly (LineBand & Extent)[], ground: Ground, { top, bottom }: Span): void {
    const { width } = this.#canvas;
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
    for (const x of ground.uprights) this.#context.fillRect(x, top, ground.thickness, bottom - top);
  }

  showLines(line: number, count: number, y: number): void {
    const { width } = this.#canvas;
    this.#context.drawImage(this.#strip, 0, line, width, count, 0, y, width, count);
  }

  picture({ image }: Picture, { x, y, width, height }: Area): void {
    if (image === null) return;
    this.#context.imageSmoothingEnabled = true;
    this.#context.drawImage(image, x, y, width, height);
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
    this.#context.fillText(text, x, y);
  }

  #setColour(colour: string): void {
    if (colour === this.#colour) return;
    this.#context.fillStyle = colour;
    this.#colour = colour;
  }
}

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

export interface DrawTarget {
  readonly width: number;
  readonly height: number;
  fill(colour: string, area: Area): void;
  /** A frame of `thickness` pixels inside `area`. */
  outline(colour: string, area: Area, thickness: number): void;
  /** Triangles in the upper right corner of boxes: `x` is their right edge, `y` their top. */
  corners(colour: string, places: readonly Corner[], size: number): void;
  picture(picture: Picture, area: Area): void;
  /** Cleared pixels for `count` lines, each `width` wide; see-through where they stay 0. */
  takeLines(count: number): Uint32Array;
  /** Ends the writing of lines: from here on they may be shown. */
  keepLines(count: number): void;
  /** Shows one line, stretched to `height`, across the whole width. */
  showLine(line: number, y: number, height: number): void;
  /** Shows `count` lines one under the other, as they are. */
  showLines(line: number, count: number, y: number): void;
  setFont(font: string): void;
  measure(text: string): number;
  /** `y` is the baseline. */
  text(colour: string, text: string, x: number, y: number): void;
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

  takeLines(count: number): Uint32Array {
    const { width } = this.#canvas;
    if (width !== this.#image.width || count > this.#image.height) {
      // Room for some more, so that scrolling by a row does not make a new one.
      const height = count + 8;
      this.#image = new ImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
      this.#strip.width = width;
      this.#strip.height = height;
    } else this.#pixels.fill(0, 0, width * count);
    return this.#pixels;
  }

  keepLines(count: number): void {
    this.#stripContext.putImageData(this.#image, 0, 0, 0, 0, this.#image.width, count);
    this.#context.imageSmoothingEnabled = false;
  }

  /** No more of it than there is: putting pixels on the canvas is most of a frame's time without a graphics card. */
  showLine(line: number, y: number, height: number): void {
    const first = line * this.#canvas.width;
    const end = first + this.#canvas.width;
    let from = first;
    while (from < end && this.#pixels[from] === 0) from++;
    if (from === end) return;
    let to = end;
    while (this.#pixels[to - 1] === 0) to--;
    const [x, width] = [from - first, to - from];
    this.#context.drawImage(this.#strip, x, line, width, 1, x, y, width, height);
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

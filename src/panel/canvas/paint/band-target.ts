/**
 * A band of another target, across its whole width: nothing is drawn outside of it. In: a target, the band's top and
 * bottom there, and what is added to every `y`. Out: the same strokes, cut at the band's edges; pictures and diamonds that do not
 * lie inside whole are left out, and of texts those whose baseline does not.
 */
import type { Area, Corner, DrawTarget, Ground, LineBand, LinePart, Picture, Span } from './draw-target.ts';

export interface Band {
  readonly top: number;
  readonly bottom: number;
  readonly shift: number;
}

export class BandTarget implements DrawTarget {
  readonly height: number;
  readonly #whole: DrawTarget;
  readonly #band: Band;

  /** `height`: what the band's painter takes for the target's. */
  constructor(whole: DrawTarget, band: Band, height = whole.height) {
    this.#whole = whole;
    this.#band = band;
    this.height = height;
  }

  get width(): number {
    return this.#whole.width;
  }

  get columns(): number {
    return this.#whole.columns;
  }

  fill(colour: string, { x, y, width, height }: Area): void {
    const { top, bottom } = this.#cut(y, height);
    if (bottom > top) this.#whole.fill(colour, { x, y: top, width, height: bottom - top });
  }

  outline(colour: string, { x, y, width, height }: Area, thickness: number): void {
    this.fill(colour, { x, y, width, height: thickness });
    this.fill(colour, { x, y: y + height - thickness, width, height: thickness });
    this.fill(colour, { x, y: y + thickness, width: thickness, height: height - 2 * thickness });
    const right = x + width - thickness;
    this.fill(colour, { x: right, y: y + thickness, width: thickness, height: height - 2 * thickness });
  }

  corners(colour: string, places: readonly Corner[], size: number): void {
    const { top, bottom, shift } = this.#band;
    const moved = places.map(({ x, y }) => ({ x, y: y + shift }));
    const inside = moved.filter(({ y }) => y >= top && y + size <= bottom);
    if (inside.length > 0) this.#whole.corners(colour, inside, size);
  }

  diamonds(colour: string, places: readonly Corner[], reach: number): void {
    const { top, bottom, shift } = this.#band;
    const moved = places.map(({ x, y }) => ({ x, y: y + shift }));
    const inside = moved.filter(({ y }) => y - reach >= top && y + reach < bottom);
    if (inside.length > 0) this.#whole.diamonds(colour, inside, reach);
  }

  picture(picture: Picture, { x, y, width, height }: Area): void {
    const { top, bottom, shift } = this.#band;
    if (y + shift < top || y + shift + height > bottom) return;
    this.#whole.picture(picture, { x, y: y + shift, width, height });
  }

  takeLines(count: number, ground?: Ground): Uint32Array {
    return this.#whole.takeLines(count, ground);
  }

  keepLines(count: number): void {
    this.#whole.keepLines(count);
  }

  showBands(bands: readonly LineBand[], ground: Ground, span: Span): void {
    const cut = bands.flatMap(({ line, y, height }) => {
      const { top, bottom } = this.#cut(y, height);
      return bottom > top ? [{ line, y: top, height: bottom - top }] : [];
    });
    const { top, bottom } = this.#cut(span.top, span.bottom - span.top);
    this.#whole.showBands(cut, ground, { top, bottom: Math.max(top, bottom) });
  }

  showLine(line: number, y: number, height: number): void {
    const { top, bottom } = this.#cut(y, height);
    if (bottom > top) this.#whole.showLine(line, top, bottom - top);
  }

  showPart({ line, lines, columns }: LinePart, { x, y, width, height }: Area): void {
    const { top, bottom } = this.#cut(y, height);
    if (bottom <= top) return;
    const tall = height / lines;
    const skipped = (top - y - this.#band.shift) / tall;
    const part = { line: line + skipped, lines: (bottom - top) / tall, columns };
    this.#whole.showPart(part, { x, y: top, width, height: bottom - top });
  }

  setFont(font: string): void {
    this.#whole.setFont(font);
  }

  measure(text: string): number {
    return this.#whole.measure(text);
  }

  text(colour: string, text: string, x: number, y: number): void {
    const { top, bottom, shift } = this.#band;
    if (y + shift > top && y + shift <= bottom) this.#whole.text(colour, text, x, y + shift);
  }

  #cut(y: number, height: number): { readonly top: number; readonly bottom: number } {
    const { top, bottom, shift } = this.#band;
    return { top: Math.max(top, y + shift), bottom: Math.min(bottom, y + shift + height) };
  }
}

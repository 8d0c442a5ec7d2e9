/**
 * A draw target that writes SVG: vectors and texts that can be selected, nothing that is not drawn.
 * In: a size, a way to measure texts. Out: the picture's elements as text. Every text of the trace is escaped; characters
 * that XML has no place for are left out. Everything is clipped to the size.
 */
import {
  type Area,
  type Corner,
  cssOfPixel,
  type DrawTarget,
  eachLineOfPart,
  type Ground,
  type LineBand,
  type LinePart,
  type Picture,
  type Span,
  showBandsPlainly,
} from './draw-target.ts';

/** Sets a font, and measures a text in it. */
export interface TextRuler {
  setFont(font: string): void;
  measure(text: string): number;
}

export class SvgTarget implements DrawTarget {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly #ruler: TextRuler;
  readonly #parts: string[] = [];
  #pixels = new Uint32Array(0);
  #font = '';

  constructor(width: number, height: number, ruler: TextRuler) {
    this.width = width;
    this.height = height;
    this.columns = width;
    this.#ruler = ruler;
  }

  /** What was drawn, in order. */
  body(): string {
    return this.#parts.join('\n');
  }

  fill(colour: string, area: Area): void {
    const { x, y, width, height } = this.#clip(area);
    if (width <= 0 || height <= 0) return;
    this.#parts.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colour}"/>`);
  }

  outline(colour: string, { x, y, width, height }: Area, thickness: number): void {
    this.fill(colour, { x, y, width, height: thickness });
    this.fill(colour, { x, y: y + height - thickness, width, height: thickness });
    this.fill(colour, { x, y: y + thickness, width: thickness, height: height - 2 * thickness });
    this.fill(colour, {
      x: x + width - thickness,
      y: y + thickness,
      width: thickness,
      height: height - 2 * thickness,
    });
  }

  corners(colour: string, places: readonly Corner[], size: number): void {
    const path = places.map(({ x, y }) => `M${x - size} ${y}h${size}v${size}z`).join('');
    this.#parts.push(`<path d="${path}" fill="${colour}"/>`);
  }

  diamonds(colour: string, places: readonly Corner[], reach: number): void {
    const half = reach + 0.5;
    const edges = `l${half} ${-half}l${half} ${half}l${-half} ${half}z`;
    const path = places.map(({ x, y }) => `M${x + 0.5 - half} ${y + 0.5}${edges}`).join('');
    this.#parts.push(`<path d="${path}" fill="${colour}"/>`);
  }

  takeLines(count: number): Uint32Array {
    this.#pixels = new Uint32Array(count * this.width);
    return this.#pixels;
  }

  keepLines(): void {
    // A line is read when it is shown.
  }

  showBands(bands: readonly LineBand[], ground: Ground, span: Span): void {
    showBandsPlainly(this, bands, ground, span);
  }

  showLine(line: number, y: number, height: number): void {
    this.#showRuns(line, this.width, { x: 0, y, width: this.width, height });
  }

  showPart(part: LinePart, area: Area): void {
    eachLineOfPart(part, area, (line, y, height) =>
      this.#showRuns(line, part.columns, { x: area.x, y, width: area.width, height }),
    );
  }

  /** Runs of one colour become boxes, one path per colour. */
  #showRuns(line: number, columns: number, area: Area): void {
    const paths = new Map<number, string>();
    const wide = area.width / columns;
    const offset = line * this.width;
    for (let from = 0; from < columns; ) {
      const colour = this.#pixels[offset + from];
      let to = from + 1;
      while (to < columns && this.#pixels[offset + to] === colour) to++;
      const run = { ...area, x: area.x + from * wide, width: (to - from) * wide };
      const { x, y, width, height } = this.#clip(run);
      if (colour !== 0 && width > 0 && height > 0)
        paths.set(colour, `${paths.get(colour) ?? ''}M${x} ${y}h${width}v${height}h${-width}z`);
      from = to;
    }
    for (const [colour, path] of paths) this.#parts.push(`<path d="${path}" fill="${cssOfPixel(colour)}"/>`);
  }

  /** A picture of the page is no vector: its place is framed. */
  picture(_picture: Picture, area: Area): void {
    this.outline('#888888', area, 1);
  }

  setFont(font: string): void {
    this.#font = font;
    this.#ruler.setFont(font);
  }

  measure(text: string): number {
    return this.#ruler.measure(text);
  }

  text(colour: string, text: string, x: number, y: number): void {
    if (y <= 0 || y > this.height + 2 || x > this.width || text.trim() === '') return;
    // As wide as it was measured here, whatever font there is where it is looked at.
    const width = Math.round(this.measure(text) * 10) / 10;
    const attributes = `x="${x}" y="${y}" fill="${colour}" textLength="${width}" lengthAdjust="spacingAndGlyphs"`;
    this.#parts.push(`<text ${attributes} ${fontOf(this.#font)}>${escapeXml(text)}</text>`);
  }

  #clip({ x, y, width, height }: Area): Area {
    const left = Math.max(0, x);
    const top = Math.max(0, y);
    const right = Math.min(this.width, x + width);
    const bottom = Math.min(this.height, y + height);
    return { x: left, y: top, width: right - left, height: bottom - top };
  }
}

/** A canvas' font (`bold 11px sans-serif`) as attributes: not every reader of SVG knows CSS's short form. */
function fontOf(font: string): string {
  const [, weight, size, family] = /^(bold )?([\d.]+)px (.*)$/.exec(font) ?? ['', '', '11', font];
  const bold = weight === 'bold ' ? ' font-weight="bold"' : '';
  return `font-family="${escapeXml(family)}" font-size="${size}"${bold}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for XML: what its grammar has no character for is left out. */
export function escapeXml(text: string): string {
  let kept = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    const isCharacter =
      code >= 0x20 ? !isHalf && code !== 0xfffe && code !== 0xffff : code === 9 || code === 10 || code === 13;
    if (isCharacter) kept += ENTITIES[character] ?? character;
  }
  return kept;
}

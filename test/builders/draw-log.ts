/**
 * A draw target that writes down what is drawn, for painter tests. Text is ten pixels a character.
 * In: a size. Out: fills, outlines and texts in order, and for every shown line the runs of colour in it.
 */
import {
  type Area,
  type Corner,
  type DrawTarget,
  eachLineOfPart,
  type Ground,
  type LineBand,
  type LinePart,
  type Picture,
  type Span,
  showBandsPlainly,
} from '../../src/panel/canvas/paint/draw-target.ts';

export interface ShownLine {
  readonly y: number;
  readonly height: number;
  /** `[from, to, colour]` of every run of one colour; see-through pixels are left out. */
  readonly runs: readonly (readonly [number, number, number])[];
}

export class DrawLog implements DrawTarget {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly fills: { readonly colour: string; readonly area: Area }[] = [];
  readonly outlines: { readonly colour: string; readonly area: Area; readonly thickness: number }[] = [];
  readonly texts: {
    readonly colour: string;
    readonly text: string;
    readonly x: number;
    readonly y: number;
  }[] = [];
  readonly triangles: {
    readonly colour: string;
    readonly x: number;
    readonly y: number;
    readonly size: number;
  }[] = [];
  readonly diamondsSeen: {
    readonly colour: string;
    readonly x: number;
    readonly y: number;
    readonly reach: number;
  }[] = [];
  readonly lines: ShownLine[] = [];
  readonly pictures: { readonly picture: Picture; readonly area: Area }[] = [];
  font = '';
  #pixels = new Uint32Array(0);

  constructor(width: number, height: number, columns = width) {
    this.width = width;
    this.height = height;
    this.columns = columns;
  }

  fill(colour: string, area: Area): void {
    this.fills.push({ colour, area });
  }

  outline(colour: string, area: Area, thickness: number): void {
    this.outlines.push({ colour, area, thickness });
  }

  corners(colour: string, places: readonly Corner[], size: number): void {
    for (const { x, y } of places) this.triangles.push({ colour, x, y, size });
  }

  diamonds(colour: string, places: readonly Corner[], reach: number): void {
    for (const { x, y } of places) this.diamondsSeen.push({ colour, x, y, reach });
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
    this.#showRuns(line, this.columns, { x: 0, y, width: this.columns, height });
  }

  showPart(part: LinePart, area: Area): void {
    eachLineOfPart(part, area, (line, y, height) =>
      this.#showRuns(line, part.columns, { x: area.x, y, width: area.width, height }),
    );
  }

  #showRuns(line: number, columns: number, { x, y, width, height }: Area): void {
    const runs: [number, number, number][] = [];
    const wide = width / columns;
    for (let column = 0; column < columns; column++) {
      const colour = this.#pixels[line * this.width + column];
      const last = runs.at(-1);
      const from = x + column * wide;
      if (colour === 0) continue;
      if (last !== undefined && last[1] === from && last[2] === colour) last[1] = from + wide;
      else runs.push([from, from + wide, colour]);
    }
    this.lines.push({ y, height, runs });
  }

  picture(picture: Picture, area: Area): void {
    this.pictures.push({ picture, area });
  }

  setFont(font: string): void {
    this.font = font;
  }

  measure(text: string): number {
    return text.length * 10;
  }

  text(colour: string, text: string, x: number, y: number): void {
    this.texts.push({ colour, text, x, y });
  }
}

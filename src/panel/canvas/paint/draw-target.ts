/**
 * What the painters draw on: a handful of operations in whole device pixels, so that a test's log can stand in for a
 * canvas. The real one is canvas-target.ts.
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

/** Of lines: `lines` of them from `line` on (both may be fractions), of each the first `columns` pixels. */
export interface LinePart {
  readonly line: number;
  readonly lines: number;
  readonly columns: number;
}

export interface DrawTarget {
  readonly width: number;
  readonly height: number;
  /** Pixels of a line that are shown, across the whole width: no more than that. */
  readonly columns: number;
  fill(colour: string, area: Area): void;
  /** A frame of `thickness` pixels inside `area`. */
  outline(colour: string, area: Area, thickness: number): void;
  /** Triangles in the upper right corner of boxes: `x` is their right edge, `y` their top. */
  corners(colour: string, places: readonly Corner[], size: number): void;
  /** Squares on a corner: `x` and `y` are the pixel in their middle, `reach` how many there are from it to each corner. */
  diamonds(colour: string, places: readonly Corner[], reach: number): void;
  picture(picture: Picture, area: Area): void;
  /**
   * Pixels for `count` lines, each beginning `width` after the one before, as they are where nothing is written: 0, which is see-through, or
   * `ground`, for a target that shows bands of them.
   */
  takeLines(count: number, ground?: Ground): Uint32Array;
  /** Ends the writing of lines: from here on they may be shown. */
  keepLines(count: number): void;
  /** Ends the writing of lines, and shows them on their ground across `span`; bands are given from top to bottom. */
  showBands(bands: readonly LineBand[], ground: Ground, span: Span): void;
  /** Shows one line, stretched to `height`, across the whole width. */
  showLine(line: number, y: number, height: number): void;
  /** Shows a part of the lines, stretched to `area` without smoothing. */
  showPart(part: LinePart, area: Area): void;
  setFont(font: string): void;
  measure(text: string): number;
  /** `y` is the baseline. */
  text(colour: string, text: string, x: number, y: number): void;
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

/** {@link DrawTarget.showPart} line by line, for targets that do not hurry: which line, where from and how high. */
export function eachLineOfPart(
  { line, lines }: LinePart,
  { y, height }: Area,
  show: (line: number, y: number, height: number) => void,
): void {
  const tall = height / lines;
  for (let each = Math.floor(line); each < line + lines; each++) {
    const from = Math.max(0, each - line);
    const to = Math.min(lines, each + 1 - line);
    show(each, y + from * tall, (to - from) * tall);
  }
}

/** A pixel as an ImageData holds it. */
export const cssOfPixel = (pixel: number): string => {
  const parts = [pixel & 0xff, (pixel >>> 8) & 0xff, (pixel >>> 16) & 0xff];
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
};

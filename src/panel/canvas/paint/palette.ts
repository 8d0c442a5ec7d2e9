/**
 * A theme's colours in the forms that painting needs. In: a theme. Out: CSS text, and for the strip's pixels 32-bit
 * numbers as an ImageData holds them. Entries by colour key: 2 × category or look (flame/looks.ts), + 1 for the lighter shade;
 * far behind them changes and files (flame/colour-keys.ts).
 */
import { CATEGORIES } from '../../../analysis/index.ts';
import { FIRST_CHANGE_KEY, LOOKS } from '../../../flame/index.ts';
import { blend } from './rgb.ts';
import { cssColour, type Rgb, type Theme, textColourOn } from './theme.ts';

export type HatchedLook = 'dropped-frame' | 'partial-frame';

export interface Palette {
  /** Pixel per colour key: alpha, blue, green, red from the highest byte down (little endian RGBA). */
  readonly pixels: Uint32Array;
  /** The same, as far from the ground as what a search did not find may stand out. */
  readonly dimmed: Uint32Array;
  /** Whether text on a box of this colour key is white. */
  readonly whiteText: readonly boolean[];
  /** CSS per colour key. */
  readonly boxes: readonly string[];
  readonly text: string;
  readonly quietText: string;
  readonly ground: string;
  readonly divider: string;
  readonly grid: string;
  /** Lines through frames of either kind. */
  readonly hatching: Readonly<Record<HatchedLook, string>>;
  readonly accent: string;
  readonly error: string;
  /** The accent, see-through. */
  readonly veil: string;
  /** As pixels: ground and ticks of the chart, curves of counters. */
  readonly groundPixel: number;
  readonly gridPixel: number;
  readonly heapLine: number;
  readonly heapArea: number;
  readonly heapAreaCss: string;
  readonly nodesLine: number;
}

export function makePalette(theme: Theme): Palette {
  const shades = [
    ...CATEGORIES.map((category) => theme.categories[category]),
    ...LOOKS.map((look) => theme.looks[look]),
  ];
  const known = shades.flatMap(({ plain, child }) => [plain, child]);
  const unused = Array.from({ length: FIRST_CHANGE_KEY - known.length }, () => theme.ground);
  const boxes = [...known, ...unused, ...theme.changes, ...theme.files];
  const [red, green, blue] = theme.accent;
  const heapArea = blend(theme.accent, theme.ground, 0.25);
  return {
    pixels: Uint32Array.from(boxes, pixelOf),
    dimmed: Uint32Array.from(boxes, (box) => pixelOf(dimmedColour(theme, box))),
    whiteText: boxes.map((box) => textColourOn(box)[0] === 255),
    boxes: boxes.map(cssColour),
    text: cssColour(theme.text),
    quietText: cssColour(theme.quietText),
    ground: cssColour(theme.ground),
    divider: cssColour(theme.divider),
    grid: cssColour(theme.grid),
    hatching: {
      'dropped-frame': cssColour(hatchingOf(theme, 'dropped-frame')),
      'partial-frame': cssColour(hatchingOf(theme, 'partial-frame')),
    },
    accent: cssColour(theme.accent),
    error: cssColour(theme.error),
    groundPixel: pixelOf(theme.ground),
    gridPixel: pixelOf(theme.grid),
    heapLine: pixelOf(theme.accent),
    heapArea: pixelOf(heapArea),
    heapAreaCss: cssColour(heapArea),
    nodesLine: pixelOf(theme.good),
    veil: `rgb(${red} ${green} ${blue} / 18%)`,
  };
}

/** Of the text's colour, the rest the box's own: seen on the box, thin enough to leave its text alone. */
const HATCHING_SHARE = 0.6;
/** Of the box's own colour in a dimmed one. */
const DIMMED_SHARE = 0.22;

export function hatchingOf({ looks }: Theme, look: HatchedLook): Rgb {
  const { plain } = looks[look];
  return blend(textColourOn(plain), plain, HATCHING_SHARE);
}

/** The colour of a box that a search did not find. */
export const dimmedColour = (theme: Theme, box: Rgb): Rgb => blend(box, theme.ground, DIMMED_SHARE);

const pixelOf = ([red, green, blue]: Rgb): number => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/**
 * A theme's colours in the forms that painting needs. In: a theme. Out: CSS text, and for the strip's pixels 32-bit
 * numbers as an ImageData holds them. Entries by colour key: 2 × category, + 1 for the child's shade.
 */
import { CATEGORIES } from '../../analysis/index.ts';
import { cssColour, type Rgb, type Theme, textColourOn } from './theme.ts';

export interface Palette {
  /** Pixel per colour key: alpha, blue, green, red from the highest byte down (little endian RGBA). */
  readonly pixels: Uint32Array;
  /** The same, as far from the ground as what a search did not find may stand out. */
  readonly dimmed: Uint32Array;
  /** Whether text on a box of this colour key is white. */
  readonly whiteText: readonly boolean[];
  /** CSS per category, plain shade. */
  readonly categories: readonly string[];
  readonly text: string;
  readonly quietText: string;
  readonly ground: string;
  readonly divider: string;
  readonly grid: string;
  readonly accent: string;
  readonly error: string;
  /** The accent, see-through. */
  readonly veil: string;
}

export function makePalette(theme: Theme): Palette {
  const boxes = CATEGORIES.flatMap((category) => [
    theme.categories[category].plain,
    theme.categories[category].child,
  ]);
  const [red, green, blue] = theme.accent;
  return {
    pixels: Uint32Array.from(boxes, pixelOf),
    dimmed: Uint32Array.from(boxes, (box) => pixelOf(dimmedColour(theme, box))),
    whiteText: boxes.map((box) => textColourOn(box)[0] === 255),
    categories: CATEGORIES.map((category) => cssColour(theme.categories[category].plain)),
    text: cssColour(theme.text),
    quietText: cssColour(theme.quietText),
    ground: cssColour(theme.ground),
    divider: cssColour(theme.divider),
    grid: cssColour(theme.grid),
    accent: cssColour(theme.accent),
    error: cssColour(theme.error),
    veil: `rgb(${red} ${green} ${blue} / 18%)`,
  };
}

/** Of the box's own colour in a dimmed one. */
const DIMMED_SHARE = 0.22;

/** The colour of a box that a search did not find. */
export const dimmedColour = (theme: Theme, box: Rgb): Rgb => blend(box, theme.ground, DIMMED_SHARE);

function blend([red, green, blue]: Rgb, ground: Rgb, share: number): Rgb {
  const mix = (one: number, other: number): number => Math.round(one * share + other * (1 - share));
  return [mix(red, ground[0]), mix(green, ground[1]), mix(blue, ground[2])];
}

const pixelOf = ([red, green, blue]: Rgb): number => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

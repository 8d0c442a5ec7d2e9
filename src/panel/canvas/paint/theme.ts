/**
 * Colours, light and dark: DevTools' own categories, and what surrounds them. In: a theme's name.
 * Out: `Rgb` triples and CSS text. Refuses nothing. Text on a box is pure black or white, whichever contrasts more.
 */
import type { Category } from '../../../analysis/index.ts';
import type { Look } from '../../../flame/index.ts';
import { type ChangeColours, DARK_CHANGES, LIGHT_CHANGES } from './change-colours.ts';
import { DARK_LOOKS, LIGHT_LOOKS, type Shades } from './look-colours.ts';
import type { Rgb } from './rgb.ts';

export type { Rgb } from './rgb.ts';

export type ThemeName = 'light' | 'dark';

export interface Theme extends ChangeColours {
  /** Per category, and the lighter (or darker) shade of a box inside one of its own kind. */
  readonly categories: Readonly<Record<Category, Shades>>;
  /** What stands for no category, and the shade of it that waits. */
  readonly looks: Readonly<Record<Look, Shades>>;
  readonly text: Rgb;
  readonly quietText: Rgb;
  readonly ground: Rgb;
  readonly divider: Rgb;
  /** Vertical lines under the chart, at every ruler tick. */
  readonly grid: Rgb;
  readonly accent: Rgb;
  readonly selectedGround: Rgb;
  readonly error: Rgb;
  readonly warning: Rgb;
  readonly good: Rgb;
}

const both = (plain: Rgb, child: Rgb = plain): Shades => ({ plain, child });

const LIGHT: Theme = {
  categories: {
    loading: both([124, 172, 248], [168, 199, 250]),
    scripting: both([250, 204, 21], [253, 224, 71]),
    rendering: both([209, 144, 255], [226, 182, 255]),
    painting: both([55, 190, 95], [109, 213, 140]),
    messaging: both([56, 185, 222]),
    system: both([199, 199, 199], [227, 227, 227]),
    idle: both([227, 227, 227]),
    gpu: both([109, 213, 140]),
    async: both([236, 161, 161]),
    experience: both([251, 188, 158]),
  },
  looks: LIGHT_LOOKS,
  ...LIGHT_CHANGES,
  text: [31, 31, 31],
  quietText: [71, 71, 71],
  ground: [255, 255, 255],
  divider: [211, 227, 253],
  grid: [236, 240, 247],
  accent: [11, 87, 208],
  selectedGround: [211, 227, 253],
  error: [179, 38, 30],
  warning: [151, 103, 0],
  good: [20, 108, 46],
};

const DARK: Theme = {
  categories: {
    loading: both([76, 141, 246], [27, 110, 243]),
    scripting: both([250, 204, 21], [234, 179, 8]),
    rendering: both([191, 103, 255], [167, 67, 238]),
    painting: both([55, 190, 95], [30, 164, 70]),
    messaging: both([56, 185, 222]),
    system: both([117, 117, 117], [94, 94, 94]),
    idle: both([71, 71, 71]),
    gpu: both([30, 164, 70]),
    async: both([201, 106, 106]),
    experience: both([205, 127, 93]),
  },
  looks: DARK_LOOKS,
  ...DARK_CHANGES,
  text: [227, 227, 227],
  quietText: [199, 199, 199],
  ground: [40, 40, 40],
  divider: [94, 94, 94],
  grid: [54, 54, 54],
  accent: [168, 199, 250],
  selectedGround: [0, 74, 119],
  error: [242, 184, 181],
  warning: [253, 224, 71],
  good: [109, 213, 140],
};

export const THEMES: Readonly<Record<ThemeName, Theme>> = { light: LIGHT, dark: DARK };

export const cssColour = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** WCAG's contrast ratio of two colours, 1 to 21. */
export function contrastRatio(one: Rgb, other: Rgb): number {
  const lighter = Math.max(luminance(one), luminance(other));
  const darker = Math.min(luminance(one), luminance(other));
  return (lighter + 0.05) / (darker + 0.05);
}

/** Black or white, whichever is read better on `ground`. */
export function textColourOn(ground: Rgb): Rgb {
  return contrastRatio(BLACK, ground) >= contrastRatio(WHITE, ground) ? BLACK : WHITE;
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

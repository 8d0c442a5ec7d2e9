/** The colour table: every pair that carries text is readable, and every colour reaches the style sheet. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../src/analysis/index.ts';
import { CHANGE_STEPS, FILE_KEYS } from '../../../src/flame/index.ts';
import { themeOf } from '../../../src/panel/canvas/paint/forced-colours.ts';
import { dimmedColour, hatchingOf } from '../../../src/panel/canvas/paint/palette.ts';
import {
  contrastRatio,
  type Rgb,
  THEMES,
  type ThemeName,
  textColourOn,
} from '../../../src/panel/canvas/paint/theme.ts';
import { themeSheet } from '../../../src/panel/style/theme-sheet.ts';

const NAMES: readonly ThemeName[] = ['light', 'dark'];
const TEXT_CONTRAST = 4.5;
/** Parts of controls that are no text. */
const SHAPE_CONTRAST = 3;

/** `color-mix(in srgb, one share, other)`. */
const mix = (one: Rgb, share: number, other: Rgb): Rgb => {
  const [red, green, blue] = one.map((part, index) => part * share + other[index] * (1 - share));
  return [red, green, blue];
};

/** What of red, green and blue is seen, after Viénot, Brettel and Mollon (1999) and Brettel et al. (1997). */
const BLINDNESS: Readonly<Record<string, readonly Rgb[]>> = {
  protanopia: [
    [0.11, 0.89, 0],
    [0.11, 0.89, 0],
    [0.004, -0.004, 1],
  ],
  deuteranopia: [
    [0.29, 0.71, 0],
    [0.29, 0.71, 0],
    [-0.02, 0.02, 1],
  ],
  tritanopia: [
    [1, 0.15, -0.15],
    [0, 0.87, 0.13],
    [0, 0.87, 0.13],
  ],
};
const seeWith = (matrix: readonly Rgb[], colour: Rgb): readonly number[] =>
  matrix.map((row) => row.reduce((sum, share, part) => sum + share * colour[part], 0));
const distance = (one: readonly number[], other: readonly number[]): number =>
  Math.hypot(...one.map((part, index) => part - other[index]));

const styleSheet = (name: string): string =>
  readFileSync(new URL(`../../../src/panel/style/${name}.css`, import.meta.url), 'utf8');

describe('hatching', () => {
  it.each(NAMES)('is seen on the frames that it marks (%s)', (name) => {
    for (const look of ['dropped-frame', 'partial-frame'] as const)
      expect(contrastRatio(hatchingOf(THEMES[name], look), THEMES[name].looks[look].plain)).toBeGreaterThan(
        SHAPE_CONTRAST,
      );
  });
});

describe('forced colours', () => {
  const forced = { ground: [0, 0, 0], text: [255, 255, 0], accent: [0, 255, 255] } as const;

  it('are taken for ground, text and lines, the boxes from the theme that fits the ground', () => {
    const theme = themeOf('light', forced);
    expect(theme).toMatchObject({ ...forced, quietText: forced.text, error: forced.text });
    expect(theme.categories).toBe(THEMES.dark.categories);
    expect(themeOf('dark', { ...forced, ground: [255, 255, 255] }).categories).toBe(THEMES.light.categories);
    expect(themeOf('dark', null)).toBe(THEMES.dark);
  });
});

describe.each(NAMES)('the %s theme', (name) => {
  const theme = THEMES[name];
  const { ground, text, quietText, accent, selectedGround, error, warning, good } = theme;
  const pairs: readonly (readonly [string, Rgb, Rgb])[] = [
    ['text on ground', text, ground],
    ['quiet text on ground', quietText, ground],
    ['quiet text on a hovered button', quietText, mix(text, 0.08, ground)],
    ['links on ground', accent, ground],
    ['links on a news banner', accent, selectedGround],
    ['text on the selected entry', text, selectedGround],
    ['quiet text on the selected entry', quietText, selectedGround],
    ['an error mark on the selected entry', error, selectedGround],
    ['the primary button', ground, accent],
    ['text on an error banner', text, mix(error, 0.14, ground)],
    ['links on an error banner', accent, mix(error, 0.14, ground)],
    ['error', error, ground],
    ['warning', warning, ground],
    ['good', good, ground],
  ];
  it.each(pairs)('keeps %s readable', (_, colour, on) => {
    expect(contrastRatio(colour, on)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
  });

  it.each(CATEGORIES)('keeps labels on %s boxes readable', (category) => {
    for (const box of Object.values(theme.categories[category])) {
      expect(contrastRatio(textColourOn(box), box)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    }
  });

  it('keeps labels on boxes of changes and files readable, dimmed ones, too', () => {
    expect(theme.changes).toHaveLength(2 * CHANGE_STEPS + 1);
    expect(theme.files).toHaveLength(FILE_KEYS);
    for (const box of [...theme.changes, ...theme.files]) {
      expect(contrastRatio(textColourOn(box), box)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      expect(contrastRatio(quietText, dimmedColour(theme, box))).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    }
  });

  it.each(Object.keys(BLINDNESS))('tells more from less with %s', (kind) => {
    const seen = theme.changes.map((colour) => seeWith(BLINDNESS[kind], colour));
    for (let step = 1; step <= CHANGE_STEPS; step++) {
      const [less, same, more] = [seen[CHANGE_STEPS - step], seen[CHANGE_STEPS], seen[CHANGE_STEPS + step]];
      expect(distance(less, more), `±${step}`).toBeGreaterThan(step === 1 ? 24 : 60);
      if (step < 2) continue;
      expect(distance(less, same), `−${step}`).toBeGreaterThan(24);
      expect(distance(more, same), `+${step}`).toBeGreaterThan(24);
    }
  });

  it.each(CATEGORIES)('keeps labels on dimmed %s boxes readable', (category) => {
    for (const box of Object.values(theme.categories[category])) {
      expect(contrastRatio(quietText, dimmedColour(theme, box))).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    }
  });

  it('tells the filled part of a progress bar from the rest', () => {
    expect(contrastRatio(accent, theme.categories.idle.plain)).toBeGreaterThanOrEqual(SHAPE_CONTRAST);
  });
});

describe('the style sheet', () => {
  it('has every colour of the table', () => {
    const sheet = themeSheet(THEMES);
    for (const name of NAMES) expect(sheet).toContain(`:root[data-theme='${name}']`);
    expect(sheet).toContain('--quiet-text: rgb(71 71 71);');
    for (const category of CATEGORIES) expect(sheet).toContain(`--category-${category}: rgb(`);
  });

  it('paints every category, and writes no colour of its own but shadows', () => {
    const base = styleSheet('base');
    for (const category of CATEGORIES) expect(base).toContain(`var(--category-${category})`);
    for (const name of ['base', 'toolbar', 'notices', 'screens', 'trace', 'details']) {
      const colours = styleSheet(name).match(/#[0-9a-f]{3,8}\b(?=\s*[;,)])|rgb\([^)]*\)/gi) ?? [];
      expect(colours.filter((colour) => !colour.startsWith('rgb(0 0 0 /'))).toEqual([]);
    }
  });
});

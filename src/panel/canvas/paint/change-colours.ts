/**
 * Colours of what changed, from much less to much more, and of files where nobody knows a category (flame/colour-keys.ts).
 * Blue is less and red is more: the two that every kind of colour blindness tells apart; grey is the same.
 */
import type { Rgb } from './rgb.ts';

export interface ChangeColours {
  /** From −4 to 4: nine. */
  readonly changes: readonly Rgb[];
  /** Eight. */
  readonly files: readonly Rgb[];
}

export const LIGHT_CHANGES: ChangeColours = {
  changes: [
    [33, 102, 172],
    [67, 147, 195],
    [146, 197, 222],
    [209, 229, 240],
    [217, 217, 217],
    [253, 219, 199],
    [244, 165, 130],
    [214, 96, 77],
    [178, 24, 43],
  ],
  files: [
    [255, 205, 120],
    [255, 178, 128],
    [246, 160, 150],
    [240, 190, 210],
    [205, 190, 245],
    [170, 205, 245],
    [160, 220, 205],
    [200, 220, 140],
  ],
};

export const DARK_CHANGES: ChangeColours = {
  changes: [
    [67, 147, 230],
    [60, 118, 184],
    [52, 92, 138],
    [56, 74, 96],
    [90, 90, 90],
    [110, 72, 60],
    [158, 82, 60],
    [206, 88, 70],
    [242, 110, 94],
  ],
  files: [
    [199, 146, 52],
    [196, 117, 62],
    [190, 98, 90],
    [176, 100, 140],
    [136, 116, 200],
    [86, 134, 196],
    [70, 150, 136],
    [126, 150, 62],
  ],
};

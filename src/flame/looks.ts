/**
 * What a box looks like, as one byte: 2 × a number, + 1 for the lighter shade. The numbers of {@link CATEGORIES} come
 * first; then {@link LOOKS}, which boxes of the page's own tracks have. In: a category or a look. Out: colour keys, and
 * back. Types and values only: colours are the panel's.
 */
import { CATEGORIES, type Category } from '../analysis/index.ts';
import { REQUEST_KINDS, type RequestKind } from './request-kinds.ts';

/** The colours that pages may ask for on tracks of their own (Chrome's Performance extensibility API). */
export const CUSTOM_COLOURS = [
  'primary',
  'primary-light',
  'primary-dark',
  'secondary',
  'secondary-light',
  'secondary-dark',
  'tertiary',
  'tertiary-light',
  'tertiary-dark',
  'warning',
  'error',
] as const;
export type CustomColour = (typeof CUSTOM_COLOURS)[number];

export type Look =
  /** Time before and after: drawn as a thin line. */
  | 'whisker'
  | 'frame'
  | 'partial-frame'
  | 'dropped-frame'
  | 'picture'
  | 'interaction'
  | `request-${RequestKind}`
  | `custom-${CustomColour}`;

export const LOOKS: readonly Look[] = [
  'whisker',
  'frame',
  'partial-frame',
  'dropped-frame',
  'picture',
  'interaction',
  ...REQUEST_KINDS.map((kind) => `request-${kind}` as const),
  ...CUSTOM_COLOURS.map((colour) => `custom-${colour}` as const),
];

export const keyOfCategory = (category: Category, isLighter = false): number =>
  CATEGORIES.indexOf(category) * 2 + (isLighter ? 1 : 0);

const LOOK_NUMBERS: ReadonlyMap<Look, number> = new Map(LOOKS.map((look, number) => [look, number]));

export const keyOfLook = (look: Look, isLighter = false): number =>
  (CATEGORIES.length + (LOOK_NUMBERS.get(look) ?? 0)) * 2 + (isLighter ? 1 : 0);

/** null for a key of {@link LOOKS}. */
export const categoryOfKey = (key: number): Category | null => CATEGORIES[key >> 1] ?? null;

/** null for a key of a category. */
export const lookOfKey = (key: number): Look | null => LOOKS[(key >> 1) - CATEGORIES.length] ?? null;

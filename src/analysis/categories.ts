/**
 * Chrome's event names → our categories, as DevTools groups them. The one table of its kind.
 * In: an event's name. Out: its category and whether DevTools hides it. Names that are not here count as `system`.
 * Source: chrome-devtools-frontend front_end/models/trace/Styles.ts; checked against shared/oracles/category-map.json.
 */

/** In the order in which they are shown. `idle` is what is left of a window. */
export const CATEGORIES = [
  'loading',
  'scripting',
  'rendering',
  'painting',
  'system',
  'idle',
  'messaging',
  'gpu',
  'async',
  'experience',
] as const;
export type Category = (typeof CATEGORIES)[number];
/** Index into {@link CATEGORIES}. */
export const categoryNumber = (category: Category): number => CATEGORIES.indexOf(category);

/** The categories as people read them: DevTools' own words, and which of them a breakdown shows. Pure. */
import { type Breakdown, CATEGORIES, type Category } from '../../analysis/index.ts';

export const CATEGORY_NAMES: Readonly<Record<Category, string>> = {
  loading: 'Loading',
  scripting: 'Scripting',
  rendering: 'Rendering',
  painting: 'Painting',
  system: 'System',
  idle: 'Idle',
  messaging: 'Messaging',
  gpu: 'GPU',
  async: 'Async',
  experience: 'Experience',
};

const ALWAYS_SHOWN: readonly Category[] = ['loading', 'scripting', 'rendering', 'painting', 'system'];

/** The six that always stand there, and others where they took time; idle last, as what is left. */
export function shownCategories(breakdown: Breakdown): readonly Category[] {
  const busy = CATEGORIES.filter(
    (category) => category !== 'idle' && (ALWAYS_SHOWN.includes(category) || breakdown[category] > 0),
  );
  return [...busy, 'idle'];
}

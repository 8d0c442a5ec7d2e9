/** The categories' names as people read them: DevTools' own words. */
import type { Category } from '../../analysis/index.ts';

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

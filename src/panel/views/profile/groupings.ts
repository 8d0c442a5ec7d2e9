/** What tables can be grouped by beside activities, in the order of their choice. */
import type { Grouping } from '../../../flame/index.ts';

export const GROUPINGS: readonly { readonly id: Exclude<Grouping, 'none'>; readonly name: string }[] = [
  { id: 'category', name: 'Group by category' },
  { id: 'url', name: 'Group by URL' },
  { id: 'domain', name: 'Group by domain' },
  { id: 'party', name: 'Group by party' },
  { id: 'frame', name: 'Group by frame' },
];

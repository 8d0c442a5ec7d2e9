/**
 * Time that collecting garbage took on the page's main thread, where it is more than {@link NOTABLE_SHARE} of its work.
 * In: the main thread's slices. Out: an insight with the longest collections, else null.
 */
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  listEvidence,
  windowOf,
} from './contract.ts';
import { countOf, rowsOfNames, tellMillis } from './words.ts';

const COLLECTIONS = ['MinorGC', 'MajorGC', 'BlinkGC.AtomicPhase'];
const NOTABLE_SHARE = 0.03;

export function findGarbageCollection(input: InsightInput): Insight | null {
  const { tables, page } = input;
  const { slices, strings, threads } = tables;
  if (page.mainThread < 0) return null;
  const window = windowOf(input);
  const names = rowsOfNames(tables, COLLECTIONS);
  const found: Evidence[] = [];
  let total = 0;
  let busy = 0;
  for (let row = threads.firstSlice[page.mainThread]; row < threads.endSlice[page.mainThread]; row++) {
    const start = slices.start[row];
    const duration = slices.duration[row];
    if (!isInside(start, window)) continue;
    if (slices.parent[row] < 0) busy += duration;
    if (!names.has(slices.name[row])) continue;
    total += duration;
    const text = strings.get(slices.name[row]);
    found.push({
      text,
      millis: duration / 1000,
      note: '',
      range: { start, end: start + duration },
      slice: row,
    });
  }
  if (found.length === 0 || total < busy * NOTABLE_SHARE) return null;
  return {
    kind: 'garbage-collection',
    title: `${tellMillis(total)} of garbage collection, ${Math.round((100 * total) / busy)} % of the work`,
    explanation: `${countOf(found.length, 'collection')} stopped the main thread. Fewer short-lived objects make fewer of them.`,
    ...listEvidence(found),
  };
}

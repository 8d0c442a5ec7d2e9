/**
 * Layout shifts, what moved in each, and what may have moved it.
 * In: the page's shifts, its requests. Out: an insight, null where nothing shifted without the user's doing. What moved
 * is Chrome's own word; a cause is named only where a request for something that takes room (image, font, style sheet,
 * frame) ended within {@link CAUSE_MICROS} before, and then as what it is: what came right before.
 */
import type { TraceTables } from '../../trace/index.ts';
import { asFields, dataOf, text } from '../arguments.ts';
import type { LoadRequest } from '../load-facts.ts';
import type { PageItem } from '../page-items.ts';
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  listEvidence,
  windowOf,
} from './contract.ts';
import { countOf } from './words.ts';

const CAUSE_MICROS = 100_000;
/** Elements that are named. */
const MOST_NAMED = 3;
/** What has moved others when it came. */
const TAKES_ROOM: ReadonlySet<string> = new Set(['Image', 'Font', 'Stylesheet', 'Document', 'Media']);

/** Chromes before 2023 tell only the kind of what came; a page's own icon takes no room in it. */
const takesRoom = ({ resourceType, mimeType }: LoadRequest): boolean =>
  resourceType === '' ? /^(image|font)\/(?!.*icon)|^text\/css/.test(mimeType) : TAKES_ROOM.has(resourceType);

export function findLayoutShifts(input: InsightInput): Insight | null {
  const { items, tables } = input;
  const window = windowOf(input);
  const shifts = items.flatMap((item, index) => {
    const { source } = item;
    if (source.kind !== 'shift' || source.hadRecentInput || !isInside(item.start, window)) return [];
    return [{ item, index, score: source.score }];
  });
  if (shifts.length === 0) return null;
  const moved = elementsByTime(tables);
  const total = shifts.reduce((sum, { score }) => sum + score, 0);
  const sorted = [...shifts].sort((one, other) => other.score - one.score);
  const evidence = sorted.map(({ item, index, score }): Evidence => {
    const cause = lastBefore(items, item);
    return {
      text: nameElements(moved.get(item.start) ?? []),
      millis: null,
      note: `score ${score.toFixed(4)}${cause === null ? '' : `, after ${cause.title} had come`}`,
      range: { start: item.start, end: item.end },
      slice: tables.slices.length + index,
    };
  });
  return {
    kind: 'layout-shifts',
    title: `${countOf(shifts.length, 'layout shift')}, scores add up to ${total.toFixed(3)}`,
    explanation:
      'Content moved without the user having asked. CLS is the worst session of them, not this sum. Named is what moved; where an image, font, style sheet or frame had come within 100 ms before, it may have made room for itself.',
    ...listEvidence(evidence),
  };
}

/** By the time of a shift: what Chrome calls its elements. */
function elementsByTime({ marks }: TraceTables): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, readonly string[]>();
  for (const mark of marks) {
    if (mark.name !== 'LayoutShift') continue;
    const nodes = dataOf(mark).impacted_nodes;
    if (!Array.isArray(nodes)) continue;
    const names = nodes.map((node) => text(asFields(node), 'debug_name') ?? '').filter((name) => name !== '');
    found.set(mark.time, [...new Set(names)]);
  }
  return found;
}

function nameElements(names: readonly string[]): string {
  if (names.length === 0) return 'Layout shift';
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${countOf(more, 'more', 'more')}` : ''} moved`;
}

/** The request that ended last within {@link CAUSE_MICROS} before the shift. */
function lastBefore(items: readonly PageItem[], { start }: PageItem): PageItem | null {
  let last: PageItem | null = null;
  for (const item of items) {
    if (item.source.kind !== 'request' || item.endInferred) continue;
    if (item.end > start || item.end < start - CAUSE_MICROS) continue;
    if (!takesRoom(item.source.request)) continue;
    if (last === null || item.end > last.end) last = item;
  }
  return last;
}

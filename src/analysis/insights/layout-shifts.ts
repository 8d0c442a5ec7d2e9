/**
 * Layout shifts, what moved in each, and what may have moved it.
 * In: the page's shifts, its requests, the main thread's slices. Out: an insight, null where nothing shifted without the
 * user's doing. What moved is Chrome's own word. Named as what came right before, never as the cause:
 *
 *   a request    for something that takes room (image, font, style sheet, frame) that ended within {@link CAUSE_MICROS}
 *                before; of an image that Chrome laid out without a size since then, it is said (`LayoutImageUnsized`)
 *   a function   that had changed the page: Chrome tells which one made the layout of that frame necessary
 */
import { lowerBound, upperBound } from '../../base/index.ts';
import { namesOf, SLICE_JS_CALL, type TraceTables } from '../../trace/index.ts';
import { asFields, dataOf, text } from '../arguments.ts';
import { causesOf } from '../initiators.ts';
import type { LoadRequest } from '../load-facts.ts';
import { nearestAround } from '../nearest.ts';
import type { PageItem } from '../page-item.ts';
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  MOST_EVIDENCE,
  windowOf,
} from './contract.ts';
import { countOf, nameSlice, rowsOfNames, shorten } from './words.ts';

const CAUSE_MICROS = 100_000;
/** Layout and the shift that it makes are of one frame of the screen. */
const FRAME_MICROS = 50_000;
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
  const isUnsized = unsizedTest(tables);
  const lastBefore = comings(items);
  const changerOf = changers(input);
  const total = shifts.reduce((sum, { score }) => sum + score, 0);
  const sorted = [...shifts].sort((one, other) => other.score - one.score);
  // There may be thousands: who changed the page is looked for where it is told.
  const evidence = sorted.slice(0, MOST_EVIDENCE).map(({ item, index, score }): Evidence => {
    const came = lastBefore(item.start);
    const unsized = came !== null && isImage(came) && isUnsized(came, item);
    const changed = changerOf(item.start);
    return {
      text: nameElements(moved.get(item.start) ?? []),
      millis: null,
      note: [
        `score ${score.toFixed(4)}`,
        came === null
          ? ''
          : `after ${came.title} had come${unsized ? ', an image without width and height' : ''}`,
        changed === null ? '' : `after ${changed} had changed the page`,
      ]
        .filter((words) => words !== '')
        .join(', '),
      range: { start: item.start, end: item.end },
      slice: tables.slices.length + index,
    };
  });
  return {
    kind: 'layout-shifts',
    title: `${countOf(shifts.length, 'layout shift')}, scores add up to ${total.toFixed(3)}`,
    explanation:
      'Content moved without the user having asked. CLS is the worst session of them, not this sum. Named is what moved; where an image, font, style sheet or frame had come within 100 ms before, it may have made room for itself, and so may a function that had changed the page.',
    evidence,
    leftOut: sorted.length - evidence.length,
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
  return `${names
    .slice(0, MOST_NAMED)
    .map((name) => shorten(name))
    .join(', ')}${more > 0 ? ` and ${countOf(more, 'more', 'more')}` : ''} moved`;
}

/** Of a shift's time: the request that ended last within {@link CAUSE_MICROS} before. */
function comings(items: readonly PageItem[]): (time: number) => PageItem | null {
  const came = items
    .filter(
      ({ source, endInferred }) => source.kind === 'request' && !endInferred && takesRoom(source.request),
    )
    .sort((one, other) => one.end - other.end);
  const ends = Float64Array.from(came, ({ end }) => end);
  return (time) => {
    const last = upperBound(ends, time) - 1;
    // Of those that ended together the first that began.
    return last < 0 || ends[last] < time - CAUSE_MICROS ? null : came[lowerBound(ends, ends[last])];
  };
}

const isImage = ({ source }: PageItem): boolean =>
  source.kind === 'request' &&
  (source.request.resourceType === 'Image' || source.request.mimeType.startsWith('image/'));

/** Whether Chrome laid out an image of no size between the coming of one and the shift. */
function unsizedTest({ marks }: TraceTables): (image: PageItem, shift: PageItem) => boolean {
  const times = marks.filter(({ name }) => name === 'LayoutImageUnsized').map(({ time }) => time);
  return (image, shift) => {
    const first = lowerBound(times, image.start);
    return first < times.length && times[first] <= shift.start;
  };
}

/** The function that made the layout right before a time necessary; null where no function did, or nobody tells. */
function changers({ tables, page, initiators }: InsightInput): (time: number) => string | null {
  const { slices, threads } = tables;
  if (page.mainThread < 0) return () => null;
  const layouts = rowsOfNames(tables, ['Layout', ...namesOf('style')]);
  const rows: number[] = [];
  for (let row = threads.firstSlice[page.mainThread]; row < threads.endSlice[page.mainThread]; row++)
    if (layouts.has(slices.name[row]) && (slices.flags[row] & SLICE_JS_CALL) === 0) rows.push(row);
  const isCall = (row: number): boolean => (slices.flags[row] & SLICE_JS_CALL) !== 0;
  const callAround = nearestAround(slices, isCall);
  const functionAround = (row: number): number => (isCall(row) ? row : callAround(row));
  const starts = Float64Array.from(rows, (row) => slices.start[row]);
  return (time) => {
    for (let at = upperBound(starts, time) - 1; at >= 0; at--) {
      const row = rows[at];
      if (slices.start[row] + slices.duration[row] < time - FRAME_MICROS) return null;
      // What lies beyond the slices is a page item: no function is around it.
      const causes = causesOf(initiators(), row).filter(({ cause }) => cause < slices.length);
      const by = causes.map(({ cause }) => functionAround(cause)).find((caller) => caller >= 0);
      if (by !== undefined) return nameSlice(tables, by);
    }
    return null;
  };
}

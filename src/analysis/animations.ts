/**
 * Animations of the page: CSS transitions and animations, and those that scripts began; of each, what is moved and whether
 * the compositor could do it alone, or why the main thread had to.
 * In: async events named `Animation`, and what their begins (`b`) and news (`n`) say, tied by an id that is used again
 * when an animation is over. Out: animations. Refuses: events of other categories by that name (Chrome's `power`).
 * The bits are `CompositorAnimations::FailureReason` of Chrome; 8 and 14 mean nothing any more.
 */
import { type Micros, stringIndex } from '../base/index.ts';
import { type Mark, SLICE_END_INFERRED, type TraceTables } from '../trace/index.ts';
import { asFields, dataOf, type Fields, number, text } from './arguments.ts';

export interface PageAnimation {
  readonly start: Micros;
  readonly end: Micros;
  readonly endInferred: boolean;
  /** The CSS animation's or transition's; '' where it has none. */
  readonly name: string;
  /** `DIV class='menu'`; '' where it is not told. */
  readonly target: string;
  /** Why the compositor could not run it; empty where it did, null where it is not told. */
  readonly hindrances: readonly string[] | null;
}

/** What a page's animations are called as events. */
export const ANIMATION = 'Animation';

const HINDRANCES: readonly (readonly [bit: number, words: string])[] = [
  [0, 'accelerated animations are switched off'],
  [1, 'switched off by DevTools'],
  [2, 'the animation or its effect is not valid'],
  [3, 'its timing (delays, iterations, direction) is not supported there'],
  [4, 'it adds to other animations instead of replacing them'],
  [5, 'its element has no layer of its own that could be moved'],
  [6, 'another animation of its element cannot run there'],
  [7, 'its element has a CSS offset path'],
  [9, 'it changes more than CSS properties'],
  [10, 'its transform cannot be run there for this element'],
  [11, 'its transform depends on the size of the box'],
  [12, 'its filter moves pixels'],
  [13, 'it changes a property that needs style and layout'],
  [15, 'its key frames mix kinds of values'],
  [16, 'its timeline is of an element without a layer'],
  [17, 'nothing of it is seen'],
  [18, 'it changes an !important property'],
  [19, 'its SVG element has a transform of its own'],
];

export function collectAnimations(
  tables: Pick<TraceTables, 'asyncSlices' | 'strings' | 'marks'>,
  isOfPage: (pid: number) => boolean,
): PageAnimation[] {
  const { asyncSlices, strings } = tables;
  const { begins, news } = readMarks(tables.marks);
  const isAnimation = strings.find(ANIMATION);
  const found: PageAnimation[] = [];
  for (let row = 0; row < asyncSlices.length; row++) {
    const pid = asyncSlices.pid[row];
    if (asyncSlices.name[row] !== isAnimation || !isOfPage(pid)) continue;
    const key = `${pid} ${strings.get(stringIndex(asyncSlices.id[row]))}`;
    const start = asyncSlices.start[row];
    const end = start + asyncSlices.duration[row];
    const begin = begins.get(`${key} ${start}`);
    if (begin === undefined) continue;
    let hindrances: readonly string[] | null = null;
    for (const { time, data } of news.get(key) ?? [])
      if (time >= start && time <= end) hindrances = tellHindrances(data) ?? hindrances;
    found.push({
      start,
      end,
      endInferred: (asyncSlices.flags[row] & SLICE_END_INFERRED) !== 0,
      name: text(begin, 'displayName') || text(begin, 'name') || '',
      target: text(begin, 'nodeName') ?? '',
      hindrances,
    });
  }
  return found;
}

interface AnimationMarks {
  /** By process, id and time. */
  readonly begins: ReadonlyMap<string, Fields>;
  /** By process and id. */
  readonly news: ReadonlyMap<string, readonly { readonly time: Micros; readonly data: Fields }[]>;
}

function readMarks(marks: readonly Mark[]): AnimationMarks {
  const begins = new Map<string, Fields>();
  const news = new Map<string, { readonly time: Micros; readonly data: Fields }[]>();
  for (const mark of marks) {
    if (mark.name !== ANIMATION || !mark.traceCategory.includes('blink.animations')) continue;
    const { pid, id, phase, time } = mark;
    const key = `${pid} ${id}`;
    const data = dataOf(mark);
    if (phase === 'b') begins.set(`${key} ${time}`, data);
    else if (news.get(key)?.push({ time, data }) === undefined) news.set(key, [{ time, data }]);
  }
  return { begins, news };
}

/** null where nothing is told; the first news of an animation tells no more than its state. */
function tellHindrances(data: Fields): readonly string[] | null {
  const bits = number(data, 'compositeFailed');
  if (bits === undefined) return null;
  const told = HINDRANCES.filter(([bit]) => Math.floor(bits / 2 ** bit) % 2 === 1).map(([, words]) => words);
  const properties = Object.values(asFields(data.unsupportedProperties)).filter(
    (each): each is string => typeof each === 'string',
  );
  if (bits !== 0 && told.length === 0) return [`Chrome's reason ${bits}`];
  return properties.length === 0 ? told : [...told, `properties: ${properties.join(', ')}`];
}

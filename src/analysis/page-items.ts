/**
 * What happened to the page as a whole, beside its threads: requests, frames, interactions, user timings, layout shifts.
 * In: trace tables and the page. Out: items track by track, by start within each; times are trace-clock microseconds.
 *
 *   Network       |~~wait~~|== download ==|      one item per request; `settled` is where the response begins
 *   Frames        |---- 16.7 ms ----|-----|      from a frame's begin that was drawn to the next such; none while idle
 *   Interactions  |delay|= handlers =|paint|     one per interaction: its longest event, and those that wait with it
 *   Timings       |== measure ==|  | mark        performance.measure and mark, console.time
 *   Layout shifts |                              moments; their score in the title
 *   Animations    |== running ==|                CSS and scripted; which of them the main thread had to run
 *   custom        |== entry ==|                  tracks that the page names for itself (custom-tracks.ts)
 *   Screenshots                                  what the recorder saw: they are added by who holds the recording
 *   Servers                                      what servers did for the requests: added by who has asked a backend
 *
 * Frames follow TimelineFrameModel of DevTools where the trace has the events of `devtools.timeline.frame`: a frame that
 * was begun and never drawn before the next is idle (nothing changed), one with a DroppedFrame is dropped, or partially
 * presented where that says so.
 * Event timing: w3.org/TR/event-timing; only events with an interactionId are interactions.
 */
import { type Micros, runThrough, type Steps } from '../base/index.ts';
import {
  type Mark,
  SLICE_END_INFERRED,
  SLICE_INSTANT,
  THREAD_ROLES,
  type TraceTables,
} from '../trace/index.ts';
import { ANIMATION, collectAnimations, type PageAnimation } from './animations.ts';
import { dataOf, number, text } from './arguments.ts';
import { collectAsyncTracks } from './async-tracks.ts';
import type { Category } from './categories.ts';
import type { PageLoad } from './contract.ts';
import {
  type CustomEntry,
  type CustomMoment,
  type CustomTracks,
  collectCustomTracks,
  isUserTiming,
  timingKey,
} from './custom-tracks.ts';
import { collectLoadRequests, type LoadRequest } from './load-facts.ts';
import { isElsewhere } from './other-pages.ts';

export const PAGE_TRACKS = [
  'network',
  'frames',
  'interactions',
  'timings',
  'layout-shifts',
  'animations',
  'custom',
  'screenshots',
  'servers',
] as const;
export type PageTrack = (typeof PAGE_TRACKS)[number];

export interface PageItem {
  readonly track: PageTrack;
  readonly start: Micros;
  /** Where waiting ends and what is waited for begins; = start for what does not wait. */
  readonly settled: Micros;
  readonly end: Micros;
  readonly title: string;
  /** For its colour: a request's by what it loads, as DevTools paints them. */
  readonly category: Category;
  /** The end was never written: it lasts to the end of the trace. */
  readonly endInferred: boolean;
  readonly source: PageItemSource;
  /** A request's: the item of the request which brought what asked for it (a page, a script, a style sheet); -1 none. */
  readonly initiator: number;
}

type NewItem = Omit<PageItem, 'initiator'>;

/** What an item was made of. */
export type PageItemSource =
  | { readonly kind: 'request'; readonly request: LoadRequest }
  /** Partially presented: dropped, but for what needed no new picture of the main thread. */
  | { readonly kind: 'frame'; readonly isDropped: boolean; readonly isPartial: boolean }
  | { readonly kind: 'interaction'; readonly parts: InteractionParts }
  /** `performance.measure`, `performance.mark`, `console.time`; the trace category tells which. */
  | { readonly kind: 'timing'; readonly traceCategory: string; readonly custom: CustomMoment | null }
  | { readonly kind: 'custom'; readonly entry: CustomEntry }
  /** `frame`: which picture of the recording. */
  | { readonly kind: 'screenshot'; readonly frame: number }
  /** What a server did for a request: added by who has asked its backend. */
  | { readonly kind: 'server-span'; readonly span: ServerSpanFacts }
  | { readonly kind: 'animation'; readonly animation: PageAnimation }
  | { readonly kind: 'shift'; readonly score: number; readonly hadRecentInput: boolean };

export interface ServerSpanFacts {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
}

/** The parts of an interaction's time, microseconds. Together they are its length. */
export interface InteractionParts {
  readonly eventType: string;
  readonly inputDelay: number;
  readonly processing: number;
  readonly presentation: number;
}

export const collectPageItems = (tables: TraceTables, page: PageLoad): PageItem[] =>
  runThrough(collectPageItemsInSteps(tables, page));

export function* collectPageItemsInSteps(tables: TraceTables, page: PageLoad): Steps<PageItem[]> {
  const byStart = (one: NewItem, other: NewItem): number => one.start - other.start || other.end - one.end;
  const custom = collectCustomTracks(tables, page);
  yield;
  const items: NewItem[] = [];
  for (const collect of [
    collectNetwork,
    collectFrames,
    collectInteractions,
    () => collectTimings(tables, page, custom),
    collectShifts,
    collectAnimationItems,
  ]) {
    for (const item of collect(tables, page).sort(byStart)) items.push(item);
    yield;
  }
  for (const entry of custom.entries) items.push(itemOfEntry(entry));
  for (const entry of collectAsyncTracks(tables)) {
    items.push({ ...itemOfEntry(entry), endInferred: entry.endInferred });
  }
  const initiators = findInitiatorItems(items);
  return items.map((item, at) => ({ ...item, initiator: initiators[at] }));
}

const itemOfEntry = (entry: CustomEntry): NewItem => ({
  track: 'custom',
  start: entry.start,
  settled: entry.start,
  end: entry.end,
  title: entry.name,
  category: 'scripting',
  endInferred: false,
  source: { kind: 'custom', entry },
});

/** What can ask for more. A service worker fetches its page's scripts as something else. */
const ASKING: ReadonlySet<string> = new Set(['Document', 'Script', 'Stylesheet']);

/**
 * By item: the last request before it of the address that asked for it, of a kind that can ask where there is one. Items
 * of a track are in order of their start.
 */
function findInitiatorItems(items: readonly NewItem[]): number[] {
  const lastOf = new Map<string, number>();
  const canAsk = (at: number | undefined): boolean => {
    const source = at === undefined ? undefined : items[at].source;
    return source?.kind === 'request' && ASKING.has(source.request.resourceType);
  };
  return items.map(({ source }, at) => {
    if (source.kind !== 'request') return -1;
    const { url, initiator } = source.request;
    const asked = initiator.url === '' ? undefined : lastOf.get(withoutFragment(initiator.url));
    const own = withoutFragment(url);
    if (canAsk(at) || !canAsk(lastOf.get(own))) lastOf.set(own, at);
    return asked ?? -1;
  });
}

const withoutFragment = (url: string): string => url.split('#', 1)[0];

/** By what the request loads; names as Chrome's `resourceType` has them. */
const REQUEST_CATEGORIES: Readonly<Record<string, Category>> = {
  Document: 'loading',
  Script: 'scripting',
  Stylesheet: 'rendering',
  Image: 'painting',
  Media: 'painting',
};

function collectNetwork(tables: TraceTables, page: PageLoad): NewItem[] {
  return collectLoadRequests(tables, page).map((request) => {
    const end = request.end ?? Math.max(request.responseStart ?? request.start, tables.bounds.end);
    const settled = Math.min(end, Math.max(request.start, request.responseStart ?? end));
    return {
      track: 'network',
      start: request.start,
      settled,
      end: Math.max(end, settled),
      title: titleOfUrl(request.url),
      category: REQUEST_CATEGORIES[request.resourceType] ?? 'system',
      endInferred: request.end === null,
      source: { kind: 'request', request },
    };
  });
}

/** File name and query, or the host where the path is empty; what is not loaded from a host by its first letters. */
function titleOfUrl(url: string): string {
  const found = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^#]*)/i.exec(url);
  if (found === null) return url === '' ? '(no address)' : url.slice(0, 60);
  const [, host, rest] = found;
  const file = rest.slice(rest.split('?', 1)[0].lastIndexOf('/') + 1);
  return file === '' ? host : file.slice(0, 120);
}

/** Frames of the compositor of the page's process: its own thread, or the main thread where Chrome runs it there. */
function collectFrames({ threads, slices, strings, bounds, marks }: TraceTables, page: PageLoad): NewItem[] {
  if (page.mainThread < 0) return [];
  const pid = threads.pid[page.mainThread];
  const compositor = THREAD_ROLES.indexOf('compositor');
  const isBegin = strings.find('BeginFrame');
  const isDraw = strings.find('DrawFrame');
  const isDrop = strings.find('DroppedFrame');
  const partial = new Set(
    marks
      .filter(
        (mark) => mark.name === 'DroppedFrame' && mark.pid === pid && mark.args.hasPartialUpdate === true,
      )
      .map(({ time }) => time),
  );
  const moments: FrameMoment[] = [];
  for (let thread = 0; thread < threads.length; thread++) {
    if (threads.pid[thread] !== pid || (threads.role[thread] !== compositor && thread !== page.mainThread))
      continue;
    for (let row = threads.firstSlice[thread]; row < threads.endSlice[thread]; row++) {
      const name = slices.name[row];
      if ((slices.flags[row] & SLICE_INSTANT) === 0) continue;
      if (name === isBegin || name === isDraw || name === isDrop)
        moments.push({ time: slices.start[row], name, isPartial: partial.has(slices.start[row]) });
    }
  }
  moments.sort((a, b) => a.time - b.time);
  return joinFrames(moments, { isBegin, isDraw, isDrop }, bounds.end);
}

interface FrameMoment {
  readonly time: Micros;
  readonly name: number;
  readonly isPartial: boolean;
}

/** Begins that were drawn or dropped, each to the next begin; a frame begun and left out is a pause. */
function joinFrames(
  moments: readonly FrameMoment[],
  { isBegin, isDraw, isDrop }: { readonly isBegin: number; readonly isDraw: number; readonly isDrop: number },
  traceEnd: number,
): NewItem[] {
  const frames: NewItem[] = [];
  let begun = -1;
  let state: 'begun' | 'drawn' | 'partial' | 'dropped' = 'begun';
  const close = (end: number): void => {
    if (begun < 0 || state === 'begun') return;
    const isDropped = state === 'dropped';
    const isPartial = state === 'partial';
    frames.push({
      track: 'frames',
      start: begun,
      settled: begun,
      end,
      title: isDropped ? 'Dropped frame' : isPartial ? 'Partially presented frame' : 'Frame',
      category: isDropped ? 'rendering' : 'painting',
      endInferred: false,
      source: { kind: 'frame', isDropped, isPartial },
    });
  };
  for (const { time, name, isPartial } of moments) {
    if (name === isBegin) {
      close(time);
      begun = time;
      state = 'begun';
    } else if (name === isDraw && state !== 'drawn') state = 'drawn';
    else if (name === isDrop && state === 'begun') state = isPartial ? 'partial' : 'dropped';
  }
  // The last frame has no next: it is taken for one of 60 a second.
  close(Math.min(traceEnd, begun + 1e6 / 60));
  return frames;
}

/** Chrome gives durations in ms, rounded to 8 (event timing), and moments in ms since the page's time origin. */
function collectInteractions({ marks }: TraceTables, { others }: PageLoad): NewItem[] {
  const byInteraction = new Map<string, InputEvent[]>();
  for (const mark of marks) {
    if (mark.name !== 'EventTiming' || isElsewhere(others, mark.pid)) continue;
    const data = dataOf(mark);
    const interaction = number(data, 'interactionId') ?? 0;
    const duration = number(data, 'duration') ?? 0;
    if (interaction <= 0 || duration <= 0) continue;
    const key = `${mark.pid} ${interaction}`;
    const events = byInteraction.get(key) ?? [];
    events.push(readInputEvent(mark, data, duration * 1000));
    byInteraction.set(key, events);
  }
  return [...byInteraction.values()].map(itemOfInteraction);
}

/** Times on the trace's clock. */
interface InputEvent {
  readonly type: string;
  readonly start: Micros;
  readonly end: Micros;
  readonly handled: { readonly start: number; readonly end: number };
}

function readInputEvent(mark: Mark, data: ReturnType<typeof dataOf>, duration: number): InputEvent {
  const stamp = number(data, 'timeStamp') ?? 0;
  const processingStart = number(data, 'processingStart') ?? stamp;
  const processingEnd = number(data, 'processingEnd') ?? processingStart;
  // Of the document's clock it is the distances that count.
  const start = mark.time + Math.max(0, processingStart - stamp) * 1000;
  return {
    type: text(data, 'type') ?? '',
    start: mark.time,
    end: mark.time + duration,
    handled: { start, end: start + Math.max(0, processingEnd - processingStart) * 1000 },
  };
}

/** Events that waited for the same picture end together: Chrome tells durations to 8 ms. */
const SAME_PICTURE_MICROS = 8_000;

/**
 * A press is several events (pointerdown, pointerup, click) that often wait for one picture: its parts are those of all of
 * them, from the first handler to the last, and it is called after the one whose handlers took most.
 */
function itemOfInteraction(events: readonly InputEvent[]): NewItem {
  const longest = events.reduce((one, other) =>
    other.end - other.start > one.end - one.start ? other : one,
  );
  const { start, end } = longest;
  const together = events.filter((each) => Math.abs(each.end - end) <= SAME_PICTURE_MICROS);
  const within = (time: number): number => Math.max(start, Math.min(end, time));
  const first = within(Math.min(...together.map(({ handled }) => handled.start)));
  const last = within(Math.max(...together.map(({ handled }) => handled.end)));
  const tookOf = ({ handled }: InputEvent): number => handled.end - handled.start;
  const busiest = together.reduce((one, other) => (tookOf(other) > tookOf(one) ? other : one), longest);
  return {
    track: 'interactions',
    start,
    settled: first,
    end,
    title: /^key/.test(longest.type) ? 'Keyboard' : 'Pointer',
    category: 'scripting',
    endInferred: false,
    source: {
      kind: 'interaction',
      parts: {
        eventType: busiest.type,
        inputDelay: first - start,
        processing: last - first,
        presentation: end - last,
      },
    },
  };
}

/** What Chrome itself writes as user timings: names of the Navigation and Resource Timing APIs, and of paints. */
const CHROME_TIMINGS = [
  ...['redirectStart', 'redirectEnd', 'fetchStart', 'workerStart', 'domainLookupStart', 'domainLookupEnd'],
  ...['connectStart', 'secureConnectionStart', 'connectEnd', 'requestStart', 'responseStart', 'responseEnd'],
  ...['unloadEventStart', 'unloadEventEnd', 'commitNavigationEnd', 'domLoading', 'domInteractive'],
  ...[
    'domContentLoadedEventStart',
    'domContentLoadedEventEnd',
    'domComplete',
    'loadEventStart',
    'loadEventEnd',
  ],
  ...[
    'firstLayout',
    'firstPaint',
    'firstTextPaint',
    'firstImagePaint',
    'firstContentfulPaint',
    'firstMeaningfulPaint',
  ],
  ...['clearMarks', 'clearMeasures'],
];

type TimingRows = Pick<TraceTables['asyncSlices'], 'name' | 'traceCategory' | 'start' | 'duration' | 'flags'>;

/** Of `blink.user_timing` and `blink.console`, without Chrome's own milestones (whose trace category has more words). */
function collectTimings(tables: TraceTables, { others }: PageLoad, custom: CustomTracks): NewItem[] {
  const { asyncSlices, slices, strings, threads, marks } = tables;
  const isTiming = new Uint8Array(strings.length);
  for (const category of ['blink.user_timing', 'blink.console']) {
    const row = strings.find(category);
    if (row >= 0) isTiming[row] = 1;
  }
  const milestones = new Set(CHROME_TIMINGS);
  for (const mark of marks) if (!isUserTiming(mark) && mark.name !== ANIMATION) milestones.add(mark.name);
  const items: NewItem[] = custom.moments.map(itemOfMoment);
  const add = (table: TimingRows, row: number, pid: number): void => {
    if (isElsewhere(others, pid)) return;
    const title = strings.get(table.name[row]);
    const start = table.start[row];
    if (milestones.has(title) || title.startsWith('ConsoleMessage')) return;
    if (custom.told.has(timingKey(title, start))) return;
    items.push({
      track: 'timings',
      start,
      settled: start,
      end: start + table.duration[row],
      title,
      category: 'scripting',
      endInferred: (table.flags[row] & SLICE_END_INFERRED) !== 0,
      source: { kind: 'timing', traceCategory: strings.get(table.traceCategory[row]), custom: null },
    });
  };
  for (let row = 0; row < asyncSlices.length; row++) {
    if (isTiming[asyncSlices.traceCategory[row]] === 1) add(asyncSlices, row, asyncSlices.pid[row]);
  }
  for (let row = 0; row < slices.length; row++) {
    if (isTiming[slices.traceCategory[row]] === 1 && (slices.flags[row] & SLICE_INSTANT) !== 0)
      add(slices, row, threads.pid[slices.thread[row]]);
  }
  return items;
}

const itemOfMoment = (moment: CustomMoment): NewItem => ({
  track: 'timings',
  start: moment.start,
  settled: moment.start,
  end: moment.end,
  title: moment.name,
  category: 'scripting',
  endInferred: false,
  source: {
    kind: 'timing',
    traceCategory: moment.writtenBy === 'mark' ? 'blink.user_timing' : 'blink.console',
    custom: moment,
  },
});

function collectShifts({ marks, threads }: TraceTables, page: PageLoad): NewItem[] {
  if (page.mainThread < 0) return [];
  const pid = threads.pid[page.mainThread];
  return marks
    .filter((mark) => mark.name === 'LayoutShift' && mark.pid === pid)
    .map((mark) => {
      const data = dataOf(mark);
      const score = number(data, 'weighted_score_delta') ?? number(data, 'score') ?? 0;
      return {
        track: 'layout-shifts',
        start: mark.time,
        settled: mark.time,
        end: mark.time,
        title: `Shift ${score.toFixed(4)}`,
        category: 'rendering',
        endInferred: false,
        source: { kind: 'shift', score, hadRecentInput: data.had_recent_input === true },
      };
    });
}

function collectAnimationItems(tables: TraceTables, { others }: PageLoad): NewItem[] {
  return collectAnimations(tables, (pid) => !isElsewhere(others, pid)).map((animation) => ({
    track: 'animations',
    start: animation.start,
    settled: animation.start,
    end: animation.end,
    title: animation.name || animation.target || 'Animation',
    category: 'rendering',
    endInferred: animation.endInferred,
    source: { kind: 'animation', animation },
  }));
}

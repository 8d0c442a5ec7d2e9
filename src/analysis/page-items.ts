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
 */
import { runThrough, type Steps } from '../base/index.ts';
import type { TraceTables } from '../trace/index.ts';
import { collectAnimations } from './animations.ts';
import { dataOf, number } from './arguments.ts';
import { collectAsyncTracks } from './async-tracks.ts';
import type { Category } from './categories.ts';
import type { PageLoad } from './contract.ts';
import { type CustomEntry, collectCustomTracks } from './custom-tracks.ts';
import { collectFrames } from './frame-items.ts';
import { collectInteractions } from './interaction-items.ts';
import { describeRequestsInSteps, type LoadRequest } from './load-facts.ts';
import { isElsewhere } from './other-pages.ts';
import type { NewItem, PageItem } from './page-item.ts';
import { collectRequests } from './requests.ts';
import { collectTimings } from './timing-items.ts';

export const collectPageItems = (tables: TraceTables, page: PageLoad): PageItem[] =>
  runThrough(
    collectPageItemsInSteps(
      tables,
      page,
      runThrough(describeRequestsInSteps(tables, collectRequests(tables, page))),
    ),
  );

/** `requests`: all of the page, which may be a hundred thousand, and have been described before. */
export function* collectPageItemsInSteps(
  tables: TraceTables,
  page: PageLoad,
  requests: readonly LoadRequest[],
): Steps<PageItem[]> {
  const byStart = (one: NewItem, other: NewItem): number => one.start - other.start || other.end - one.end;
  const custom = collectCustomTracks(tables, page);
  yield;
  const items = itemsOfRequests(tables, requests).sort(byStart);
  yield;
  for (const collect of [
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
  yield;
  const initiators = findInitiatorItems(items);
  yield;
  // In place: nobody else has them yet, and there may be a hundred thousand.
  return items.map((item, at) => Object.assign(item, { initiator: initiators[at] }));
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

function itemsOfRequests(tables: TraceTables, requests: readonly LoadRequest[]): NewItem[] {
  return requests.map((request) => {
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

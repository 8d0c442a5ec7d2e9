/**
 * Navigations of outermost main frames to real pages, as their renderers tell them.
 * In: trace tables. Out: navigations by start. Refuses about:blank and pages inside the page (an SVG image has a main
 * frame of its own, but no URL).
 *
 * Chrome says it in three ways; the first that says anything is taken:
 *  - `navigationStart` with the document's URL and `isOutermostMainFrame` (Chrome 100), `isLoadingMainFrame` (66).
 *  - `CommitLoad` with `isMainFrame` and a URL: tells which frame is the page's; its `navigationStart`s are the starts.
 *  - `TracingStartedInPage` (Chrome before 71): its `page` is the page's frame.
 */
import { lowerBound } from '../base/index.ts';
import type { Mark, TraceTables } from '../trace/index.ts';
import { asFields, dataOf, flag, text } from './arguments.ts';

/** One navigation of an outermost main frame. */
export interface Navigation {
  readonly frame: string;
  readonly url: string;
  /** '' where the renderer gives none. */
  readonly navigationId: string;
  readonly start: number;
  /** When the renderer put the document in place of the one before; `start` where that is not recorded. */
  readonly committed: number;
  readonly pid: number;
  readonly tid: number;
}

export function collectNavigations(tables: TraceTables): Navigation[] {
  const told = collectTold(tables.marks);
  const navigations = told.length > 0 ? told : collectFromFrames(tables.marks);
  return navigations.sort((a, b) => a.start - b.start);
}

/** The thread that Chrome before 71 said to be the page's. */
export function findPageThread(marks: readonly Mark[]): Mark | undefined {
  return marks.findLast((mark) => mark.name === 'TracingStartedInPage');
}

function collectTold(marks: readonly Mark[]): Navigation[] {
  const navigations: Navigation[] = [];
  const commits = findCommits(marks);
  for (const mark of marks) {
    if (mark.name !== 'navigationStart') continue;
    const data = dataOf(mark);
    const url = text(data, 'documentLoaderURL') ?? '';
    const isOutermost = flag(data, 'isOutermostMainFrame') ?? flag(data, 'isLoadingMainFrame') ?? false;
    if (isOutermost && isRealPage(url)) navigations.push(makeNavigation(commits, mark, url));
  }
  return navigations;
}

/** `commits` are in time order: the first at or after the start put this document in place. */
function makeNavigation(commits: Commits, mark: Mark, url: string): Navigation {
  const frame = text(mark.args, 'frame') ?? '';
  const times = commits.get(commitKey(mark.pid, frame)) ?? [];
  return {
    frame,
    url,
    navigationId: text(dataOf(mark), 'navigationId') ?? '',
    start: mark.time,
    committed: times[lowerBound(times, mark.time)] ?? mark.time,
    pid: mark.pid,
    tid: mark.tid,
  };
}

/** Old traces: first which frame of which process is the page's, then when it was navigated. */
function collectFromFrames(marks: readonly Mark[]): Navigation[] {
  const navigations: Navigation[] = [];
  const commits = findCommits(marks);
  const frames = collectPageFrames(marks);
  const started = new Set<string>();
  for (const mark of marks) {
    if (mark.name !== 'navigationStart') continue;
    const frame = text(mark.args, 'frame') ?? '';
    const page = frames.get(frame);
    if (page?.pid !== mark.pid) continue;
    started.add(frame);
    navigations.push(makeNavigation(commits, mark, page.url));
  }
  for (const [frame, { pid, tid, url, time }] of frames) {
    if (started.has(frame) || time === null) continue;
    navigations.push({ frame, url, navigationId: '', start: time, committed: time, pid, tid });
  }
  return navigations;
}

interface PageFrame {
  readonly pid: number;
  readonly tid: number;
  readonly url: string;
  /** When a document was put in place; null where none was while recording. */
  readonly time: number | null;
}

/** Frame id → where it lives; the last that is said of a frame counts. */
function collectPageFrames(marks: readonly Mark[]): Map<string, PageFrame> {
  const frames = new Map<string, PageFrame>();
  const started = findPageThread(marks);
  const page = started === undefined ? undefined : text(dataOf(started), 'page');
  if (started !== undefined && page !== undefined) {
    const known = dataOf(started).frames;
    const own = Array.isArray(known) ? known.map(asFields).find((frame) => frame.frame === page) : undefined;
    const url = (own && text(own, 'url')) ?? '';
    frames.set(page, { pid: started.pid, tid: started.tid, url, time: null });
  }
  for (const mark of marks) {
    if (mark.name !== 'CommitLoad') continue;
    const data = dataOf(mark);
    const frame = text(data, 'frame');
    const url = text(data, 'url') ?? '';
    const isOutermost = flag(data, 'isOutermostMainFrame') ?? flag(data, 'isMainFrame') ?? false;
    if (frame === undefined || !isOutermost || !isRealPage(url)) continue;
    frames.set(frame, { pid: mark.pid, tid: mark.tid, url, time: mark.time });
  }
  return frames;
}

/** `pid frame` → when documents were put in place there. */
type Commits = ReadonlyMap<string, readonly number[]>;
const commitKey = (pid: number, frame: string): string => `${pid} ${frame}`;

/** Commits of a real page, or of one whose URL is not told, in time order. */
function findCommits(marks: readonly Mark[]): Commits {
  const commits = new Map<string, number[]>();
  for (const mark of marks) {
    if (mark.name !== 'CommitLoad') continue;
    const url = text(dataOf(mark), 'url');
    if (url !== undefined && !isRealPage(url)) continue;
    const key = commitKey(mark.pid, text(dataOf(mark), 'frame') ?? '');
    const times = commits.get(key);
    if (times === undefined) commits.set(key, [mark.time]);
    else times.push(mark.time);
  }
  return commits;
}

function isRealPage(url: string): boolean {
  return url !== '' && !url.startsWith('about:');
}

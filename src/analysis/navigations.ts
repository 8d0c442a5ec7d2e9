/**
 * Navigations of outermost main frames to real pages, as their renderers tell them.
 * In: trace tables. Out: navigations by start. Refuses about:blank, pages inside the page (an SVG image has a main
 * frame of its own, but no URL), and pages that were prerendered and never shown.
 *
 * A page that was loaded ahead of time (prerendered) has a frame and mostly a process of its own. It is the page's once
 * it is shown: its renderer marks `activationStart`, and that is when its load begins for whoever waits for it. Until
 * then only the browser process knows that it is none (`FrameCommittedInBrowser` with `isInPrimaryMainFrame: false`).
 *
 * Chrome says it in three ways; the first that says anything is taken:
 *  - `navigationStart` with the document's URL and `isOutermostMainFrame` (Chrome 100), `isLoadingMainFrame` (66); and
 *    each `CommitLoad` of such a frame that none of them explains.
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
  /** When the navigation began; for a prerendered page, when it was shown. */
  readonly start: number;
  /** When a prerendered page that was shown began to load; null for all others. */
  readonly prerendered: number | null;
  /** When the renderer put the document in place of the one before; `start` where that is not recorded. */
  readonly committed: number;
  readonly pid: number;
  readonly tid: number;
}

export function collectNavigations(tables: TraceTables): Navigation[] {
  const told = collectTold(tables.marks);
  const navigations =
    told.length > 0 ? [...told, ...collectUntold(tables, told)] : collectFromFrames(tables.marks);
  const activations = collectActivations(tables.marks);
  const hidden = collectHiddenFrames(tables.marks);
  const shown: Navigation[] = [];
  for (const navigation of navigations) {
    const { frame, pid, start, committed } = navigation;
    const span = hidden.get(frame);
    // The browser says so a moment before the renderer begins, or only with the document.
    const isHidden = span !== undefined && Math.max(start, committed) >= span.from && start < span.until;
    const activated = activations.get(frameKey(pid, frame)) ?? (isHidden ? span.until : undefined);
    if (activated !== Number.POSITIVE_INFINITY) shown.push(showAtActivation(navigation, activated));
  }
  return shown.sort((a, b) => a.start - b.start);
}

/** `pid frame` → when its renderer showed the prerendered page in it. */
function collectActivations(marks: readonly Mark[]): Map<string, number> {
  const activations = new Map<string, number>();
  for (const mark of marks) {
    // A page may call a mark of its own so: Chrome's has phase R and names the frame.
    if (mark.name !== 'activationStart' || mark.phase !== 'R') continue;
    activations.set(frameKey(mark.pid, text(mark.args, 'frame') ?? ''), mark.time);
  }
  return activations;
}

/** Since when the browser process says that a frame is not what the tab shows, and until when. */
interface HiddenSpan {
  readonly from: number;
  until: number;
}

function collectHiddenFrames(marks: readonly Mark[]): ReadonlyMap<string, HiddenSpan> {
  const hidden = new Map<string, HiddenSpan>();
  for (const mark of marks) {
    if (mark.name !== 'FrameCommittedInBrowser') continue;
    const data = dataOf(mark);
    if (flag(data, 'isOutermostMainFrame') !== true) continue;
    const frame = text(data, 'frame') ?? '';
    const known = hidden.get(frame);
    if (flag(data, 'isInPrimaryMainFrame') === false) {
      if (known === undefined) hidden.set(frame, { from: mark.time, until: Number.POSITIVE_INFINITY });
    } else if (known !== undefined) known.until = Math.min(known.until, mark.time);
  }
  return hidden;
}

/** The load that was under way in a frame when it was shown begins then; later ones are usual navigations. */
function showAtActivation(navigation: Navigation, shown: number | undefined): Navigation {
  if (shown === undefined || navigation.start > shown) return navigation;
  return { ...navigation, start: shown, prerendered: navigation.start };
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

/**
 * Documents of outermost main frames that no `navigationStart` tells of: a process that a navigation across sites has
 * just started is traced a moment too late for it. Their process then has an async event `Navigation: URL` that begins
 * when the navigation did; where it has none, either, the load is taken to begin with its document.
 */
function collectUntold(tables: TraceTables, told: readonly Navigation[]): Navigation[] {
  const known = new Set(told.map(({ pid, frame, committed }) => `${frameKey(pid, frame)} ${committed}`));
  const untold: Navigation[] = [];
  let starts: ReadonlyMap<string, readonly number[]> | null = null;
  for (const mark of tables.marks) {
    if (mark.name !== 'CommitLoad') continue;
    const data = dataOf(mark);
    const frame = text(data, 'frame') ?? '';
    const url = text(data, 'url') ?? '';
    const isOutermost = flag(data, 'isOutermostMainFrame') ?? flag(data, 'isMainFrame') ?? false;
    if (!isOutermost || !isRealPage(url) || known.has(`${frameKey(mark.pid, frame)} ${mark.time}`)) continue;
    const { pid, tid, time } = mark;
    starts ??= collectNavigationEvents(tables);
    const own = starts.get(`${pid} ${NAVIGATION_EVENT}${url}`) ?? [];
    const start = own[lowerBound(own, time) - 1] ?? time;
    untold.push({ frame, url, navigationId: '', start, prerendered: null, committed: time, pid, tid });
  }
  return untold;
}

const NAVIGATION_EVENT = 'Navigation: ';

/** `pid name` → when its async events `Navigation: URL` begin, in time order. */
function collectNavigationEvents({ asyncSlices, strings }: TraceTables): Map<string, number[]> {
  const starts = new Map<string, number[]>();
  const isNavigation = Uint8Array.from(strings.texts, (text) => (text.startsWith(NAVIGATION_EVENT) ? 1 : 0));
  for (let row = 0; row < asyncSlices.length; row++) {
    if (isNavigation[asyncSlices.name[row]] === 0) continue;
    const key = `${asyncSlices.pid[row]} ${strings.get(asyncSlices.name[row])}`;
    const own = starts.get(key);
    if (own === undefined) starts.set(key, [asyncSlices.start[row]]);
    else own.push(asyncSlices.start[row]);
  }
  return starts;
}

/** `commits` are in time order: the first at or after the start put this document in place. */
function makeNavigation(commits: Commits, mark: Mark, url: string): Navigation {
  const frame = text(mark.args, 'frame') ?? '';
  const times = commits.get(frameKey(mark.pid, frame)) ?? [];
  return {
    frame,
    url,
    navigationId: text(dataOf(mark), 'navigationId') ?? '',
    start: mark.time,
    prerendered: null,
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
    navigations.push({
      frame,
      url,
      navigationId: '',
      start: time,
      prerendered: null,
      committed: time,
      pid,
      tid,
    });
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
const frameKey = (pid: number, frame: string): string => `${pid} ${frame}`;

/** Commits of a real page, or of one whose URL is not told, in time order. */
function findCommits(marks: readonly Mark[]): Commits {
  const commits = new Map<string, number[]>();
  for (const mark of marks) {
    if (mark.name !== 'CommitLoad') continue;
    const url = text(dataOf(mark), 'url');
    if (url !== undefined && !isRealPage(url)) continue;
    const key = frameKey(mark.pid, text(dataOf(mark), 'frame') ?? '');
    const times = commits.get(key);
    if (times === undefined) commits.set(key, [mark.time]);
    else times.push(mark.time);
  }
  return commits;
}

function isRealPage(url: string): boolean {
  return url !== '' && !url.startsWith('about:');
}

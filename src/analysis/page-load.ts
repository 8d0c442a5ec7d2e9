/**
 * Which page a trace is about, which thread is its main thread, and when its load begins and ends.
 * In: trace tables. Out: {@link PageLoad}.
 *
 * The rules, first that answers:
 *  1. The last navigation of an outermost main frame to something other than about:blank, as the renderer tells it
 *     (`navigationStart`, `CommitLoad`): its thread is the main thread, its start begins the page window. Renderer
 *     events only, so a trace with the browser process and one without answer the same. A page that was prerendered
 *     begins when it is shown, and is none before (navigations.ts).
 *  2. DevTools' rule: the main frame that `TracingStartedInBrowser` names; the main thread of the last process that
 *     rendered it. No navigation was recorded then, and there is no page window.
 *  3. Chrome before 71: the thread of the last `TracingStartedInPage`.
 *  4. None: the trace has no page.
 * The window ends with the trace, or when the page was left for one that comes back from the back/forward cache: that is
 * not loaded, only the browser process tells of it, and the last load stays the trace's page. docs/page-load.md has the
 * rules with their proofs.
 * Outermost main frames are told by `isOutermostMainFrame` (Chrome 100 and later), before that by
 * `isLoadingMainFrame` / `isMainFrame`. Pages inside the page (an SVG image has a main frame, too) have no URL.
 */
import { runThrough, type Steps } from '../base/index.ts';
import { type Mark, THREAD_ROLES, type TraceTables } from '../trace/index.ts';
import { asFields, dataOf, flag, number, text } from './arguments.ts';
import type { PageLoad, TimeRange } from './contract.ts';
import { collectMilestones } from './milestones.ts';
import { collectNavigations, findPageThread, type Navigation } from './navigations.ts';
import { collectFramesOfTab, findOtherPages, isOfBrowser, NO_OTHER_PAGES } from './other-pages.ts';

const NO_PAGE: PageLoad = {
  mainThread: -1,
  url: '',
  window: null,
  milestones: [],
  onMainFrame: new Set(),
  urlOfProcess: new Map(),
  others: NO_OTHER_PAGES,
};

export const findPageLoad = (tables: TraceTables): PageLoad => runThrough(findPageInSteps(tables));

export function* findPageInSteps(tables: TraceTables): Steps<PageLoad> {
  // They are made when they are first asked for.
  const { marks } = tables;
  yield;
  const navigations = collectNavigations(tables);
  const last = lastOfPage(navigations, marks);
  yield;
  const frames = collectFrames(marks);
  yield;
  const mainFrame = last?.frame ?? frames.mainFrame;
  const urlOfProcess = urlsOfProcesses(frames.visits, mainFrame);
  const others = findOtherPages(marks, mainFrame);
  const pids = processesOf(frames.visits, mainFrame);
  const onMainFrame = new Set<number>();
  for (let row = 0; row < tables.threads.length; row++) {
    if (pids.includes(tables.threads.pid[row])) onMainFrame.add(row);
  }
  if (last !== undefined) {
    return {
      mainThread: findThread(tables, last.pid, last.tid),
      url: last.url,
      window: clampToTrace(last.start, findLeaving(marks, last), tables),
      milestones: collectMilestones(tables, last),
      onMainFrame,
      urlOfProcess,
      others,
    };
  }
  const rendered = mainThreadOf(tables, pids);
  const mainThread = rendered >= 0 ? rendered : oldMainThread(tables);
  if (mainThread < 0) return { ...NO_PAGE, urlOfProcess };
  const url = urlOfProcess.get(tables.threads.pid[mainThread]) ?? '';
  return { mainThread, url, window: null, milestones: [], onMainFrame, urlOfProcess, others };
}

/**
 * The last navigation: of the tab that the browser process says was traced; where it does not say, of a page that is not
 * the browser's own.
 */
function lastOfPage(navigations: readonly Navigation[], marks: readonly Mark[]): Navigation | undefined {
  const ofTab = collectFramesOfTab(marks);
  return (
    navigations.findLast(({ frame }) => ofTab.has(frame)) ??
    navigations.findLast(({ url }) => !isOfBrowser(url)) ??
    navigations.at(-1)
  );
}

/** A process that rendered a document of a frame. */
interface FrameVisit {
  readonly frame: string;
  readonly pid: number;
  readonly url: string;
}

/** DevTools' rule: every process that a frame is said to live in, and the frame that is the page's. */
function collectFrames(marks: readonly Mark[]): { visits: FrameVisit[]; mainFrame: string } {
  const visits: FrameVisit[] = [];
  let mainFrame = '';
  for (const mark of marks) {
    if (mark.name === 'TracingStartedInBrowser') {
      const frames = dataOf(mark).frames;
      for (const entry of Array.isArray(frames) ? frames : []) {
        const frame = asFields(entry);
        addVisit(visits, frame, number(frame, 'processId'));
        if (isMainFrame(frame)) mainFrame = text(frame, 'frame') ?? mainFrame;
      }
    } else if (mark.name === 'FrameCommittedInBrowser') {
      addVisit(visits, dataOf(mark), number(dataOf(mark), 'processId'));
    } else if (mark.name === 'CommitLoad') {
      addVisit(visits, dataOf(mark), mark.pid);
    }
  }
  return { visits, mainFrame };
}

/** `isInPrimaryMainFrame` since June 2024, `isOutermostMainFrame` since April 2024; before, the frame without parent. */
function isMainFrame(frame: ReturnType<typeof asFields>): boolean {
  const outermost = flag(frame, 'isOutermostMainFrame');
  const primary = flag(frame, 'isInPrimaryMainFrame');
  if (outermost !== undefined) return outermost && primary !== false;
  return frame.parent === undefined && (text(frame, 'url') ?? '') !== '';
}

function addVisit(visits: FrameVisit[], frame: ReturnType<typeof asFields>, pid: number | undefined): void {
  const id = text(frame, 'frame');
  if (id === undefined || pid === undefined) return;
  visits.push({ frame: id, pid, url: text(frame, 'url') ?? '' });
}

/** The last document of the page's own frame; in other processes the first that is not about:blank, else the first. */
function urlsOfProcesses(visits: readonly FrameVisit[], mainFrame: string): Map<number, string> {
  const urls = new Map<number, string>();
  const withPage = new Set<number>();
  for (const { frame, pid, url } of visits) {
    const isPage = frame === mainFrame && isDocument(url);
    if (isPage) withPage.add(pid);
    if (isPage || (!withPage.has(pid) && !isDocument(urls.get(pid) ?? ''))) urls.set(pid, url);
  }
  return urls;
}

const isDocument = (url: string): boolean => url !== '' && url !== 'about:blank';

/** Processes that rendered `frame`, in the order in which they did. */
function processesOf(visits: readonly FrameVisit[], frame: string): number[] {
  return visits.filter((visit) => visit.frame === frame && frame !== '').map((visit) => visit.pid);
}

function findThread(tables: TraceTables, pid: number, tid: number): number {
  const { threads } = tables;
  for (let row = 0; row < threads.length; row++) {
    if (threads.pid[row] === pid && threads.tid[row] === tid) return row;
  }
  return -1;
}

/** The main thread of the last of these processes that has one. */
function mainThreadOf(tables: TraceTables, pids: readonly number[]): number {
  const { threads } = tables;
  const main = THREAD_ROLES.indexOf('main');
  for (const pid of [...pids].reverse()) {
    for (let row = 0; row < threads.length; row++) {
      if (threads.pid[row] === pid && threads.role[row] === main) return row;
    }
  }
  return -1;
}

function oldMainThread(tables: TraceTables): number {
  const thread = findPageThread(tables.marks);
  return thread === undefined ? -1 : findThread(tables, thread.pid, thread.tid);
}

/**
 * When the page was left for another that was not loaded (the back/forward cache gave it): the second document that the
 * browser put into its frame since the load began. Infinity where it stayed, or no browser process tells.
 */
function findLeaving(marks: readonly Mark[], { frame, start, url }: Navigation): number {
  const commits = marks.filter(
    (mark) =>
      mark.name === 'FrameCommittedInBrowser' && mark.time >= start && text(dataOf(mark), 'frame') === frame,
  );
  const leaving = commits.slice(1).find((mark) => text(dataOf(mark), 'url') !== url);
  return leaving?.time ?? Number.POSITIVE_INFINITY;
}

function clampToTrace(start: number, end: number, { bounds }: TraceTables): TimeRange {
  const from = Math.min(Math.max(start, bounds.start), bounds.end);
  return { start: from, end: Math.max(from, Math.min(end, bounds.end)) };
}

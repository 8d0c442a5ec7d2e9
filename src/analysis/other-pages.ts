/**
 * What a trace of a whole browser holds of pages beside the one that it is about: other tabs, and the browser's own pages
 * (`chrome://…`), which load in processes of their own whenever it pleases them.
 * In: marks, the page's frame. Out: {@link OtherPages}. What nothing tells to be another page's is taken for the page's:
 * its frames of other sites, its workers, whatever the browser process does for it.
 */
import type { Mark } from '../trace/index.ts';
import { asFields, dataOf, flag, text } from './arguments.ts';

export interface OtherPages {
  /** Outermost main frames that are not the page's. */
  readonly frames: ReadonlySet<string>;
  /** Processes that render such a frame, and none of the page's tab. */
  readonly pids: ReadonlySet<number>;
}

export const NO_OTHER_PAGES: OtherPages = { frames: new Set(), pids: new Set() };

/** Whether something that happened in process `pid`, for frame `frame` where that is known, is of another page. */
export const isElsewhere = ({ frames, pids }: OtherPages, pid: number, frame = ''): boolean =>
  pids.has(pid) || frames.has(frame);

/** Frames that the browser process names: it tells of the tab alone that the trace was asked for. */
export function collectFramesOfTab(marks: readonly Mark[]): Set<string> {
  const frames = new Set<string>();
  for (const mark of marks) {
    if (mark.name === 'FrameCommittedInBrowser') frames.add(text(dataOf(mark), 'frame') ?? '');
    if (mark.name !== 'TracingStartedInBrowser') continue;
    const told = dataOf(mark).frames;
    for (const each of Array.isArray(told) ? told : []) frames.add(text(asFields(each), 'frame') ?? '');
  }
  frames.delete('');
  return frames;
}

export function findOtherPages(marks: readonly Mark[], mainFrame: string): OtherPages {
  if (mainFrame === '') return NO_OTHER_PAGES;
  const ofTab = collectFramesOfTab(marks).add(mainFrame);
  const frames = new Set<string>();
  const pids = new Set<number>();
  const ofPage = new Set<number>();
  for (const mark of marks) {
    if (mark.name !== 'CommitLoad') continue;
    const data = dataOf(mark);
    const frame = text(data, 'frame') ?? '';
    if (ofTab.has(frame)) ofPage.add(mark.pid);
    else if (frame !== '' && isMainFrame(data) && (text(data, 'url') ?? '') !== '') {
      frames.add(frame);
      pids.add(mark.pid);
    }
  }
  for (const pid of ofPage) pids.delete(pid);
  return { frames, pids };
}

const isMainFrame = (data: Readonly<Record<string, unknown>>): boolean =>
  flag(data, 'isOutermostMainFrame') ?? flag(data, 'isMainFrame') ?? false;

/** Addresses of the browser itself: its new tab, its search box, DevTools, extensions. */
export const isOfBrowser = (url: string): boolean =>
  /^(chrome|chrome-untrusted|chrome-search|chrome-extension|devtools|edge|brave):/i.test(url);

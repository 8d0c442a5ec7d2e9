/**
 * Which requests are the page's: its own document's, its frames', or of somebody else. A trace of a whole browser holds the
 * requests of other tabs and of the browser's own pages, too.
 * In: the trace's marks. Out: tests for requests. What no mark places in a tree of frames is taken for the page's, where it
 * went over the network.
 */
import { asFields, dataOf, text } from '../arguments.ts';
import type { LoadRequest } from '../load-facts.ts';
import type { InsightInput } from './contract.ts';

export interface PageRequests {
  /** Of the page's own document. */
  readonly isOfDocument: (request: LoadRequest) => boolean;
  /** Of the page or of a frame in it. */
  readonly isOfPage: (request: LoadRequest) => boolean;
}

export function findPageRequests({ tables, page }: InsightInput): PageRequests {
  const frames = new Map<string, string>();
  const parents = new Map<string, string>();
  const bare = page.url.split('#', 1)[0];
  let own = '';
  for (const mark of tables.marks) {
    const data = dataOf(mark);
    if (mark.name === 'ResourceSendRequest') {
      const frame = text(data, 'frame') ?? '';
      frames.set(text(data, 'requestId') ?? '', frame);
      if (text(data, 'url')?.split('#', 1)[0] === bare) own = frame;
    } else if (mark.name === 'FrameCommittedInBrowser') takeParent(parents, data);
    else if (mark.name === 'TracingStartedInBrowser' && Array.isArray(data.frames))
      for (const each of data.frames) takeParent(parents, asFields(each));
  }
  const frameOf = ({ id }: LoadRequest): string => frames.get(id) ?? '';
  return {
    isOfDocument: (request) => own === '' || frameOf(request) === '' || frameOf(request) === own,
    isOfPage(request) {
      if (!/^(https?|wss?):/i.test(request.url)) return false;
      const frame = frameOf(request);
      return own === '' || !parents.has(frame) || rootOf(parents, frame) === rootOf(parents, own);
    },
  };
}

/** '' is the parent of those that have none. */
function takeParent(parents: Map<string, string>, data: Readonly<Record<string, unknown>>): void {
  const frame = text(data, 'frame') ?? '';
  if (frame !== '') parents.set(frame, text(data, 'parent') ?? '');
}

/** Dirty data may go round in circles. */
const MOST_LEVELS = 100;

function rootOf(parents: ReadonlyMap<string, string>, frame: string): string {
  let at = frame;
  for (let level = 0; level < MOST_LEVELS; level++) {
    const parent = parents.get(at) ?? '';
    if (parent === '') break;
    at = parent;
  }
  return at;
}

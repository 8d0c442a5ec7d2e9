/**
 * What happened to the page as a whole, one thing at a time: the items that page-items.ts collects, and their tracks in order.
 * Times are trace-clock microseconds.
 */
import type { Micros } from '../base/index.ts';
import type { PageAnimation } from './animations.ts';
import type { Category } from './categories.ts';
import type { CustomEntry, CustomMoment } from './custom-tracks.ts';
import type { LoadRequest } from './load-facts.ts';

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

/** Before it is known what asked for it. */
export type NewItem = Omit<PageItem, 'initiator'>;

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

/**
 * What analysis/ answers: the shapes that engine/, flame/, panel/ and cli/ build on. Types only.
 * All times are trace-clock microseconds unless named otherwise; all row numbers are rows of the trace tables.
 */
import type { Micros, Millis } from '../base/index.ts';
import type { Category } from './categories.ts';
import type { OtherPages } from './other-pages.ts';

export interface TimeRange {
  readonly start: Micros;
  readonly end: Micros;
}

/** Per slice row, computed once per trace. All arrays have slices.length entries. */
export interface SliceClasses {
  /** Index into CATEGORIES. */
  readonly category: Uint8Array;
  /** 0: DevTools hides it; its time falls to the nearest visible ancestor, and the flame chart does not draw it. */
  readonly visible: Uint8Array;
  /** Microseconds of the slice less its visible children (their hidden ancestors skipped over); 0 for hidden slices. */
  readonly self: Float64Array;
}

/** Milliseconds per category over one thread and range; with `idle` they add up to the range. Every category is there. */
export type Breakdown = Readonly<Record<Category, Millis>>;

export interface Milestone {
  /** navigationStart, firstPaint, firstContentfulPaint, largestContentfulPaint, domContentLoaded, load, … */
  readonly name: string;
  readonly time: Micros;
}

/** Who asked for a request, as Chrome tells it. */
export interface RequestInitiator {
  /** `parser`, `script`, `preload`, `other`, …; '' where Chrome gives none. */
  readonly type: string;
  /** Of the document, style sheet or script; '' unknown. */
  readonly url: string;
  /** As people count, from 1; 0 unknown. */
  readonly line: number;
  readonly column: number;
}

export interface NetworkRequest {
  /** As Chrome numbers it; requests of one trace differ in it. */
  readonly id: string;
  readonly url: string;
  readonly method: string;
  readonly resourceType: string;
  readonly priority: string;
  readonly mimeType: string;
  readonly status: number | null;
  readonly start: Micros;
  readonly responseStart: Micros | null;
  readonly end: Micros | null;
  /** Bytes over the wire (encoded), null when the trace does not say. */
  readonly encodedBytes: number | null;
  /** Of the body, unpacked; null where the trace does not tell. */
  readonly decodedBytes: number | null;
  readonly renderBlocking: string;
  readonly failed: boolean;
  readonly initiator: RequestInitiator;
  readonly pid: number;
}

/** The page that a trace is about. */
export interface PageLoad {
  /** Row in the thread table; -1 where the trace has no page. */
  readonly mainThread: number;
  readonly url: string;
  /** Navigation start of the last outermost-main-frame navigation to the end of the recording; null without one. */
  readonly window: TimeRange | null;
  readonly milestones: readonly Milestone[];
  /** Threads whose process renders (part of) the outermost main frame. */
  readonly onMainFrame: ReadonlySet<number>;
  /** URL per process id, '' unknown. */
  readonly urlOfProcess: ReadonlyMap<number, string>;
  /** What the trace holds of other pages: their requests, timings and interactions are not the page's. */
  readonly others: OtherPages;
}

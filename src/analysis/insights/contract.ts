/**
 * What is worth a look in one page load: a finding with its evidence. Types only.
 * An insight is there only where the trace shows something; its evidence names what it saw and where to find it.
 */
import type { Micros, Millis } from '../../base/index.ts';
import type { TraceTables } from '../../trace/index.ts';
import type { PageLoad, SliceClasses, TimeRange } from '../contract.ts';
import type { Initiators } from '../initiators.ts';
import type { PageItem } from '../page-item.ts';

export const INSIGHT_KINDS = [
  'lcp-parts',
  'render-blocking',
  'long-tasks',
  'forced-layouts',
  'layout-shifts',
  'slow-interactions',
  'garbage-collection',
  'third-parties',
  'large-scripts',
] as const;
export type InsightKind = (typeof INSIGHT_KINDS)[number];

/** What an insight is read from. */
export interface InsightInput {
  readonly tables: TraceTables;
  readonly classes: SliceClasses;
  readonly page: PageLoad;
  readonly items: readonly PageItem[];
  /** Who caused what. */
  readonly initiators: () => Initiators;
  /** The site that an address belongs to where that is not the page's own; null for the page's own and for none. */
  readonly thirdPartyOf: (url: string) => string | null;
  /** The script that a source file became part of, where source maps have been given. */
  readonly scriptOf?: ((url: string) => string) | undefined;
  /**
   * Who asked for a slice by its event's own stack, the innermost first; empty where it has none. Left out where nobody
   * has looked: V8's samples tell the same of the slices that lie in a call.
   */
  readonly stackOf?: ((slice: number) => readonly CalledFunction[]) | undefined;
  /**
   * The address of the script that a slice's event names, '' for none. Left out where nobody has looked: V8's samples tell
   * whose calls they are.
   */
  readonly addressOf?: ((slice: number) => string) | undefined;
}

/** A function and where it ran. */
export interface CalledFunction {
  readonly name: string;
  /** '' where it is not known. */
  readonly url: string;
  /** From 1; 0 unknown. */
  readonly line: number;
}

export interface Evidence {
  /** What it is: a function and its place, an address, a task. */
  readonly text: string;
  /** What it cost; null where it is no time (a shift's score is in its words). */
  readonly millis: Millis | null;
  /** More of it in words, '' for nothing more: `312 times`, `score 0.12`. */
  readonly note: string;
  /** Who called it, the nearest first; empty where nobody is known. */
  readonly callers?: readonly string[];
  /** Where to look. */
  readonly range: TimeRange;
  /** Slice number to select (items of the page count on from the slice table's length); null for the range alone. */
  readonly slice: number | null;
}

export interface Insight {
  readonly kind: InsightKind;
  /** One line, with its figure. */
  readonly title: string;
  /** What the figure means, and what the evidence is. */
  readonly explanation: string;
  /** The worst first; at most {@link MOST_EVIDENCE}. */
  readonly evidence: readonly Evidence[];
  /** Evidence beyond that. */
  readonly leftOut: number;
}

export const MOST_EVIDENCE = 20;

/** The worst first, as many as are listed. */
export function listEvidence(all: readonly Evidence[]): Pick<Insight, 'evidence' | 'leftOut'> {
  const sorted = [...all].sort((a, b) => (b.millis ?? 0) - (a.millis ?? 0));
  return { evidence: sorted.slice(0, MOST_EVIDENCE), leftOut: Math.max(0, all.length - MOST_EVIDENCE) };
}

/** The part of the trace that insights are about: the page's window, all where there is none. */
export function windowOf({ tables, page }: InsightInput): TimeRange {
  return page.window ?? tables.bounds;
}

export const isInside = (time: Micros, { start, end }: TimeRange): boolean => time >= start && time <= end;

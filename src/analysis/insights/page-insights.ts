/**
 * Insights out of what happened to the page: the parts of LCP, requests that block rendering, layout shifts, slow
 * interactions. In: page items and milestones. Out: insights, null where the trace shows nothing.
 */
import type { PageItem } from '../page-items.ts';
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  listEvidence,
  windowOf,
} from './contract.ts';
import { countOf, tellMillis } from './words.ts';

/** As web.dev/articles/optimize-lcp cuts it, for a text: time to first byte, then everything until it was painted. */
export function findLcpParts({ page, items, tables }: InsightInput): Insight | null {
  const timeOf = (name: string): number | undefined =>
    page.milestones.find((milestone) => milestone.name === name)?.time;
  const start = timeOf('navigationStart');
  const painted = timeOf('largestContentfulPaint');
  if (start === undefined || painted === undefined) return null;
  const index = items.findIndex(
    ({ source, start: begun }) =>
      source.kind === 'request' &&
      begun >= start &&
      source.request.url.split('#', 1)[0] === page.url.split('#', 1)[0],
  );
  const firstByte = index < 0 ? null : items[index].settled;
  if (firstByte === null || firstByte < start || firstByte > painted) return null;
  const document = tables.slices.length + index;
  const part = (text: string, from: number, to: number, slice: number | null): Evidence => ({
    text,
    millis: (to - from) / 1000,
    note: `${Math.round((100 * (to - from)) / (painted - start))} %`,
    range: { start: from, end: to },
    slice,
  });
  return {
    kind: 'lcp-parts',
    title: `Largest contentful paint after ${tellMillis(painted - start)}`,
    explanation:
      'From the navigation to the first byte of the document the server and the network are at work; what follows until the largest content is painted is loading and rendering.',
    ...listEvidence([
      part('Until the first byte', start, firstByte, document),
      part('From the first byte to the paint', firstByte, painted, null),
    ]),
  };
}

export function findRenderBlocking(input: InsightInput): Insight | null {
  const { items, tables } = input;
  const window = windowOf(input);
  const evidence = items.flatMap(({ source, start, end, title, endInferred }, index): Evidence[] => {
    if (source.kind !== 'request' || !isInside(start, window) || endInferred) return [];
    // `in_body_parser_blocking` and `potentially_blocking` hold up less than the first paint, or perhaps nothing.
    if (source.request.renderBlocking !== 'blocking') return [];
    const bytes = source.request.encodedBytes;
    return [
      {
        text: title,
        millis: (end - start) / 1000,
        note: bytes === null ? '' : `${(bytes / 1000).toFixed(1)} kB`,
        range: { start, end },
        slice: tables.slices.length + index,
      },
    ];
  });
  if (evidence.length === 0) return null;
  const latest = Math.max(...evidence.map(({ range }) => range.end));
  return {
    kind: 'render-blocking',
    title: `${countOf(evidence.length, 'request')} held up the first paint until ${tellMillis(latest - window.start)}`,
    explanation:
      'Chrome paints nothing before these have come: scripts and style sheets that it marked as blocking.',
    ...listEvidence(evidence),
  };
}

export function findLayoutShifts(input: InsightInput): Insight | null {
  const { items, tables } = input;
  const window = windowOf(input);
  const shifts = items.flatMap((item, index) => {
    const { source } = item;
    if (source.kind !== 'shift' || source.hadRecentInput || !isInside(item.start, window)) return [];
    return [{ item, index, score: source.score }];
  });
  if (shifts.length === 0) return null;
  const total = shifts.reduce((sum, { score }) => sum + score, 0);
  const evidence = [...shifts]
    .sort((one, other) => other.score - one.score)
    .map(({ item, index, score }): Evidence => {
      const cause = lastBefore(items, item);
      return {
        text: cause === null ? 'Layout shift' : `after ${cause.title} had come`,
        millis: null,
        note: `score ${score.toFixed(4)}`,
        range: { start: item.start, end: item.end },
        slice: tables.slices.length + index,
      };
    });
  return {
    kind: 'layout-shifts',
    title: `${countOf(shifts.length, 'layout shift')}, scores add up to ${total.toFixed(3)}`,
    explanation:
      'Content moved without the user having asked. CLS is the worst session of them, not this sum. Where a request ended within 100 ms before, it is named: it may have made room for itself.',
    ...listEvidence(evidence),
  };
}

const CAUSE_MICROS = 100_000;

/** The request that ended last within 100 ms before the shift. */
function lastBefore(items: readonly PageItem[], { start }: PageItem): PageItem | null {
  let last: PageItem | null = null;
  for (const item of items) {
    if (
      item.source.kind !== 'request' ||
      item.endInferred ||
      item.end > start ||
      item.end < start - CAUSE_MICROS
    )
      continue;
    if (last === null || item.end > last.end) last = item;
  }
  return last;
}

/** web.dev/articles/inp: over 200 ms wants a look. */
const SLOW_INTERACTION_MICROS = 200_000;

export function findSlowInteractions(input: InsightInput): Insight | null {
  const { items, tables } = input;
  const window = windowOf(input);
  const evidence = items.flatMap(({ source, start, end }, index): Evidence[] => {
    if (source.kind !== 'interaction' || !isInside(start, window) || end - start <= SLOW_INTERACTION_MICROS)
      return [];
    const { eventType, inputDelay, processing, presentation } = source.parts;
    return [
      {
        text: eventType,
        millis: (end - start) / 1000,
        note: `waited ${tellMillis(inputDelay)}, handlers ${tellMillis(processing)}, paint ${tellMillis(presentation)}`,
        range: { start, end },
        slice: tables.slices.length + index,
      },
    ];
  });
  if (evidence.length === 0) return null;
  return {
    kind: 'slow-interactions',
    title: `${countOf(evidence.length, 'interaction')} slower than 200 ms`,
    explanation:
      'From the input to the next paint, in parts: waiting for the main thread, event handlers, painting.',
    ...listEvidence(evidence),
  };
}

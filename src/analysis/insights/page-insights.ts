/**
 * Insights out of what happened to the page: requests that block rendering, slow interactions.
 * In: page items. Out: insights, null where the trace shows nothing.
 */
import { dataOf, text } from '../arguments.ts';
import type { LoadRequest } from '../load-facts.ts';
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  listEvidence,
  windowOf,
} from './contract.ts';
import { findPageRequests } from './page-requests.ts';
import { countOf, tellMillis } from './words.ts';

export function findRenderBlocking(input: InsightInput): Insight | null {
  const { items, tables, page } = input;
  const window = windowOf(input);
  const painted =
    page.milestones.find(({ name }) => name === 'firstPaint' || name === 'firstContentfulPaint')?.time ??
    window.end;
  const { isOfDocument } = findPageRequests(input);
  const isBlocking = blockingTest(input);
  const evidence = items.flatMap(({ source, start, end, title, endInferred }, index): Evidence[] => {
    if (source.kind !== 'request' || !isInside(start, window) || endInferred) return [];
    // What came after the first paint held up a later one; what a frame asked for, that frame's.
    if (end > painted || !isOfDocument(source.request) || !isBlocking(source.request)) return [];
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
    title: `${countOf(evidence.length, 'request')} held up the first paint until ${tellMillis(Math.min(latest, painted) - window.start)}`,
    explanation:
      'Chrome painted nothing before these had come: style sheets and scripts of the page that it marked as blocking, and those in the body that stopped the parser.',
    ...listEvidence(evidence),
  };
}

/**
 * As DevTools judges it: what Chrome marked as blocking, with the request or later; of those that block the parser in the
 * body, the ones of high priority. `potentially_blocking` may have held up nothing.
 */
function blockingTest({ tables }: InsightInput): (request: LoadRequest) => boolean {
  const later = new Map<string, string>();
  for (const mark of tables.marks) {
    if (mark.name !== 'PreloadRenderBlockingStatusChange') continue;
    const data = dataOf(mark);
    later.set(text(data, 'requestId') ?? '', text(data, 'renderBlocking') ?? '');
  }
  return ({ id, renderBlocking, priority, resourceType }) => {
    const status = later.get(id) || renderBlocking;
    if (status !== 'in_body_parser_blocking') return status === 'blocking';
    return priority === 'VeryHigh' || (resourceType === 'Script' && priority === 'High');
  };
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

/**
 * Insights out of what happened to the page: requests that block rendering, slow interactions.
 * In: page items. Out: insights, null where the trace shows nothing.
 */
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  listEvidence,
  windowOf,
} from './contract.ts';
import { countOf, tellMillis } from './words.ts';

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

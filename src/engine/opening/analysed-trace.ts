/**
 * Trace tables → an open trace, in steps: a long trace takes some tenths of a second.
 * In: the tables, and the recording that they are of. Out: what every question is asked of, what is told of it at once, and
 * a way to give it spans of servers later.
 */
import {
  classifyInSteps,
  collectPageItemsInSteps,
  collectRequestsInSteps,
  describeRequestsInSteps,
  findInitiators,
  findPageInSteps,
  type Initiators,
  type PageItem,
  withStandingPage,
} from '../../analysis/index.ts';
import { runThrough, type Steps } from '../../base/index.ts';
import type { ServerSpanMark } from '../contract.ts';
import { collectScreenshots } from '../slices/screenshots.ts';
import { itemsOfSpans } from '../slices/server-spans.ts';
import { type OpenTrace, summarizeInSteps, type TraceSummary } from './summary.ts';

export interface AnalysedTrace {
  readonly trace: OpenTrace;
  readonly summary: TraceSummary;
  /** The trace's page items, where nobody has asked for them yet. */
  readonly itemsInSteps: () => Steps<readonly PageItem[]>;
  readonly showSpans: (spans: readonly ServerSpanMark[]) => undefined;
}

export function* analyseInSteps({
  subject,
  recording,
  tables,
}: Pick<OpenTrace, 'subject' | 'recording' | 'tables'>): Steps<AnalysedTrace> {
  const told = yield* findPageInSteps(tables);
  const page = recording === null ? told : withStandingPage(told, tables, recording.url);
  const classes = yield* classifyInSteps(tables);
  const requests = yield* describeRequestsInSteps(tables, yield* collectRequestsInSteps(tables, page));
  const summary = yield* summarizeInSteps({ recording, tables, page }, requests);
  let serverSpans: readonly ServerSpanMark[] = [];
  let items: readonly PageItem[] | null = null;
  let initiators: Initiators | null = null;
  function* itemsInSteps(): Steps<readonly PageItem[]> {
    const ofPage = items === null ? yield* collectPageItemsInSteps(tables, page, requests) : [];
    // Somebody may have asked for them at once meanwhile.
    items ??= [...ofPage, ...collectScreenshots(recording, tables), ...itemsOfSpans(serverSpans)];
    return items;
  }
  const allItems = (): readonly PageItem[] => items ?? runThrough(itemsInSteps());
  const allInitiators = (): Initiators => {
    initiators ??= findInitiators(tables, allItems());
    return initiators;
  };
  return {
    trace: { subject, recording, tables, classes, page, items: allItems, initiators: allInitiators },
    summary,
    itemsInSteps,
    showSpans: (spans) => {
      serverSpans = spans;
      items = null;
      initiators = null;
    },
  };
}

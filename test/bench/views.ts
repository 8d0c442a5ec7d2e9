/**
 * What the bench asks of the aggregated views and of search: the functions that engine/ answers the panel with.
 * In: bytes of a trace. Out: milliseconds of each question.
 */
import { classifySlices, findInitiators, findPageLoad } from '../../src/analysis/index.ts';
import { threadIndex } from '../../src/base/index.ts';
import type { OpenTrace } from '../../src/engine/opening/summary.ts';
import { ProfileViews } from '../../src/engine/profiles/profile-views.ts';
import { TraceProfiles } from '../../src/engine/profiles/scoped-profiles.ts';
import { listEvents } from '../../src/engine/slices/event-list.ts';
import type { ProfileScope } from '../../src/engine/view-questions.ts';
import {
  compileQuery,
  countLabels,
  findBoxes,
  layOutChart,
  matchTexts,
  type SearchQuery,
  searchTextsOf,
} from '../../src/flame/index.ts';
import { readTrace } from '../../src/trace/index.ts';

export interface ViewsBench {
  readonly slices: number;
  /** Of the main thread, which is asked about. */
  readonly mainSlices: number;
  readonly boxes: number;
  /** One question about the range without its first `share`; every share is another range. */
  readonly ask: (what: 'bottom-up' | 'call-tree' | 'graph' | 'events', share: number) => number;
  /** A search over the boxes again and again, up to `boxes`. */
  readonly search: (query: SearchQuery, boxes: number) => { readonly millis: number; readonly found: number };
}

export async function openViews(bytes: ReadableStream<Uint8Array>): Promise<ViewsBench> {
  const read = await readTrace(bytes, { subject: 'bench' });
  if (!read.ok) throw new Error(`${read.failure.message} ${read.failure.detail}`);
  const tables = read.value;
  const classes = classifySlices(tables);
  const page = findPageLoad(tables);
  const trace: OpenTrace = {
    subject: 'bench',
    recording: null,
    tables,
    classes,
    page,
    items: () => [],
    initiators: () => findInitiators(tables, []),
  };
  const views = new ProfileViews(new TraceProfiles(trace));
  const chart = layOutChart(tables, classes, page, []);
  const thread = threadIndex(page.mainThread);
  const scopeWithout = (share: number): ProfileScope => {
    const { start, end } = tables.bounds;
    const range = { start: start + (end - start) * share, end };
    return { thread, range, within: null, type: 'cpu', jsOnly: false, transforms: [] };
  };
  let labels = chart.boxes.label;
  let counts = countLabels(labels, chart.labels.length);
  return {
    slices: tables.slices.length,
    mainSlices: tables.threads.endSlice[thread] - tables.threads.firstSlice[thread],
    boxes: chart.boxes.length,
    ask(what, share) {
      const scope = scopeWithout(share);
      const begin = performance.now();
      if (what === 'graph') views.graph({ scope, shape: { kind: 'top-down' }, order: 'heavy' });
      else if (what === 'events') {
        const filters = { least: 0, categories: null, text: '', order: 'start' } as const;
        const look = { reversed: false, group: 'none' } as const;
        listEvents(trace, { thread, range: scope.range, within: null, ...filters, ...look });
      } else views.tree({ scope, inverted: what === 'bottom-up', group: 'none' });
      return performance.now() - begin;
    },
    search(query, boxes) {
      if (labels.length < boxes) {
        labels = repeat(chart.boxes.label, boxes);
        counts = countLabels(labels, chart.labels.length);
      }
      const begin = performance.now();
      const compiled = compileQuery(query);
      if (!compiled.ok) throw new Error(compiled.problem);
      const found = findBoxes(labels, counts, matchTexts(searchTextsOf(chart.labels), compiled.test));
      return { millis: performance.now() - begin, found: found.length };
    },
  };
}

function repeat(column: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const long = new Int32Array(length);
  for (let at = 0; at < length; at += column.length)
    long.set(column.subarray(0, Math.min(column.length, length - at)), at);
  return long;
}

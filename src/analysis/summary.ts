/**
 * One trace in numbers: what `pageflame summary --json` prints, and what people compare by hand.
 * In: tables, classes, page, a window, optionally vitals measured in the page. Out: {@link Summary}, every key always
 * there, null where the trace does not say. Milliseconds have three decimals; timestamps are trace-clock microseconds.
 */
import type { Micros, Millis } from '../base/index.ts';
import { SLICE_INSTANT, THREAD_ROLES, type ThreadRole, type TraceTables } from '../trace/index.ts';
import { computeBreakdown } from './breakdown.ts';
import { CATEGORIES, type Category } from './categories.ts';
import type { Breakdown, PageLoad, SliceClasses, TimeRange } from './contract.ts';
import { collectRequests } from './requests.ts';
import { computeTraceVitals, type TraceVitals } from './vitals.ts';
import { urlsOfWorkers } from './workers.ts';

export interface Window {
  readonly startMicros: Micros;
  readonly endMicros: Micros;
}

/** loading, scripting, rendering, painting, system and idle always; others when they are not 0. */
export type CategoryMillis = Readonly<Partial<Record<Category, Millis>>>;

export interface ThreadFigures {
  readonly pid: number;
  readonly tid: number;
  readonly name: string | null;
  readonly role: ThreadRole;
  readonly url: string | null;
  readonly onMainFrame: boolean;
  readonly categories: CategoryMillis;
}

export interface Summary {
  readonly format: 'json' | 'perfetto';
  readonly events: number;
  readonly durationMs: Millis;
  readonly mainThread: { readonly pid: number; readonly tid: number; readonly url: string | null } | null;
  readonly window: Window;
  readonly pageWindow: Window | null;
  readonly categories: CategoryMillis | null;
  readonly threads: readonly ThreadFigures[];
  readonly milestones: Readonly<Record<string, Millis | null>>;
  readonly vitals: TraceVitals;
  readonly requests: { readonly count: number; readonly bytes: number };
  readonly samples: number;
  readonly diagnostics: Readonly<Record<string, number>>;
}

export interface SummaryInput {
  readonly tables: TraceTables;
  readonly classes: SliceClasses;
  readonly page: PageLoad;
  readonly window: TimeRange;
  /** False leaves the JS calls out that samples tell of. */
  readonly jsCalls: boolean;
  /** Vitals that were measured in the page; they go before the trace's own, one by one. */
  readonly measuredVitals: TraceVitals | null;
}

/** Shown even when nothing was spent on them. */
const ALWAYS: ReadonlySet<Category> = new Set([
  'loading',
  'scripting',
  'rendering',
  'painting',
  'system',
  'idle',
]);
const MILESTONES = [
  'navigationStart',
  'firstPaint',
  'firstContentfulPaint',
  'largestContentfulPaint',
  'domInteractive',
  'domContentLoaded',
  'domComplete',
  'load',
] as const;

export function summarize(input: SummaryInput): Summary {
  const { tables, page, window } = input;
  const threads = summarizeThreads(input);
  const requests = collectRequests(tables, page);
  const { mainThread } = page;
  return {
    format: tables.format,
    events: tables.eventCount,
    durationMs: round((tables.bounds.end - tables.bounds.start) / 1000),
    mainThread:
      mainThread < 0
        ? null
        : {
            pid: tables.threads.pid[mainThread],
            tid: tables.threads.tid[mainThread],
            url: page.url === '' ? null : page.url,
          },
    window: asWindow(window),
    pageWindow: page.window === null ? null : asWindow(page.window),
    categories: mainThread < 0 ? null : categoriesOf(input, mainThread),
    threads,
    milestones: summarizeMilestones(page),
    vitals: mergeVitals(input.measuredVitals, computeTraceVitals(tables, page)),
    requests: {
      count: requests.length,
      bytes: requests.reduce((sum, request) => sum + (request.encodedBytes ?? 0), 0),
    },
    samples: tables.samples.length,
    diagnostics: { ...tables.diagnostics },
  };
}

/** Every thread with a slice or a sample, by pid, then tid. */
function summarizeThreads(input: SummaryInput): ThreadFigures[] {
  const { tables, page } = input;
  const { threads, strings } = tables;
  const workerUrls = urlsOfWorkers(tables);
  const figures: ThreadFigures[] = [];
  for (let row = 0; row < threads.length; row++) {
    if (threads.samples[row] === 0 && !hasSlice(tables, row)) continue;
    const pid = threads.pid[row];
    const tid = threads.tid[row];
    const ownUrl = row === page.mainThread ? page.url : workerUrls.get(`${pid}:${tid}`);
    const url = ownUrl ?? page.urlOfProcess.get(pid) ?? '';
    figures.push({
      pid,
      tid,
      name: strings.get(threads.name[row]) || null,
      role: THREAD_ROLES[threads.role[row]],
      url: url || null,
      onMainFrame: page.onMainFrame.has(row),
      categories: categoriesOf(input, row),
    });
  }
  return figures.sort((a, b) => a.pid - b.pid || a.tid - b.tid);
}

/** Instants are no slices. */
function hasSlice({ threads, slices }: TraceTables, thread: number): boolean {
  for (let row = threads.firstSlice[thread]; row < threads.endSlice[thread]; row++) {
    if ((slices.flags[row] & SLICE_INSTANT) === 0) return true;
  }
  return false;
}

function categoriesOf(input: SummaryInput, thread: number): CategoryMillis {
  const { tables, classes, window, jsCalls } = input;
  return roundCategories(computeBreakdown(tables, classes, { thread, range: window, jsCalls }));
}

function roundCategories(breakdown: Breakdown): CategoryMillis {
  const rounded: Partial<Record<Category, Millis>> = {};
  for (const category of CATEGORIES) {
    const millis = round(breakdown[category]);
    if (millis !== 0 || ALWAYS.has(category)) rounded[category] = millis;
  }
  return rounded;
}

function summarizeMilestones(page: PageLoad): Record<string, Millis | null> {
  const start = page.milestones.find((milestone) => milestone.name === 'navigationStart')?.time;
  const figures: Record<string, Millis | null> = {};
  for (const name of MILESTONES) {
    const time = page.milestones.find((milestone) => milestone.name === name)?.time;
    figures[name] = time === undefined || start === undefined ? null : round((time - start) / 1000);
  }
  return figures;
}

/** The page's own figures go first; but it misses layout shifts that the trace knows of (see vitals.ts). */
function mergeVitals(measured: TraceVitals | null, traced: TraceVitals): TraceVitals {
  const pick = (name: keyof TraceVitals): number | null => {
    const own = measured?.[name] ?? traced[name];
    const value = name === 'cls' && own !== null ? Math.max(own, traced.cls ?? 0) : own;
    return value === null ? null : name === 'cls' ? Math.round(value * 1e4) / 1e4 : round(value);
  };
  return { lcp: pick('lcp'), cls: pick('cls'), inp: pick('inp'), fcp: pick('fcp'), ttfb: pick('ttfb') };
}

function asWindow(range: TimeRange): Window {
  return { startMicros: range.start, endMicros: range.end };
}

const round = (millis: number): number => Math.round(millis * 1000) / 1000;

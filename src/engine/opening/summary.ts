/**
 * What is told of a trace as soon as it is read.
 * In: trace tables and what analysis made of them. Out: plain answers that can cross to another thread.
 */
import {
  computeTraceVitals,
  type Initiators,
  type LoadRequest,
  type NetworkRequest,
  type PageItem,
  type PageLoad,
  type SliceClasses,
  urlsOfWorkers,
} from '../../analysis/index.ts';
import { type Steps, threadIndex } from '../../base/index.ts';
import { orderThreads, roleOfThread, splitCounters, titleThreads } from '../../flame/index.ts';
import type { Recording } from '../../recording/index.ts';
import type { TraceTables } from '../../trace/index.ts';
import type { OpenedRecording, ThreadSummary } from '../contract.ts';

/** One open recording, whole. */
export interface OpenTrace {
  readonly subject: string;
  readonly recording: Recording | null;
  readonly tables: TraceTables;
  readonly classes: SliceClasses;
  readonly page: PageLoad;
  /** Requests, frames, interactions …: slice numbers from the slice table's length on. Collected when first asked for. */
  readonly items: () => readonly PageItem[];
  /** The script that a source file became part of, where source maps have been given. */
  readonly scriptOf?: (url: string) => string;
  /** The tables with the names and places that ran, where source maps have been given. */
  readonly asRun?: TraceTables;
  /** Who caused what. Found when first asked for. */
  readonly initiators: () => Initiators;
}

export type TraceSummary = Omit<OpenedRecording, 'open'>;

export function* summarizeInSteps(
  { recording, tables, page }: Pick<OpenTrace, 'recording' | 'tables' | 'page'>,
  requests: readonly LoadRequest[],
): Steps<TraceSummary> {
  const vitals = computeTraceVitals(tables, page);
  yield;
  const threads = summarizeThreads(tables, page);
  yield;
  return {
    recording,
    format: tables.format,
    events: tables.eventCount,
    sampleCount: tables.samples.length,
    bounds: tables.bounds,
    unixMillisAtZero: tables.unixMillisAtZero,
    url: page.url,
    mainThread: page.mainThread < 0 ? null : threadIndex(page.mainThread),
    pageWindow: page.window,
    milestones: page.milestones,
    vitals,
    threads,
    requests: requests.map(withoutPhases),
    counters:
      page.mainThread < 0
        ? []
        : splitCounters(tables.counters, tables.strings, tables.threads.pid[page.mainThread]),
    pictures: Array.from(tables.pictures.time),
    diagnostics: tables.diagnostics,
    sourceFailures: [],
    phaseCounts: tables.phaseCounts,
  };
}

/** What crosses to another thread of a request; field by field, as in analysis/requests.ts. */
function withoutPhases(request: LoadRequest): NetworkRequest {
  return {
    id: request.id,
    start: request.start,
    url: request.url,
    method: request.method,
    resourceType: request.resourceType,
    priority: request.priority,
    mimeType: request.mimeType,
    status: request.status,
    responseStart: request.responseStart,
    end: request.end,
    encodedBytes: request.encodedBytes,
    decodedBytes: request.decodedBytes,
    renderBlocking: request.renderBlocking,
    failed: request.failed,
    initiator: request.initiator,
    pid: request.pid,
  };
}

function summarizeThreads(tables: TraceTables, page: PageLoad): ThreadSummary[] {
  const { threads, strings } = tables;
  const titles = titleThreads(tables, page);
  const workers = urlsOfWorkers(tables);
  return orderThreads(tables, page).map((thread) => {
    const pid = threads.pid[thread];
    const tid = threads.tid[thread];
    const role = roleOfThread(tables, thread);
    const urlOfMain = role === 'main' ? page.urlOfProcess.get(pid) : undefined;
    return {
      thread: threadIndex(thread),
      pid,
      tid,
      name: strings.get(threads.name[thread]),
      role,
      url: workers.get(`${pid}:${tid}`) ?? urlOfMain ?? '',
      title: titles[thread],
      onMainFrame: page.onMainFrame.has(thread),
      slices: threads.endSlice[thread] - threads.firstSlice[thread],
      samples: threads.samples[thread],
    };
  });
}

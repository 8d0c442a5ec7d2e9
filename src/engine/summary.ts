/**
 * What is told of a trace as soon as it is read, and of one slice when somebody looks.
 * In: trace tables and what analysis made of them. Out: plain answers that can cross to another thread.
 */
import {
  CATEGORIES,
  collectRequests,
  computeTraceVitals,
  type PageItem,
  type PageLoad,
  type SliceClasses,
  urlsOfWorkers,
} from '../analysis/index.ts';
import { float64Column, type SliceIndex, sliceIndex, threadIndex } from '../base/index.ts';
import {
  ITEM_NAMES,
  labelOfFrame,
  orderThreads,
  roleOfThread,
  type SourcePlace,
  titleOfEvent,
  titleThreads,
} from '../flame/index.ts';
import type { Recording } from '../recording/index.ts';
import { SLICE_CLIPPED, SLICE_END_INFERRED, SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import type {
  CounterTrack,
  OpenedRecording,
  OpenId,
  SliceDetails,
  SliceStep,
  ThreadSummary,
} from './contract.ts';

/** One open recording, whole. */
export interface OpenTrace {
  readonly subject: string;
  readonly recording: Recording | null;
  readonly tables: TraceTables;
  readonly classes: SliceClasses;
  readonly page: PageLoad;
  /** Requests, frames, interactions …: slice numbers from the slice table's length on. Collected when first asked for. */
  readonly items: () => readonly PageItem[];
}

export function summarize(open: OpenId, { recording, tables, page }: OpenTrace): OpenedRecording {
  return {
    open,
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
    vitals: computeTraceVitals(tables, page),
    threads: summarizeThreads(tables, page),
    requests: collectRequests(tables),
    counters: gatherCounters(tables),
    diagnostics: tables.diagnostics,
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

function gatherCounters({ counters, strings }: TraceTables): CounterTrack[] {
  const tracks = new Map<string, { name: string; pid: number; rows: number[] }>();
  for (let row = 0; row < counters.length; row++) {
    const key = `${counters.pid[row]} ${counters.name[row]}`;
    const track = tracks.get(key);
    if (track !== undefined) track.rows.push(row);
    else tracks.set(key, { name: strings.get(counters.name[row]), pid: counters.pid[row], rows: [row] });
  }
  return [...tracks.values()].map(({ name, pid, rows }) => {
    const time = float64Column(rows.length);
    const value = float64Column(rows.length);
    for (const row of rows.sort((one, other) => counters.time[one] - counters.time[other])) {
      time.push(counters.time[row]);
      value.push(counters.value[row]);
    }
    return { name, pid, time: time.settle(), value: value.settle() };
  });
}

export function describeSlice(open: OpenTrace, slice: SliceIndex): SliceDetails {
  const item = open.items()[slice - open.tables.slices.length];
  return item === undefined ? describeThreadSlice(open, slice) : describeItem(open, slice, item);
}

/** What happened to the page stands outside all others: nothing is inside it. */
function describeItem({ page }: OpenTrace, slice: SliceIndex, item: PageItem): SliceDetails {
  return {
    slice,
    text: item.title,
    category: item.category,
    thread: threadIndex(Math.max(0, page.mainThread)),
    eventName: ITEM_NAMES[item.track],
    traceCategory: '',
    start: item.start,
    total: item.end - item.start,
    self: item.end - item.start,
    source: null,
    path: [],
    children: 0,
    jsCall: false,
    endInferred: item.endInferred,
    clipped: false,
    onThread: false,
  };
}

function describeThreadSlice(open: OpenTrace, slice: SliceIndex): SliceDetails {
  const { tables, classes } = open;
  const { slices, strings } = tables;
  const flags = slices.flags[slice];
  const path: SliceStep[] = [];
  for (let parent = slices.parent[slice]; parent >= 0; parent = slices.parent[parent]) {
    if (classes.visible[parent] === 1) path.unshift(stepOf(open, sliceIndex(parent)));
  }
  return {
    ...stepOf(open, slice),
    thread: threadIndex(slices.thread[slice]),
    eventName: strings.get(slices.name[slice]),
    traceCategory: strings.get(slices.traceCategory[slice]),
    start: slices.start[slice],
    total: slices.duration[slice],
    self: classes.self[slice],
    source: sourceOf(tables, slice),
    path,
    children: countChildren(open, slice),
    jsCall: (flags & SLICE_JS_CALL) !== 0,
    endInferred: (flags & SLICE_END_INFERRED) !== 0,
    clipped: (flags & SLICE_CLIPPED) !== 0,
    onThread: true,
  };
}

function stepOf({ tables, classes }: OpenTrace, slice: SliceIndex): SliceStep {
  const { slices, strings, stacks } = tables;
  const text =
    (slices.flags[slice] & SLICE_JS_CALL) === 0
      ? titleOfEvent(strings.get(slices.name[slice]))
      : labelOfFrame(tables, stacks.frame[slices.detail[slice]]).text;
  return { slice, text, category: CATEGORIES[classes.category[slice]] };
}

function sourceOf(tables: TraceTables, slice: SliceIndex): SourcePlace | null {
  const { slices, stacks } = tables;
  if ((slices.flags[slice] & SLICE_JS_CALL) === 0) return null;
  return labelOfFrame(tables, stacks.frame[slices.detail[slice]]).source;
}

/** Visible children; those of hidden children count as its own. */
function countChildren({ tables: { slices }, classes: { visible } }: OpenTrace, slice: SliceIndex): number {
  let children = 0;
  for (let row = slice + 1; row < slices.subtreeEnd[slice]; ) {
    if (visible[row] === 1) {
      children++;
      row = slices.subtreeEnd[row];
    } else row++;
  }
  return children;
}

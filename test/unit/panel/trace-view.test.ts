/** An open trace: its ranges and the numbers that follow them. */
import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { fail, makeFailure, sliceIndex, succeed, threadIndex } from '../../../src/base/index.ts';
import type { SliceDetails } from '../../../src/engine/client.ts';
import { initialTrackChoices } from '../../../src/flame/index.ts';
import { subjectThread } from '../../../src/panel/state/facts/subject-thread.ts';
import { createLatest } from '../../../src/panel/state/latest.ts';
import { createTraceView } from '../../../src/panel/state/trace-view.ts';
import { buildNotesKeeper } from '../../builders/notes.ts';
import { buildOpenedRecording, NO_LINKS } from '../../builders/opened.ts';
import { EMPTY_CHART, ScriptedEngine, settled } from '../../builders/panel-outside.ts';

const PAGE_WINDOW = { start: 1_000, end: 9_000 };
const BOUNDS = { start: 0, end: 10_000 };

function view(
  changes: Parameters<typeof buildOpenedRecording>[0] = {},
  engine = new ScriptedEngine(),
  chartFirstMillis = 0,
) {
  const opened = buildOpenedRecording({
    bounds: BOUNDS,
    pageWindow: PAGE_WINDOW,
    mainThread: threadIndex(0),
    ...changes,
  });
  const failures: string[] = [];
  const created = createTraceView({
    chartFirstMillis,
    engine,
    opened,
    notes: buildNotesKeeper(),
    look: signal({ dimThirdParties: false, ignored: [] }),
    onFailure: ({ code }) => failures.push(code),
  });
  return { engine, failures, view: created };
}

describe('the shown range', () => {
  it('is the page window first, and times count from its start', () => {
    const { view: trace } = view();
    expect(trace.shownRange.value).toEqual({ kind: 'page-window', range: PAGE_WINDOW });
    expect(trace.origin).toBe(1_000);
  });

  it('is the whole trace where there is no page', () => {
    const { view: trace } = view({ pageWindow: null });
    expect(trace.shownRange.value).toEqual({ kind: 'whole', range: BOUNDS });
  });

  it('follows zooming, and what is measured goes first', () => {
    const { view: trace } = view();
    trace.viewport.value = { start: 2_000, end: 3_000 };
    expect(trace.shownRange.value.kind).toBe('visible');
    trace.measured.value = { start: 2_100, end: 2_200 };
    expect(trace.shownRange.value).toEqual({ kind: 'measured', range: { start: 2_100, end: 2_200 } });
    trace.measured.value = null;
    trace.viewport.value = { start: 1_000.1, end: 9_000.2 };
    expect(trace.shownRange.value.kind).toBe('page-window');
    trace.viewport.value = BOUNDS;
    expect(trace.shownRange.value.kind).toBe('whole');
  });
});

describe('the numbers', () => {
  it('are of the shown range, and skip what was passed on the way', async () => {
    const { engine, view: trace } = view();
    for (let step = 1; step <= 50; step++) trace.viewport.value = { start: 1_000 + step, end: 9_000 };
    await expect.poll(() => engine.ranges).toEqual([PAGE_WINDOW, { start: 1_050, end: 9_000 }]);
    await settled();
    expect(trace.breakdown.value).toMatchObject({ range: { start: 1_050 }, breakdown: { idle: 7.95 } });
  });

  it('come behind the chart, whatever was asked meanwhile', async () => {
    const { engine, view: trace } = view({}, new ScriptedEngine(), 1);
    trace.viewport.value = { start: 2_000, end: 9_000 };
    expect(engine.ranges).toEqual([]);
    await expect.poll(() => engine.ranges).toEqual([{ start: 2_000, end: 9_000 }]);
    expect(trace.chart.value).not.toBeNull();
  });

  it('are none where no main thread is known', async () => {
    const { engine, view: trace } = view({ mainThread: null });
    await settled();
    expect(engine.ranges).toEqual([]);
    expect(trace.breakdown.value).toBeNull();
    expect(trace.chart.value).toBe(EMPTY_CHART);
  });

  it('are of the thread that holds most where there is no page', async () => {
    const about = { pid: 1, name: '', role: 'main', url: '', title: 'T', onMainFrame: false } as const;
    const thread = (row: number, slices: number, samples: number) =>
      ({ ...about, thread: threadIndex(row), tid: row, slices, samples }) as const;
    const opened = { mainThread: null, threads: [thread(0, 5, 0), thread(1, 3, 9), thread(2, 0, 0)] };
    expect(subjectThread(opened)?.thread).toBe(1);
    expect(subjectThread({ ...opened, mainThread: threadIndex(0) })?.thread).toBe(0);
    expect(subjectThread({ mainThread: null, threads: [thread(2, 0, 0)] })).toBeNull();
    const { engine, view: trace } = view(opened);
    await settled();
    expect([engine.ranges.length > 0, trace.breakdown.value === null]).toEqual([true, false]);
  });

  it('wait until the chart is painted, and no longer than for a page that nobody sees', async () => {
    const { engine, view: trace } = view({}, new ScriptedEngine(), 60_000);
    await settled();
    expect([trace.chart.value === null, engine.ranges]).toEqual([false, []]);
    trace.onPainted();
    await settled();
    await trace.afterChart;
    await settled();
    expect(engine.ranges).toEqual([PAGE_WINDOW]);
    const unseen = view({}, new ScriptedEngine(), 1);
    await unseen.view.afterChart;
    await settled();
    expect(unseen.engine.ranges).toEqual([PAGE_WINDOW]);
  });

  it('bring the chart with its first choice of tracks', async () => {
    const { view: trace } = view();
    await settled();
    expect(trace.tracks.choices.value).toEqual(initialTrackChoices(EMPTY_CHART));
    expect(trace.overview.content.value.cpu).not.toBeNull();
  });

  it('leave the chart to be drawn in a task of its own', async () => {
    const { view: trace } = view();
    for (let step = 0; step < 100; step++) await Promise.resolve();
    expect(trace.chart.value).toBeNull();
    await settled();
    expect(trace.chart.value).toBe(EMPTY_CHART);
  });

  it('stop when the trace is left', async () => {
    const { engine, view: trace } = view();
    trace.dispose();
    trace.viewport.value = BOUNDS;
    await settled();
    expect(engine.ranges).toEqual([PAGE_WINDOW]);
    expect(trace.breakdown.value).toBeNull();
    expect(trace.chart.value).toBeNull();
  });
});

describe('the selected slice', () => {
  const details = (slice: number): SliceDetails => ({
    slice: sliceIndex(slice),
    text: `slice ${slice}`,
    category: 'scripting',
    thread: threadIndex(0),
    eventName: '',
    traceCategory: '',
    start: 0,
    total: 0,
    self: 0,
    source: null,
    path: [],
    children: 0,
    jsCall: false,
    endInferred: false,
    clipped: false,
    onThread: true,
    ...NO_LINKS,
  });

  it('has its details, never those of one before', async () => {
    const engine = new ScriptedEngine();
    const asked: number[] = [];
    engine.details = async (_open, slice) => {
      asked.push(slice);
      return slice === 9 ? fail(makeFailure('engine-crashed')) : succeed(details(slice));
    };
    const { view: trace, failures } = view({}, engine);
    trace.selection.value = sliceIndex(4);
    trace.selection.value = sliceIndex(5);
    await settled();
    expect(trace.details.value?.slice).toBe(5);
    trace.selection.value = null;
    expect(trace.details.value).toBeNull();
    trace.selection.value = sliceIndex(9);
    await settled();
    expect(failures).toEqual(['engine-crashed']);
    expect(asked).toEqual([4, 5, 9]);
  });
});

describe('questions that come faster than answers', () => {
  it('are asked one at a time, and only the last of those that waited', async () => {
    const answers: number[] = [];
    const waiting: (() => void)[] = [];
    const latest = createLatest<number, number>({
      ask: (question) => new Promise((resolve) => waiting.push(() => resolve(succeed(question)))),
      onAnswer: (answer) => answers.push(answer),
      onFailure: () => undefined,
    });
    for (const question of [1, 2, 3]) latest.ask(question);
    expect(waiting).toHaveLength(1);
    waiting[0]();
    await settled();
    waiting[1]();
    await settled();
    expect(answers).toEqual([1, 3]);
    latest.ask(4);
    latest.dispose();
    waiting[2]();
    await settled();
    expect(answers).toEqual([1, 3]);
  });
});

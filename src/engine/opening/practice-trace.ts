/**
 * A made-up trace with something of everything that a page load holds, to be read for practice (warm-up.ts). Nobody sees it.
 * In: nothing. Out: trace-event JSON of about 1 MB: one page with a load, requests, tasks that hold script, style, layout and
 * paint, V8's samples, counters and async slices; all times and names follow from their number.
 */

import type { Source } from '../contract.ts';

type Json = Readonly<Record<string, unknown>>;

const TASKS = 1_500;
/** Microseconds from the beginning of one task to the next. */
const TASK_EVERY = 900;
const START = 1_000_000;
const PID = 10;
const TID = 11;
const FRAME = 'F00000000000000000000000000000AA';
const PAGE = 'https://practice.example/page';
const SCRIPTS = 40;
const FUNCTIONS = 400;

export const practiceSource = (): Source => ({ kind: 'file', name: 'practice', file: makePracticeTrace() });

export function makePracticeTrace(): Blob {
  const events: Json[] = [...frameEvents(), ...requests()];
  for (let task = 0; task < TASKS; task++) events.push(...taskEvents(task, START + task * TASK_EVERY));
  events.push(...profile());
  return new Blob([JSON.stringify({ traceEvents: events, metadata: { source: 'practice' } })]);
}

const event = (ph: string, name: string, ts: number, args: Json = {}, more: Json = {}): Json => ({
  args,
  cat: 'devtools.timeline',
  name,
  ph,
  pid: PID,
  tid: TID,
  ts,
  ...more,
});

const slice = (name: string, ts: number, dur: number, args: Json = {}): Json =>
  event('X', name, ts, args, { dur, tdur: dur });

const instant = (name: string, ts: number, args: Json): Json => event('I', name, ts, args, { s: 't' });

const timing = (name: string, ts: number, args: Json): Json =>
  event('R', name, ts, args, { cat: 'blink.user_timing,loading' });

function frameEvents(): Json[] {
  const frames = [
    {
      frame: FRAME,
      url: PAGE,
      name: '',
      processId: PID,
      isOutermostMainFrame: true,
      isInPrimaryMainFrame: true,
    },
  ];
  const page = {
    documentLoaderURL: PAGE,
    isLoadingMainFrame: true,
    isOutermostMainFrame: true,
    navigationId: 'N1',
  };
  return [
    event('M', 'process_name', 0, { name: 'Renderer' }),
    event('M', 'thread_name', 0, { name: 'CrRendererMain' }),
    event('M', 'thread_name', 0, { name: 'Compositor' }, { tid: TID + 1 }),
    instant('TracingStartedInBrowser', START, { data: { frames, persistentIds: true } }),
    timing('navigationStart', START + 10, { frame: FRAME, data: page }),
    ...['firstPaint', 'firstContentfulPaint', 'domContentLoadedEventEnd', 'loadEventEnd'].map((name, index) =>
      timing(name, START + 200_000 * (index + 1), { frame: FRAME, data: { navigationId: 'N1' } }),
    ),
  ];
}

function requests(): Json[] {
  return Array.from({ length: SCRIPTS }, (_, index) => {
    const ts = START + 5_000 * index;
    const requestId = `${PID}.${index}`;
    const url = `${PAGE}/script-${index}.js`;
    const sent = {
      requestId,
      url,
      frame: FRAME,
      priority: 'High',
      resourceType: 'Script',
      renderBlocking: 'blocking',
    };
    const answer = { requestId, statusCode: 200, mimeType: 'text/javascript', encodedDataLength: 900 };
    return [
      instant('ResourceSendRequest', ts, { data: sent }),
      instant('ResourceReceiveResponse', ts + 20_000, {
        data: { ...answer, frame: FRAME, timing: { requestTime: ts / 1e6 } },
      }),
      instant('ResourceFinish', ts + 30_000, {
        data: { requestId, encodedDataLength: 9_000, didFail: false },
      }),
    ];
  }).flat();
}

function taskEvents(task: number, ts: number): Json[] {
  const data = {
    frame: FRAME,
    url: `${PAGE}/script-${task % SCRIPTS}.js`,
    functionName: `work${task % FUNCTIONS}`,
    lineNumber: task % 90,
    sampleTraceId: task + 1,
  };
  const layout = {
    beginData: { dirtyObjects: task % 7, totalObjects: 90, partialLayout: false, frame: FRAME },
  };
  const script = task % 5 === 0 ? 'EvaluateScript' : 'FunctionCall';
  const id = { cat: 'cc,benchmark', id: `0x${task.toString(16)}` };
  return [
    slice('RunTask', ts, 800),
    slice(script, ts + 20, 400, { data }),
    slice('UpdateLayoutTree', ts + 100, 60, { beginData: { frame: FRAME }, elementCount: task % 30 }),
    slice('Layout', ts + 180, 100, layout),
    slice('PrePaint', ts + 500, 40),
    slice('Paint', ts + 560, 80, { data: { frame: FRAME, clip: [0, 0, 9, 9] } }),
    slice('MinorGC', ts + 660, 30, { usedHeapSizeBefore: 9_000_000, usedHeapSizeAfter: 8_000_000 }),
    event('B', 'v8.callFunction', ts + 700, {}),
    event('E', 'v8.callFunction', ts + 720, {}),
    event('b', 'PipelineReporter', ts, {}, id),
    event('e', 'PipelineReporter', ts + 700, {}, id),
    ...(task % 10 === 0
      ? [instant('UpdateCounters', ts, { data: { documents: 1, nodes: task, jsHeapSizeUsed: task * 900 } })]
      : []),
    ...(task % 3 === 0
      ? [slice('ParseHTML', ts + 425, 60, { beginData: { frame: FRAME, startLine: task, url: PAGE } })]
      : []),
    ...(task % 25 === 0 ? [slice('TimerFire', ts + 800, 50, { data: { frame: FRAME, timerId: task } })] : []),
  ];
}

/** Stacks of three functions, a sample every 200 µs. */
function profile(): Json[] {
  const at = { cat: 'disabled-by-default-v8.cpu_profiler', id: '0x1' };
  const begun = event('P', 'Profile', START, { data: { startTime: START } }, at);
  const call = (functionName: string, number: number): Json => ({
    codeType: 'JS',
    functionName,
    scriptId: number % SCRIPTS,
    url: `${PAGE}/script-${number % SCRIPTS}.js`,
    lineNumber: number % 90,
    columnNumber: 4,
  });
  const nodes: Json[] = [
    { id: 1, callFrame: call('(root)', 0) },
    { id: 2, parent: 1, callFrame: call('(program)', 0) },
    ...Array.from({ length: FUNCTIONS }, (_, number) => ({
      id: number + 3,
      parent: number < 20 ? 1 : 3 + Math.floor(number / 20),
      callFrame: call(`work${number}`, number),
    })),
  ];
  const chunks: Json[] = [];
  const perChunk = 100;
  const all = (TASKS * TASK_EVERY) / 200;
  for (let first = 0; first < all; first += perChunk) {
    const samples = Array.from({ length: perChunk }, (_, index) => 3 + (((first + index) >> 2) % FUNCTIONS));
    const cpuProfile = { samples, ...(first === 0 ? { nodes } : {}) };
    const timeDeltas = samples.map(() => 200);
    chunks.push(event('P', 'ProfileChunk', START + first * 200, { data: { cpuProfile, timeDeltas } }, at));
  }
  return [begun, ...chunks];
}

/**
 * A page load with JavaScript in it as Chrome's trace-event JSON, for browser tests of the views.
 * In: nothing. Out: its text. Navigated at 100 ms of the trace clock, 100 ms long; V8 sampled in the middle of every
 * millisecond.
 *
 *   main   RunTask 100–160 ⊃ FunctionCall 110–150 ⊃ start 110.5–150 ⊃ render 120.5–150 ⊃ Layout 130–138
 *          RunTask 170–200 ⊃ FunctionCall 172–196 ⊃ start 172.5–196 ⊃ {@link LONG_NAME} 180.5–196
 *   compositor   Commit 120–130
 */

const MAIN = { pid: 1, tid: 2 };
const COMPOSITOR = { pid: 1, tid: 3 };
const PAGE = 'http://shop.example/';
const OWN = 'http://shop.example/app.js';
const OTHER = 'http://cdn.ads.test/ad.js';

/** Matches `(a+)+b` in so many ways that nobody lives to see the end. */
export const LONG_NAME = `${'a'.repeat(60)}!`;

type Thread = typeof MAIN;
const micros = (millis: number): number => millis * 1_000;

const slice = (thread: Thread, name: string, from: number, to: number) => ({
  ...thread,
  ph: 'X',
  cat: 'devtools.timeline',
  name,
  ts: micros(from),
  dur: micros(to - from),
  args: {},
});

const named = (thread: Thread, name: string) => ({
  ...thread,
  ph: 'M',
  ts: 0,
  name: 'thread_name',
  args: { name },
});

const callFrame = (functionName: string, url: string, lineNumber: number) => ({
  functionName,
  scriptId: url === OTHER ? '2' : '1',
  url,
  lineNumber,
  columnNumber: 0,
  codeType: 'JS',
});

const NODES = [
  { id: 1, callFrame: { ...callFrame('(root)', '', -1), codeType: 'other' } },
  { id: 2, parent: 1, callFrame: { ...callFrame('(program)', '', -1), codeType: 'other' } },
  { id: 3, parent: 1, callFrame: callFrame('start', OWN, 0) },
  { id: 4, parent: 3, callFrame: callFrame('render', OWN, 10) },
  { id: 5, parent: 3, callFrame: callFrame(LONG_NAME, OTHER, 20) },
];

/** The node that V8 saw at a millisecond. */
function nodeAt(millis: number): number {
  if (millis >= 110 && millis < 120) return 3;
  if (millis >= 120 && millis < 150) return 4;
  if (millis >= 172 && millis < 180) return 3;
  if (millis >= 180 && millis < 196) return 5;
  return 2;
}

const SAMPLES = Array.from({ length: 100 }, (_, index) => nodeAt(100 + index));

const EVENTS = [
  named(MAIN, 'CrRendererMain'),
  named(COMPOSITOR, 'Compositor'),
  {
    ...MAIN,
    ph: 'R',
    cat: 'blink.user_timing',
    name: 'navigationStart',
    ts: micros(100),
    args: {
      frame: 'A',
      data: { documentLoaderURL: PAGE, isLoadingMainFrame: true, isOutermostMainFrame: true },
    },
  },
  slice(MAIN, 'RunTask', 100, 160),
  slice(MAIN, 'FunctionCall', 110, 150),
  slice(MAIN, 'Layout', 130, 138),
  slice(MAIN, 'RunTask', 170, 200),
  slice(MAIN, 'FunctionCall', 172, 196),
  slice(COMPOSITOR, 'Commit', 120, 130),
  slice(COMPOSITOR, 'Layerize', 122, 126),
  {
    ...MAIN,
    ph: 'P',
    cat: 'disabled-by-default-v8.cpu_profiler',
    name: 'Profile',
    id: '0x1',
    ts: micros(99.5),
    args: { data: { startTime: micros(99.5) } },
  },
  {
    ...MAIN,
    ph: 'P',
    cat: 'disabled-by-default-v8.cpu_profiler',
    name: 'ProfileChunk',
    id: '0x1',
    ts: micros(200),
    args: {
      data: {
        cpuProfile: { nodes: NODES, samples: SAMPLES },
        timeDeltas: SAMPLES.map(() => 1_000),
      },
    },
  },
];

export const PAGE_TRACE = JSON.stringify({ traceEvents: EVENTS });

/**
 * A small page load as Chrome's trace-event JSON, for tests: one main thread, one compositor, a navigation at 1 000 µs.
 * In: nothing. Out: its text. Times are microseconds.
 *
 *   main   RunTask 1000–5000 ⊃ Layout 2000–3000     RunTask 6000–7000
 */

const MAIN = { pid: 10, tid: 1 };
const COMPOSITOR = { pid: 10, tid: 2 };
const PAGE_URL = 'https://page.test/';

const frame = { frame: 'F1', url: PAGE_URL, name: '', processId: MAIN.pid };

const EVENTS = [
  { ...MAIN, ph: 'M', ts: 0, name: 'thread_name', args: { name: 'CrRendererMain' } },
  { ...COMPOSITOR, ph: 'M', ts: 0, name: 'thread_name', args: { name: 'Compositor' } },
  {
    pid: 1,
    tid: 1,
    ph: 'I',
    s: 't',
    ts: 900,
    name: 'TracingStartedInBrowser',
    cat: 'disabled-by-default-devtools.timeline',
    args: { data: { frameTreeNodeId: 1, persistentIds: true, frames: [frame] } },
  },
  {
    ...MAIN,
    ph: 'R',
    ts: 1_000,
    name: 'navigationStart',
    cat: 'blink.user_timing',
    args: {
      frame: 'F1',
      data: {
        documentLoaderURL: PAGE_URL,
        isLoadingMainFrame: true,
        isOutermostMainFrame: true,
        navigationId: 'N1',
      },
    },
  },
  { ...MAIN, ph: 'X', ts: 1_000, dur: 4_000, name: 'RunTask', cat: 'devtools.timeline', args: {} },
  { ...MAIN, ph: 'X', ts: 2_000, dur: 1_000, name: 'Layout', cat: 'devtools.timeline', args: {} },
  { ...MAIN, ph: 'X', ts: 6_000, dur: 1_000, name: 'RunTask', cat: 'devtools.timeline', args: {} },
  { ...COMPOSITOR, ph: 'X', ts: 2_500, dur: 10, name: 'Commit', cat: 'devtools.timeline', args: {} },
];

export const SMALL_TRACE = JSON.stringify({ traceEvents: EVENTS });

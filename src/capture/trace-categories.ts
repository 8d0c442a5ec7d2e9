/**
 * Which trace categories are recorded, and why. Without options they are what the Performance panel of Chrome 156 asks
 * for with its default settings (its `DefaultCategories` and `JsSampling`) and the addresses of scripts, so that a
 * recording answers every question a DevTools recording answers. Categories that a Chrome version does not know are
 * ignored by it.
 *
 * Left out on purpose: `disabled-by-default-devtools.screenshot` (an extension's trace never holds `Screenshot` events;
 * the filmstrip comes from `Page.startScreencast`), and DevTools' optional paint instrumentation and selector statistics.
 */
import type { CaptureOptions } from '../recording/index.ts';

type TraceOption = keyof Pick<CaptureOptions, 'jsSamples' | 'scriptSources' | 'invalidations'>;

interface TraceCategory {
  readonly name: string;
  readonly reason: string;
  /** Recorded only where this option is on. */
  readonly option?: TraceOption;
}

export const TRACE_CATEGORIES: readonly TraceCategory[] = [
  {
    name: 'devtools.timeline',
    reason: 'the slices that the breakdown counts: style, layout, paint, events, requests',
  },
  {
    name: 'disabled-by-default-devtools.timeline',
    reason: 'tasks (RunTask), which hold all other slices, thread and frame facts, counters',
  },
  { name: 'disabled-by-default-devtools.timeline.frame', reason: 'frames begun, drawn and dropped' },
  {
    name: 'disabled-by-default-devtools.timeline.stack',
    reason: 'the JS stack that forced a layout or set a timer',
  },
  { name: 'v8.execute', reason: 'script evaluation and microtasks: what JS samples are laid into' },
  { name: 'v8', reason: 'parsing, compiling and garbage collection of JS' },
  { name: 'cppgc', reason: "garbage collection of Blink's own heap" },
  { name: 'disabled-by-default-v8.inspector', reason: 'debugger pauses, which are no cost of the page' },
  {
    name: 'disabled-by-default-v8.cpu_profiler',
    reason: 'JS samples, about one every 0.2 ms',
    option: 'jsSamples',
  },
  {
    name: 'disabled-by-default-v8.cpu_profiler.hires',
    reason:
      'asked for by DevTools beside the samples; Chrome 156 samples as often without it, older ones did not',
    option: 'jsSamples',
  },
  { name: 'blink.user_timing', reason: 'performance.mark and measure, navigationStart and other milestones' },
  { name: 'blink.console', reason: 'console.time and console.timeStamp' },
  { name: 'loading', reason: 'paint milestones, largest contentful paint and layout shift, navigations' },
  { name: 'navigation', reason: 'what the browser did between a click or reload and the new document' },
  { name: 'rail', reason: 'input and its response, as DevTools asks for it' },
  {
    name: 'disabled-by-default-layout_shift.debug',
    reason: 'the elements that shifted and their rectangles',
  },
  {
    name: 'disabled-by-default-lighthouse',
    reason: 'first and last paint of images and text, for the LCP parts',
  },
  {
    name: 'disabled-by-default-devtools.target-rundown',
    reason: 'which script, frame and thread belong together in V8',
  },
  {
    name: 'disabled-by-default-devtools.v8-source-rundown',
    reason: 'script URLs and source-map URLs, to name functions',
    option: 'jsSamples',
  },
  {
    name: 'disabled-by-default-devtools.v8-source-rundown-sources',
    reason:
      'script texts, to show source lines with their time; costs 12 ms of the load per MB of script (seen)',
    option: 'scriptSources',
  },
  {
    name: 'disabled-by-default-devtools.timeline.invalidationTracking',
    reason:
      'what made each style and layout invalid; makes a trace up to 20 times larger, off in DevTools, too',
    option: 'invalidations',
  },
];

/** `traceConfig.includedCategories` for these options: nothing but the table. */
export function includedCategories(options: Pick<CaptureOptions, TraceOption>): string[] {
  const wanted = TRACE_CATEGORIES.filter(({ option }) => option === undefined || options[option]);
  return ['-*', ...wanted.map(({ name }) => name)];
}

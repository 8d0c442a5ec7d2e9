/**
 * Runs in the document that is recorded, in an isolated world of its own: nothing of the page's is changed, and the page
 * sees nothing of it. In: the page's performance entries, through web-vitals. Out: reports through the binding (see
 * page-reports.ts), as soon as a figure is known and whenever it changes. Of a load it runs when the recording has been
 * stopped, on the entries that Chrome keeps: all paints and shifts (150 of each kind), the first interaction and those
 * of 104 ms and longer. Bundled into one script with web-vitals (scripts/vite/vitals-source.ts). Frames inside the page report
 * nothing: vitals are those of the outermost page.
 */
import { type MetricWithAttribution, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals/attribution';
import { REPORT_BINDING, REPORTED_METAS, SETTLE_FUNCTION, STOPPED_AT } from '../page-reports.ts';

/** The heartbeat that wakes a killed service worker, and for how long: saving takes seconds, and nothing stops it once we are detached. */
const BEAT_MILLIS = 1_000;
const BEATS_MAX = 60;
/** The longest that is waited for one frame, and for one idle moment. */
const FRAME_MILLIS = 150;
const IDLE_MILLIS = 200;
const TEXT_MAX = 300;

type Primitive = string | number | boolean | null;

function report(payload: Record<string, unknown>): void {
  const binding: unknown = Reflect.get(globalThis, REPORT_BINDING);
  if (typeof binding === 'function') binding(JSON.stringify(payload));
}

/** Strings, numbers and booleans of `attribution`, and those of the script that INP blames; no elements, no entries. */
function flatten(attribution: object, prefix = ''): Record<string, Primitive> {
  const flat: Record<string, Primitive> = {};
  for (const [key, value] of Object.entries(attribution)) {
    if (typeof value === 'string') flat[prefix + key] = value.slice(0, TEXT_MAX);
    else if (typeof value === 'boolean') flat[prefix + key] = value;
    else if (typeof value === 'number' && Number.isFinite(value)) flat[prefix + key] = value;
    else if (key === 'longestScript' && value) Object.assign(flat, flattenScript(value));
  }
  return flat;
}

function flattenScript(script: { entry?: PerformanceEntry }): Record<string, Primitive> {
  const { invoker, invokerType, sourceURL, sourceFunctionName, duration } = script.entry?.toJSON() ?? {};
  return {
    ...flatten(script, 'longestScript.'),
    ...flatten({ invoker, invokerType, sourceURL, sourceFunctionName, duration }, 'longestScript.'),
  };
}

/** Unix ms of what `metric` measures: of its last entry where it has one that lies after the navigation. */
function momentOf({ name, value, entries }: MetricWithAttribution): number {
  const moment = name === 'CLS' || name === 'INP' ? (entries.at(-1)?.startTime ?? 0) : value;
  return performance.timeOrigin + moment;
}

function reportVital(metric: MetricWithAttribution): void {
  const { name, value, rating, attribution } = metric;
  const { timeOrigin: origin } = performance;
  report({
    kind: 'vital',
    origin,
    name,
    value,
    rating,
    at: momentOf(metric),
    attribution: flatten(attribution),
  });
}

/** When the recording was stopped, by `performance.now()`; the end of time while it runs. */
function readStop(): number {
  const stoppedAt: unknown = Reflect.get(globalThis, STOPPED_AT);
  return typeof stoppedAt === 'number' ? stoppedAt - performance.timeOrigin : Number.POSITIVE_INFINITY;
}

/** web-vitals, which knows no end, sees nothing of what came after `stop`. */
function hideWhatFollows(stop: number): void {
  globalThis.PerformanceObserver = class extends PerformanceObserver {
    constructor(callback: PerformanceObserverCallback) {
      super((list, observer) => {
        const entries = list.getEntries().filter(({ startTime }) => startTime <= stop);
        const kept = (entry: PerformanceEntry): boolean => entries.includes(entry);
        const shown: PerformanceObserverEntryList = {
          getEntries: () => entries,
          getEntriesByName: (name, type) => list.getEntriesByName(name, type).filter(kept),
          getEntriesByType: (type) => list.getEntriesByType(type).filter(kept),
        };
        callback(shown, observer);
      });
    }
  };
}

/** Whether the tab was in the background before `stop`. Chrome keeps the first 50 changes. */
function wasHidden(stop: number): boolean {
  const states = performance.getEntriesByType('visibility-state');
  return states.some(({ name, startTime }) => name === 'hidden' && startTime <= stop);
}

function reportDocument(stop: number): void {
  const { innerWidth: width, innerHeight: height, devicePixelRatio: pixelRatio } = window;
  const hidden = stop === Number.POSITIVE_INFINITY ? document.visibilityState === 'hidden' : wasHidden(stop);
  const origin = performance.timeOrigin;
  const { userAgent } = navigator;
  report({ kind: 'document', origin, width, height, pixelRatio, hidden, userAgent, metas: readMetas() });
}

/** The page's own word on its version and its server's trace: the first tag of each name. */
function readMetas(): Record<string, string> {
  const metas: Record<string, string> = {};
  for (const { name, content } of document.getElementsByTagName('meta')) {
    const wanted = name.toLowerCase();
    if (REPORTED_METAS.includes(wanted)) metas[wanted] ??= content.slice(0, TEXT_MAX);
  }
  return metas;
}

/** The next frame has been shown; in the background, where there are none, a moment has passed. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, FRAME_MILLIS);
  });
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    requestIdleCallback(() => setTimeout(resolve), { timeout: IDLE_MILLIS });
  });
}

/** Starts the heartbeat. Resolves when what has happened so far is reported. */
async function settle(): Promise<void> {
  let beats = 0;
  const beating = setInterval(() => {
    if (++beats >= BEATS_MAX) clearInterval(beating);
    report({ kind: 'beat' });
  }, BEAT_MILLIS);
  // An interaction is measured to the frame that answers it, told in the one after, and looked into by web-vitals at
  // its next leisure.
  await nextFrame();
  await nextFrame();
  await idle();
  await idle();
}

// Set once per document: a revived service worker sends the script a second time.
if (window === window.top && !Reflect.has(globalThis, SETTLE_FUNCTION)) {
  Reflect.set(globalThis, SETTLE_FUNCTION, settle);
  const stop = readStop();
  reportDocument(stop);
  if (stop < Number.POSITIVE_INFINITY) hideWhatFollows(stop);
  const everyChange = { reportAllChanges: true };
  onTTFB(reportVital, everyChange);
  onFCP(reportVital, everyChange);
  onLCP(reportVital, everyChange);
  onCLS(reportVital, everyChange);
  // 0 would be rounded up to Chrome's own least duration, 16 ms: below web-vitals' 40 ms a quick page would have no INP.
  onINP(reportVital, { ...everyChange, durationThreshold: 0 });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') report({ kind: 'hidden' });
  });
}

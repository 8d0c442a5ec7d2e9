/**
 * Web vitals as the trace alone tells them: for traces that no Pageflame recorded.
 * In: trace tables and the page. Out: ms (CLS: its score); null where the trace does not say.
 * Method: web.dev/articles/{lcp,cls,inp,fcp,ttfb}. A recording's own vitals, taken by the web-vitals library in the
 * page, are the better source and go first (summary.ts).
 */
import { upperBound } from '../base/index.ts';
import type { TraceTables } from '../trace/index.ts';
import { asFields, dataOf, flag, number, text } from './arguments.ts';
import type { PageLoad } from './contract.ts';

export interface TraceVitals {
  readonly lcp: number | null;
  readonly cls: number | null;
  readonly inp: number | null;
  readonly fcp: number | null;
  readonly ttfb: number | null;
}

const NOTHING: TraceVitals = { lcp: null, cls: null, inp: null, fcp: null, ttfb: null };

export function computeTraceVitals(tables: TraceTables, page: PageLoad): TraceVitals {
  const start = page.milestones.find((milestone) => milestone.name === 'navigationStart')?.time;
  if (start === undefined || page.mainThread < 0) return NOTHING;
  const since = (name: string): number | null => {
    const time = page.milestones.find((milestone) => milestone.name === name)?.time;
    return time === undefined ? null : (time - start) / 1000;
  };
  const pid = tables.threads.pid[page.mainThread];
  const fcp = since('firstContentfulPaint');
  return {
    lcp: since('largestContentfulPaint'),
    cls: computeCls(tables, { start, pid, hasPaint: fcp !== null }),
    inp: computeInp(tables, start, pid),
    fcp,
    ttfb: computeTtfb(tables, page, start),
  };
}

interface PaintedLoad {
  readonly start: number;
  readonly pid: number;
  readonly hasPaint: boolean;
}

/**
 * The largest session of layout shifts: gaps under 1 s, 5 s at most. Where neither a paint nor a shift is told (a page of
 * frames has no first contentful paint of its own), it is not known rather than 0.
 */
function computeCls(tables: TraceTables, { start, pid, hasPaint }: PaintedLoad): number | null {
  const inputs = collectInputs(tables, pid);
  let isKnown = hasPaint;
  let worst = 0;
  let session = 0;
  let sessionStart = Number.NEGATIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const mark of tables.marks) {
    if (mark.name !== 'LayoutShift' || mark.pid !== pid || mark.time < start) continue;
    const data = dataOf(mark);
    if ((flag(data, 'had_recent_input') ?? false) && wasCausedByUser(mark.time, inputs)) continue;
    const score = number(data, 'weighted_score_delta') ?? number(data, 'score') ?? 0;
    if (mark.time - last >= 1e6 || mark.time - sessionStart >= 5e6) {
      session = 0;
      sessionStart = mark.time;
    }
    session += score;
    last = mark.time;
    worst = Math.max(worst, session);
    isKnown = true;
  }
  return isKnown ? worst : null;
}

/** Input excuses a shift for 500 ms; Chrome counts from the frame that handles it, so a little more. */
const INPUT_MICROS = 600_000;
const INPUTS = new Set([
  'keydown',
  'pointerdown',
  'pointerup',
  'mousedown',
  'click',
  'touchstart',
  'touchend',
]);

/** Times of what the user did, ascending; null for traces of Chrome before 100, which may not tell. */
function collectInputs(tables: TraceTables, pid: number): number[] | null {
  const navigation = tables.marks.find((mark) => mark.name === 'navigationStart');
  if (navigation === undefined || flag(dataOf(navigation), 'isOutermostMainFrame') === undefined) return null;
  return tables.marks
    .filter(
      (mark) =>
        mark.name === 'EventTiming' && mark.pid === pid && INPUTS.has(text(dataOf(mark), 'type') ?? ''),
    )
    .map((mark) => mark.time);
}

/**
 * Chrome marks shifts `had_recent_input` also after a resize of the viewport
 * (LayoutShiftTracker::NotifyViewportSizeChanged), and its own debugging bar resizes it when an extension records: such
 * shifts count, because nobody asked for them (seen: 0.13 on a page that the web-vitals library calls 0).
 */
function wasCausedByUser(time: number, inputs: readonly number[] | null): boolean {
  if (inputs === null) return true;
  const last = inputs[upperBound(inputs, time) - 1];
  return last !== undefined && time - last <= INPUT_MICROS;
}

/** The slowest interaction, one in fifty left aside. */
function computeInp(tables: TraceTables, start: number, pid: number): number | null {
  const byInteraction = new Map<number, number>();
  for (const mark of tables.marks) {
    if (mark.name !== 'EventTiming' || mark.pid !== pid || mark.time < start) continue;
    const data = dataOf(mark);
    const interaction = number(data, 'interactionId') ?? 0;
    const duration = number(data, 'duration') ?? 0;
    if (interaction > 0)
      byInteraction.set(interaction, Math.max(duration, byInteraction.get(interaction) ?? 0));
  }
  const slowest = [...byInteraction.values()].sort((a, b) => b - a);
  return slowest[Math.min(slowest.length - 1, Math.floor(slowest.length / 50))] ?? null;
}

/**
 * From navigation start to the document's first response byte. The network's own clock (`timing.requestTime`) is used
 * where it runs with the trace's; otherwise the moment at which the renderer learnt of the response.
 */
function computeTtfb(tables: TraceTables, page: PageLoad, start: number): number | null {
  const document = tables.marks.find(
    (mark) =>
      mark.name === 'ResourceSendRequest' && mark.time >= start && text(dataOf(mark), 'url') === page.url,
  );
  const id = document === undefined ? undefined : text(dataOf(document), 'requestId');
  const response = tables.marks.find(
    (mark) =>
      mark.name === 'ResourceReceiveResponse' && id !== undefined && text(dataOf(mark), 'requestId') === id,
  );
  if (response === undefined) return null;
  const timing = asFields(dataOf(response).timing);
  const requestTime = number(timing, 'requestTime');
  const headers = number(timing, 'receiveHeadersStart') ?? number(timing, 'receiveHeadersEnd');
  // -1 stands for a phase that there was not.
  if (requestTime !== undefined && headers !== undefined && headers >= 0) {
    const firstByte = requestTime * 1e6 + headers * 1e3;
    if (firstByte >= start && firstByte <= response.time) return (firstByte - start) / 1000;
  }
  return (response.time - start) / 1000;
}

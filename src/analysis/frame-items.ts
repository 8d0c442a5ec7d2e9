/**
 * Frames that the page's process drew, or dropped.
 * In: trace tables and the page. Out: one item per frame, in order; none where the trace has no events of
 * `devtools.timeline.frame`. They follow TimelineFrameModel of DevTools: a frame that was begun and never drawn before the
 * next is idle (nothing changed), one with a DroppedFrame is dropped, or partially presented where that says so.
 */
import type { Micros } from '../base/index.ts';
import { SLICE_INSTANT, THREAD_ROLES, type TraceTables } from '../trace/index.ts';
import type { PageLoad } from './contract.ts';
import type { NewItem } from './page-item.ts';

/** Frames of the compositor of the page's process: its own thread, or the main thread where Chrome runs it there. */
export function collectFrames(
  { threads, slices, strings, bounds, marks }: TraceTables,
  page: PageLoad,
): NewItem[] {
  if (page.mainThread < 0) return [];
  const pid = threads.pid[page.mainThread];
  const compositor = THREAD_ROLES.indexOf('compositor');
  const isBegin = strings.find('BeginFrame');
  const isDraw = strings.find('DrawFrame');
  const isDrop = strings.find('DroppedFrame');
  const partial = new Set(
    marks
      .filter(
        (mark) => mark.name === 'DroppedFrame' && mark.pid === pid && mark.args.hasPartialUpdate === true,
      )
      .map(({ time }) => time),
  );
  const moments: FrameMoment[] = [];
  for (let thread = 0; thread < threads.length; thread++) {
    if (threads.pid[thread] !== pid || (threads.role[thread] !== compositor && thread !== page.mainThread))
      continue;
    for (let row = threads.firstSlice[thread]; row < threads.endSlice[thread]; row++) {
      const name = slices.name[row];
      if ((slices.flags[row] & SLICE_INSTANT) === 0) continue;
      if (name === isBegin || name === isDraw || name === isDrop)
        moments.push({ time: slices.start[row], name, isPartial: partial.has(slices.start[row]) });
    }
  }
  moments.sort((a, b) => a.time - b.time);
  return joinFrames(moments, { isBegin, isDraw, isDrop }, bounds.end);
}

interface FrameMoment {
  readonly time: Micros;
  readonly name: number;
  readonly isPartial: boolean;
}

/** Begins that were drawn or dropped, each to the next begin; a frame begun and left out is a pause. */
function joinFrames(
  moments: readonly FrameMoment[],
  { isBegin, isDraw, isDrop }: { readonly isBegin: number; readonly isDraw: number; readonly isDrop: number },
  traceEnd: number,
): NewItem[] {
  const frames: NewItem[] = [];
  let begun = -1;
  let state: 'begun' | 'drawn' | 'partial' | 'dropped' = 'begun';
  const close = (end: number): void => {
    if (begun < 0 || state === 'begun') return;
    const isDropped = state === 'dropped';
    const isPartial = state === 'partial';
    frames.push({
      track: 'frames',
      start: begun,
      settled: begun,
      end,
      title: isDropped ? 'Dropped frame' : isPartial ? 'Partially presented frame' : 'Frame',
      category: isDropped ? 'rendering' : 'painting',
      endInferred: false,
      source: { kind: 'frame', isDropped, isPartial },
    });
  };
  for (const { time, name, isPartial } of moments) {
    if (name === isBegin) {
      close(time);
      begun = time;
      state = 'begun';
    } else if (name === isDraw && state !== 'drawn') state = 'drawn';
    else if (name === isDrop && state === 'begun') state = isPartial ? 'partial' : 'dropped';
  }
  // The last frame has no next: it is taken for one of 60 a second.
  close(Math.min(traceEnd, begun + 1e6 / 60));
  return frames;
}

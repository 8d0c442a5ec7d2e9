/**
 * Slices by what stands in the trace, and back: notes name them so, because rows may be others in the next version.
 * In: an open recording; slice numbers (page items beyond the last slice), or anchors. Out: anchors; slice numbers, null
 * for what is not there. Refuses nothing: an anchor may be of another recording, or of somebody's invention.
 */
import { type SliceIndex, sliceIndex } from '../../base/index.ts';
import type { SliceAnchor } from '../../recording/index.ts';
import { SLICE_JS_CALL } from '../../trace/index.ts';
import type { OpenTrace } from '../opening/summary.ts';

/** Microseconds: sums of fractions may come out so much differently. */
const HAIR = 1e-3;
/** Page items begin together by the dozen, slices by the depth of a stack. */
const MOST_TOGETHER = 100_000;

export function anchorOf(trace: OpenTrace, slice: SliceIndex): SliceAnchor | null {
  const { slices } = trace.tables;
  const item = trace.items()[slice - slices.length];
  if (item === undefined && (slice < 0 || slice >= slices.length)) return null;
  const place =
    item === undefined
      ? { track: trackOfSlice(trace, slice), start: slices.start[slice], name: nameOfSlice(trace, slice) }
      : { track: item.track, start: item.start, name: item.title };
  const nth = candidates(trace, place).indexOf(slice);
  return nth < 0 ? null : { ...place, nth };
}

/** Per anchor its slice; null where the trace has none. */
export function resolveAnchors(
  trace: OpenTrace,
  anchors: readonly SliceAnchor[],
): readonly (SliceIndex | null)[] {
  return anchors.map((anchor) => {
    const found = candidates(trace, anchor)[anchor.nth];
    return found === undefined ? null : sliceIndex(found);
  });
}

/** Slice numbers of that name that begin there, the outermost first. */
function candidates(trace: OpenTrace, place: Omit<SliceAnchor, 'nth'>): number[] {
  const { slices } = trace.tables;
  const thread = threadOf(trace, place.track);
  if (thread < 0) {
    const found: number[] = [];
    for (const [index, { track, start, title }] of trace.items().entries())
      if (track === place.track && title === place.name && Math.abs(start - place.start) <= HAIR)
        found.push(slices.length + index);
    return found;
  }
  const found: number[] = [];
  let row = firstFrom(trace, thread, place.start - HAIR);
  const end = Math.min(trace.tables.threads.endSlice[thread], row + MOST_TOGETHER);
  for (; row < end && slices.start[row] <= place.start + HAIR; row++)
    if (nameOfSlice(trace, row) === place.name) found.push(row);
  return found;
}

/** Row of a thread's track, -1 for a track of the page and for one that is not there. */
function threadOf({ tables: { threads } }: OpenTrace, track: string): number {
  for (let thread = 0; thread < threads.length; thread++)
    if (`${threads.pid[thread]}:${threads.tid[thread]}` === track) return thread;
  return -1;
}

/** Slices of a thread stand depth-first, so their starts ascend. */
function firstFrom({ tables: { threads, slices } }: OpenTrace, thread: number, time: number): number {
  let low = threads.firstSlice[thread];
  let high = threads.endSlice[thread];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (slices.start[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function trackOfSlice({ tables: { threads, slices } }: OpenTrace, slice: number): string {
  const thread = slices.thread[slice];
  return `${threads.pid[thread]}:${threads.tid[thread]}`;
}

/** Chrome's name of the event; the function's for a JavaScript call. */
function nameOfSlice({ tables: { slices, strings, stacks, frames } }: OpenTrace, slice: number): string {
  if ((slices.flags[slice] & SLICE_JS_CALL) === 0) return strings.get(slices.name[slice]);
  return strings.get(frames.functionName[stacks.frame[slices.detail[slice]]]);
}

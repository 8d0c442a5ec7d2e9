/**
 * Walks a trace's slices of a range; where a function ran.
 * In: questions (view-questions.ts). Out: slices in order of start; how many, and the longest.
 */
import { titleOfEvent } from '../../analysis/index.ts';
import { assert, lowerBound, type SliceIndex, sliceIndex } from '../../base/index.ts';
import { labelOfFrame } from '../../flame/index.ts';
import type { FunctionRef } from '../../profile/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../../trace/index.ts';
import type { OpenTrace } from '../opening/summary.ts';
import type { OccurrenceQuestion, Occurrences } from '../view-questions.ts';

type Lists = Pick<OpenTrace, 'tables' | 'classes'>;

export function listOccurrences(
  { tables, classes }: Lists,
  { thread, range, function: wanted }: OccurrenceQuestion,
): Occurrences {
  const isWanted = occurrenceTest(tables, wanted);
  const { slices } = tables;
  let count = 0;
  let longest = -1;
  eachSlice(tables, { thread, range, within: null }, (slice) => {
    if (classes.visible[slice] === 0 || !isWanted(slice)) return;
    count++;
    if (longest < 0 || slices.duration[slice] > slices.duration[longest]) longest = slice;
  });
  return { count, longest: longest < 0 ? null : sliceIndex(longest) };
}

interface Span {
  readonly thread: number;
  readonly range: { readonly start: number; readonly end: number };
  readonly within: SliceIndex | null;
}

/** Slices of a thread that touch the range, in order of start. */
export function eachSlice(
  { slices, threads }: TraceTables,
  { thread, range, within }: Span,
  visit: (slice: number) => void,
): void {
  const first = within ?? threads.firstSlice[thread];
  const end = within === null ? threads.endSlice[thread] : slices.subtreeEnd[within];
  assert(first >= 0 && end <= slices.length, `there are no slices ${first} to ${end}`);
  // Nothing that starts before the range's first root reaches into it.
  let from = lowerBound(slices.start, range.start, first, end);
  if (from > first) from--;
  while (from > first && slices.parent[from] >= 0) from = slices.parent[from];
  for (let slice = Math.max(first, from); slice < end && slices.start[slice] < range.end; slice++) {
    if (slices.start[slice] + slices.duration[slice] > range.start) visit(slice);
  }
}

function occurrenceTest(
  { slices, strings, frames, stacks }: TraceTables,
  { name, url, line, column }: FunctionRef,
): (slice: number) => boolean {
  const isCall = (slice: number): boolean => (slices.flags[slice] & SLICE_JS_CALL) !== 0;
  const namedEvents = new Set(
    strings.texts.flatMap((text, row) => (url === '' && titleOfEvent(text) === name ? row : [])),
  );
  const wantedFrame = new Uint8Array(frames.length);
  for (let frame = 0; frame < frames.length; frame++) {
    const isSame =
      frames.line[frame] + 1 === line &&
      frames.column[frame] + 1 === column &&
      strings.get(frames.url[frame]) === url &&
      labelOfFrame({ frames, strings }, frame).text === name;
    if (isSame) wantedFrame[frame] = 1;
  }
  return (slice) =>
    isCall(slice)
      ? wantedFrame[stacks.frame[slices.detail[slice]]] === 1
      : namedEvents.has(slices.name[slice]);
}

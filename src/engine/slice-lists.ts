/**
 * Lists of a trace's slices: where a function ran, and the rows of the event log.
 * In: questions (view-questions.ts). Out: answers whose columns may be transferred.
 */
import { CATEGORIES, titleOfEvent } from '../analysis/index.ts';
import { assert, int32Column, lowerBound, type SliceIndex, sliceIndex } from '../base/index.ts';
import { compileQuery, labelOfFrame } from '../flame/index.ts';
import type { FunctionRef } from '../profile/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import { sliceOrAll } from './scoped-profiles.ts';
import type { OpenTrace } from './summary.ts';
import type { EventList, EventQuestion, OccurrenceQuestion, Occurrences } from './view-questions.ts';

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

export function listEvents({ tables, classes }: Lists, { within, ...question }: EventQuestion): EventList {
  const { slices } = tables;
  const { least, categories, text, order } = question;
  const wanted = Uint8Array.from(CATEGORIES, (each) => (categories?.includes(each) === false ? 0 : 1));
  const isNamed = textTest(tables, text);
  const found = int32Column();
  eachSlice(tables, { ...question, within: sliceOrAll(tables, within) }, (slice) => {
    if (classes.visible[slice] === 0 || wanted[classes.category[slice]] === 0) return;
    if (slices.duration[slice] >= least && isNamed(slice)) found.push(slice);
  });
  const rows = found.settle();
  const keys = order === 'total' ? slices.duration : order === 'self' ? classes.self : null;
  return {
    slices: keys === null ? rows : rows.sort((one, other) => keys[other] - keys[one] || one - other),
  };
}

interface Span {
  readonly thread: number;
  readonly range: { readonly start: number; readonly end: number };
  readonly within: SliceIndex | null;
}

/** Slices of a thread that touch the range, in order of start. */
function eachSlice(
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

/** Whether a slice's name or address has `text` in it; every distinct one is looked at once. */
function textTest(tables: TraceTables, text: string): (slice: number) => boolean {
  if (text === '') return () => true;
  const compiled = compileQuery({ text, regex: false, matchCase: false, wholeWord: false });
  const test = compiled.ok ? compiled.test : () => false;
  const { slices, strings, frames, stacks } = tables;
  const byName = new Int8Array(strings.length);
  const byFrame = new Int8Array(frames.length);
  const lookUp = (known: Int8Array, row: number, isFound: () => boolean): boolean => {
    if (known[row] === 0) known[row] = isFound() ? 1 : -1;
    return known[row] === 1;
  };
  return (slice) => {
    if ((slices.flags[slice] & SLICE_JS_CALL) === 0) {
      const name = strings.get(slices.name[slice]);
      return lookUp(byName, slices.name[slice], () => test(titleOfEvent(name)) || test(name));
    }
    const frame = stacks.frame[slices.detail[slice]];
    return lookUp(byFrame, frame, () => {
      const label = labelOfFrame(tables, frame);
      return test(label.text) || test(label.source?.url ?? '');
    });
  };
}

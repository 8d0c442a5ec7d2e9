/**
 * Call trees, flame graphs and lists of one open recording. Keeps the last profile: a view that is sorted, grouped or
 * turned round asks about the same one again.
 * In: questions (view-questions.ts). Out: answers whose columns may be transferred.
 */
import { CATEGORIES, titleOfEvent } from '../analysis/index.ts';
import { assert, int32Column, lowerBound, type SliceIndex, sliceIndex } from '../base/index.ts';
import {
  type Chart,
  compileQuery,
  groupProfile,
  labelOfFrame,
  layOutGraph,
  stripOutermost,
} from '../flame/index.ts';
import {
  applyTransforms,
  buildCallTree,
  buildSandwich,
  type CallTree,
  type FunctionRef,
  findFunction,
  profileOfRange,
  type StackProfile,
  tabulateFunctions,
} from '../profile/index.ts';
import { SLICE_END_INFERRED, SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import { groupNamer } from './script-parties.ts';
import type { OpenTrace } from './summary.ts';
import type {
  EventList,
  EventQuestion,
  GraphQuestion,
  OccurrenceQuestion,
  Occurrences,
  ProfileScope,
  TreeAnswer,
  TreeQuestion,
} from './view-questions.ts';

export class ProfileViews {
  readonly #trace: OpenTrace;
  #last: { readonly key: string; readonly profile: StackProfile } | null = null;

  constructor(trace: OpenTrace) {
    this.#trace = trace;
  }

  tree({ scope, inverted, group }: TreeQuestion): TreeAnswer {
    const plain = this.#profile(scope);
    const { profile, firstGroup } =
      group === 'none'
        ? { profile: plain, firstGroup: plain.frames.length }
        : groupProfile(plain, {
            by: group,
            at: inverted ? 'leaf' : 'root',
            nameOf: groupNamer(group, this.#trace.page.url),
          });
    const { strings, frames } = profile;
    const tree = buildCallTree(profile, { inverted });
    return { tree, strings, frames, firstGroup, totals: totalsOf(plain) };
  }

  graph({ scope, shape, order }: GraphQuestion): Chart {
    const profile = this.#profile(scope);
    return layOutGraph(profile, this.#treeOfGraph(profile, { scope, shape, order }));
  }

  #treeOfGraph(profile: StackProfile, { shape, order }: GraphQuestion): CallTree {
    if (!('function' in shape))
      return buildCallTree(profile, { inverted: shape.kind === 'bottom-up', order });
    return buildSandwich(profile, findFunction(profile, shape.function), { order })[shape.kind];
  }

  occurrences({ thread, range, function: wanted }: OccurrenceQuestion): Occurrences {
    const { tables, classes } = this.#trace;
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

  events({ within, ...question }: EventQuestion): EventList {
    const { tables, classes } = this.#trace;
    const { slices } = tables;
    const { least, categories, text, order } = question;
    const wanted = Uint8Array.from(CATEGORIES, (each) => (categories?.includes(each) === false ? 0 : 1));
    const isNamed = textTest(tables, text);
    const found = int32Column();
    eachSlice(tables, { ...question, within: this.#sliceOrAll(within) }, (slice) => {
      if (classes.visible[slice] === 0 || wanted[classes.category[slice]] === 0) return;
      if (slices.duration[slice] >= least && isNamed(slice)) found.push(slice);
    });
    const rows = found.settle();
    const keys = order === 'total' ? slices.duration : order === 'self' ? classes.self : null;
    return {
      slices: keys === null ? rows : rows.sort((one, other) => keys[other] - keys[one] || one - other),
    };
  }

  #profile(scope: ProfileScope): StackProfile {
    const key = JSON.stringify(scope);
    if (this.#last?.key !== key) this.#last = { key, profile: this.#makeProfile(scope) };
    return this.#last.profile;
  }

  /** What is selected in the chart need not be a slice of a thread; of others there is no inside. */
  #sliceOrAll(within: SliceIndex | null): SliceIndex | null {
    return within !== null && within < this.#trace.tables.slices.length ? within : null;
  }

  #makeProfile({ thread, range, within: wanted, type, jsOnly, transforms }: ProfileScope): StackProfile {
    const { tables, classes } = this.#trace;
    const within = this.#sliceOrAll(wanted);
    const inside = within === null ? range : intersect(range, tables, within);
    const profile = profileOfRange(tables, classes, { thread, range: inside, type, jsOnly });
    const stripped =
      within === null ? profile : stripOutermost(profile, countAncestors(this.#trace, within, jsOnly));
    return applyTransforms(stripped, transforms);
  }
}

function totalsOf(profile: StackProfile): Float64Array {
  const totals = new Float64Array(profile.frames.length);
  const table = tabulateFunctions(profile);
  for (let row = 0; row < table.length; row++) totals[table.frame[row]] = table.total[row];
  return totals;
}

interface Span {
  readonly thread: number;
  readonly range: { readonly start: number; readonly end: number };
  readonly within: SliceIndex | null;
}

function intersect(range: Span['range'], { slices }: TraceTables, slice: SliceIndex): Span['range'] {
  const start = Math.max(range.start, slices.start[slice]);
  return { start, end: Math.max(start, Math.min(range.end, slices.start[slice] + slices.duration[slice])) };
}

/** The frames that a profile has above the slice. */
function countAncestors({ tables, classes }: OpenTrace, slice: SliceIndex, jsOnly: boolean): number {
  const { parent, flags } = tables.slices;
  let count = 0;
  for (let at = parent[slice]; at >= 0; at = parent[at]) {
    if (classes.visible[at] === 0 || (flags[at] & SLICE_END_INFERRED) !== 0) continue;
    if (!jsOnly || (flags[at] & SLICE_JS_CALL) !== 0) count++;
  }
  return count;
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

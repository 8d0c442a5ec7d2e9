/**
 * What is told of one slice or page item when somebody looks, and who caused it.
 * In: an open recording and a row: a slice's, or beyond the last an item's. Out: plain answers that can cross to another
 * thread. A moment that caused something stands for the slice in which it lies: that can be seen and gone to.
 */
import {
  CATEGORIES,
  causesOf,
  effectsOf,
  type Link,
  type LinkKind,
  type PageItem,
} from '../../analysis/index.ts';
import { type SliceIndex, sliceIndex, threadIndex } from '../../base/index.ts';
import { endOfSlice, ITEM_NAMES, labelOfFrame, type SourcePlace, titleOfEvent } from '../../flame/index.ts';
import {
  SLICE_CLIPPED,
  SLICE_END_INFERRED,
  SLICE_INSTANT,
  SLICE_JS_CALL,
  type TraceTables,
} from '../../trace/index.ts';
import type { SliceDetails, SliceLink, SliceStep } from '../contract.ts';
import type { OpenTrace } from '../opening/summary.ts';

/** A script that asks for a thousand frames must not fill the pane. */
const MOST_LINKS = 20;
/** The innermost callers: a trace may nest a million. */
const MOST_STEPS = 1_000;

export function describeSlice(open: OpenTrace, slice: SliceIndex): SliceDetails {
  const item = open.items()[slice - open.tables.slices.length];
  return item === undefined ? describeThreadSlice(open, slice) : describeItem(open, slice, item);
}

/** What happened to the page stands outside all others: nothing is inside it. */
function describeItem(open: OpenTrace, slice: SliceIndex, item: PageItem): SliceDetails {
  return {
    slice,
    text: item.title,
    category: item.category,
    thread: threadIndex(Math.max(0, open.page.mainThread)),
    eventName: ITEM_NAMES[item.track],
    traceCategory: '',
    start: item.start,
    total: item.end - item.start,
    self: item.end - item.start,
    source: null,
    path: [],
    children: 0,
    jsCall: false,
    endInferred: item.endInferred,
    clipped: false,
    onThread: false,
    ...linksOf(open, slice),
  };
}

function describeThreadSlice(open: OpenTrace, slice: SliceIndex): SliceDetails {
  const { tables, classes } = open;
  const { slices, strings } = tables;
  const flags = slices.flags[slice];
  const path: SliceStep[] = [];
  for (let parent = slices.parent[slice]; parent >= 0 && path.length < MOST_STEPS; ) {
    if (classes.visible[parent] === 1) path.push(stepOf(open, sliceIndex(parent)));
    parent = slices.parent[parent];
  }
  path.reverse();
  return {
    ...stepOf(open, slice),
    thread: threadIndex(slices.thread[slice]),
    eventName: strings.get(slices.name[slice]),
    traceCategory: strings.get(slices.traceCategory[slice]),
    start: slices.start[slice],
    ...measure(open, slice),
    source: sourceOf(tables, slice),
    path,
    children: countChildren(open, slice),
    jsCall: (flags & SLICE_JS_CALL) !== 0,
    endInferred: (flags & SLICE_END_INFERRED) !== 0,
    clipped: (flags & SLICE_CLIPPED) !== 0,
    onThread: true,
    ...linksOf(open, slice),
  };
}

/** How long it lasted, and how long of that nothing that is seen was inside it. */
function measure(open: OpenTrace, slice: SliceIndex): Pick<SliceDetails, 'total' | 'self'> {
  const { tables, classes, page } = open;
  const { start, duration } = tables.slices;
  const end = endOfSlice(tables, page, slice);
  // What it is told to have lasted beyond the end of its process.
  const beyond = start[slice] + duration[slice] - end;
  if (beyond <= 0) return { total: duration[slice], self: classes.self[slice] };
  let isInnermost = true;
  visitChildren(open, slice, (child) => {
    if (start[child] + duration[child] > end) isInnermost = false;
  });
  return { total: end - start[slice], self: classes.self[slice] - (isInnermost ? beyond : 0) };
}

function stepOf({ tables, classes }: OpenTrace, slice: SliceIndex): SliceStep {
  const { slices, strings, stacks } = tables;
  const text =
    (slices.flags[slice] & SLICE_JS_CALL) === 0
      ? titleOfEvent(strings.get(slices.name[slice]))
      : labelOfFrame(tables, stacks.frame[slices.detail[slice]]).text;
  return { slice, text, category: CATEGORIES[classes.category[slice]] };
}

function sourceOf(tables: TraceTables, slice: SliceIndex): SourcePlace | null {
  const { slices, stacks } = tables;
  if ((slices.flags[slice] & SLICE_JS_CALL) === 0) return null;
  return labelOfFrame(tables, stacks.frame[slices.detail[slice]]).source;
}

function countChildren(open: OpenTrace, slice: SliceIndex): number {
  let children = 0;
  visitChildren(open, slice, () => {
    children++;
  });
  return children;
}

/** Visible children; those of hidden children count as its own. */
function visitChildren(
  { tables: { slices }, classes: { visible } }: OpenTrace,
  slice: SliceIndex,
  visit: (child: number) => void,
): void {
  for (let row = slice + 1; row < slices.subtreeEnd[slice]; ) {
    if (visible[row] === 1) {
      visit(row);
      row = slices.subtreeEnd[row];
    } else row++;
  }
}

// --- Who caused what --------------------------------------------------------------------------------------------------

type Links = Pick<SliceDetails, 'initiators' | 'initiatorsOf' | 'initiated' | 'initiatedLeftOut'>;

function linksOf(open: OpenTrace, slice: SliceIndex): Links {
  const initiated = effectsWithin(open, slice)
    .map(({ kind, effect }) => linkTo(open, kind, effect))
    // From one moment in it to another: nowhere to go.
    .filter((link) => link.slice !== slice);
  return {
    ...initiatorsOf(open, slice),
    initiated: flowsLast(initiated).slice(0, MOST_LINKS),
    initiatedLeftOut: Math.max(0, initiated.length - MOST_LINKS),
  };
}

/** Its own; else of the nearest around it that the page itself caused; else of the nearest that a flow leads to. */
function initiatorsOf(open: OpenTrace, slice: SliceIndex): Pick<Links, 'initiators' | 'initiatorsOf'> {
  const all = open.initiators();
  const { parent, length } = open.tables.slices;
  let found: { readonly row: number; readonly causes: readonly Link[] } | null = null;
  for (let row: number = slice; row >= 0; row = row < length ? parent[row] : -1) {
    const causes = causesOf(all, row);
    if (causes.length === 0) continue;
    const isTold = row === slice || causes.some(({ kind }) => kind !== 'flow');
    if (isTold || found === null) found = { row, causes };
    if (isTold) break;
  }
  if (found === null) return { initiators: [], initiatorsOf: null };
  const links = found.causes.map(({ kind, cause }) => linkTo(open, kind, cause));
  return {
    initiators: flowsLast(links).slice(0, MOST_LINKS),
    initiatorsOf: found.row === slice ? null : stepOf(open, sliceIndex(found.row)),
  };
}

/** By time; what Chrome ties by flows alone is mostly its own bookkeeping. */
const flowsLast = (links: readonly SliceLink[]): SliceLink[] =>
  links.toSorted((a, b) => Number(a.kind === 'flow') - Number(b.kind === 'flow') || a.time - b.time);

/** What the slice itself caused, and all in it that is no part of a slice that can be seen. */
function effectsWithin(open: OpenTrace, slice: SliceIndex): Link[] {
  const all = open.initiators();
  const { subtreeEnd, length } = open.tables.slices;
  const links = effectsOf(all, slice);
  if (slice >= length || all.length === 0) return links;
  for (let row = slice + 1; row < subtreeEnd[slice]; ) {
    if (hasBox(open, row)) row = subtreeEnd[row];
    else {
      links.push(...effectsOf(all, row));
      row++;
    }
  }
  return links;
}

const hasBox = ({ tables: { slices }, classes: { visible } }: OpenTrace, row: number): boolean =>
  visible[row] === 1 && (slices.flags[row] & SLICE_INSTANT) === 0;

function linkTo(open: OpenTrace, kind: LinkKind, row: number): SliceLink {
  const { tables, page } = open;
  const { slices, strings } = tables;
  const item = open.items()[row - slices.length];
  if (item !== undefined) {
    return {
      kind,
      slice: sliceIndex(row),
      text: item.title,
      category: item.category,
      event: ITEM_NAMES[item.track],
      time: item.start,
      thread: threadIndex(Math.max(0, page.mainThread)),
      onThread: false,
    };
  }
  let shown = row;
  while (shown >= 0 && !hasBox(open, shown)) shown = slices.parent[shown];
  return {
    kind,
    ...stepOf(open, sliceIndex(shown < 0 ? row : shown)),
    event: titleOfEvent(strings.get(slices.name[row])),
    time: slices.start[row],
    thread: threadIndex(slices.thread[row]),
    onThread: true,
  };
}

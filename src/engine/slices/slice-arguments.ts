/**
 * What the trace says about one slice beyond its columns.
 * In: an open recording, a way to its bytes, a slice. Out: facts in words, the stack that caused it, all arguments; a
 * JavaScript call has only the stack that called it.
 */
import type { PageItem } from '../../analysis/index.ts';
import { type Result, type SliceIndex, succeed } from '../../base/index.ts';
import {
  type ArgumentNode,
  type EventFact,
  type EventStack,
  labelOfFrame,
  layOutArguments,
  MOST_FRAMES,
  NO_STACK,
  type StackFrame,
  tellFacts,
  tellItem,
  tellStack,
} from '../../flame/index.ts';
import {
  type ReadArgumentsOptions,
  readEventArguments,
  SLICE_JS_CALL,
  type TraceBytes,
  type TraceTables,
} from '../../trace/index.ts';

export interface SliceArguments {
  readonly slice: SliceIndex;
  readonly facts: readonly EventFact[];
  readonly stack: EventStack;
  /** Its children are the arguments. */
  readonly all: ArgumentNode;
}

export async function readSliceArguments(
  tables: TraceTables,
  bytes: TraceBytes,
  slice: SliceIndex,
  options: ReadArgumentsOptions,
): Promise<Result<SliceArguments>> {
  if ((tables.slices.flags[slice] & SLICE_JS_CALL) !== 0) {
    const all = layOutArguments({ args: {}, fields: {} });
    return succeed({ slice, facts: [], stack: callersOf(tables, slice), all });
  }
  const read = await readEventArguments(bytes, tables, slice, options);
  if (!read.ok) return read;
  const name = tables.strings.get(tables.slices.name[slice]);
  return succeed({
    slice,
    facts: tellFacts(name, read.value),
    stack: tellStack(read.value, tables.stackFrames),
    all: layOutArguments(read.value),
  });
}

/** A request, frame, interaction …: all that is known of it is told in words. */
export function tellItemArguments(slice: SliceIndex, item: PageItem): SliceArguments {
  const all = layOutArguments({ args: {}, fields: {} });
  return { slice, facts: tellItem(item), stack: NO_STACK, all };
}

/** Who called the function, as its sample tells. */
function callersOf(tables: TraceTables, slice: SliceIndex): EventStack {
  const { frame, prefix } = tables.stacks;
  const frames: StackFrame[] = [];
  let leftOut = 0;
  for (let stack = prefix[tables.slices.detail[slice]]; stack >= 0; stack = prefix[stack]) {
    if (frames.length < MOST_FRAMES) frames.push(labelOfFrame(tables, frame[stack]));
    else leftOut++;
  }
  return { frames, leftOut };
}

/**
 * What the chart marks on its slices: whose script they are of, and which style and layout a script forced.
 * In: an open recording. Out: bits per slice number (page items beyond the last slice), and who forced what.
 *
 * A slice is of a third party where the innermost JavaScript call around it, or itself, is; an event that runs a script
 * where the first call in it is; a request where its address is. Without a page nobody is the first party: no bits.
 */
import { forcedCallers } from '../../analysis/index.ts';
import { MARK_FORCED, MARK_THIRD_PARTY, type SliceMarks } from '../../flame/index.ts';
import { SLICE_INSTANT, SLICE_JS_CALL } from '../../trace/index.ts';
import type { OpenTrace } from '../opening/summary.ts';
import { thirdPartyTest } from '../scripts/script-parties.ts';

export function markSlices(trace: OpenTrace): SliceMarks {
  const { slices, threads } = trace.tables;
  const bits = new Uint8Array(slices.length + trace.items().length);
  const { url } = trace.page;
  if (url !== '') markThirdParties(trace, thirdPartyTest(url), bits);
  const callerOf = forcedCallers(trace.tables);
  const forced: number[] = [];
  const forcedBy: number[] = [];
  for (let thread = 0; thread < threads.length; thread++) {
    for (let slice = threads.firstSlice[thread]; slice < threads.endSlice[thread]; slice++) {
      const caller = callerOf(slice);
      if (caller < 0) continue;
      bits[slice] |= MARK_FORCED;
      forced.push(slice);
      forcedBy.push(caller);
    }
  }
  return { bits, forced: Int32Array.from(forced), forcedBy: Int32Array.from(forcedBy) };
}

function markThirdParties(trace: OpenTrace, isThird: (url: string) => boolean, bits: Uint8Array): void {
  const { slices, frames, stacks, strings } = trace.tables;
  /** By frame row: 0 not asked yet, 1 first party, 2 third. */
  const parties = new Uint8Array(frames.length);
  const isThirdFrame = (frame: number): boolean => {
    if (parties[frame] === 0) parties[frame] = isThird(strings.get(frames.url[frame])) ? 2 : 1;
    return parties[frame] === 2;
  };
  for (let slice = 0; slice < slices.length; slice++) {
    const parent = slices.parent[slice];
    if ((slices.flags[slice] & SLICE_JS_CALL) === 0) {
      if (parent >= 0) bits[slice] = bits[parent];
      continue;
    }
    if (!isThirdFrame(stacks.frame[slices.detail[slice]])) continue;
    bits[slice] = MARK_THIRD_PARTY;
    // Who ran it did nothing else first: the event is the script's, too.
    if (
      parent === slice - 1 &&
      (slices.flags[parent] & (SLICE_JS_CALL | SLICE_INSTANT)) === 0 &&
      isScript(trace, parent)
    )
      bits[parent] = MARK_THIRD_PARTY;
  }
  for (const [index, { source }] of trace.items().entries())
    if (source.kind === 'request' && isThird(source.request.url))
      bits[slices.length + index] = MARK_THIRD_PARTY;
}

const SCRIPT_RUNS = new Set(['FunctionCall', 'EvaluateScript', 'v8.evaluateModule']);

const isScript = ({ tables: { slices, strings } }: OpenTrace, slice: number): boolean =>
  SCRIPT_RUNS.has(strings.get(slices.name[slice]));

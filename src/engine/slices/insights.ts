/**
 * What is worth a look in an open trace. The stacks of events that no sample tells the function of are read from the trace
 * first: of the longest, as many as take no time worth a word.
 * In: an open trace, a way to an event's arguments. Out: insights, those of `analysis`. What cannot be read is told
 * without: it is evidence the less, no failure.
 */
import {
  type CalledFunction,
  collectInsights,
  forcedWithoutCall,
  type Insight,
  type InsightInput,
} from '../../analysis/index.ts';
import { type Result, type SliceIndex, sliceIndex } from '../../base/index.ts';
import type { OpenTrace } from '../opening/summary.ts';
import { thirdPartyNamer } from '../scripts/script-parties.ts';
import type { SliceArguments } from './slice-arguments.ts';

/** Events whose stacks are read; those beyond are told by what ran the script. */
const MOST_READ = 200;

/** null where reading many would take long, or nobody waits any more. */
export type ReadArguments = (slice: SliceIndex) => Promise<Result<SliceArguments> | null>;

export async function findInsights(
  { tables, classes, page, items, initiators, scriptOf }: OpenTrace,
  read: ReadArguments,
): Promise<readonly Insight[]> {
  const input: InsightInput = {
    tables,
    classes,
    page,
    items: items(),
    initiators,
    thirdPartyOf: thirdPartyNamer(page.url),
    scriptOf,
  };
  const stacks = await readStacks(forcedWithoutCall(input).slice(0, MOST_READ), read);
  return collectInsights({ ...input, stackOf: (slice) => stacks.get(slice) ?? [] });
}

async function readStacks(
  slices: readonly number[],
  read: ReadArguments,
): Promise<ReadonlyMap<number, readonly CalledFunction[]>> {
  const stacks = new Map<number, readonly CalledFunction[]>();
  for (const slice of slices) {
    const told = await read(sliceIndex(slice));
    if (told === null || !told.ok) break;
    const { frames } = told.value.stack;
    stacks.set(
      slice,
      frames.map(({ text, source }) => ({ name: text, url: source?.url ?? '', line: source?.line ?? 0 })),
    );
  }
  return stacks;
}

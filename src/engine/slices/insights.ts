/**
 * What is worth a look in an open trace. What no sample tells is read from the trace first: the stacks of events that a
 * script forced, the addresses of events that ran one; of the longest, as many as take no time worth a word.
 * In: an open trace, ways to an event's arguments. Out: insights, those of `analysis`. What cannot be read is told
 * without: it is evidence the less, no failure.
 */
import {
  type CalledFunction,
  collectInsights,
  forcedWithoutCall,
  type Insight,
  type InsightInput,
  scriptsWithoutSamples,
} from '../../analysis/index.ts';
import { type Result, type SliceIndex, sliceIndex } from '../../base/index.ts';
import type { EventArguments } from '../../trace/index.ts';
import type { OpenTrace } from '../opening/summary.ts';
import { thirdPartyNamer } from '../scripts/script-parties.ts';
import type { SliceArguments } from './slice-arguments.ts';

/** Events of each kind that are read. */
const MOST_READ = 200;

/** Each null where reading many would take long, or nobody waits any more. */
export interface EventReaders {
  /** In words, under the names that source maps gave. */
  readonly told: (slice: SliceIndex) => Promise<Result<SliceArguments> | null>;
  readonly event: (slice: SliceIndex) => Promise<Result<EventArguments> | null>;
}

export async function findInsights(
  { tables, classes, page, items, initiators, scriptOf }: OpenTrace,
  { told, event }: EventReaders,
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
  const stacks = await readEach(forcedWithoutCall(input), told, stackOf);
  const addresses = await readEach(scriptsWithoutSamples(input), event, addressOf);
  return collectInsights({
    ...input,
    stackOf: (slice) => stacks.get(slice) ?? [],
    addressOf: addresses.size === 0 ? undefined : (slice) => addresses.get(slice) ?? '',
  });
}

/** What is found out of the first {@link MOST_READ} slices, as far as they can be read. */
async function readEach<Read, Found>(
  slices: readonly number[],
  read: (slice: SliceIndex) => Promise<Result<Read> | null>,
  find: (value: Read) => Found,
): Promise<ReadonlyMap<number, Found>> {
  const found = new Map<number, Found>();
  for (const slice of slices.slice(0, MOST_READ)) {
    const answer = await read(sliceIndex(slice));
    if (answer === null || !answer.ok) break;
    found.set(slice, find(answer.value));
  }
  return found;
}

const stackOf = ({ stack }: SliceArguments): readonly CalledFunction[] =>
  stack.frames.map(({ text, source }) => ({ name: text, url: source?.url ?? '', line: source?.line ?? 0 }));

/** `url` of what runs a script, `fileName` of what compiles one. */
function addressOf({ args }: EventArguments): string {
  for (const holder of [args.data, args]) {
    if (typeof holder !== 'object' || holder === null) continue;
    for (const key of ['url', 'fileName']) {
      const address: unknown = Reflect.get(holder, key);
      if (typeof address === 'string' && address !== '') return address;
    }
  }
  return '';
}

/**
 * Large scripts that came twice, or that nobody saw run.
 * In: the page's requests for scripts, V8's samples. Out: an insight, null where there is no such script.
 *
 * Twice: the same address was loaded over the wire again, or two addresses gave texts of the very same length; that is
 * all that the trace tells of their content. Not seen: V8 took samples, and none in any function of the script. It may
 * have run for less than the time between two samples, so it is said as what it is: no sample in it.
 */
import type { TraceTables } from '../../trace/index.ts';
import { dataOf, number, text } from '../arguments.ts';
import type { LoadRequest } from '../load-facts.ts';
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  listEvidence,
  windowOf,
} from './contract.ts';
import { findPageRequests } from './page-requests.ts';
import { countOf } from './words.ts';

/** Bytes over the wire of a script that is worth a look. */
const LARGE = 20_000;

interface Script {
  readonly request: LoadRequest;
  readonly title: string;
  readonly slice: number;
  readonly start: number;
  readonly end: number;
  /** Characters of the text as it came, 0 where the trace does not tell. */
  readonly length: number;
}

export function findLargeScripts(input: InsightInput): Insight | null {
  const scripts = listScripts(input);
  const duplicates = findDuplicates(scripts);
  const twice = new Set(duplicates.map(({ slice }) => slice));
  const unseen = findUnseen(input, scripts).filter(({ slice }) => !twice.has(slice));
  if (duplicates.length + unseen.length === 0) return null;
  const parts = [
    duplicates.length === 0 ? '' : `${countOf(duplicates.length, 'large script')} came twice`,
    unseen.length === 0 ? '' : `${countOf(unseen.length, 'large script')} without a sample in it`,
  ].filter((part) => part !== '');
  return {
    kind: 'large-scripts',
    title: parts.join(', '),
    explanation:
      'Scripts of 20 kB and more. “Same length” is what the trace tells of two texts, not that they are equal. “No sample” means that V8, asked many times a millisecond or few, never found a function of it running: it ran shortly or not at all.',
    ...listEvidence([...duplicates, ...unseen]),
  };
}

function listScripts(input: InsightInput): Script[] {
  const window = windowOf(input);
  const lengths = lengthsByRequest(input.tables);
  const { isOfPage } = findPageRequests(input);
  return input.items.flatMap(({ source, title, start, end, endInferred }, index): Script[] => {
    if (source.kind !== 'request' || endInferred || !isInside(start, window)) return [];
    const { request } = source;
    if (
      !isOfPage(request) ||
      request.resourceType !== 'Script' ||
      request.failed ||
      (request.encodedBytes ?? 0) < LARGE
    )
      return [];
    const slice = input.tables.slices.length + index;
    return [{ request, title, slice, start, end, length: lengths.get(request.id) ?? 0 }];
  });
}

/** Characters of what came, unpacked. */
function lengthsByRequest({ marks }: TraceTables): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const mark of marks) {
    if (mark.name !== 'ResourceFinish') continue;
    const data = dataOf(mark);
    const id = text(data, 'requestId');
    const length = number(data, 'decodedBodyLength') ?? 0;
    if (id !== undefined && length > 0) lengths.set(id, length);
  }
  return lengths;
}

function findDuplicates(scripts: readonly Script[]): Evidence[] {
  const found: Evidence[] = [];
  for (const [row, script] of scripts.entries()) {
    const before = scripts.slice(0, row);
    const same = before.find(({ request }) => request.url === script.request.url);
    const alike = before.find(({ length }) => length > 0 && length === script.length);
    const other = same ?? alike;
    if (other === undefined) continue;
    found.push(
      tell(
        script,
        same === undefined
          ? `same length as ${other.title} (${script.length} bytes)`
          : 'the same address again',
      ),
    );
  }
  return found;
}

function findUnseen({ tables, scriptOf }: InsightInput, scripts: readonly Script[]): Evidence[] {
  const { samples, frames, strings, stacks } = tables;
  if (samples.length === 0) return [];
  const seen = new Set<string>();
  const urls = new Set<number>();
  for (let stack = 0; stack < stacks.length; stack++) urls.add(frames.url[stacks.frame[stack]]);
  for (const url of urls) {
    const address = strings.get(url);
    seen.add((scriptOf?.(address) ?? address).split('#', 1)[0]);
  }
  return scripts
    .filter(({ request }) => !seen.has(request.url.split('#', 1)[0]))
    .map((script) => tell(script, 'no sample in it'));
}

function tell({ request, title, slice, start, end }: Script, what: string): Evidence {
  const kilobytes = ((request.encodedBytes ?? 0) / 1000).toFixed(0);
  return {
    text: title,
    millis: (end - start) / 1000,
    note: `${kilobytes} kB, ${what}`,
    range: { start, end },
    slice,
  };
}

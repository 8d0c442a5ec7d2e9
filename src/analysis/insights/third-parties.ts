/**
 * What other sites' scripts and files cost: time on the page's main thread, and bytes.
 * In: the main thread's slices, the page's requests, whose an address is. Out: an insight with a line per site, null where
 * no other site took part.
 *
 * Time is self time of a site's functions, and of browser work under them (layout, garbage collection) that no function of
 * somebody else stands between: the sums are those of the call tree grouped by party. The event that runs a script, its
 * parsing and compiling, are nobody's. Without V8's samples of the main thread it is the time of the events that run or
 * compile a script, by the address that they name, where somebody read it (`addressOf`); else no time is told.
 */
import { SLICE_JS_CALL } from '../../trace/index.ts';
import {
  type Evidence,
  type Insight,
  type InsightInput,
  isInside,
  listEvidence,
  windowOf,
} from './contract.ts';
import { findPageRequests } from './page-requests.ts';
import { countOf, rowsOfNames, tellMillis } from './words.ts';

/** A site that sent nothing is told from so much time on. */
const LEAST_MICROS = 100;

interface Party {
  micros: number;
  requests: number;
  bytes: number;
  /** Where most of it ran in one piece, else its first request; -1 none. */
  slice: number;
  longest: number;
}

export function findThirdParties(input: InsightInput): Insight | null {
  const parties = new Map<string, Party>();
  const partyOf = (name: string): Party => {
    const known = parties.get(name) ?? { micros: 0, requests: 0, bytes: 0, slice: -1, longest: -1 };
    parties.set(name, known);
    return known;
  };
  addTime(input, partyOf);
  addRequests(input, partyOf);
  for (const [name, { micros, requests }] of parties)
    if (requests === 0 && micros < LEAST_MICROS) parties.delete(name);
  if (parties.size === 0) return null;
  const { slices } = input.tables;
  const all = [...parties];
  const isSampled = input.page.mainThread >= 0 && input.tables.threads.samples[input.page.mainThread] > 0;
  const isTimed = isSampled || input.addressOf !== undefined;
  const micros = all.reduce((sum, [, party]) => sum + party.micros, 0);
  const bytes = all.reduce((sum, [, party]) => sum + party.bytes, 0);
  const hasRequests = all.some(([, party]) => party.requests > 0);
  const evidence = all
    .sort(([, a], [, b]) => b.micros - a.micros || b.bytes - a.bytes)
    .map(([name, party]): Evidence => {
      const item = input.items[party.slice - slices.length];
      const start = item?.start ?? slices.start[party.slice];
      return {
        text: name,
        millis: isTimed ? party.micros / 1000 : null,
        // What was asked of it before the recording, or in a trace without the network, nobody knows.
        note: party.requests === 0 ? '' : `${countOf(party.requests, 'request')}, ${tellBytes(party.bytes)}`,
        range: { start, end: item?.end ?? start + slices.duration[party.slice] },
        slice: party.slice,
      };
    });
  return {
    kind: 'third-parties',
    title: isTimed
      ? `${countOf(parties.size, 'other site')} took ${tellMillis(micros)} of the main thread${hasRequests ? ` and ${tellBytes(bytes)}` : ''}`
      : `${countOf(parties.size, 'other site')} sent ${tellBytes(bytes)}`,
    explanation: isSampled
      ? 'Time in functions that other sites served, with the browser’s work that they caused; bytes over the wire. Sites are told apart by registrable domain. Each leads to its longest call, or to its first request.'
      : isTimed
        ? 'Time of script events that name an address of theirs, of the longest ones alone, with the browser’s work inside; V8 took no samples that would tell functions. Bytes over the wire. Sites are told apart by registrable domain. Each leads to its longest event, or to its first request.'
        : 'Bytes over the wire. What they cost the main thread is not known: the trace has no samples of V8. Sites are told apart by registrable domain. Each leads to its first request.',
    ...listEvidence(evidence),
  };
}

/** Depth-first, so that the call around a slice is the last one that has not ended. */
function addTime(input: InsightInput, partyOf: (name: string) => Party): void {
  const { tables, classes, page } = input;
  const { slices, threads, stacks, frames, strings } = tables;
  if (page.mainThread < 0) return;
  const window = windowOf(input);
  const nameOfFrame = frameNamer(input);
  const { addressOf = () => '', thirdPartyOf } = input;
  const open: { readonly end: number; readonly name: string | null }[] = [];
  for (let row = threads.firstSlice[page.mainThread]; row < threads.endSlice[page.mainThread]; row++) {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= row) open.pop();
    const isCall = (slices.flags[row] & SLICE_JS_CALL) !== 0;
    const frame = isCall ? stacks.frame[slices.detail[row]] : -1;
    // What V8 runs itself (`performance.now`) has no address: it is its caller's.
    if (isCall && strings.get(frames.url[frame]) !== '')
      open.push({ end: slices.subtreeEnd[row], name: nameOfFrame(frame) });
    const address = isCall ? '' : addressOf(row);
    if (address !== '') open.push({ end: slices.subtreeEnd[row], name: thirdPartyOf(address) });
    const name = open.at(-1)?.name ?? null;
    if (name === null || !isInside(slices.start[row], window)) continue;
    const party = partyOf(name);
    party.micros += classes.self[row];
    if ((isCall || address !== '') && slices.duration[row] > party.longest) {
      party.longest = slices.duration[row];
      party.slice = row;
    }
  }
}

function frameNamer({ tables, thirdPartyOf, scriptOf }: InsightInput): (frame: number) => string | null {
  const { frames, strings } = tables;
  const known = new Map<number, string | null>();
  return (frame) => {
    const url = frames.url[frame];
    let name = known.get(url);
    if (name === undefined) {
      const address = strings.get(url);
      name = thirdPartyOf(scriptOf?.(address) ?? address);
      known.set(url, name);
    }
    return name;
  };
}

function addRequests(input: InsightInput, partyOf: (name: string) => Party): void {
  const { items, tables, thirdPartyOf } = input;
  const window = windowOf(input);
  const { isOfPage } = findPageRequests(input);
  for (const [index, { source, start }] of items.entries()) {
    if (source.kind !== 'request' || !isInside(start, window) || !isOfPage(source.request)) continue;
    const name = thirdPartyOf(source.request.url);
    if (name === null) continue;
    const party = partyOf(name);
    party.requests++;
    party.bytes += source.request.encodedBytes ?? 0;
    if (party.slice < 0) party.slice = tables.slices.length + index;
  }
}

const tellBytes = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(bytes >= 1e4 ? 0 : 1)} kB`;

/** Events that run or compile a script, and name it. */
const NAMING = [
  'FunctionCall',
  'EvaluateScript',
  'v8.compile',
  'v8.compileModule',
  'v8.evaluateModule',
] as const;

/** Of a main thread without samples: the slices whose events name a script, the longest first. */
export function scriptsWithoutSamples(input: InsightInput): number[] {
  const { tables, page } = input;
  const { slices, threads } = tables;
  if (page.mainThread < 0 || threads.samples[page.mainThread] > 0) return [];
  const window = windowOf(input);
  const names = rowsOfNames(tables, NAMING);
  const rows: number[] = [];
  for (let row = threads.firstSlice[page.mainThread]; row < threads.endSlice[page.mainThread]; row++)
    if (names.has(slices.name[row]) && isInside(slices.start[row], window)) rows.push(row);
  return rows.sort((one, other) => slices.duration[other] - slices.duration[one]);
}

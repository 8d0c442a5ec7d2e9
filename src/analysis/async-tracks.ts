/**
 * Async events of traces that no page wrote (Node, build tools, hand-made files): a track for each of their trace
 * categories, moments too. In a page's trace they are Chrome's own bookkeeping, which DevTools hides, and so do we.
 * In: trace tables. Out: entries, track by track, by start within each. Refuses: user timings, which have their own
 * track, and more than {@link MOST} events: the first ones are taken.
 */
import { SLICE_END_INFERRED, type TraceTables } from '../trace/index.ts';
import { isGenericTrace } from './classes.ts';
import type { CustomEntry } from './custom-tracks.ts';

export interface AsyncEntry extends CustomEntry {
  readonly endInferred: boolean;
}

/** Each becomes an object and a box of its own. */
const MOST = 100_000;
const TIMINGS = new Set(['blink.user_timing', 'blink.console']);

export function collectAsyncTracks(tables: TraceTables): AsyncEntry[] {
  if (!isGenericTrace(tables)) return [];
  const { asyncSlices, strings } = tables;
  const tracks = new Map<string, AsyncEntry[]>();
  for (let row = 0; row < Math.min(MOST, asyncSlices.length); row++) {
    const category = strings.get(asyncSlices.traceCategory[row]);
    if (TIMINGS.has(category)) continue;
    const entry = readEntry(tables, row, category || 'async events');
    const own = tracks.get(entry.customTrack);
    if (own === undefined) tracks.set(entry.customTrack, [entry]);
    else own.push(entry);
  }
  return [...tracks.values()].flat();
}

function readEntry({ asyncSlices, strings }: TraceTables, row: number, customTrack: string): AsyncEntry {
  const start = asyncSlices.start[row];
  const id = strings.get(asyncSlices.id[row]);
  const process = String(asyncSlices.pid[row]);
  return {
    name: strings.get(asyncSlices.name[row]),
    customTrack,
    group: '',
    colour: '',
    tooltip: '',
    properties: [...(id === '' ? [] : [['Id', id] as const]), ['Process', process]],
    start,
    end: start + asyncSlices.duration[row],
    endInferred: (asyncSlices.flags[row] & SLICE_END_INFERRED) !== 0,
  };
}

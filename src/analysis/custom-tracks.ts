/**
 * Tracks that pages name for themselves, as DevTools reads them (Chrome's Performance extensibility API): by
 * `performance.measure` and `mark` with `detail.devtools`, and by `console.timeStamp(label, start, end, track, group,
 * colour)`.
 * In: trace tables. Out: entries, track by track (those of a group together, in order of their first entry), by start
 * within each; what names no track; and which measures and marks are told here. Times are
 * the trace's own clock, as Chrome writes them. Tracks beyond {@link MOST_TRACKS} share one. Refuses: details without a track, and times that no clock has (left out).
 */
import type { Micros } from '../base/index.ts';
import type { Mark, TraceTables } from '../trace/index.ts';
import { asFields, dataOf, type Fields, text } from './arguments.ts';
import type { PageLoad } from './contract.ts';
import { isElsewhere } from './other-pages.ts';

export interface CustomEntry {
  /** The page's own names; '' for no group. */
  readonly name: string;
  readonly customTrack: string;
  readonly group: string;
  /** As the page said: `primary`, `tertiary-dark`, `error`, …; '' nothing. */
  readonly colour: string;
  readonly tooltip: string;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly start: Micros;
  readonly end: Micros;
}

/** A `performance.mark` that is to be a marker, or a `console.timeStamp` that names no track: they stand among the timings. */
export interface CustomMoment
  extends Pick<CustomEntry, 'name' | 'colour' | 'tooltip' | 'properties' | 'start' | 'end'> {
  readonly writtenBy: 'mark' | 'timeStamp';
}

export interface CustomTracks {
  readonly entries: readonly CustomEntry[];
  readonly moments: readonly CustomMoment[];
  /** Measures and marks that stand in `entries` or `moments`, as {@link timingKey} names them. */
  readonly told: ReadonlySet<string>;
}

const USER_TIMING = 'blink.user_timing';

export const timingKey = (name: string, start: Micros): string => `${start} ${name}`;

export function collectCustomTracks(tables: TraceTables, { others }: PageLoad): CustomTracks {
  const entries: CustomEntry[] = [];
  const moments: CustomMoment[] = [];
  const told = new Set<string>();
  const ends = endsOfMeasures(tables);
  for (const mark of tables.marks) {
    if (mark.traceCategory !== USER_TIMING || isElsewhere(others, mark.pid)) continue;
    const detail = readDetail(mark);
    if (detail === null) continue;
    const { name, time } = mark;
    const about = { name, colour: detail.colour, tooltip: detail.tooltip, properties: detail.properties };
    if (detail.track !== '') {
      const end = ends.get(timingKey(name, time)) ?? time;
      entries.push({ ...about, customTrack: detail.track, group: detail.group, start: time, end });
    } else if (detail.isMarker) moments.push({ ...about, start: time, end: time, writtenBy: 'mark' });
    else continue;
    told.add(timingKey(name, time));
  }
  readTimeStamps(
    tables.marks.filter((mark) => mark.name === 'TimeStamp' && !isElsewhere(others, mark.pid)),
    entries,
    moments,
  );
  return { entries: inTracks(entries), moments, told };
}

interface Detail {
  readonly track: string;
  readonly group: string;
  readonly colour: string;
  readonly tooltip: string;
  readonly properties: CustomEntry['properties'];
  readonly isMarker: boolean;
}

/** Chrome writes the detail as JSON: at a measure's begin among its arguments, at a mark in their `data`. */
const detailOf = (mark: Mark): string | undefined =>
  text(mark.args, 'detail') ?? text(dataOf(mark), 'detail');

/** Whether it is a measure or mark of the page, and no moment of Chrome's own. */
export const isUserTiming = (mark: Mark): boolean =>
  mark.traceCategory === USER_TIMING && detailOf(mark) !== undefined;

function readDetail(mark: Mark): Detail | null {
  const json = detailOf(mark);
  if (json === undefined) return null;
  const { devtools } = asFields(parseJson(json));
  if (typeof devtools !== 'object' || devtools === null) return null;
  const fields = asFields(devtools);
  return {
    track: text(fields, 'track') ?? '',
    group: text(fields, 'trackGroup') ?? '',
    colour: text(fields, 'color') ?? '',
    tooltip: text(fields, 'tooltipText') ?? '',
    properties: readProperties(fields.properties),
    isMarker: fields.dataType === 'marker',
  };
}

function readProperties(told: unknown): CustomEntry['properties'] {
  if (!Array.isArray(told)) return [];
  return told.flatMap((pair: unknown): [string, string][] =>
    Array.isArray(pair) && pair.length >= 2 ? [[plainText(pair[0]), plainText(pair[1])]] : [],
  );
}

/** Lists and objects as JSON, but for those that the page has nested too deep to be written. */
function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return '…';
    throw error;
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** By name and start: measures are paired by the reader. */
function endsOfMeasures({ asyncSlices, strings }: TraceTables): ReadonlyMap<string, Micros> {
  const ends = new Map<string, Micros>();
  const category = strings.find(USER_TIMING);
  if (category < 0) return ends;
  for (let row = 0; row < asyncSlices.length; row++) {
    if (asyncSlices.traceCategory[row] !== category) continue;
    const start = asyncSlices.start[row];
    ends.set(timingKey(strings.get(asyncSlices.name[row]), start), start + asyncSlices.duration[row]);
  }
  return ends;
}

/** A start or an end is a time of the trace's clock, or the label of a time stamp before; left out it is now. */
function readTimeStamps(marks: readonly Mark[], entries: CustomEntry[], moments: CustomMoment[]): void {
  const byLabel = new Map<string, Micros>();
  for (const mark of marks) {
    const data = dataOf(mark);
    const name = text(data, 'name') ?? text(data, 'message') ?? '';
    byLabel.set(name, mark.time);
    const start = timeOf(data, 'start', byLabel);
    const end = timeOf(data, 'end', byLabel);
    const track = text(data, 'track') ?? '';
    const about = { name, colour: text(data, 'color') ?? '', tooltip: '', properties: [] };
    const isMoment = start === null && end === null;
    const from = start ?? mark.time;
    const to = isMoment ? from : Math.max(from, end ?? mark.time);
    const group = text(data, 'trackGroup') ?? '';
    if (track === '') moments.push({ ...about, start: from, end: to, writtenBy: 'timeStamp' });
    else entries.push({ ...about, customTrack: track, group, start: from, end: to });
  }
}

function timeOf(data: Fields, key: 'start' | 'end', byLabel: ReadonlyMap<string, Micros>): Micros | null {
  const told = data[key];
  if (typeof told === 'number') return Number.isFinite(told) && told > 0 ? told : null;
  return typeof told === 'string' && told !== '' ? (byLabel.get(told) ?? null) : null;
}

/** Tracks in order of their first entry, those of a group where its first one stands. */
function inTracks(entries: readonly CustomEntry[]): CustomEntry[] {
  const byStart = bundleTracks(
    [...entries].sort((one, other) => one.start - other.start || other.end - one.end),
  );
  const groups = new Map<string, Map<string, CustomEntry[]>>();
  for (const entry of byStart) {
    const group = entry.group === '' ? `track ${entry.customTrack}` : `group ${entry.group}`;
    const tracks = groups.get(group) ?? new Map<string, CustomEntry[]>();
    groups.set(group, tracks);
    const own = tracks.get(entry.customTrack) ?? [];
    tracks.set(entry.customTrack, own);
    own.push(entry);
  }
  return [...groups.values()].flatMap((tracks) => [...tracks.values()].flat());
}

/** Each has a header of its own: a page that names one per request would bury the threads. */
const MOST_TRACKS = 60;

/** The first {@link MOST_TRACKS} stay as they are; entries of all others share one more, each with its track in its name. */
function bundleTracks(byStart: readonly CustomEntry[]): readonly CustomEntry[] {
  const keyOf = ({ group, customTrack }: CustomEntry): string => JSON.stringify([group, customTrack]);
  const keys = [...new Set(byStart.map(keyOf))];
  if (keys.length <= MOST_TRACKS) return byStart;
  const own = new Set(keys.slice(0, MOST_TRACKS));
  const others = `${keys.length - MOST_TRACKS} more tracks of the page`;
  return byStart.map((entry) => {
    if (own.has(keyOf(entry))) return entry;
    const { group, customTrack, name } = entry;
    const from = group === '' ? customTrack : `${group}, ${customTrack}`;
    return { ...entry, group: '', customTrack: others, name: `${name} (${from})` };
  });
}

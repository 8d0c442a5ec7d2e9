/**
 * The slow and obvious reader: what docs/attribution.md and docs/categories.md say, word by word, over parsed JSON.
 * In: well-typed events in file order. Out: what the tables must say, as lines of text; a slice is told with the number
 * of its event. Meant to be read, not to be fast. It shares no code with src/.
 */
import { type CallInput, laySlowCalls, type SlowCall } from './slow-calls.ts';
import { pairSlowFlows } from './slow-flows.ts';
import { collectSlowProfiles, type SlowProfiles } from './slow-profiles.ts';

/** An event as our generators write it: every field of its right type, or missing. */
export interface PlainEvent {
  readonly ph: string;
  readonly name?: string;
  readonly cat?: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly id?: string | number;
  readonly bp?: string;
  readonly bind_id?: string;
  readonly flow_in?: boolean;
  readonly flow_out?: boolean;
  readonly id2?: { readonly local?: string; readonly global?: string };
  readonly scope?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

export interface SlowReading {
  readonly bounds: { readonly start: number; readonly end: number };
  /** `pid:tid` → its slices and calls, depth first. */
  readonly slices: Readonly<Record<string, readonly string[]>>;
  readonly samples: Readonly<Record<string, readonly string[]>>;
  readonly asyncSlices: readonly string[];
  readonly counters: readonly string[];
  /** `#event → #event`, sorted. */
  readonly flows: readonly string[];
  readonly diagnostics: Readonly<Record<string, number>>;
}

/** A slice on its way; a lost one lasts for ever until something bounds it. */
export interface SlowSlice {
  readonly name: string;
  readonly start: number;
  duration: number;
  lost: boolean;
  readonly instant: boolean;
  readonly traceId: number;
  readonly event: number;
}

const LAST_TIME = Number.MAX_SAFE_INTEGER;
/** An end that is late by no more is on time (categories.md). */
const ROUNDING = 0.0005;
const SLICE_PHASES = ['B', 'E', 'X', 'I', 'i', 'R'];

type Numbered = PlainEvent & { readonly at: number; readonly time: number };
type Count = (kind: string, by?: number) => void;

export function readSlowly(events: readonly PlainEvent[]): SlowReading {
  const diagnostics: Record<string, number> = {};
  const count: Count = (kind, by = 1) => {
    if (by > 0) diagnostics[kind] = (diagnostics[kind] ?? 0) + by;
  };
  const timed: Numbered[] = [];
  for (const [at, event] of events.entries()) {
    if (event.ph === 'M') continue;
    const { ts } = event;
    if (ts === undefined || Math.abs(ts) > LAST_TIME) {
      count('badTimes');
      continue;
    }
    if (event.dur !== undefined && event.dur > LAST_TIME) {
      count('badTimes');
      const { dur: _, ...rest } = event;
      timed.push({ ...rest, at, time: ts });
    } else timed.push({ ...event, at, time: ts });
  }
  const profiles = collectSlowProfiles(timed, count);
  const bounds = findBounds(timed, profiles);
  const slices: Record<string, string[]> = {};
  for (const thread of threadsOf(timed)) {
    const own = timed.filter((event) => threadOf(event) === thread && SLICE_PHASES.includes(event.ph));
    const sorted = endLostTasks(sortSlices(pairSlices(own, count)));
    const profile = profiles.byThread[thread];
    const input: CallInput = {
      slices: sorted,
      samples: profile?.samples ?? [],
      traceIds: profile?.traceIds ?? {},
    };
    const lines = layTree(sorted, laySlowCalls(input), bounds.end, count);
    if (lines.length > 0) slices[thread] = lines;
  }
  return {
    bounds,
    slices,
    samples: profiles.lines,
    asyncSlices: pairAsync(timed, bounds.end, count),
    counters: listCounters(timed),
    flows: pairSlowFlows(timed, slices),
    diagnostics,
  };
}

export const threadOf = ({ pid, tid }: { pid: number; tid: number }): string => `${pid}:${tid}`;

function threadsOf(events: readonly Numbered[]): string[] {
  return [...new Set(events.map(threadOf))];
}

function findBounds(events: readonly Numbered[], profiles: SlowProfiles): { start: number; end: number } {
  const counted = events.filter(
    ({ ph, time, name }) => 'BEXI'.includes(ph) && time !== 0 && !(name ?? '').endsWith('::UMA'),
  );
  const started = events.filter(({ name }) => name === 'TracingStartedInBrowser').at(-1);
  const starts = counted.length > 0 ? counted.map(({ time }) => time) : profiles.times;
  const ends =
    counted.length > 0 ? counted.map(({ time, dur = 0 }) => time + Math.max(0, dur)) : profiles.times;
  if (starts.length === 0) return { start: 0, end: 0 };
  const isStarted = started !== undefined && started.time > 0 && counted.length > 0;
  const start = isStarted ? started.time : Math.min(...starts);
  return { start, end: Math.max(start, ...ends) };
}

/** One stack of open slices; begins and ends in the order of their times. */
function pairSlices(events: readonly Numbered[], count: Count): SlowSlice[] {
  const slices: SlowSlice[] = [];
  const make = (event: Numbered, duration: number): SlowSlice => {
    const slice = {
      name: event.name ?? '',
      start: event.time,
      duration,
      lost: false,
      instant: 'IiR'.includes(event.ph),
      traceId: traceIdOf(event),
      event: event.at,
    };
    slices.push(slice);
    return slice;
  };
  for (const event of events) {
    if (event.ph === 'X' && (event.dur ?? 0) < 0) count('negativeDurations');
    if (event.ph === 'X') make(event, Math.max(0, event.dur ?? 0));
    else if (event.ph !== 'E' && event.ph !== 'B') make(event, 0);
  }
  let open: SlowSlice[] = [];
  const lose = (slice: SlowSlice): void => {
    slice.lost = true;
    slice.duration = Number.POSITIVE_INFINITY;
    count('beginsWithoutEnd');
  };
  const pairs = events.filter(({ ph }) => ph === 'B' || ph === 'E');
  for (const event of pairs.toSorted((a, b) => a.time - b.time)) {
    if (event.ph === 'B') {
      open.push(make(event, Number.NaN));
      continue;
    }
    const name = event.name ?? '';
    if (open.length === 0) {
      count('endsWithoutBegin');
      continue;
    }
    const fits = (slice: SlowSlice): boolean => name === '' || slice.name === name;
    if (!fits(open[open.length - 1])) count('endsOfOtherSlice');
    const at = open.findLastIndex(fits);
    if (at < 0) continue;
    open[at].duration = Math.max(0, event.time - open[at].start);
    for (const inside of open.slice(at + 1)) lose(inside);
    open = open.slice(0, at);
  }
  for (const slice of open) lose(slice);
  return slices;
}

function traceIdOf({ args }: PlainEvent): number {
  const data = args?.data as { readonly sampleTraceId?: number } | undefined;
  return data?.sampleTraceId ?? 0;
}

/** By start, the longer first, then as in the file. */
function sortSlices(slices: readonly SlowSlice[]): SlowSlice[] {
  return slices.toSorted(
    (a, b) =>
      a.start - b.start ||
      (a.duration === b.duration ? 0 : b.duration > a.duration ? 1 : -1) ||
      a.event - b.event,
  );
}

const TASKS: ReadonlySet<string> = new Set([
  'RunTask',
  'ThreadControllerImpl::RunTask',
  'TaskQueueManager::ProcessTaskFromWorkQueue',
]);

/** A lost task ends where the next begins, if all that is open then is lost, too. */
function endLostTasks(slices: SlowSlice[]): SlowSlice[] {
  let open: { slice: SlowSlice; end: number }[] = [];
  for (const slice of slices) {
    open = open.filter(({ end }) => end > slice.start);
    const isTask = TASKS.has(slice.name) && !slice.instant;
    if (isTask && TASKS.has(open[0]?.slice.name ?? '') && open.every((one) => one.slice.lost)) {
      for (const lost of open) lost.slice.duration = slice.start - lost.slice.start;
      open = [];
    }
    const end = slice.start + slice.duration;
    open.push({ slice, end: Math.min(end, open.at(-1)?.end ?? end) });
  }
  return slices;
}

/** What lies in what; everything is cut at its parent's end. */
function layTree(
  slices: readonly SlowSlice[],
  calls: readonly SlowCall[],
  traceEnd: number,
  count: Count,
): string[] {
  interface Row {
    readonly depth: number;
    readonly label: string;
    readonly start: number;
    readonly rest: string;
    end: number;
    duration: number;
  }
  const rows: Row[] = [];
  let open: Row[] = [];
  const place = (start: number, end: number, duration: number, label: string): Row & { isCut: boolean } => {
    while (open.length > 0 && open[open.length - 1].end <= start + ROUNDING) {
      const closed = open[open.length - 1];
      if (closed.end > start) closed.duration = start - closed.start;
      open = open.slice(0, -1);
    }
    const parent = open.at(-1);
    const bounded = parent !== undefined || end === Number.POSITIVE_INFINITY;
    const cut = bounded ? Math.min(end, Math.max(parent?.end ?? traceEnd, start)) : end;
    const row = {
      depth: open.length,
      label,
      start,
      rest: '',
      end: cut,
      duration: cut === end ? duration : cut - start,
      isCut: end - cut > ROUNDING,
    };
    rows.push(row);
    open = [...open, row];
    return row;
  };
  const placeCall = (call: SlowCall): void => {
    place(call.start, call.end, call.end - call.start, `call ${call.path}`);
  };
  let rest = calls;
  for (const slice of slices) {
    const end = slice.start + slice.duration;
    const isBefore = (call: SlowCall): boolean =>
      call.start < slice.start ||
      (call.start === slice.start && call.end >= end && (slice.duration === 0 || !call.after.has(slice)));
    while (rest.length > 0 && isBefore(rest[0])) {
      placeCall(rest[0]);
      rest = rest.slice(1);
    }
    const words = [slice.name, `#${slice.event}`];
    if (slice.lost) words.push('lost');
    if (slice.instant) words.push('instant');
    const row = place(slice.start, end, slice.duration, words.join(' '));
    if (row.isCut && !slice.lost) {
      count('overlappingSlices');
      Object.assign(row, { rest: ' cut' });
    }
  }
  for (const call of rest) placeCall(call);
  // What is open at the end was never followed: its late end stands.
  return rows.map((row) => `${row.depth} ${row.label} ${row.start}+${row.duration}${row.rest}`);
}

function pairAsync(events: readonly Numbered[], traceEnd: number, count: Count): string[] {
  interface Interval {
    readonly begin: Numbered;
    readonly key: string;
    end: number | null;
  }
  const keyOf = (event: Numbered): string => {
    const text = event.id2?.local ?? event.id2?.global ?? event.id ?? '';
    const id = event.scope === undefined || event.scope === '' ? text : `${event.scope}:${text}`;
    return `${event.cat ?? ''}\n${event.id2?.local === undefined ? '' : event.pid}\n${id}`;
  };
  const intervals: Interval[] = [];
  for (const event of events.toSorted((a, b) => a.time - b.time)) {
    if ('bS'.includes(event.ph)) intervals.push({ begin: event, key: keyOf(event), end: null });
    if ('nTp'.includes(event.ph)) intervals.push({ begin: event, key: 'moment', end: event.time });
    if (!'eF'.includes(event.ph)) continue;
    const ended = intervals.findLast(
      ({ begin, key, end }) =>
        end === null && key === keyOf(event) && ((event.name ?? '') === '' || begin.name === event.name),
    );
    if (ended === undefined) count('unmatchedAsync');
    else ended.end = event.time;
  }
  const inOrder = intervals.toSorted((a, b) => a.begin.time - b.begin.time || a.begin.at - b.begin.at);
  return inOrder.map(({ begin, key, end }) => {
    if (end === null) count('unmatchedAsync');
    const duration = end === null ? Math.max(0, traceEnd - begin.time) : end - begin.time;
    const kind = key === 'moment' ? ' moment' : end === null ? ' lost' : '';
    const step = 'Tp'.includes(begin.ph) ? begin.args?.step : undefined;
    const told = typeof step === 'string' && step !== '' ? step : (begin.name ?? '');
    return `${told} #${begin.at} ${begin.time}+${duration}${kind}`;
  });
}

function listCounters(events: readonly Numbered[]): string[] {
  return events
    .filter(({ ph, name }) => ph === 'C' || name === 'UpdateCounters')
    .flatMap(({ time, pid, tid, name, args = {} }) =>
      Object.entries(typeof args.data === 'object' && args.data !== null ? args.data : args)
        .filter(([, value]) => typeof value === 'number')
        .map(
          ([key, value]) => `${time} ${name === 'UpdateCounters' ? `${pid}:${tid}` : pid} ${key} ${value}`,
        ),
    );
}

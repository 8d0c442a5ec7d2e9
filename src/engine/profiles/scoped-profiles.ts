/**
 * Where stack profiles come from: a trace that is cut to the question, or profiles that were read as such. The
 * aggregated views know nothing but this.
 * In: scopes. Out: profiles, their transforms not yet made.
 */
import { findFrameTimes, type PageLoad, type TimeRange } from '../../analysis/index.ts';
import { assert, ensure, type SliceIndex, type ThreadIndex, threadIndex } from '../../base/index.ts';
import { endOfSlice, stripOutermost } from '../../flame/index.ts';
import {
  cutProfile,
  dropIdle,
  hasIdle,
  hasTimes,
  nameThreads,
  nameUnstacked,
  type ProfileType,
  profileOfRange,
  type StackProfile,
} from '../../profile/index.ts';
import { SLICE_END_INFERRED, SLICE_JS_CALL, type TraceTables } from '../../trace/index.ts';
import type { ProfileThread, WeightChoice } from '../document-questions.ts';
import type { OpenTrace } from '../opening/summary.ts';
import type { ProfileScope } from '../view-questions.ts';

export interface ScopedProfiles {
  /** Tells whose a script is; '' where there is no page. */
  readonly pageUrl: string;
  /** The script that a source file became part of, where source maps have been given. */
  readonly scriptOf?: ((url: string) => string) | undefined;
  /** Which frame of the page the thread of a scope worked for, at ascending times; '' where nobody knows. */
  readonly frameAt?: (scope: ProfileScope) => (time: number) => string;
  cut(scope: ProfileScope): StackProfile;
}

const TRACE_TYPES: readonly ProfileType[] = ['cpu', 'wall', 'samples'];

/** What a scope of a trace calls its weights. */
export function typeOfTrace(type: string): ProfileType {
  return ensure(
    TRACE_TYPES.find((each) => each === type),
    `a trace has no profile of ${type}`,
  );
}

/** What a trace's slices and samples add up to. */
export class TraceProfiles implements ScopedProfiles {
  readonly #trace: OpenTrace;

  constructor(trace: OpenTrace) {
    this.#trace = trace;
  }

  get pageUrl(): string {
    return this.#trace.page.url;
  }

  frameAt({ thread }: ProfileScope): (time: number) => string {
    const frames = findFrameTimes(this.#trace.tables, thread);
    return (time) => frames.at(time);
  }

  get scriptOf(): ((url: string) => string) | undefined {
    return this.#trace.scriptOf;
  }

  cut({ thread, range, within: wanted, type: wantedType, jsOnly }: ProfileScope): StackProfile {
    const { tables, classes, page } = this.#trace;
    const type = typeOfTrace(wantedType);
    const within = sliceOrAll(tables, wanted);
    const inside = within === null ? range : intersect(range, spanOfSlice(tables, page, within));
    const profile = profileOfRange(tables, classes, { thread, range: inside, type, jsOnly });
    if (within === null) return profile;
    return nameUnstacked(stripOutermost(profile, countAncestors(this.#trace, within, jsOnly)));
  }
}

/** What is selected in the chart need not be a slice of a thread; of others there is no inside. */
export function sliceOrAll({ slices }: TraceTables, within: SliceIndex | null): SliceIndex | null {
  return within !== null && within < slices.length ? within : null;
}

/** As its box has it. */
export const spanOfSlice = (tables: TraceTables, page: PageLoad, slice: SliceIndex): TimeRange => ({
  start: tables.slices.start[slice],
  end: endOfSlice(tables, page, slice),
});

function intersect(range: TimeRange, span: TimeRange): TimeRange {
  const start = Math.max(range.start, span.start);
  return { start, end: Math.max(start, Math.min(range.end, span.end)) };
}

/** The frames that a profile has above the slice. */
function countAncestors({ tables, classes }: OpenTrace, slice: SliceIndex, jsOnly: boolean): number {
  const { parent, flags } = tables.slices;
  let count = 0;
  for (let at = parent[slice]; at >= 0; at = parent[at]) {
    if (classes.visible[at] === 0 || (flags[at] & SLICE_END_INFERRED) !== 0) continue;
    if (!jsOnly || (flags[at] & SLICE_JS_CALL) !== 0) count++;
  }
  return count;
}

interface HeldWeight extends WeightChoice {
  readonly profile: StackProfile;
  /** Without its idle time. */
  readonly isBusy: boolean;
}

interface HeldThread {
  readonly title: string;
  readonly weights: readonly HeldWeight[];
}

/**
 * Profiles as a file has them: by thread, and of each by kind of weight. A thread that has one kind twice (two runs under
 * one name) is two.
 */
export class FileProfiles implements ScopedProfiles {
  readonly pageUrl = '';
  readonly #threads: readonly HeldThread[];

  constructor(profiles: readonly StackProfile[]) {
    assert(profiles.length > 0, 'a document has at least one profile');
    this.#threads = gatherThreads(profiles);
  }

  get threads(): readonly ProfileThread[] {
    return this.#threads.map(({ title, weights }, row) => ({
      thread: threadIndex(row),
      title,
      weights: weights.map(({ id, name, unit }) => ({ id, name, unit })),
    }));
  }

  /** What is laid out over time: of each thread that tells times, its time. */
  timed(): { readonly thread: ThreadIndex; readonly title: string; readonly profile: StackProfile }[] {
    return this.#threads.flatMap(({ title, weights }, row) => {
      const profiles = weights.map(({ profile }) => profile).filter(hasTimes);
      const profile = profiles.find(({ unit }) => unit === 'microseconds') ?? profiles[0];
      return profile === undefined ? [] : { thread: threadIndex(row), title, profile };
    });
  }

  cut({ thread, range, type }: ProfileScope): StackProfile {
    const held = ensure(this.#threads[thread], `there is no thread ${thread}`);
    const weight = ensure(
      held.weights.find(({ id }) => id === type),
      `thread ${thread} has no weight ${type}`,
    );
    return nameUnstacked(cutProfile(weight.isBusy ? dropIdle(weight.profile) : weight.profile, range));
  }
}

interface GatheredThread {
  readonly title: string;
  /** Among those of the same title, from 1. */
  readonly number: number;
  readonly kinds: Set<string>;
  readonly profiles: StackProfile[];
}

function gatherThreads(profiles: readonly StackProfile[]): HeldThread[] {
  const names = nameThreads(profiles);
  const threads: GatheredThread[] = [];
  const byTitle = new Map<string, GatheredThread[]>();
  for (const [row, profile] of profiles.entries()) {
    const { pid, tid, name } = profile.thread;
    const title = name === '' && pid === 0 && tid === 0 ? 'All' : names[row];
    const kind = `${profile.type} ${profile.unit}`;
    const same = byTitle.get(title) ?? [];
    let thread = same.find(({ kinds }) => !kinds.has(kind));
    if (thread === undefined) {
      thread = { title, number: same.length + 1, kinds: new Set(), profiles: [] };
      threads.push(thread);
      same.push(thread);
      byTitle.set(title, same);
    }
    thread.kinds.add(kind);
    thread.profiles.push(profile);
  }
  return threads.map(({ title, number, profiles: own }) => ({
    title: (byTitle.get(title)?.length ?? 0) > 1 ? `${title} ${number}` : title,
    weights: weightsOf(own),
  }));
}

const UNIT_NAMES: Readonly<Record<WeightChoice['unit'], string>> = {
  microseconds: 'time',
  count: 'count',
  bytes: 'bytes',
  none: '',
};

/** Times first: that is what is looked at. Where idle time is in it, without that before all of it. */
function weightsOf(profiles: readonly StackProfile[]): HeldWeight[] {
  const isTime = ({ unit }: StackProfile): number => Number(unit === 'microseconds');
  return [...profiles]
    .sort((one, other) => isTime(other) - isTime(one))
    .flatMap((profile, row): HeldWeight[] => {
      const { type, unit } = profile;
      const id = `${row}:${type}`;
      const word = UNIT_NAMES[unit];
      const name = word === '' || word === type ? type : `${type} (${word})`;
      const about = { unit, profile };
      if (!hasIdle(profile)) return [{ ...about, id, name, isBusy: false }];
      return [
        { ...about, id: `busy:${id}`, name: `${name}, busy`, isBusy: true },
        { ...about, id, name: `${name}, idle as well`, isBusy: false },
      ];
    });
}

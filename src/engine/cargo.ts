/**
 * An open trace or recording → what can be sent of it.
 * In: an open trace, what stands for it, its wall clock. Out: {@link Cargo}: cpu, wall and V8's samples of every thread
 * that runs the page's JavaScript, over the whole bounds or a range; the load's facts, where all of it is meant; tags and
 * vitals.
 */
import { collectLoadFacts, computeTraceVitals, type TimeRange } from '../analysis/index.ts';
import type { Cargo, CargoVital } from '../backends/index.ts';
import { profileOfRange, type StackProfile } from '../profile/index.ts';
import { pagePattern, type Recording, serviceOf, tagsOf } from '../recording/index.ts';
import { THREAD_ROLES, type ThreadRole } from '../trace/index.ts';
import type { CargoFacts } from './contract.ts';
import type { OpenTrace } from './opening/summary.ts';

/** Threads that run a page's JavaScript. */
const ROLES: ReadonlySet<ThreadRole> = new Set(['main', 'worker', 'service-worker']);
const TYPES = ['samples', 'cpu', 'wall'] as const;

export function loadCargo(trace: OpenTrace, { range, ...about }: CargoFacts): Cargo {
  const { recording, tables, page } = trace;
  // A part of a load has no spans: their ids are the whole one's.
  const facts = collectLoadFacts(tables, page);
  const load = range === undefined ? facts : null;
  const own =
    recording === null
      ? { service_name: serviceOf(page.url), page: pagePattern(page.url) }
      : tagsOf(recording);
  return {
    ...about,
    profiles: profilesOf(trace, range ?? tables.bounds),
    load,
    serverTrace: facts?.document?.serverTrace ?? recording?.serverTrace ?? null,
    tags: { ...(facts?.version == null ? {} : { page_version: facts.version }), ...own },
    vitals: recording === null ? tracedVitals(trace) : measuredVitals(recording),
    title: recording?.title ?? '',
    userAgent: recording?.userAgent ?? '',
  };
}

/** A profile file (pprof, speedscope, …): its profiles as they are, under the file's own name and labels. */
export function profileCargo(profiles: readonly StackProfile[], facts: CargoFacts): Cargo {
  return {
    ...facts,
    profiles,
    load: null,
    serverTrace: null,
    tags: { service_name: facts.name, ...profiles[0].labels },
    vitals: [],
    title: '',
    userAgent: '',
  };
}

/** The page's main thread first: it is called `main`. Threads that did nothing are none. */
function profilesOf({ tables, classes, page }: OpenTrace, range: TimeRange): StackProfile[] {
  const { threads } = tables;
  const all = Array.from({ length: threads.length }, (_, row) => row);
  const scripted = all.filter(
    (row) => ROLES.has(THREAD_ROLES[threads.role[row]]) || threads.samples[row] > 0,
  );
  // A trace of no browser names no such thread.
  const rows = (scripted.length > 0 ? scripted : all).sort(
    (a, b) => Number(b === page.mainThread) - Number(a === page.mainThread),
  );
  return rows.flatMap((thread) => {
    const profiles = TYPES.map((type) => profileOfRange(tables, classes, { thread, range, type }));
    const busy = profiles.some(({ type, samples }) => type !== 'wall' && samples.length > 0);
    return busy ? profiles : [];
  });
}

function measuredVitals({ vitals }: Recording): CargoVital[] {
  return Object.entries(vitals).flatMap(([name, vital]) =>
    vital === null ? [] : [{ name, value: vital.value, rating: vital.rating }],
  );
}

function tracedVitals({ tables, page }: OpenTrace): CargoVital[] {
  const vitals = computeTraceVitals(tables, page);
  return Object.entries(vitals).flatMap(([name, value]: [string, number | null]) =>
    value === null ? [] : [{ name: name.toUpperCase(), value, rating: '' }],
  );
}

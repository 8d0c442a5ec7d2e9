/**
 * `pageflame top FILE`: the functions and browser work that took most of the main thread.
 * In: a file, how many, another thread or a range of it. Out: a table, or with --json one array and nothing else on stdout; exit code 0, or 1 with one
 * line on stderr. Milliseconds have three decimals; `samples` counts V8's samples (of a file, its own) with the function
 * innermost; 0 where the file only tells sums.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import {
  functionOf,
  mergeProfiles,
  type ProfileFormat,
  type StackProfile,
  tabulateFunctions,
} from '../profile/index.ts';
import { cutProfiles, openProfiles, type ProfileScope } from './open-profiles.ts';
import { printable, reportFailure } from './report.ts';

export interface TopOptions {
  readonly file: string;
  readonly count: number;
  readonly scope: ProfileScope;
  readonly json: boolean;
  readonly sourceMaps: string | null;
}

export interface TopRow {
  readonly function: string;
  /** '' where the source tells none: browser work, V8's own functions. */
  readonly url: string;
  /** 1-based; 0 unknown. */
  readonly line: number;
  readonly selfMs: number;
  readonly totalMs: number;
  readonly samples: number;
}

export async function runTop(options: TopOptions): Promise<number> {
  const rows = await tabulateTop(options);
  if (!rows.ok) return reportFailure(rows.failure);
  process.stdout.write(options.json ? `${JSON.stringify(rows.value, null, 1)}\n` : formatTop(rows.value));
  return 0;
}

export async function tabulateTop({ file, count, scope, sourceMaps }: TopOptions): Promise<Result<TopRow[]>> {
  const profiles = await openTimes(file, { scope, sourceMaps });
  if (!profiles.ok) return profiles;
  const { time, samples } = profiles.value;
  const table = tabulateFunctions(time);
  const counts = countSamples(samples);
  const rows = Array.from({ length: Math.min(count, table.length) }, (_, row): TopRow => {
    const { name, url, line } = functionOf(time, table.frame[row]);
    return {
      function: name,
      url,
      line,
      selfMs: asMillis(table.self[row]),
      totalMs: asMillis(table.total[row]),
      samples: counts.get(keyOf(time, table.frame[row])) ?? 0,
    };
  });
  return succeed(rows);
}

export interface TimesOf {
  readonly scope: ProfileScope;
  /** A source map or a folder of them; null for none. */
  readonly sourceMaps: string | null;
}

export interface Times {
  /** Without idle time. */
  readonly time: StackProfile;
  readonly samples: StackProfile | null;
}

/** Time and samples of what the scope names; of a profile file, the first kind of time that it has. */
export async function openTimes(file: string, { scope, sourceMaps }: TimesOf): Promise<Result<Times>> {
  const opened = await openProfiles(file, sourceMaps);
  if (!opened.ok) return opened;
  const found = cutProfiles(opened.value, scope, ['cpu', 'samples']);
  if (!found.ok) return found;
  const times = likeFirst(found.value.filter(({ unit }) => unit === 'microseconds'));
  const counts = likeFirst(found.value.filter(({ unit }) => unit === 'count'));
  const { subject, kind } = opened.value;
  // A trace without any thread that worked has no profile; a file that weighs nothing in time has no time.
  if (times.length === 0)
    return fail(makeFailure(kind === 'trace' ? 'profile-empty' : 'profile-without-time', { subject }));
  const time = mergeProfiles(times);
  if (counts.length > 0) return succeed({ time, samples: mergeProfiles(counts) });
  const isSampled = opened.value.kind === 'profiles' && SAMPLED.has(opened.value.format);
  return succeed({ time, samples: isSampled ? countEach(time) : null });
}

/** Formats in which each entry is one sample that was taken; others add up. */
const SAMPLED: ReadonlySet<ProfileFormat> = new Set(['cpuprofile', 'firefox', 'hermes', 'perf-script']);

const countEach = (profile: StackProfile): StackProfile => ({
  ...profile,
  type: 'samples',
  unit: 'count',
  samples: { ...profile.samples, weight: new Float64Array(profile.samples.length).fill(1) },
});

/** A thread may weigh one unit in several ways. */
const likeFirst = (profiles: readonly StackProfile[]): StackProfile[] =>
  profiles.filter(({ type }) => type === profiles[0].type);

function keyOf(profile: StackProfile, frame: number): string {
  const { name, url, line, column } = functionOf(profile, frame);
  return JSON.stringify([name, url, line, column]);
}

function countSamples(samples: StackProfile | null): Map<string, number> {
  if (samples === null) return new Map();
  const table = tabulateFunctions(samples);
  return new Map(Array.from(table.frame, (frame, row) => [keyOf(samples, frame), table.self[row]]));
}

export const asMillis = (micros: number): number => Math.round(micros) / 1000;

function formatTop(rows: readonly TopRow[]): string {
  const head = `${'self ms'.padStart(12)}${'total ms'.padStart(12)}${'samples'.padStart(9)}  function\n`;
  const lines = rows.map(({ selfMs, totalMs, samples, ...place }) => {
    const figures = `${selfMs.toFixed(3).padStart(12)}${totalMs.toFixed(3).padStart(12)}${String(samples).padStart(9)}`;
    const where = place.url === '' ? '' : `  ${place.url}${place.line === 0 ? '' : `:${place.line}`}`;
    return `${figures}  ${printable(place.function + where)}\n`;
  });
  return head + (lines.join('') || `${'nothing took any time here'.padStart(33)}\n`);
}

/**
 * `pageflame top FILE`: the functions and browser work that took most of the main thread.
 * In: a file, how many, another thread or a range of it. Out: a table, or with --json one array and nothing else on stdout; exit code 0, or 1 with one
 * line on stderr. Milliseconds have three decimals; `samples` counts V8's samples (of a file, its own) with the function
 * innermost; 0 where the file only tells sums. A file that weighs no time is told in its own unit, and which that is.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import {
  functionOf,
  mergeProfiles,
  type ProfileFormat,
  type StackProfile,
  tabulateFunctions,
} from '../profile/index.ts';
import {
  chooseProfiles,
  cutProfiles,
  type OpenedFile,
  openProfiles,
  type ProfileScope,
} from './open-profiles.ts';
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
  readonly unit: FigureUnit;
  readonly self: number;
  readonly total: number;
  readonly samples: number;
}

/** What figures are printed in. */
export type FigureUnit = 'ms' | 'count' | 'bytes' | 'none';

export async function runTop(options: TopOptions): Promise<number> {
  const rows = await tabulateTop(options);
  if (!rows.ok) return reportFailure(rows.failure);
  process.stdout.write(
    options.json ? `${JSON.stringify(rows.value.map(asJson), null, 1)}\n` : formatTop(rows.value),
  );
  return 0;
}

export async function tabulateTop({ file, count, scope, sourceMaps }: TopOptions): Promise<Result<TopRow[]>> {
  const weights = await openWeights(file, { scope, sourceMaps });
  if (!weights.ok) return weights;
  const { weight, samples } = weights.value;
  const table = tabulateFunctions(weight);
  const unit = unitOf(weight);
  const counts = countSamples(samples);
  const rows = Array.from({ length: Math.min(count, table.length) }, (_, row): TopRow => {
    const { name, url, line } = functionOf(weight, table.frame[row]);
    return {
      function: name,
      url,
      line,
      unit,
      self: figureOf(weight, table.self[row]),
      total: figureOf(weight, table.total[row]),
      samples: counts.get(keyOf(weight, table.frame[row])) ?? 0,
    };
  });
  return succeed(rows);
}

/** Times have their unit in the name, as everywhere; what else is weighed tells it. */
function asJson({ unit, self, total, samples, ...place }: TopRow): object {
  return unit === 'ms'
    ? { ...place, selfMs: self, totalMs: total, samples }
    : { ...place, unit, self, total };
}

export interface WeightsOf {
  readonly scope: ProfileScope;
  /** A source map or a folder of them; null for none. */
  readonly sourceMaps: string | null;
}

export interface Weights {
  /** Time, without idle, of all that has any. */
  readonly weight: StackProfile;
  readonly samples: StackProfile | null;
}

/** Time and samples of what the scope names; of a profile file, the first kind of time, or else of weight, that it has. */
export async function openWeights(file: string, of: WeightsOf): Promise<Result<Weights>> {
  const opened = await openProfiles(file, of.sourceMaps);
  if (!opened.ok) return opened;
  const times = timesOf(opened.value, of.scope);
  if (!times.ok) return times;
  return times.value === null ? openOthers(opened.value, of.scope) : succeed(times.value);
}

/** The same, of what has time and nothing else. */
export async function openTimes(file: string, of: WeightsOf): Promise<Result<StackProfile>> {
  const opened = await openProfiles(file, of.sourceMaps);
  if (!opened.ok) return opened;
  const times = timesOf(opened.value, of.scope);
  if (!times.ok) return times;
  if (times.value !== null) return succeed(times.value.weight);
  const { subject, kind } = opened.value;
  return fail(makeFailure(kind === 'trace' ? 'profile-empty' : 'profile-without-time', { subject }));
}

/** null where nothing has times: a trace without any thread that worked, a file that weighs something else. */
function timesOf(opened: OpenedFile, scope: ProfileScope): Result<Weights | null> {
  const found = cutProfiles(opened, scope, ['cpu', 'samples']);
  if (!found.ok) return found;
  const times = likeFirst(found.value.filter(({ unit }) => unit === 'microseconds'));
  const counts = likeFirst(found.value.filter(({ unit }) => unit === 'count'));
  if (times.length === 0) return succeed(null);
  const weight = mergeProfiles(times);
  if (counts.length > 0) return succeed({ weight, samples: mergeProfiles(counts) });
  const isSampled = opened.kind === 'profiles' && SAMPLED.has(opened.format);
  return succeed({ weight, samples: isSampled ? countEach(weight) : null });
}

/** Of what weighs no time: its first kind. Which others there are is said, on stderr. */
function openOthers(opened: OpenedFile, scope: ProfileScope): Result<Weights> {
  const { subject } = opened;
  if (opened.kind === 'trace') return fail(makeFailure('profile-empty', { subject }));
  const chosen = chooseProfiles(opened, scope);
  if (!chosen.ok) return chosen;
  const [first, ...others] = new Set(chosen.value.map(({ type }) => type));
  if (first === undefined) return fail(makeFailure('profile-empty', { subject }));
  if (others.length > 0) {
    const line = `${subject} weighs ${first}, ${others.join(', ')}; this is ${first}.`;
    process.stderr.write(`pageflame: ${printable(line)}\n`);
  }
  return succeed({ weight: mergeProfiles(likeFirst(chosen.value)), samples: null });
}

export const unitOf = ({ unit }: StackProfile): FigureUnit => (unit === 'microseconds' ? 'ms' : unit);

/** As it is printed, with three decimals at most. */
export const figureOf = ({ unit }: StackProfile, weight: number): number =>
  unit === 'microseconds' ? asMillis(weight) : Math.round(weight * 1000) / 1000;

/** What stands over a column of figures: `self ms`, `self bytes`; of what names no unit, `self`. */
export const headOf = (word: string, unit: FigureUnit): string =>
  unit === 'none' ? word : `${word} ${unit}`;

export const formatFigure = (figure: number, unit: FigureUnit): string =>
  unit === 'ms' ? figure.toFixed(3) : String(figure);

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
  const unit = rows[0]?.unit ?? 'ms';
  const counted = (text: string): string => (unit === 'ms' ? text.padStart(9) : '');
  const head = `${headOf('self', unit).padStart(12)}${headOf('total', unit).padStart(12)}${counted('samples')}  function\n`;
  const lines = rows.map(({ self, total, samples, ...place }) => {
    const figures = `${formatFigure(self, unit).padStart(12)}${formatFigure(total, unit).padStart(12)}${counted(String(samples))}`;
    const where = place.url === '' ? '' : `  ${place.url}${place.line === 0 ? '' : `:${place.line}`}`;
    return `${figures}  ${printable(place.function + where)}\n`;
  });
  return head + (lines.join('') || `${'nothing took any time here'.padStart(33)}\n`);
}

/**
 * What every reader of a profile format answers, and what it counts instead of throwing.
 */
import { CATEGORIES } from '../../analysis/index.ts';
import { NO_CATEGORY } from '../profile-builder.ts';
import type { StackProfile } from '../stack-profile.ts';

export const PROFILE_FORMATS = [
  'pprof',
  'otlp',
  'speedscope',
  'folded',
  'cpuprofile',
  'firefox',
  'heapprofile',
  'hermes',
  'perf-script',
] as const;
export type ProfileFormat = (typeof PROFILE_FORMATS)[number];

/** Dirty data by kind; never thrown. */
export interface ProfileDiagnostics {
  /** Entries that are no readable sample, frame or node. */
  malformed: number;
  /** Samples or frames that point at what is not there: they are kept without it, or left out where nothing is left. */
  unresolved: number;
  /** Weights that are negative or no numbers: taken as 0. */
  badWeights: number;
  /** Facts that a profile of ours has no place for (labels that differ from sample to sample, addresses). */
  leftOut: number;
}

export const noDiagnostics = (): ProfileDiagnostics => ({
  malformed: 0,
  unresolved: 0,
  badWeights: 0,
  leftOut: 0,
});

export interface ReadProfiles {
  readonly format: ProfileFormat;
  /** At least one: a file without any sample has one empty profile. One per thread and kind of weight. */
  readonly profiles: readonly StackProfile[];
  readonly diagnostics: Readonly<ProfileDiagnostics>;
}

/** A thread of which an imported file tells a name at most. */
export const namedThread = (name: string): StackProfile['thread'] => ({
  name,
  pid: 0,
  tid: 0,
  role: 'other',
});

const CATEGORY_ROWS: ReadonlyMap<string, number> = new Map(CATEGORIES.map((name, row) => [name, row]));

/** The category of that name; none where there is no such. */
export const categoryNamed = (name: string): number => CATEGORY_ROWS.get(name) ?? NO_CATEGORY;

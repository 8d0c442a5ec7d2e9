/**
 * The file of `export`, `top`, `diff`, `list` and `push` → its profiles.
 * In: a path; which threads, kind and range. Out: stack profiles, main thread first; or why there are none. A trace or
 * recording is cut to the question; so is a profile file (pprof, speedscope, …), as far as it tells threads, times and
 * idle. Names are those of source maps where some are given, else of those that a recording keeps: of a trace before it is
 * cut, because V8 tells the column that ran and a profile does not.
 */
import { ensure, fail, type Micros, makeFailure, type Result, succeed } from '../base/index.ts';
import { Engine, type OpenTrace } from '../engine/index.ts';
import { makeTemporarySpool } from '../engine/opening/spool-file.node.ts';
import {
  applySourceMaps,
  cutProfile,
  dropIdle,
  gunzip,
  hasTimes,
  isGzip,
  LARGEST_PROFILE,
  looksLikeProfile,
  mapTables,
  type ProfileDiagnostics,
  type ProfileFormat,
  type ProfileType,
  profileOfRange,
  type ReadProfiles,
  readProfile,
  type ScriptMap,
  type StackProfile,
} from '../profile/index.ts';
import { tagsOf } from '../recording/index.ts';
import { SLICE_INSTANT, type TraceTables } from '../trace/index.ts';
import { nameOfFile, openFile } from './open-file.ts';
import { printable } from './report.ts';
import { MapFolder } from './source-maps.ts';
import { isOutside, rangeOutside, windowOf } from './window.ts';

export type ThreadChoice = 'main' | 'all' | { readonly pid: number; readonly tid: number };

export interface ProfileScope {
  readonly thread: ThreadChoice;
  /** Trace timestamps; null is the trace's own first or last event. */
  readonly from: Micros | null;
  readonly to: Micros | null;
  readonly jsOnly: boolean;
}

/** The main thread over the whole bounds. */
export const WHOLE_MAIN: ProfileScope = { thread: 'main', from: null, to: null, jsOnly: false };

interface Opened {
  /** What the file is called in sentences. */
  readonly subject: string;
  readonly file: Blob;
}

export type OpenedFile =
  | (Opened & { readonly kind: 'trace'; readonly trace: OpenTrace })
  | (Opened & {
      readonly kind: 'profiles';
      readonly format: ProfileFormat;
      readonly profiles: readonly StackProfile[];
    });

const HEAD_BYTES = 1 << 16;

/** `sourceMaps`: a map or a folder of maps; null for none. Refuses those that know no script of the file. */
export async function openProfiles(path: string, sourceMaps: string | null): Promise<Result<OpenedFile>> {
  const opened = await openUnmapped(path);
  if (!opened.ok || sourceMaps === null) return opened;
  const maps = await MapFolder.open(sourceMaps);
  if (!maps.ok) return maps;
  const mapped = mapOpened(opened.value, maps.value.mapOf);
  return maps.value.isUsed
    ? succeed(mapped)
    : fail(makeFailure('source-map-unmatched', { subject: sourceMaps }));
}

function mapOpened(opened: OpenedFile, mapOf: (url: string) => ScriptMap | null): OpenedFile {
  if (opened.kind === 'profiles')
    return { ...opened, profiles: opened.profiles.map((profile) => applySourceMaps(profile, mapOf)) };
  // The maps that are given now take the place of those that the recording keeps.
  const { tables, asRun = tables } = opened.trace;
  return { ...opened, trace: { ...opened.trace, tables: mapTables(asRun, mapOf) } };
}

async function openUnmapped(path: string): Promise<Result<OpenedFile>> {
  const blob = await openFile(path);
  if (!blob.ok) return blob;
  const file = blob.value;
  const subject = nameOfFile(path);
  const read = await readProfileFile(file, subject);
  if (!read.ok) return read;
  if (read.value !== null) {
    const { format, profiles, diagnostics } = read.value;
    reportDirt(subject, diagnostics);
    return succeed({ kind: 'profiles', subject, file, format, profiles });
  }
  const engine = new Engine({ library: null, makeSpool: makeTemporarySpool });
  const opened = await engine.open({ kind: 'file', name: subject, file });
  if (!opened.ok) return opened;
  for (const { message } of opened.value.sourceFailures)
    process.stderr.write(`pageflame: ${printable(message)}\n`);
  const trace = ensure(engine.traceOf(opened.value.open), 'what was opened just now is open');
  return succeed({ kind: 'trace', subject, file, trace });
}

const DIRT: Readonly<Record<Exclude<keyof ProfileDiagnostics, 'leftOut'>, string>> = {
  malformed: 'entries that could not be read, or a cut end',
  unresolved: 'entries that point at nothing',
  badWeights: 'weights that are none',
};

/** What is odd in a file is said, on stderr, and the rest is taken. */
function reportDirt(subject: string, diagnostics: Readonly<ProfileDiagnostics>): void {
  const found = (['malformed', 'unresolved', 'badWeights'] as const).filter((kind) => diagnostics[kind] > 0);
  if (found.length === 0) return;
  const words = found.map((kind) => `${diagnostics[kind]} ${DIRT[kind]}`).join(', ');
  process.stderr.write(`pageflame: ${printable(subject)} is read without ${words}.\n`);
}

/** null: a trace or a recording. Of a large one no more than its head is read to learn that. */
export async function readProfileFile(file: Blob, subject: string): Promise<Result<ReadProfiles | null>> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const isProfile = looksLikeProfile(isGzip(head) ? (await gunzip(head)).bytes : head);
  if (!isProfile) return succeed(null);
  if (file.size > LARGEST_PROFILE) return fail(makeFailure('profile-too-big', { subject }));
  const read = await readProfile(new Uint8Array(await file.arrayBuffer()), subject);
  if (!read.ok) return read;
  return succeed(read.value.kind === 'profiles' ? read.value : null);
}

/** The kinds asked for, kind after kind, each of every thread that the scope names; of a file, those that it has. */
export function cutProfiles(
  opened: OpenedFile,
  scope: ProfileScope,
  types: readonly ProfileType[],
): Result<readonly StackProfile[]> {
  if (opened.kind === 'trace') return cutTrace(opened, scope, types);
  const chosen = chooseProfiles(opened, scope);
  if (!chosen.ok) return chosen;
  return succeed(types.flatMap((type) => chosen.value.flatMap((profile) => weighAs(profile, type) ?? [])));
}

function cutTrace(
  { subject, trace }: OpenedFile & { kind: 'trace' },
  scope: ProfileScope,
  types: readonly ProfileType[],
): Result<StackProfile[]> {
  const { tables, classes, recording } = trace;
  const threads = chooseThreads(trace, scope.thread, subject);
  if (!threads.ok) return threads;
  const range = windowOf(scope, tables.bounds);
  if (isOutside(range, tables.bounds)) return fail(rangeOutside(subject, tables.bounds));
  const labels = recording === null ? {} : tagsOf(recording);
  const jsOnly = scope.jsOnly;
  return succeed(
    types.flatMap((type) =>
      threads.value.map((thread) => ({
        ...profileOfRange(tables, classes, { thread, range, type, jsOnly }),
        labels,
      })),
    ),
  );
}

/**
 * Profiles of a file, every kind of weight that it has, cut to the scope. A file names no main thread: its first one
 * stands for it. Refuses JavaScript alone, a range of what tells no times, and threads that are not there.
 */
export function chooseProfiles(
  { subject, profiles }: OpenedFile & { kind: 'profiles' },
  { thread: choice, from, to, jsOnly }: ProfileScope,
): Result<readonly StackProfile[]> {
  if (jsOnly) return fail(makeFailure('profile-not-trace', { subject }));
  const [{ thread: first }] = profiles;
  const isChosen = ({ thread: { name, pid, tid } }: StackProfile): boolean => {
    if (choice === 'all') return true;
    if (choice === 'main') return name === first.name && pid === first.pid && tid === first.tid;
    return pid === choice.pid && tid === choice.tid;
  };
  const chosen = profiles.filter(isChosen);
  if (chosen.length === 0 && typeof choice === 'object')
    return fail(makeFailure('profile-without-thread', { subject, detail: listThreads(profiles) }));
  if (choice === 'main') reportOtherThreads(subject, profiles);
  if (from === null && to === null) return succeed(chosen);
  if (!chosen.some(hasTimes)) return fail(makeFailure('profile-without-moments', { subject }));
  const timed = chosen.filter(hasTimes);
  const bounds = {
    start: Math.min(...timed.map(({ range }) => range.start)),
    end: Math.max(...timed.map(({ range }) => range.end)),
  };
  if (isOutside(windowOf({ from, to }, bounds), bounds)) return fail(rangeOutside(subject, bounds));
  return succeed(timed.map((profile) => cutProfile(profile, windowOf({ from, to }, profile.range))));
}

/** What is left out without having been asked for is said, on stderr. */
function reportOtherThreads(subject: string, profiles: readonly StackProfile[]): void {
  const idOf = ({ thread: { name, pid, tid } }: StackProfile): string => `${pid}:${tid} ${name}`.trimEnd();
  const count = new Set(profiles.map(idOf)).size;
  if (count === 1) return;
  const line = `${subject} holds ${count} threads; this is the first, ${idOf(profiles[0])}. Choose with --thread PID:TID or all.`;
  process.stderr.write(`pageflame: ${printable(line)}\n`);
}

const THREADS_SAID = 8;

function listThreads(profiles: readonly StackProfile[]): string {
  const threads = new Set(
    profiles.map(({ thread: { name, pid, tid } }) => `${pid}:${tid} ${name}`.trimEnd()),
  );
  const said = [...threads].slice(0, THREADS_SAID).join(', ');
  return `it has ${said}${threads.size > THREADS_SAID ? ', …' : ''}`;
}

/** null where the profile weighs something else. */
function weighAs(profile: StackProfile, type: ProfileType): StackProfile | null {
  if (type === 'samples') return profile.unit === 'count' ? profile : null;
  if (profile.unit !== 'microseconds') return null;
  return type === 'cpu' ? dropIdle(profile) : profile;
}

/** Rows of the thread table. */
export function chooseThreads(
  { tables, page }: OpenTrace,
  choice: ThreadChoice,
  subject: string,
): Result<readonly number[]> {
  const { threads } = tables;
  if (choice === 'main') {
    return page.mainThread < 0
      ? fail(makeFailure('no-main-thread', { subject }))
      : succeed([page.mainThread]);
  }
  const rows = Array.from({ length: threads.length }, (_, row) => row);
  if (choice !== 'all') {
    const found = rows.find((row) => threads.pid[row] === choice.pid && threads.tid[row] === choice.tid);
    return found === undefined
      ? fail(makeFailure('no-such-thread', { subject: `${choice.pid}:${choice.tid}` }))
      : succeed([found]);
  }
  const busy = rows.filter((row) => threads.samples[row] > 0 || hasSlice(tables, row));
  const isMain = (row: number): number => Number(row === page.mainThread);
  return succeed(
    busy.sort(
      (one, other) =>
        isMain(other) - isMain(one) ||
        threads.pid[one] - threads.pid[other] ||
        threads.tid[one] - threads.tid[other],
    ),
  );
}

function hasSlice({ threads, slices }: TraceTables, thread: number): boolean {
  for (let row = threads.firstSlice[thread]; row < threads.endSlice[thread]; row++)
    if ((slices.flags[row] & SLICE_INSTANT) === 0) return true;
  return false;
}

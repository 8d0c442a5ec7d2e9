/**
 * The file of `export`, `top` and `list` → its profiles.
 * In: a path; which threads, kind and range. Out: stack profiles, main thread first; or why there are none. A trace or
 * recording is cut to the question; a profile file (pprof, speedscope, …) is taken as it is. Names are those of source maps
 * where some are given: of a trace before it is cut, because V8 tells the column that ran and a profile does not.
 */
import { basename } from 'node:path';
import { ensure, fail, type Micros, makeFailure, type Result, succeed } from '../base/index.ts';
import { Engine, type OpenTrace } from '../engine/index.ts';
import {
  applySourceMaps,
  gunzip,
  isGzip,
  LARGEST_PROFILE,
  looksLikeProfile,
  mapTables,
  type ProfileType,
  profileOfRange,
  readProfile,
  type ScriptMap,
  type StackProfile,
} from '../profile/index.ts';
import { tagsOf } from '../recording/index.ts';
import { SLICE_INSTANT, type TraceTables } from '../trace/index.ts';
import { openFile } from './open-file.ts';
import { MapFolder } from './source-maps.ts';
import { windowOf } from './window.ts';

export type ThreadChoice = 'main' | 'all' | { readonly pid: number; readonly tid: number };

export interface ProfileScope {
  readonly thread: ThreadChoice;
  /** Trace timestamps; null is the trace's own first or last event. */
  readonly from: Micros | null;
  readonly to: Micros | null;
  readonly jsOnly: boolean;
}

export type OpenedFile =
  | { readonly kind: 'trace'; readonly subject: string; readonly file: Blob; readonly trace: OpenTrace }
  | { readonly kind: 'profiles'; readonly subject: string; readonly profiles: readonly StackProfile[] };

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
  return { ...opened, trace: { ...opened.trace, tables: mapTables(opened.trace.tables, mapOf) } };
}

async function openUnmapped(path: string): Promise<Result<OpenedFile>> {
  const blob = await openFile(path);
  if (!blob.ok) return blob;
  const subject = basename(path);
  const head = new Uint8Array(await blob.value.slice(0, HEAD_BYTES).arrayBuffer());
  const plainHead = isGzip(head) ? (await gunzip(head)).bytes : head;
  if (looksLikeProfile(plainHead)) {
    if (blob.value.size > LARGEST_PROFILE) return fail(makeFailure('profile-too-big', { subject }));
    const read = await readProfile(new Uint8Array(await blob.value.arrayBuffer()), subject);
    if (!read.ok) return read;
    if (read.value.kind === 'profiles')
      return succeed({ kind: 'profiles', subject, profiles: read.value.profiles });
  }
  const engine = new Engine({ library: null });
  const opened = await engine.open({ kind: 'file', name: subject, file: blob.value });
  if (!opened.ok) return opened;
  const trace = ensure(engine.traceOf(opened.value.open), 'what was opened just now is open');
  return succeed({ kind: 'trace', subject, file: blob.value, trace });
}

/** The kinds asked for, kind after kind, each of every thread that the scope names. */
export function cutProfiles(
  { subject, trace }: OpenedFile & { kind: 'trace' },
  scope: ProfileScope,
  types: readonly ProfileType[],
): Result<StackProfile[]> {
  const { tables, classes, recording } = trace;
  const threads = chooseThreads(trace, scope.thread, subject);
  if (!threads.ok) return threads;
  const range = windowOf(scope, tables.bounds);
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

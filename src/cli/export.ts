/**
 * `pageflame export FILE --format … -o OUT`: a recording, trace or profile as a file of another tool's format.
 * In: a file and a format, which threads, kind of time and range. Out: the file, its path as the only line on stdout;
 * exit code 0, or 1 with one line on stderr. What each format keeps: docs/profiles.md.
 */
import { realpath, rm, writeFile } from 'node:fs/promises';
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import {
  gzip,
  type StackProfile,
  writeCpuProfile,
  writeFolded,
  writeOtlp,
  writePprof,
  writeSpeedscope,
  writeSvg,
} from '../profile/index.ts';
import { cutProfiles, type OpenedFile, openProfiles, type ProfileScope } from './open-profiles.ts';
import { reportFailure } from './report.ts';
import { streamTrace } from './trace-export.ts';

export const EXPORT_FORMATS = [
  'pprof',
  'otlp',
  'speedscope',
  'folded',
  'cpuprofile',
  'trace',
  'pftrace',
  'svg',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions {
  readonly file: string;
  readonly format: ExportFormat;
  readonly scope: ProfileScope;
  readonly type: 'cpu' | 'wall';
  /** Any of thread, type, range or --js-only was said. */
  readonly isCut: boolean;
  /** A source map or a folder of them; null for none. */
  readonly sourceMaps: string | null;
  readonly output: string;
}

type Content = string | Uint8Array | Iterable<string> | AsyncIterable<Uint8Array>;

export async function runExport(options: ExportOptions): Promise<number> {
  const failure = await exportFile(options);
  if (failure !== null) return reportFailure(failure);
  process.stdout.write(`${options.output}\n`);
  return 0;
}

/** null when the file is written. */
export async function exportFile(options: ExportOptions): Promise<Failure | null> {
  const { file, output } = options;
  if (await isSameFile(file, output)) return makeFailure('output-is-input', { subject: output });
  const opened = await openProfiles(file, options.sourceMaps);
  if (!opened.ok) return opened.failure;
  const content = await contentOf(opened.value, options);
  if (!content.ok) return content.failure;
  try {
    await writeFile(output, content.value);
    return null;
  } catch (error) {
    // Half a file would look like a whole one.
    await rm(output, { force: true }).catch(() => undefined);
    return isFailure(error) ? error : makeFailure('write-failed', { subject: output, detail: String(error) });
  }
}

async function contentOf(opened: OpenedFile, options: ExportOptions): Promise<Result<Content>> {
  const { format } = options;
  if (format === 'trace' || format === 'pftrace') {
    return opened.kind === 'trace'
      ? streamTrace(opened, format)
      : fail(makeFailure('profile-not-trace', { subject: opened.subject }));
  }
  const profiles = gatherProfiles(opened, options);
  if (!profiles.ok) return profiles;
  return succeed(await write(profiles.value, opened.subject, options));
}

function gatherProfiles(opened: OpenedFile, options: ExportOptions): Result<readonly StackProfile[]> {
  const { format, scope, type } = options;
  const withCounts = format === 'pprof' || format === 'otlp';
  if (opened.kind === 'profiles') {
    if (options.isCut) return fail(makeFailure('profile-not-trace', { subject: opened.subject }));
    return withCounts ? succeed(opened.profiles) : chooseWeight(opened, format);
  }
  return cutProfiles(opened, scope, withCounts ? ['samples', type] : [type]);
}

/** Most formats hold one kind of weight: time, where the file has any. */
function chooseWeight(
  { subject, profiles }: OpenedFile & { kind: 'profiles' },
  format: ExportFormat,
): Result<readonly StackProfile[]> {
  const main = profiles.find(({ unit }) => unit === 'microseconds') ?? profiles[0];
  const chosen = profiles.filter(({ type, unit }) => type === main.type && unit === main.unit);
  if (format !== 'cpuprofile') return succeed(chosen);
  if (main.unit !== 'microseconds') return fail(makeFailure('profile-without-time', { subject }));
  return chosen.length > 1 ? fail(makeFailure('profile-of-many-threads', { subject })) : succeed(chosen);
}

async function write(
  profiles: readonly StackProfile[],
  subject: string,
  { format, scope }: ExportOptions,
): Promise<Content> {
  const threads = scope.thread === 'all';
  switch (format) {
    case 'pprof':
      return gzip(writePprof(profiles));
    case 'otlp':
      return writeOtlp(profiles, { timestamps: true });
    case 'speedscope':
      return writeSpeedscope(profiles, subject);
    case 'folded':
      return writeFolded(profiles, { threads });
    case 'cpuprofile':
      return writeCpuProfile(profiles[0]);
    default:
      return writeSvg(profiles, { title: subject, threads });
  }
}

/** Writing over what is still being read would lose both. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  // What does not exist yet is no other file.
  const real = (path: string): Promise<string | null> => realpath(path).catch(() => null);
  const [first, second] = await Promise.all([real(one), real(other)]);
  return first !== null && first === second;
}

function isFailure(error: unknown): error is Failure {
  return (
    typeof error === 'object' && error !== null && 'code' in error && 'message' in error && 'detail' in error
  );
}

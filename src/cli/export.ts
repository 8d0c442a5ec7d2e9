/**
 * `pageflame export FILE --format … -o OUT`: a recording, trace or profile as a file of another tool's format.
 * In: a file and a format, which threads, kind of time and range. Out: the file, its path as the only line on stdout (or
 * the file itself, where OUT is `-`); exit code 0, or 1 with one line on stderr. What each format keeps: docs/profiles.md.
 */
import { realpath } from 'node:fs/promises';
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { makeProfileFile, ofOneWeight } from '../engine/index.ts';
import type { StackProfile } from '../profile/index.ts';
import {
  chooseProfiles,
  cutProfiles,
  type OpenedFile,
  openProfiles,
  type ProfileScope,
} from './open-profiles.ts';
import { reportFailure } from './report.ts';
import { streamTrace } from './trace-export.ts';
import { checkOutput, type OutputContent, STDOUT, writeOutput } from './write-output.ts';

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
type TraceFormat = 'trace' | 'pftrace';

export interface ExportOptions {
  readonly file: string;
  readonly format: ExportFormat;
  readonly scope: ProfileScope;
  /** null: of a trace without idle time, of a profile file as it is. */
  readonly type: 'cpu' | 'wall' | null;
  /** A source map or a folder of them; null for none. */
  readonly sourceMaps: string | null;
  readonly output: string;
}

export async function runExport(options: ExportOptions): Promise<number> {
  const failure = await exportFile(options);
  if (failure !== null) return reportFailure(failure);
  if (options.output !== STDOUT) process.stdout.write(`${options.output}\n`);
  return 0;
}

/** null when the file is written. */
export async function exportFile(options: ExportOptions): Promise<Failure | null> {
  const { file, output, format } = options;
  if (await isSameFile(file, output)) return makeFailure('output-is-input', { subject: output });
  const refused = await checkOutput(output);
  if (refused !== null) return refused;
  const opened = await openProfiles(file, options.sourceMaps);
  if (!opened.ok) return opened.failure;
  const content = isTraceFormat(format)
    ? await traceContent(opened.value, format)
    : await profileContent(opened.value, { ...options, format });
  return content.ok ? writeOutput(output, content.value) : content.failure;
}

const isTraceFormat = (format: ExportFormat): format is TraceFormat =>
  format === 'trace' || format === 'pftrace';

async function traceContent(opened: OpenedFile, format: TraceFormat): Promise<Result<OutputContent>> {
  return opened.kind === 'trace'
    ? succeed(await streamTrace(opened, format))
    : fail(makeFailure('profile-not-trace', { subject: opened.subject }));
}

type ProfileExport = ExportOptions & { readonly format: Exclude<ExportFormat, TraceFormat> };

async function profileContent(opened: OpenedFile, options: ProfileExport): Promise<Result<OutputContent>> {
  const { format, scope } = options;
  const profiles = gatherProfiles(opened, options);
  if (!profiles.ok) return profiles;
  const facts = { form: format, title: opened.subject, threads: scope.thread === 'all' };
  const file = await makeProfileFile(profiles.value, facts);
  return file.ok ? succeed(file.value.stream()) : file;
}

/** Most formats hold one kind of weight: of a file, time where it has any. */
function gatherProfiles(
  opened: OpenedFile,
  { format, scope, type }: ProfileExport,
): Result<readonly StackProfile[]> {
  const withCounts = format === 'pprof' || format === 'otlp';
  if (opened.kind === 'profiles' && type === null) {
    const chosen = chooseProfiles(opened, scope);
    return chosen.ok && !withCounts ? succeed(ofOneWeight(chosen.value)) : chosen;
  }
  const wanted = type ?? 'cpu';
  const cut = cutProfiles(opened, scope, withCounts ? ['samples', wanted] : [wanted]);
  if (!cut.ok || cut.value.some(({ unit }) => unit === 'microseconds')) return cut;
  // A trace has time, if only an empty one.
  return opened.kind === 'trace'
    ? cut
    : fail(makeFailure('profile-without-time', { subject: opened.subject }));
}

/** Writing over what is still being read would lose both. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  // What does not exist yet is no other file.
  const real = (path: string): Promise<string | null> => realpath(path).catch(() => null);
  const [first, second] = await Promise.all([real(one), real(other)]);
  return first !== null && first === second;
}

/**
 * Stack profiles as a file of another tool's format, for the panel's downloads. What each keeps: docs/profiles.md.
 * In: profiles, a form. Out: a Blob. Refuses: no profile at all, a `.cpuprofile` of several threads or of no times.
 */
import { fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import {
  gzip,
  type StackProfile,
  writeCpuProfile,
  writeFolded,
  writeOtlp,
  writePprof,
  writeSpeedscope,
  writeSvg,
} from '../../profile/index.ts';
import type { ProfileFileForm } from '../document-questions.ts';

export interface ProfileFileFacts {
  readonly form: ProfileFileForm;
  readonly title: string;
  /** Folded stacks and the flame graph begin with the thread; unless told, where there are several. */
  readonly threads?: boolean;
}

export async function makeProfileFile(
  profiles: readonly StackProfile[],
  { form, title, threads: named }: ProfileFileFacts,
): Promise<Result<Blob>> {
  if (profiles.length === 0) return fail(makeFailure('profile-empty', { subject: title }));
  const one = ofOneWeight(profiles);
  const threads = named ?? one.length > 1;
  switch (form) {
    case 'pprof':
      return blobOf(await gzip(writePprof(profiles)));
    case 'otlp':
      return blobOf(writeOtlp(profiles, { timestamps: true }));
    case 'speedscope':
      return blobOf(...writeSpeedscope(one, title));
    case 'folded':
      return blobOf(writeFolded(one, { threads }));
    case 'svg':
      return blobOf(writeSvg(one, { title, threads }));
    case 'cpuprofile':
      if (one[0].unit !== 'microseconds')
        return fail(makeFailure('profile-without-time', { subject: title }));
      return one.length > 1
        ? fail(makeFailure('profile-of-many-threads', { subject: title }))
        : blobOf(writeCpuProfile(one[0]));
  }
}

/** Most formats hold one kind of weight: time, where there is any. */
export function ofOneWeight(profiles: readonly StackProfile[]): readonly StackProfile[] {
  const main = profiles.find(({ unit }) => unit === 'microseconds') ?? profiles[0];
  return profiles.filter(({ type, unit }) => type === main.type && unit === main.unit);
}

const blobOf = (...parts: BlobPart[]): Result<Blob> => succeed(new Blob(parts));

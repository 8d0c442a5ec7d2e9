/**
 * A file of unknown kind → its profiles, or that it is a trace or a recording, which others open.
 * In: the file's bytes, and its name, which decides only between formats whose bytes do not. Out: profiles with counts of
 * dirty data; a Failure where it is nothing that we know. See docs/profiles.md.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { readCpuProfile } from './formats/cpu-profile.ts';
import { readFirefox, recogniseFirefox } from './formats/firefox.ts';
import { readFolded } from './formats/folded.ts';
import { gunzip, isGzip, LARGEST_PROFILE } from './formats/gzip.ts';
import { readHeapProfile } from './formats/heap-profile.ts';
import { isHermes, readHermes } from './formats/hermes.ts';
import { isObject, parseJson } from './formats/json-values.ts';
import { kindOfMessage } from './formats/message-kinds.ts';
import { readOtlpJson } from './formats/otlp-json.ts';
import { readOtlp } from './formats/otlp-reader.ts';
import { readPerfScript } from './formats/perf-script.ts';
import { readPprof } from './formats/pprof-reader.ts';
import type { ReadProfiles } from './formats/read-profiles.ts';
import { readSpeedscope } from './formats/speedscope.ts';

export type ProfileFile =
  | ({ readonly kind: 'profiles' } & ReadProfiles)
  /** A trace or a recording: for the engine to open. */
  | { readonly kind: 'trace' };

const TRACE: ProfileFile = { kind: 'trace' };
const SNIFF_BYTES = 4096;
/** Folded stacks may begin with a bracket, too: `[tid=7];run 5`, `{main};render 3`. */
const JSON_LIST = /^\s*\[\s*(?:[{\]]|$)/;
const JSON_OBJECT = /^\s*\{\s*(?:["}]|$)/;
/** What else OpenTelemetry writes. */
const OTHER_SIGNALS = ['resourceSpans', 'resourceMetrics', 'resourceLogs'];
/** In a file that begins with `traceEvents` as a trace does. */
const HERMES_SAMPLE = /"samples"\s*:\s*\[\s*\{[^}]*"sf"\s*:/;

/**
 * What the first bytes tell: `profile` is to be read by {@link readProfile}, anything else by the engine. For those who
 * do not want to hold a trace of gigabytes in memory to learn that it is one. `head` is plain: inflate gzip first.
 */
export function looksLikeProfile(head: Uint8Array): boolean {
  if (head[0] === 0x50 && head[1] === 0x4b) return false;
  const text = new TextDecoder().decode(head.subarray(0, SNIFF_BYTES));
  if (isBinary(head)) {
    const kind = kindOfMessage(head);
    return kind === 'pprof' || kind === 'otlp';
  }
  if (JSON_LIST.test(text)) return false;
  if (JSON_OBJECT.test(text))
    return (
      HERMES_SAMPLE.test(text) ||
      (/"(\$schema|nodes|head|preprocessedProfileVersion|libs|meta|shared|timeDeltas|resource(Profiles|Spans|Metrics|Logs))"/.test(
        text,
      ) &&
        !/"traceEvents"/.test(text))
    );
  return /\S/.test(text);
}

export async function readProfile(bytes: Uint8Array, name: string): Promise<Result<ProfileFile>> {
  if (bytes.length === 0) return fail(makeFailure('file-empty', { subject: name }));
  if (bytes.length > LARGEST_PROFILE) return fail(makeFailure('profile-too-big', { subject: name }));
  if (!isGzip(bytes)) return readPlain(bytes, name);
  const { bytes: plain, state } = await gunzip(bytes);
  if (plain.length === 0) return fail(makeFailure('gzip-broken', { subject: name }));
  if (state === 'too-big') return fail(makeFailure('profile-too-big', { subject: name }));
  const read = readPlain(plain, name);
  if (state === 'whole' || !read.ok || read.value.kind === 'trace') return read;
  // What came before the cut is shown, and that there was more is not hidden.
  const { diagnostics } = read.value;
  return succeed({ ...read.value, diagnostics: { ...diagnostics, malformed: diagnostics.malformed + 1 } });
}

function readPlain(bytes: Uint8Array, name: string): Result<ProfileFile> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return succeed(TRACE);
  if (isBinary(bytes)) return readBinary(bytes, name);
  const head = new TextDecoder().decode(bytes.subarray(0, SNIFF_BYTES));
  if (JSON_LIST.test(head)) return succeed(TRACE);
  const text = new TextDecoder().decode(bytes);
  if (JSON_OBJECT.test(head)) return readJson(text, name);
  return profilesOf(readPerfScript(text) ?? readFolded(text, name), name);
}

function readBinary(bytes: Uint8Array, name: string): Result<ProfileFile> {
  const kind = kindOfMessage(bytes);
  // It is the one that may be cut off.
  if (kind === 'perfetto') return succeed(TRACE);
  return profilesOf(kind === null ? null : (readPprof(bytes) ?? readOtlp(bytes)), name);
}

function readJson(text: string, name: string): Result<ProfileFile> {
  const value = parseJson(text);
  // A trace that is cut off is no JSON any more, and can be opened all the same.
  if (value === undefined && /"traceEvents"|"ph"\s*:/.test(text.slice(0, 1 << 16))) return succeed(TRACE);
  if (isHermes(value)) return profilesOf(readHermes(value), name);
  if (isObject(value) && Array.isArray(value.traceEvents)) return succeed(TRACE);
  if (isObject(value) && OTHER_SIGNALS.some((key) => Array.isArray(value[key])))
    return fail(makeFailure('otlp-without-profiles', { subject: name }));
  const firefox = recogniseFirefox(value);
  if (firefox === 'too-new' || firefox === 'raw') {
    return fail(makeFailure(firefox === 'raw' ? 'profile-raw-gecko' : 'profile-too-new', { subject: name }));
  }
  const found =
    firefox === null
      ? (readSpeedscope(value) ??
        readHeapProfile(value, name) ??
        readCpuProfile(value, name) ??
        readOtlpJson(value))
      : readFirefox(value);
  return profilesOf(found, name);
}

function profilesOf(found: ReadProfiles | null, name: string): Result<ProfileFile> {
  return found === null || found.profiles.length === 0
    ? fail(makeFailure('not-a-profile', { subject: name }))
    : succeed({ kind: 'profiles', ...found });
}

/** Control characters that no text has, among the first bytes. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 256).some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27));
}

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
import { isHermes, readHermes } from './formats/hermes.ts';
import { isObject, parseJson } from './formats/json-values.ts';
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
/** In a file that begins with `traceEvents` as a trace does. */
const HERMES_SAMPLE = /"samples"\s*:\s*\[\s*\{[^}]*"sf"\s*:/;

/**
 * What the first bytes tell: `profile` is to be read by {@link readProfile}, anything else by the engine. For those who
 * do not want to hold a trace of gigabytes in memory to learn that it is one. `head` is plain: inflate gzip first.
 */
export function looksLikeProfile(head: Uint8Array): boolean {
  if (head[0] === 0x50 && head[1] === 0x4b) return false;
  const text = new TextDecoder().decode(head.subarray(0, SNIFF_BYTES));
  if (isBinary(head)) return isPprof(head) || (head[0] === 0x0a && !isPerfetto(head));
  if (/^\s*\[/.test(text)) return false;
  if (/^\s*\{/.test(text))
    return (
      HERMES_SAMPLE.test(text) ||
      (/"(\$schema|nodes|head|preprocessedProfileVersion|libs|meta|shared|timeDeltas|resourceProfiles)"/.test(
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
  const first = /[^\s\uFEFF]/.exec(new TextDecoder().decode(bytes.subarray(0, SNIFF_BYTES)))?.[0];
  if (first === '[') return succeed(TRACE);
  const text = new TextDecoder().decode(bytes);
  if (first === '{') return readJson(text, name);
  return profilesOf(readPerfScript(text) ?? readFolded(text, name), name);
}

function readBinary(bytes: Uint8Array, name: string): Result<ProfileFile> {
  const found = isPprof(bytes) ? readPprof(bytes) : isPerfetto(bytes) ? null : readOtlp(bytes);
  if (found !== null) return succeed({ kind: 'profiles', ...found });
  // A Perfetto trace begins like both, and is the one that may be cut off.
  return isPerfetto(bytes) ? succeed(TRACE) : fail(makeFailure('not-a-profile', { subject: name }));
}

function readJson(text: string, name: string): Result<ProfileFile> {
  const value = parseJson(text);
  // A trace that is cut off is no JSON any more, and can be opened all the same.
  if (value === undefined && /"traceEvents"|"ph"\s*:/.test(text.slice(0, 1 << 16))) return succeed(TRACE);
  if (isHermes(value)) return profilesOf(readHermes(value), name);
  if (isObject(value) && Array.isArray(value.traceEvents)) return succeed(TRACE);
  const firefox = recogniseFirefox(value);
  if (firefox === 'too-new' || firefox === 'raw') {
    return fail(makeFailure(firefox === 'raw' ? 'profile-raw-gecko' : 'profile-too-new', { subject: name }));
  }
  const found =
    firefox === null
      ? (readSpeedscope(value) ?? readCpuProfile(value, name) ?? readOtlpJson(value))
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

/** The first message of a pprof is a ValueType: fields 1 and 2, both numbers. */
function isPprof(bytes: Uint8Array): boolean {
  return firstFields(bytes)?.every(({ field, type }) => (field === 1 || field === 2) && type === 0) ?? false;
}

/** The first message of a Perfetto trace is a TracePacket; of OTLP's, ResourceProfiles: fields 1 to 3, all messages. */
function isPerfetto(bytes: Uint8Array): boolean {
  const fields = firstFields(bytes);
  return fields !== null && !fields.every(({ field, type }) => field <= 3 && type === 2);
}

/** Fields of the first message, if the bytes begin with one of field 1. */
function firstFields(bytes: Uint8Array): { field: number; type: number }[] | null {
  if (bytes[0] !== 0x0a) return null;
  const cursor = { at: 1 };
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; cursor.at < bytes.length; scale *= 128) {
      const byte = bytes[cursor.at++];
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  const end = Math.min(varint() + cursor.at, bytes.length);
  const fields: { field: number; type: number }[] = [];
  while (cursor.at < end) {
    const tag = varint();
    const type = tag % 8;
    fields.push({ field: Math.floor(tag / 8), type });
    if (type === 0) varint();
    else if (type === 1) cursor.at += 8;
    else if (type === 5) cursor.at += 4;
    else if (type === 2) {
      const length = varint();
      cursor.at += length;
    } else break;
  }
  return fields;
}

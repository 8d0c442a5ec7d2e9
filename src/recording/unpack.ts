/**
 * Reads a `.pageflame` file (a ZIP; docs/format.md) that may come from anyone.
 * In: the whole file. Out: the recording, its trace as stored (gzip), its pictures, and the source maps and texts that it was given.
 * Refuses: newer formats, damaged or incomplete files, and files that would unpack to more than they are worth.
 *
 * Takes the file whole, not as a stream: a streamed ZIP is read without its directory, and fflate's stream reader then
 * finds the end of a stored entry by looking for a signature of four bytes, which a gzip body of 100 MB contains by
 * chance once in a dozen files.
 */
import { type UnzipFileInfo, unzipSync } from 'fflate';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { frameEntry, RECORDING_ENTRY, traceEntry } from './file-layout.ts';
import { type KeptSource, parseSourceList, SOURCES_ENTRY, sourceEntry } from './kept-sources.ts';
import type { Recording } from './recording.ts';
import { parseRecording } from './schema.ts';

export interface UnpackedRecording {
  readonly recording: Recording;
  readonly trace: Uint8Array | null;
  readonly frames: readonly Uint8Array[];
  readonly sources: readonly KeptSource[];
}

/** recording.json is some kilobytes; its filmstrip has at most a few thousand entries. */
const MAX_JSON_BYTES = 16_000_000;
/** 100 000 pictures is what five digits can name; the rest is room for files that others added. */
const MAX_ENTRIES = 110_000;
const ENTRY =
  /^(recording\.json|trace\.pftrace\.gz|trace\.json\.gz|frames\/\d{5}\.jpg|sources\.json|sources\/\d{5}\.gz)$/;

/** Whether `bytes` begin as a ZIP file does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/** What the file `bytes` holds. `subject` names the file in the failure's sentence. */
export function unpackRecording(bytes: Uint8Array, subject: string): Result<UnpackedRecording> {
  const broken = (detail: string) => fail(makeFailure('recording-broken', { subject, detail }));
  let entries: Record<string, Uint8Array>;
  let json: unknown;
  try {
    entries = unzipSync(bytes, { filter: boundedFilter(bytes.length) });
    if (!Object.hasOwn(entries, RECORDING_ENTRY)) return broken(`there is no ${RECORDING_ENTRY} in it`);
    json = decodeJson(entries[RECORDING_ENTRY]);
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
  const parsed = parseRecording(json, subject);
  if (!parsed.ok) return parsed;
  const recording = settle(parsed.value);

  const part = (name: string, length: number): Uint8Array | null =>
    Object.hasOwn(entries, name) && entries[name].length === length ? entries[name] : null;
  const trace = recording.trace && part(traceEntry(recording.trace.format), recording.trace.bytes);
  if (recording.trace !== null && trace === null) return broken('its trace is not whole');
  const frames: Uint8Array[] = [];
  for (const [index, frame] of recording.frames.entries()) {
    const jpeg = part(frameEntry(index), frame.bytes);
    if (jpeg === null) return broken(`its picture ${index} is not whole`);
    frames.push(jpeg);
  }
  const sources = takeSources(entries);
  return sources === null
    ? broken('the source maps and texts that were given to it are not whole')
    : succeed({ recording, trace, frames, sources });
}

/** null where the list and what it lists disagree. */
function takeSources(entries: Record<string, Uint8Array>): KeptSource[] | null {
  if (!Object.hasOwn(entries, SOURCES_ENTRY)) return [];
  try {
    const list = parseSourceList(decodeJson(entries[SOURCES_ENTRY]));
    if (list?.every((_, index) => Object.hasOwn(entries, sourceEntry(index))) !== true) return null;
    return list.map((each, index) => ({ ...each, packed: entries[sourceEntry(index)] }));
  } catch {
    // It is no JSON.
    return null;
  }
}

const decodeJson = (bytes: Uint8Array): unknown =>
  JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));

/** Lets in the entries that a recording has, each no larger than what it can honestly be. */
function boundedFilter(fileLength: number): (entry: UnzipFileInfo) => boolean {
  let entries = 0;
  let total = 0;
  return ({ name, size, originalSize }) => {
    if (++entries > MAX_ENTRIES) throw new Error('it lists too many entries');
    if (!ENTRY.test(name)) return false;
    // All but those two is compressed already: unpacking cannot make it much larger than the file.
    const room = name === RECORDING_ENTRY || name === SOURCES_ENTRY ? MAX_JSON_BYTES : 2 * fileLength;
    if (size > fileLength || originalSize > room) throw new Error(`${name} claims an impossible size`);
    total += originalSize;
    if (total > 2 * fileLength + 2 * MAX_JSON_BYTES) throw new Error('it unpacks to an impossible size');
    return true;
  };
}

/** A file is never being recorded: one that says so was taken from a recording that nobody finished. */
function settle(recording: Recording): Recording {
  if (recording.state !== 'recording') return recording;
  return { ...recording, state: 'cut-off', cutOff: makeFailure('browser-gone', { subject: recording.url }) };
}

/**
 * A file of profiles, opened: recognised by its content, read, held.
 * In: a file, one in parts, or profiles that are at hand. Out: a {@link ProfileDocument}; null for what is no file of profiles (a trace,
 * a recording: for others to open); a Failure for one that cannot be read. Of a large file no more than its head is
 * read to learn that it is none.
 */
import { fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import { boundsOfTimeline, type Chart, layOutTimeline } from '../../flame/index.ts';
import {
  gunzip,
  isGzip,
  LARGEST_PROFILE,
  looksLikeProfile,
  mergeProfiles,
  type ReadProfiles,
  readProfile,
  type StackProfile,
} from '../../profile/index.ts';
import type { OpenId, OpenOptions } from '../contract.ts';
import type { DocumentSource, OpenedProfiles } from '../document-questions.ts';
import { ProfileViews } from './profile-views.ts';
import { FileProfiles } from './scoped-profiles.ts';

const HEAD_BYTES = 1 << 16;

export async function readDocument(
  source: DocumentSource,
  options: OpenOptions,
): Promise<Result<ProfileDocument> | null> {
  if (source.kind === 'library') return null;
  if (source.kind === 'profiles') {
    const { profiles, format, name } = source;
    return profiles.length === 0
      ? fail(makeFailure('profile-empty', { subject: name }))
      : succeed(new ProfileDocument({ profiles, format, diagnostics: NO_DIRT }));
  }
  if (source.kind === 'parts') return readParts(source.files, source.name);
  const { file, name } = source;
  try {
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    // An empty file, and one that is packed and broken, are told of by the reader of traces.
    const plain = isGzip(head) ? (await gunzip(head)).bytes : head;
    if (plain.length === 0 || !looksLikeProfile(plain)) return null;
    if (file.size > LARGEST_PROFILE) return fail(makeFailure('profile-too-big', { subject: name }));
    const bytes = await readBytes(file, options);
    if (bytes === null) return fail(makeFailure('cancelled', { subject: `Opening ${name}` }));
    const read = await readProfile(bytes, name);
    if (!read.ok) return read;
    return read.value.kind === 'trace' ? null : succeed(new ProfileDocument(read.value));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return fail(makeFailure('file-unreadable', { subject: name, detail: String(error) }));
  }
}

const BLOCK_BYTES = 1 << 23;

/** Block by block, so that it can be told how far it is, and stopped; null where it was. */
async function readBytes(file: Blob, { signal, onProgress }: OpenOptions): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(file.size);
  for (let at = 0; at < file.size; at += BLOCK_BYTES) {
    if (signal?.aborted === true) return null;
    const block = new Uint8Array(await file.slice(at, at + BLOCK_BYTES).arrayBuffer());
    bytes.set(block, at);
    onProgress?.({ readBytes: at + block.length, totalBytes: file.size });
  }
  return signal?.aborted === true ? null : bytes;
}

/** Weights of one kind become one profile. */
async function readParts(files: readonly Blob[], name: string): Promise<Result<ProfileDocument>> {
  const parts: ReadProfiles[] = [];
  for (const file of files) {
    const read = await readProfile(new Uint8Array(await file.arrayBuffer()), name);
    if (!read.ok) return read;
    if (read.value.kind === 'trace') return fail(makeFailure('not-a-profile', { subject: name }));
    parts.push(read.value);
  }
  const all = parts.flatMap(({ profiles }) => profiles);
  if (all.length === 0) return fail(makeFailure('profile-empty', { subject: name }));
  const kindOf = ({ type, unit }: StackProfile): string => `${type} ${unit}`;
  const profiles = [...new Set(all.map(kindOf))].map((kind) =>
    mergeProfiles(all.filter((profile) => kindOf(profile) === kind)),
  );
  const diagnostics = addUp(parts.map((part) => part.diagnostics));
  return succeed(new ProfileDocument({ profiles, format: parts[0].format, diagnostics }));
}

const addUp = (counts: readonly ReadProfiles['diagnostics'][]): ReadProfiles['diagnostics'] =>
  counts.reduce((sum, each) => ({
    malformed: sum.malformed + each.malformed,
    unresolved: sum.unresolved + each.unresolved,
    badWeights: sum.badWeights + each.badWeights,
    leftOut: sum.leftOut + each.leftOut,
  }));

const NO_DIRT: ReadProfiles['diagnostics'] = { malformed: 0, unresolved: 0, badWeights: 0, leftOut: 0 };

/** A document of profiles while it is open. */
export class ProfileDocument {
  readonly views: ProfileViews;
  readonly profiles: readonly StackProfile[];
  readonly #read: ReadProfiles;
  readonly #scoped: FileProfiles;

  constructor(read: ReadProfiles) {
    this.#read = read;
    this.profiles = read.profiles;
    this.#scoped = new FileProfiles(read.profiles);
    this.views = new ProfileViews(this.#scoped);
  }

  summarize(open: OpenId): OpenedProfiles {
    const { format, profiles, diagnostics } = this.#read;
    const timed = this.#scoped.timed();
    const starts = profiles.flatMap(({ startUnixMillis }) => startUnixMillis ?? []);
    return {
      open,
      format,
      threads: this.#scoped.threads,
      bounds: timed.length === 0 ? null : boundsOfTimeline(timed),
      functions: Math.max(...profiles.map(({ frames }) => frames.length)),
      samples: profiles.reduce((sum, { samples }) => sum + samples.length, 0),
      startUnixMillis: starts.length === 0 ? null : Math.min(...starts),
      labels: profiles[0].labels,
      diagnostics,
    };
  }

  /** Without a row where nothing tells its time. */
  chart(): Chart {
    return layOutTimeline(this.#scoped.timed());
  }
}

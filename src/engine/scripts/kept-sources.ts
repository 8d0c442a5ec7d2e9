/**
 * Source maps and texts that stay with a recording: given once, they are there when it is opened again.
 * In: sources as text, the library. Out: gzip in the library and back. One that can no longer be read is left out, and is a
 * failure that says which: the trace opens under the names that ran.
 */
import { type Failure, makeFailure, type Result } from '../../base/index.ts';
import { type RewriteText, rewriteStrings } from '../../profile/index.ts';
import type { KeptSource, RecordingId, SourceKind } from '../../recording/index.ts';
import type { Keeping } from './source-questions.ts';

/** What the engine needs of the library; `Library` has it. */
export interface SourceShelf {
  readSources(id: RecordingId): Promise<Result<readonly KeptSource[]>>;
  keepSource(id: RecordingId, source: KeptSource): Promise<Result<void>>;
  dropSource(id: RecordingId, kind: SourceKind, url: string): Promise<Result<void>>;
}

/** As in {@link KeptSource}. */
export interface GivenSource {
  readonly kind: SourceKind;
  readonly url: string;
  readonly fetchedFrom: string;
  readonly text: string;
}

/** What one open recording was given, packed, whether the library keeps it or not. */
export class GivenSources {
  readonly #library: SourceShelf | null;
  readonly #packed = new Map<string, KeptSource>();

  constructor(library: SourceShelf | null) {
    this.#library = library;
  }

  /** Given when it was open before. */
  restore(kept: readonly KeptSource[]): void {
    for (const source of kept) this.#packed.set(keyOf(source), source);
  }

  /** `text` null: it is forgotten. `id` null: there is nothing to keep it with. */
  async change(
    id: RecordingId | null,
    { kind, url, fetchedFrom, text }: Omit<GivenSource, 'text'> & { readonly text: string | null },
  ): Promise<Keeping> {
    const key = keyOf({ kind, url });
    const taken = this.#packed.get(key) ?? null;
    const source = text === null ? null : { kind, url, fetchedFrom, packed: await pack(text) };
    if (source === null) this.#packed.delete(key);
    else this.#packed.set(key, source);
    if (this.#library === null || id === null) return { taken, isKept: false, keepFailure: null };
    const done = await (source === null
      ? this.#library.dropSource(id, kind, url)
      : this.#library.keepSource(id, source));
    if (done.ok) return { taken, isKept: source !== null, keepFailure: null };
    const isGone = done.failure.code === 'recording-not-found';
    return { taken, isKept: false, keepFailure: isGone ? null : done.failure };
  }
}

const keyOf = ({ kind, url }: Pick<KeptSource, 'kind' | 'url'>): string => `${kind} ${url}`;

export interface UnpackedSources {
  readonly given: readonly GivenSource[];
  readonly failures: readonly Failure[];
}

export async function unpackSources(kept: Result<readonly KeptSource[]>): Promise<UnpackedSources> {
  if (!kept.ok) return { given: [], failures: [kept.failure] };
  const texts = await Promise.all(kept.value.map(({ packed }) => unpack(packed)));
  const given: GivenSource[] = [];
  const failures: Failure[] = [];
  for (const [at, { kind, url, fetchedFrom }] of kept.value.entries()) {
    const text = texts[at];
    if (text === null) failures.push(brokenSource(kind, url));
    else given.push({ kind, url, fetchedFrom, text });
  }
  return { given, failures };
}

export const brokenSource = (kind: SourceKind, url: string): Failure =>
  makeFailure('source-broken', { subject: `The ${kind === 'map' ? 'source map' : 'text'} of ${url}` });

/** With texts left out, of their addresses and of what they hold; what of them cannot be read is left out whole. */
export async function rewriteSources(
  kept: Result<readonly KeptSource[]>,
  rewrite: RewriteText,
): Promise<readonly KeptSource[]> {
  const { given } = await unpackSources(kept);
  const sources: KeptSource[] = [];
  for (const { kind, url, fetchedFrom, text } of given) {
    const rewritten = kind === 'map' ? await rewriteJson(text, rewrite) : rewrite(text, 'script');
    if (kind === 'text' && rewritten === '' && text !== '') continue;
    sources.push({
      kind,
      url: rewrite(url, 'text'),
      fetchedFrom: rewrite(fetchedFrom, 'text'),
      packed: await pack(rewritten),
    });
  }
  return sources;
}

async function rewriteJson(text: string, rewrite: RewriteText): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of rewriteStrings(once(new TextEncoder().encode(text)), rewrite))
    parts.push(new Uint8Array(part));
  return new Blob(parts).text();
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function pack(text: string): Promise<Uint8Array> {
  const packing = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packing).arrayBuffer());
}

/** A recording's file may come from anyone: more text than this is no source. */
const MOST_BYTES = 1 << 28;

async function unpack(packed: Uint8Array): Promise<string | null> {
  const bytes = Uint8Array.from(packed);
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.length;
      if (length > MOST_BYTES) {
        await reader.cancel();
        return null;
      }
      parts.push(next.value);
    }
    return await new Blob(parts).text();
  } catch {
    // It is no gzip, or not whole.
    return null;
  }
}

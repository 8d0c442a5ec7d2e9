/**
 * Source maps that stay with a recording: given once, they are there when it is opened again.
 * In: maps as text, the library. Out: gzip in the library and back. A kept map that can no longer be read is left out: the
 * trace opens under the names that ran, as if nobody had given one.
 */
import type { Failure, Result } from '../base/index.ts';
import { type RewriteText, rewriteStrings } from '../profile/index.ts';
import type { KeptMap, RecordingId } from '../recording/index.ts';

/** What the engine needs of the library; `Library` has it. */
export interface MapShelf {
  readMaps(id: RecordingId): Promise<Result<readonly KeptMap[]>>;
  keepMap(id: RecordingId, map: KeptMap): Promise<Result<void>>;
  dropMap(id: RecordingId, url: string): Promise<Result<void>>;
}

export interface GivenMap {
  readonly url: string;
  readonly mapUrl: string;
  readonly text: string;
}

/** Whether it is kept now, and why it could not be. What is not in the library is kept nowhere. */
export interface Keeping {
  readonly isKept: boolean;
  readonly failure: Failure | null;
}

const NOT_KEPT: Keeping = { isKept: false, failure: null };

/** `text` null: the script's map is forgotten. */
export async function keepGivenMap(
  library: MapShelf | null,
  id: RecordingId | null,
  { url, mapUrl, text }: Omit<GivenMap, 'text'> & { readonly text: string | null },
): Promise<Keeping> {
  if (library === null || id === null) return NOT_KEPT;
  const done = await (text === null
    ? library.dropMap(id, url)
    : library.keepMap(id, { url, mapUrl, packed: await pack(text) }));
  if (done.ok) return { isKept: text !== null, failure: null };
  return done.failure.code === 'recording-not-found' ? NOT_KEPT : { isKept: false, failure: done.failure };
}

export async function unpackMaps(kept: readonly KeptMap[]): Promise<readonly GivenMap[]> {
  const maps = await Promise.all(
    kept.map(async ({ url, mapUrl, packed }) => ({ url, mapUrl, text: await unpack(packed) })),
  );
  return maps.flatMap(({ text, ...about }) => (text === null ? [] : [{ ...about, text }]));
}

/** With texts left out, of their addresses and of what they hold. */
export async function rewriteMaps(
  kept: readonly KeptMap[],
  rewrite: RewriteText,
): Promise<readonly KeptMap[]> {
  const encoder = new TextEncoder();
  const maps: KeptMap[] = [];
  for (const { url, mapUrl, text } of await unpackMaps(kept)) {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const part of rewriteStrings(once(encoder.encode(text)), rewrite))
      parts.push(new Uint8Array(part));
    const packed = await pack(await new Blob(parts).text());
    maps.push({ url: rewrite(url, 'text'), mapUrl: rewrite(mapUrl, 'text'), packed });
  }
  return maps;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function pack(text: string): Promise<Uint8Array> {
  const packing = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packing).arrayBuffer());
}

/** A recording's file may come from anyone: more text than this is none of a map. */
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

/**
 * Sources that a user gave to a recording's scripts, source maps and texts: kept beside it, and with it in its file. Types
 * and names of entries.
 * In: sources as text. Out: gzip, as they are kept; the list of them that a file holds, checked. Refuses lists that are none.
 */
import * as v from 'valibot';

/** `text`: the code itself, of a script or of a file that a source map names. */
export type SourceKind = 'map' | 'text';

export interface KeptSource {
  readonly kind: SourceKind;
  /** Of the script that the map is of, or of the file whose text it is. */
  readonly url: string;
  /** Where it was fetched, which sources of a map are named relative to; '' for what was dropped. */
  readonly fetchedFrom: string;
  /** A map's JSON or the text, gzip. */
  readonly packed: Uint8Array;
}

export const SOURCES_ENTRY = 'sources.json';

/** `sources/00000.gz` is the first of the list. */
export const sourceEntry = (index: number): string => `sources/${String(index).padStart(5, '0')}.gz`;

const LIST = v.array(
  v.object({ kind: v.picklist(['map', 'text']), url: v.string(), fetchedFrom: v.string() }),
);

export type SourceList = v.InferOutput<typeof LIST>;

export const listSources = (sources: readonly KeptSource[]): SourceList =>
  sources.map(({ kind, url, fetchedFrom }) => ({ kind, url, fetchedFrom }));

/** null for what is no such list. */
export function parseSourceList(json: unknown): SourceList | null {
  const parsed = v.safeParse(LIST, json);
  return parsed.success ? parsed.output : null;
}

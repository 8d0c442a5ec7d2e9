/**
 * Source maps that were given to a recording's scripts: kept beside it, and with it in its file. Types and names of entries.
 * In: maps as text. Out: gzip, as they are kept; the list of them that a file holds, checked. Refuses lists that are none.
 */
import * as v from 'valibot';

export interface KeptMap {
  /** Of the script that it is of. */
  readonly url: string;
  /** Where it lay, for sources that it names relative to itself; '' for one that was dropped. */
  readonly mapUrl: string;
  /** Its JSON, gzip. */
  readonly packed: Uint8Array;
}

export const MAPS_ENTRY = 'maps.json';

/** `maps/00000.json.gz` is the first of the list. */
export const mapEntry = (index: number): string => `maps/${String(index).padStart(5, '0')}.json.gz`;

const LIST = v.array(v.object({ url: v.string(), mapUrl: v.string() }));

export type MapList = v.InferOutput<typeof LIST>;

export const listMaps = (maps: readonly KeptMap[]): MapList =>
  maps.map(({ url, mapUrl }) => ({ url, mapUrl }));

/** null for what is no such list. */
export function parseMapList(json: unknown): MapList | null {
  const parsed = v.safeParse(LIST, json);
  return parsed.success ? parsed.output : null;
}

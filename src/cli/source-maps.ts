/**
 * `--source-maps DIR|FILE`: names and places as the authors wrote them.
 * In: profiles, a map or a folder of maps (looked through with its subfolders). Out: the profiles, mapped. A map is
 * found by its file's name: `app.js.map`, or what it says it is of; where several fit, the one whose folders match the
 * script's address best.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import {
  applySourceMaps,
  bestMap,
  type FoundMap,
  namesOfMap,
  readSourceMap,
  type ScriptMap,
  type StackProfile,
} from '../profile/index.ts';

export async function mapNames(
  profiles: readonly StackProfile[],
  where: string | null,
): Promise<Result<readonly StackProfile[]>> {
  if (where === null) return succeed(profiles);
  const maps = await readMaps(where);
  if (!maps.ok) return maps;
  let found = false;
  const mapOf = (url: string): ScriptMap | null => {
    const map = bestMap(maps.value, url);
    found ||= map !== null;
    return map;
  };
  const mapped = profiles.map((profile) => applySourceMaps(profile, mapOf));
  return found ? succeed(mapped) : fail(makeFailure('source-map-unmatched', { subject: where }));
}

async function readMaps(where: string): Promise<Result<FoundMap[]>> {
  try {
    const isFolder = (await stat(where)).isDirectory();
    const files = isFolder
      ? (await readdir(where, { recursive: true }))
          .filter((file) => file.endsWith('.map'))
          .map((file) => join(where, file))
      : [where];
    const maps: FoundMap[] = [];
    for (const file of files) {
      const map = readSourceMap(await readFile(file, 'utf8'), file);
      if (!map.ok) return map;
      const own = (isFolder ? relative(where, file) : file).split(sep);
      maps.push(...namesOfMap(map.value, own));
    }
    return succeed(maps);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return fail(
      makeFailure(missing ? 'file-not-found' : 'file-unreadable', { subject: where, detail: String(error) }),
    );
  }
}

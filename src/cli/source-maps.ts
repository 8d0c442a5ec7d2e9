/**
 * `--source-maps DIR|FILE`: names and places as the authors wrote them.
 * In: a map or a folder of maps (looked through with its subfolders). Out: a way to a script's map by its address. A map
 * is found by its file's name: `app.js.map`, or what it says it is of; where several fit, the one whose folders match the
 * script's address best.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { bestMap, type FoundMap, namesOfMap, readSourceMap, type ScriptMap } from '../profile/index.ts';

/** The map of a script by its address, asked once each; and whether any was found. */
export class MapFolder {
  readonly #maps: readonly FoundMap[];
  readonly #known = new Map<string, ScriptMap | null>();
  #isUsed = false;

  private constructor(maps: readonly FoundMap[]) {
    this.#maps = maps;
  }

  static async open(where: string): Promise<Result<MapFolder>> {
    const maps = await readMaps(where);
    return maps.ok ? succeed(new MapFolder(maps.value)) : maps;
  }

  get isUsed(): boolean {
    return this.#isUsed;
  }

  mapOf = (url: string): ScriptMap | null => {
    let map = this.#known.get(url);
    if (map === undefined) {
      map = bestMap(this.#maps, url);
      this.#known.set(url, map);
    }
    this.#isUsed ||= map !== null;
    return map;
  };
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

/**
 * Trace tables by the names and places of source maps, so that every view of a trace has them.
 * In: tables, the map of a script by its address. Out: tables that differ in frames, in the names of JavaScript calls and
 * in the places that V8's samples tell; texts that are new are added to the same string table. All else is shared.
 *
 * A sample tells line and column of the innermost function, so a bundle in one line is told apart, too. Where Chrome told
 * no column (before 2025), a line is mapped where all of it comes from one line of source, else it is unknown (0).
 */
import type { FrameTable, SampleTable, TraceTables } from '../trace/index.ts';
import { SLICE_JS_CALL } from '../trace/index.ts';
import type { ScriptMap } from './source-maps.ts';

export function mapTables(tables: TraceTables, mapOf: (url: string) => ScriptMap | null): TraceTables {
  const maps = mapsOfFrames(tables, mapOf);
  const { frames, isMapped } = mapFrames(tables, maps);
  return {
    ...tables,
    frames,
    slices: { ...tables.slices, name: nameCalls(tables, frames) },
    samples: mapSamples(tables, maps, isMapped),
  };
}

/** By frame row. */
function mapsOfFrames(
  { frames, strings }: TraceTables,
  mapOf: (url: string) => ScriptMap | null,
): readonly (ScriptMap | null)[] {
  const byUrl = new Map<number, ScriptMap | null>();
  return Array.from(frames.url, (url) => {
    let map = byUrl.get(url);
    if (map === undefined) {
      map = url === 0 ? null : mapOf(strings.get(url));
      byUrl.set(url, map);
    }
    return map;
  });
}

function mapFrames(
  { frames, strings }: TraceTables,
  maps: readonly (ScriptMap | null)[],
): { frames: FrameTable; isMapped: Uint8Array } {
  const mapped = {
    ...frames,
    functionName: frames.functionName.slice(),
    url: frames.url.slice(),
    line: frames.line.slice(),
    column: frames.column.slice(),
  };
  const isMapped = new Uint8Array(frames.length);
  for (const [row, map] of maps.entries()) {
    // The trace counts from 0, a map's door from 1.
    const [line, column] = [frames.line[row] + 1, frames.column[row] + 1];
    const found = map?.mapFunction({ name: strings.get(frames.functionName[row]), line, column }) ?? null;
    if (found === null) continue;
    isMapped[row] = 1;
    mapped.functionName[row] = strings.intern(found.name);
    mapped.url[row] = strings.intern(found.url);
    mapped.line[row] = found.line - 1;
    mapped.column[row] = found.column - 1;
  }
  return { frames: mapped, isMapped };
}

function nameCalls({ slices, stacks }: TraceTables, { functionName }: FrameTable): Int32Array {
  const name = Int32Array.from(slices.name);
  for (let row = 0; row < slices.length; row++)
    if ((slices.flags[row] & SLICE_JS_CALL) !== 0) name[row] = functionName[stacks.frame[slices.detail[row]]];
  return name;
}

function mapSamples(
  { samples, stacks }: TraceTables,
  maps: readonly (ScriptMap | null)[],
  isMapped: Uint8Array,
): SampleTable {
  const line = Int32Array.from(samples.line);
  const column = Int32Array.from(samples.column);
  for (let row = 0; row < samples.length; row++) {
    const frame = samples.stack[row] < 0 ? -1 : stacks.frame[samples.stack[row]];
    const map = frame < 0 || line[row] <= 0 || isMapped[frame] === 0 ? null : maps[frame];
    if (map === null) continue;
    const place = column[row] > 0 ? map.place(line[row], column[row]) : null;
    line[row] = place?.line ?? map.line(line[row]) ?? 0;
    column[row] = place?.column ?? 0;
  }
  return { ...samples, line, column };
}

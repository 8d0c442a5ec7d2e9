/**
 * Frames by the names and places that their authors gave them.
 * In: a profile, source maps by script address. Out: the profile with the functions that a map knows under their own
 * names, files and lines; frames that become alike are one, so that names are stable over builds. All else stays as it is.
 *
 * V8 gives a function's place behind its name: `function a(x)` → the `(`. The map's name for the identifier just before
 * it is the function's; a function without one (an arrow) keeps the name it has. A line that ran is mapped where its
 * whole generated line comes from one line of source: of a bundle in one line nobody knows which part ran.
 */
import { AnyMap, decodedMappings, type TraceMap, traceSegment } from '@jridgewell/trace-mapping';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { ProfileBuilder } from './profile-builder.ts';
import { FRAME_KINDS, type StackProfile } from './stack-profile.ts';

/** Some servers put it before JSON, so that no page can run it as a script. */
const GUARD = /^\)\]\}'[^\n]*\n/;

export class ScriptMap {
  readonly #map: TraceMap;
  /** By generated line, 1-based: the one line of source it comes from; null where there is none or are several. */
  readonly #lines = new Map<number, number | null>();

  constructor(map: TraceMap) {
    this.#map = map;
  }

  /** The generated file that the map says it is of; '' where it does not. */
  get file(): string {
    return this.#map.file ?? '';
  }

  /** Texts of the sources, by address, as far as the map holds them. */
  get sources(): ReadonlyMap<string, string> {
    const contents = this.#map.sourcesContent ?? [];
    return new Map(
      this.#map.resolvedSources.flatMap((source, i) => {
        const text = contents[i];
        return typeof text === 'string' ? [[source ?? '', text] as const] : [];
      }),
    );
  }

  /** 1-based places both ways; null where the map knows nothing of it. */
  place(line: number, column: number): { url: string; line: number; column: number } | null {
    if (line < 1 || column < 1) return null;
    const segment = traceSegment(this.#map, line - 1, column - 1);
    if (segment === null || segment.length === 1) return null;
    const url = this.#map.resolvedSources[segment[1]] ?? '';
    return url === '' ? null : { url, line: segment[2] + 1, column: segment[3] + 1 };
  }

  /** The author's name of a function whose generated name ends right before the place; null where it has none. */
  nameBefore(line: number, column: number, generatedName: string): string | null {
    const bare = generatedName.slice(generatedName.lastIndexOf('.') + 1);
    for (const at of [column - 1 - bare.length, column - 1]) {
      const segment = at < 0 || line < 1 ? null : traceSegment(this.#map, line - 1, at);
      if (segment?.length === 5 && segment[0] === at) return this.#map.names[segment[4]] ?? null;
    }
    return null;
  }

  /** The line of source that all of a generated line comes from; null where there is none or are several. */
  line(generated: number): number | null {
    let line = this.#lines.get(generated);
    if (line === undefined) {
      line = this.#onlyLineOf(generated);
      this.#lines.set(generated, line);
    }
    return line;
  }

  #onlyLineOf(generated: number): number | null {
    let found: number | null = null;
    for (const segment of decodedMappings(this.#map)[generated - 1] ?? []) {
      if (segment.length === 1) continue;
      if (found !== null && found !== segment[2] + 1) return null;
      found = segment[2] + 1;
    }
    return found;
  }
}

/** `url`: where the map lies, for sources that it names relative to itself. */
export function readSourceMap(text: string, subject: string, url?: string): Result<ScriptMap> {
  try {
    const map = new AnyMap(text.replace(GUARD, ''), url);
    // Decodes the mappings, which may be broken, too.
    traceSegment(map, 0, 0);
    return succeed(new ScriptMap(map));
  } catch (error) {
    return fail(makeFailure('source-map-broken', { subject, detail: String(error) }));
  }
}

/** `mapOf`: the map of a script by its address. */
export function applySourceMaps(
  profile: StackProfile,
  mapOf: (url: string) => ScriptMap | null,
): StackProfile {
  const { frames, strings, stacks, samples } = profile;
  const maps = new Map<number, ScriptMap | null>();
  const mapOfFrame = (frame: number): ScriptMap | null => {
    const url = frames.url[frame];
    let map = maps.get(url);
    if (map === undefined) {
      map = url === 0 ? null : mapOf(strings[url]);
      maps.set(url, map);
    }
    return map;
  };
  const builder = new ProfileBuilder();
  const isMapped = new Uint8Array(frames.length);
  const rows = Int32Array.from({ length: frames.length }, (_, frame) => {
    const [line, column] = [frames.line[frame], frames.column[frame]];
    const own = { name: strings[frames.name[frame]], url: strings[frames.url[frame]], line, column };
    const kind = FRAME_KINDS[frames.kind[frame]];
    const map = mapOfFrame(frame);
    const place = map?.place(line, column) ?? null;
    if (map === null || place === null) return builder.frame({ ...own, kind });
    isMapped[frame] = 1;
    return builder.frame({ name: map.nameBefore(line, column, own.name) ?? own.name, ...place, kind });
  });
  const stackOf = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++)
    stackOf[s] = builder.stack(stacks.prefix[s] < 0 ? -1 : stackOf[stacks.prefix[s]], rows[stacks.frame[s]]);
  const line = samples.line.map((ran, i) => {
    const frame = samples.stack[i] < 0 ? -1 : stacks.frame[samples.stack[i]];
    if (ran === 0 || frame < 0 || isMapped[frame] === 0) return ran;
    return mapOfFrame(frame)?.line(ran) ?? 0;
  });
  const stack = samples.stack.map((each) => (each < 0 ? -1 : stackOf[each]));
  return builder.settle(profile, { ...samples, stack, line });
}

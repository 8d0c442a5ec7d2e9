/**
 * Frames by the names and places that their authors gave them: one source map, which map is a script's, and a profile
 * with all that maps know.
 * In: a profile, source maps by script address. Out: the profile with the functions that a map knows under their own
 * names, files and lines; frames that become alike are one, so that names are stable over builds. All else stays as it is.
 *
 * V8 gives a function's place behind its name: `function a(x)` → the `(`. The map's name for the identifier just before
 * it is the function's. An arrow or an unnamed function has that of what it is assigned to, where the map holds the source
 * that says so. Minifiers name only what they renamed, so most names around are others': in doubt the generated name stays.
 * A line that ran is mapped by its column (mapped-tables.ts). A profile tells no columns: there, where the whole generated
 * line comes from one line of source.
 */
import {
  AnyMap,
  decodedMappings,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  type SourceMapSegment,
  type TraceMap,
  traceSegment,
} from '@jridgewell/trace-mapping';
import { ANONYMOUS } from '../analysis/index.ts';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { ProfileBuilder } from './profile-builder.ts';
import { FRAME_KINDS, type StackProfile } from './stack-profile.ts';

/** Some servers put it before JSON, so that no page can run it as a script. */
const GUARD = /^\)\]\}'[^\n]*\n/;

/** What may stand between `n=` and the place that V8 gives; an arrow's place is its parameters, or its `async`. */
const WORDS = ['async function*', 'async function', 'function*', 'function', ''];

/** Of the source, from behind a name to what the function's first segment is of: nothing but that it is assigned there. */
const ASSIGNED =
  /^\s*(?::[^;]*?)?=\s*(?:async\b\s*)?(?:\([\s{[]*|\(\s*\)\s*(?::[^;={}]*)?=>[\s({[]*(?:return\s+)?)?$/;
/** Characters and line ends of it that are looked at. */
const MOST_ASSIGNED = 400;
const MOST_LINES = 20;

/** Of the source, behind the name that a function is declared by. */
const DECLARED = /^\s*[(<]/;

/** 1-based places; 0 unknown. */
export interface GeneratedFunction {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

export interface MappedFunction extends GeneratedFunction {
  /** Of the source. */
  readonly url: string;
}

export class ScriptMap {
  readonly #map: TraceMap;
  /** By generated line, 1-based: the one line of source it comes from; null where there is none or are several. */
  readonly #lines = new Map<number, number | null>();
  #sources: ReadonlySet<string> | null = null;
  /** By row of source. */
  readonly #texts = new Map<number, readonly string[]>();

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

  hasSource(url: string): boolean {
    this.#sources ??= new Set(this.#map.resolvedSources);
    return this.#sources.has(url);
  }

  /** 1-based places both ways; null where the map knows nothing of it. */
  place(line: number, column: number): { url: string; line: number; column: number } | null {
    if (line < 1 || column < 1) return null;
    const segment = traceSegment(this.#map, line - 1, column - 1);
    if (segment === null || segment.length === 1) return null;
    const url = this.#map.resolvedSources[segment[1]] ?? '';
    return url === '' ? null : { url, line: segment[2] + 1, column: segment[3] + 1 };
  }

  /** The author's name of a function whose generated name is declared or assigned right before the place; null where in doubt. */
  nameBefore(line: number, column: number, generatedName: string): string | null {
    const bare = generatedName.slice(generatedName.lastIndexOf('.') + 1);
    if (bare === '' || generatedName === ANONYMOUS || line < 1) return null;
    const own = this.#segmentBefore(line, column - bare.length);
    if (own?.[0] === column - 1 - bare.length) return this.#declaredName(own);
    for (const word of WORDS) {
      const at = column - 1 - word.length;
      const isThere = word === '' || this.#segmentBefore(line, at + 1)?.[0] === at;
      const name = isThere ? this.#assignedName(line, at, bare.length) : null;
      if (name !== null) return name;
    }
    return null;
  }

  /** The last segment that begins before the column, from 0. */
  #segmentBefore(line: number, column: number): Readonly<SourceMapSegment> | null {
    return column < 1 ? null : traceSegment(this.#map, line - 1, column - 1);
  }

  /** Where the source is at hand it has the last word: in `ab=t?()=>0:1` V8 calls the arrow `ab`, and `t` is as far before it. */
  #declaredName(segment: Readonly<SourceMapSegment>): string | null {
    if (segment.length !== 5) return null;
    const name = this.#map.names[segment[4]] ?? '';
    const text = this.#linesOf(segment[1])[segment[2]]?.slice(segment[3]) ?? '';
    const isOther = text.startsWith(name) && !DECLARED.test(text.slice(name.length));
    return name === '' || isOther ? null : name;
  }

  /**
   * The name of the identifier in `n=` right before a column (from 0), where no other segment lies between and the source
   * says that it is assigned to: V8 names `n=t?()=>0:1` and `n=[t,()=>0]` by it, too.
   */
  #assignedName(line: number, column: number, length: number): string | null {
    let segment = this.#segmentBefore(line, column);
    if (segment?.[0] === column - 1) segment = this.#segmentBefore(line, column - 1);
    if (segment?.length !== 5 || segment[0] !== column - 1 - length) return null;
    const name = this.#map.names[segment[4]] ?? '';
    const next = originalPositionFor(this.#map, { line, column, bias: LEAST_UPPER_BOUND });
    if (next.source === null || next.source !== this.#map.resolvedSources[segment[1]]) return null;
    if (next.line - segment[2] > MOST_LINES) return null;
    const lines = this.#linesOf(segment[1]).slice(segment[2], next.line);
    const last = lines.pop() ?? '';
    const text = [...lines, last.slice(0, next.column)].join('\n').slice(segment[3]);
    const isAssigned =
      text.startsWith(name) && text.length <= MOST_ASSIGNED && ASSIGNED.test(text.slice(name.length));
    return name === '' || !isAssigned ? null : name;
  }

  /** Of a source; none where the map does not hold its text. */
  #linesOf(source: number): readonly string[] {
    let lines = this.#texts.get(source);
    if (lines === undefined) {
      lines = this.#map.sourcesContent?.[source]?.split('\n') ?? [];
      this.#texts.set(source, lines);
    }
    return lines;
  }

  /** The function by its author's name and place; null where the map knows nothing of its place. */
  mapFunction({ name, line, column }: GeneratedFunction): MappedFunction | null {
    const place = this.place(line, column);
    return place === null ? null : { ...place, name: this.nameBefore(line, column, name) ?? name };
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

/** A map, and the path of the script that it is of as far as it is known, folder by folder. */
export interface FoundMap {
  readonly map: ScriptMap;
  readonly path: readonly string[];
}

/** What a map file says of its script: by its own name (`app.js.map`), and by what it says that it is of. */
export function namesOfMap(map: ScriptMap, path: readonly string[]): FoundMap[] {
  const name = (path.at(-1) ?? '').replace(/\.map$/, '');
  const said = map.file.split('/');
  const found: FoundMap[] = [{ map, path: [...path.slice(0, -1), name] }];
  if (map.file !== '' && said.at(-1) !== name) found.push({ map, path: said });
  return found;
}

/** Of several maps the one whose file name is the script's and whose folders match its address best; null for none. */
export function bestMap(maps: readonly FoundMap[], url: string): ScriptMap | null {
  const path = url.replace(/[?#].*$/s, '').split('/');
  let best: ScriptMap | null = null;
  let most = 0;
  for (const { map, path: own } of maps) {
    let common = 0;
    while (common < Math.min(own.length, path.length) && own.at(-1 - common) === path.at(-1 - common))
      common++;
    if (common <= most) continue;
    most = common;
    best = map;
  }
  return best;
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
    const mapped = mapOfFrame(frame)?.mapFunction(own) ?? null;
    if (mapped === null) return builder.frame({ ...own, kind });
    isMapped[frame] = 1;
    return builder.frame({ ...mapped, kind });
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

/**
 * Sources of one open trace: texts, time per place, and the source maps and texts that its user gave.
 * In: the trace as it was read, a way to its events. Out: texts, those that were given before the recording's and a map's; times; the trace with
 * every function under its author's name. A text that has no time of its own is not refused.
 * Maps are kept by script address; one that knows no measured place of its script is refused: it is of another build.
 */
import { type Failure, fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import { type EventStack, labelOfFrame, type SourcePlace } from '../../flame/index.ts';
import {
  bestMap,
  type FileTimes,
  mapTables,
  namesOfMap,
  readSourceMap,
  type ScriptMap,
  tellFileTimes,
} from '../../profile/index.ts';
import type { TraceTables } from '../../trace/index.ts';
import type { OpenTrace } from '../opening/summary.ts';
import { sliceOrAll, spanOfSlice, typeOfTrace } from '../profiles/scoped-profiles.ts';
import { brokenSource, type GivenSource } from './kept-sources.ts';
import { type ReadEvent, ScriptTexts } from './script-texts.ts';
import type {
  Keeping,
  MapAnswer,
  MapQuestion,
  ScriptFacts,
  SourceText,
  SourceTimesQuestion,
  TextQuestion,
} from './source-questions.ts';

/** What a map did; whether it is kept is the engine's to say. */
export type MapOutcome = Omit<MapAnswer, keyof Keeping>;

export class SourceDesk {
  readonly #original: OpenTrace;
  readonly #texts: ScriptTexts;
  readonly #maps = new Map<string, ScriptMap>();
  readonly #given = new Map<string, Pick<GivenSource, 'text' | 'fetchedFrom'>>();
  #mapped: TraceTables;

  constructor(trace: OpenTrace, read: ReadEvent) {
    this.#original = trace;
    this.#texts = new ScriptTexts(trace.tables, read);
    this.#mapped = trace.tables;
  }

  /** The trace with all that maps know. */
  get trace(): OpenTrace {
    const asRun = this.#original.tables;
    return { ...this.#original, tables: this.#mapped, asRun, scriptOf: (url) => this.scriptOf(url) };
  }

  /** Whose address a file of code has that a map knows; the address itself of all others. */
  scriptOf(url: string): string {
    for (const [script, map] of this.#maps) if (map.hasSource(url)) return script;
    return url;
  }

  async text(place: SourcePlace, signal?: AbortSignal): Promise<Result<SourceText>> {
    const { url } = place;
    const script = this.#texts.list().find((each) => each.url === url) ?? null;
    const isMapped = this.#maps.has(url);
    const told = { script, isMapped, unmapped: this.#unmapped() };
    const given = this.#given.get(url);
    if (given !== undefined) {
      const generated = this.#isOfMap(url) ? this.#generatedOf(place) : null;
      const from = given.fetchedFrom === '' ? 'file' : 'server';
      return succeed({ text: encode(given.text), from, generated, ...told });
    }
    for (const map of this.#maps.values()) {
      if (!map.hasSource(url)) continue;
      const text = map.sources.get(url);
      const from = text === undefined ? null : 'source-map';
      return succeed({ text: encode(text), from, generated: this.#generatedOf(place), ...told });
    }
    const read = await this.#texts.read(url, signal);
    if (!read.ok) return read;
    const from = read.value === null ? null : 'recording';
    return succeed({ text: encode(read.value ?? undefined), from, generated: null, ...told });
  }

  times({ url, within, range, type, thread }: SourceTimesQuestion): FileTimes {
    const { tables: original, page, classes } = this.#original;
    const slice = sliceOrAll(original, within);
    const cut = slice === null ? range : spanOfSlice(original, page, slice);
    // A script that has a map is shown as it ran: the tables without names have its places.
    const tables = this.#maps.has(url) ? original : this.#mapped;
    return tellFileTimes(tables, classes, { thread, type: typeOfTrace(type), range: cut }, url);
  }

  map({ url: shown, name, map, mapUrl, place }: MapQuestion): Result<MapOutcome> {
    const read =
      map === null
        ? null
        : readSourceMap(map, mapUrl || name || `The source map of ${shown}`, mapUrl || shown);
    if (read?.ok === false) return read;
    const script = read === null || name === '' ? shown : this.#scriptOfFile(read.value, name, shown);
    const before = this.#maps.get(script);
    if (read === null) this.#maps.delete(script);
    else this.#maps.set(script, read.value);
    const mapped = this.#mapTables();
    const functions = countMapped(this.#original.tables, mapped, script);
    if (read !== null && functions === 0) {
      if (before === undefined) this.#maps.delete(script);
      else this.#maps.set(script, before);
      return fail(makeFailure('source-map-of-other', { subject: script }));
    }
    this.#mapped = mapped;
    return succeed({ script, functions, place: this.mapPlace(place) });
  }

  /** Goes before every other text of the file. */
  giveText({ url, text, fetchedFrom }: TextQuestion): void {
    if (text === null) this.#given.delete(url);
    else this.#given.set(url, { text, fetchedFrom });
  }

  /** What was given before. Out: which of it is broken by now, and left out. */
  restore(given: readonly GivenSource[]): readonly Failure[] {
    const failures: Failure[] = [];
    for (const { kind, url, fetchedFrom, text } of given) {
      if (kind === 'text') {
        this.#given.set(url, { text, fetchedFrom });
        continue;
      }
      const read = readSourceMap(text, url, fetchedFrom || url);
      if (read.ok) this.#maps.set(url, read.value);
      else failures.push(brokenSource(kind, url));
    }
    if (this.#maps.size > 0) this.#mapped = this.#mapTables();
    return failures;
  }

  #isOfMap(url: string): boolean {
    return [...this.#maps.values()].some((map) => map.hasSource(url));
  }

  #unmapped(): readonly ScriptFacts[] {
    const { frames, strings } = this.#original.tables;
    const ran = new Set<string>();
    for (const row of new Set(frames.url)) ran.add(strings.get(row));
    return this.#texts
      .list()
      .filter(
        ({ url, sourceMapUrl }) => /^https?:/i.test(sourceMapUrl) && ran.has(url) && !this.#maps.has(url),
      );
  }

  #mapTables(): TraceTables {
    return mapTables(this.#original.tables, (script) => this.#maps.get(script) ?? null);
  }

  /** The shown script where the file may be its map; else the script of the trace that it is named after. */
  #scriptOfFile(map: ScriptMap, name: string, shown: string): string {
    const names = namesOfMap(map, name.split('/'));
    const isNamedAfter = (url: string): boolean => bestMap(names, url) !== null;
    if (isNamedAfter(shown)) return shown;
    const { frames, strings } = this.#original.tables;
    const urls = new Set(Array.from(frames.url, (row) => strings.get(row)));
    return [...urls].find((url) => url !== '' && isNamedAfter(url)) ?? shown;
  }

  mapPlace(place: SourcePlace): SourcePlace {
    return this.#maps.get(place.url)?.place(place.line, place.column) ?? place;
  }

  /** Stacks of events name places as the page has them. */
  mapStack(stack: EventStack): EventStack {
    if (this.#maps.size === 0) return stack;
    const frames = stack.frames.map((frame) => {
      const map = frame.source === null ? undefined : this.#maps.get(frame.source.url);
      if (map === undefined || frame.source === null) return frame;
      const { line, column } = frame.source;
      const place = map.place(line, column);
      if (place === null) return frame;
      return { ...frame, text: this.#nameOf(frame.text, frame.source) ?? frame.text, source: place };
    });
    return { ...stack, frames };
  }

  /** A stack names the place that ran, not where its function begins: the name is that of the only function so called. */
  #nameOf(name: string, { url }: SourcePlace): string | null {
    const { frames, strings } = this.#original.tables;
    const [wantedName, wantedUrl] = [strings.find(name), strings.find(url)];
    const found = new Set<string>();
    for (let row = 0; row < frames.length; row++)
      if (frames.functionName[row] === wantedName && frames.url[row] === wantedUrl)
        found.add(labelOfFrame(this.#mapped, row).text);
    return found.size === 1 ? ([...found][0] ?? null) : null;
  }

  /** Where the function at a place of a source begins as it ran. */
  #generatedOf(place: SourcePlace): SourcePlace | null {
    const { frames, strings } = this.#mapped;
    const wanted = strings.find(place.url);
    let best = -1;
    for (let row = 0; row < frames.length; row++) {
      if (frames.url[row] !== wanted) continue;
      if (best < 0 || (frames.line[row] === place.line - 1 && frames.column[row] === place.column - 1))
        best = row;
    }
    return best < 0 ? null : labelOfFrame(this.#original.tables, best).source;
  }
}

function countMapped(before: TraceTables, after: TraceTables, url: string): number {
  const wanted = before.strings.find(url);
  let count = 0;
  for (let row = 0; row < before.frames.length; row++)
    if (before.frames.url[row] === wanted && after.frames.url[row] !== wanted) count++;
  return count;
}

const encoder = new TextEncoder();

const encode = (text: string | undefined): Uint8Array<ArrayBuffer> | null =>
  text === undefined ? null : encoder.encode(text);

/**
 * The scripts of one open trace: which there are, where their source maps lie, and their texts where the trace holds them.
 * In: trace tables, a way to the arguments of one event. Out: facts at once; a text read from the source again.
 *
 * V8 tells of each script it compiles (`ScriptCatchup`); the texts come in events of a category of their own, those of a
 * million characters and more in pieces. A script within a document begins at some line of it, which V8 does not tell: the
 * `EvaluateScript` around it does, and where V8 had compiled it before the trace began, a function of it that ran. The
 * document is then shown with its scripts at their lines and nothing between them.
 */
import { fail, makeFailure, type Result, type SliceIndex, sliceIndex, succeed } from '../../base/index.ts';
import type { EventArguments, TraceTables } from '../../trace/index.ts';
import type { ScriptFacts } from './source-questions.ts';

export type ReadEvent = (slice: SliceIndex, signal?: AbortSignal) => Promise<Result<EventArguments>>;

interface Compiled {
  readonly url: string;
  readonly sourceMapUrl: string;
  readonly scriptId: number;
  readonly isolate: string;
  readonly pid: number;
  readonly time: number;
}

const TEXTS = 'disabled-by-default-devtools.v8-source-rundown-sources';
/** Texts beyond are not put together. */
const MOST_CHARACTERS = 1 << 28;

export class ScriptTexts {
  readonly #tables: TraceTables;
  readonly #read: ReadEvent;
  readonly #compiled: readonly Compiled[];
  /** Slices with texts, by process. */
  readonly #texts: ReadonlyMap<number, readonly number[]>;

  constructor(tables: TraceTables, read: ReadEvent) {
    this.#tables = tables;
    this.#read = read;
    this.#compiled = listCompiled(tables);
    this.#texts = listTexts(tables);
  }

  list(): readonly ScriptFacts[] {
    const byUrl = new Map<string, ScriptFacts>();
    for (const { url, sourceMapUrl, pid } of this.#compiled) {
      const known = byUrl.get(url);
      byUrl.set(url, {
        url,
        sourceMapUrl: sourceMapUrl || (known?.sourceMapUrl ?? ''),
        hasText: (known?.hasText ?? false) || this.#texts.has(pid),
      });
    }
    return [...byUrl.values()];
  }

  /** null where the trace does not hold it. */
  async read(url: string, signal?: AbortSignal): Promise<Result<string | null>> {
    const wanted = this.#compiled.filter((each) => each.url === url);
    const pieces: Piece[] = [];
    for (const script of distinct(wanted)) {
      const found = await this.#readOne(script, signal);
      if (!found.ok) return found;
      if (found.value !== null) pieces.push(found.value);
    }
    // Scripts of the document before a reload are in the trace, too, and nothing tells where they began.
    const told = pieces.filter(({ isTold }) => isTold);
    return succeed(layPieces(told.length > 0 ? told : pieces));
  }

  async #readOne(script: Compiled, signal: AbortSignal | undefined): Promise<Result<Piece | null>> {
    const { slices } = this.#tables;
    const candidates = this.#texts.get(script.pid) ?? [];
    // Its text comes right behind the word of it.
    const next = candidates.findIndex((slice) => slices.start[slice] >= script.time);
    const ordered = next < 0 ? candidates : [...candidates.slice(next), ...candidates.slice(0, next)];
    let text = '';
    let first = -1;
    for (const slice of ordered) {
      const event = await this.#read(sliceIndex(slice), signal);
      if (!event.ok) return event;
      const piece = readPiece(event.value, script);
      if (piece === null) {
        if (first >= 0) break;
        continue;
      }
      if (first < 0) first = slice;
      text += piece.text;
      if (text.length > MOST_CHARACTERS) return fail(makeFailure('source-too-big', { subject: script.url }));
      if (!piece.goesOn) break;
    }
    if (first < 0) return succeed(null);
    const begin = await this.#beginOf(script, first, signal);
    if (!begin.ok) return begin;
    const place = begin.value ?? beginByFunctions(this.#tables, script, text);
    return succeed({ text, line: place?.line ?? 1, column: place?.column ?? 1, isTold: place !== null });
  }

  /** Where in its document the script begins by the event that ran it; null where none is around, or that ran another. */
  async #beginOf(
    { url }: Compiled,
    slice: number,
    signal: AbortSignal | undefined,
  ): Promise<Result<Place | null>> {
    const { slices, strings } = this.#tables;
    const evaluate = strings.find('EvaluateScript');
    let around = slices.parent[slice];
    while (around >= 0 && slices.name[around] !== evaluate) around = slices.parent[around];
    if (around < 0) return succeed(null);
    const event = await this.#read(sliceIndex(around), signal);
    if (!event.ok) return event;
    const data = fieldsOf(event.value.args.data);
    // A script that another one made (`eval`) is compiled inside the event of that one.
    if (typeof data.url === 'string' && data.url !== '' && data.url !== url) return succeed(null);
    const line = Number(data.lineNumber ?? 1);
    const column = Number(data.columnNumber ?? 1);
    return succeed({ line: Math.max(1, line || 1), column: Math.max(1, column || 1) });
  }
}

/** From 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

interface Piece extends Place {
  readonly text: string;
  /** The trace says where it begins; a script by itself begins at its first line. */
  readonly isTold: boolean;
}

/**
 * Where a script begins by a function of it that ran: V8 tells the function's place in the document (that of the bracket
 * behind its name), the text its place in the script. null where no function is declared exactly once under its name.
 */
function beginByFunctions(
  { frames, strings }: TraceTables,
  { scriptId, url }: Compiled,
  text: string,
): Place | null {
  const wanted = strings.find(url);
  for (let row = 0; row < frames.length; row++) {
    if (frames.scriptId[row] !== scriptId || frames.url[row] !== wanted || frames.line[row] < 0) continue;
    const name = strings.get(frames.functionName[row]);
    if (!/^[\w$]+$/.test(name)) continue;
    const declared = [
      ...text.matchAll(new RegExp(`function[\\s*]+${name.replaceAll('$', '\\$')}\\s*\\(`, 'g')),
    ];
    if (declared.length !== 1) continue;
    const [{ 0: head, index }] = declared;
    const before = text.slice(0, index + head.length - 1).split('\n');
    const line = frames.line[row] + 2 - before.length;
    const column = before.length > 1 ? 1 : frames.column[row] + 1 - before[0].length;
    if (line >= 1 && column >= 1) return { line, column };
  }
  return null;
}

/** The pieces at their places, empty lines between them. Of two at one place the later compiled one. */
function layPieces(pieces: readonly Piece[]): string | null {
  if (pieces.length === 0) return null;
  const sorted = [...pieces].sort((a, b) => a.line - b.line || a.column - b.column);
  let text = '';
  let line = 1;
  let column = 1;
  for (const piece of sorted) {
    if (piece.line < line || (piece.line === line && piece.column < column)) continue;
    if (piece.line > line) column = 1;
    text += '\n'.repeat(piece.line - line) + ' '.repeat(piece.column - column) + piece.text;
    const breaks = piece.text.split('\n');
    line = piece.line + breaks.length - 1;
    column = (breaks.length === 1 ? piece.column : 1) + (breaks.at(-1) ?? '').length;
  }
  return text;
}

function readPiece(
  { args }: EventArguments,
  { scriptId, isolate }: Compiled,
): { text: string; goesOn: boolean } | null {
  const data = fieldsOf(args.data);
  if (Number(data.scriptId) !== scriptId || String(data.isolate) !== isolate) return null;
  if (typeof data.sourceText !== 'string') return null;
  const count = Number(data.splitCount ?? 1);
  return { text: data.sourceText, goesOn: Number(data.splitIndex ?? 0) < count - 1 };
}

function listCompiled({ marks }: TraceTables): Compiled[] {
  return marks.flatMap(({ name, args, pid, time }) => {
    if (name !== 'ScriptCatchup') return [];
    const { sourceMapUrl, scriptId, isolate, ...names } = fieldsOf(args.data);
    const url = nameOfScript(names);
    if (url === '') return [];
    const map = typeof sourceMapUrl === 'string' ? absolute(sourceMapUrl, url) : '';
    return [{ url, sourceMapUrl: map, scriptId: Number(scriptId), isolate: String(isolate), pid, time }];
  });
}

/** The name that its frames bear: V8 prefers what a script calls itself (`//# sourceURL`) to where it came from. */
function nameOfScript({ url, sourceUrl }: Readonly<Record<string, unknown>>): string {
  if (typeof sourceUrl === 'string' && sourceUrl !== '') return sourceUrl;
  return typeof url === 'string' ? url : '';
}

function listTexts({ slices, strings, threads }: TraceTables): Map<number, number[]> {
  const found = new Map<number, number[]>();
  const category = strings.find(TEXTS);
  if (category < 0) return found;
  const names = new Set<number>(['ScriptCatchup', 'LargeScriptCatchup'].map((name) => strings.find(name)));
  for (let row = 0; row < slices.length; row++) {
    if (slices.traceCategory[row] !== category || !names.has(slices.name[row])) continue;
    const pid = threads.pid[slices.thread[row]];
    const rows = found.get(pid) ?? [];
    rows.push(row);
    found.set(pid, rows);
  }
  for (const rows of found.values()) rows.sort((a, b) => slices.start[a] - slices.start[b] || a - b);
  return found;
}

/** V8 tells of a script again for each context that runs it. */
function distinct(scripts: readonly Compiled[]): Compiled[] {
  const byId = new Map(
    scripts.map((script) => [`${script.pid} ${script.isolate} ${script.scriptId}`, script]),
  );
  return [...byId.values()];
}

/** `data:` addresses are whole; '' for what is no address. */
function absolute(address: string, base: string): string {
  if (/^data:/i.test(address)) return address;
  return URL.canParse(address, base) ? new URL(address, base).href : '';
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

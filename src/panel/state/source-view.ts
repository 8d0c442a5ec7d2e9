/**
 * The source view of one open trace: which file is shown, where its text comes from, its time line by line.
 * In: places of functions, files that the user gives, what may be fetched. Out: signals. A text comes from the recording,
 * a source map, a file or a server. A map stays with a recording of the library, a text while the trace is open.
 * Refuses nothing: what is not there is a state that says so, failures go to `onFailure`.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { ensure, type Failure, fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import type {
  EngineApi,
  MapAnswer,
  MapQuestion,
  OpenId,
  ScriptFacts,
  SourceTimesQuestion,
} from '../../engine/client.ts';
import type { TextDesk, TextFacts, TextForm } from '../../engine/text-desk.ts';
import type { SourcePlace } from '../../flame/index.ts';
import type { FileTimes } from '../../profile/index.ts';
import { countOf } from '../words/format.ts';
import { createLatest } from './latest.ts';
import type { ProfileView } from './profile-view.ts';
import { type LineTimes, NO_TIMES, readDataText, sumLines } from './source-lines.ts';

/** What the view needs of the world outside. */
export interface SourceDoor {
  readonly startText: (onCrash: (detail: string) => void) => TextDesk;
  /** Asks the user for leave to read from their origins, once for all of them. */
  readonly fetchTexts: (urls: readonly string[]) => Promise<Result<readonly Result<string>[]>>;
}

export type TextOrigin = 'recording' | 'source-map' | 'file' | 'server';

export interface ShownText {
  readonly desk: TextDesk;
  readonly facts: TextFacts;
  readonly from: TextOrigin;
}

export type SourceState =
  /** Nothing was chosen yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'reading' }
  /** Nobody has the text. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'shown'; readonly text: ShownText };

/** What is known of the shown file beside its text. */
export interface FileFacts {
  readonly script: ScriptFacts | null;
  readonly isMapped: boolean;
  /** Scripts whose maps could be fetched, the shown one, too. */
  readonly unmapped: readonly ScriptFacts[];
  /** The place as it ran; null where that is what is shown. */
  readonly generated: SourcePlace | null;
}

export interface SourceView {
  readonly place: ReadonlySignal<SourcePlace | null>;
  readonly state: ReadonlySignal<SourceState>;
  readonly file: ReadonlySignal<FileFacts>;
  readonly form: ReadonlySignal<TextForm>;
  /** How many lines the shown form has. */
  readonly lineCount: ReadonlySignal<number>;
  readonly isPrinting: ReadonlySignal<boolean>;
  readonly times: ReadonlySignal<LineTimes>;
  /** The same by place, where there is no text; null until it is there. */
  readonly fileTimes: ReadonlySignal<FileTimes | null>;
  /** From 1; 0 for none. */
  readonly active: Signal<number>;
  /** A place was asked for, and what shows it has not had the focus yet. */
  readonly wantsFocus: Signal<boolean>;
  /** The address of the source map, by the trace or by the text; '' where nobody names one. */
  readonly mapUrl: ReadonlySignal<string>;
  readonly open: (place: SourcePlace) => Promise<void>;
  readonly showForm: (form: TextForm) => Promise<void>;
  readonly fetchText: () => Promise<void>;
  readonly fetchMap: () => Promise<void>;
  /** The maps of all scripts that name one. */
  readonly fetchAllMaps: () => Promise<void>;
  readonly takeMapAway: () => Promise<void>;
  /** Source maps, of whichever scripts of the trace they are, or the text itself; one after the other. */
  readonly giveFiles: (files: Iterable<File>) => Promise<void>;
  /** Follows the range while it is shown. Call the answer to stop. */
  readonly follow: () => () => void;
  readonly dispose: () => void;
}

export interface SourceViewOptions {
  readonly engine: EngineApi;
  readonly open: OpenId;
  readonly profile: ProfileView;
  readonly door: SourceDoor;
  /** All that names functions asks anew. */
  readonly onRenamed: () => void;
  readonly say: (text: string) => void;
  readonly onFailure: (failure: Failure) => void;
}

interface Parts extends SourceViewOptions {
  readonly place: Signal<SourcePlace | null>;
  readonly state: Signal<SourceState>;
  readonly file: Signal<FileFacts>;
  readonly form: Signal<TextForm>;
  readonly lineCount: Signal<number>;
  readonly isPrinting: Signal<boolean>;
  readonly active: Signal<number>;
  readonly wantsFocus: Signal<boolean>;
  readonly fileTimes: Signal<FileTimes | null>;
  readonly times: Signal<LineTimes>;
  /** What the user gave, by address. */
  readonly given: Map<string, { readonly text: string; readonly from: TextOrigin }>;
  /** Counts openings up: an answer to an older one is late. */
  readonly turn: { now: number };
}

const NOTHING_KNOWN: FileFacts = { script: null, isMapped: false, unmapped: [], generated: null };

export function createSourceView(options: SourceViewOptions): SourceView {
  const parts: Parts = {
    ...options,
    place: signal(null),
    state: signal({ kind: 'none' }),
    file: signal(NOTHING_KNOWN),
    form: signal('raw'),
    lineCount: signal(0),
    isPrinting: signal(false),
    active: signal(0),
    wantsFocus: signal(false),
    fileTimes: signal(null),
    times: signal(NO_TIMES),
    given: new Map(),
    turn: { now: 0 },
  };
  const mapUrl = computed(() => mapUrlOf(parts));
  const open = (place: SourcePlace): Promise<void> => openPlace(parts, place);
  return {
    ...parts,
    mapUrl,
    open,
    showForm: (form) => showForm(parts, form),
    async fetchText() {
      const url = parts.place.peek()?.url ?? '';
      const text = await fetchOne(parts, url);
      if (!text.ok) return parts.onFailure(text.failure);
      await giveText(parts, url, { text: text.value, from: 'server' });
    },
    async fetchMap() {
      const url = mapUrl.peek();
      const map = /^data:/i.test(url) ? readDataText(url) : await fetchOne(parts, url);
      if (!map.ok) return parts.onFailure(map.failure);
      await giveMap(parts, { map: map.value, mapUrl: /^data:/i.test(url) ? '' : url, name: '' });
    },
    fetchAllMaps: () => fetchAllMaps(parts),
    takeMapAway: () => giveMap(parts, { map: null, mapUrl: '', name: '' }),
    async giveFiles(files) {
      for (const given of files) await giveFile(parts, given);
    },
    follow: () => followTimes(parts),
    dispose: () => endText(parts),
  };
}

async function openPlace(parts: Parts, place: SourcePlace): Promise<void> {
  const { engine, open, given, turn, onFailure } = parts;
  const mine = ++turn.now;
  const before = parts.place.peek();
  parts.place.value = place;
  parts.wantsFocus.value = true;
  // Another function of the same file: its text is there.
  if (before?.url === place.url && parts.state.peek().kind === 'shown') return activatePlace(parts, mine);
  endText(parts);
  parts.state.value = { kind: 'reading' };
  parts.fileTimes.value = null;
  const answer = await engine.sourceText(open, place);
  if (turn.now !== mine) return;
  if (!answer.ok) {
    parts.state.value = { kind: 'missing' };
    return onFailure(answer.failure);
  }
  const { text, from, ...file } = answer.value;
  parts.file.value = file;
  const own = given.get(place.url);
  const bytes = own === undefined ? text : new TextEncoder().encode(own.text);
  if (bytes === null) {
    parts.state.value = { kind: 'missing' };
    parts.say(`The text of ${place.url} is not in the recording.`);
    return;
  }
  const desk = parts.door.startText((detail) => {
    throw new Error(`Pageflame bug: the text worker stopped: ${detail}`);
  });
  const facts = await desk.ask('open', bytes);
  if (turn.now !== mine) return desk.end();
  parts.state.value = { kind: 'shown', text: { desk, facts, from: own?.from ?? from ?? 'file' } };
  parts.form.value = 'raw';
  parts.lineCount.value = facts.lines;
  if (facts.isMinified && facts.characters <= MOST_PRINTED) await showForm(parts, 'pretty');
  await activatePlace(parts, turn.now);
}

/** Longer texts are pretty-printed only when they are asked to be: it takes a second per megabyte and more. */
const MOST_PRINTED = 3_000_000;

async function showForm(parts: Parts, form: TextForm): Promise<void> {
  const state = parts.state.peek();
  const mine = parts.turn.now;
  if (state.kind !== 'shown') return;
  const { desk, facts } = state.text;
  if (form === 'raw') {
    parts.isPrinting.value = false;
    parts.form.value = form;
    parts.lineCount.value = facts.lines;
  } else {
    parts.isPrinting.value = true;
    const lines = await desk.ask('pretty', null);
    if (parts.turn.now !== mine || !parts.isPrinting.peek()) return;
    parts.isPrinting.value = false;
    if (lines === null) return parts.say('This text cannot be pretty-printed: it is shown as it is.');
    parts.form.value = form;
    parts.lineCount.value = lines;
  }
  await placeTimes(parts);
  await activatePlace(parts, mine);
}

/** Goes to the line of the place that was opened. */
async function activatePlace({ state, place, form, active, turn }: Parts, mine: number): Promise<void> {
  const shown = state.peek();
  const wanted = place.peek();
  if (shown.kind !== 'shown' || wanted === null) return;
  const [line] = await shown.text.desk.ask('places', {
    form: form.peek(),
    line: Int32Array.of(Math.max(1, wanted.line)),
    column: Int32Array.of(Math.max(1, wanted.column)),
  });
  if (turn.now === mine) active.value = line;
}

/** Adds the times up by the lines of the form that is shown. */
async function placeTimes({ state, fileTimes, form, times, turn }: Parts): Promise<void> {
  const shown = state.peek();
  const found = fileTimes.peek();
  const mine = turn.now;
  if (shown.kind !== 'shown' || found === null) {
    times.value = NO_TIMES;
    return;
  }
  const { places, functions } = found;
  const line = Int32Array.from([...places.line, ...functions.map((each) => each.line)]);
  const column = Int32Array.from([...places.column, ...functions.map((each) => each.column)]);
  const lines = await shown.text.desk.ask('places', { form: form.peek(), line, column });
  if (turn.now === mine) times.value = sumLines(found, lines);
}

function followTimes(parts: Parts): () => void {
  const { engine, open, profile, place, onFailure } = parts;
  const latest = createLatest<SourceTimesQuestion, FileTimes>({
    ask: (question, abort) => engine.sourceTimes(open, question, { signal: abort }),
    onAnswer: (answer, question) => {
      if (question.url === place.peek()?.url) parts.fileTimes.value = answer;
    },
    onFailure,
  });
  const stopAsking = effect(() => {
    const { thread, range, within, type } = profile.scope.value;
    const url = place.value?.url;
    if (url !== undefined) latest.ask({ url, thread, range, within, type });
  });
  const stopPlacing = effect(() => {
    if (parts.fileTimes.value !== null && parts.state.value.kind === 'shown') void placeTimes(parts);
  });
  return () => {
    stopAsking();
    stopPlacing();
    latest.dispose();
  };
}

async function fetchOne({ door }: Parts, url: string): Promise<Result<string>> {
  const fetched = await door.fetchTexts([url]);
  if (!fetched.ok) return fetched;
  return ensure(fetched.value[0], 'each address has an answer');
}

async function fetchAllMaps(parts: Parts): Promise<void> {
  const { engine, open, door, onFailure, onRenamed, say } = parts;
  const shown = parts.place.peek();
  const { unmapped, generated } = parts.file.peek();
  if (shown === null || unmapped.length === 0) return;
  const fetched = await door.fetchTexts(unmapped.map(({ sourceMapUrl }) => sourceMapUrl));
  if (!fetched.ok) return onFailure(fetched.failure);
  let place = generated ?? shown;
  let [scripts, functions] = [0, 0];
  const failures: Failure[] = [];
  for (const [row, { url, sourceMapUrl }] of unmapped.entries()) {
    const map = ensure(fetched.value[row], 'each address has an answer');
    const about = { url, name: '', mapUrl: sourceMapUrl, place: generated ?? shown };
    const given = map.ok ? await engine.mapScript(open, { ...about, map: map.value }) : map;
    if (!given.ok) {
      failures.push(given.failure);
      continue;
    }
    scripts++;
    functions += given.value.functions;
    ({ place } = given.value);
  }
  // One tells what is wrong with the others, too.
  if (failures[0] !== undefined) onFailure(failures[0]);
  if (scripts === 0) return;
  onRenamed();
  const missing = failures.length === 0 ? '' : ` ${countOf(failures.length, 'map')} could not be used.`;
  say(
    `${countOf(functions, 'function')} of ${countOf(scripts, 'script')} ${functions === 1 ? 'has' : 'have'} the name and place of a source map now.${missing}`,
  );
  await reopen(parts, place);
}

async function giveFile(parts: Parts, given: File): Promise<void> {
  const text = await readFileText(given);
  if (!text.ok) return parts.onFailure(text.failure);
  const url = parts.place.peek()?.url ?? '';
  if (looksLikeMap(given.name, text.value))
    await giveMap(parts, { map: text.value, mapUrl: '', name: given.name });
  else await giveText(parts, url, { text: text.value, from: 'file' });
}

async function readFileText(file: File): Promise<Result<string>> {
  try {
    return succeed(await file.text());
  } catch (error) {
    // A folder, or a file that was moved or changed since.
    return fail(makeFailure('file-unreadable', { subject: file.name, detail: String(error) }));
  }
}

async function giveText(
  parts: Parts,
  url: string,
  text: { readonly text: string; readonly from: TextOrigin },
): Promise<void> {
  const place = parts.place.peek();
  if (place === null || url === '') return;
  parts.given.set(url, text);
  await reopen(parts, place);
}

/** The place is opened anew: under its author's name, or as it ran where the map was taken away. */
async function giveMap(parts: Parts, given: Pick<MapQuestion, 'map' | 'mapUrl' | 'name'>): Promise<void> {
  const { engine, open, onFailure, onRenamed, say } = parts;
  const place = parts.place.peek();
  if (place === null) return;
  const generated = parts.file.peek().generated ?? place;
  const answer = await engine.mapScript(open, { ...given, url: generated.url, place: generated });
  if (!answer.ok) return onFailure(answer.failure);
  onRenamed();
  if (answer.value.keepFailure !== null) onFailure(answer.value.keepFailure);
  say(tellMapped(given.map === null, answer.value));
  await reopen(parts, answer.value.place);
}

function tellMapped(isTakenAway: boolean, { script, functions, isKept }: MapAnswer): string {
  if (isTakenAway) return 'The source map was taken away: functions have the names that they ran under.';
  const count = functions === 1 ? 'One function' : `${functions} functions`;
  const file = nameOfFile(script);
  return `${count} of ${file} ${functions === 1 ? 'has' : 'have'} the name and place of the source map now. ${
    isKept ? 'It is kept with the recording.' : 'It holds for as long as this is open.'
  }`;
}

const nameOfFile = (url: string): string => url.split(/[?#]/, 1)[0].split('/').at(-1) || url;

function reopen(parts: Parts, place: SourcePlace): Promise<void> {
  parts.place.value = null;
  return openPlace(parts, place);
}

function endText({ state, isPrinting, lineCount, active, times }: Parts): void {
  const shown = state.peek();
  if (shown.kind === 'shown') shown.text.desk.end();
  state.value = { kind: 'none' };
  isPrinting.value = false;
  lineCount.value = 0;
  active.value = 0;
  times.value = NO_TIMES;
}

function mapUrlOf({ state, place, file }: Parts): string {
  const named = file.value.script?.sourceMapUrl ?? '';
  if (named !== '' || state.value.kind !== 'shown') return named;
  const own = state.value.text.facts.sourceMapUrl;
  const base = place.value?.url ?? '';
  if (own === '' || /^data:/i.test(own)) return own;
  return URL.canParse(own, base) ? new URL(own, base).href : '';
}

/** By its keys: people give maps any name. */
function looksLikeMap(name: string, text: string): boolean {
  return (
    /\.map$/i.test(name) ||
    /^\s*(\)\]\}'[^\n]*\n)?\s*\{[\s\S]{0,4000}"(mappings|sections|sources)"/.test(text)
  );
}

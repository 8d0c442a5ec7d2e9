/**
 * The source view of one open trace: which file is shown, where its text comes from, its time line by line.
 * In: places of functions, files that the user gives, what may be fetched. Out: signals. A text comes from the recording,
 * a source map, a file or a server; what is given to it (source-giving.ts) stays with a recording of the library.
 * Refuses nothing: what is not there is a state that says so, failures go to `onFailure`.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { SourceTimesQuestion, TextOrigin } from '../../../engine/client.ts';
import type { TextDesk, TextFacts, TextForm } from '../../../engine/scripts/text-desk.ts';
import type { SourcePlace } from '../../../flame/index.ts';
import type { FileTimes } from '../../../profile/index.ts';
import { createLatest } from '../latest.ts';
import type { ProfileView } from '../profile/profile-view.ts';
import {
  createSourceGiving,
  type FileFacts,
  type GivingOptions,
  type SourceGiving,
} from './source-giving.ts';
import { type LineTimes, NO_TIMES, sumLines } from './source-lines.ts';

/** What the view needs of the world outside. */
export type SourceDoor = GivingOptions['door'] & {
  readonly startText: (onCrash: (detail: string) => void) => TextDesk;
};

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

export interface SourceView extends SourceGiving {
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
  /** Follows the range while it is shown. Call the answer to stop. */
  readonly follow: () => () => void;
  readonly dispose: () => void;
}

export interface SourceViewOptions extends Omit<GivingOptions, 'place' | 'file' | 'mapUrl' | 'reopen'> {
  readonly profile: ProfileView;
  readonly door: SourceDoor;
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
    turn: { now: 0 },
  };
  const mapUrl = computed(() => mapUrlOf(parts));
  const open = (place: SourcePlace): Promise<void> => openPlace(parts, place);
  return {
    ...parts,
    ...createSourceGiving({ ...parts, mapUrl, reopen: (place) => reopen(parts, place) }),
    mapUrl,
    open,
    showForm: (form) => showForm(parts, form),
    follow: () => followTimes(parts),
    dispose: () => endText(parts),
  };
}

async function openPlace(parts: Parts, place: SourcePlace): Promise<void> {
  const { engine, open, turn, onFailure } = parts;
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
  const { text: bytes, from, ...file } = answer.value;
  parts.file.value = file;
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
  parts.state.value = { kind: 'shown', text: { desk, facts, from: from ?? 'file' } };
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

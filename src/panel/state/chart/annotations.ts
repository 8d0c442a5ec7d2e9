/**
 * Notes that a user puts on the chart: a word on a slice, on a range, on the way from one slice to another.
 * In: the open trace, what is kept of it (notes-keeper.ts), what is selected and measured. Out: the notes with the places
 * that the engine finds for them, a draft while one is written, and everything that can be done to them. A note whose
 * slice is not there stays in the list and says so. Deleting can be undone for as long as the trace is shown.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../../analysis/index.ts';
import type { Failure, SliceIndex } from '../../../base/index.ts';
import type { EngineApi } from '../../../engine/client.ts';
import { boxOfSlice, type Chart, fitViewport } from '../../../flame/index.ts';
import {
  type Annotation,
  LONGEST_ANNOTATION,
  MOST_ANNOTATIONS,
  type SliceAnchor,
} from '../../../recording/index.ts';
import type { TraceView } from '../trace-view.ts';

/** A slice that a note names: not asked yet, not there, or its number. */
export type AnchorPlace = 'asked' | 'gone' | SliceIndex;

export type PlacedAnnotation =
  | {
      readonly kind: 'label';
      readonly note: Annotation;
      readonly on: AnchorPlace;
      readonly anchor: SliceAnchor;
    }
  | { readonly kind: 'range'; readonly note: Annotation; readonly range: TimeRange }
  | {
      readonly kind: 'link';
      readonly note: Annotation;
      readonly from: AnchorPlace;
      readonly to: AnchorPlace;
      readonly anchor: SliceAnchor;
      readonly toAnchor: SliceAnchor;
    };

/** What is being written; `isNew`: it is not among the notes yet. */
export interface Draft {
  readonly note: Annotation;
  readonly isNew: boolean;
}

export interface Annotations {
  /** In order of time. */
  readonly placed: ReadonlySignal<readonly PlacedAnnotation[]>;
  readonly draft: ReadonlySignal<Draft | null>;
  /** The slice that a link begins at, until its end is chosen. */
  readonly linkFrom: ReadonlySignal<SliceAnchor | null>;
  /** The note that was deleted last. */
  readonly deleted: ReadonlySignal<Annotation | null>;
  /** false: only for as long as this page is open. */
  readonly isKept: boolean;
  /** Begins a note on what was marked last, the selected slice or the measured range; false where nothing is. */
  readonly write: (on?: 'selection' | 'range') => boolean;
  /** Begins a link at the selected slice, or ends it there; false where nothing is selected. */
  readonly link: () => boolean;
  readonly cancelLink: () => void;
  readonly edit: (id: string) => void;
  /** Keeps the draft with this text. A word on a slice that is emptied is deleted. */
  readonly save: (text: string) => void;
  readonly dropDraft: () => void;
  readonly remove: (id: string) => void;
  /** Brings back what was deleted last; false where nothing was. */
  readonly undo: () => boolean;
  /** Shows it in the chart; false where its slice is not there, or hidden. */
  readonly jump: (id: string) => boolean;
  readonly dispose: () => void;
}

export interface AnnotationsOptions {
  readonly engine: EngineApi;
  readonly view: TraceView;
  readonly makeId: () => string;
  readonly onFailure: (failure: Failure) => void;
}

const keyOf = ({ track, start, name, nth }: SliceAnchor): string => JSON.stringify([track, start, name, nth]);

const anchorsOf = (note: Annotation): readonly SliceAnchor[] =>
  note.kind === 'label' ? [note.on] : note.kind === 'link' ? [note.from, note.to] : [];

const startOf = (note: Annotation): number =>
  note.kind === 'label' ? note.on.start : note.kind === 'range' ? note.start : note.from.start;

export function createAnnotations(options: AnnotationsOptions): Annotations {
  const { view } = options;
  const keeper = view.notes;
  const notes = computed(() => keeper.notes.value.annotations);
  const parts: Parts = {
    ...options,
    notes,
    draft: signal<Draft | null>(null),
    linkFrom: signal<SliceAnchor | null>(null),
    bin: signal<readonly Annotation[]>([]),
    places: followPlaces(options, notes),
    marked: followMarks(view),
    change: (make) => keeper.change((all) => ({ ...all, annotations: make(all.annotations) })),
  };
  const { draft, linkFrom, bin, places, marked } = parts;
  const placed = computed(() =>
    [...notes.value]
      .sort((one, other) => startOf(one) - startOf(other))
      .map((note) => placeNote(note, places.value.value)),
  );
  const undo = (): boolean => undoLast(parts);
  keeper.undo.value = undo;
  return {
    placed,
    draft,
    linkFrom,
    deleted: computed(() => bin.value.at(-1) ?? null),
    isKept: keeper.isKept,
    ...writingActions(parts),
    ...linkActions(parts),
    remove: (id) => remove(parts, id),
    undo,
    jump(id) {
      const found = placed.peek().find(({ note }) => note.id === id);
      return found !== undefined && jumpTo(view, found);
    },
    dispose() {
      keeper.undo.value = null;
      places.dispose();
      marked.dispose();
    },
  };
}

interface Parts extends AnnotationsOptions {
  readonly notes: ReadonlySignal<readonly Annotation[]>;
  readonly draft: Signal<Draft | null>;
  readonly linkFrom: Signal<SliceAnchor | null>;
  /** What was deleted, the last one last. */
  readonly bin: Signal<readonly Annotation[]>;
  readonly places: ReturnType<typeof followPlaces>;
  readonly marked: ReturnType<typeof followMarks>;
  readonly change: (make: (all: readonly Annotation[]) => readonly Annotation[]) => void;
}

const isFull = ({ notes }: Parts): boolean => notes.peek().length >= MOST_ANNOTATIONS;

const findNote = ({ notes }: Parts, id: string): Annotation | undefined =>
  notes.peek().find((note) => note.id === id);

/** Does `use` with how notes name a slice, when the engine has said it. */
async function withAnchor(
  { engine, view, places, onFailure }: Parts,
  slice: SliceIndex,
  use: (anchor: SliceAnchor) => void,
): Promise<void> {
  const answer = await engine.anchor(view.opened.open, slice);
  if (!answer.ok) return onFailure(answer.failure);
  if (answer.value === null) return;
  places.learn(answer.value, slice);
  use(answer.value);
}

function writingActions(parts: Parts): Pick<Annotations, 'write' | 'edit' | 'save' | 'dropDraft'> {
  const { view, draft, notes, marked, makeId, change } = parts;
  return {
    write(on = marked.last()) {
      const slice = view.selection.peek();
      const range = view.measured.peek();
      if (isFull(parts)) return false;
      if (on === 'range' && range !== null) {
        draft.value = { note: { id: makeId(), text: '', kind: 'range', ...range }, isNew: true };
        return true;
      }
      if (slice === null) return false;
      void withAnchor(parts, slice, (anchor) => {
        const own = notes.peek().find((note) => note.kind === 'label' && keyOf(note.on) === keyOf(anchor));
        draft.value =
          own === undefined
            ? { note: { id: makeId(), text: '', kind: 'label', on: anchor }, isNew: true }
            : { note: own, isNew: false };
      });
      return true;
    },
    edit(id) {
      const note = findNote(parts, id);
      if (note !== undefined) draft.value = { note, isNew: false };
    },
    save(text) {
      const now = draft.peek();
      draft.value = null;
      if (now === null) return;
      const note = { ...now.note, text: text.trim().slice(0, LONGEST_ANNOTATION) };
      if (note.kind === 'label' && note.text === '') {
        if (!now.isNew) remove(parts, note.id);
        return;
      }
      // Deleted elsewhere meanwhile: what is written down now is wanted all the same.
      change((all) => [...all.filter(({ id }) => id !== note.id), note]);
    },
    dropDraft() {
      draft.value = null;
    },
  };
}

function linkActions(parts: Parts): Pick<Annotations, 'link' | 'cancelLink'> {
  const { view, draft, linkFrom, makeId } = parts;
  return {
    link() {
      const slice = view.selection.peek();
      if (slice === null || isFull(parts)) return false;
      void withAnchor(parts, slice, (anchor) => {
        const from = linkFrom.peek();
        if (from === null || keyOf(from) === keyOf(anchor)) {
          linkFrom.value = from === null ? anchor : null;
          return;
        }
        linkFrom.value = null;
        draft.value = { note: { id: makeId(), text: '', kind: 'link', from, to: anchor }, isNew: true };
      });
      return true;
    },
    cancelLink() {
      linkFrom.value = null;
    },
  };
}

function remove(parts: Parts, id: string): void {
  const { bin, draft, change } = parts;
  const note = findNote(parts, id);
  if (note === undefined) return;
  bin.value = [...bin.peek(), note];
  if (draft.peek()?.note.id === id) draft.value = null;
  change((all) => all.filter((one) => one.id !== id));
}

function undoLast({ bin, change }: Parts): boolean {
  const note = bin.peek().at(-1);
  if (note === undefined) return false;
  bin.value = bin.peek().slice(0, -1);
  change((all) => [...all.filter(({ id }) => id !== note.id), note]);
  return true;
}

function placeNote(note: Annotation, places: ReadonlyMap<string, AnchorPlace>): PlacedAnnotation {
  const at = (anchor: SliceAnchor): AnchorPlace => places.get(keyOf(anchor)) ?? 'asked';
  switch (note.kind) {
    case 'label':
      return { kind: 'label', note, on: at(note.on), anchor: note.on };
    case 'range':
      return { kind: 'range', note, range: { start: note.start, end: note.end } };
    case 'link':
      return {
        kind: 'link',
        note,
        from: at(note.from),
        to: at(note.to),
        anchor: note.from,
        toAnchor: note.to,
      };
  }
}

/** Asks the engine where the slices of the notes are: each anchor once. */
function followPlaces(
  { engine, view, onFailure }: AnnotationsOptions,
  notes: ReadonlySignal<readonly Annotation[]>,
) {
  const value: Signal<ReadonlyMap<string, AnchorPlace>> = signal(new Map());
  const asked = new Set<string>();
  const abort = new AbortController();
  const ask = async (anchors: readonly SliceAnchor[]): Promise<void> => {
    const answer = await engine.resolve(view.opened.open, anchors, { signal: abort.signal });
    if (abort.signal.aborted) return;
    if (!answer.ok) return onFailure(answer.failure);
    const found = answer.value;
    value.value = new Map([
      ...value.peek(),
      ...anchors.map((anchor, at): [string, AnchorPlace] => [keyOf(anchor), found[at] ?? 'gone']),
    ]);
  };
  const stop = effect(() => {
    const fresh = notes.value.flatMap(anchorsOf).filter((anchor) => !asked.has(keyOf(anchor)));
    for (const anchor of fresh) asked.add(keyOf(anchor));
    if (fresh.length > 0) void ask(fresh);
  });
  return {
    value,
    learn(anchor: SliceAnchor, slice: SliceIndex): void {
      asked.add(keyOf(anchor));
      value.value = new Map([...value.peek(), [keyOf(anchor), slice]]);
    },
    dispose(): void {
      stop();
      abort.abort();
    },
  };
}

/** Which the user marked last: a slice or a range. */
function followMarks({ selection, measured }: TraceView) {
  let last: 'selection' | 'range' =
    measured.peek() !== null && selection.peek() === null ? 'range' : 'selection';
  const stops = [
    selection.subscribe((slice) => {
      last = slice !== null ? 'selection' : measured.peek() !== null ? 'range' : last;
    }),
    measured.subscribe((range) => {
      last = range !== null ? 'range' : 'selection';
    }),
  ];
  return {
    last: () => last,
    dispose(): void {
      for (const stop of stops) stop();
    },
  };
}

function jumpTo(view: TraceView, found: PlacedAnnotation): boolean {
  const { viewport, selection, measured, opened } = view;
  if (found.kind === 'range') {
    measured.value = found.range;
    viewport.value = fitViewport(found.range, opened.bounds);
    return true;
  }
  const slice = found.kind === 'label' ? found.on : found.from;
  const chart = view.chart.peek();
  if (typeof slice !== 'number' || chart === null || boxOfSlice(chart, slice) < 0) return false;
  // Selected already, it would not be brought into view again.
  selection.value = null;
  selection.value = slice;
  return true;
}

/** The box of a note's slice; -1 where the chart does not draw it. */
export const boxOfPlace = (chart: Chart, place: AnchorPlace): number =>
  typeof place === 'number' ? boxOfSlice(chart, place) : -1;

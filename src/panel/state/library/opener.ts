/**
 * What is open in the app, one at a time: a trace, a file of profiles, two of them compared, a recording whose trace is
 * gone, or nothing.
 * In: a library recording, a file, or profiles at hand. Out: a signal; while something opens, what was open stays behind
 * it and comes back when the opening is cancelled or fails. Refuses: a file that is neither (the failure goes to the
 * notices). The code of all but traces loads when it is needed.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Failure, nextTurn, type Result } from '../../../base/index.ts';
import type {
  DocumentSource,
  EngineApi,
  OpenedDocument,
  OpenId,
  OpenProgress,
} from '../../../engine/client.ts';
import type { Recording, RecordingId } from '../../../recording/index.ts';
import type { ChartSettings } from '../../../settings/index.ts';
import {
  createNotesKeeper,
  type NotesKeeper,
  type SessionNotes,
  sessionKeyOf,
} from '../chart/notes-keeper.ts';
import type { ComparisonView, Held } from '../comparison/comparison-view.ts';
import type { DocumentOrigin, DocumentView } from '../document-view.ts';
import type { LibraryDoor } from '../doors.ts';
import { createTraceView, type TraceView } from '../trace-view.ts';

/** Something that can be looked at. */
export type Shown =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'trace';
      /** null for a bare trace file. */
      readonly recording: Recording | null;
      readonly name: string;
      /** When the file was written, Unix ms; null where it was opened from elsewhere. */
      readonly writtenAt: number | null;
      readonly view: TraceView;
    }
  | {
      readonly kind: 'profiles';
      readonly recording: null;
      readonly name: string;
      readonly writtenAt: number | null;
      readonly view: DocumentView;
    }
  | {
      readonly kind: 'comparison';
      readonly recording: null;
      readonly name: string;
      readonly view: ComparisonView;
    }
  | {
      /** The recording is there, its trace is not: page facts, vitals and filmstrip are all. */
      readonly kind: 'no-trace';
      readonly recording: Recording;
      readonly name: string;
      readonly failure: Failure;
    };

export interface Opening {
  readonly name: string;
  /** Of the library. */
  readonly recording: RecordingId | null;
  readonly progress: OpenProgress | null;
}

/** What to open: the source, what it is called, and its library entry where it has one. */
export interface OpenRequest {
  readonly source: DocumentSource;
  readonly name: string;
  readonly recording: Recording | null;
  /** The backend that it is from; left out for files and recordings. */
  readonly from?: DocumentOrigin;
  /** Says nothing where it fails. */
  readonly quiet?: boolean;
}

export interface Opener {
  readonly shown: ReadonlySignal<Shown>;
  /** null while nothing opens. */
  readonly opening: ReadonlySignal<Opening | null>;
  /** Answers whether it is shown now; null where it was given up. A second call cancels the first. */
  readonly open: (request: OpenRequest) => Promise<boolean | null>;
  /** Opens it beside what is shown; null where it was cancelled or failed. Whoever gets it shows or releases it. */
  readonly hold: (request: OpenRequest) => Promise<Held | null>;
  /** What is shown, to be held on to: of a comparison its after side. */
  readonly held: () => Held | null;
  readonly showHeld: (held: Held) => Promise<void>;
  readonly compare: (before: Held, after: Held) => Promise<void>;
  readonly release: (held: Held) => void;
  readonly cancel: () => void;
  /** The library's entry of what is shown has changed. */
  readonly update: (recording: Recording) => void;
  /** Leaves what is open. */
  readonly close: () => void;
}

export interface OpenerOptions {
  readonly engine: EngineApi;
  readonly library: LibraryDoor;
  /** What charts leave out and dim. */
  readonly look: ReadonlySignal<ChartSettings>;
  readonly onFailure: (failure: Failure) => void;
}

export function createOpener(options: OpenerOptions): Opener {
  const { engine, onFailure } = options;
  const opening = signal<Opening | null>(null);
  const { read, cancel } = createReader(engine, opening);
  const { shown, show, showDocument, update } = createShowing(options);
  return {
    shown,
    opening,
    async open(request) {
      const result = await read(request);
      if (result === null) return null;
      const { name, recording } = request;
      if (result.ok) {
        await showDocument(heldOf(request, result.value), request.source);
        return true;
      }
      const { failure } = result;
      if (failure.code === 'trace-gone' && recording !== null) {
        show({ kind: 'no-trace', recording, name, failure });
        return true;
      }
      if (request.quiet !== true) onFailure(failure);
      return false;
    },
    async hold(request) {
      const result = await read(request);
      if (result === null) return null;
      if (result.ok) return heldOf(request, result.value);
      if (request.quiet !== true) onFailure(result.failure);
      return null;
    },
    held: () => heldOfShown(shown.peek()),
    showHeld: (held) => showDocument(held, null),
    async compare(before, after) {
      const { createComparisonView } = await import('../comparison/comparison-view.ts');
      const view = createComparisonView({ engine, before, after, onFailure });
      show({ kind: 'comparison', recording: null, name: `${before.name} and ${after.name}`, view });
    },
    release({ document }) {
      if (!opensOf(shown.peek()).includes(document.opened.open)) void engine.close(document.opened.open);
    },
    cancel,
    update,
    close() {
      cancel();
      show({ kind: 'none' });
    },
  };
}

interface Reader {
  /** null where it was cancelled, or another took its place. */
  readonly read: (request: OpenRequest) => Promise<Result<OpenedDocument> | null>;
  readonly cancel: () => void;
}

/** Reads one document at a time, and says how far it is. */
function createReader(engine: EngineApi, opening: Signal<Opening | null>): Reader {
  let current: AbortController | null = null;
  const cancel = (): void => {
    current?.abort();
    current = null;
    opening.value = null;
  };
  return {
    cancel,
    async read({ source, name }) {
      cancel();
      const abort = new AbortController();
      current = abort;
      const about = { name, recording: source.kind === 'library' ? source.id : null };
      opening.value = { ...about, progress: null };
      const result = await engine
        .openDocument(source, {
          signal: abort.signal,
          onProgress(progress) {
            if (current === abort) opening.value = { ...about, progress };
          },
        })
        .catch((bug: unknown) => {
          // The one reporter shows it; what was open before comes back.
          if (current === abort) cancel();
          throw bug;
        });
      // To read the answer is a task of its own, and to show it another.
      await nextTurn();
      if (current !== abort) {
        // An answer that came all the same is given back.
        if (result.ok) void engine.close(result.value.opened.open);
        return null;
      }
      current = null;
      opening.value = null;
      return result;
    },
  };
}

interface Showing {
  readonly shown: Signal<Shown>;
  /** Closes what was shown before, as far as it is not shown any more. */
  readonly show: (next: Shown) => void;
  /** `source`: where it was just read from; null where it was open already. */
  readonly showDocument: (held: Held, source: DocumentSource | null) => Promise<void>;
  readonly update: (recording: Recording) => void;
}

function createShowing(options: OpenerOptions): Showing {
  const { engine, library, onFailure } = options;
  const shown = signal<Shown>({ kind: 'none' });
  const session: SessionNotes = new Map();
  const update = (recording: Recording): void => {
    const now = shown.peek();
    if ((now.kind !== 'trace' && now.kind !== 'no-trace') || now.recording?.id !== recording.id) return;
    shown.value = { ...now, recording, name: recording.name };
    if (now.kind === 'trace') now.view.notes.update(recording);
  };
  const notesOf = (recording: Recording | null, source: DocumentSource | null): NotesKeeper =>
    createNotesKeeper(
      source?.kind !== 'file' && recording !== null
        ? { kind: 'library', recording, library }
        : { kind: 'session', key: source?.kind === 'file' ? sessionKeyOf(source.file) : '', session },
      { onFailure, onSaved: update },
    );
  const show = (next: Shown): void => {
    const before = shown.peek();
    const kept = opensOf(next);
    shown.value = next;
    if ('view' in before) before.view.dispose();
    for (const open of opensOf(before)) if (!kept.includes(open)) void engine.close(open);
  };
  return {
    shown,
    show,
    update,
    async showDocument({ document, name, recording, from }, source) {
      const writtenAt =
        source?.kind === 'file' && source.file instanceof File ? source.file.lastModified : null;
      if (document.kind === 'trace') {
        const { opened } = document;
        const view = createTraceView({ ...options, opened, notes: notesOf(recording, source) });
        // The others stand under Quality.
        if (source !== null && opened.sourceFailures[0] !== undefined) onFailure(opened.sourceFailures[0]);
        return show({ kind: 'trace', recording, name, writtenAt, view });
      }
      const { createDocumentView } = await import('../document-view.ts');
      const view = createDocumentView({ engine, opened: document.opened, from, onFailure });
      show({ kind: 'profiles', recording: null, name, writtenAt, view });
    },
  };
}

/** What of the engine's a screen holds open. */
function opensOf(shown: Shown): readonly OpenId[] {
  if (shown.kind === 'comparison') return [shown.view.before.open, shown.view.after.open];
  return 'view' in shown ? [shown.view.opened.open] : [];
}

function heldOf({ name, recording, from }: OpenRequest, document: OpenedDocument): Held {
  const entry = recording ?? (document.kind === 'trace' ? document.opened.recording : null);
  return { document, name, recording: entry, from: from ?? null, measured: null };
}

function heldOfShown(shown: Shown): Held | null {
  if (shown.kind === 'comparison') return shown.view.after.held;
  if (!('view' in shown)) return null;
  const { name, recording, view } = shown;
  const about = { name, recording, measured: view.measured.peek() };
  return shown.kind === 'trace'
    ? { ...about, from: null, document: { kind: 'trace', opened: shown.view.opened } }
    : { ...about, from: shown.view.from, document: { kind: 'profiles', opened: shown.view.opened } };
}

/**
 * What is open in the app, one at a time: a trace, a recording whose trace is gone, or nothing.
 * In: a library recording or a file. Out: a signal; while something opens, what was open stays behind it and comes
 * back when the opening is cancelled or fails. Refuses: a file that is no trace (the failure goes to the notices).
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Failure, Result } from '../../base/index.ts';
import type { EngineApi, OpenedRecording, OpenProgress, Source } from '../../engine/client.ts';
import type { Recording, RecordingId } from '../../recording/index.ts';
import type { ChartSettings } from '../../settings/index.ts';
import type { LibraryDoor } from './doors.ts';
import { createNotesKeeper, type NotesKeeper, type SessionNotes, sessionKeyOf } from './notes-keeper.ts';
import { createTraceView, type TraceView } from './trace-view.ts';

/** Something that can be looked at. */
export type Shown =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'trace';
      /** null for a bare trace file. */
      readonly recording: Recording | null;
      readonly name: string;
      readonly view: TraceView;
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
  readonly source: Source;
  readonly name: string;
  readonly recording: Recording | null;
  /** Says nothing where it fails. */
  readonly quiet?: boolean;
}

export interface Opener {
  readonly shown: ReadonlySignal<Shown>;
  /** null while nothing opens. */
  readonly opening: ReadonlySignal<Opening | null>;
  /** Answers whether it is shown now. A second call cancels the first. */
  readonly open: (request: OpenRequest) => Promise<boolean>;
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
  const shown = signal<Shown>({ kind: 'none' });
  const opening = signal<Opening | null>(null);
  const session: SessionNotes = new Map();
  let current: AbortController | null = null;

  const update = (recording: Recording): void => {
    const now = shown.peek();
    if (now.kind === 'none' || now.recording?.id !== recording.id) return;
    shown.value = { ...now, recording };
    if (now.kind === 'trace') now.view.notes.update(recording);
  };
  const notesOf = ({ source }: OpenRequest, recording: Recording | null): NotesKeeper => {
    const { library } = options;
    return createNotesKeeper(
      source.kind === 'library' && recording !== null
        ? { kind: 'library', recording, library }
        : { kind: 'session', key: source.kind === 'file' ? sessionKeyOf(source.file) : '', session },
      { onFailure, onSaved: update },
    );
  };
  const show = (next: Shown): void => {
    const before = shown.peek();
    shown.value = next;
    if (before.kind !== 'trace') return;
    before.view.dispose();
    void engine.close(before.view.opened.open);
  };
  const cancel = (): void => {
    current?.abort();
    current = null;
    opening.value = null;
  };
  return {
    shown,
    opening,
    async open(request) {
      cancel();
      const abort = new AbortController();
      current = abort;
      const { source, name } = request;
      const about = { name, recording: source.kind === 'library' ? source.id : null };
      opening.value = { ...about, progress: null };
      const result = await engine
        .open(source, {
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
      if (current !== abort) {
        // Cancelled, or another took its place: an answer that came all the same is given back.
        if (result.ok) void engine.close(result.value.open);
        return false;
      }
      current = null;
      opening.value = null;
      const next = toShown(request, result, { ...options, notesOf });
      if ('code' in next) {
        if (request.quiet !== true) onFailure(next);
        return false;
      }
      show(next);
      return true;
    },
    cancel,
    update,
    close() {
      cancel();
      show({ kind: 'none' });
    },
  };
}

/** What the engine's answer lets us look at, or why there is nothing to look at. */
function toShown(
  request: OpenRequest,
  result: Result<OpenedRecording>,
  {
    notesOf,
    ...options
  }: OpenerOptions & { readonly notesOf: (request: OpenRequest, recording: Recording | null) => NotesKeeper },
): Shown | Failure {
  const { name, recording } = request;
  if (result.ok) {
    const opened = result.value;
    const entry = recording ?? opened.recording;
    const view = createTraceView({ ...options, opened, notes: notesOf(request, entry) });
    return { kind: 'trace', recording: entry, name, view };
  }
  const { failure } = result;
  if (failure.code === 'trace-gone' && recording !== null) {
    return { kind: 'no-trace', recording, name, failure };
  }
  return failure;
}

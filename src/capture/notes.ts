/**
 * What a recorder must remember to go on after its process was killed: `storage.session` in the extension (a service
 * worker may be killed at any moment), nothing in the command line. Plain JSON.
 * The notes are saved *before* Chrome is asked for anything that cannot be asked twice, so that whoever reads them knows
 * at least as much as Chrome does; what has been found out about the page is in the library's entry, not here.
 */
import type { Failure, UnixMillis } from '../base/index.ts';
import type { CaptureOptions, RecordingId, StopReason, TraceFormat } from '../recording/index.ts';
import type { WaitKind } from './load-wait.ts';

/**
 *   starting → recording → stopping → saving
 * `stopping` is `Tracing.end` to `tracingComplete`; `saving` reads the stream into the store.
 */
export type CapturePhase = 'starting' | 'recording' | 'stopping' | 'saving';

/** How the page comes to load: the tab's own page again, a URL, or not at all. */
export type LoadRequest =
  | { readonly kind: 'reload' }
  | { readonly kind: 'navigate'; readonly url: string }
  | { readonly kind: 'stay' };

export interface RecordingRequest {
  readonly id: RecordingId;
  /** Of the page that is recorded, as far as known before. */
  readonly url: string;
  readonly title: string;
  readonly load: LoadRequest;
  readonly options: CaptureOptions;
  /** What it begins with: the tags that its user has just said, and those of its site. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly siteTags?: Readonly<Record<string, string>>;
  /** `Chrome/156.0.8078.79`. */
  readonly browser: string;
  /** `pageflame 0.1.0`. */
  readonly recorder: string;
  readonly devtoolsOpen: boolean | null;
  /** Of the last trace's stream that was seen in this browser: handles are counted up. */
  readonly lastHandle?: number;
}

/** What happened on the page so far, as it happens: `navigated`, `DOMContentLoaded`, `load`. */
export interface Happening {
  readonly name: string;
  /** ms since the recording began. */
  readonly atMillis: number;
}

/** Where the trace can be read: `IO.read`'s handle. */
export interface TraceStream {
  readonly handle: string;
  readonly format: TraceFormat;
  /** null where a killed service worker missed the event that tells. */
  readonly dataLoss: boolean | null;
}

export interface RecorderNotes {
  readonly phase: CapturePhase;
  readonly request: RecordingRequest;
  /** `Tracing.start` may have been sent; what it asked for. */
  readonly tracingAsked: TraceFormat | null;
  /** When tracing had begun and the load was about to be asked for; null before. */
  readonly startedAt: UnixMillis | null;
  readonly waitKind: WaitKind;
  /** The document that was asked for has come. */
  readonly loadSeen: boolean;
  readonly loadedAt: UnixMillis | null;
  readonly bufferFill: number | null;
  readonly happenings: readonly Happening[];
  readonly stopReason: StopReason | null;
  readonly stoppedAt: UnixMillis | null;
  /** Why the recording will be cut off although its trace may still be had (the page crashed). */
  readonly failure: Failure | null;
  /** The user does not want it. */
  readonly discard: boolean;
  /** Bytes were read from this handle before Chrome said which is the trace's. */
  readonly earlyHandle: string | null;
  readonly stream: TraceStream | null;
}

export interface RecorderMemory {
  /** null: there is nothing to remember any more. */
  save(notes: RecorderNotes | null): Promise<void>;
}

/** In a process that lives as long as its recording there is nobody to remember for. */
export const NO_MEMORY: RecorderMemory = { save: () => Promise.resolve() };

export function firstNotes(request: RecordingRequest): RecorderNotes {
  const { load } = request;
  return {
    phase: 'starting',
    request,
    tracingAsked: null,
    startedAt: null,
    waitKind: load.kind === 'stay' ? 'none' : 'load',
    loadSeen: false,
    loadedAt: null,
    bufferFill: null,
    happenings: [],
    stopReason: null,
    stoppedAt: null,
    failure: null,
    discard: false,
    earlyHandle: null,
    stream: null,
  };
}

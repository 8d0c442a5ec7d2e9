/**
 * What is kept of one page load: `recording.json` inside a `.pageflame` file, and the library's index entry.
 * Types and their defaults only. Times are Unix ms unless they say otherwise; null means "not known", never 0.
 */
import type { Brand, Failure, TraceContext, UnixMillis } from '../base/index.ts';
import type { CaptureOptions } from './capture-options.ts';
import type { RecordingNotes } from './notes.ts';

/** Raise with every change that an older program could misread, and write an upgrader. See docs/format.md. */
export const RECORDING_FORMAT_VERSION = 1;

export type RecordingId = Brand<string, 'RecordingId'>;
export const recordingId = (text: string): RecordingId => text as RecordingId;

export type TraceFormat = 'perfetto' | 'json';

/** `recording`: bytes still arrive. `whole`: everything is there. `cut-off`: it ended early; `cutOff` says why. */
export type RecordingState = 'recording' | 'whole' | 'cut-off';

/** Why recording stopped. */
export type StopReason = 'quiet' | 'load-timeout' | 'time-limit' | 'user';

export interface VitalEntry {
  /** ms, or the unitless score for CLS. */
  readonly value: number;
  readonly rating: 'good' | 'needs-improvement' | 'poor';
  /** web-vitals' attribution, flattened to what JSON holds (numbers, strings, booleans). */
  readonly attribution: Readonly<Record<string, string | number | boolean | null>>;
}

export type VitalName = 'LCP' | 'CLS' | 'INP' | 'FCP' | 'TTFB';
export type Vitals = Readonly<Record<VitalName, VitalEntry | null>>;
export const NO_VITALS: Vitals = { LCP: null, CLS: null, INP: null, FCP: null, TTFB: null };

/** One picture of the filmstrip; its bytes (JPEG) are kept beside. */
export interface FilmstripFrame {
  /** Unix ms, fractions kept. */
  readonly time: UnixMillis;
  readonly bytes: number;
}

export interface Recording {
  readonly formatVersion: number;
  readonly id: RecordingId;
  readonly name: string;
  readonly state: RecordingState;
  /** Why it is cut off; null while it records and when it is whole. */
  readonly cutOff: Failure | null;
  /** Where the load started, and where it ended up. */
  readonly requestedUrl: string;
  readonly url: string;
  readonly title: string;
  readonly startedAt: UnixMillis;
  /** Wall clock from start to stop. */
  readonly durationMillis: number | null;
  /** `Google Chrome/156.0.8078.79`, `Chromium/…`: as it names itself (browser-name.ts). */
  readonly browser: string;
  readonly recorder: string;
  readonly viewport: { readonly width: number; readonly height: number } | null;
  readonly devicePixelRatio: number | null;
  readonly options: CaptureOptions;
  readonly tabVisible: boolean | null;
  readonly devtoolsOpen: boolean | null;
  /** Whether the load event fired. */
  readonly loadFinished: boolean;
  /** `net::ERR_…` or `HTTP 404` where the document itself failed; null otherwise. */
  readonly loadError: string | null;
  readonly stopReason: StopReason | null;
  readonly buffer: {
    readonly sizeKb: number /** 0 to 1, the highest seen. */;
    readonly peakFill: number | null;
  };
  readonly dataLoss: boolean | null;
  /** null where no byte of the trace ever left Chrome. `bytes` as stored (gzip). */
  readonly trace: { readonly format: TraceFormat; readonly bytes: number; readonly chunks: number } | null;
  readonly vitals: Vitals;
  readonly frames: readonly FilmstripFrame[];
  /** What its user gave it. All that it bears, the automatic ones too: `tagsOf` in tags.ts. */
  readonly tags: Readonly<Record<string, string>>;
  /** What its user had given its site when it was made. */
  readonly siteTags: Readonly<Record<string, string>>;
  /** What the page was told that its browser is; null where it did not say. */
  readonly userAgent: string | null;
  /** What is deployed there, as a header of the document or a meta tag tells. */
  readonly pageVersion: string | null;
  /** The trace of the server that the load goes on with: of the document's response, else of its meta tag. */
  readonly serverTrace: TraceContext | null;
  /** What its user wrote on it and how they arranged it. */
  readonly notes: RecordingNotes;
}

/** What may be changed of a recording that has ended. */
export type RecordingEdit = Partial<Pick<Recording, 'name' | 'tags' | 'siteTags' | 'notes'>>;

/**
 * What a person has put on a recording, and how they have arranged its tracks: kept with it, in the library and in its file.
 * Types, limits and defaults. Times are microseconds on the trace's own clock. Slices and tracks are named by what stands in
 * the trace, never by rows of our tables: those may differ in the next version.
 */

/** A slice of a thread, or an item of a track of the page. */
export interface SliceAnchor {
  /** A {@link TrackKey}. */
  readonly track: string;
  readonly start: number;
  /** Chrome's name of the event, the function's name, or the item's title. */
  readonly name: string;
  /** Which of several that start there under that name, from the outermost, 0 the first. */
  readonly nth: number;
}

export type Annotation = { readonly id: string; readonly text: string } & (
  | { readonly kind: 'label'; readonly on: SliceAnchor }
  | { readonly kind: 'range'; readonly start: number; readonly end: number }
  | { readonly kind: 'link'; readonly from: SliceAnchor; readonly to: SliceAnchor }
);

/** `PID:TID` of a thread, or the name of a track of the page (`network`, `counters`, …). */
export type TrackKey = string;

/** Only what the user has changed: everything else stands as it would by itself. */
export interface TrackNotes {
  readonly opened: readonly TrackKey[];
  readonly collapsed: readonly TrackKey[];
  readonly hidden: readonly TrackKey[];
  /** Stay in sight above all others, in this order. */
  readonly pinned: readonly TrackKey[];
  /** All tracks from top to bottom; empty where nothing was moved. Tracks that it does not name stand where they would. */
  readonly order: readonly TrackKey[];
}

export interface RecordingNotes {
  readonly annotations: readonly Annotation[];
  readonly tracks: TrackNotes;
}

export const NO_TRACK_NOTES: TrackNotes = { opened: [], collapsed: [], hidden: [], pinned: [], order: [] };
export const NO_NOTES: RecordingNotes = { annotations: [], tracks: NO_TRACK_NOTES };

/** More than anyone writes; a file that holds more is not ours. */
export const MOST_ANNOTATIONS = 10_000;
/** Characters. */
export const LONGEST_ANNOTATION = 2_000;

/**
 * The door of recording/: what is kept of a page load, and its file. Pure; the two places that keep it have doors of
 * their own, because one touches IndexedDB and the other node:fs: library.ts and file-store.node.ts.
 */

export { BRAND_HINTS, nameOfBrowser } from './browser-name.ts';
export {
  type CaptureOptions,
  DEFAULT_CAPTURE_OPTIONS,
  NETWORK_PRESETS,
  type NetworkPreset,
  PRESET_NAMES,
  PRESETS,
  type PresetChoices,
  type PresetName,
  presetOf,
} from './capture-options.ts';
export { type ClockTie, tieClocks, toMicros } from './clock-tie.ts';
export {
  createRecording,
  defaultRecordingName,
  givenName,
  newRecordingId,
  type RecordingStart,
  recordingFileName,
  withoutCredentials,
} from './creation.ts';
export { countBytes, piecesOfFile } from './file-bytes.ts';
export type { KeptSource, SourceKind } from './kept-sources.ts';
export {
  type Annotation,
  LONGEST_ANNOTATION,
  MOST_ANNOTATIONS,
  NO_NOTES,
  NO_TRACK_NOTES,
  type RecordingNotes,
  type SliceAnchor,
  type TrackKey,
  type TrackNotes,
} from './notes.ts';
export { packRecording, type RecordingContent } from './pack.ts';
export {
  type FilmstripFrame,
  NO_VITALS,
  RECORDING_FORMAT_VERSION,
  type Recording,
  type RecordingEdit,
  type RecordingId,
  type RecordingState,
  recordingId,
  type StopReason,
  type TraceFormat,
  type VitalEntry,
  type VitalName,
  type Vitals,
} from './recording.ts';
export type { RecordingStore } from './store.ts';
export { type ByteSource, streamFrom } from './streams.ts';
export { automaticTags, pagePattern, serviceOf, type Tags, tagsOf } from './tags.ts';
export { isZip, type UnpackedRecording, unpackRecording } from './unpack.ts';

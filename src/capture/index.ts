/**
 * The door of capture/: drives a browser over a {@link CdpSession} and records one page load into a store.
 * Knows neither Chrome's extension APIs nor Playwright: both push their events in through `handleEvent`.
 */
export type { CdpParams, CdpSession, PageArea } from './cdp-session.ts';
export {
  type CapturePhase,
  type Happening,
  type LoadRequest,
  NO_MEMORY,
  type RecorderMemory,
  type RecorderNotes,
  type RecordingRequest,
} from './notes.ts';
export { Recorder, type RecorderDoors, type RecorderStatus } from './recorder.ts';

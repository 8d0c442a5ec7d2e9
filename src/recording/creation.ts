/**
 * How a recording begins, and what it is called.
 * In: the facts that are known when recording starts. Out: a {@link Recording} in state `recording`, all else unknown.
 */
import type { UnixMillis } from '../base/index.ts';
import type { CaptureOptions } from './capture-options.ts';
import { NO_NOTES } from './notes.ts';
import {
  NO_VITALS,
  RECORDING_FORMAT_VERSION,
  type Recording,
  type RecordingId,
  recordingId,
} from './recording.ts';

export interface RecordingStart {
  readonly url: string;
  readonly startedAt: UnixMillis;
  /** `Google Chrome/156.0.8078.79`, `Chromium/…`: as it names itself (browser-name.ts). */
  readonly browser: string;
  /** `pageflame 0.1.0`, who recorded. */
  readonly recorder: string;
  readonly options: CaptureOptions;
  readonly bufferSizeKb: number;
}

export const newRecordingId = (): RecordingId => recordingId(crypto.randomUUID());

/** A recording about to be made; what only the page or the trace can tell is null until it does. */
export function createRecording(id: RecordingId, start: RecordingStart): Recording {
  const url = withoutCredentials(start.url);
  return {
    formatVersion: RECORDING_FORMAT_VERSION,
    id,
    name: defaultRecordingName(url, start.startedAt),
    state: 'recording',
    cutOff: null,
    requestedUrl: url,
    url,
    title: '',
    startedAt: start.startedAt,
    durationMillis: null,
    browser: start.browser,
    recorder: start.recorder,
    viewport: null,
    devicePixelRatio: null,
    options: start.options,
    tabVisible: null,
    devtoolsOpen: null,
    loadFinished: false,
    loadError: null,
    stopReason: null,
    buffer: { sizeKb: start.bufferSizeKb, peakFill: null },
    dataLoss: null,
    trace: null,
    vitals: NO_VITALS,
    frames: [],
    tags: {},
    siteTags: {},
    userAgent: null,
    pageVersion: null,
    serverTrace: null,
    notes: NO_NOTES,
  };
}

/** `https://user:password@shop.example/` is kept, told and sent without them, as a browser's address bar shows it. */
export function withoutCredentials(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || parsed.username + parsed.password === '') return url;
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

/** `shop.example-2026-03-01T14-02-33Z`; a page without a host (`data:`, `file:`) is called by its scheme. */
export function defaultRecordingName(url: string, startedAt: UnixMillis): string {
  const time = new Date(startedAt).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${fileSafe(hostOf(url))}-${time}`.replaceAll(':', '-');
}

/** What its user has called it; '' where nobody has. */
export const givenName = ({ name, requestedUrl, startedAt }: Recording): string =>
  name === defaultRecordingName(requestedUrl, startedAt) ? '' : name;

/** The name of the file that holds `recording`, safe on every system whatever its user called it. */
export function recordingFileName(recording: Pick<Recording, 'name'>): string {
  return `${fileSafe(recording.name) || 'recording'}.pageflame`;
}

function hostOf(url: string): string {
  if (!URL.canParse(url)) return 'page';
  const { host, protocol } = new URL(url);
  return host || protocol.replace(/:$/, '');
}

/** Letters, digits, `.`, `_` and `-` of any script; at most 120 of them, and no dot in front. */
function fileSafe(name: string): string {
  return [...name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '')].slice(0, 120).join('');
}

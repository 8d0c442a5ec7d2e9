/**
 * Checks `recording.json` of a file that may come from anyone.
 * In: parsed JSON of unknown make. Out: a {@link Recording} of this program's format version.
 * Refuses: a newer format version, and anything of another shape. Unknown keys are dropped.
 */
import * as v from 'valibot';
import { type Failure, fail, failureCodes, makeFailure, type Result, succeed } from '../base/index.ts';
import { LONGEST_ANNOTATION, MOST_ANNOTATIONS, NO_NOTES, type RecordingNotes } from './notes.ts';
import { RECORDING_FORMAT_VERSION, type Recording, recordingId } from './recording.ts';

/** Texts in a recording are addresses, titles and sentences; a data: address is the longest of them. */
const text = v.pipe(v.string(), v.maxLength(4_000_000));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const amount = v.pipe(v.number(), v.minValue(0));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** From 2000 to 2099: what ZIP and every calendar can hold. */
const unixMillis = v.pipe(v.number(), v.minValue(946_684_800_000), v.maxValue(4_070_908_800_000));

const failure: v.GenericSchema<unknown, Failure> = v.object({
  // A later program of the same format may know more reasons; its sentence still says what happened.
  code: v.fallback(v.picklist(failureCodes), 'browser-gone'),
  message: text,
  detail: text,
});

const vital = v.nullable(
  v.object({
    value: v.number(),
    rating: v.picklist(['good', 'needs-improvement', 'poor']),
    attribution: v.record(text, v.union([text, v.number(), v.boolean(), v.null()])),
  }),
);

const captureOptions = v.object({
  reload: v.boolean(),
  coldCache: v.boolean(),
  cpuThrottling: v.pipe(v.number(), v.minValue(1)),
  networkThrottling: v.nullable(text),
  screenshots: v.boolean(),
  jsSamples: v.boolean(),
  scriptSources: v.boolean(),
  // Younger than the first recordings.
  invalidations: v.optional(v.boolean(), false),
  quietMillis: amount,
  afterLoadMillis: amount,
  totalMillis: amount,
});

const shortText = v.pipe(v.string(), v.maxLength(LONGEST_ANNOTATION));
const anchor = v.object({ track: shortText, start: v.number(), name: text, nth: count });
const annotationBase = { id: shortText, text: shortText };
const trackKeys = v.pipe(v.array(shortText), v.maxLength(MOST_ANNOTATIONS));

const notes: v.GenericSchema<unknown, RecordingNotes> = v.object({
  annotations: v.pipe(
    v.array(
      v.variant('kind', [
        v.object({ ...annotationBase, kind: v.literal('label'), on: anchor }),
        v.object({ ...annotationBase, kind: v.literal('range'), start: v.number(), end: v.number() }),
        v.object({ ...annotationBase, kind: v.literal('link'), from: anchor, to: anchor }),
      ]),
    ),
    v.maxLength(MOST_ANNOTATIONS),
  ),
  tracks: v.object({
    opened: trackKeys,
    collapsed: trackKeys,
    hidden: trackKeys,
    pinned: trackKeys,
    order: trackKeys,
  }),
});

const recordingSchema: v.GenericSchema<unknown, Recording> = v.object({
  formatVersion: v.literal(RECORDING_FORMAT_VERSION),
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/), v.transform(recordingId)),
  name: text,
  state: v.picklist(['recording', 'whole', 'cut-off']),
  cutOff: v.nullable(failure),
  requestedUrl: text,
  url: text,
  title: text,
  startedAt: unixMillis,
  durationMillis: v.nullable(amount),
  browser: text,
  recorder: text,
  viewport: v.nullable(v.object({ width: amount, height: amount })),
  devicePixelRatio: v.nullable(amount),
  options: captureOptions,
  tabVisible: v.nullable(v.boolean()),
  devtoolsOpen: v.nullable(v.boolean()),
  loadFinished: v.boolean(),
  loadError: v.nullable(text),
  stopReason: v.nullable(v.picklist(['quiet', 'load-timeout', 'time-limit', 'user'])),
  buffer: v.object({ sizeKb: amount, peakFill: v.nullable(fraction) }),
  dataLoss: v.nullable(v.boolean()),
  trace: v.nullable(v.object({ format: v.picklist(['perfetto', 'json']), bytes: count, chunks: count })),
  vitals: v.object({ LCP: vital, CLS: vital, INP: vital, FCP: vital, TTFB: vital }),
  frames: v.array(v.object({ time: unixMillis, bytes: count })),
  tags: v.record(text, text),
  // Younger than the first recordings.
  siteTags: v.optional(v.record(text, text), {}),
  userAgent: v.optional(v.nullable(text), null),
  pageVersion: v.optional(v.nullable(text), null),
  serverTrace: v.optional(
    v.nullable(
      v.object({
        traceId: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
        spanId: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
      }),
    ),
    null,
  ),
  notes: v.optional(notes, NO_NOTES),
});

const versionSchema = v.object({ formatVersion: v.pipe(v.number(), v.safeInteger()) });

/** The recording that `json` describes. `subject` names the file in the failure's sentence. */
export function parseRecording(json: unknown, subject: string): Result<Recording> {
  const version = v.safeParse(versionSchema, json);
  if (version.success && version.output.formatVersion > RECORDING_FORMAT_VERSION)
    return fail(makeFailure('recording-too-new', { subject }));
  const parsed = v.safeParse(recordingSchema, json);
  if (parsed.success) return succeed(parsed.output);
  const [issue] = parsed.issues;
  const detail = `recording.json, ${v.getDotPath(issue) ?? 'as a whole'}: ${issue.message}`;
  return fail(makeFailure('recording-broken', { subject, detail }));
}

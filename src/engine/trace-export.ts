/**
 * An open trace as a file: JSON that DevTools loads, Perfetto's own form, or a recording that is a copy of its own.
 * In: an open trace, its stored bytes once more, what is to be left out. Out: a stream or a file; what of it would be
 * left out, as counts and examples. Refuses: a recording of what is none.
 * Addresses are treated as in everything else that leaves (backends/redaction.ts).
 */
import { DEFAULT_REDACTION, makeCodeRedactor, makeRedactor } from '../backends/redaction.ts';
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import {
  type RewriteText,
  rewritePacketStrings,
  rewriteStrings,
  type TextKind,
  writeChromeTrace,
} from '../profile/index.ts';
import { countBytes, newRecordingId, packRecording, type Recording } from '../recording/index.ts';
import { inflatedChunks, writePacketEvents } from '../trace/index.ts';
import type { LeftOut, LeftOutExamples, OpenOptions, TraceFileForm } from './contract.ts';
import type { LibraryReader, TraceSource } from './opening/sources.ts';
import type { OpenTrace } from './opening/summary.ts';
import { rewriteSources } from './scripts/kept-sources.ts';

/** Nothing is left out. */
export const NOTHING_LEFT_OUT: LeftOut = {
  addresses: false,
  titles: false,
  headers: false,
  scripts: false,
  details: false,
  pictures: false,
};

/** How the bytes of a trace are written; a recording is more than them. */
type BytesForm = Exclude<TraceFileForm, 'pageflame'>;

export function streamTrace(
  { tables, page, recording }: OpenTrace,
  stored: AsyncIterable<Uint8Array>,
  form: BytesForm,
  { signal, rewrite = null }: { readonly signal?: AbortSignal; readonly rewrite?: RewriteText | null } = {},
): AsyncIterable<Uint8Array> {
  const bytes = inflatedChunks(stored, signal);
  const rewritten = (given: AsyncIterable<Uint8Array>, as: BytesForm): AsyncIterable<Uint8Array> =>
    rewrite === null ? given : rewriteIn(as, given, rewrite);
  if (form === 'json')
    return rewritten(writeChromeTrace({ tables, page, metadata: metadataOf(recording), bytes }), 'json');
  return tables.format === 'perfetto'
    ? rewritten(bytes, 'pftrace')
    : writePacketEvents(rewritten(bytes, 'json'));
}

interface ExportQuestion {
  readonly trace: OpenTrace;
  readonly source: TraceSource;
  readonly form: TraceFileForm;
  readonly leaveOut: LeftOut;
  /** Has the pictures of a recording; null where nothing is kept. */
  readonly library: Pick<LibraryReader, 'readFrame'> | null;
}

export function makeTraceFile(question: ExportQuestion, options: OpenOptions): Promise<Result<Blob>> {
  const { form } = question;
  return form === 'pageflame'
    ? makeRecordingFile(question, options)
    : makeBytesFile({ ...question, form }, options);
}

type BytesQuestion = Pick<ExportQuestion, 'trace' | 'source' | 'leaveOut'> & { readonly form: BytesForm };

function makeBytesFile(question: BytesQuestion, options: OpenOptions): Promise<Result<Blob>> {
  const { form, leaveOut } = question;
  const isWhole = !Object.values(leaveOut).some(Boolean);
  const rewrite = isWhole ? null : leavingOut(leaveOut);
  return run({ ...question, rewrite }, options, async (bytes) => collectFile(bytes, form));
}

/** Under an id of its own: the library takes two files of one id for the same recording. */
async function makeRecordingFile(question: ExportQuestion, options: OpenOptions): Promise<Result<Blob>> {
  const { trace, source, library, leaveOut } = question;
  const { recording, subject, tables } = trace;
  if (recording === null || recording.trace === null || library === null)
    return fail(makeFailure('recording-not-found', { subject }));
  const form = tables.format === 'perfetto' ? 'pftrace' : 'json';
  const file = await makeBytesFile({ ...question, form }, options);
  if (!file.ok) return file;
  const packing = file.value.stream().pipeThrough(new CompressionStream('gzip'));
  const packed = await new Response(packing).blob();
  const kept = { format: tables.format, bytes: packed.size, chunks: 1 };
  const copy = { ...redactRecording(recording, leaveOut), id: newRecordingId(), trace: kept };
  const frames: Uint8Array[] = [];
  for (const index of copy.frames.keys()) {
    const frame = await library.readFrame(recording.id, index);
    if (!frame.ok) return frame;
    frames.push(frame.value);
  }
  const sources = await rewriteSources(await source.sources(), leavingOut(leaveOut));
  const content = { recording: copy, trace: packed.stream(), frames, sources };
  const made = await new Response(packRecording(content)).blob();
  return options.signal?.aborted === true
    ? fail(makeFailure('cancelled', { subject: `Saving ${subject}` }))
    : succeed(made);
}

function redactRecording(recording: Recording, leaveOut: LeftOut): Recording {
  const redact = leaveOut.addresses ? makeRedactor(DEFAULT_REDACTION) : (text: string) => text;
  const redacted = rewriteTexts(recording, redact);
  return {
    ...redacted,
    ...(leaveOut.titles ? { title: '' } : {}),
    ...(leaveOut.pictures ? { frames: [] } : {}),
  };
}

/** `value` with every text in it rewritten; keys stay. */
function rewriteTexts<T>(value: T, rewrite: (text: string) => string): T;
function rewriteTexts(value: unknown, rewrite: (text: string) => string): unknown {
  if (typeof value === 'string') return rewrite(value);
  if (Array.isArray(value)) return value.map((each) => rewriteTexts(each, rewrite));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rewriteTexts(each, rewrite)]));
}

function rewriteIn(
  form: BytesForm,
  bytes: AsyncIterable<Uint8Array>,
  rewrite: RewriteText,
): AsyncIterable<Uint8Array> {
  return form === 'json' ? rewriteStrings(bytes, rewrite) : rewritePacketStrings(bytes, rewrite);
}

/** Every kind as if it were to be left out; of a recording with all that is kept of it. */
export async function previewTraceFile(
  question: Pick<ExportQuestion, 'trace' | 'source'>,
  options: OpenOptions,
): Promise<Result<LeftOutExamples>> {
  const { recording, tables } = question.trace;
  const tally = new Tally();
  const see: RewriteText = (text, kind) => tally.see(text, kind);
  const form = tables.format === 'perfetto' ? 'pftrace' : 'json';
  return run({ ...question, form }, options, async (bytes) => {
    for await (const _ of rewriteIn(form, bytes, see));
    if (recording !== null) {
      rewriteTexts({ ...recording, title: '' }, (text) => see(text, 'text'));
      see(recording.title, 'title');
      for (const _ of recording.frames) see('', 'screenshot');
      await rewriteSources(await question.source.sources(), see);
    }
    return tally.examples();
  });
}

async function run<T>(
  { trace, source, form, rewrite = null }: Omit<BytesQuestion, 'leaveOut'> & { rewrite?: RewriteText | null },
  { signal, onProgress }: OpenOptions,
  work: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<Result<T>> {
  const { subject } = trace;
  const { bytes, failure } = source;
  const cancelled = (): Result<T> => fail(makeFailure('cancelled', { subject: `Saving ${subject}` }));
  const { totalBytes } = source;
  const stored = countBytes(bytes, (readBytes) => onProgress?.({ readBytes, totalBytes }));
  const stream = streamTrace(trace, stored, form, { rewrite, ...(signal === undefined ? {} : { signal }) });
  try {
    const made = await work(stream);
    return signal?.aborted === true ? cancelled() : succeed(made);
  } catch (error) {
    if (signal?.aborted === true) return cancelled();
    const broken = failure() ?? unreadable(error, subject);
    if (broken === null) throw error;
    return fail(broken);
  }
}

/** A file that was moved or changed since it was opened. */
function unreadable(error: unknown, subject: string): Failure | null {
  return error instanceof DOMException
    ? makeFailure('file-unreadable', { subject, detail: String(error) })
    : null;
}

/** So much is held before it goes to the browser, which puts large Blobs on disk. */
const PART_BYTES = 16 << 20;

async function collectFile(bytes: AsyncIterable<Uint8Array>, form: BytesForm): Promise<Blob> {
  const parts: Blob[] = [];
  let held: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  for await (const piece of bytes) {
    // Pieces may be views of buffers that are used again.
    held.push(new Uint8Array(piece));
    heldBytes += piece.length;
    if (heldBytes < PART_BYTES) continue;
    parts.push(new Blob(held));
    held = [];
    heldBytes = 0;
  }
  const type = form === 'json' ? 'application/json' : 'application/octet-stream';
  return new Blob([...parts, ...held], { type });
}

function leavingOut(leaveOut: LeftOut): RewriteText {
  const asIs = (text: string): string => text;
  const redact = leaveOut.addresses ? makeRedactor(DEFAULT_REDACTION) : asIs;
  const redactCode = leaveOut.addresses ? makeCodeRedactor(DEFAULT_REDACTION) : asIs;
  return (text, kind) => {
    if (kind === 'screenshot') return leaveOut.pictures ? '' : text;
    const isGone =
      (kind === 'title' && leaveOut.titles) ||
      (kind === 'header' && leaveOut.headers) ||
      (kind === 'script' && leaveOut.scripts) ||
      (kind === 'detail' && leaveOut.details);
    if (isGone) return '';
    return kind === 'script' ? redactCode(text) : redact(text);
  };
}

const MOST_EXAMPLES = 3;
const LONGEST_EXAMPLE = 300;

/** Counts, and keeps the first few different ones of each kind. */
class Tally {
  readonly #redact = makeRedactor(DEFAULT_REDACTION);
  readonly #redactCode = makeCodeRedactor(DEFAULT_REDACTION);
  readonly #counts = { addresses: 0, titles: 0, headers: 0, scripts: 0, details: 0, pictures: 0 };
  readonly #texts = {
    addresses: new Map<string, string>(),
    titles: new Map<string, string>(),
    headers: new Map<string, string>(),
    scripts: new Map<string, string>(),
    details: new Map<string, string>(),
    pictures: new Map<string, string>(),
  };

  /** Answers the text itself: nothing is written. */
  see(text: string, kind: TextKind): string {
    if (kind === 'screenshot') {
      this.#counts.pictures++;
      return text;
    }
    if (kind !== 'text' && text !== '') this.#add(`${kind}s`, text, '');
    const redacted = kind === 'script' ? this.#redactCode(text) : this.#redact(text);
    if (redacted !== text) this.#add('addresses', text, redacted);
    return text;
  }

  #add(kind: keyof LeftOut, before: string, after: string): void {
    this.#counts[kind]++;
    const texts = this.#texts[kind];
    if (texts.size < MOST_EXAMPLES)
      texts.set(before.slice(0, LONGEST_EXAMPLE), after.slice(0, LONGEST_EXAMPLE));
  }

  examples(): LeftOutExamples {
    const of = (kind: keyof LeftOut) => ({
      count: this.#counts[kind],
      examples: [...this.#texts[kind]].map(([before, after]) => ({ before, after })),
    });
    return {
      addresses: of('addresses'),
      titles: of('titles'),
      headers: of('headers'),
      scripts: of('scripts'),
      details: of('details'),
      pictures: of('pictures'),
    };
  }
}

/** In DevTools' own words, which it shows beside the trace. */
function metadataOf(recording: Recording | null): Record<string, unknown> {
  if (recording === null) return { source: 'Pageflame' };
  const { options, startedAt, devicePixelRatio } = recording;
  return {
    source: 'Pageflame',
    startTime: new Date(startedAt).toISOString(),
    cpuThrottling: options.cpuThrottling,
    networkThrottling: options.networkThrottling ?? 'No throttling',
    ...(devicePixelRatio === null ? {} : { hostDPR: devicePixelRatio }),
  };
}

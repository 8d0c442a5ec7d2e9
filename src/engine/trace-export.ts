/**
 * An open trace as a file for other tools: JSON that DevTools loads, or Perfetto's own form.
 * In: an open trace, its stored bytes once more, what is to be left out. Out: a stream or a file; what of it would be
 * left out, as counts and examples. Refuses: Perfetto's form of a JSON trace, leaving things out of Perfetto's form.
 * Addresses are treated as in everything else that leaves (backends/redaction.ts).
 */
import { DEFAULT_REDACTION, makeRedactor } from '../backends/redaction.ts';
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { type JsonTextKind, type RewriteText, rewriteStrings, writeChromeTrace } from '../profile/index.ts';
import type { Recording } from '../recording/index.ts';
import { inflatedChunks } from '../trace/index.ts';
import type { LeftOut, LeftOutExamples, OpenOptions, OpenProgress, TraceFileForm } from './contract.ts';
import type { TraceSource } from './sources.ts';
import type { OpenTrace } from './summary.ts';

/** Nothing is left out. */
export const NOTHING_LEFT_OUT: LeftOut = { addresses: false, titles: false, headers: false, scripts: false };

export function streamTrace(
  { tables, page, recording, subject }: OpenTrace,
  stored: ReadableStream<Uint8Array>,
  form: TraceFileForm,
  signal?: AbortSignal,
): Result<AsyncIterable<Uint8Array>> {
  if (form === 'pftrace' && tables.format !== 'perfetto')
    return fail(makeFailure('trace-not-perfetto', { subject }));
  const bytes = inflatedChunks(stored, signal);
  if (form === 'pftrace') return succeed(bytes);
  return succeed(writeChromeTrace({ tables, page, metadata: metadataOf(recording), bytes }));
}

interface ExportQuestion {
  readonly trace: OpenTrace;
  readonly source: TraceSource;
  readonly form: TraceFileForm;
  readonly leaveOut: LeftOut;
}

export async function makeTraceFile(question: ExportQuestion, options: OpenOptions): Promise<Result<Blob>> {
  const { form, leaveOut } = question;
  const isWhole = form === 'pftrace' || !Object.values(leaveOut).some(Boolean);
  return run(question, options, async (bytes) =>
    collectFile(isWhole ? bytes : rewriteStrings(bytes, leavingOut(leaveOut)), form),
  );
}

/** Every kind as if it were to be left out. */
export async function previewTraceFile(
  question: Omit<ExportQuestion, 'form' | 'leaveOut'>,
  options: OpenOptions,
): Promise<Result<LeftOutExamples>> {
  const tally = new Tally();
  return run({ ...question, form: 'json' }, options, async (bytes) => {
    for await (const _ of rewriteStrings(bytes, (text, kind) => tally.see(text, kind)));
    return tally.examples();
  });
}

async function run<T>(
  { trace, source, form }: Omit<ExportQuestion, 'leaveOut'>,
  { signal, onProgress }: OpenOptions,
  work: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<Result<T>> {
  const { subject } = trace;
  const { bytes, failure } = source;
  const cancelled = (): Result<T> => fail(makeFailure('cancelled', { subject: `Saving ${subject}` }));
  const stored = countBytes(bytes, source.totalBytes, onProgress);
  const stream = streamTrace(trace, stored, form, signal);
  if (!stream.ok) {
    await stored.cancel();
    return stream;
  }
  try {
    const made = await work(stream.value);
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

function countBytes(
  stream: ReadableStream<Uint8Array>,
  totalBytes: number | null,
  onProgress: ((progress: OpenProgress) => void) | undefined,
): ReadableStream<Uint8Array> {
  let readBytes = 0;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        readBytes += piece.length;
        onProgress?.({ readBytes, totalBytes });
        controller.enqueue(piece);
      },
    }),
  );
}

/** So much is held before it goes to the browser, which puts large Blobs on disk. */
const PART_BYTES = 16 << 20;

async function collectFile(bytes: AsyncIterable<Uint8Array>, form: TraceFileForm): Promise<Blob> {
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
  const redact = leaveOut.addresses ? makeRedactor(DEFAULT_REDACTION) : (text: string) => text;
  return (text, kind) => {
    if (kind === 'screenshot') return text;
    const isGone =
      (kind === 'title' && leaveOut.titles) ||
      (kind === 'header' && leaveOut.headers) ||
      (kind === 'script' && leaveOut.scripts);
    return isGone ? '' : redact(text);
  };
}

const MOST_EXAMPLES = 3;
const LONGEST_EXAMPLE = 300;

/** Counts, and keeps the first few different ones of each kind. */
class Tally {
  readonly #redact = makeRedactor(DEFAULT_REDACTION);
  readonly #counts = { addresses: 0, titles: 0, headers: 0, scripts: 0, screenshots: 0 };
  readonly #texts = {
    addresses: new Map<string, string>(),
    titles: new Map<string, string>(),
    headers: new Map<string, string>(),
    scripts: new Map<string, string>(),
  };

  /** Answers the text itself: nothing is written. */
  see(text: string, kind: JsonTextKind): string {
    if (kind === 'screenshot') {
      this.#counts.screenshots++;
      return text;
    }
    if (kind !== 'text' && text !== '') this.#add(`${kind}s`, text, '');
    const redacted = this.#redact(text);
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
      screenshots: this.#counts.screenshots,
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

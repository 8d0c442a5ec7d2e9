/**
 * The door's one function: bytes → trace tables.
 * In: from front to back (a stream, a generator), plain or gzip, trace-event JSON or a Perfetto trace, told apart by its first bytes.
 * Out: tables, or a Failure: empty, not a trace, broken gzip, cancelled, unreadable. A cut-off tail is no failure: what
 * came before it is read and `diagnostics.cutOff` is 1.
 */
import {
  assert,
  type Failure,
  fail,
  makeFailure,
  nextTurn,
  type Result,
  succeed,
  takeTurns,
} from '../base/index.ts';
import { openBuilder, type SourceFacts, type TraceBuilder } from './builder.ts';
import { lossesOf } from './json/losses.ts';
import { readJson } from './json/reader.ts';
import type { Kernel } from './kernel.ts';
import { readPerfetto } from './perfetto/reader.ts';
import {
  AbortedError,
  chunksOf,
  gatherFirst,
  inflate,
  prepend,
  SourceError,
  type SourceState,
} from './source.ts';
import type { TraceTables } from './tables.ts';

export interface ReadTraceOptions {
  readonly signal?: AbortSignal;
  /** Called with the (compressed) bytes read so far, at least once per chunk. */
  readonly onProgress?: (readBytes: number) => void;
  /** What failures call the source: a file's name. */
  readonly subject?: string;
  /** A gzip stream that one writer has written from begin to end, as recordings are: it is unpacked without waiting for more. */
  readonly isPackedOnce?: boolean;
}

/** A tag 1 of wire type 2: `Trace.packet`, with which every Perfetto trace begins. */
const PERFETTO_FIRST_BYTE = 0x0a;
/** Enough to tell JSON from a Perfetto packet behind the same first byte (0x0a is a line feed, too). */
const SNIFF_BYTES = 64;

/** From so many bytes on a kernel's memory is worth collecting garbage, some ten milliseconds each time. */
const LARGE_KERNEL_BYTES = 64 << 20;
/** V8 collects garbage when so much memory more is held outside its heap; pages that nothing was written to cost nothing. */
const PRESSURE_BYTES = 128 << 20;
/** It does so in steps, each time that it is asked for memory outside; so often it is asked at most. */
const MOST_STEPS = 64;
const STEP_BYTES = 1 << 20;

export async function readTrace(
  source: AsyncIterable<Uint8Array>,
  options: ReadTraceOptions = {},
): Promise<Result<TraceTables>> {
  const used = new UsedKernel();
  const tables = await readTables(source, options, used);
  // Nothing refers to the kernel any more. Left alone, V8 keeps its memory while whoever asked fills as much again.
  if (used.bytes >= LARGE_KERNEL_BYTES) await used.collect();
  return tables;
}

/** What is known of a kernel that is no longer used. */
class UsedKernel {
  bytes = 0;
  #isCollected = false;
  /** A weak reference would be none while it is looked at, and V8 marks what lives meanwhile. */
  readonly #registry = new FinalizationRegistry(() => {
    this.#isCollected = true;
  });

  watch(kernel: Kernel): void {
    this.bytes = kernel.bytes.length;
    this.#registry.register(kernel, undefined);
  }

  /** Asks for memory until it is collected. What was asked for first is held so long: it is the pressure. */
  async collect(): Promise<void> {
    const pressure = new Uint8Array(PRESSURE_BYTES);
    for (let step = 0; step < MOST_STEPS && !this.#isCollected; step++) {
      await nextTurn();
      pressure.set(new Uint8Array(STEP_BYTES).subarray(0, 1), step);
    }
    // A bundler drops an allocation whose outcome nobody looks at.
    assert(pressure[0] === 0, 'fresh memory is not empty');
  }
}

async function readTables(
  source: AsyncIterable<Uint8Array>,
  options: ReadTraceOptions,
  used: UsedKernel,
): Promise<Result<TraceTables>> {
  const subject = options.subject ?? 'This file';
  const { isPackedOnce = false } = options;
  const state: SourceState = { readBytes: 0, packing: null, isCutOff: false, isPackedOnce };
  // Compiled while the first bytes come.
  const opening = openBuilder();
  try {
    const inflated = inflate(chunksOf(source, options.signal), state);
    const first = await gatherFirst(inflated, SNIFF_BYTES);
    if (first.length === 0) {
      return fail(makeFailure(state.packing === null ? 'file-empty' : 'gzip-broken', { subject }));
    }
    const chunks = reportProgress(prepend(first, inflated), state, options);
    const builder = await opening;
    const facts = isPerfetto(first) ? await perfetto(chunks, builder) : await json(chunks, builder);
    if (facts === null) return fail(tellRefusal(state, subject));
    if (state.isCutOff) builder.diagnostics.cutOff = 1;
    const tables = await takeTurns(builder.settleInSteps(facts), {
      signal: options.signal,
      onPause: () => options.onProgress?.(state.readBytes),
    });
    if (tables === undefined) throw new AbortedError();
    used.watch(builder.kernel);
    return succeed(tables);
  } catch (error) {
    if (error instanceof AbortedError)
      return fail(makeFailure('cancelled', { subject: `Opening ${subject}` }));
    if (error instanceof SourceError) {
      return fail(makeFailure('file-unreadable', { subject, detail: error.message }));
    }
    throw error;
  }
}

/** Why these bytes are no trace. */
function tellRefusal({ packing, isCutOff }: SourceState, subject: string): Failure {
  if (packing === 'gzip' || packing === 'zlib')
    return makeFailure(isCutOff ? 'gzip-broken' : 'not-a-trace', { subject });
  // Brotli has no mark that its files begin with; only their names tell.
  const other = packing ?? (/\.br$/i.test(subject) ? 'brotli' : null);
  return other === null
    ? makeFailure('not-a-trace', { subject })
    : makeFailure('packed-otherwise', { subject: `${subject} is packed with ${other}` });
}

async function json(chunks: AsyncGenerator<Uint8Array>, builder: TraceBuilder): Promise<SourceFacts | null> {
  const { isTrace, ...facts } = await readJson(chunks, builder);
  builder.diagnostics.droppedPackets += lossesOf(facts.metadata);
  return isTrace ? { format: 'json', unixMillisAtZero: null, ...facts } : null;
}

async function perfetto(
  chunks: AsyncGenerator<Uint8Array>,
  builder: TraceBuilder,
): Promise<SourceFacts | null> {
  const { isTrace, ...facts } = await readPerfetto(chunks, builder);
  builder.diagnostics.droppedPackets += lossesOf(facts.metadata);
  return isTrace ? { format: 'perfetto', ...facts } : null;
}

/**
 * JSON that begins with an empty line begins with the same byte; then come white space, a bracket, and only what may
 * follow it. (A first packet of 91 or 123 bytes has a bracket for its length.)
 */
function isPerfetto(first: Uint8Array): boolean {
  if (first[0] !== PERFETTO_FIRST_BYTE) return false;
  return !/^[\t\n\r ]*(\[[\t\n\r {\]]|\{[\t\n\r "}]|[[{]?$)/.test(
    String.fromCharCode(...first.subarray(0, SNIFF_BYTES)),
  );
}

async function* reportProgress(
  chunks: AsyncGenerator<Uint8Array>,
  state: SourceState,
  options: ReadTraceOptions,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    options.onProgress?.(state.readBytes);
    yield chunk;
  }
}

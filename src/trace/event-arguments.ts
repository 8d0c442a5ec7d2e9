/**
 * What the trace holds about one slice, read from the source again when somebody looks.
 * In: a way to the source's bytes, its tables and a slice. Out: the whole arguments of the slice's event; a Failure
 * where the source cannot be read any more, or is another one by now.
 * Gzip has no random access: it is inflated from its start and thrown away up to the event, a chunk at a time (100 MB in
 * some 0.2 s). Where the inflated bytes can be read from anywhere (the file is plain, or a copy of it was kept), reading
 * begins at the event; for Perfetto's that needs a log of the packets before it that say what it means.
 * Refuses: JavaScript calls, which are no events.
 */
import { assert, fail, makeFailure, type Result, type SliceIndex, succeed } from '../base/index.ts';
import type { EventArguments, SoughtEvent } from './event-search.ts';
import { findJsonEvent } from './json/event-finder.ts';
import { findLoggedEvent, findPerfettoEvent } from './perfetto/event-finder.ts';
import type { StateLog } from './perfetto/state-log.ts';
import { AbortedError, chunksOf, inflate, SourceError } from './source.ts';
import { SLICE_END_INFERRED, SLICE_JS_CALL, type TraceTables } from './tables.ts';

/** A source that can be read more than once. */
export interface TraceBytes {
  /** All bytes as they are stored, plain or gzip. */
  readonly stream: () => Promise<Result<AsyncIterable<Uint8Array>>>;
  /** The inflated bytes from `offset` on, where they can be read from anywhere. */
  readonly streamFrom?: (offset: number) => AsyncIterable<Uint8Array>;
  /** Of a Perfetto source: grows with what `streamFrom` can give, or is whole. */
  readonly stateLog?: StateLog;
}

export interface ReadArgumentsOptions {
  readonly signal?: AbortSignal;
  /** What failures call the source. */
  readonly subject?: string;
}

export async function readEventArguments(
  bytes: TraceBytes,
  tables: TraceTables,
  slice: SliceIndex,
  options: ReadArgumentsOptions = {},
): Promise<Result<EventArguments>> {
  return readSought(bytes, tables, seek(tables, slice), options);
}

/** The event of one of the trace's pictures. */
export async function readPicture(
  bytes: TraceBytes,
  tables: TraceTables,
  picture: number,
  options: ReadArgumentsOptions = {},
): Promise<Result<EventArguments>> {
  assert(picture >= 0 && picture < tables.pictures.length, `there is no picture ${picture}`);
  const sought = { offset: tables.pictures.offset[picture], name: 'Screenshot', hasEnd: false };
  return readSought(bytes, tables, sought, options);
}

async function readSought(
  bytes: TraceBytes,
  tables: TraceTables,
  sought: SoughtEvent,
  { subject = 'This file', signal }: ReadArgumentsOptions,
): Promise<Result<EventArguments>> {
  try {
    const { streamFrom } = bytes;
    const isJson = tables.format === 'json';
    const log = bytes.stateLog?.covers(sought.offset) === true ? bytes.stateLog : null;
    let found: EventArguments | null;
    if (streamFrom !== undefined && (isJson || log !== null)) {
      const chunks = chunksOf(streamFrom(sought.offset), signal);
      found = log === null ? await findJsonEvent(chunks, sought) : await findLoggedEvent(chunks, sought, log);
    } else {
      const source = await bytes.stream();
      if (!source.ok) return source;
      const chunks = inflatedChunks(source.value, signal);
      found = await (isJson
        ? findJsonEvent(skip(chunks, sought.offset), sought)
        : findPerfettoEvent(chunks, sought));
    }
    return found === null ? fail(makeFailure('event-changed', { subject })) : succeed(found);
  } catch (error) {
    if (error instanceof AbortedError)
      return fail(makeFailure('cancelled', { subject: `Reading ${subject}` }));
    if (error instanceof SourceError)
      return fail(makeFailure('file-unreadable', { subject, detail: error.message }));
    throw error;
  }
}

/** All bytes of a source, inflated, whatever it is. Throws as {@link chunksOf} does. */
export function inflatedChunks(
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  return inflate(chunksOf(source, signal), { readBytes: 0, packing: null, isCutOff: false });
}

function seek({ slices, strings }: TraceTables, slice: SliceIndex): SoughtEvent {
  assert(slice >= 0 && slice < slices.length, `there is no slice ${slice}`);
  const flags = slices.flags[slice];
  assert((flags & SLICE_JS_CALL) === 0, `slice ${slice} is a JavaScript call`);
  return {
    offset: slices.detail[slice],
    name: strings.get(slices.name[slice]),
    hasEnd: (flags & SLICE_END_INFERRED) === 0,
  };
}

async function* skip(chunks: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let rest = count;
  for await (const chunk of chunks) {
    if (rest < chunk.length) yield rest === 0 ? chunk : chunk.subarray(rest);
    rest = Math.max(0, rest - chunk.length);
  }
}

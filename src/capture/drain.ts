/**
 * Reads the trace out of Chrome into the store, chunk by chunk. In: a stream handle. Out: all of its bytes stored, or
 * the failure that stopped it; what had been stored stays.
 * Offsets count the bytes of the stream, packed or not. A read may bring fewer bytes than it asked for although more follow
 * (seen: 995 of 1 000), so the next offset is always what was read; each read names its offset, so that a revived
 * service worker reads on from what is stored. At the end and beyond it a read answers empty with `eof` (seen); so does one of a
 * stream that Chrome still writes (seen): it has ended where Chrome said so, and where nobody heard that, when it has not
 * grown for a while.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { TraceFormat } from '../recording/index.ts';
import type { CdpParams } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import type { Entry } from './entry.ts';
import type { TraceStream } from './notes.ts';
import { decodeBase64, readText } from './protocol-values.ts';

/** One write of 1 MB takes IndexedDB about 3 ms; larger messages gain nothing. */
export const CHUNK_BYTES = 1 << 20;

/** A stream of whose end nobody heard has come to it when so many reads, with pauses between, bring nothing. */
const SILENCE = { reads: 12, pauseMillis: 250 };

/** How Chrome words a handle that is none; it refuses a stream that has no bytes yet, too ("Read failed"). */
const NO_STREAM = /invalid stream handle/i;
/** `streamCompression`: whether Chrome packs the stream. */
export type Packing = 'gzip' | 'none';

export interface StreamForm {
  readonly packing: Packing;
  readonly format: TraceFormat;
}

/** How every stream that we ask for begins: packed, with a packet, or with an object. */
const FIRST_BYTES = { gzip: [0x1f, 0x8b], perfetto: [0x0a], json: [0x7b] } as const;

interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly last: boolean;
}

export async function drainTrace(
  commands: Commands,
  entry: Entry,
  stream: TraceStream,
  onStored: () => void,
): Promise<Result<void>> {
  const { url } = entry.recording;
  const { handle, format, dataLoss } = stream;
  entry.correctFormat(format);
  const readNow = (offset: number): Promise<Result<Chunk>> => readChunk(commands, handle, offset, url);
  const read = dataLoss === null ? untilSilence(readNow) : readNow;
  let next = read(entry.givenBytes);
  let stored: Promise<Result<void>> = Promise.resolve(succeed(undefined));
  for (;;) {
    const chunk = await next;
    if (!chunk.ok) return chunk;
    const { bytes, last } = chunk.value;
    const before = stored;
    if (bytes.length > 0) {
      stored = entry.appendTrace(format, bytes);
      void stored.then(({ ok }) => (ok ? onStored() : undefined));
    }
    // Also of what was given before this began.
    if (last) return entry.endTrace();
    // The next chunk is on its way while this one is written; no more than one waits to be.
    next = read(entry.givenBytes);
    const isStored = await before;
    if (!isStored.ok) return isStored;
  }
}

/** Reads again and again where a read says that this is the end. */
function untilSilence(read: (offset: number) => Promise<Result<Chunk>>) {
  return async (offset: number): Promise<Result<Chunk>> => {
    for (let tries = 1; ; tries++) {
      const chunk = await read(offset);
      if (!chunk.ok || !chunk.value.last || tries === SILENCE.reads) return chunk;
      const { bytes } = chunk.value;
      if (bytes.length > 0) return succeed({ bytes, last: false });
      await new Promise<void>((resolve) => setTimeout(resolve, SILENCE.pauseMillis));
    }
  };
}

/** Whether a handle is of a stream such as we ask for; `empty` where that cannot be told yet. Fails with the session. */
export async function lookAtStream(
  commands: Commands,
  handle: string,
  { packing, format }: StreamForm,
): Promise<Result<'ours' | 'empty' | 'none'>> {
  const first = FIRST_BYTES[packing === 'gzip' ? packing : format];
  const reply = await commands.send('IO.read', { handle, offset: 0, size: first.length });
  if (!reply.ok) {
    const { failure } = reply;
    if (commands.isOver(failure)) return reply;
    return succeed(NO_STREAM.test(failure.detail) ? 'none' : 'empty');
  }
  const { bytes } = chunkOf(reply.value);
  if (bytes.length < first.length) return succeed('empty');
  return succeed(first.every((byte, index) => bytes[index] === byte) ? 'ours' : 'none');
}

async function readChunk(
  commands: Commands,
  handle: string,
  offset: number,
  subject: string,
): Promise<Result<Chunk>> {
  const reply = await commands.send('IO.read', { handle, offset, size: CHUNK_BYTES });
  if (!reply.ok) {
    return commands.isOver(reply.failure) ? reply : fail(broken(subject, reply.failure.detail));
  }
  const chunk = chunkOf(reply.value);
  if (chunk.bytes.length === 0 && !chunk.last) return fail(broken(subject, 'a read brought nothing'));
  return succeed(chunk);
}

/** What a read brought. Chrome sends what is text (plain JSON) as it is. */
export function chunkOf(reply: CdpParams): Chunk {
  const data = readText(reply, 'data');
  const bytes =
    reply.base64Encoded === true ? decodeBase64(data) : new Uint8Array(new TextEncoder().encode(data));
  return { bytes, last: reply.eof === true };
}

const broken = (subject: string, detail: string) => makeFailure('stream-broken', { subject, detail });

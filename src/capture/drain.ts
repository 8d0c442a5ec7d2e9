/**
 * Reads the trace out of Chrome into the store, chunk by chunk. In: a stream handle. Out: all of its bytes stored, or
 * the failure that stopped it; what had been stored stays.
 * Offsets count the bytes of the gzip stream. A read may bring fewer bytes than it asked for although more follow
 * (seen: 995 of 1 000), so the next offset is always what is stored; each read names its offset, so that a revived
 * service worker reads on from there. At the end and beyond it a read answers empty with `eof` (seen).
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { CdpParams } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import type { Entry } from './entry.ts';
import type { TraceStream } from './notes.ts';
import { decodeBase64, readText } from './protocol-values.ts';

/** One write of 1 MB takes IndexedDB about 3 ms; larger messages gain nothing. */
const CHUNK_BYTES = 1 << 20;

interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly last: boolean;
}

export async function drainTrace(
  commands: Commands,
  entry: Entry,
  { handle, format }: TraceStream,
  onStored: () => void,
): Promise<Result<void>> {
  const { url } = entry.recording;
  const read = (offset: number): Promise<Result<Chunk>> => readChunk(commands, handle, offset, url);
  let offset = entry.traceBytes;
  let next = read(offset);
  for (;;) {
    const chunk = await next;
    if (!chunk.ok) return chunk;
    const { bytes, last } = chunk.value;
    offset += bytes.length;
    // The next chunk is on its way while this one is written.
    if (!last) next = read(offset);
    if (bytes.length > 0) {
      const stored = await entry.appendTrace(format, bytes);
      if (!stored.ok) return stored;
      onStored();
    }
    if (last) return succeed(undefined);
  }
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
  if (chunk === null) return fail(broken(subject, 'the stream is not the gzip that was asked for'));
  if (chunk.bytes.length === 0 && !chunk.last) return fail(broken(subject, 'a read brought nothing'));
  return succeed(chunk);
}

/** null where the reply is not binary: then Chrome did not compress, and the stream is not what recordings hold. */
function chunkOf(reply: CdpParams): Chunk | null {
  const data = readText(reply, 'data');
  const last = reply.eof === true;
  if (data === '') return { bytes: new Uint8Array(0), last };
  return reply.base64Encoded === true ? { bytes: decodeBase64(data), last } : null;
}

const broken = (subject: string, detail: string) => makeFailure('stream-broken', { subject, detail });

/**
 * gzip around profile files, both ways, by the platform's own compressor.
 * In: bytes. Out: bytes. Unpacking stops at a limit (a small file may unpack to terabytes) and keeps what came before a
 * damaged or missing end.
 */

/** A larger file is no profile for us; V8's strings end a little above. */
export const LARGEST_PROFILE = 512_000_000;

export async function gzip(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new CompressionStream('gzip');
  const fed = feed(writable, bytes);
  const { bytes: packed } = await gather(readable, Number.POSITIVE_INFINITY);
  await fed;
  return packed;
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

export interface Unpacked {
  readonly bytes: Uint8Array;
  /** `damaged`: the end is missing or wrong. `too-big`: the limit was reached. */
  readonly state: 'whole' | 'damaged' | 'too-big';
}

export async function gunzip(bytes: Uint8Array, limit = LARGEST_PROFILE): Promise<Unpacked> {
  const { readable, writable } = new DecompressionStream('gzip');
  let isDamaged = false;
  const fed = feed(writable, bytes).catch(() => {
    isDamaged = true;
  });
  const { bytes: plain, isCut } = await gather(readable, limit);
  await fed;
  if (plain.length > limit) return { bytes: plain, state: 'too-big' };
  return { bytes: plain, state: isDamaged || isCut ? 'damaged' : 'whole' };
}

async function feed(writable: DecompressionStream['writable'], bytes: Uint8Array): Promise<void> {
  const writer = writable.getWriter();
  // A copy of its own: memory may be shared with other threads, and streams take none such.
  await writer.write(bytes.slice());
  await writer.close();
}

async function gather(
  readable: ReadableStream<Uint8Array>,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; isCut: boolean }> {
  const reader = readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isCut = false;
  while (length <= limit) {
    try {
      const { done, value } = await reader.read();
      if (done || value === undefined) break;
      chunks.push(value);
      length += value.length;
    } catch {
      // The stream tells no more than that it is broken; what came before counts.
      isCut = true;
      break;
    }
  }
  if (length > limit) await reader.cancel();
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { bytes, isCut };
}

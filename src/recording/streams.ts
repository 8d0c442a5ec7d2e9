/** Bytes from front to back; each piece is valid until the next is asked for. */
export type ByteSource = ReadableStream<Uint8Array> | AsyncGenerator<Uint8Array, void>;

/**
 * Turns an async generator into a ReadableStream that pulls from it: reads nothing ahead of its reader.
 * In: a generator. Out: a stream; what the generator throws is the stream's error, and cancelling ends the generator.
 */
export function streamFrom<T extends Uint8Array>(source: AsyncGenerator<T, void>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const next = await source.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await source.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** The chunks of `stream`, one by one; leaving the loop early cancels it. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const next = await reader.read();
      if (next.done) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    if (!ended) await reader.cancel();
    reader.releaseLock();
  }
}

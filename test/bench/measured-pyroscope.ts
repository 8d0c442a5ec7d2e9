/**
 * A server that takes as much as a real Pyroscope v2.2.1 was measured to take (reference/protocols.md §3.2), for the bench of
 * sending: an answer after half a second, 4 MiB of uncompressed profile in a second, 429 for more. It keeps nothing.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const ANSWER_MILLIS = 500;
const MIB = 1024 * 1024;
const BYTES_PER_SECOND = 4 * MIB;
const BURST = 2 * MIB;

export interface MeasuredPyroscope {
  readonly url: string;
  /** How often it said 429. */
  refused(): number;
  stop(): void;
}

/** The least time in which it can take so many requests of so many bytes, `width` at once. */
export function leastMillis(requests: number, plainBytes: number, width: number): number {
  const byBytes = ((plainBytes - BURST) / BYTES_PER_SECOND) * 1000;
  return Math.max(byBytes, Math.ceil(requests / width) * ANSWER_MILLIS);
}

export async function startMeasuredPyroscope(): Promise<MeasuredPyroscope> {
  let [tokens, at, refused] = [BURST, performance.now(), 0];
  const take = (bytes: number): boolean => {
    const now = performance.now();
    tokens = Math.min(BURST, tokens + ((now - at) / 1000) * BYTES_PER_SECOND);
    at = now;
    if (bytes > tokens) return false;
    tokens -= bytes;
    return true;
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    // The profile is the last of the message, and gzip ends with the length of what it packs.
    const isTaken = take(body.length < 4 ? 0 : body.readUInt32LE(body.length - 4));
    if (!isTaken) refused++;
    await wait(isTaken ? ANSWER_MILLIS : 0);
    response.writeHead(isTaken ? 200 : 429, { 'Content-Type': 'application/json' });
    response.end(
      isTaken ? '{}' : '{"code":"resource_exhausted","message":"push rate limit (4.0 MiB) exceeded"}',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    refused: () => refused,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Real traces for tests: files beside the repository (`../shared`) and in test/fixtures, read as tables. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { readTrace, type TraceTables } from '../../src/trace/index.ts';

export const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url));

/** The tables of a file that must be readable. */
export async function readTraceFile(path: string): Promise<TraceTables> {
  const stream = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  const result = await readTrace(stream, { subject: path });
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** The tables of a file of test/fixtures/traces. */
export function readFixture(name: string): Promise<TraceTables> {
  return readTraceFile(fileURLToPath(new URL(`../fixtures/traces/${name}`, import.meta.url)));
}

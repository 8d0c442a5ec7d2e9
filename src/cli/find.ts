/**
 * `pageflame find ID [FILE…]`: which file a trace leads back to.
 * In: a trace or span id, whatever holds one (a traceparent, the address of a trace at Jaeger), or a `pageflame:` link;
 * files, by default every recording of the working folder. Out: the path of each file that it leads to, one a line; exit
 * code 0, or 1 with one line on stderr where there is none.
 */
import { readdir } from 'node:fs/promises';
import { findRecordingOfTrace, readPageflameLink } from '../backends/index.ts';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { isZip, unpackRecording } from '../recording/index.ts';
import { openFile } from './open-file.ts';
import { seedOfFile } from './push.ts';
import { printable, reportFailure } from './report.ts';

export interface FindOptions {
  /** What was given to be found. */
  readonly wanted: string;
  /** Empty: the recordings of the working folder. */
  readonly files: readonly string[];
}

export async function runFind(options: FindOptions): Promise<number> {
  const found = await findFiles(options);
  if (!found.ok) return reportFailure(found.failure);
  process.stdout.write(found.value.map((path) => `${printable(path)}\n`).join(''));
  return 0;
}

async function findFiles({ wanted, files }: FindOptions): Promise<Result<readonly string[]>> {
  const link = readPageflameLink(wanted);
  const found: string[] = [];
  for (const path of files.length > 0 ? files : await recordingsHere()) {
    const traced = await tracedOf(path);
    if (!traced.ok) {
      // Of a folder, one that cannot be read hides none that can.
      if (files.length > 0) return traced;
      reportFailure(traced.failure);
      continue;
    }
    const isFound =
      link === null
        ? (await findRecordingOfTrace(wanted, [traced.value])) !== null
        : link.recording === traced.value.id;
    if (isFound) found.push(path);
  }
  return found.length > 0 ? succeed(found) : fail(makeFailure('link-leads-nowhere', { subject: wanted }));
}

async function recordingsHere(): Promise<string[]> {
  return (await readdir('.')).filter((name) => name.endsWith('.pageflame')).sort();
}

async function tracedOf(path: string) {
  const file = await openFile(path);
  if (!file.ok) return file;
  const head = new Uint8Array(await file.value.slice(0, 4).arrayBuffer());
  // A trace without a recording is sent under what is in it.
  if (!isZip(head)) return succeed({ id: await seedOfFile(file.value), serverTrace: null });
  const unpacked = unpackRecording(new Uint8Array(await file.value.arrayBuffer()), path);
  return unpacked.ok ? succeed(unpacked.value.recording) : unpacked;
}
